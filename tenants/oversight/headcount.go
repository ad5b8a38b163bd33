package oversight

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

// A Row is the people of one government, or of a province with all below it.
type Row struct {
	Government tenants.Government
	Heads      stat.Heads // nil when nobody there has counted anybody yet: no data is not zero
	Reporting  int        // governments in it that have counted anybody
	Of         int        // governments in it
}

// Known reports whether there is any data behind r.
func (r Row) Known() bool { return r.Reporting > 0 }

// Total is how many people there are.
func (r Row) Total() (n int) {
	for _, m := range r.Heads {
		n += m
	}
	return n
}

// Kind is how many of them are employed as kind.
func (r Row) Kind(kind employee.Kind) (n int) {
	for g, m := range r.Heads {
		if g.Employment == string(kind) {
			n += m
		}
	}
	return n
}

// Sex is how many of them are of sex; "" is not known.
func (r Row) Sex(sex stat.Sex) (n int) {
	for g, m := range r.Heads {
		if g.Sex == sex {
			n += m
		}
	}
	return n
}

// add sums heads of one government into r.
func (r *Row) add(heads stat.Heads) {
	r.Of++
	if heads == nil {
		return
	}
	r.Reporting++
	if r.Heads == nil {
		r.Heads = stat.Heads{}
	}
	for g, n := range heads {
		r.Heads[g] += n
	}
}

// A Report is the people in service at the end of a day, on that day's tree.
type Report struct {
	Day   civil.Date
	At    time.Time          // when it was counted
	Above tenants.Government // the province that Rows are of; zero for the nation, whose rows are provinces
	Up    bool               // there is a nation above Above to go back to
	Total Row
	Rows  []Row // the largest first, those without data last
}

// Nation reports whether r's rows are provinces.
func (r Report) Nation() bool { return r.Above.ID == 0 }

// Headcounts returns the people in service on day (the zero date for today) below the
// tenant acted in: for a national body by province, or by government of the province
// with that code; for a province, of its own. Exact counts are shown, however small,
// and that they were is written into the overseer's own trail first.
// Errors: fault.Invalid (tanggal) for a day to come; fault.NotFound for a province
// that is not below, or was none that day.
func (s *Service) Headcounts(ctx context.Context, day civil.Date, province string) (r Report, err error) {
	defer fault.Wrap(&err, "headcounts on %s", day)
	a, _ := authz.ActorFrom(ctx)
	today := s.registry.Today()
	if day.IsZero() {
		day = today
	}
	if day.String() > today.String() {
		return r, fault.At("tanggal", "Tanggal ini belum tiba. Pilih hari ini atau hari yang sudah lewat.")
	}
	about := store.Subject{Kind: "headcount", ID: day.String()}
	if province != "" {
		about.ID += " " + province
	}
	err = s.gate.Oversee(ctx, authz.OversightRead, day, about, func(tx *store.Tx) error {
		r = Report{Day: day, At: tx.Now, Up: tx.Nation && province != ""}
		tree := s.registry.On(day)
		above, err := within(tree, tx.Nation, a.Tenant, province)
		if err != nil {
			return err
		}
		heads, err := stat.Headcounts(ctx, tx, day)
		if err != nil {
			return err
		}
		r.Above = above
		r.fill(tree, heads)
		return nil
	})
	return r, err
}

// within is the government whose members are to be listed: of a nation's overseer the
// province asked for, none for all provinces; of any other their own.
func within(tree []tenants.Government, nation bool, own tenants.ID, province string) (above tenants.Government, err error) {
	for _, g := range tree {
		switch {
		case nation && province == "":
			return tenants.Government{}, nil
		case nation && g.Code == province && g.Kind == tenants.Province, !nation && g.ID == own && (province == "" || g.Code == province):
			return g, nil
		}
	}
	return above, fault.Missing()
}

// fill sums heads up along tree.
func (r *Report) fill(tree []tenants.Government, heads map[tenants.ID]stat.Heads) {
	at := map[tenants.ID]int{} // government whose row it is → place
	for _, g := range tree {
		if r.Nation() && g.Kind == tenants.Province || !r.Nation() && (g.ID == r.Above.ID || g.Parent == r.Above.ID) {
			at[g.ID] = len(r.Rows)
			r.Rows = append(r.Rows, Row{Government: g})
		}
	}
	for _, g := range tree {
		in := g.ID
		if r.Nation() && g.Parent != 0 {
			in = g.Parent
		}
		if i, ok := at[in]; ok {
			r.Rows[i].add(heads[g.ID])
			r.Total.add(heads[g.ID])
		}
	}
	slices.SortStableFunc(r.Rows, func(a, b Row) int {
		if a.Known() != b.Known() {
			return cmp.Compare(b.Reporting, a.Reporting)
		}
		return cmp.Compare(b.Total(), a.Total())
	})
}

// employments are the columns of a report, with their names on screen.
var employments = []struct {
	kind employee.Kind
	name string
}{
	{employee.PNS, "PNS"}, {employee.CPNS, "CPNS"}, {employee.PPPK, "PPPK"}, {"PPPK_PART_TIME", "PPPK paruh waktu"}, {employee.NonASN, "Non-ASN"},
}
