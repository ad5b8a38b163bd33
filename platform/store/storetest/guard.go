package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
)

// A Guard holds every statement to the classes of the tables that it touches: the
// only wall around a tenant's rows that SQLite has, and a second one before the
// policies of PostgreSQL. It parses the statement and demands, of each table in it,
// that the class's column is tied to a value within reach: by an AND-ed comparison
// with a literal, or with a column that is so tied itself. A statement that it
// cannot parse fails as well; the subset that it reads is what slices need.
//
// What it cannot see: what a trigger does, and what reaches the database past a Tx
// (migrations and River bring their own statements, on their own tables).
type Guard struct {
	tables func() ([]Table, error) // that a statement may touch

	once  sync.Once
	rules map[string]*rule
	err   error // of tables

	mu     sync.Mutex
	seen   map[store.Engine]map[string]bool // shapes of statements → is it guarded?
	shapes map[string]bool
}

// NewGuard returns a guard of the tables that the migrations have made:
// storetest.NewGuard(migrations.Tables). T is their Table, which this package, being
// below them, knows by its fields alone.
func NewGuard[T ~struct{ Name, Class, Rules string }](tables func() ([]T, error)) *Guard {
	return &Guard{tables: func() (all []Table, err error) {
		made, err := tables()
		for _, t := range made {
			all = append(all, Table(t))
		}
		return all, err
	}}
}

// watch returns db with each statement checked; report is told what is wrong, once
// for all that differ in values alone. Without a guard it is db itself.
func (g *Guard) watch(db *store.DB, report func(error)) *store.DB {
	if g == nil {
		return db
	}
	var mu sync.Mutex
	told := map[string]bool{}
	return store.Observed(db, func(s store.Sight, statement string) {
		shape, err := g.check(db.Engine, s, statement)
		mu.Lock()
		defer mu.Unlock()
		if err != nil && !told[shape] {
			told[shape] = true
			report(fmt.Errorf("statement guard: %w", err))
		}
	})
}

// reporting reports to t until t has cleaned up.
func reporting(t testing.TB) func(error) {
	var mu sync.Mutex
	over := false
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		over = true
	})
	return func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if !over {
			t.Error(err)
		}
	}
}

// check tells what is wrong with a statement that sees s, nil for nothing, and counts
// it; shape is the statement without its values.
func (g *Guard) check(engine store.Engine, s store.Sight, statement string) (form string, err error) {
	g.once.Do(g.load)
	if g.err != nil {
		return "", g.err
	}
	tokens, err := lex(statement)
	if err != nil {
		g.count(engine, statement, false)
		return statement, fmt.Errorf("cannot read %w in\n%s", err, statement)
	}
	q, err := parse(tokens)
	if q == nil && err == nil {
		return "", nil
	}
	var wrong []string
	if err != nil {
		wrong = []string{"cannot parse it: " + err.Error()}
	} else {
		c := &checker{rules: g.rules, sight: s}
		c.query(q, nil, nil)
		wrong = c.wrong
	}
	form = shape(tokens)
	g.count(engine, form, len(wrong) == 0)
	if len(wrong) == 0 {
		return form, nil
	}
	return form, fmt.Errorf("%s (door %q)\n%s", strings.Join(wrong, "\n"), s.Door, statement)
}

func (g *Guard) load() {
	g.rules, g.shapes, g.seen = map[string]*rule{}, map[string]bool{}, map[store.Engine]map[string]bool{}
	tables, err := g.tables()
	if err != nil {
		g.err = err
		return
	}
	for _, t := range tables {
		if g.rules[t.Name], g.err = newRule(t); g.err != nil {
			return
		}
	}
}

func (g *Guard) count(engine store.Engine, shape string, guarded bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seen[engine] == nil {
		g.seen[engine] = map[string]bool{}
	}
	for _, all := range []map[string]bool{g.seen[engine], g.shapes} {
		before, known := all[shape]
		all[shape] = guarded && (before || !known)
	}
}

// Counts says how many statements, values aside, have been seen on engine, and how
// many of them were not guarded; "" stands for both engines together.
func (g *Guard) Counts(engine store.Engine) (distinct, unguarded int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.shapes
	if engine != "" {
		all = g.seen[engine]
	}
	for _, guarded := range all {
		if !guarded {
			unguarded++
		}
	}
	return len(all), unguarded
}

// String is the count for people.
func (g *Guard) String() string {
	all, bad := g.Counts("")
	lite, _ := g.Counts(store.SQLite)
	pg, _ := g.Counts(store.Postgres)
	return fmt.Sprintf("%d distinct statements (%d on SQLite, %d on PostgreSQL), %d unguarded", all, lite, pg, bad)
}

// A checker walks one statement.
type checker struct {
	rules map[string]*rule
	sight store.Sight
	wrong []string
}

func (c *checker) say(text string) {
	if text != "" && !slices.Contains(c.wrong, text) {
		c.wrong = append(c.wrong, text)
	}
}

// common are the common tables in sight, the nearest first.
type common struct {
	name  string
	yield yield
	outer *common
}

// A yield is what a query gives to the one around it.
type yield struct {
	names []string // nil = not known: it selects *
	bound []values // nil where a column can be anything
}
