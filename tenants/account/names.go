package account

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// namesMost bounds how many names one statement looks up.
const namesMost = 500

// Names returns the names of ids, for a caller who has found them in rows of their
// own tenant; of nobody else, and nothing but the name.
func (s *Service) Names(ctx context.Context, ids []ID) (names map[ID]string, err error) {
	defer fault.Wrap(&err, "look up names")
	names = map[ID]string{}
	if len(ids) == 0 {
		return names, nil
	}
	system := authz.AsSystem(ctx, 0)
	err = s.gate.Platform(system, authz.AccountRead, "", func(tx *store.Tx) error {
		for chunk := range slices.Chunk(ids, namesMost) {
			var found []Identity
			err := tx.NewSelect().Model(&found).Column("id", "name").Where("id IN (?)", bun.List(chunk)).Scan(ctx)
			if err != nil {
				return err
			}
			for _, i := range found {
				names[i.ID] = i.Name
			}
		}
		return nil
	})
	return names, err
}
