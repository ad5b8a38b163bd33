package oversight

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/ledger"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

// A Drift is a count that does not follow from the facts, or a fact that does not
// follow from its source.
type Drift struct {
	Tenant   tenants.ID `json:"tenant"`
	Measure  string     `json:"measure"`
	Dims     string     `json:"dims,omitempty"` // "PNS/F"; of a fact or a fold, which one
	Year     int        `json:"year,omitempty"` // 0 of what stands
	Expected int        `json:"expected"`
	Found    int        `json:"found"`
	Folded   int        `json:"folded"` // of Found, what folds say; the rest is deltas
	What     string     `json:"what"`   // in Indonesian
}

// String is d for people.
func (d Drift) String() string {
	of := d.Measure
	if d.Dims != "" {
		of += " " + d.Dims
	}
	if d.Year != 0 {
		of += fmt.Sprintf(" tahun %d", d.Year)
	}
	return fmt.Sprintf("instansi %d, %s: %s (seharusnya %d, tercatat %d: lipatan %d, delta %d)", d.Tenant, of, d.What, d.Expected, d.Found, d.Folded, d.Found-d.Folded)
}

// Recount counts each tenant's employees and credits again and names every count that
// says otherwise. It reads one tenant after another, each in one snapshot and by the
// Read door: no more is in reach than when that tenant reads itself. A suspended
// tenant is left out: nobody acts in it, the machine neither.
func (s *Service) Recount(ctx context.Context) (found []Drift, counted int, err error) {
	defer fault.Wrap(&err, "recount")
	for _, g := range s.registry.All() {
		if s.registry.Closed(g.ID) != nil {
			continue
		}
		err := s.gate.Read(authz.AsSystem(ctx, g.ID), authz.StatFold, func(tx *store.Tx) error {
			drifts, err := recount(ctx, tx)
			found = append(found, drifts...)
			return err
		})
		if err != nil {
			return nil, 0, fmt.Errorf("tenant %d: %w", g.ID, err)
		}
		counted++
	}
	return found, counted, nil
}

// A cell names a sum as Totals lists it.
type cell struct {
	kind stat.Kind
	dims string
	year int
}

func recount(ctx context.Context, tx *store.Tx) (found []Drift, err error) {
	due := map[cell]int{}
	heads, err := employee.Census(ctx, tx)
	if err != nil {
		return nil, err
	}
	for g, n := range heads {
		of := g.Of()
		due[cell{of.Kind, of.Dims, 0}] = n
	}
	earned, err := ledger.Earned(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, y := range earned {
		due[cell{stat.CreditedJP, "", y.Year}] = y.JP
		due[cell{stat.Certificates, "", y.Year}] = y.Certificates
	}
	totals, err := stat.Totals(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, t := range totals {
		key := cell{t.Kind, t.Dims, t.Year}
		if want := due[key]; want != t.N {
			found = append(found, Drift{tx.Tenant, string(t.Kind), t.Dims, t.Year, want, t.N, t.Folded, "jumlah tercatat tidak cocok dengan data"})
		}
		delete(due, key)
	}
	for key, n := range due {
		if n != 0 {
			found = append(found, Drift{tx.Tenant, string(key.kind), key.dims, key.year, n, 0, 0, "data tidak terhitung"})
		}
	}
	slices.SortFunc(found, func(a, b Drift) int {
		return cmp.Or(cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Dims, b.Dims), cmp.Compare(a.Year, b.Year))
	})
	misfits, err := stat.Misfits(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, m := range misfits {
		found = append(found, Drift{Tenant: tx.Tenant, Measure: string(m.Kind), Dims: m.Dims, Year: m.Year, Found: m.N, Folded: m.N, What: "lipatan bukan atas kunci yang tertulis padanya"})
	}
	doubtful, err := ledger.Doubtful(ctx, tx)
	for _, d := range doubtful {
		found = append(found, Drift{Tenant: tx.Tenant, Measure: "credit", Dims: d.Source, Expected: d.Certified, Found: d.JP, What: "JP pada buku tidak cocok dengan sertifikatnya"})
	}
	return found, err
}
