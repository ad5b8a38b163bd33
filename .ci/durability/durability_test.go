package main

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

var template = storetest.Template{Prepare: func(ctx context.Context, db *store.DB) error {
	return migrations.Up(ctx, db.SQL(), db.Engine)
}}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "writer" { // this binary, as a child of TestKill
		if err := run(context.Background(), os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "writer:", err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	template.Remove()
	os.Exit(code)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestKill kills the application with SIGKILL in the midst of writing, again and again
// on the same database: nothing that was acknowledged is lost or altered, nothing is
// there twice or without having been sent, and what had no answer is there once after
// it was sent again.
func TestKill(t *testing.T) {
	cycles := 20
	if testing.Short() {
		cycles = 3
	}
	template.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		var dsn string
		read := func(ctx context.Context) (found, error) { return lookAt(ctx, dsn) }
		if db.Engine == store.Postgres {
			dsn = storetest.Address(t, db)
			super := storetest.Superuser(t, db)
			read = func(ctx context.Context) (found, error) { return look(ctx, super) }
		} else {
			var seq int
			var name, path string
			check(t, db.SQL().QueryRow("PRAGMA database_list").Scan(&seq, &name, &path))
			dsn = "sqlite:" + path
			check(t, db.Close()) // the writer is alone with the file, and so is who recovers it
		}
		l, total := newLedger(), verdict{}
		for range cycles {
			s, err := start(ctx, l, dsn, "full")
			check(t, err)
			s.feed()
			err = s.sometime(ctx)
			s.kill()
			check(t, err)
			v, err := judge(ctx, l, dsn, read)
			check(t, err)
			total = total.add(v)
		}
		total.acks = len(l.acked) // one ledger for all: the first cycle's rows must outlive the last kill
		t.Logf("figure: %s", heading)
		t.Logf("figure: %s", total.row("kill -9, "+string(db.Engine)))
		if total.wrong() {
			t.Errorf("what was acknowledged is not what is there:\n%s\n%s", heading, total.row(string(db.Engine)))
		}
		if total.acks < cycles || total.unknown == 0 {
			t.Errorf("%d acks, %d without an answer: the writer was not killed in the midst of it", total.acks, total.unknown)
		}
	})
	t.Log("figure: the power was not cut: kill -9 leaves the kernel its pages; `make durability` cuts it (root, loop devices)")
}

// TestCompare: each way in which a database can differ from its ledger is seen.
func TestCompare(t *testing.T) {
	l := newLedger()
	for _, o := range []order{{"write", "a", "1"}, {"append", "b", "2"}, {"write", "c", "3"}} {
		l.sent[o.id] = o
	}
	l.acked["a"], l.acked["b"] = true, true // c had no answer
	whole := func() found {
		return found{rows: map[string][]string{"a": {"1"}, "b": {"2"}}, trail: map[string]bool{"a": true}}
	}
	base := verdict{cycles: 1, acks: 2, unknown: 1}
	for _, tc := range []struct {
		name string
		harm func(found)
		want func(*verdict)
	}{
		{"whole", func(found) {}, func(*verdict) {}},
		{"unknown and there", func(f found) { f.rows["c"], f.trail["c"] = []string{"3"}, true }, func(*verdict) {}},
		{"lost", func(f found) { delete(f.rows, "b") }, func(v *verdict) { v.lost = 1 }},
		{"lost audit line", func(f found) { delete(f.trail, "a") }, func(v *verdict) { v.lost = 1 }},
		{"altered", func(f found) { f.rows["b"][0] = "9" }, func(v *verdict) { v.altered = 1 }},
		{"doubled", func(f found) { f.rows["b"] = []string{"2", "2"} }, func(v *verdict) { v.doubled = 1 }},
		{"phantom", func(f found) { f.rows["z"] = []string{"0"} }, func(v *verdict) { v.phantom = 1 }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, want := whole(), base
			tc.harm(f)
			tc.want(&want)
			got := l.compare(f)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(verdict{})); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
			if got.wrong() != (want != base) {
				t.Errorf("wrong = %v", got.wrong())
			}
		})
	}
}
