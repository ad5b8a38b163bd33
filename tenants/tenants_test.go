package tenants

import (
	"context"
	"slices"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

var today = civil.Date{Year: 2026, Month: 11, Day: 22}

// TestTreeOfADay: a regency that moved to a new province stands below each of them
// in its time, under the code of that time.
func TestTreeOfADay(t *testing.T) {
	split := civil.Date{Year: 2022, Month: 11, Day: 11}
	before, after := civil.Date{Year: 2022, Month: 11, Day: 10}, split
	r := NewRegistry(today, []Government{
		{ID: 1, Kind: National, Code: "LAN", Slug: "lan"},
		{ID: 10, Kind: Province, Code: "91", Slug: "91"},
		{ID: 20, Kind: Province, Code: "93", Slug: "93", From: split},
		{ID: 11, Kind: Regency, Code: "91.01", Slug: "91-01", Parent: 10, To: split},
		{ID: 11, Kind: Regency, Code: "93.01", Slug: "93-01", Parent: 20, From: split},
	})
	for _, tc := range []struct {
		id     ID
		day    civil.Date
		tree   []ID
		nation bool
	}{
		{10, before, []ID{10, 11}, false}, {10, after, []ID{10}, false}, {10, civil.Date{}, []ID{10}, false},
		{20, before, nil, false}, {20, after, []ID{20, 11}, false}, {1, before, nil, true}, {99, after, nil, false},
	} {
		tree, nation := r.Below(tc.id, tc.day)
		if !slices.Equal(tree, tc.tree) || nation != tc.nation {
			t.Errorf("below %d on %s: %v %v, want %v %v", tc.id, tc.day, tree, nation, tc.tree, tc.nation)
		}
	}
	if g := r.Find(11); g.Code != "93.01" || len(r.All()) != 4 {
		t.Errorf("today it is %s, of %d tenants", g.Code, len(r.All()))
	}
}

// TestTable: 546 governments and three national bodies, and what DOMAIN's rules R4
// and R5 say of them.
func TestTable(t *testing.T) {
	all, err := readTable()
	if err != nil {
		t.Fatal(err)
	}
	r := NewRegistry(today, all)
	kinds := map[Kind]int{}
	for _, g := range all {
		kinds[g.Kind]++
		parent := r.Find(g.Parent)
		switch g.Kind {
		case Regency, City:
			if parent.Kind != Province || g.Code[:2] != parent.Code {
				t.Errorf("%s stands below %q", g.Code, parent.Code)
			}
			if city := g.Code[3] >= '7'; city != (g.Kind == City) {
				t.Errorf("%s is a %s", g.Code, g.Kind)
			}
			if g.Zone != parent.Zone {
				t.Errorf("%s lies in %s, its province in %s", g.Code, g.Zone, parent.Zone)
			}
		default:
			if g.Parent != 0 {
				t.Errorf("%s has a parent", g.Code)
			}
		}
		if !g.Zone.Valid() || g.Name == "" {
			t.Errorf("%s: zone %q, name %q", g.Code, g.Zone, g.Name)
		}
	}
	for kind, want := range map[Kind]int{Province: 38, Regency: 415, City: 93, National: 3} {
		if kinds[kind] != want {
			t.Errorf("%d of kind %s, want %d", kinds[kind], kind, want)
		}
	}
	if n := len(r.Governments()); n != 546 {
		t.Errorf("%d governments, want 546", n)
	}
	for code, want := range map[string]struct {
		bkn  string
		zone civil.Zone
	}{
		"35.23": {"6528", civil.WIB}, "15.03": {"5506", civil.WIB}, "34.03": {"6303", civil.WIB}, "15": {"5500", civil.WIB},
		"53": {"", civil.WITA}, "93.01": {"8007", civil.WIT},
	} {
		g, err := r.ByCode(code)
		if err != nil || want.bkn != "" && g.BKN != want.bkn || g.Zone != want.zone {
			t.Errorf("%s = %+v (%v), want %+v", code, g, err, want)
		}
	}
	for _, code := range []string{"31.01", "31.71", "31.72", "31.73", "31.74", "31.75"} {
		if _, err := r.ByCode(code); err == nil {
			t.Errorf("%s, an administrative area of Jakarta, is taken for a government", code)
		}
	}
	for id, code := range map[ID]string{LAN: "LAN", BKN: "BKN", Kemendagri: "KEMENDAGRI"} {
		if g := r.Find(id); g.Code != code || g.Kind != National || g.Zone != civil.WIB || g.Parent != 0 {
			t.Errorf("tenant %d = %+v, want %s", id, g, code)
		}
	}
}

var template = storetest.Template{Guard: storetest.NewGuard(migrations.Tables), Prepare: func(ctx context.Context, db *store.DB) error {
	return migrations.Up(ctx, db.SQL(), db.Engine)
}}

// TestSeedTwice: the seed is idempotent, and what is loaded is what was seeded.
func TestSeedTwice(t *testing.T) {
	t.Cleanup(template.Remove)
	template.Each(t, func(t *testing.T, db *store.DB) {
		ctx := authz.AsSystem(context.Background(), 0)
		policy, err := authz.LoadPolicy()
		if err != nil {
			t.Fatal(err)
		}
		gate := authz.New(db, policy, authz.Relations{})
		for range 2 {
			if err := Seed(ctx, gate); err != nil {
				t.Fatal(err)
			}
		}
		r, err := Load(ctx, gate, civil.Date{Year: 2026, Month: 11, Day: 22})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(r.All()); n != 549 {
			t.Errorf("%d tenants loaded, want 549", n)
		}
		jambi, err := r.BySlug("15")
		if err != nil {
			t.Fatal(err)
		}
		if tree, nation := r.Below(jambi.ID, civil.Date{}); nation || len(tree) != 12 {
			t.Errorf("Provinsi Jambi stands above %d governments with itself, want 12 (nation %v)", len(tree), nation)
		}
		if _, nation := r.Below(LAN, civil.Date{}); !nation {
			t.Error("LAN does not stand above the nation")
		}
	})
}
