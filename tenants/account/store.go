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

func insertGrant(ctx context.Context, tx *store.Tx, g Grant) error {
	_, err := tx.NewInsert().Model(&g).Exec(ctx)
	return store.Err(err)
}

// grantsOf lists all grants of a person, in every tenant.
func grantsOf(ctx context.Context, tx *store.Tx, id ID) (all []Grant, err error) {
	err = tx.NewSelect().Model(&all).Where("identity_id = ?", id).Order("tenant_id", "id").Scan(ctx)
	return all, err
}

func insertSession(ctx context.Context, tx *store.Tx, s Session) error {
	_, err := tx.NewInsert().Model(&s).Exec(ctx)
	return err
}

func deleteSession(ctx context.Context, tx *store.Tx, hash string) error {
	_, err := tx.NewDelete().Model((*Session)(nil)).Where("hash = ?", hash).Exec(ctx)
	return err
}

// deleteEnded removes the sessions of a person that have ended.
func deleteEnded(ctx context.Context, tx *store.Tx, id ID) error {
	_, err := tx.NewDelete().Model((*Session)(nil)).Where("identity_id = ? AND expires_at <= ?", id, tx.Now).Exec(ctx)
	return err
}

// findPerson returns who the session with that hash belongs to. Errors: fault.NotFound.
func findPerson(ctx context.Context, tx *store.Tx, hash string, now time.Time) (p Person, err error) {
	err = tx.NewRaw(`SELECT i.id, i.name, coalesce(s.tenant_id, 0) FROM sign_in s JOIN identity i ON i.id = s.identity_id
		WHERE s.hash = ? AND s.expires_at > ?`, hash, now).Scan(ctx, &p.ID, &p.Name, &p.Tenant)
	return p, store.Err(err)
}
