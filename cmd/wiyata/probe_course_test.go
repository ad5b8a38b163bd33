package main

import (
	"context"
	"fmt"

	"github.com/wiyata-id/wiyata/platform/store"
)

// completions probes that others learn of somebody's training when they name the person
// and the course type, and its own host always.
func (l *teller) completions(ctx context.Context) error {
	subject := "trained:bimtek:" + string(l.ids["andi"])
	host, other := store.Reach{Door: store.DoorRead, Tenant: l.run.TenantID}, store.Reach{Door: store.DoorRead, Tenant: l.id("13")}
	for _, look := range []struct {
		name  string
		reach store.Reach
		asks  bool
		count string
		want  int
	}{
		{"completions of the host", host, false, fmt.Sprintf("completion WHERE tenant_id = %d", l.run.TenantID), 2},
		{"a completion asked about", other, true, "completion WHERE subject = '" + subject + "'", 1},
	} {
		var n int
		err := l.db.View(ctx, look.reach, func(tx *store.Tx) error {
			if look.asks {
				if err := tx.Ask(ctx, subject); err != nil {
					return err
				}
			}
			return tx.NewRaw("SELECT count(*) FROM "+look.count).Scan(ctx, &n)
		})
		if err := same(look.name, n, look.want, err); err != nil {
			return err
		}
	}
	return nil
}
