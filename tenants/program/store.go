package program

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
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

// listDecrees returns the decrees that the tenant acted in has laid before itself, without
// their files.
func listDecrees(ctx context.Context, tx *store.Tx) (all []Decree, err error) {
	err = tx.NewSelect().Model(&all).ExcludeColumn("file").Where("tenant_id = ?", tx.Tenant).Order("id").Scan(ctx)
	return all, err
}

// listConfirmations returns what the tenant acted in and LAN have confirmed.
func listConfirmations(ctx context.Context, tx *store.Tx) (all []confirmation, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id IN (?, ?) AND published_at IS NOT NULL", tx.Tenant, tenants.LAN).Order("tenant_id", "id").Scan(ctx)
	return all, err
}

// decreeOf returns the decree of a rule-set, without its file. Errors: fault.NotFound.
func decreeOf(ctx context.Context, tx *store.Tx, courseType, ruleSet string) (d Decree, err error) {
	err = tx.NewSelect().Model(&d).ExcludeColumn("file").
		Where("tenant_id = ? AND course_type = ? AND rule_set = ?", tx.Tenant, courseType, ruleSet).Scan(ctx)
	return d, store.Err(err)
}

// findDecree returns decree id, without its file. Errors: fault.NotFound.
func findDecree(ctx context.Context, tx *store.Tx, id string) (d Decree, err error) {
	err = tx.NewSelect().Model(&d).ExcludeColumn("file").Where("tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx)
	return d, store.Err(err)
}

// decreeFile returns the PDF of decree id. Errors: fault.NotFound.
func decreeFile(ctx context.Context, tx *store.Tx, id string) (file []byte, err error) {
	err = tx.NewSelect().Model((*Decree)(nil)).Column("file").Where("tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx, &file)
	return file, store.Err(err)
}

// saveDecree stores d, in the place of the one that its rule-set has.
func saveDecree(ctx context.Context, tx *store.Tx, d Decree) error {
	q := tx.NewInsert().Model(&d).On("CONFLICT (tenant_id, course_type, rule_set) DO UPDATE")
	for _, column := range []string{"decree", "day", "file", "declared_by", "declared_at"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
	}
	_, err := q.Exec(ctx)
	return store.Err(err)
}

func markConfirmed(ctx context.Context, tx *store.Tx, id string) error {
	return store.One(tx.NewUpdate().Model((*Decree)(nil)).Set("confirmed_by = ?", tx.Actor).Set("confirmed_at = ?", tx.Now).
		Where("tenant_id = ? AND id = ?", tx.Tenant, id).Exec(ctx))
}

func publish(ctx context.Context, tx *store.Tx, c confirmation) error {
	_, err := tx.NewInsert().Model(&c).Exec(ctx)
	return store.Err(err)
}

// ConfirmedBy is the column of who answers for the rule-set of a row of table: LAN, which
// has the lowest id of all, before the row's own tenant; NULL = nobody.
func ConfirmedBy(table string) (expr string, lan tenants.ID) {
	return `(SELECT min(c.tenant_id) FROM confirmation AS c WHERE c.tenant_id IN (` + table + `.tenant_id, ?) AND c.course_type = ` + table + `.course_type
		AND c.rule_set = ` + table + `.rule_set AND c.published_at IS NOT NULL) AS confirmed_by`, tenants.LAN
}
