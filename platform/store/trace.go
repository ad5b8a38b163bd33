package store

import (
	"context"
	"sync/atomic"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/telemetry"
)

// A Counter counts the statements that are run with a context.
type Counter struct{ n atomic.Int64 }

// N is how many statements have been run.
func (c *Counter) N() int { return int(c.n.Load()) }

type counterKey struct{}

// Counting returns a context whose statements c counts.
func Counting(ctx context.Context, c *Counter) context.Context {
	return context.WithValue(ctx, counterKey{}, c)
}

// tracer makes a span of each statement: what it does to which table, never its text.
type tracer struct{}

type spanKey struct{}

func (tracer) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.n.Add(1)
	}
	name := e.Operation()
	if named, ok := e.IQuery.(interface{ GetTableName() string }); ok && named.GetTableName() != "" {
		name += " " + named.GetTableName()
	}
	ctx, end := telemetry.Span(ctx, "sql "+name)
	return context.WithValue(ctx, spanKey{}, end)
}

func (tracer) AfterQuery(ctx context.Context, e *bun.QueryEvent) {
	if end, ok := ctx.Value(spanKey{}).(func(*error)); ok {
		err := Err(e.Err)
		end(&err)
	}
}
