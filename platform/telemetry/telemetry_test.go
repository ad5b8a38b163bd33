package telemetry_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/telemetry"
)

// start installs telemetry for a test, and returns what its metrics say.
func start(t *testing.T) func() string {
	t.Helper()
	stop, err := telemetry.Start(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return func() string {
		w := httptest.NewRecorder()
		telemetry.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return w.Body.String()
	}
}

func nothing(string) string { return "" }

func TestMetrics(t *testing.T) {
	metrics, ctx := start(t), t.Context()
	_, end := telemetry.Server(ctx, "POST", nothing)
	_, odd := telemetry.Server(ctx, "BREW-201", nothing)
	odd(404, "(no route)")
	for _, err := range []error{nil, nil, fault.Missing(), fault.New(fault.Unavailable, "Ramai."), context.Canceled, context.DeadlineExceeded, errors.New("lost")} {
		telemetry.Transaction(ctx, "write", err)
	}
	telemetry.Retried(ctx)
	begun, done := telemetry.HashQueued(ctx)
	telemetry.HashQueued(ctx)
	begun()
	done()
	telemetry.Job(ctx, "credit", nil, time.Second)
	telemetry.Question(ctx, "bimtek", fault.New(fault.Invalid, "Salah."), time.Second)
	forget, err := telemetry.Pool("write", func() sql.DBStats {
		return sql.DBStats{InUse: 3, Idle: 1, WaitCount: 7, WaitDuration: 2 * time.Second}
	})
	if err != nil {
		t.Fatal(err)
	}
	text := metrics()
	for _, line := range []string{
		`http_server_request_duration_seconds_count{http_request_method="_OTHER",http_response_status_class="4xx",http_route="(no route)"} 1`,
		"http_server_active_requests 1",
		`store_transactions_total{door="write",outcome="done"} 2`,
		`store_transactions_total{door="write",outcome="refused"} 1`,
		`store_transactions_total{door="write",outcome="unavailable"} 1`,
		`store_transactions_total{door="write",outcome="cancelled"} 1`,
		`store_transactions_total{door="write",outcome="late"} 1`,
		`store_transactions_total{door="write",outcome="failed"} 1`,
		"store_retries_total 1",
		"password_hash_queue 1",
		"password_hash_wait_seconds_count 1",
		`job_duration_seconds_count{kind="credit",outcome="done"} 1`,
		`guest_call_duration_seconds_count{guest="bimtek",outcome="refused"} 1`,
		`db_client_connection_count{pool="write",state="used"} 3`,
		`db_client_connection_count{pool="write",state="idle"} 1`,
		`db_client_connection_waits_total{pool="write"} 7`,
		`db_client_connection_wait_time_seconds_total{pool="write"} 2`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
	end(200, "/t/:slug")
	forget()
	text = metrics()
	if line := `http_server_request_duration_seconds_count{http_request_method="POST",http_response_status_class="2xx",http_route="/t/:slug"} 1`; !strings.Contains(text, line) {
		t.Errorf("no line %s", line)
	}
	if strings.Contains(text, "db_client") || strings.Contains(text, "BREW") || !strings.Contains(text, "http_server_active_requests 0") {
		t.Errorf("a forgotten pool, an invented method or a request that has ended:\n%s", text)
	}
}

// TestNotStarted: what counts may be called where nothing was started.
func TestNotStarted(t *testing.T) {
	_, end := telemetry.Server(t.Context(), "GET", nothing)
	end(200, "/")
	telemetry.Transaction(t.Context(), "read", nil)
	telemetry.Retried(t.Context())
	telemetry.Job(t.Context(), "credit", nil, 0)
	telemetry.Question(t.Context(), "bimtek", nil, 0)
	begun, done := telemetry.HashQueued(t.Context())
	begun()
	done()
	forget, err := telemetry.Pool("read", func() sql.DBStats { panic("nobody asks") })
	if err != nil {
		t.Fatal(err)
	}
	forget()
	w := httptest.NewRecorder()
	telemetry.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("status %d", w.Code)
	}
}

func TestExpose(t *testing.T) {
	start(t)
	telemetry.Retried(t.Context())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- telemetry.Expose(ctx, listener) }()
	for path, want := range map[string]int{"/metrics": 200, "/": 404, "/debug/pprof/": 404} {
		res, err := http.Get("http://" + listener.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != want || path == "/metrics" && !strings.Contains(string(body), "store_retries_total 1\n") {
			t.Errorf("%s: %d %v\n%s", path, res.StatusCode, err, body)
		}
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
