package web_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProblem(t *testing.T) {
	s := newSite(t, true)
	for kind, want := range map[string]int{
		"invalid": 422, "field": 422, "unauthenticated": 401, "forbidden": 403, "not_found": 404,
		"conflict": 409, "unavailable": 503, "internal": 500, "panic": 500, "late": 503,
	} {
		s.log.Reset()
		res, body := s.do(t, "GET", "/api/v1/fail/"+kind, "")
		var p struct {
			Type, Title, Detail, Instance string
			Status                        int
			Errors                        []map[string]string
		}
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			t.Fatalf("%s: %v\n%s", kind, err, body)
		}
		if res.StatusCode != want || p.Status != want || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: status %d, %s\n%s", kind, res.StatusCode, res.Header.Get("Content-Type"), body)
		}
		if p.Type == "" || p.Title == "" || p.Detail == "" || p.Instance != res.Header.Get("X-Request-Id") {
			t.Errorf("%s: %s", kind, body)
		}
		if kind == "field" {
			want := []map[string]string{{"location": "query.name", "message": "Nama wajib diisi."}}
			if diff := cmp.Diff(want, p.Errors); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		}
		internal := kind == "internal" || kind == "panic" || kind == "late"
		if lines := strings.Count(s.log.String(), "request failed"); internal != (lines == 1) || lines > 1 {
			t.Errorf("%s: logged %d times:\n%s", kind, lines, s.log)
		}
		if strings.Contains(body+s.log.String(), "Maria") || strings.Contains(body+s.log.String(), "1990031220") {
			t.Errorf("%s: personal data in the answer or the log:\n%s\n%s", kind, body, s.log)
		}
		if internal && !strings.Contains(s.log.String(), "/api/v1/fail/:kind") {
			t.Errorf("%s: no route template in the log:\n%s", kind, s.log)
		}
	}
}

func TestRefusal(t *testing.T) {
	s := newSite(t, true)
	for _, tc := range []struct {
		name, body string
		want       int
		errors     string
	}{
		{"too short, too large", `{"name":"a","seats":41}`, 422,
			`[{"location":"body.name","message":"paling sedikit 3 karakter"},{"location":"body.seats","message":"paling besar 40"}]`},
		{"missing", `{}`, 422, `[{"location":"body","message":"name wajib diisi"}]`},
		{"unknown property", `{"name":"abc","tenant_id":7}`, 422, `[{"location":"body.tenant_id","message":"isian ini tidak dikenal"}]`},
		{"wrong type", `{"name":7}`, 422, `[{"location":"body.name","message":"harus berupa teks"}]`},
		{"not JSON", `{"name":`, 400, `[{"location":"body","message":"nilainya tidak dapat diterima"}]`},
		{"nothing", ``, 400, `"detail":"Isi permintaan tidak dapat dibaca. Periksa bentuknya, lalu kirim lagi."`},
	} {
		res, body := s.do(t, "POST", "/api/v1/tenants/53-01/echo", tc.body, "Content-Type", "application/json", "Authorization", "Bearer good")
		if res.StatusCode != tc.want || !strings.Contains(body, tc.errors) {
			t.Errorf("%s: status %d, want %d with %s\n%s", tc.name, res.StatusCode, tc.want, tc.errors, body)
		}
		if got := res.Header.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("%s: %s", tc.name, got)
		}
	}
	if res, body := s.do(t, "POST", "/api/v1/tenants/53-01/echo", "{}", "Content-Type", "application/json"); res.StatusCode != 401 || strings.Contains(body, "name") {
		t.Errorf("nobody: status %d, and is told %s", res.StatusCode, body)
	}
	for path, want := range map[string]int{"/api/v1/tidak-ada": 404, "/api/v1/tenants/tidak-ada/echo": 404} {
		res, body := s.do(t, "POST", path, "{}", "Content-Type", "application/json")
		if res.StatusCode != want || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d\n%s", path, res.StatusCode, body)
		}
	}
}

func TestFailurePage(t *testing.T) {
	s := newSite(t, true)
	for _, tc := range []struct {
		path, referer string
		status        int
		has, hasNot   string
	}{
		{"/galat/conflict", base + "/t/53-01?hal=2", 409, `href="/t/53-01?hal=2"`, "Kode rujukan"},
		{"/galat/conflict", "https://evil.example/t/53-01", 409, "Ke halaman depan", "evil"},
		{"/galat/invalid", "", 422, "Kalimat untuk invalid.", "Kode rujukan"},
		{"/galat/internal", "", 500, "Kode rujukan", "employee"},
		{"/galat/panic", "", 500, "Kode rujukan", "index out of range"},
		{"/tidak/ada", "", 404, "Tidak ditemukan", "Kode rujukan"},
		{"/T/53-01", "", 404, "Tidak ditemukan", "Kode rujukan"},
		{"/t/tidak-ada", "", 404, "Tidak ditemukan", "Kode rujukan"},
	} {
		res, body := s.do(t, "GET", tc.path, "", "Referer", tc.referer)
		if res.StatusCode != tc.status || !strings.Contains(body, tc.has) || strings.Contains(body, tc.hasNot) {
			t.Errorf("GET %s: status %d, want %d with %q without %q\n%s", tc.path, res.StatusCode, tc.status, tc.has, tc.hasNot, body)
		}
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			t.Errorf("GET %s: %s", tc.path, res.Header.Get("Content-Type"))
		}
	}
	if res, _ := s.do(t, "DELETE", "/masuk", ""); res.StatusCode != 405 {
		t.Errorf("DELETE /masuk: status %d, want 405", res.StatusCode)
	}
}

// TestTooLarge: what Fiber refuses before routing gets the same page and headers.
func TestTooLarge(t *testing.T) {
	s := newSite(t, true)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Fiber().Listener(listener) }()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// The announced length is enough: nobody has to send the bytes.
	if _, err := io.WriteString(conn, "POST /masuk HTTP/1.1\r\nHost: x\r\nContent-Length: 2097152\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != 413 || res.Header.Get("Content-Security-Policy") == "" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("status %d, headers %v", res.StatusCode, res.Header)
	}
	if err := s.Fiber().Shutdown(); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
