// Package telemetry is the one home of OpenTelemetry in the core.
//
// A trace runs from the browser's request through the Gate and its statements
// into the guest that judges. Spans carry ids, route templates and counts: never
// a name, a NIP, a score, a token or a statement's text. Metrics carry less still:
// their labels have few values, known beforehand, and no tenant (metric.go).
package telemetry

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/wiyata-id/wiyata/platform/fault"
)

const scope = "github.com/wiyata-id/wiyata"

// Start installs traces and metrics and returns what stops and flushes them. With
// no exporter given and no endpoint ("" or "host:port" of an OTLP collector) spans
// are made but go nowhere; metrics are counted in any case, for Expose.
func Start(ctx context.Context, endpoint string, exporters ...sdk.SpanExporter) (stop func(context.Context) error, err error) {
	about := resource.NewSchemaless(attribute.String("service.name", "wiyata"))
	options := []sdk.TracerProviderOption{sdk.WithResource(about)}
	if endpoint != "" {
		otlp, err := otlptracegrpc.New(ctx, otlptracegrpc.WithEndpoint(endpoint), otlptracegrpc.WithInsecure())
		if err != nil {
			return nil, err
		}
		options = append(options, sdk.WithBatcher(otlp), sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(0.05))))
	}
	for _, e := range exporters {
		options = append(options, sdk.WithSyncer(e))
	}
	if endpoint == "" && len(exporters) == 0 {
		options = append(options, sdk.WithSampler(sdk.NeverSample()))
	}
	provider := sdk.NewTracerProvider(options...)
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	counted, err := startMeters(ctx, endpoint, about)
	if err != nil {
		return nil, errors.Join(err, provider.Shutdown(ctx))
	}
	current.Store(counted)
	return func(ctx context.Context) error {
		current.CompareAndSwap(counted, nil)
		return errors.Join(provider.Shutdown(ctx), counted.provider.Shutdown(ctx))
	}, nil
}

// Span begins a span below the one in ctx. The returned function ends it, and
// marks it failed when *err is internal: a fault is an answer, not a failure.
func Span(ctx context.Context, name string, attrs ...string) (context.Context, func(err *error)) {
	ctx, span := otel.Tracer(scope).Start(ctx, name, trace.WithAttributes(pairs(attrs)...))
	return ctx, func(err *error) {
		if err != nil && *err != nil {
			if f := fault.Of(*err); f != nil {
				span.SetAttributes(attribute.String("fault", string(f.Kind)))
			} else if !errors.Is(*err, context.Canceled) {
				span.SetStatus(codes.Error, "internal")
			}
		}
		span.End()
	}
}

// Server begins the span of a request that came with the given headers (header
// returns one by name), and counts it. Its trace is the caller's when it names one.
// route is the template of what served it, without anything that was asked for.
func Server(ctx context.Context, method string, header func(string) string) (context.Context, func(status int, route string)) {
	ctx = otel.GetTextMapPropagator().Extract(ctx, carrier(header))
	ctx, span := otel.Tracer(scope).Start(ctx, method, trace.WithSpanKind(trace.SpanKindServer))
	served := serving(ctx, method)
	return ctx, func(status int, route string) {
		served(status, route)
		span.SetName(method + " " + route)
		span.SetAttributes(attribute.String("http.request.method", method), attribute.String("http.route", route), attribute.Int("http.response.status_code", status))
		if status >= 500 {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// TraceID returns the id of the trace that ctx is in, or "".
func TraceID(ctx context.Context) string {
	if s := trace.SpanContextFromContext(ctx); s.HasTraceID() {
		return s.TraceID().String()
	}
	return ""
}

// carrier reads headers for the propagator.
type carrier func(string) string

func (c carrier) Get(key string) string { return c(key) }
func (c carrier) Set(string, string)    {}
func (c carrier) Keys() []string        { return []string{"traceparent", "tracestate"} }

func pairs(kv []string) []attribute.KeyValue {
	attrs := make([]attribute.KeyValue, 0, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		attrs = append(attrs, attribute.String(kv[i], kv[i+1]))
	}
	return attrs
}
