package store_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
)

// template has one table of its own: this package knows no other.
var template = storetest.Template{Prepare: func(ctx context.Context, db *store.DB) error {
	kind := "text"
	if db.Engine == store.Postgres {
		kind = "uuid"
	}
	statements := []string{"CREATE TABLE thing (id " + kind + " PRIMARY KEY, n int NOT NULL)"}
	if db.Engine == store.Postgres {
		statements = append(statements, "GRANT SELECT, INSERT, UPDATE ON thing TO wiyata_app")
	}
	for _, s := range statements {
		if _, err := db.SQL().ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}}

func TestMain(m *testing.M) {
	code := m.Run()
	template.Remove()
	os.Exit(code)
}

// setting reads what the policies would read.
func setting(t *testing.T, ctx context.Context, tx *store.Tx, name string) (value string) {
	t.Helper()
	if err := tx.NewRaw("SELECT coalesce(current_setting(?, true), '')", name).Scan(ctx, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// TestReachStaysInItsTransaction: on one single connection, what a transaction may
// reach is set inside it and gone after it, whether it was committed or not.
func TestReachStaysInItsTransaction(t *testing.T) {
	template.OnPostgres(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		db.SQL().SetMaxOpenConns(1)
		undone := errors.New("undone")
		for _, end := range []error{nil, undone} {
			err := db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: 15}, "", func(tx *store.Tx) error {
				if got := setting(t, ctx, tx, "app.tenant"); got != "15" {
					t.Errorf("inside, app.tenant = %q", got)
				}
				if err := tx.Ask(ctx, "person:a"); err != nil {
					return err
				}
				if got := setting(t, ctx, tx, "app.asking"); got != "{person:a}" {
					t.Errorf("inside, app.asking = %q", got)
				}
				return end
			})
			if !errors.Is(err, end) {
				t.Fatal(err)
			}
			if err := db.View(ctx, store.Reach{Door: store.DoorPublic}, func(tx *store.Tx) error {
				for _, name := range []string{"app.tenant", "app.asking", "app.person", "app.reach", "app.batches"} {
					if got := setting(t, ctx, tx, name); got != "" {
						t.Errorf("the next transaction inherits %s = %q", name, got)
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestConflictIsTriedAgain: two writers without a common key, each reading the sum
// and adding to it, end as if one had come after the other.
func TestConflictIsTriedAgain(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		const writers = 6
		var done sync.WaitGroup
		for range writers {
			done.Go(func() {
				err := db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: 1}, "", func(tx *store.Tx) error {
					var n int
					if err := tx.NewRaw("SELECT count(*) FROM thing").Scan(ctx, &n); err != nil {
						return err
					}
					_, err := tx.NewRaw("INSERT INTO thing (id, n) VALUES (?, ?)", store.NewID(), n).Exec(ctx)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		done.Wait()
		var distinct int
		if err := db.View(ctx, store.Reach{}, func(tx *store.Tx) error {
			return tx.NewRaw("SELECT count(DISTINCT n) FROM thing").Scan(ctx, &distinct)
		}); err != nil {
			t.Fatal(err)
		}
		if distinct != writers {
			t.Errorf("%d different sums were seen, want %d", distinct, writers)
		}
		if commits, _ := db.Tally(); commits != writers {
			t.Errorf("%d commits counted, want %d", commits, writers)
		}
	})
}

// TestTally: a write that loses against another is counted as one retry, and one that
// is refused as no commit.
func TestTally(t *testing.T) {
	template.OnPostgres(t, func(t *testing.T, db *store.DB) {
		ctx, reach := context.Background(), store.Reach{Door: store.DoorWrite, Tenant: 1}
		add := func(meanwhile func() error) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				var n int
				if err := tx.NewRaw("SELECT count(*) FROM thing").Scan(ctx, &n); err != nil {
					return err
				}
				if err := meanwhile(); err != nil {
					return err
				}
				_, err := tx.NewRaw("INSERT INTO thing (id, n) VALUES (?, ?)", store.NewID(), n).Exec(ctx)
				return err
			}
		}
		runs := 0
		if err := db.Update(ctx, reach, "", add(func() error {
			if runs++; runs > 1 {
				return nil
			}
			return db.Update(ctx, reach, "", add(func() error { return nil }))
		})); err != nil {
			t.Fatal(err)
		}
		if err := db.Update(ctx, reach, "", func(*store.Tx) error { return fault.Missing() }); !errors.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		if commits, retries := db.Tally(); commits != 2 || retries != 1 || runs != 2 {
			t.Errorf("%d commits and %d retries counted in %d runs, want 2 and 1 in 2", commits, retries, runs)
		}
	})
}

// TestErrors: what drivers say becomes what users can be told, alike on both engines.
func TestErrors(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		id := store.NewID()
		insert := func(tx *store.Tx) error {
			_, err := tx.NewRaw("INSERT INTO thing (id, n) VALUES (?, 1)", id).Exec(ctx)
			return store.Err(err)
		}
		var n int
		for _, tc := range []struct {
			name string
			act  func(*store.Tx) error
			want error
		}{
			{"stored", insert, nil},
			{"stored again", insert, fault.Conflict},
			{"no row", func(tx *store.Tx) error {
				return store.Err(tx.NewRaw("SELECT n FROM thing WHERE id = ?", store.NewID()).Scan(ctx, &n))
			}, fault.NotFound},
			{"no id at all", func(tx *store.Tx) error {
				return store.Err(tx.NewRaw("SELECT n FROM thing WHERE id = ?", "../etc").Scan(ctx, &n))
			}, fault.NotFound},
			{"nothing to change", func(tx *store.Tx) error {
				return store.One(tx.NewRaw("UPDATE thing SET n = 2 WHERE id = ?", store.NewID()).Exec(ctx))
			}, fault.NotFound},
		} {
			err := db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: 1}, "", tc.act)
			if !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) {
				t.Errorf("%s = %v, want %v", tc.name, err, tc.want)
			}
		}
	})
}

// TestViewCannotWrite: a reading door is read only on both engines.
func TestViewCannotWrite(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		err := db.View(ctx, store.Reach{Door: store.DoorRead, Tenant: 1}, func(tx *store.Tx) error {
			_, err := tx.NewRaw("INSERT INTO thing (id, n) VALUES (?, 1)", store.NewID()).Exec(ctx)
			return err
		})
		if err == nil || !strings.Contains(strings.ToLower(err.Error()), "read") {
			t.Errorf("writing through a view = %v", err)
		}
	})
}

// TestAfterRunsOnce: what was put off until the commit runs after it, and not
// after a rollback.
func TestAfterRunsOnce(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		ctx, ran := context.Background(), 0
		undone := errors.New("undone")
		for _, end := range []error{undone, nil} {
			if err := db.Update(ctx, store.Reach{}, "", func(tx *store.Tx) error {
				tx.After(func() { ran++ })
				return end
			}); !errors.Is(err, end) {
				t.Fatal(err)
			}
		}
		if ran != 1 {
			t.Errorf("ran %d times, want once", ran)
		}
	})
}

// TestKeyQueueGivesUp: who waits for a key gives up with the context, and the key
// stays usable.
func TestKeyQueueGivesUp(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		inside, release := make(chan struct{}), make(chan struct{})
		done := make(chan error, 1)
		go func() {
			done <- db.Update(ctx, store.Reach{}, "batch:1", func(*store.Tx) error {
				close(inside)
				<-release
				return nil
			})
		}()
		<-inside
		short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		if err := db.Update(short, store.Reach{}, "batch:1", func(*store.Tx) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting in vain = %v", err)
		}
		close(release)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := db.Update(ctx, store.Reach{}, "batch:1", func(*store.Tx) error { return nil }); err != nil {
			t.Errorf("afterwards = %v", err)
		}
	})
}
