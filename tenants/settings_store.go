package tenants

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

func sumVersions(ctx context.Context, tx *store.Tx) (sum int64, err error) {
	err = tx.NewSelect().Model((*Profile)(nil)).ColumnExpr("coalesce(sum(version), 0)").Where("published_at IS NOT NULL").Scan(ctx, &sum)
	return sum, err
}

// profiles returns those of all governments: a row each at most.
func profiles(ctx context.Context, tx *store.Tx) (all []Profile, err error) {
	err = tx.NewSelect().Model(&all).Where("published_at IS NOT NULL").Scan(ctx)
	return all, err
}

// stored returns the profile of the tenant acted in; version 0 when there is none.
func stored(ctx context.Context, tx *store.Tx) (p Profile, err error) {
	var all []Profile
	err = tx.NewSelect().Model(&all).Where("tenant_id = ?", tx.Tenant).Limit(1).Scan(ctx)
	if err != nil || len(all) == 0 {
		return Profile{TenantID: tx.Tenant, Language: "id"}, err
	}
	return all[0], nil
}

// put stores p over version read. Errors: fault.Conflict when that is not the last one.
func put(ctx context.Context, tx *store.Tx, p Profile, read int) error {
	if read == 0 {
		_, err := tx.NewInsert().Model(&p).Exec(ctx)
		return store.Err(err)
	}
	return store.One(tx.NewUpdate().Model(&p).Where("tenant_id = ? AND version = ?", tx.Tenant, read).Exec(ctx))
}

// weeks returns the exceptions of the tenant acted in, the first one first.
func weeks(ctx context.Context, tx *store.Tx) (all []WorkWeek, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ?", tx.Tenant).Order("from_day").Limit(mostWeeks + 1).Scan(ctx)
	return all, err
}

// holidays returns the published days off of governments from from to to.
func holidays(ctx context.Context, tx *store.Tx, of []ID, from, to civil.Date) (all []Holiday, err error) {
	err = tx.NewSelect().Model(&all).
		Where("tenant_id IN (?) AND day >= ? AND day <= ? AND published_at IS NOT NULL", bun.List(of), from, to).
		Order("day", "tenant_id").Scan(ctx)
	return all, err
}

// dropHoliday removes a day off of the tenant acted in. Errors: fault.NotFound.
func dropHoliday(ctx context.Context, tx *store.Tx, id string) error {
	return store.One(tx.NewDelete().Model((*Holiday)(nil)).Where("tenant_id = ? AND id = ?", tx.Tenant, id).Exec(ctx))
}

// dropWeek removes an exception of the tenant acted in. Errors: fault.NotFound.
func dropWeek(ctx context.Context, tx *store.Tx, id string) error {
	return store.One(tx.NewDelete().Model((*WorkWeek)(nil)).Where("tenant_id = ? AND id = ?", tx.Tenant, id).Exec(ctx))
}

// offices returns those of the tenant acted in with all who held them, the last first.
func offices(ctx context.Context, tx *store.Tx) (all []Office, err error) {
	if err = tx.NewSelect().Model(&all).Where("tenant_id = ?", tx.Tenant).Order("name").Limit(mostOffices).Scan(ctx); err != nil {
		return nil, err
	}
	var held []Holder
	if err = tx.NewSelect().Model(&held).Where("tenant_id = ?", tx.Tenant).Order("from_day DESC", "id DESC").Limit(mostHolders).Scan(ctx); err != nil {
		return nil, err
	}
	for i, o := range all {
		for _, h := range held {
			if h.OfficeID == o.ID {
				all[i].Holders = append(all[i].Holders, h)
			}
		}
	}
	return all, nil
}

// FindOffice returns an office of the tenant acted in with all who held it, the last
// first. Errors: fault.NotFound.
func FindOffice(ctx context.Context, tx *store.Tx, id string) (o Office, err error) {
	if err = tx.NewSelect().Model(&o).Where("tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx); err != nil {
		return Office{}, store.Err(err)
	}
	err = tx.NewSelect().Model(&o.Holders).Where("tenant_id = ? AND office_id = ?", tx.Tenant, id).
		Order("from_day DESC", "id DESC").Limit(mostHolders).Scan(ctx)
	return o, err
}

// putRow inserts row when version is 1, else stores it over the version before. A unique
// key that is taken stays the driver's error, for the caller to name.
// Errors: fault.Conflict when version is not the one after the last.
func putRow(ctx context.Context, tx *store.Tx, row any, version int) error {
	if version == 1 {
		_, err := tx.NewInsert().Model(row).Exec(ctx)
		return err
	}
	result, err := tx.NewUpdate().Model(row).WherePK().Where("tenant_id = ? AND version = ?", tx.Tenant, version-1).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.Conflict, "Data ini sudah diubah orang lain. Muat ulang halaman, lalu ulangi perubahan Anda.")
}
