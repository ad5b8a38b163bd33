package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/uptrace/bun"
)

// groupMost bounds how many writes share one commit on SQLite.
const groupMost = 128

// A group writes for SQLite. Every commit is synced to the disk, and there is one
// writer, so whoever waits meanwhile shares the next commit: each write is a
// savepoint of one transaction, undone alone when it fails. Nobody hears of
// success before the commit. There is no writer in the background: whoever gets
// the turn writes for all who wait.
//
// A write that has begun is not cut off when its caller goes away: SQLite would
// roll back the whole transaction, and with it the others' writes.
type group struct {
	turn chan struct{} // holds one token: whoever takes it writes

	mu      sync.Mutex
	waiting []*member
}

// A member is one write that waits for its group.
type member struct {
	db    *DB
	ctx   context.Context
	reach Reach
	fn    func(*Tx) error
	after []func()
	err   error
	panic any           // what fn panicked with, for the caller's goroutine
	ready chan struct{} // closed when err and panic are final
}

func newGroup() *group {
	g := &group{turn: make(chan struct{}, 1)}
	g.turn <- struct{}{}
	return g
}

// do hands in a write and waits for its commit. A caller that gives up before the
// write has begun is not waited for; one that gives up later is.
func (g *group) do(ctx context.Context, db *DB, r Reach, fn func(*Tx) error) error {
	m := &member{db: db, ctx: ctx, reach: r, fn: fn, ready: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, m)
	g.mu.Unlock()
	for done := false; !done; {
		select {
		case <-m.ready:
			done = true
		case <-g.turn:
			g.write()
			g.turn <- struct{}{}
		case <-ctx.Done():
			if g.leave(m) {
				return ctx.Err()
			}
			<-m.ready
			done = true
		}
	}
	if m.panic != nil {
		panic(m.panic)
	}
	if m.err != nil {
		return m.err
	}
	for _, after := range m.after {
		after()
	}
	return nil
}

// leave takes m out of the line, unless it has begun.
func (g *group) leave(m *member) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, m)
	if i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
	return i >= 0
}

// write commits those who wait now; the caller holds the turn.
func (g *group) write() {
	g.mu.Lock()
	n := min(len(g.waiting), groupMost)
	members := slices.Clone(g.waiting[:n])
	g.waiting = slices.Delete(g.waiting, 0, n)
	g.mu.Unlock()
	if len(members) == 0 {
		return
	}
	if err := commit(members); err != nil {
		// The transaction broke under one of them: each is run again, alone.
		for i, m := range members {
			m.err, m.after, m.panic = nil, nil, nil
			m.db.count.again(m.ctx)
			if err := commit(members[i : i+1]); err != nil && m.err == nil {
				m.err = err
			}
		}
	}
	for _, m := range members {
		close(m.ready)
	}
}

// commit runs members in one transaction. Its error means that nothing at all was
// stored; else each member's own error says what became of it.
func commit(members []*member) error {
	ctx := context.Background()
	inner, err := members[0].db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer inner.Rollback() // after a commit it does nothing
	for _, m := range members {
		if m.err = m.ctx.Err(); m.err != nil {
			continue // gave up while waiting
		}
		if err := m.run(ctx, inner); err != nil {
			return err
		}
	}
	return inner.Commit()
}

// run runs m as a savepoint of inner. Its error means that inner is lost.
func (m *member) run(ctx context.Context, inner bun.Tx) error {
	if _, err := inner.Tx.ExecContext(ctx, "SAVEPOINT member"); err != nil {
		return err
	}
	pool := m.db.write
	var watching *watch // nil outside of tests
	if m.db.see != nil {
		watching = &watch{see: m.db.see}
		pool = pool.WithQueryHook(watching)
	}
	tx := m.db.begin(unhurried{inner, pool}, m.reach)
	if watching != nil {
		watching.tx = tx
	}
	m.err = m.call(tx)
	if m.err != nil {
		if _, err := inner.Tx.ExecContext(ctx, "ROLLBACK TO member"); err != nil {
			return errors.Join(m.err, err)
		}
	}
	m.after = tx.after
	_, err := inner.Tx.ExecContext(ctx, "RELEASE member")
	return err
}

// call calls m.fn; a panic in it is kept for the goroutine that asked.
func (m *member) call(tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			m.panic = fmt.Sprintf("%v\n%s", p, debug.Stack())
			err = errors.New("panic in a write")
		}
	}()
	return m.fn(tx)
}

// unhurried is a transaction whose statements run to their end whatever becomes of
// the context that they are called with; its values (the trace) stay.
type unhurried struct {
	bun.Tx
	db *bun.DB
}

func (u unhurried) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return u.Tx.ExecContext(context.WithoutCancel(ctx), query, args...)
}

func (u unhurried) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return u.Tx.QueryContext(context.WithoutCancel(ctx), query, args...)
}

func (u unhurried) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return u.Tx.QueryRowContext(context.WithoutCancel(ctx), query, args...)
}

// conn is what queries built on u run on: past bun's hooks, which have run already.
func (u unhurried) conn() bun.IConn { return patient{u.Tx.Tx} }

func (u unhurried) NewSelect() *bun.SelectQuery { return u.db.NewSelect().Conn(u.conn()) }
func (u unhurried) NewInsert() *bun.InsertQuery { return u.db.NewInsert().Conn(u.conn()) }
func (u unhurried) NewUpdate() *bun.UpdateQuery { return u.db.NewUpdate().Conn(u.conn()) }
func (u unhurried) NewDelete() *bun.DeleteQuery { return u.db.NewDelete().Conn(u.conn()) }
func (u unhurried) NewRaw(query string, args ...any) *bun.RawQuery {
	return u.db.NewRaw(query, args...).Conn(u.conn())
}

// patient is a database/sql transaction that ignores cancellation.
type patient struct{ tx *sql.Tx }

func (p patient) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.tx.ExecContext(context.WithoutCancel(ctx), query, args...)
}

func (p patient) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.tx.QueryContext(context.WithoutCancel(ctx), query, args...)
}

func (p patient) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.tx.QueryRowContext(context.WithoutCancel(ctx), query, args...)
}
