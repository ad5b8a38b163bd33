// Package jobs carries out effects after the write that caused them.
//
// A write puts a row into the outbox, in its own transaction: kind, key, and the
// tenant whose job works it. After the commit, one River job per (kind, tenant)
// is queued; a sweep each ten seconds queues what a crash left behind. The job
// hands the rows one by one to the kind's handler, a few hundred or two seconds
// at most, and queues again behind the others, so that no tenant holds up the
// rest. A row is handed over at least once; the handler takes it out of the outbox
// in the same transaction as its effect (Done), which makes it once.
//
// A row that fails is put off, twice as long each time up to an hour, and those
// behind it go on. It is tried for ever, because an effect is a promise: after ten
// failures it is logged as stuck, once, and `wiyata verify outbox` lists it.
package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/store"
)

const (
	chunk      = 200                    // rows that one job works at most
	stretch    = 2 * time.Second        // time that one job works at most
	sweepEvery = 10 * time.Second       // how late an effect can be when its wake-up was lost
	lookAgain  = 500 * time.Millisecond // while rows wait behind a live job
	patience   = 8 * time.Second        // for one row
	stopping   = 15 * time.Second       // for the jobs that run at the end: more than a stretch and its last row
	jobTimeout = 30 * time.Second       // after which a job is given up
	rescue     = time.Minute            // after which a job is taken over whose process has died
)

// A Row is an effect that is still to be carried out.
type Row struct {
	bun.BaseModel `bun:"table:outbox"`

	TenantID  store.TenantID `bun:",pk"` // where it was caused
	ID        string         `bun:",pk"` // UUIDv7
	PartyID   store.TenantID // whose job works it
	Kind      string
	Key       string // what it is about
	CreatedAt time.Time
	Attempts  int       // how often it has failed
	NotBefore time.Time // when it is tried next
}

// A Handler carries out row, acting for row.PartyID. It calls Done in the
// transaction of its effect.
type Handler func(ctx context.Context, row Row) error

// Queue is the outbox and its workers.
type Queue struct {
	db       *store.DB
	log      *slog.Logger
	as       func(context.Context, store.TenantID) context.Context
	handlers map[string]Handler
	held     func(store.TenantID) bool // nil = none
	client   *river.Client[*sql.Tx]
	woken    chan struct{} // a sweep wanted now
}

// New returns a queue whose jobs act through as: the context of the system within
// a tenant. handlers has one per kind. Run begins to work.
func New(db *store.DB, log *slog.Logger, as func(context.Context, store.TenantID) context.Context, handlers map[string]Handler) (*Queue, error) {
	q := &Queue{db: db, log: log, as: as, handlers: handlers, woken: make(chan struct{}, 1)}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &worker{queue: q}); err != nil {
		return nil, err
	}
	var driver riverdriver.Driver[*sql.Tx] = riverdatabasesql.New(db.SQL())
	if db.Engine == store.SQLite {
		driver = riversqlite.New(db.SQL())
	}
	client, err := river.NewClient(driver, &river.Config{
		Logger:            log,
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
		FetchCooldown:     50 * time.Millisecond,
		FetchPollInterval: 250 * time.Millisecond,
		Workers:           workers,

		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: rescue,
	})
	if err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	q.client = client
	return q, nil
}

// An Effect is something to carry out: about Key, worked by a job of Party.
type Effect struct {
	Party     store.TenantID
	Key       string
	NotBefore time.Time // when it is due; zero, or past = at once
}

// Put adds effects of one kind to tx. The same kind and key of one origin stands in
// the outbox once.
func Put(ctx context.Context, tx *store.Tx, kind string, effects ...Effect) error {
	if len(effects) == 0 {
		return nil
	}
	origin := tx.Tenant
	if origin == 0 {
		origin = tx.Home
	}
	rows := make([]Row, len(effects))
	for i, e := range effects {
		rows[i] = Row{TenantID: origin, ID: tx.NewID(), PartyID: e.Party, Kind: kind, Key: e.Key, CreatedAt: tx.Now, NotBefore: tx.Now}
		if e.NotBefore.After(tx.Now) {
			rows[i].NotBefore = e.NotBefore
		}
	}
	// Without naming the key: who puts a row for another tenant may not read that tenant's rows.
	_, err := tx.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// Done takes row out of the outbox within tx. done is false when another run has
// carried it out already: then there is nothing left to do.
func Done(ctx context.Context, tx *store.Tx, row Row) (done bool, err error) {
	result, err := tx.NewDelete().Model(&row).WherePK().Where("party_id = ?", tx.Tenant).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// Hold leaves the rows of those tenants where they are for as long as held says so,
// untouched and unlost. Say it before Run.
func (q *Queue) Hold(held func(store.TenantID) bool) { q.held = held }

// Wake asks for a sweep now: a write that put a row calls it through Tx.After.
func (q *Queue) Wake() {
	select {
	case q.woken <- struct{}{}:
	default: // one is wanted already
	}
}

// Run works until ctx ends and returns when the last job has stopped.
func (q *Queue) Run(ctx context.Context) error {
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	for {
		busy, err := q.sweep(ctx)
		if err != nil && ctx.Err() == nil {
			q.log.Error("outbox not swept", "error", err)
		}
		pause := sweepEvery
		if busy {
			pause = lookAgain
		}
		select {
		case <-q.woken:
		case <-time.After(pause):
		case <-ctx.Done():
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopping)
			defer cancel()
			return q.client.Stop(stop)
		}
	}
}

// sweep queues a job for each kind and tenant that has rows due. busy is true
// when one of them has a live job: it may have read the outbox before the last row
// came, and River takes its time to say that it has ended.
func (q *Queue) sweep(ctx context.Context) (busy bool, err error) {
	var waiting []args
	err = q.db.View(ctx, store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) error {
		return tx.NewRaw("SELECT DISTINCT kind AS effect, party_id AS tenant FROM outbox WHERE not_before <= ?", tx.Now).Scan(ctx, &waiting)
	})
	if q.held != nil {
		waiting = slices.DeleteFunc(waiting, func(w args) bool { return q.held(w.Tenant) })
	}
	if err != nil || len(waiting) == 0 {
		return false, err
	}
	many := make([]river.InsertManyParams, len(waiting))
	for i, w := range waiting {
		many[i] = river.InsertManyParams{Args: w, InsertOpts: once}
	}
	results, err := q.client.InsertMany(ctx, many)
	for _, r := range results {
		busy = busy || r.UniqueSkippedAsDuplicate
	}
	return busy, err
}

// once: a tenant has at most one live job per kind, however often it is asked for.
// River's own list counts a completed job as live until it is cleaned away.
var once = &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}}}

type args struct {
	Effect string         `json:"effect" bun:"effect"`
	Tenant store.TenantID `json:"tenant" bun:"tenant"`
}

// Kind is River's name of the one job that there is.
func (args) Kind() string { return "outbox" }
