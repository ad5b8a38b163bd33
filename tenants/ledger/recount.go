package ledger

import (
	"context"

	"github.com/wiyata-id/wiyata/platform/store"
)

// A Year is what the own people of a tenant earned in it.
type Year struct {
	Year         int
	JP           int // lesson hours
	Certificates int
}

// Earned sums the lines of the tenant acted in by year: what the counts must come to.
// Lines that name a second party were earned elsewhere.
func Earned(ctx context.Context, tx *store.Tx) (all []Year, err error) {
	err = tx.NewSelect().Model((*Credit)(nil)).ColumnExpr("year, sum(jp) AS jp, count(*) AS certificates").
		Where("tenant_id = ? AND party_id IS NULL", tx.Tenant).Group("year").Order("year").Scan(ctx, &all)
	return all, err
}

// A Doubt is a line that its certificate does not bear out.
type Doubt struct {
	Source    string
	JP        int // as the line says
	Certified int // as the certificate says; 0 when there is none
}

// Doubtful returns up to 200 lines of the tenant acted in that differ from the
// certificates that they come from.
func Doubtful(ctx context.Context, tx *store.Tx) (all []Doubt, err error) {
	err = tx.NewRaw(`SELECT l.source, l.jp, coalesce(c.jp, 0) AS certified FROM credit l
		LEFT JOIN certificate c ON c.party_id = ? AND l.source = 'certificate:' || c.id
		WHERE l.tenant_id = ? AND l.party_id IS NULL AND l.source LIKE 'certificate:%' AND (c.id IS NULL OR c.jp <> l.jp)
		ORDER BY l.id LIMIT ?`, tx.Tenant, tx.Tenant, pageSize).Scan(ctx, &all)
	return all, err
}
