package coursetype

import (
	"context"
	"regexp"
	"strings"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/stats"

	pb "github.com/wiyata-id/wiyata/plugins/coursetype/proto"
)

// A guest has no network and so exports no spans. It tells the traceparent of its
// own span in a trailer instead; the host writes it on the span of the call, which
// shows how far the trace ran.
const (
	trailerKey   = "wiyata-traceparent"
	attributeKey = "guest.traceparent"
)

// DialOptions returns how a host talks to a guest: message limits, and one trace
// that runs into the guest. Spans go to the global tracer provider.
func DialOptions() []grpc.DialOption {
	return []grpc.DialOption{
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(MaxMessage), grpc.MaxCallSendMsgSize(MaxMessage)),
		grpc.WithStatsHandler(&whenTraced{
			Handler: &spanNote{
				Handler: otelgrpc.NewClientHandler(
					otelgrpc.WithPropagators(propagation.TraceContext{}), otelgrpc.WithFilter(ours)),
				shape: regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`),
			},
			traced: func(ctx context.Context) bool { return trace.SpanContextFromContext(ctx).IsSampled() },
		}),
	}
}

// serverOptions returns the other end of DialOptions.
func serverOptions() []grpc.ServerOption {
	spans := sdk.NewTracerProvider(sdk.WithSampler(sdk.ParentBased(sdk.NeverSample()))) // the host decides
	return []grpc.ServerOption{
		grpc.MaxRecvMsgSize(MaxMessage), grpc.MaxSendMsgSize(MaxMessage),
		grpc.StatsHandler(&whenTraced{
			Handler: otelgrpc.NewServerHandler(otelgrpc.WithTracerProvider(spans),
				otelgrpc.WithPropagators(propagation.TraceContext{}), otelgrpc.WithFilter(ours)),
			traced: func(ctx context.Context) bool { return len(metadata.ValueFromIncomingContext(ctx, "traceparent")) > 0 },
		}),
		grpc.ChainUnaryInterceptor(tellSpan, recoverPanic),
	}
}

// whenTraced hands on only the calls that somebody traces: the others cost nothing.
type whenTraced struct {
	stats.Handler
	traced func(context.Context) bool // as the call begins
}

type tracedKey struct{}

func (w *whenTraced) TagRPC(ctx context.Context, info *stats.RPCTagInfo) context.Context {
	if !w.traced(ctx) {
		return ctx
	}
	return context.WithValue(w.Handler.TagRPC(ctx, info), tracedKey{}, true)
}

func (w *whenTraced) HandleRPC(ctx context.Context, s stats.RPCStats) {
	if ctx.Value(tracedKey{}) != nil {
		w.Handler.HandleRPC(ctx, s)
	}
}

// ours leaves go-plugin's own calls (health, stdio, broker) out of traces.
func ours(i *stats.RPCTagInfo) bool {
	return strings.HasPrefix(i.FullMethodName, "/"+pb.CourseType_ServiceDesc.ServiceName+"/")
}

// tellSpan answers the traceparent of the guest's span, where somebody looks.
func tellSpan(ctx context.Context, q any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if trace.SpanContextFromContext(ctx).IsSampled() {
		carrier := propagation.MapCarrier{}
		propagation.TraceContext{}.Inject(ctx, carrier)
		tp := carrier.Get("traceparent")
		// Errors: only outside of a call, where no interceptor runs.
		_ = grpc.SetTrailer(ctx, metadata.Pairs(trailerKey, tp))
	}
	return next(ctx, q)
}

// spanNote writes the guest's traceparent on the host's span of the call.
type spanNote struct {
	stats.Handler
	shape *regexp.Regexp // what a traceparent looks like; a guest may send anything
}

func (n *spanNote) HandleRPC(ctx context.Context, s stats.RPCStats) {
	if t, ok := s.(*stats.InTrailer); ok {
		if tp := t.Trailer.Get(trailerKey); len(tp) == 1 && n.shape.MatchString(tp[0]) {
			trace.SpanFromContext(ctx).SetAttributes(attribute.String(attributeKey, tp[0]))
		}
	}
	n.Handler.HandleRPC(ctx, s)
}
