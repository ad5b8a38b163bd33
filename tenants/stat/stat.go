// Package stat keeps the counts that overseers may see.
//
// A write appends a delta to its own tenant's counts and never updates a counter:
// a counter is where all writers of a tenant would meet. A sum over a province or
// the nation is made when it is read. Counts say how many, never who.
//
// What is counted is a Kind, divided by dimensions that the kind knows. A flow, such
// as hours credited, counts in a year; a stock, such as the people in service, from a
// day on, so that a report of last year is of last year's numbers.
//
// Deltas do not pile up: each hour those of a tenant are folded (fold.go) into one
// row per kind, dimensions and day. A fold stands in the table of the deltas, in
// place of them, so that every reader, one of the release before too, sums one table
// in one snapshot and is exact while folding runs. It is by day and not by month: a
// sum as of any day stays exact, and offices appoint, promote and retire people on
// few days of a month.
package stat

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// A Kind is something that is counted.
type Kind string

const (
	CreditedJP   Kind = "credited_jp"  // lesson hours credited, in a year
	Certificates Kind = "certificates" // certificates whose hours have been credited, in a year
	Headcount    Kind = "headcount"    // people in service, from a day on, by Group
)

// A delta is a change of a count, or the sum of many.
type delta struct {
	bun.BaseModel `bun:"table:stat_delta"`

	TenantID tenants.ID `bun:",pk"`
	ID       string     `bun:",pk"`
	Kind     Kind
	Year     int
	N        int
	Dims     string     // as the kind writes them, "" for none
	Day      civil.Date // from which it counts; zero = in the whole year
	Folded   bool       // a sum, whose ID follows from what it sums
}

// Add appends n to the tenant's count of kind in year.
func Add(ctx context.Context, tx *store.Tx, kind Kind, year, n int) error {
	return insert(ctx, tx, delta{Kind: kind, Year: year, N: n})
}

func insert(ctx context.Context, tx *store.Tx, d delta) error {
	d.TenantID, d.ID = tx.Tenant, tx.NewID()
	_, err := tx.NewInsert().Model(&d).Exec(ctx)
	return err
}

// A Sex is as a civil servant's number says it; "" is not known.
type Sex string

const (
	Male   Sex = "M"
	Female Sex = "F"
)

// A Group is what a headcount is divided by.
type Group struct {
	Employment string // kind of employment: PNS, CPNS, PPPK, PPPK_PART_TIME, NON_ASN
	Sex        Sex
}

// dims is how a Group is stored: "PNS/F".
func (g Group) dims() string { return g.Employment + "/" + string(g.Sex) }

// groupOf reads what dims wrote.
func groupOf(dims string) Group {
	employment, sex, _ := strings.Cut(dims, "/")
	return Group{employment, Sex(sex)}
}

// AddHeadcount counts n people more of group g (fewer when n is negative) in the
// tenant acted in, from day on. Whoever registers, activates, deactivates or moves
// somebody, or changes kind or sex, calls it in the same transaction, once with -1 for
// the group left and once with +1 for the one entered.
func AddHeadcount(ctx context.Context, tx *store.Tx, g Group, day civil.Date, n int) error {
	return insert(ctx, tx, delta{Kind: Headcount, Year: day.Year, Day: day, Dims: g.dims(), N: n})
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
	err = within(q, tx).Scan(ctx, &counts)
	return counts, err
}

// Heads is how many people of each group are in service in a tenant. A tenant that
// has never counted anybody has none, which is not zero.
type Heads map[Group]int

// Headcounts returns the people in service at the end of day, of every tenant in reach
// that has counted any by then, through the Oversee door.
func Headcounts(ctx context.Context, tx *store.Tx, day civil.Date) (map[tenants.ID]Heads, error) {
	var sums []struct {
		TenantID tenants.ID
		Dims     string
		N        int
	}
	q := tx.NewSelect().Model((*delta)(nil)).ColumnExpr("tenant_id, dims, sum(n) AS n").
		Where("kind = ? AND day <= ?", Headcount, day).Group("tenant_id", "dims")
	if err := within(q, tx).Scan(ctx, &sums); err != nil {
		return nil, err
	}
	all := map[tenants.ID]Heads{}
	for _, s := range sums {
		if all[s.TenantID] == nil {
			all[s.TenantID] = Heads{}
		}
		all[s.TenantID][groupOf(s.Dims)] += s.N
	}
	return all, nil
}

// within narrows q to the tenants in reach of the Oversee door.
func within(q *bun.SelectQuery, tx *store.Tx) *bun.SelectQuery {
	if tx.Nation {
		return q
	}
	return q.Where("tenant_id IN (?)", bun.List(tx.Tree))
}

// A Total is what the tenant acted in has counted of one kind and dimensions: in a
// year, or of a stock as it stands with all that is counted from later days too.
type Total struct {
	Kind   Kind
	Dims   string // "PNS/F"
	Year   int    // 0 of a stock
	N      int
	Folded int // of N, what folds say
}

// Totals returns everything that the tenant acted in has counted, for a recount.
func Totals(ctx context.Context, tx *store.Tx) (all []Total, err error) {
	err = tx.NewSelect().Model((*delta)(nil)).
		ColumnExpr("kind, dims, CASE WHEN day IS NULL THEN year ELSE 0 END AS year, sum(n) AS n, sum(CASE WHEN folded THEN n ELSE 0 END) AS folded").
		Where("tenant_id = ?", tx.Tenant).GroupExpr("1, 2, 3").OrderExpr("1, 2, 3").Scan(ctx, &all)
	return all, err
}

// Of returns the kind, dimensions and year under which Totals lists a group of heads.
func (g Group) Of() Total { return Total{Kind: Headcount, Dims: g.dims()} }

// Misfits returns up to 100 folds of the tenant acted in that do not stand under the
// id of what they say that they sum up: their kind, day or dimensions were changed.
func Misfits(ctx context.Context, tx *store.Tx) (found []Total, err error) {
	var folds []delta
	err = tx.NewSelect().Model(&folds).Where("tenant_id = ? AND folded", tx.Tenant).Order("id").Scan(ctx)
	for _, d := range folds {
		if d.ID != d.sumID() && len(found) < 100 {
			found = append(found, Total{Kind: d.Kind, Dims: d.Dims, Year: d.Year, N: d.N, Folded: d.N})
		}
	}
	return found, err
}
