package employee

import (
	"context"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// Places returns the tenants in which person, whom a Platform transaction has recognised,
// is in service.
func Places(ctx context.Context, tx *store.Tx, person account.ID) (in []tenants.ID, err error) {
	err = tx.NewSelect().Model((*Employee)(nil)).Column("tenant_id").Where("identity_id = ? AND active", person).Scan(ctx, &in)
	return in, err
}
