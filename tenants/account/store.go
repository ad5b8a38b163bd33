package account

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/store"
)

// insertIdentity. Errors: fault.Conflict when e-mail or NIP is taken.
func insertIdentity(ctx context.Context, tx *store.Tx, i Identity) error {
	_, err := tx.NewInsert().Model(&i).Exec(ctx)
	return store.Err(err)
}

// findLogin returns the identity with that e-mail address or NIP. Errors: fault.NotFound.
func findLogin(ctx context.Context, tx *store.Tx, login string) (i Identity, err error) {
	err = tx.NewSelect().Model(&i).Where("email = ? OR nip = ?", login, login).Limit(1).Scan(ctx)
	return i, store.Err(err)
}

// passwordOf returns the hash of a person's password, "" = none. Errors: fault.NotFound.
func passwordOf(ctx context.Context, tx *store.Tx, id ID) (stored string, err error) {
	err = tx.NewRaw("SELECT password FROM identity WHERE id = ?", id).Scan(ctx, &stored)
	return stored, store.Err(err)
}

// setSuspended sets since when id may not sign in, the zero time for may. Errors: fault.NotFound.
func setSuspended(ctx context.Context, tx *store.Tx, id ID, at time.Time) error {
	i := Identity{ID: id, SuspendedAt: at}
	return store.One(tx.NewUpdate().Model(&i).Column("suspended_at").WherePK().Exec(ctx))
}

// setLogins stores the names under which i signs in. Errors: fault.Conflict when one is taken.
func setLogins(ctx context.Context, tx *store.Tx, i Identity) error {
	return store.One(tx.NewUpdate().Model(&i).Column("nip", "email").WherePK().Exec(ctx))
}

// insertClaim stores c, unless there is an open one of the same tenant.
func insertClaim(ctx context.Context, tx *store.Tx, c Claim) error {
	_, err := tx.NewInsert().Model(&c).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// openClaims lists those to account id, or with "" to all, the oldest first.
func openClaims(ctx context.Context, tx *store.Tx, id ID) (all []Claim, err error) {
	q := tx.NewSelect().Model(&all).Where("outcome = ''").Order("id").Limit(pageSize * 2)
	if id != "" {
		q = q.Where("identity_id = ?", id)
	}
	err = q.Scan(ctx)
	return all, err
}

// settleClaims closes the open claims to account id.
func settleClaims(ctx context.Context, tx *store.Tx, id ID, as Outcome) error {
	_, err := tx.NewUpdate().Model((*Claim)(nil)).Set("outcome = ?", as).Set("settled_at = ?", tx.Now).Set("settled_by = ?", bun.NullZero(tx.Actor)).
		Where("identity_id = ? AND outcome = ''", id).Exec(ctx)
	return err
}
