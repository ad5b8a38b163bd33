package employee

import (
	"context"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

// group is where e counts, "" of the sex where nobody has said it. A row of the release
// before has no sex of its own; it was counted by its number.
func (e Employee) group() stat.Group {
	g := stat.Group{Employment: string(e.Kind), Sex: stat.Sex(e.Sex)}
	if n, err := ParseNIP(e.NIP); err == nil && g.Sex == "" {
		g.Sex = stat.Male
		if n.Female {
			g.Sex = stat.Female
		}
	}
	return g
}

// count moves the headcount from what old was to what now is; the zero Employee is nobody.
func count(ctx context.Context, tx *store.Tx, old, now Employee) error {
	if old.Active == now.Active && (!now.Active || old.group() == now.group()) {
		return nil
	}
	today := civil.DateOf(tx.Now, civil.WIB)
	if old.Active {
		if err := stat.AddHeadcount(ctx, tx, old.group(), today, -1); err != nil {
			return err
		}
	}
	if now.Active {
		return stat.AddHeadcount(ctx, tx, now.group(), today, 1)
	}
	return nil
}

// recount moves the headcount by those who have come and those who have changed, once for
// each group.
func recount(ctx context.Context, tx *store.Tx, added, changed []Row) error {
	moves := stat.Heads{}
	for _, row := range added {
		moves[row.counted().group()]++
	}
	for _, row := range changed {
		now := row.counted()
		old := now
		for _, d := range row.Diff {
			switch d.Field {
			case "kind":
				old.Kind = Kind(d.Old)
			case "sex":
				old.Sex = d.Old
			}
		}
		moves[old.group()]--
		moves[now.group()]++
	}
	for g, n := range moves {
		if n == 0 {
			continue
		}
		if err := stat.AddHeadcount(ctx, tx, g, civil.DateOf(tx.Now, civil.WIB), n); err != nil {
			return err
		}
	}
	return nil
}

// counted is of r's employee what a headcount is divided by.
func (r Row) counted() Employee {
	return Employee{NIP: r.NIP, Kind: r.Kind, Sex: r.Sex}
}

// Census counts the active employees of the tenant acted in, from their rows: what the
// headcounts must come to.
func Census(ctx context.Context, tx *store.Tx) (stat.Heads, error) {
	var all []Employee
	err := tx.NewSelect().Model(&all).Column("kind", "nip", "sex").Where("tenant_id = ? AND active", tx.Tenant).Scan(ctx)
	heads := stat.Heads{}
	for _, e := range all {
		heads[e.group()]++
	}
	return heads, err
}
