package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
)

// lite is an empty SQLite database with the table thing.
func lite(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "a.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.SQL().Exec("CREATE TABLE thing (id text PRIMARY KEY, n int NOT NULL)"); err != nil {
		t.Fatal(err)
	}
	return db
}

func add(ctx context.Context, db *store.DB, n int, end error) error {
	return db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: 1}, "", func(tx *store.Tx) error {
		if _, err := tx.NewRaw("INSERT INTO thing (id, n) VALUES (?, ?)", store.NewID(), n).Exec(ctx); err != nil {
			return err
		}
		return end
	})
}

func count(t testing.TB, db *store.DB) (n int) {
	t.Helper()
	if err := db.SQL().QueryRow("SELECT count(*) FROM thing").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// held keeps the writer busy with a write of its own until release is called, so
// that what is handed in meanwhile shares one group.
func held(t *testing.T, db *store.DB) (release func()) {
	t.Helper()
	inside, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- db.Update(context.Background(), store.Reach{}, "", func(*store.Tx) error {
			close(inside)
			<-free
			return nil
		})
	}()
	<-inside
	return func() {
		close(free)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// TestGroupMembersFailAlone: of many writes that share a commit, those that fail,
// break a constraint, panic or gave up before they began are undone alone; one
// whose caller goes away while it runs is finished.
func TestGroupMembersFailAlone(t *testing.T) {
	t.Run("sqlite_only", func(t *testing.T) {
		db, ctx := lite(t), context.Background()
		undone := errors.New("undone")
		release := held(t, db)
		var wait sync.WaitGroup
		expect := func(want error, act func() error) {
			started := make(chan struct{})
			wait.Go(func() {
				close(started)
				if err := act(); !errors.Is(err, want) || (err == nil) != (want == nil) {
					t.Errorf("write = %v, want %v", err, want)
				}
			})
			<-started
		}
		for i := range 20 {
			expect(nil, func() error { return add(ctx, db, i, nil) })
			expect(undone, func() error { return add(ctx, db, i, undone) })
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		expect(context.Canceled, func() error { return add(gone, db, 0, nil) })
		leaving, leave := context.WithCancel(ctx)
		expect(nil, func() error {
			return db.Update(leaving, store.Reach{}, "", func(tx *store.Tx) error {
				leave() // the caller's browser is closed in the middle
				_, err := tx.NewRaw("INSERT INTO thing (id, n) VALUES (?, 99)", store.NewID()).Exec(leaving)
				return err
			})
		})
		expect(nil, func() (err error) {
			defer func() {
				if recover() == nil {
					t.Error("a panic stayed in the writer")
				}
			}()
			return db.Update(ctx, store.Reach{}, "", func(tx *store.Tx) error {
				if err := add1(ctx, tx); err != nil {
					return err
				}
				panic("oops")
			})
		})
		release()
		wait.Wait()
		if n := count(t, db); n != 21 {
			t.Errorf("%d rows stored, want 21", n)
		}
		if err := add(ctx, db, 1, nil); err != nil {
			t.Errorf("after all that, a write = %v", err)
		}
	})
}

func add1(ctx context.Context, tx *store.Tx) error {
	_, err := tx.NewRaw("INSERT INTO thing (id, n) VALUES (?, 1)", store.NewID()).Exec(ctx)
	return err
}

// TestGroupSurvivesALostTransaction: a member that ends the transaction under the
// others costs them nothing: each is run again, alone.
func TestGroupSurvivesALostTransaction(t *testing.T) {
	t.Run("sqlite_only", func(t *testing.T) {
		db, ctx := lite(t), context.Background()
		release := held(t, db)
		var wait sync.WaitGroup
		for i := range 10 {
			wait.Go(func() {
				if err := add(ctx, db, i, nil); err != nil {
					t.Errorf("write %d = %v", i, err)
				}
			})
		}
		wait.Go(func() {
			err := db.Update(ctx, store.Reach{}, "", func(tx *store.Tx) error {
				_, err := tx.NewRaw("ROLLBACK").Exec(ctx)
				return err
			})
			if err == nil {
				t.Error("a write that threw the transaction away was acknowledged")
			}
		})
		release()
		wait.Wait()
		if n := count(t, db); n != 10 {
			t.Errorf("%d rows stored, want 10", n)
		}
	})
}

// BenchmarkSQLiteWrites compares 64 callers who share commits with 64 who take
// turns at the same connection, each commit synced, in one run.
func BenchmarkSQLiteWrites(b *testing.B) {
	const callers, each = 64, 8
	ctx := context.Background()
	together := func(db *store.DB, write func() error) time.Duration {
		started := time.Now()
		var wait sync.WaitGroup
		for range callers {
			wait.Go(func() {
				for range each {
					if err := write(); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wait.Wait()
		return time.Since(started)
	}
	var ratios []float64
	var grouped, alone time.Duration
	for b.Loop() {
		db := lite(b)
		grouped = together(db, func() error { return add(ctx, db, 1, nil) })
		alone = together(db, func() error {
			tx, err := db.SQL().BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer tx.Rollback()
			if _, err := tx.ExecContext(ctx, "INSERT INTO thing (id, n) VALUES (?, 1)", store.NewID()); err != nil {
				return err
			}
			return tx.Commit()
		})
		ratios = append(ratios, float64(alone)/float64(grouped))
	}
	perSecond := func(d time.Duration) float64 { return callers * each / d.Seconds() }
	fmt.Printf("\nfigure: 64 callers, synced commits: %.0f/s grouped, %.0f/s one by one (last of %d); ratios %.1f\n", perSecond(grouped), perSecond(alone), b.N, ratios)
}
