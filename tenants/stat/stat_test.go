package stat

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

var template = storetest.Template{Guard: storetest.NewGuard(migrations.Tables), Prepare: func(ctx context.Context, db *store.DB) error {
	return migrations.Up(ctx, db.SQL(), db.Engine)
}}

func TestMain(m *testing.M) {
	code := m.Run()
	template.Remove()
	os.Exit(code)
}

func day(text string) civil.Date {
	d, err := civil.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// office is the counts of one province, its regency and the nation above.
type office struct {
	t    *testing.T
	db   *store.DB
	gate *authz.Gate
}

const province, regency tenants.ID = 15, 16

func open(t *testing.T, db *store.DB) office {
	t.Helper()
	policy, err := authz.LoadPolicy()
	check(t, err)
	below := func(id tenants.ID, _ civil.Date) ([]tenants.ID, bool) {
		return []tenants.ID{province, regency}, id == tenants.LAN
	}
	return office{t, db, authz.New(db, policy, authz.Relations{Below: below})}
}

// write runs fn in tenant, as the machine.
func (o office) write(tenant tenants.ID, fn func(context.Context, *store.Tx) error) {
	o.t.Helper()
	ctx := context.Background()
	check(o.t, o.db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: tenant}, "", func(tx *store.Tx) error { return fn(ctx, tx) }))
}

// fold folds a tenant by chunks of most.
func (o office) fold(tenant tenants.ID, most int) {
	o.t.Helper()
	for n := most; n == most; {
		o.write(tenant, func(ctx context.Context, tx *store.Tx) (err error) {
			n, err = fold(ctx, tx, most)
			return err
		})
	}
}

// see runs fn through the Oversee door of a national body, or of the province.
func (o office) see(nation bool, fn func(context.Context, *store.Tx) error) {
	o.t.Helper()
	ctx, reach := context.Background(), store.Reach{Door: store.DoorOversee, Nation: nation}
	if !nation {
		reach.Tree = []tenants.ID{province, regency}
	}
	check(o.t, o.db.View(ctx, reach, func(tx *store.Tx) error { return fn(ctx, tx) }))
}

func (o office) heads(nation bool, at string) (got map[tenants.ID]Heads) {
	o.t.Helper()
	o.see(nation, func(ctx context.Context, tx *store.Tx) (err error) {
		got, err = Headcounts(ctx, tx, day(at))
		return err
	})
	return got
}

func (o office) rows() (folded, open int) {
	o.t.Helper()
	o.see(true, func(ctx context.Context, tx *store.Tx) error {
		return tx.NewRaw("SELECT coalesce(sum(CASE WHEN folded THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN folded THEN 0 ELSE 1 END), 0) FROM stat_delta").Scan(ctx, &folded, &open)
	})
	return folded, open
}

// TestHeadcounts: people count from their day on, by group, and what was true on a day
// stays true of it; folding, twice and in small chunks, changes no sum.
func TestHeadcounts(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		clerk, teacher := Group{"PNS", Female}, Group{"PPPK_PART_TIME", ""}
		o.write(regency, func(ctx context.Context, tx *store.Tx) error {
			for _, move := range []struct {
				g  Group
				at string
				n  int
			}{
				{clerk, "2025-03-01", 1}, {clerk, "2025-03-01", 1}, {teacher, "2025-06-01", 1},
				{clerk, "2026-01-01", -1}, // one of them left
			} {
				if err := AddHeadcount(ctx, tx, move.g, day(move.at), move.n); err != nil {
					return err
				}
			}
			return Add(ctx, tx, CreditedJP, 2026, 4)
		})
		o.write(province, func(ctx context.Context, tx *store.Tx) error {
			if err := AddHeadcount(ctx, tx, clerk, day("2025-03-01"), 1); err != nil {
				return err
			}
			return AddHeadcount(ctx, tx, clerk, day("2025-04-01"), -1)
		})
		want := map[string]map[tenants.ID]Heads{
			"2025-02-28": {},
			"2025-05-31": {province: {clerk: 0}, regency: {clerk: 2}},
			"2025-12-31": {province: {clerk: 0}, regency: {clerk: 2, teacher: 1}},
			"2026-11-22": {province: {clerk: 0}, regency: {clerk: 1, teacher: 1}},
		}
		for _, step := range []struct {
			name         string
			do           func()
			folded, open int
		}{
			{"deltas", func() {}, 0, 7},
			{"folded", func() { o.fold(regency, 2); o.fold(province, 5) }, 6, 0},
			{"more deltas", func() {
				o.write(regency, func(ctx context.Context, tx *store.Tx) error {
					if err := AddHeadcount(ctx, tx, clerk, day("2025-03-01"), 1); err != nil {
						return err
					}
					return AddHeadcount(ctx, tx, clerk, day("2025-03-01"), -1)
				})
			}, 6, 2},
			{"folded again", func() { o.fold(regency, 5000) }, 6, 0},
		} {
			step.do()
			if folded, open := o.rows(); folded != step.folded || open != step.open {
				t.Errorf("%s: %d folds and %d deltas, want %d and %d", step.name, folded, open, step.folded, step.open)
			}
			for at, heads := range want {
				for _, nation := range []bool{false, true} {
					if diff := cmp.Diff(heads, o.heads(nation, at)); diff != "" {
						t.Errorf("%s, on %s, nation %v (-want +got):\n%s", step.name, at, nation, diff)
					}
				}
			}
			o.see(true, func(ctx context.Context, tx *store.Tx) error {
				hours, err := Sum(ctx, tx, CreditedJP, 2026)
				if diff := cmp.Diff([]Count{{regency, 4}}, hours); diff != "" {
					t.Errorf("%s: hours (-want +got):\n%s", step.name, diff)
				}
				return err
			})
		}
	})
}

// TestOldReleaseCountsOn: a row as the release before writes it is summed and folded
// like any other.
func TestOldReleaseCountsOn(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		for range 2 {
			o.write(regency, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.NewRaw("INSERT INTO stat_delta (tenant_id, id, kind, year, n) VALUES (?, ?, 'credited_jp', 2026, 4)", regency, tx.NewID()).Exec(ctx)
				return err
			})
		}
		o.fold(regency, 5000)
		if folded, open := o.rows(); folded != 1 || open != 0 {
			t.Errorf("%d folds and %d deltas, want one fold", folded, open)
		}
		o.see(true, func(ctx context.Context, tx *store.Tx) error {
			hours, err := Sum(ctx, tx, CreditedJP, 2026)
			if diff := cmp.Diff([]Count{{regency, 8}}, hours); diff != "" {
				t.Errorf("hours (-want +got):\n%s", diff)
			}
			return err
		})
	})
}

// TestNoSumIsEverWrong: while writers count and two folders fold, whoever reads sees
// what had been committed before the reading began, and nothing that had not begun
// when it ended.
func TestNoSumIsEverWrong(t *testing.T) {
	const writers, each = 4, 40
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		var begun, done atomic.Int64
		var writing, rest sync.WaitGroup
		over := make(chan struct{})
		for range writers {
			writing.Go(func() {
				for range each {
					begun.Add(1)
					o.write(regency, func(ctx context.Context, tx *store.Tx) error {
						return AddHeadcount(ctx, tx, Group{"PNS", Male}, day("2026-03-01"), 1)
					})
					done.Add(1)
				}
			})
		}
		reads, folds := atomic.Int64{}, atomic.Int64{}
		until := func(fn func()) {
			rest.Go(func() {
				for {
					select {
					case <-over:
						return
					default:
						fn()
					}
				}
			})
		}
		for range 2 {
			until(func() { o.fold(regency, 7); folds.Add(1) })
			until(func() {
				least := done.Load()
				got := int64(o.heads(true, "2026-11-22")[regency][Group{"PNS", Male}])
				if most := begun.Load(); got < least || got > most {
					t.Errorf("the sum is %d, between %d and %d were counted", got, least, most)
				}
				reads.Add(1)
			})
		}
		writing.Wait()
		close(over)
		rest.Wait()
		o.fold(regency, 5000)
		if got := o.heads(true, "2026-11-22")[regency][Group{"PNS", Male}]; got != writers*each {
			t.Errorf("%d counted, the sum is %d", writers*each, got)
		}
		if folded, open := o.rows(); folded != 1 || open != 0 {
			t.Errorf("%d folds and %d deltas at the end, want one fold", folded, open)
		}
		t.Logf("figure: %d deltas, %d folds, %d sums read meanwhile", writers*each, folds.Load(), reads.Load())
	})
}

// TestFolder: it folds every tenant that has deltas, with the machine's permission
// alone, and leaves no line in the trail.
func TestFolder(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		registry := tenants.NewRegistry(day("2026-11-22"), []tenants.Government{{ID: province}, {ID: regency}})
		for _, tenant := range []tenants.ID{province, regency} {
			o.write(tenant, func(ctx context.Context, tx *store.Tx) error {
				return AddHeadcount(ctx, tx, Group{"PNS", Male}, day("2026-03-01"), 1)
			})
		}
		check(t, NewFolder(o.gate, registry, slog.New(slog.DiscardHandler)).Fold(ctx))
		if folded, open := o.rows(); folded != 2 || open != 0 {
			t.Errorf("%d folds and %d deltas, want a fold each", folded, open)
		}
		var lines int
		check(t, db.View(ctx, store.Reach{Door: store.DoorSeal}, func(tx *store.Tx) error {
			return tx.NewRaw("SELECT count(*) FROM audit_line").Scan(ctx, &lines)
		}))
		if lines != 0 {
			t.Errorf("folding left %d lines in the trail", lines)
		}
	})
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
