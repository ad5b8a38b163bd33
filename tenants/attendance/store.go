package attendance

import (
	"context"
	"database/sql"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/nomination"
	"github.com/wiyata-id/wiyata/tenants/schedule"
)

// insertWhileOpen stores a mark in one statement, if the session is open and the
// nominee seated. On PostgreSQL it holds a share lock on the session's row until
// its commit, so that closing waits for it; SQLite has one writer.
func insertWhileOpen(ctx context.Context, tx *store.Tx, b batch.ID, session schedule.ID, n nomination.ID, presence Presence, id string) (sql.Result, error) {
	lock := ""
	if tx.Postgres() {
		lock = "FOR SHARE OF s"
	}
	result, err := tx.NewRaw(`INSERT INTO mark (tenant_id, id, party_id, identity_id, batch_id, session_id, nomination_id, presence, source, marked_by, at)
		SELECT s.tenant_id, ?, n.party_id, n.identity_id, s.batch_id, s.id, n.id, ?, 'committee', ?, ?
		FROM session s JOIN nomination n ON n.tenant_id = s.tenant_id AND n.batch_id = s.batch_id
		WHERE s.tenant_id = ? AND s.batch_id = ? AND s.id = ? AND s.state = ? AND n.tenant_id = ? AND n.id = ? AND n.state = ? AND n.identity_id <> ? `+lock+`
		ON CONFLICT DO NOTHING`,
		id, presence, tx.Actor, tx.Now, tx.Tenant, b, session, schedule.Open, tx.Tenant, n, nomination.Approved, tx.Actor).Exec(ctx)
	return result, store.Err(err)
}

// stored reports whether mark id of the tenant acted in is there and says the same.
func stored(ctx context.Context, tx *store.Tx, session schedule.ID, n nomination.ID, presence Presence, id string) (bool, error) {
	return tx.NewSelect().Model((*Mark)(nil)).Where("tenant_id = ? AND id = ? AND session_id = ? AND nomination_id = ? AND presence = ?",
		tx.Tenant, id, session, n, presence).Exists(ctx)
}

// ofSession returns the marks of a session of the tenant acted in, in the order of their ids.
func ofSession(ctx context.Context, tx *store.Tx, b batch.ID, id schedule.ID) (all []Mark, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND batch_id = ? AND session_id = ?", tx.Tenant, b, id).Order("id").Scan(ctx)
	return all, store.Err(err)
}

// OfBatch returns all marks of a batch of the tenant acted in.
func OfBatch(ctx context.Context, tx *store.Tx, b batch.ID) (all []Mark, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND batch_id = ?", tx.Tenant, b).Order("id").Scan(ctx)
	return all, store.Err(err)
}
