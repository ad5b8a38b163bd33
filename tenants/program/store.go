package program

import (
	"context"
	"errors"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// enablings returns what the tenant acted in has decided about course types.
func enablings(ctx context.Context, tx *store.Tx) (all []Enabling, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ?", tx.Tenant).Order("key").Scan(ctx)
	return all, err
}

// enabling returns what the tenant acted in has decided about key; zero for nothing.
func enabling(ctx context.Context, tx *store.Tx, key string) (e Enabling, err error) {
	err = store.Err(tx.NewSelect().Model(&e).Where("tenant_id = ? AND key = ?", tx.Tenant, key).Scan(ctx))
	if errors.Is(err, fault.NotFound) {
		return Enabling{}, nil
	}
	return e, err
}

// saveEnabling stores e, in the place of what was decided before.
func saveEnabling(ctx context.Context, tx *store.Tx, e Enabling) error {
	_, err := tx.NewInsert().Model(&e).On("CONFLICT (tenant_id, key) DO UPDATE").
		Set("asks = EXCLUDED.asks").Set("enabled_by = EXCLUDED.enabled_by").Set("enabled_at = EXCLUDED.enabled_at").Set("disabled_at = NULL").Exec(ctx)
	return store.Err(err)
}

// saveDisabling ends the offer of key. Errors: fault.NotFound when there is none.
func saveDisabling(ctx context.Context, tx *store.Tx, key string) error {
	return store.One(tx.NewUpdate().Model((*Enabling)(nil)).Set("disabled_at = ?", tx.Now).
		Where("tenant_id = ? AND key = ? AND disabled_at IS NULL", tx.Tenant, key).Exec(ctx))
}
