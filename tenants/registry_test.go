package tenants

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

func date(t testing.TB, text string) civil.Date {
	t.Helper()
	d, err := civil.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// counts are the provinces and the regencies and cities of a day's tree.
func counts(all []Government) (provinces, below int) {
	for _, g := range all {
		switch g.Kind {
		case Province:
			provinces++
		case Regency, City:
			below++
		}
	}
	return provinces, below
}

// TestPapua: the tables hold the splits of 2022: which province stood above whom,
// under which code, on the days around them.
func TestPapua(t *testing.T) {
	eras, err := readEras()
	if err != nil {
		t.Fatal(err)
	}
	r := NewRegistry(today, eras)
	id := func(code string) ID {
		g, err := r.ByCode(code)
		if err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		return g.ID
	}
	type sizes struct{ Provinces, Papua, Barat, Selatan, Tengah, Pegunungan, BaratDaya int } // of trees, with the province itself
	for day, want := range map[string]sizes{
		"2021-12-31": {34, 30, 14, 0, 0, 0, 0}, "2022-11-10": {34, 30, 14, 0, 0, 0, 0}, "2022-11-11": {37, 10, 14, 5, 9, 9, 0},
		"2022-12-08": {37, 10, 14, 5, 9, 9, 0}, "2022-12-09": {38, 10, 8, 5, 9, 9, 7}, "2026-11-22": {38, 10, 8, 5, 9, 9, 7},
	} {
		size := func(code string) int {
			tree, _ := r.Below(id(code), date(t, day))
			return len(tree)
		}
		provinces, below := counts(r.On(date(t, day)))
		if below != 508 {
			t.Errorf("on %s %d regencies and cities, want 508", day, below)
		}
		if diff := cmp.Diff(want, sizes{provinces, size("91"), size("92"), size("93"), size("94"), size("95"), size("96")}); diff != "" {
			t.Errorf("on %s (-want +got):\n%s", day, diff)
		}
	}
	for old, now := range map[string]string{
		"91.01": "93.01", "91.16": "93.02", "91.18": "93.04", "91.04": "94.01", "91.09": "94.04", "91.28": "94.08", "91.02": "95.01", "91.24": "95.08",
		"92.01": "96.01", "92.10": "96.05", "92.71": "96.71", "91.03": "91.03",
	} {
		if g, err := r.ByCode(old); err != nil || g.Code != now {
			t.Errorf("%s is %s today (%v), want %s", old, g.Code, err, now)
		}
	}
	marked := 0
	for _, g := range eras {
		if !g.Verified {
			marked++
		}
	}
	if marked != 30 {
		t.Errorf("%d eras are marked as not verified, want the 30 that began in 2022", marked)
	}
	for _, slug := range []string{"91-99", "93.01", "31-71", ""} {
		if _, err := r.BySlug(slug); !errors.Is(err, fault.NotFound) {
			t.Errorf("slug %q: %v", slug, err)
		}
	}
}

// TestSlugGivenOn: a slug that another government holds now is that one's, whoever had
// it before; of several former holders, the last one's.
func TestSlugGivenOn(t *testing.T) {
	first, second, third := civil.Date{Year: 2000, Month: 1, Day: 1}, civil.Date{Year: 2010, Month: 1, Day: 1}, civil.Date{Year: 2030, Month: 1, Day: 1}
	r := NewRegistry(today, []Government{
		{ID: 1, Kind: Regency, Code: "10.01", Slug: "10-01", To: first}, {ID: 1, Kind: Regency, Code: "11.01", Slug: "11-01", From: first},
		{ID: 2, Kind: Regency, Code: "10.01", Slug: "10-01", From: first, To: second}, {ID: 2, Kind: Regency, Code: "12.01", Slug: "12-01", From: second, To: third},
		{ID: 3, Kind: Regency, Code: "11.01", Slug: "11-01", To: first}, {ID: 3, Kind: Regency, Code: "10.02", Slug: "10-02", From: first},
		{ID: 2, Kind: Regency, Code: "14.01", Slug: "14-01", From: third},
	})
	for slug, want := range map[string]ID{"10-01": 2, "11-01": 1, "12-01": 2, "10-02": 3} {
		if g, err := r.BySlug(slug); err != nil || g.ID != want {
			t.Errorf("%s is tenant %d's (%v), want %d", slug, g.ID, err, want)
		}
	}
	if _, err := r.BySlug("14-01"); !errors.Is(err, fault.NotFound) {
		t.Errorf("a slug that nobody has yet: %v", err)
	}
}

// TestTreeAlwaysSums: whatever splits and moves there were, on every day each regency
// stands below exactly one province, so that the sum of the leaves is the nation's.
func TestTreeAlwaysSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := civil.Date{Year: 2001, Month: 1, Day: 1}
		day := func(n int) civil.Date {
			return civil.DateOf(start.At(0, 0, civil.WIB).AddDate(0, 0, n), civil.WIB)
		}
		all := []Government{{ID: 1, Kind: National, Code: "LAN", Slug: "lan", From: start}}
		add := func(a Addition) {
			g, err := a.era(all)
			if err != nil {
				t.Fatalf("%+v: %v", a, err)
			}
			all = append(all, g)
		}
		provinces := rapid.IntRange(1, 4).Draw(t, "provinces")
		regencies := rapid.IntRange(1, 12).Draw(t, "regencies")
		for p := range provinces {
			add(Addition{Kind: Province, Zone: civil.WIB, Code: fmt.Sprint(11 + p), Name: "P", From: start, Decree: "UU"})
		}
		for n := range regencies {
			p := fmt.Sprint(11 + n%provinces)
			add(Addition{Kind: Regency, Zone: civil.WIB, Code: fmt.Sprintf("%s.%02d", p, n+1), Parent: p, Name: "K", From: start, Decree: "UU"})
		}
		moves := rapid.IntRange(0, 20).Draw(t, "moves")
		for m := range moves {
			on := day(m*10 + rapid.IntRange(1, 10).Draw(t, "day"))
			if rapid.Bool().Draw(t, "split") && provinces < 60 {
				add(Addition{Kind: Province, Zone: civil.WIB, Code: fmt.Sprint(11 + provinces), Name: "P", From: on, Decree: "UU"})
				provinces++
			}
			var id ID
			n := rapid.IntRange(1, regencies).Draw(t, "regency")
			for _, g := range all {
				if g.Kind == Regency && g.Code[3:] == fmt.Sprintf("%02d", n) {
					id = g.ID
				}
			}
			parent := fmt.Sprint(11 + rapid.IntRange(0, provinces-1).Draw(t, "to"))
			c := Change{Act: Moved, Code: fmt.Sprintf("%s.%02d", parent, n), Parent: parent, From: on, Decree: "UU"}
			last, next, err := c.era(all, id)
			if err != nil {
				continue // it stands there already, or has just moved
			}
			for i := range all {
				if all[i].ID == last.ID && all[i].To.IsZero() {
					all[i].To = next.From
				}
			}
			all = append(all, next)
		}
		r := NewRegistry(day(400), all)
		for range 20 {
			on := day(rapid.IntRange(0, 300).Draw(t, "asked"))
			seen := map[ID]int{}
			codes := map[string]bool{}
			for _, g := range r.On(on) {
				if codes[g.Code] {
					t.Fatalf("on %s two have the code %s", on, g.Code)
				}
				codes[g.Code] = true
				if g.Kind != Province {
					continue
				}
				tree, _ := r.Below(g.ID, on)
				for _, id := range tree {
					seen[id]++
				}
			}
			leaves := 0
			for id, n := range seen {
				if n != 1 {
					t.Fatalf("on %s tenant %d stands in %d trees", on, id, n)
				}
				if r.Find(id).Kind == Regency {
					leaves++
				}
			}
			if leaves != regencies {
				t.Fatalf("on %s the provinces have %d regencies, the nation %d", on, leaves, regencies)
			}
		}
	})
}

// TestDayMovesOn: today is the day of the question, not of the start.
func TestDayMovesOn(t *testing.T) {
	split := date(t, "2026-11-23")
	r := NewRegistry(today, []Government{
		{ID: 1, Kind: Province, Code: "91", Slug: "91"},
		{ID: 2, Kind: Regency, Code: "91.01", Slug: "91-01", Parent: 1, To: split}, {ID: 2, Kind: Regency, Code: "93.01", Slug: "93-01", From: split},
	})
	now := split.At(0, 0, civil.WIB).Add(-time.Second)
	r.Follow(func() time.Time { return now })
	copied := *r // as a process does that fills the registry it has handed out
	if code := copied.Find(2).Code; code != "91.01" {
		t.Errorf("a second before midnight it is %s", code)
	}
	now = now.Add(time.Second)
	if code := copied.Find(2).Code; code != "93.01" {
		t.Errorf("at midnight it is %s", code)
	}
	if tree, _ := r.Below(1, civil.Date{}); len(tree) != 1 {
		t.Errorf("at midnight %v stand below the old province", tree)
	}
}

// house is the registry of a fresh database, with the operator's acts on it.
type house struct {
	gate     *authz.Gate
	registry *Registry
	operator *Operator
	ctx      context.Context // of an operator
}

func seeded(t *testing.T, db *store.DB) house {
	t.Helper()
	policy, err := authz.LoadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	h := house{registry: &Registry{}}
	h.gate = authz.New(db, policy, authz.Relations{Below: h.registry.Below, Closed: h.registry.Closed})
	system := authz.AsSystem(context.Background(), 0)
	if err := Seed(system, h.gate); err != nil {
		t.Fatal(err)
	}
	loaded, err := Load(system, h.gate, today)
	if err != nil {
		t.Fatal(err)
	}
	*h.registry = *loaded
	h.operator = NewOperator(h.gate, h.registry)
	h.ctx = authz.As(context.Background(), authz.Actor{Identity: store.IdentityID(store.NewID()), Grants: []authz.Grant{{Role: authz.Operator}}})
	return h
}

func (h house) find(t *testing.T, code string) Government {
	t.Helper()
	g, err := h.registry.ByCode(code)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return g
}

// rows prints the tables of the registry.
func rows(t *testing.T, db *store.DB) (all []Government, version int) {
	t.Helper()
	ctx := context.Background()
	err := db.View(ctx, store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) (err error) {
		if all, err = listEras(ctx, tx); err != nil {
			return err
		}
		return tx.NewRaw("SELECT count(*) FROM tenant_change").Scan(ctx, &version)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, version
}

// TestSeedBringsUpToDate: a database that was seeded before earlier eras were recorded
// ends like a fresh one, but for what an operator has changed; again changes nothing.
func TestSeedBringsUpToDate(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		ctx := authz.AsSystem(context.Background(), 0)
		policy, err := authz.LoadPolicy()
		if err != nil {
			t.Fatal(err)
		}
		gate := authz.New(db, policy, authz.Relations{})
		plain, err := readTable()
		if err != nil {
			t.Fatal(err)
		}
		err = gate.Platform(ctx, authz.TenantSeed, "tenants", func(tx *store.Tx) error {
			tx.About("tenant", "as before")
			_, err := insertGovernments(ctx, tx, plain)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h := house{gate: gate, registry: NewRegistry(today, nil)}
		h.operator = NewOperator(gate, h.registry)
		if err := h.registry.Reload(ctx, gate); err != nil {
			t.Fatal(err)
		}
		if len(h.registry.eras()) != 549 {
			t.Fatalf("%d eras before", len(h.registry.eras()))
		}
		merauke := h.find(t, "93.01")
		if _, err := h.operator.Change(ctx, merauke.ID, Change{Act: Renamed, Name: "Kabupaten Marauke", From: date(t, "2025-01-01"), Decree: "PP 1/2025"}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := Seed(ctx, gate); err != nil {
				t.Fatal(err)
			}
		}
		got, version := rows(t, db)
		if len(got) != 549+26+1 || version != 2 {
			t.Errorf("%d eras, %d changes; want today's, 26 before the splits, one by the operator; his change and the seed's", len(got), version)
		}
		var codes []string
		for _, g := range got {
			if g.ID == merauke.ID {
				codes = append(codes, g.Code+" "+g.Name+" "+g.From.String()+" "+g.To.String())
			}
		}
		want := []string{"91.01 Kabupaten Merauke 1945-08-17 2022-11-11", "93.01 Kabupaten Merauke 2022-11-11 2025-01-01", "93.01 Kabupaten Marauke 2025-01-01 "}
		if diff := cmp.Diff(want, codes); diff != "" {
			t.Errorf("eras (-want +got):\n%s", diff)
		}
	})
}

func (r *Registry) eras() []Government { return r.at().eras }

// TestKeep: a process learns what another one has changed, and stops when told to.
func TestKeep(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		h := seeded(t, db)
		other, err := Load(authz.AsSystem(context.Background(), 0), h.gate, today)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		var wait sync.WaitGroup
		wait.Go(func() { other.Keep(ctx, h.gate, 2*time.Millisecond, slog.New(slog.DiscardHandler)) })
		tuban := h.find(t, "35.23")
		if _, err := h.operator.Change(h.ctx, tuban.ID, Change{Act: Suspended, Ground: "request", Reason: "Surat bupati"}); err != nil {
			t.Fatal(err)
		}
		deadline := time.After(20 * time.Second)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for other.Closed(tuban.ID) == nil {
			select {
			case <-tick.C:
			case <-deadline:
				t.Fatal("the other process does not learn of it")
			}
		}
		stop()
		wait.Wait()
		if all := slices.DeleteFunc(other.All(), func(g Government) bool { return g.Suspended.Ground == "" }); len(all) != 1 {
			t.Errorf("%d are suspended", len(all))
		}
	})
}
