// Package stat keeps the counts that overseers may see.
//
// A write appends a delta to its own tenant's counts and never updates a counter:
// a counter is where all writers of a tenant would meet. A sum over a province or
// the nation is made when it is read. Counts say how many, never who.
package stat

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// A Kind is something that is counted, per year.
type Kind string

const (
	CreditedJP   Kind = "credited_jp"  // lesson hours credited
	Certificates Kind = "certificates" // certificates whose hours have been credited
)

type delta struct {
	bun.BaseModel `bun:"table:stat_delta"`

	TenantID tenants.ID `bun:",pk"`
	ID       string     `bun:",pk"`
	Kind     Kind
	Year     int
	N        int
}

// Add appends n to the tenant's count of kind in year.
func Add(ctx context.Context, tx *store.Tx, kind Kind, year, n int) error {
	d := delta{TenantID: tx.Tenant, ID: tx.NewID(), Kind: kind, Year: year, N: n}
	_, err := tx.NewInsert().Model(&d).Exec(ctx)
	return err
}

// A Count is one tenant's sum.
type Count struct {
	TenantID tenants.ID
	N        int
}

// Sum returns the counts of kind in year of every tenant in reach that has any,
// through the Oversee door.
func Sum(ctx context.Context, tx *store.Tx, kind Kind, year int) (counts []Count, err error) {
	q := tx.NewSelect().Model((*delta)(nil)).ColumnExpr("tenant_id, sum(n) AS n").
		Where("kind = ? AND year = ?", kind, year).Group("tenant_id").Order("tenant_id")
	if !tx.Nation {
		q = q.Where("tenant_id IN (?)", bun.List(tx.Tree))
	}
	err = q.Scan(ctx, &counts)
	return counts, err
}
