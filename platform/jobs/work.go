package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/store"
)

const (
	firstPause = 15 * time.Second // before a row that has failed once is tried again
	longest    = time.Hour        // between two attempts
	stuck      = 10               // failures after which somebody should look: about two hours
	retryAfter = 15 * time.Second // before a job that could not reach the outbox runs again
)

type worker struct {
	river.WorkerDefaults[args]
	queue *Queue
}

// Work does a chunk of the rows of one kind and tenant, and queues again behind the
// others when there are more.
func (w *worker) Work(ctx context.Context, job *river.Job[args]) error {
	more, err := w.queue.Work(ctx, job.Args.Effect, job.Args.Tenant)
	if err == nil && more {
		return river.JobSnooze(0)
	}
	return err
}

// NextRetry keeps the pause after a job that failed as a whole short.
func (w *worker) NextRetry(*river.Job[args]) time.Time { return time.Now().Add(retryAfter) }

var errUnheard = errors.New("no handler for effects of this kind")

// A failure is a row that could not be carried out, and why.
type failure struct {
	row Row
	err error
}

// Work hands the rows of one kind and tenant that are due to their handler, in the
// order in which they came due, a chunk at most; more is true when some are left.
// Rows that fail are put off and make no error.
func (q *Queue) Work(ctx context.Context, kind string, party store.TenantID) (more bool, err error) {
	handle, ok := q.handlers[kind]
	if !ok { // of another release: put off and counted like any other
		handle = func(context.Context, Row) error { return errUnheard }
	}
	if q.held != nil && q.held(party) {
		return false, nil // a sweep queues it again once it is not
	}
	var rows []Row
	err = q.db.View(ctx, store.Reach{Door: store.DoorRead, Tenant: party}, func(tx *store.Tx) error {
		return tx.NewSelect().Model(&rows).Where("party_id = ? AND kind = ? AND not_before <= ?", party, kind, tx.Now).
			Order("not_before", "id").Limit(chunk).Scan(ctx)
	})
	if err != nil {
		return false, err
	}
	more = len(rows) == chunk
	acting := q.as(ctx, party)
	started := time.Now()
	var failed []failure
	for _, row := range rows {
		if time.Since(started) > stretch {
			more = true // behind the others
			break
		}
		if q.held != nil && q.held(party) { // closed under the work: the rest waits
			more = false
			break
		}
		err := attempt(acting, handle, row)
		if errors.Is(ctx.Err(), context.Canceled) {
			break // the end of the process is no failure of the row
		}
		if err != nil {
			failed = append(failed, failure{row, err})
		}
	}
	return more, q.putOff(context.WithoutCancel(ctx), kind, party, failed)
}

// attempt carries out one row. A panic is the row's own failure: else the job would
// meet it first again, and all behind it would wait.
func attempt(ctx context.Context, handle Handler, row Row) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return handle(ctx, row)
}

// putOff counts the failures and sets when each row is tried again.
func (q *Queue) putOff(ctx context.Context, kind string, party store.TenantID, failed []failure) error {
	if len(failed) == 0 {
		return nil
	}
	together := map[int][]string{} // failures before → ids, which wait equally long
	for _, f := range failed {
		together[f.row.Attempts] = append(together[f.row.Attempts], f.row.ID)
	}
	for before, ids := range together {
		err := q.db.Single(ctx, store.Reach{Door: store.DoorAppend, Tenant: party}, func(tx *store.Tx) error {
			_, err := tx.NewUpdate().Model((*Row)(nil)).
				Set("attempts = ?", before+1).Set("not_before = ?", tx.Now.Add(pause(before+1))).
				Where("party_id = ? AND id IN (?)", party, bun.List(ids)).Exec(ctx)
			return err
		})
		if err != nil {
			return fmt.Errorf("put off %d effects: %w", len(ids), err)
		}
	}
	first := failed[0]
	q.log.Warn("effects put off", "kind", kind, "tenant", party, "rows", len(failed), "first", first.row.ID, "error", first.err)
	for _, f := range failed {
		if f.row.Attempts+1 == stuck {
			q.log.Error("effect is stuck", "kind", kind, "tenant", party, "row", f.row.ID, "origin", f.row.TenantID, "attempts", stuck, "error", f.err)
		}
	}
	return nil
}

// pause is how long a row waits that has failed so often.
func pause(failures int) time.Duration {
	if failures > 8 { // 15 s, doubled eight times, is beyond an hour
		return longest
	}
	return min(firstPause<<(failures-1), longest)
}

// Stuck lists the effects of all tenants that have failed ten times or more, those
// that wait longest first.
func Stuck(ctx context.Context, db *store.DB) (rows []Row, err error) {
	err = db.View(ctx, store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) error {
		return tx.NewSelect().Model(&rows).Where("attempts >= ?", stuck).Order("id").Scan(ctx)
	})
	return rows, err
}
