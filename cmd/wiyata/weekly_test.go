package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
)

// What is too long for each change runs once a week: .ci/weekly.
var (
	weekly  = flag.Bool("weekly", false, "also what takes hours: every page as everybody, every policy against the whole matrix")
	without = flag.String("without", "", "name of the policy that the matrix does without, on PostgreSQL")
)

// drop takes the policy called name off the database.
func drop(t *testing.T, super *sql.DB, name string) {
	t.Helper()
	all := policies(t, super)
	i := slices.IndexFunc(all, func(p policy) bool { return p.name == name })
	if i < 0 {
		t.Fatalf("there is no policy %q", name)
	}
	_, err := super.Exec(fmt.Sprintf("DROP POLICY %s ON %s", all[i].name, all[i].table))
	check(t, err)
}

// TestEachPolicyInTheMatrix has the whole matrix do without one policy after another, in
// a process of its own each, and wants most of them to be missed there too. It is the
// probe suite that misses each (TestEachPolicyIsNeeded); what the matrix does not miss is
// listed, and is the jobs' and the command line's, which have no route.
func TestEachPolicyInTheMatrix(t *testing.T) {
	if !*weekly {
		return
	}
	template.OnPostgres(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		matrix := func(name string) ([]byte, error) {
			c := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestIsolationMatrix$", "-test.timeout=1h", "-without="+name)
			c.Env = append(os.Environ(), "TEST_ENGINES="+string(store.Postgres))
			return c.CombinedOutput()
		}
		if said, err := matrix(""); err != nil {
			t.Fatalf("the matrix is red with all policies in place: %v\n%.2000s", err, said)
		}
		started, killed := time.Now(), atomic.Int32{}
		all := policies(t, storetest.Superuser(t, db))
		t.Run("without", func(t *testing.T) {
			for _, p := range all {
				t.Run(p.name, func(t *testing.T) {
					t.Parallel()
					switch said, err := matrix(p.name); {
					case err == nil:
						t.Logf("survives: no route misses %s on %s", p.name, p.table)
					case !errors.As(err, new(*exec.ExitError)):
						t.Fatalf("%v\n%.2000s", err, said)
					default:
						killed.Add(1)
					}
				})
			}
		})
		if 2*int(killed.Load()) < len(all) {
			t.Errorf("the matrix misses %d of %d policies: less than half", killed.Load(), len(all))
		}
		t.Logf("figure: %d policies against the whole matrix, %d missed there (%.0f s)", len(all), killed.Load(), time.Since(started).Seconds())
	})
}
