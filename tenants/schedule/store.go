package schedule

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/batch"
)

// pageSize bounds a timetable.
const pageSize = 500

// Of returns the sessions of a batch in order, to whomever tx may let join it.
// Errors: fault.NotFound for everybody else.
func Of(ctx context.Context, tx *store.Tx, in batch.Ref) (all []Session, err error) {
	if err := tx.Join(ctx, in.Joined()); err != nil {
		return nil, err
	}
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND batch_id = ?", in.Host, in.ID).
		Order("starts", "id").Limit(pageSize).Scan(ctx)
	return all, store.Err(err)
}

// ofMany returns the sessions of several batches, each joined, in one statement.
func ofMany(ctx context.Context, tx *store.Tx, in []batch.Ref) (map[batch.ID][]Session, error) {
	byBatch := map[batch.ID][]Session{}
	if len(in) == 0 {
		return byBatch, nil
	}
	hosts, ids, joined := make([]tenants.ID, len(in)), make([]batch.ID, len(in)), make([]store.BatchRef, len(in))
	for i, ref := range in {
		hosts[i], ids[i], joined[i] = ref.Host, ref.ID, ref.Joined()
	}
	if err := tx.Join(ctx, joined...); err != nil {
		return nil, err
	}
	var all []Session
	err := tx.NewSelect().Model(&all).Where("tenant_id IN (?) AND batch_id IN (?)", bun.List(hosts), bun.List(ids)).
		Order("starts DESC", "id DESC").Limit(pageSize).Scan(ctx) // the newest, if there are too many
	slices.Reverse(all)
	for _, s := range all {
		byBatch[s.BatchID] = append(byBatch[s.BatchID], s)
	}
	return byBatch, err
}

// Find returns session id of a batch that tx has joined or hosts. Errors: fault.NotFound.
func Find(ctx context.Context, tx *store.Tx, in batch.Ref, id ID) (s Session, err error) {
	err = tx.NewSelect().Model(&s).Where("tenant_id = ? AND batch_id = ? AND id = ?", in.Host, in.ID, id).Scan(ctx)
	return s, store.Err(err)
}

// Advance moves session id of the tenant acted in from one state to the next; seal
// and at are stored when it becomes sealed.
// Errors: fault.Conflict when it is not in that state (any more).
func Advance(ctx context.Context, tx *store.Tx, b batch.ID, id ID, from, to State, seal string, at time.Time) error {
	q := tx.NewUpdate().Model((*Session)(nil)).Set("state = ?", to).
		Where("tenant_id = ? AND batch_id = ? AND id = ? AND state = ?", tx.Tenant, b, id, from)
	if to == Sealed {
		q = q.Set("seal = ?", seal).Set("sealed_at = ?", at)
	}
	err := store.One(q.Exec(ctx))
	if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
		return fault.New(fault.Conflict, "Sesi ini tidak sedang %s. Muat ulang halaman untuk melihat keadaannya.", from.Words())
	}
	return err
}
