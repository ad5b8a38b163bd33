package store

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/telemetry"
)

// retries bounds how often a transaction that lost a conflict is run again.
const retries = 30

// View runs fn in one read-only snapshot.
func (db *DB) View(ctx context.Context, r Reach, fn func(*Tx) error) (err error) {
	defer func() { telemetry.Transaction(ctx, string(r.Door), err) }()
	opts := &sql.TxOptions{ReadOnly: true}
	if db.Engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return db.run(ctx, db.read, opts, r, fn)
}

// Update runs fn SERIALIZABLE. Writers that name the same key queue inside this
// process, so that they do not meet in the database; a conflict with another
// process is tried again: fn may run several times, and does nothing but read and
// write its Tx.
func (db *DB) Update(ctx context.Context, r Reach, key string, fn func(*Tx) error) (err error) {
	defer func() { db.count.ended(ctx, r, err) }()
	leave, err := db.keys.enter(ctx, key)
	if err != nil {
		return err
	}
	defer leave()
	if db.group != nil {
		return db.group.do(ctx, db, r, fn)
	}
	opts := &sql.TxOptions{Isolation: sql.LevelSerializable}
	for attempt := 1; ; attempt++ {
		err := db.run(ctx, db.write, opts, r, fn)
		if err == nil || !conflict(err) {
			return err
		}
		if attempt == retries {
			return crowded(err)
		}
		db.count.again(ctx)
		pause := time.Duration(rand.Int64N(int64(time.Millisecond) << min(attempt, 6)))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Single runs fn READ COMMITTED: for one statement that stands alone.
func (db *DB) Single(ctx context.Context, r Reach, fn func(*Tx) error) (err error) {
	defer func() { db.count.ended(ctx, r, err) }()
	if db.group != nil {
		return db.group.do(ctx, db, r, fn)
	}
	for attempt := 1; ; attempt++ {
		err := db.run(ctx, db.write, &sql.TxOptions{}, r, fn)
		if err == nil || !conflict(err) {
			return err
		}
		if attempt == retries {
			return crowded(err)
		}
		db.count.again(ctx)
	}
}

func (db *DB) run(ctx context.Context, pool *bun.DB, opts *sql.TxOptions, r Reach, fn func(*Tx) error) error {
	var watching *watch // nil outside of tests
	if db.see != nil {
		watching = &watch{see: db.see}
		pool = pool.WithQueryHook(watching)
	}
	inner, err := pool.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	ended := false
	defer func() {
		if !ended {
			inner.Rollback()
		}
	}()
	tx := db.begin(inner, r)
	if watching != nil {
		watching.tx = tx
	}
	if err := tx.enter(ctx); err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	ended = true // a commit that fails leaves nothing to roll back
	if err := inner.Commit(); err != nil {
		return err
	}
	for _, after := range tx.after {
		after()
	}
	return nil
}

// tally counts how writes end, for the metrics and for tests of contention.
type tally struct{ commits, retries atomic.Int64 }

func (t *tally) ended(ctx context.Context, r Reach, err error) {
	if err == nil {
		t.commits.Add(1)
	}
	telemetry.Transaction(ctx, string(r.Door), err)
}

func (t *tally) again(ctx context.Context) {
	t.retries.Add(1)
	telemetry.Retried(ctx)
}

// Tally returns how many writes db has committed, and how often one was run again
// because it had lost against another.
func (db *DB) Tally() (commits, retries int64) {
	return db.count.commits.Load(), db.count.retries.Load()
}

// keyed is a set of queues, one per key in use.
type keyed struct {
	mu     sync.Mutex
	queues map[string]*queue
}

type queue struct {
	turn    chan struct{} // holds one token: whoever takes it is inside
	waiting int           // inside or before the door
}

// enter waits for its turn at key and returns how to leave. The empty key does not wait.
func (k *keyed) enter(ctx context.Context, key string) (leave func(), err error) {
	if key == "" {
		return func() {}, nil
	}
	k.mu.Lock()
	if k.queues == nil {
		k.queues = map[string]*queue{}
	}
	q := k.queues[key]
	if q == nil {
		q = &queue{turn: make(chan struct{}, 1)}
		q.turn <- struct{}{}
		k.queues[key] = q
	}
	q.waiting++
	k.mu.Unlock()

	gone := func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if q.waiting--; q.waiting == 0 {
			delete(k.queues, key)
		}
	}
	select {
	case <-q.turn:
		return func() { q.turn <- struct{}{}; gone() }, nil
	case <-ctx.Done():
		gone()
		return nil, ctx.Err()
	}
}
