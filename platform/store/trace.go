package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/telemetry"
)

// tracer makes a span of each statement: what it does to which table, never its text.
type tracer struct{}

type spanKey struct{}

func (tracer) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
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

// A Sight is a Reach with what a transaction has opened since: what its next
// statement may see.
type Sight struct {
	Reach
	Person  IdentityID // whose own rows are in sight; "" = nobody's
	Batches []string   // let in by Join
	Asking  []string   // subjects named to Ask
}

// Observed returns db with see told of each statement before it runs: what may be
// seen, and the whole text, values included. It is for tests, which hold the
// statements to their tables' classes; db itself is not to be used beside it.
func Observed(db *DB, see func(s Sight, statement string)) *DB {
	return &DB{Engine: db.Engine, read: db.read, write: db.write, group: db.group, count: db.count, now: db.now, see: see, forget: db.forget}
}

// Clocked returns db with another clock, for tests; db itself is not to be used beside it.
func Clocked(db *DB, now func() time.Time) *DB {
	return &DB{Engine: db.Engine, read: db.read, write: db.write, group: db.group, count: db.count, now: now, see: db.see, forget: db.forget}
}

// watch tells see of the statements of one transaction.
type watch struct {
	see func(Sight, string)
	tx  *Tx // nil until the transaction has begun
}

func (w *watch) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	if w.tx != nil {
		w.see(Sight{w.tx.Reach, w.tx.person, w.tx.batches, w.tx.asking}, e.Query)
	}
	return ctx
}

func (w *watch) AfterQuery(context.Context, *bun.QueryEvent) {}
