package account

import (
	"context"
	"time"

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
