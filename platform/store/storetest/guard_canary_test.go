package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

// canary is what no statement of tenant 15 that passes the guard may show.
const canary = "CANARY"

// A cage is a SQLite database, which has no wall of its own, with rows of two tenants
// and a guard of its tables.
type cage struct {
	*Guard
	db *store.DB
}

func newCage(t testing.TB) *cage {
	t.Helper()
	db, err := store.Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "cage.db"), time.Now)
	check(t, err)
	t.Cleanup(func() { db.Close() })
	c := &cage{db: db, Guard: NewGuard(func() ([]Table, error) {
		return []Table{
			{"a", "own", "select:host"}, {"b", "own", "select:host"},
			{"s", "shared", "select:host,party"}, {"p", "published", "select:host,public"},
		}, nil
	})}
	for _, name := range []string{"a", "b", "s", "p"} {
		_, err := db.SQL().Exec("CREATE TABLE " + name + " (tenant_id integer NOT NULL, id integer, party_id integer, published_at text, note text)")
		check(t, err)
		for id := range 2 {
			for tenant := 15; tenant <= 17; tenant++ {
				note, party, published := canary, "NULL", "NULL"
				switch {
				case tenant == 15:
					note = "mine"
				case name == "s" && id == 1:
					note, party = "for me", "15"
				case name == "p" && id == 1:
					note, published = "for all", "'2026-11-02'"
				}
				_, err := db.SQL().Exec(fmt.Sprintf("INSERT INTO %s VALUES (%d, %d, %s, %s, '%s')", name, tenant, id, party, published, note))
				check(t, err)
			}
		}
	}
	return c
}

// test checks a statement and, if it passes, runs it: what comes back is free of
// canaries. ran is false when it was refused, by the guard or by the database.
func (c *cage) test(t *testing.T, statement string) (ran bool) {
	t.Helper()
	reach := store.Reach{Door: store.DoorRead, Tenant: 15}
	if _, err := c.check(store.SQLite, store.Sight{Reach: reach}, statement); err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	rows, err := c.db.SQL().QueryContext(ctx, statement)
	if err != nil {
		return false // ambiguous or absent columns: the database refuses it
	}
	defer rows.Close()
	columns, err := rows.Columns()
	check(t, err)
	for rows.Next() {
		found, at := make([]any, len(columns)), make([]any, len(columns))
		for i := range found {
			at[i] = &found[i]
		}
		check(t, rows.Scan(at...))
		if strings.Contains(fmt.Sprint(found...), canary) {
			t.Errorf("passed, and shows another tenant's row %v:\n%s", found, statement)
			break
		}
	}
	return true
}

// TestGuardAgainstSQLite: of many random statements, those that pass show no row of
// another tenant. The random ones are built of what the guard believes and of what
// looks like it.
func TestGuardAgainstSQLite(t *testing.T) {
	c := newCage(t)
	w := &writer{rand.New(rand.NewPCG(1, 2))}
	const tries = 10000
	passed := 0
	for range tries {
		if c.test(t, w.selection(2, nil)) {
			passed++
		}
	}
	t.Logf("%d random statements, %d passed and ran", tries, passed)
	if passed < tries/100 {
		t.Errorf("only %d passed: the rest says nothing", passed)
	}
}

// A writer makes random statements.
type writer struct{ *rand.Rand }

func (w *writer) one(of ...string) string { return of[w.IntN(len(of))] }

// selection is a SELECT that shows the notes of all its tables; outer are the aliases
// that it may refer to as well.
func (w *writer) selection(depth int, outer []string) string {
	var from strings.Builder
	var mine []string
	for i := range 1 + w.IntN(3) {
		table := w.one("a", "b", "s", "p")
		if depth > 0 && w.IntN(6) == 0 {
			table = "(" + w.selection(depth-1, nil) + ")"
		}
		alias := fmt.Sprintf("%c%d%d", 'x'+rune(i), depth, len(outer))
		mine = append(mine, alias)
		switch {
		case i == 0:
			from.WriteString(table + " AS " + alias)
		case w.IntN(4) == 0:
			from.WriteString(", " + table + " " + alias)
		default:
			from.WriteString(w.one(" JOIN ", " LEFT JOIN ", " INNER JOIN ") + table + " " + alias + " ON " + w.condition(depth, mine, outer))
		}
	}
	note := mine[0] + ".note"
	for _, alias := range mine[1:] {
		note += " || coalesce(" + alias + ".note, '')"
	}
	text := "SELECT " + mine[w.IntN(len(mine))] + "." + w.one("tenant_id", "id") + " AS tenant_id, 1 AS id, " + note + " AS note"
	if depth > 0 && w.IntN(5) == 0 {
		text += ", (SELECT group_concat(note) FROM (" + w.selection(depth-1, mine) + ") n) AS more"
	} else {
		text += ", '' AS more"
	}
	text += " FROM " + from.String() + " WHERE " + w.condition(depth, mine, outer)
	if w.IntN(8) == 0 {
		text += " UNION ALL SELECT 1, 1, note, '' FROM b WHERE " + w.condition(0, []string{"b"}, outer)
	}
	return text
}

// condition ties the tables of mine with a good chance.
func (w *writer) condition(depth int, mine, outer []string) string {
	all := slices.Concat(mine, outer)
	var parts []string
	for _, alias := range mine {
		parts = append(parts, w.comparison(depth, alias, all))
	}
	for range w.IntN(2) {
		parts = append(parts, w.comparison(depth, all[w.IntN(len(all))], all))
	}
	text := parts[0]
	for _, p := range parts[1:] {
		text = text + w.one(" AND ", " AND ", " AND ", " AND ", " OR ") + p
		if w.IntN(4) == 0 {
			text = "(" + text + ")"
		}
	}
	return text
}

func (w *writer) comparison(depth int, alias string, all []string) string {
	other := all[w.IntN(len(all))]
	if depth > 0 && w.IntN(10) == 0 {
		return "EXISTS (" + w.selection(depth-1, all) + ")"
	}
	switch w.IntN(18) {
	case 0:
		return alias + ".tenant_id = " + alias + ".tenant_id"
	case 1:
		return alias + ".tenant_id <> 16"
	case 2:
		return "NOT " + alias + ".tenant_id = 16"
	case 3:
		return alias + ".tenant_id = 15 " + w.one("= 0", "IS NOT TRUE", "< 9", "IN (0, 1)", "OR 1 = 1", "+ 0")
	case 4:
		return "'" + alias + ".tenant_id = 15' <> ''"
	case 5:
		return alias + ".id = " + other + ".id"
	case 6:
		return alias + ".published_at IS NOT NULL"
	case 7:
		return alias + ".party_id = 15"
	case 8:
		return w.one("tenant_id = 15", "15 = tenant_id")
	case 9:
		return "(" + alias + ".tenant_id, " + alias + ".id) IN ((15, 0), (15, 1))"
	case 10:
		return alias + ".tenant_id IN (15, " + w.one("15", "16", "NULL") + ")"
	case 11, 12, 13:
		return alias + ".tenant_id = " + other + ".tenant_id"
	}
	return alias + ".tenant_id = 15"
}

// FuzzGuard: arbitrary text is refused or passed, never breaks the guard, and shows no
// canary when it passes.
func FuzzGuard(f *testing.F) {
	for _, sample := range slices.Concat(refused, unread, passed) {
		_, statement, _ := strings.Cut(sample, "|")
		f.Add(statement)
		f.Add(strings.NewReplacer("program", "a", "employee", "b", "nomination", "s", "batch", "p").Replace(statement))
	}
	w := &writer{rand.New(rand.NewPCG(3, 4))}
	for range 50 {
		f.Add(w.selection(1, nil))
	}
	g, c := NewGuard(migrations.Tables), newCage(f)
	f.Fuzz(func(t *testing.T, statement string) {
		for _, sight := range sights {
			g.check(store.SQLite, sight, statement)
		}
		if word, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(statement)), " "); word == "select" || word == "with" {
			c.test(t, statement)
		}
	})
}
