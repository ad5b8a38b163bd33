package batch

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/program"
)

// pageSize bounds a list.
const pageSize = 50

// insert stores b with its quotas. Errors: fault.Conflict when the number is taken.
func insert(ctx context.Context, tx *store.Tx, b Batch) error {
	if _, err := tx.NewInsert().Model(&b).Exec(ctx); err != nil {
		return store.Err(err)
	}
	_, err := tx.NewInsert().Model(&b.Quota).Exec(ctx)
	return store.Err(err)
}

// Find returns the published batch id of host, to whomever. Errors: fault.NotFound.
func Find(ctx context.Context, tx *store.Tx, host tenants.ID, id ID) (b Batch, err error) {
	confirmed, lan := program.ConfirmedBy("batch")
	err = tx.NewSelect().Model(&b).ColumnExpr("batch.*").ColumnExpr(confirmed, lan).
		Where("tenant_id = ? AND id = ? AND published_at IS NOT NULL", host, id).Scan(ctx)
	return b, store.Err(err)
}

// Many returns the published batches ids, of whatever host, by id.
func Many(ctx context.Context, tx *store.Tx, ids []ID) (map[ID]Batch, error) {
	byID := map[ID]Batch{}
	if len(ids) == 0 {
		return byID, nil
	}
	var all []Batch
	err := tx.NewSelect().Model(&all).Where("id IN (?) AND published_at IS NOT NULL", bun.List(ids)).Scan(ctx)
	for _, b := range all {
		byID[b.ID] = b
	}
	return byID, err
}

// Seats returns how many seats party has in b, 0 for none.
func Seats(ctx context.Context, tx *store.Tx, b Batch, party tenants.ID) (seats int, err error) {
	err = tx.NewSelect().Model((*Quota)(nil)).ColumnExpr("coalesce(sum(seats), 0)").
		Where("tenant_id = ? AND batch_id = ? AND party_id = ? AND published_at IS NOT NULL", b.TenantID, b.ID, party).
		Scan(ctx, &seats)
	return seats, err
}

func quotas(ctx context.Context, tx *store.Tx, b Batch) (all []Quota, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND batch_id = ?", b.TenantID, b.ID).Order("party_id").Scan(ctx)
	return all, err
}

// Freeze marks batch id of the tenant acted in: nothing that its outcomes follow
// from changes any more.
func Freeze(ctx context.Context, tx *store.Tx, id ID) error {
	return store.One(tx.NewUpdate().Model((*Batch)(nil)).Set("frozen_at = ?", tx.Now).
		Where("tenant_id = ? AND id = ?", tx.Tenant, id).Exec(ctx))
}

// upcoming returns up to 50 published batches of host that have not ended on day, the
// next ones first.
func upcoming(ctx context.Context, tx *store.Tx, host tenants.ID, day civil.Date) (all []Batch, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND published_at IS NOT NULL AND ends >= ?", host, day).
		Order("starts", "id").Limit(pageSize).Scan(ctx)
	return all, err
}

// Latest lists up to 50 batches that the tenant acted in hosts, newest first, within the
// actor's scope.
func Latest(ctx context.Context, tx *store.Tx) (all []Batch, err error) {
	q := tx.NewSelect().Model(&all).Where("tenant_id = ?", tx.Tenant).Order("id DESC").Limit(pageSize)
	if tx.Scope != nil {
		q = q.Where("id IN (?)", bun.List(tx.Scope))
	}
	err = q.Scan(ctx)
	return all, err
}

// Sent lists up to 50 batches in which the tenant acted in has seats, newest first, within
// the actor's scope.
func Sent(ctx context.Context, tx *store.Tx) (all []Batch, err error) {
	q := tx.NewSelect().Model(&all).
		Join("JOIN quota AS q ON q.tenant_id = batch.tenant_id AND q.batch_id = batch.id AND q.published_at IS NOT NULL").
		Where("q.party_id = ? AND batch.published_at IS NOT NULL", tx.Tenant).
		Order("batch.id DESC").Limit(pageSize)
	if tx.Scope != nil {
		q = q.Where("batch.id IN (?)", bun.List(tx.Scope))
	}
	err = q.Scan(ctx)
	return all, err
}
