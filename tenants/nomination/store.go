package nomination

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/batch"
)

// pageSize bounds a list on a page: all seats that a batch can have, and as many waiting.
const pageSize = 2 * batch.MaxTotal

// insert stores n. Errors: fault.Conflict when the person is nominated for the batch already.
func insert(ctx context.Context, tx *store.Tx, n Nomination) error {
	_, err := tx.NewInsert().Model(&n).Exec(ctx)
	return store.Err(err)
}

// find returns nomination id of batch b of the tenant acted in. Errors: fault.NotFound.
func find(ctx context.Context, tx *store.Tx, b batch.ID, id ID) (n Nomination, err error) {
	err = tx.NewSelect().Model(&n).Where("tenant_id = ? AND batch_id = ? AND id = ?", tx.Tenant, b, id).Scan(ctx)
	return n, store.Err(err)
}

// countSeated counts the seats that party holds in b.
func countSeated(ctx context.Context, tx *store.Tx, b batch.Batch, party tenants.ID) (int64, error) {
	return tx.NewSelect().Model((*Nomination)(nil)).
		Where("tenant_id = ? AND batch_id = ? AND party_id = ? AND state = ?", b.TenantID, b.ID, party, Approved).Count(ctx)
}

// countLive counts the nominations of party in b that hold or ask for a seat.
func countLive(ctx context.Context, tx *store.Tx, b batch.Batch, party tenants.ID) (int64, error) {
	return tx.NewSelect().Model((*Nomination)(nil)).
		Where("tenant_id = ? AND batch_id = ? AND party_id = ? AND state <> ?", b.TenantID, b.ID, party, Waiting).Count(ctx)
}

func saveDecision(ctx context.Context, tx *store.Tx, n Nomination) error {
	return store.One(tx.NewUpdate().Model(&n).Column("state", "decided_by", "decided_at").
		Where("tenant_id = ? AND id = ?", tx.Tenant, n.ID).Exec(ctx))
}

// OfBatch returns nominations of a batch: all for the host, its own for a sender.
func OfBatch(ctx context.Context, tx *store.Tx, in batch.Ref) (all []Nomination, err error) {
	q := tx.NewSelect().Model(&all).Where("tenant_id = ? AND batch_id = ?", in.Host, in.ID).Order("id").Limit(pageSize)
	if in.Host != tx.Tenant {
		q = q.Where("party_id = ?", tx.Tenant)
	}
	err = q.Scan(ctx)
	return all, store.Err(err)
}

// visible returns one nomination to its host or its sender. Errors: fault.NotFound.
func visible(ctx context.Context, tx *store.Tx, in batch.Ref, id ID) (n Nomination, err error) {
	q := tx.NewSelect().Model(&n).Where("tenant_id = ? AND batch_id = ? AND id = ?", in.Host, in.ID, id)
	if in.Host != tx.Tenant {
		q = q.Where("party_id = ?", tx.Tenant)
	}
	err = q.Scan(ctx)
	return n, store.Err(err)
}

// own returns nomination id of the person acting, in their home of the transaction. Errors: fault.NotFound.
func own(ctx context.Context, tx *store.Tx, id ID) (n Nomination, err error) {
	err = tx.NewSelect().Model(&n).Where("tenant_id = ? AND id = ? AND identity_id = ?", tx.Home, id, tx.Actor).Scan(ctx)
	return n, store.Err(err)
}

func saveConfirmation(ctx context.Context, tx *store.Tx, n Nomination, at time.Time) error {
	return store.One(tx.NewUpdate().Model(&n).Set("name_confirmed_at = ?", at).
		Where("tenant_id = ? AND id = ? AND identity_id = ?", tx.Home, n.ID, tx.Actor).Exec(ctx))
}

// OfPerson returns the nominations of the person acting, newest first, with their batches.
func OfPerson(ctx context.Context, tx *store.Tx) (all []Nomination, batches map[batch.ID]batch.Batch, err error) {
	err = tx.NewSelect().Model(&all).Where("identity_id = ?", tx.Actor).Order("id DESC").Limit(pageSize).Scan(ctx)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]batch.ID, len(all))
	for i, n := range all {
		ids[i] = n.BatchID
	}
	batches, err = batch.Many(ctx, tx, ids)
	return all, batches, err
}

// Named returns those nominations of a batch whose ids are given, as far as the
// tenant acted in may see them.
func Named(ctx context.Context, tx *store.Tx, in batch.Ref, ids []ID) (all []Nomination, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := tx.NewSelect().Model(&all).Where("tenant_id = ? AND batch_id = ? AND id IN (?)", in.Host, in.ID, bun.List(ids))
	if in.Host != tx.Tenant {
		q = q.Where("party_id = ?", tx.Tenant)
	}
	err = q.Scan(ctx)
	return all, store.Err(err)
}

// Seated returns all participants of a batch that the tenant acted in hosts, in the
// order in which they were proposed; there are at most batch.MaxTotal.
func Seated(ctx context.Context, tx *store.Tx, b batch.ID) (all []Nomination, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND batch_id = ? AND state = ?", tx.Tenant, b, Approved).
		Order("id").Scan(ctx)
	return all, store.Err(err)
}

// SeatedIn returns for the Gate those of batches in which the actor of tx holds a
// live seat: as the person, or as the person's sender. Who only waits has none.
func SeatedIn(ctx context.Context, tx *store.Tx, batches []store.BatchRef) (in []store.BatchRef, err error) {
	hosts, ids := make([]tenants.ID, len(batches)), make([]string, len(batches))
	for i, b := range batches {
		hosts[i], ids[i] = b.Host, b.Batch
	}
	q := tx.NewSelect().Model((*Nomination)(nil)).ColumnExpr("DISTINCT tenant_id AS host, batch_id AS batch").
		Where("tenant_id IN (?) AND batch_id IN (?) AND state = ?", bun.List(hosts), bun.List(ids), Approved)
	if tx.Door == store.DoorSelf {
		q = q.Where("identity_id = ?", tx.Actor)
	} else {
		q = q.Where("party_id = ?", tx.Tenant)
	}
	err = q.Scan(ctx, &in)
	return in, store.Err(err)
}
