package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

// sights are who acts in the samples: tenant 15 and the person "andi".
var sights = map[string]store.Sight{
	"read":     {Reach: store.Reach{Door: store.DoorRead, Tenant: 15}, Batches: []string{"b1"}, Asking: []string{"person:a"}},
	"write":    {Reach: store.Reach{Door: store.DoorWrite, Tenant: 15}, Asking: []string{"person:a"}},
	"self":     {Reach: store.Reach{Door: store.DoorSelf, Actor: "andi", Home: 15}, Person: "andi"},
	"sign-in":  {Reach: store.Reach{Door: store.DoorPlatform}, Person: "andi"},
	"oversee":  {Reach: store.Reach{Door: store.DoorOversee, Tree: []store.TenantID{3, 4}}},
	"nation":   {Reach: store.Reach{Door: store.DoorOversee, Nation: true}},
	"public":   {Reach: store.Reach{Door: store.DoorPublic, Token: "t1"}},
	"platform": {Reach: store.Reach{Door: store.DoorPlatform}},
	"seal":     {Reach: store.Reach{Door: store.DoorSeal}},
}

// judge checks a sample "door|statement".
func judge(t *testing.T, g *Guard, sample string) error {
	t.Helper()
	door, statement, _ := strings.Cut(sample, "|")
	sight, ok := sights[door]
	if !ok {
		t.Fatalf("no such door: %s", sample)
	}
	_, err := g.check(store.SQLite, sight, statement)
	return err
}

func TestGuardRefuses(t *testing.T) {
	g := NewGuard(migrations.Tables)
	for _, sample := range refused {
		if err := judge(t, g, sample); err == nil || strings.Contains(err.Error(), "cannot") {
			t.Errorf("not refused for what it binds: %s\n%v", sample, err)
		}
	}
	for _, sample := range unread {
		if err := judge(t, g, sample); err == nil || !strings.Contains(err.Error(), "cannot") {
			t.Errorf("read: %s\n%v", sample, err)
		}
	}
	distinct, bad := g.Counts("")
	t.Logf("%d statements refused and %d not read; %d distinct shapes", len(refused), len(unread), distinct)
	if bad != distinct {
		t.Errorf("%d of %d shapes are counted as unguarded", bad, distinct)
	}
}

func TestGuardPasses(t *testing.T) {
	g := NewGuard(migrations.Tables)
	for _, sample := range passed {
		if err := judge(t, g, sample); err != nil {
			t.Errorf("refused: %v", err)
		}
	}
	t.Logf("%d good statements passed", len(passed))
}

// TestGuardSaysWhy: the finding names the table, the column and the relation that
// would have been enough.
func TestGuardSaysWhy(t *testing.T) {
	g := NewGuard(migrations.Tables)
	for sample, want := range map[string]string{
		"read|SELECT * FROM program":                                           "select program: host: tenant_id is not bound",
		"read|SELECT * FROM program WHERE tenant_id = 16":                      "select program: host: tenant_id is bound to 16, out of reach",
		"read|SELECT * FROM mark":                                              "host: tenant_id is not bound; party: party_id is not bound; person: identity_id is not bound",
		"read|SELECT * FROM session WHERE tenant_id = 15":                      "batch_id is not bound",
		"read|SELECT * FROM batch":                                             "public: published_at IS NOT NULL is not asked",
		"read|SELECT * FROM identity":                                          `not through the door "read"`,
		"write|INSERT INTO program (tenant_id, id) VALUES (NULL, 'p')":         "tenant_id is not given",
		"write|UPDATE program SET tenant_id = 16 WHERE tenant_id = 15":         "moves rows to another tenant",
		"read|SELECT * FROM pg_class":                                          "knows no such table",
		"read|SELECT query_to_xml('SELECT * FROM program', true, true, '')":    "a function that the guard knows, not query_to_xml",
		"read|SELECT * FROM program WHERE tenant_id = 15; SELECT 1":            "want the end",
		"read|SELECT * FROM program WHERE tenant_id = 15 AND title = E'\\'1'":  "a string with the prefix E",
		"read|SELECT * FROM program WHERE tenant_id = 15 /* a /* b */ c */ /*": "a comment that nests",
	} {
		if err := judge(t, g, sample); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s", sample, err, want)
		}
	}
}

// TestGuardRefusesBrokenRules: a table whose rules the guard does not know is no table
// that it lets pass.
func TestGuardRefusesBrokenRules(t *testing.T) {
	for _, rules := range []string{"", "select", "select:friend", "insert:host", "select:host update:"} {
		g := NewGuard(func() ([]Table, error) { return []Table{{"program", "own", rules}}, nil })
		if err := judge(t, g, "read|SELECT * FROM program WHERE tenant_id = 15"); err == nil {
			t.Errorf("rules %q are taken", rules)
		}
	}
}

func TestShape(t *testing.T) {
	for _, tc := range [][2]string{
		{"SELECT 1", "select 'a''b'"},
		{`SELECT * FROM "a" WHERE b IN (1, 2, 3)`, `select * from "a" where b in ('x') -- note`},
		{"INSERT INTO a (b, c) VALUES (1, NULL), (2, 3)", "insert into a (b, c) values (DEFAULT, 'x')"},
	} {
		var got [2]string
		for i, text := range tc {
			tokens, err := lex(text)
			if err != nil {
				t.Fatal(err)
			}
			got[i] = shape(tokens)
		}
		if got[0] != got[1] {
			t.Errorf("%q and %q differ", got[0], got[1])
		}
	}
}

// watched records what a test would have been told.
type watched struct {
	testing.TB
	told []string
}

func (w *watched) Error(args ...any) { w.told = append(w.told, fmt.Sprint(args...)) }

// TestGuardIsAtEveryDoor: the guard sees what is sent through each kind of
// transaction of a cloned database, with what Join and Ask have opened, on both
// engines, and in the preparation of the template.
func TestGuardIsAtEveryDoor(t *testing.T) {
	tpl := &Template{Guard: NewGuard(migrations.Tables), Prepare: func(ctx context.Context, db *store.DB) error {
		return migrations.Up(ctx, db.SQL(), db.Engine)
	}}
	defer tpl.Remove()
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) {
			ctx := context.Background()
			w := &watched{TB: t}
			db := tpl.Clone(w, engine)
			seated := func(_ context.Context, _ *store.Tx, in []store.BatchRef) ([]store.BatchRef, error) { return in, nil }
			reach := store.Reach{Door: store.DoorRead, Tenant: 15, Seated: seated}
			batch, other := store.NewID(), store.NewID()
			count := func(tx *store.Tx, where string, args ...any) error {
				var n int
				return tx.NewRaw("SELECT count(*) FROM "+where, args...).Scan(ctx, &n)
			}
			for i, run := range []func(func(*store.Tx) error) error{
				func(fn func(*store.Tx) error) error { return db.View(ctx, reach, fn) },
				func(fn func(*store.Tx) error) error { return db.Update(ctx, reach, "key", fn) },
				func(fn func(*store.Tx) error) error { return db.Single(ctx, reach, fn) },
			} {
				w.told = nil
				check(t, run(func(tx *store.Tx) error {
					check(t, tx.Join(ctx, store.BatchRef{Host: 16, Batch: batch}))
					check(t, tx.Ask(ctx, "person:a"))
					check(t, count(tx, "program WHERE tenant_id = ?", tx.Tenant))
					check(t, count(tx, "session WHERE tenant_id = ? AND batch_id = ?", 16, batch))
					check(t, count(tx, "claim WHERE subject = ?", "person:a"))
					if len(w.told) > 0 {
						t.Errorf("told of good statements: %q", w.told)
					}
					check(t, count(tx, fmt.Sprintf("program WHERE %d = %d", i, i)))
					check(t, count(tx, fmt.Sprintf("program WHERE id = ? AND %d < 1", i), other)) // not told again: below
					if i == 0 {
						check(t, count(tx, "session WHERE tenant_id = ? AND batch_id = ?", 16, other))
						check(t, count(tx, "claim WHERE subject = ?", "person:b"))
					}
					return nil
				}))
				if want := []int{4, 0, 0}[i]; len(w.told) != want {
					t.Errorf("transaction %d: told %d findings, want %d: %q", i, len(w.told), want, w.told)
				}
			}
			err := db.View(ctx, store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) error { return count(tx, "employee") })
			check(t, err)
			if len(w.told) != 1 || !strings.Contains(w.told[0], `(door "platform")`) {
				t.Errorf("told %q of a tenant's rows read through Platform", w.told)
			}
			if distinct, bad := tpl.Guard.Counts(engine); distinct < 5 || bad < 3 {
				t.Errorf("counted %d statements, %d unguarded", distinct, bad)
			}
		})
	}
	bad := &Template{Guard: NewGuard(migrations.Tables), Prepare: func(ctx context.Context, db *store.DB) error {
		check(t, migrations.Up(ctx, db.SQL(), db.Engine))
		return db.View(ctx, store.Reach{Door: store.DoorRead, Tenant: 15}, func(tx *store.Tx) error {
			_, err := tx.NewRaw("SELECT id FROM program").Exec(ctx)
			return err
		})
	}}
	defer bad.Remove()
	if err := bad.makeLite(context.Background()); err == nil || !strings.Contains(err.Error(), "statement guard") {
		t.Errorf("a template prepared with an unguarded statement = %v", err)
	}
}
