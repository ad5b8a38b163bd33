package telemetry

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/wiyata-id/wiyata/platform/fault"
)

// current is what Start installed last. Like OpenTelemetry's own provider it belongs
// to the process, because what counts is called from everywhere; nil counts nothing.
var current atomic.Pointer[meters]

// meters are the instruments. Each label takes few values that the program knows
// beforehand: a door, an outcome, a route template; never a tenant, a person, an id
// or a text that came from outside.
type meters struct {
	provider *sdk.MeterProvider
	registry *prometheus.Registry
	meter    metric.Meter

	requests  metric.Float64Histogram   // seconds
	active    metric.Int64UpDownCounter // requests being served
	outcomes  metric.Int64Counter       // of transactions
	retries   metric.Int64Counter
	hashing   metric.Int64UpDownCounter // passwords being hashed or waiting
	hashWait  metric.Float64Histogram   // seconds before the hashing begins
	jobs      metric.Float64Histogram   // seconds
	questions metric.Float64Histogram   // seconds, asked of guests
	starts    metric.Int64Counter       // of guests' processes
}

// startMeters makes the instruments, read by Expose, and by the OTLP collector at
// endpoint unless that is "".
func startMeters(ctx context.Context, endpoint string, about *resource.Resource) (*meters, error) {
	m := &meters{registry: prometheus.NewRegistry()}
	scraped, err := exporter.New(exporter.WithRegisterer(m.registry), exporter.WithoutScopeInfo(), exporter.WithoutTargetInfo())
	if err != nil {
		return nil, err
	}
	options := []sdk.Option{sdk.WithResource(about), sdk.WithReader(scraped)}
	if endpoint != "" {
		otlp, err := otlpmetricgrpc.New(ctx, otlpmetricgrpc.WithEndpoint(endpoint), otlpmetricgrpc.WithInsecure())
		if err != nil {
			return nil, err
		}
		options = append(options, sdk.WithReader(sdk.NewPeriodicReader(otlp)))
	}
	m.provider = sdk.NewMeterProvider(options...)
	m.meter = m.provider.Meter(scope)
	if err := m.make(); err != nil {
		return nil, errors.Join(err, m.provider.Shutdown(ctx))
	}
	return m, nil
}

// make makes the instruments; their names become Prometheus' with dots as underscores.
func (m *meters) make() (err error) {
	histogram := func(name, text string) (h metric.Float64Histogram) {
		if err == nil {
			h, err = m.meter.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(text),
				metric.WithExplicitBucketBoundaries(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 30))
		}
		return h
	}
	counter := func(name, text string) (c metric.Int64Counter) {
		if err == nil {
			c, err = m.meter.Int64Counter(name, metric.WithDescription(text))
		}
		return c
	}
	level := func(name, text string) (u metric.Int64UpDownCounter) {
		if err == nil {
			u, err = m.meter.Int64UpDownCounter(name, metric.WithDescription(text))
		}
		return u
	}
	m.requests = histogram("http.server.request.duration", "Requests, by method, route template and class of status.")
	m.active = level("http.server.active_requests", "Requests being served.")
	m.outcomes = counter("store.transactions", "Transactions by door and outcome.")
	m.retries = counter("store.retries", "Transactions run again because they lost against another.")
	m.hashing = level("password.hash.queue", "Passwords being hashed or waiting for it.")
	m.hashWait = histogram("password.hash.wait", "Time that a password waited to be hashed.")
	m.jobs = histogram("job.duration", "Jobs by kind and outcome.")
	m.questions = histogram("guest.call.duration", "Questions to course types, by guest and outcome.")
	m.starts = counter("guest.starts", "Processes of course types that came up, by guest.")
	return err
}

// outcome is what became of an act, in one of six words.
func outcome(err error) string {
	switch {
	case err == nil:
		return "done"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		return "late"
	case errors.Is(err, fault.Unavailable):
		return "unavailable"
	case fault.Of(err) != nil:
		return "refused" // an answer, not a failure
	}
	return "failed"
}

// Transaction counts a transaction that has come to its end, with err.
func Transaction(ctx context.Context, door string, err error) {
	if m := current.Load(); m != nil {
		m.outcomes.Add(ctx, 1, labels("door", door, "outcome", outcome(err)))
	}
}

// Retried counts a transaction that lost a conflict and is run again.
func Retried(ctx context.Context) {
	if m := current.Load(); m != nil {
		m.retries.Add(ctx, 1)
	}
}

// HashQueued counts a password that waits to be hashed. Call begun when its hashing
// begins, or when it is given up, and done at its end.
func HashQueued(ctx context.Context) (begun, done func()) {
	m := current.Load()
	if m == nil {
		return func() {}, func() {}
	}
	came := time.Now()
	m.hashing.Add(ctx, 1)
	return func() { m.hashWait.Record(ctx, time.Since(came).Seconds()) }, func() { m.hashing.Add(ctx, -1) }
}

// Job records a job of kind that took so long and ended with err.
func Job(ctx context.Context, kind string, err error, took time.Duration) {
	if m := current.Load(); m != nil {
		m.jobs.Record(ctx, took.Seconds(), labels("kind", kind, "outcome", outcome(err)))
	}
}

// Question records a question to a course type, by its name without a version; err is
// what it was answered with.
func Question(ctx context.Context, guest string, err error, took time.Duration) {
	if m := current.Load(); m != nil {
		m.questions.Record(ctx, took.Seconds(), labels("guest", guest, "outcome", outcome(err)))
	}
}

// GuestStarted counts a process of a course type that came up.
func GuestStarted(ctx context.Context, guest string) {
	if m := current.Load(); m != nil {
		m.starts.Add(ctx, 1, labels("guest", guest))
	}
}

// Guests shows the resident set of course types, in bytes by name, until forget is
// called.
func Guests(memory func() map[string]int64) (forget func()) {
	m := current.Load()
	if m == nil {
		return func() {}
	}
	used, err := m.meter.Int64ObservableGauge("guest.memory", metric.WithUnit("By"), metric.WithDescription("Resident set of course types, by guest."))
	if err != nil {
		return func() {} // only for a name that is none
	}
	registration, err := m.meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		for guest, bytes := range memory() {
			o.ObserveInt64(used, bytes, labels("guest", guest))
		}
		return nil
	}, used)
	if err != nil {
		return func() {} // only for an instrument of another meter
	}
	return func() { registration.Unregister() }
}

// Pool shows how busy a pool of database connections is, until forget is called.
// name is "read" or "write".
func Pool(name string, stats func() sql.DBStats) (forget func(), err error) {
	m := current.Load()
	if m == nil {
		return func() {}, nil
	}
	used, err := m.meter.Int64ObservableGauge("db.client.connection.count", metric.WithDescription("Connections, by pool and state."))
	if err != nil {
		return nil, err
	}
	waits, err := m.meter.Int64ObservableCounter("db.client.connection.waits", metric.WithDescription("How often somebody had to wait for a connection."))
	if err != nil {
		return nil, err
	}
	waited, err := m.meter.Float64ObservableCounter("db.client.connection.wait_time", metric.WithUnit("s"), metric.WithDescription("How long all together have waited for a connection."))
	if err != nil {
		return nil, err
	}
	of := labels("pool", name)
	registration, err := m.meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		s := stats()
		o.ObserveInt64(used, int64(s.InUse), labels("pool", name, "state", "used"))
		o.ObserveInt64(used, int64(s.Idle), labels("pool", name, "state", "idle"))
		o.ObserveInt64(waits, s.WaitCount, of)
		o.ObserveFloat64(waited, s.WaitDuration.Seconds(), of)
		return nil
	}, used, waits, waited)
	if err != nil {
		return nil, err
	}
	return func() { registration.Unregister() }, nil
}

// serving counts a request in; the returned function counts it out.
func serving(ctx context.Context, method string) (served func(status int, route string)) {
	m := current.Load()
	if m == nil {
		return func(int, string) {}
	}
	if !slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, method) {
		method = "_OTHER" // whoever asks may invent as many as they like
	}
	came := time.Now()
	m.active.Add(ctx, 1)
	return func(status int, route string) {
		m.active.Add(ctx, -1)
		m.requests.Record(ctx, time.Since(came).Seconds(), labels(
			"http.request.method", method, "http.route", route, "http.response.status_class", strconv.Itoa(status/100)+"xx"))
	}
}

// Metrics answers with all metrics in Prometheus' text form.
func Metrics() http.Handler {
	m := current.Load()
	if m == nil {
		return http.NotFoundHandler()
	}
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Expose serves /metrics on listener until ctx ends, and closes it. It is an address
// of its own, which nobody outside is let through to.
func Expose(ctx context.Context, listener net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", Metrics())
	server := &http.Server{Handler: mux, ReadTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve metrics: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := server.Shutdown(stop)
	if e := <-served; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return err
}

func labels(kv ...string) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(pairs(kv)...))
}
