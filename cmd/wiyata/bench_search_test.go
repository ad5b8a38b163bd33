package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// mostSlower is how much longer a search may take among a million employees of other
// tenants than when there are none.
const mostSlower = 2.0

// Indexes by which a list is read in its order, and words that begin alike are found.
const (
	listIndex = "employee_sorted"
	wordIndex = "employee_word_tenant_id_word_employee_id_key"
)

// A searching is a tenant in which employees are searched for.
type searching struct {
	id  tenants.ID
	ctx context.Context // of its administrator
}

// BenchmarkSearch searches the 2,000 employees of one tenant while those of all others grow
// to a million, and then those of a tenant of 60,000: for nobody, which is the first page of
// the list, by beginnings of one word of the name, of two, and of the NIP. It fails when the
// statement of a search takes twice as long among a million as alone, or does not go by its
// index.
func BenchmarkSearch(b *testing.B) {
	for _, engine := range storetest.Engines() {
		if engine != store.Postgres {
			continue // SQLite is for trying, not for a million
		}
		b.Run(string(engine), func(b *testing.B) {
			untraced(b)
			measured := false
			for b.Loop() {
				if !measured { // a curve is one round, however many are asked for
					measureSearch(b, template.Clone(b, engine))
				}
				measured = true
			}
		})
	}
}

func measureSearch(b *testing.B, db *store.DB) {
	var said heard
	watched := assemble(b, store.Observed(db, said.hear), slog.New(slog.DiscardHandler))
	in := assemble(b, db, slog.New(slog.DiscardHandler))
	small := searching{in.government(b, "15.03"), in.as(b, "sarolangun")}
	large := searching{in.government(b, "15.71"), in.as(b, "kotajambi")}
	var rest []tenants.ID
	for _, g := range in.registry.Governments() {
		if g.ID != small.id && g.ID != large.id {
			rest = append(rest, g.ID)
		}
	}
	next := 1 // number of the next employee
	add := func(n int, to ...tenants.ID) {
		started := time.Now()
		crowd(b, db, next, n, to...)
		next += n
		b.Logf("%d employees added in %.1f s", n, time.Since(started).Seconds())
	}
	add(2000, small.id)
	first := map[string]float64{}
	others := 0
	for _, all := range []int{0, 10_000, 100_000, 1_000_000} {
		if all > others {
			add(all-others, rest...)
			others = all
		}
		for _, by := range searches() {
			alone := searched(b, in, watched, &said, small, by, fmt.Sprintf("2,000 employees, %d elsewhere", all))
			if all == 0 {
				first[by.name] = alone
			}
			if all == 1_000_000 {
				ratio := alone / first[by.name]
				fmt.Printf("figure: search by %s among 1,000,000 elsewhere: %.2f × of that among none, at most %.1f ×\n", by.name, ratio, mostSlower)
				if ratio > mostSlower {
					b.Errorf("a search by %s takes %.2f × as long among a million employees elsewhere, at most %.1f ×", by.name, ratio, mostSlower)
				}
			}
		}
	}
	add(60_000, large.id)
	for _, by := range searches() {
		searched(b, in, watched, &said, large, by, "60,000 employees, 1,002,000 elsewhere")
	}
}

// A way of searching: its name, its index, and what is typed, different each time.
type way struct {
	name, index string
	typed       []string
}

func searches() []way {
	all := []way{{name: "nothing", index: listIndex}, {name: "one word", index: wordIndex}, {name: "two words", index: wordIndex}, {name: "NIP", index: wordIndex}}
	for i, g := range given {
		for w, typed := range []string{"", strings.ToLower(g[:3]), g[:3] + " " + family[i%len(family)][:3], fmt.Sprintf("%d0%d", 1967+i, 1+i%9)} {
			all[w].typed = append(all[w].typed, typed)
		}
	}
	return all
}

// searched prints how long searches in a tenant take, and returns the median of their
// statement alone, in milliseconds.
func searched(b *testing.B, in, watched *installation, said *heard, t searching, by way, where string) float64 {
	b.Helper()
	const rounds = 4
	var whole, alone figures
	found := 0
	ms := func(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }
	for round := range rounds {
		for _, typed := range by.typed {
			started := time.Now()
			p, err := in.employees.Search(t.ctx, employee.Filter{Query: typed}, store.Cursor{})
			took := ms(started)
			check(b, err)
			found += len(p.Rows)
			statement := searchFor(b, watched, said, t, typed)
			check(b, in.db.View(t.ctx, store.Reach{Door: store.DoorRead, Tenant: t.id}, func(tx *store.Tx) error {
				if round == 0 { // which is not measured
					return planned(t.ctx, tx, statement, by.index)
				}
				started := time.Now()
				var rows []employee.Employee
				err := tx.NewRaw(statement).Scan(t.ctx, &rows)
				whole, alone = append(whole, took), append(alone, ms(started))
				return err
			}))
		}
	}
	if found == 0 {
		b.Errorf("no search by %s finds anybody", by.name)
	}
	fmt.Printf("figure: search by %s, %s: statement %s ms, whole search %s ms, %.0f rows on average\n",
		by.name, where, alone.spread("%.2f"), whole.spread("%.2f"), float64(found)/float64(rounds*len(by.typed)))
	return alone.median()
}

// searchFor returns the statement that a search for typed makes.
func searchFor(b *testing.B, watched *installation, said *heard, t searching, typed string) string {
	b.Helper()
	for _, s := range said.of(func() {
		_, err := watched.employees.Search(t.ctx, employee.Filter{Query: typed}, store.Cursor{})
		check(b, err)
	}) {
		if strings.Contains(s, `FROM "employee"`) {
			return s
		}
	}
	b.Fatal("a search makes no statement about employees")
	return ""
}

// planned fails when PostgreSQL does not go by index.
func planned(ctx context.Context, tx *store.Tx, statement, index string) error {
	var plan []string
	if err := tx.NewRaw("EXPLAIN "+statement).Scan(ctx, &plan); err != nil {
		return err
	}
	if text := strings.Join(plan, "\n"); !strings.Contains(text, "using "+index+" on ") {
		return fmt.Errorf("a search does not go by %s:\n%s", index, text)
	}
	return nil
}
