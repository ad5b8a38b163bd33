package employee

import (
	"context"
	"strconv"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

func itoa(id tenants.ID) string { return strconv.Itoa(int(id)) }

// withNIP returns the employee of the tenant acted in with that number, none or one.
func withNIP(ctx context.Context, tx *store.Tx, nip string) (all []Employee, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND nip = ?", tx.Tenant, nip).Limit(1).Scan(ctx)
	for i := range all {
		all[i] = all[i].known()
	}
	return all, err
}

// insertTransfer stores t. Errors: fault.Conflict when the person is asked for already.
func insertTransfer(ctx context.Context, tx *store.Tx, t Transfer) error {
	_, err := tx.NewInsert().Model(&t).Exec(ctx)
	return store.Err(err)
}

// ownTransfers returns request id of the tenant acted in, none or one.
// Errors: fault.NotFound for what is no id.
func ownTransfers(ctx context.Context, tx *store.Tx, id TransferID) (all []Transfer, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx)
	return all, store.Err(err)
}

// ownTransfer returns request id of the tenant acted in. Errors: fault.NotFound.
func ownTransfer(ctx context.Context, tx *store.Tx, id TransferID) (Transfer, error) {
	all, err := ownTransfers(ctx, tx, id)
	if err == nil && len(all) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Transfer{}, err
	}
	return all[0], nil
}

// known narrows q to requests to the tenant acted in for people whom it knows: those in
// service there, and those who have left by that very request. A wrong guess about who
// works where shows itself to nobody.
func known(q *bun.SelectQuery, tx *store.Tx) *bun.SelectQuery {
	return q.Where(`EXISTS (SELECT 1 FROM employee AS e WHERE e.tenant_id = ? AND e.nip = transfer.nip AND (e.active OR transfer.state IN (?, ?)))`,
		tx.Tenant, TransferLeft, TransferDone)
}

// askedOf returns request id to the tenant acted in. Errors: fault.NotFound.
func askedOf(ctx context.Context, tx *store.Tx, id TransferID) (t Transfer, err error) {
	err = known(tx.NewSelect().Model(&t).Where("party_id = ? AND id = ?", tx.Tenant, id), tx).Scan(ctx)
	return t, store.Err(err)
}

// leaving is askedOf for the job, whoever is in service.
func leaving(ctx context.Context, tx *store.Tx, id TransferID) (t Transfer, err error) {
	err = tx.NewSelect().Model(&t).Where("party_id = ? AND id = ?", tx.Tenant, id).Scan(ctx)
	return t, store.Err(err)
}

// listTransfers returns the requests of one direction behind after, one more than a page.
func listTransfers(ctx context.Context, tx *store.Tx, d Direction, after store.Cursor) (all []Transfer, err error) {
	q := tx.NewSelect().Model(&all).Order("id DESC").Limit(pageSize + 1)
	if d == Outgoing {
		q = q.Where("tenant_id = ?", tx.Tenant)
	} else {
		q = known(q.Where("party_id = ?", tx.Tenant), tx)
	}
	if after.ID != "" {
		q = q.Where("id < ?", after.ID)
	}
	err = q.Scan(ctx)
	return all, err
}

// promisedElsewhere reports whether the person of t is to go to another government already.
func promisedElsewhere(ctx context.Context, tx *store.Tx, t Transfer) (bool, error) {
	return tx.NewSelect().Model((*Transfer)(nil)).
		Where("party_id = ? AND nip = ? AND id <> ? AND state IN (?, ?)", tx.Tenant, t.NIP, t.ID, TransferAgreed, TransferRuled).Exists(ctx)
}

// saveTransfer stores where t stands now, from state was. Errors: fault.NotFound when it
// does not stand there any more.
func saveTransfer(ctx context.Context, tx *store.Tx, t Transfer, was TransferState) error {
	return store.One(tx.NewUpdate().Model(&t).
		Column("state", "held_reason", "held_until", "decided_by", "decided_at", "ruling", "ruled_by", "ruled_at", "note", "mover_id", "left_at", "done_at").
		Where("tenant_id = ? AND party_id = ? AND id = ? AND state = ?", t.TenantID, t.PartyID, t.ID, was).Exec(ctx))
}

// voidOthers ends all other requests to the tenant acted in for the person of t.
func voidOthers(ctx context.Context, tx *store.Tx, t Transfer) error {
	_, err := tx.NewUpdate().Model((*Transfer)(nil)).Set("state = ?, note = ?", TransferVoid, noteMoved).
		Where("party_id = ? AND nip = ? AND id <> ? AND state IN (?, ?, ?, ?)", tx.Tenant, t.NIP, t.ID, TransferAsked, TransferHeld, TransferAgreed, TransferRuled).Exec(ctx)
	return err
}

// insertAppeal stores a. Errors: fault.Conflict when one is open already.
func insertAppeal(ctx context.Context, tx *store.Tx, a Appeal) error {
	_, err := tx.NewInsert().Model(&a).Exec(ctx)
	return store.Err(err)
}

// appealsOf returns the appeals about a request of the tenant acted in, newest first.
func appealsOf(ctx context.Context, tx *store.Tx, id TransferID) (all []Appeal, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND transfer_id = ?", tx.Tenant, id).Order("id DESC").Limit(pageSize).Scan(ctx)
	return all, err
}

// ownAppeal returns an appeal of the tenant acted in. Errors: fault.NotFound.
func ownAppeal(ctx context.Context, tx *store.Tx, id AppealID) (a Appeal, err error) {
	err = tx.NewSelect().Model(&a).Where("tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx)
	return a, store.Err(err)
}

// appealTo returns an appeal to the tenant acted in. Errors: fault.NotFound.
func appealTo(ctx context.Context, tx *store.Tx, id AppealID) (a Appeal, err error) {
	err = tx.NewSelect().Model(&a).Where("party_id = ? AND id = ?", tx.Tenant, id).Scan(ctx)
	return a, store.Err(err)
}

// listAppeals returns the appeals to the tenant acted in behind after, newest first, one
// more than a page.
func listAppeals(ctx context.Context, tx *store.Tx, after store.Cursor) (all []Appeal, err error) {
	q := tx.NewSelect().Model(&all).Where("party_id = ?", tx.Tenant).Order("id DESC").Limit(pageSize + 1)
	if after.ID != "" {
		q = q.Where("id < ?", after.ID)
	}
	err = q.Scan(ctx)
	return all, err
}

func saveDecision(ctx context.Context, tx *store.Tx, a Appeal) error {
	return store.One(tx.NewUpdate().Model(&a).Column("state", "decision", "decided_by", "decided_at").
		Where("party_id = ? AND id = ? AND state = ?", tx.Tenant, a.ID, AppealAsked).Exec(ctx))
}
