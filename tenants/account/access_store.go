package account

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
)

// findIdentity returns identity id. Errors: fault.NotFound.
func findIdentity(ctx context.Context, tx *store.Tx, id ID) (i Identity, err error) {
	err = tx.NewSelect().Model(&i).Where("id = ?", id).Scan(ctx)
	return i, store.Err(err)
}

func insertGrant(ctx context.Context, tx *store.Tx, g Grant) error {
	_, err := tx.NewInsert().Model(&g).Exec(ctx)
	return store.Err(err)
}

// grantsOf lists all grants of a person, in every tenant.
func grantsOf(ctx context.Context, tx *store.Tx, id ID) (all []Grant, err error) {
	err = tx.NewSelect().Model(&all).Where("identity_id = ?", id).Order("tenant_id", "id").Scan(ctx)
	return all, err
}

// grantsIn lists all grants of a person in the tenant acted in.
func grantsIn(ctx context.Context, tx *store.Tx, id ID) (all []Grant, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND identity_id = ?", tx.Tenant, id).Order("id").Scan(ctx)
	return all, err
}

// findGrant returns grant id of the tenant acted in. Errors: fault.NotFound.
func findGrant(ctx context.Context, tx *store.Tx, id string) (g Grant, err error) {
	err = tx.NewSelect().Model(&g).Where("tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx)
	return g, store.Err(err)
}

// findGrants returns those of ids that are grants of the tenant acted in, by name.
func findGrants(ctx context.Context, tx *store.Tx, ids []string) (all []Grant, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND id IN (?)", tx.Tenant, bun.List(ids)).Order("name_key", "id").Scan(ctx)
	return all, store.Err(err)
}

// endGrant marks g withdrawn. Errors: fault.NotFound when it is already.
func endGrant(ctx context.Context, tx *store.Tx, g Grant, reason string) error {
	return store.One(tx.NewUpdate().Model((*Grant)(nil)).
		Set("withdrawn_at = ?", tx.Now).Set("withdrawn_by = ?", bun.NullZero(tx.Actor)).Set("withdrawn_reason = ?", reason).
		Where("tenant_id = ? AND id = ? AND withdrawn_at IS NULL", g.TenantID, g.ID).Exec(ctx))
}

// EndGrants ends every grant of a person in the tenant acted in, that of its last
// administrator too: whoever has left acts for it no more, and an operator appoints anew.
func EndGrants(ctx context.Context, tx *store.Tx, id ID, reason string) error {
	_, err := tx.NewUpdate().Model((*Grant)(nil)).
		Set("withdrawn_at = ?", tx.Now).Set("withdrawn_by = ?", bun.NullZero(tx.Actor)).Set("withdrawn_reason = ?", reason).
		Where("tenant_id = ? AND identity_id = ? AND withdrawn_at IS NULL", tx.Tenant, id).Exec(ctx)
	return err
}

// otherAdmins counts the live grants of an administrator of the whole tenant beside id.
func otherAdmins(ctx context.Context, tx *store.Tx, id string, day civil.Date) (int64, error) {
	return tx.NewSelect().Model((*Grant)(nil)).
		Where("tenant_id = ? AND role = ? AND id <> ?", tx.Tenant, authz.TenantAdmin, id).
		Where("batch_id IS NULL AND unit_id IS NULL AND confirmation = '' AND withdrawn_at IS NULL AND from_day <= ? AND (to_day IS NULL OR to_day >= ?)", day, day).
		Count(ctx)
}

// listGrants lists grants of the tenant acted in by name, from behind after on, one more
// than size.
func listGrants(ctx context.Context, tx *store.Tx, l Listing, after place, day civil.Date, size int) (all []Grant, err error) {
	q := tx.NewSelect().Model(&all).Where("tenant_id = ?", tx.Tenant).Order("name_key", "id").Limit(int64(size) + 1)
	if after != (place{}) {
		q = q.Where("(name_key, id) > (?, ?)", after.Key, after.ID)
	}
	if l.Begins != "" {
		q = q.Where("name_key >= ? AND name_key < ?", l.Begins, l.Begins+"\U0010FFFF")
	}
	if !l.All {
		q = q.Where("withdrawn_at IS NULL AND (to_day IS NULL OR to_day >= ?)", day)
	}
	if tx.Scope != nil {
		q = q.Where("batch_id IN (?) OR unit_id IN (?)", bun.List(tx.Scope), bun.List(tx.Scope))
	}
	err = q.Scan(ctx)
	return all, store.Err(err)
}

// A code is what the database keeps of one.
type code struct {
	bun.BaseModel `bun:"table:access_code"`

	Hash       string `bun:",pk"`
	IdentityID ID
	TenantID   store.TenantID // that issued it; 0 = the operator
	IssuedBy   ID             `bun:",nullzero"`
	IssuedAt   time.Time
	ExpiresAt  time.Time
}

// replaceCode stores c, and ends the code that its tenant has made for that person before.
func replaceCode(ctx context.Context, tx *store.Tx, c code) error {
	if _, err := tx.NewDelete().Model((*code)(nil)).Where("identity_id = ? AND tenant_id = ?", c.IdentityID, c.TenantID).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewInsert().Model(&c).Exec(ctx)
	return store.Err(err)
}

// findCode returns the code with that hash and whose it is. Errors: fault.NotFound when it
// is spent or too old, or the person may not sign in.
func findCode(ctx context.Context, tx *store.Tx, hash string) (c code, i Identity, err error) {
	if err = tx.NewSelect().Model(&c).Where("hash = ? AND expires_at > ?", hash, tx.Now).Scan(ctx); err != nil {
		return c, i, store.Err(err)
	}
	err = tx.NewSelect().Model(&i).Where("id = ? AND suspended_at IS NULL", c.IdentityID).Scan(ctx)
	return c, i, store.Err(err)
}

// deleteCode ends the code with that hash; one that is spent is no error.
func deleteCode(ctx context.Context, tx *store.Tx, hash string) error {
	_, err := tx.NewDelete().Model((*code)(nil)).Where("hash = ?", hash).Exec(ctx)
	return err
}

// deleteCodes ends every code of a person, of whichever tenant.
func deleteCodes(ctx context.Context, tx *store.Tx, id ID) error {
	_, err := tx.NewDelete().Model((*code)(nil)).Where("identity_id = ?", id).Exec(ctx)
	return err
}

// setConfirmation writes what those grants wait for that c is about: given to its person
// by its tenant before it was made, and not confirmed.
func setConfirmation(ctx context.Context, tx *store.Tx, c code, to Confirmation) error {
	_, err := tx.NewUpdate().Model((*Grant)(nil)).Set("confirmation = ?", to).
		Where("tenant_id = ? AND identity_id = ? AND confirmation <> '' AND given_at <= ? AND withdrawn_at IS NULL", c.TenantID, c.IdentityID, c.IssuedAt).Exec(ctx)
	return err
}

// setFirstPassword. Errors: fault.NotFound when the person has one.
func setFirstPassword(ctx context.Context, tx *store.Tx, id ID, stored string) error {
	return store.One(tx.NewUpdate().Model((*Identity)(nil)).Set("password = ?", stored).Where("id = ? AND password = ''", id).Exec(ctx))
}

func setPassword(ctx context.Context, tx *store.Tx, id ID, stored string) error {
	return store.One(tx.NewUpdate().Model((*Identity)(nil)).Set("password = ?", stored).Where("id = ?", id).Exec(ctx))
}

// endOperator marks the operator's grant id withdrawn. Errors: fault.NotFound.
func endOperator(ctx context.Context, tx *store.Tx, id, reason string) error {
	return store.One(tx.NewUpdate().Model((*Grant)(nil)).
		Set("withdrawn_at = ?", tx.Now).Set("withdrawn_by = ?", bun.NullZero(tx.Actor)).Set("withdrawn_reason = ?", reason).
		Where("tenant_id = 0 AND id = ? AND withdrawn_at IS NULL", id).Exec(ctx))
}

func insertToken(ctx context.Context, tx *store.Tx, t Token) error {
	_, err := tx.NewInsert().Model(&t).Exec(ctx)
	return store.Err(err)
}

// findToken returns the token with that hash, of whatever tenant. Errors: fault.NotFound.
func findToken(ctx context.Context, tx *store.Tx, hash string) (t Token, err error) {
	err = tx.NewSelect().Model(&t).Where("hash = ?", hash).Scan(ctx)
	return t, store.Err(err)
}

// listTokens lists tokens of the tenant acted in, the newest first, from behind after on.
func listTokens(ctx context.Context, tx *store.Tx, after string, n int64) (all []Token, err error) {
	q := tx.NewSelect().Model(&all).Where("tenant_id = ?", tx.Tenant).Order("id DESC").Limit(n)
	if after != "" {
		q = q.Where("id < ?", after)
	}
	err = q.Scan(ctx)
	return all, store.Err(err)
}

// revokeToken ends token id of the tenant acted in. Errors: fault.NotFound.
func revokeToken(ctx context.Context, tx *store.Tx, id string) error {
	return store.One(tx.NewUpdate().Model((*Token)(nil)).Set("revoked_at = ?", tx.Now).Set("revoked_by = ?", bun.NullZero(tx.Actor)).
		Where("tenant_id = ? AND id = ? AND revoked_at IS NULL", tx.Tenant, id).Exec(ctx))
}

// useToken notes that token id is used now, unless it was since before.
func useToken(ctx context.Context, tx *store.Tx, id string, before time.Time) (sql.Result, error) {
	return tx.NewUpdate().Model((*Token)(nil)).Set("used_at = ?", tx.Now).
		Where("tenant_id = ? AND id = ? AND (used_at IS NULL OR used_at < ?)", tx.Tenant, id, before).Exec(ctx)
}
