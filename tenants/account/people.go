package account

import (
	"context"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// Ensure returns the identity that has nip, made under name when there is none; for nip
// "" always a new one. It cannot sign in until it is activated. One that is there is not
// changed: its data may be another government's. Whoever calls has asked whether the
// actor may.
func (s *Service) Ensure(ctx context.Context, name, nip string) (id ID, err error) {
	defer fault.Wrap(&err, "ensure identity")
	system := authz.AsSystem(ctx, 0)
	if nip != "" {
		err = s.gate.Platform(system, authz.AccountCreate, "", func(tx *store.Tx) (err error) {
			id, err = withNIP(system, tx, nip)
			return err
		})
		if err != nil || id != "" {
			return id, err
		}
	}
	err = s.gate.Platform(system, authz.AccountCreate, "identity:"+nip, func(tx *store.Tx) error {
		if nip != "" {
			if id, err = withNIP(system, tx, nip); err != nil {
				return err
			}
		}
		if id == "" {
			id = ID(tx.NewID())
			if err := insertIdentity(system, tx, Identity{ID: id, Name: name, NIP: nip, CreatedAt: tx.Now}); err != nil {
				return err
			}
		}
		tx.About("identity", string(id))
		return nil
	})
	return id, err
}

// withNIP returns the identity with nip, "" when there is none.
func withNIP(ctx context.Context, tx *store.Tx, nip string) (ID, error) {
	var found []ID
	err := tx.NewSelect().Model((*Identity)(nil)).Column("id").Where("nip = ?", nip).Limit(1).Scan(ctx, &found)
	if len(found) == 0 {
		return "", err
	}
	return found[0], err
}
