package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

var template = storetest.Template{
	Prepare: func(ctx context.Context, db *store.DB) error { return migrations.Up(ctx, db.SQL(), db.Engine) },
	Guard:   storetest.NewGuard(migrations.Tables),
}

func TestMain(m *testing.M) {
	code := m.Run()
	template.Remove()
	os.Exit(code)
}

const origin, busy, quiet store.TenantID = 15, 16, 17

// chunk is what one job works at most, as jobs has it.
const chunk = 200

var errBroken = errors.New("broken")

// records is what the handlers of a test were handed, in order.
type records struct {
	db  *store.DB
	log bytes.Buffer

	mu      sync.Mutex
	handled []jobs.Row
}

// take is a handler: a row whose key begins with "bad" fails, one with "panic" panics,
// all others are done.
func (r *records) take(ctx context.Context, row jobs.Row) error {
	r.mu.Lock()
	r.handled = append(r.handled, row)
	r.mu.Unlock()
	switch {
	case strings.HasPrefix(row.Key, "bad"):
		return errBroken
	case strings.HasPrefix(row.Key, "panic"):
		panic("broken")
	}
	return r.db.Single(ctx, store.Reach{Door: store.DoorAppend, Tenant: row.PartyID}, func(tx *store.Tx) error {
		_, err := jobs.Done(ctx, tx, row)
		return err
	})
}

// count is how many rows of party have been handed over so far.
func (r *records) count(party store.TenantID) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, row := range r.handled {
		if row.PartyID == party {
			n++
		}
	}
	return n
}

func newQueue(t *testing.T, db *store.DB) (*jobs.Queue, *records) {
	t.Helper()
	r := &records{db: db}
	as := func(ctx context.Context, _ store.TenantID) context.Context { return ctx }
	q, err := jobs.New(db, slog.New(slog.NewJSONHandler(&r.log, nil)), as, map[string]jobs.Handler{"credit": r.take})
	check(t, err)
	return q, r
}

// put adds n rows for party, whose keys are name and a number.
func put(t *testing.T, db *store.DB, party store.TenantID, name string, n int) {
	t.Helper()
	ctx := context.Background()
	for at := 0; at < n; at += 500 {
		effects := make([]jobs.Effect, min(500, n-at))
		for i := range effects {
			effects[i] = jobs.Effect{Party: party, Key: fmt.Sprintf("%s-%05d", name, at+i)}
		}
		check(t, db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: origin}, "", func(tx *store.Tx) error {
			return jobs.Put(ctx, tx, "credit", effects...)
		}))
	}
}

// left lists what is in the outbox.
func left(t *testing.T, db *store.DB) (rows []jobs.Row) {
	t.Helper()
	ctx := context.Background()
	check(t, db.View(ctx, store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) error {
		return tx.NewSelect().Model(&rows).Order("key").Scan(ctx)
	}))
	return rows
}

// dueAgain ends the pause of every row of party.
func dueAgain(t *testing.T, db *store.DB, party store.TenantID) {
	t.Helper()
	ctx := context.Background()
	check(t, db.Single(ctx, store.Reach{Door: store.DoorAppend, Tenant: party}, func(tx *store.Tx) error {
		_, err := tx.NewUpdate().Model((*jobs.Row)(nil)).Set("not_before = created_at").Where("party_id = ?", party).Exec(ctx)
		return err
	}))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestFailingRowsGoAside: a full chunk of rows that fail, in whatever way, is put off,
// and the row behind them is handled in the very next chunk.
func TestFailingRowsGoAside(t *testing.T) {
	for _, how := range []string{"bad", "panic"} {
		t.Run(how, func(t *testing.T) {
			template.Each(t, func(t *testing.T, db *store.DB) {
				q, r := newQueue(t, db)
				put(t, db, busy, how, chunk)
				put(t, db, busy, "good", 1)
				ctx := context.Background()
				for _, want := range []struct {
					more    bool
					handled int
				}{{true, chunk}, {false, chunk + 1}, {false, chunk + 1}} {
					more, err := q.Work(ctx, "credit", busy)
					if err != nil || more != want.more || r.count(busy) != want.handled {
						t.Fatalf("Work = %v, %v after %d rows, want %v after %d", more, err, r.count(busy), want.more, want.handled)
					}
				}
				rows := left(t, db)
				if len(rows) != chunk {
					t.Fatalf("%d rows are left, want the %d that failed", len(rows), chunk)
				}
				for _, row := range rows {
					if row.Attempts != 1 || !row.NotBefore.After(row.CreatedAt.Add(10*time.Second)) {
						t.Fatalf("%s failed %d times and is due at %v, made at %v", row.Key, row.Attempts, row.NotBefore, row.CreatedAt)
					}
				}
				dueAgain(t, db, busy)
				if _, err := q.Work(ctx, "credit", busy); err != nil {
					t.Fatal(err)
				}
				if rows := left(t, db); rows[0].Attempts != 2 {
					t.Errorf("after its pause a row was tried %d times, want 2", rows[0].Attempts)
				}
			})
		})
	}
}

// TestStuckIsSaidOnce: a row that keeps failing stays, waits longer each time up to an
// hour, is counted, and is logged as stuck once, by its ids.
func TestStuckIsSaidOnce(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		q, r := newQueue(t, db)
		put(t, db, busy, "bad", 1)
		ctx := context.Background()
		var pauses []time.Duration
		for n := 1; n <= 12; n++ {
			before := time.Now()
			if _, err := q.Work(ctx, "credit", busy); err != nil {
				t.Fatal(err)
			}
			row := left(t, db)[0]
			if row.Attempts != n {
				t.Fatalf("%d failures are counted after %d", row.Attempts, n)
			}
			pauses = append(pauses, row.NotBefore.Sub(before).Round(15*time.Second)/time.Second)
			found, err := jobs.Stuck(ctx, db)
			if want := n / 10; err != nil || len(found) != want {
				t.Errorf("%d rows are stuck after %d failures (%v), want %d", len(found), n, err, want)
			}
			dueAgain(t, db, busy)
		}
		if got, want := fmt.Sprintf("%d", pauses), "[15 30 60 120 240 480 960 1920 3600 3600 3600 3600]"; got != want {
			t.Errorf("pauses in seconds = %s, want %s", got, want)
		}
		said := r.log.String()
		if n := strings.Count(said, "effect is stuck"); n != 1 {
			t.Errorf("said %d times that it is stuck:\n%s", n, said)
		}
		if row := left(t, db)[0]; !strings.Contains(said, row.ID) || strings.Contains(said, row.Key) {
			t.Errorf("the log does not go by ids:\n%s", said)
		}
	})
}

// TestRowOfTheReleaseBefore: who puts a row without the new columns has it worked.
func TestRowOfTheReleaseBefore(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		q, r := newQueue(t, db)
		ctx := context.Background()
		check(t, db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: origin}, "", func(tx *store.Tx) error {
			_, err := tx.NewRaw("INSERT INTO outbox (tenant_id, id, party_id, kind, key, created_at) VALUES (?, ?, ?, 'credit', 'old', ?)",
				origin, tx.NewID(), busy, tx.Now).Exec(ctx)
			return err
		}))
		if _, err := q.Work(ctx, "credit", busy); err != nil || r.count(busy) != 1 || len(left(t, db)) != 0 {
			t.Errorf("%d rows handled, %d left (%v)", r.count(busy), len(left(t, db)), err)
		}
	})
}

// TestKindWithoutHandler: an effect that this release does not know is put off and
// counted, not lost and not first for ever.
func TestKindWithoutHandler(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		q, _ := newQueue(t, db)
		ctx := context.Background()
		check(t, db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: origin}, "", func(tx *store.Tx) error {
			return jobs.Put(ctx, tx, "unheard", jobs.Effect{Party: busy, Key: "a"})
		}))
		more, err := q.Work(ctx, "unheard", busy)
		if rows := left(t, db); err != nil || more || len(rows) != 1 || rows[0].Attempts != 1 {
			t.Errorf("Work = %v, %v; left: %+v", more, err, rows)
		}
	})
}

// TestFairBetweenTenants: where one tenant has 10,000 rows, or as many tenants as there
// are workers have thousands each, the single row of another waits for a chunk or two of
// each and no more. It is told by the order of handling.
func TestFairBetweenTenants(t *testing.T) {
	for _, crowd := range []struct {
		name         string
		tenants, row int
	}{{"one", 1, 10_000}, {"as many as workers", 4, 2_500}} {
		t.Run(crowd.name, func(t *testing.T) {
			template.Each(t, func(t *testing.T, db *store.DB) {
				q, r := newQueue(t, db)
				first := quiet + 1
				for i := range crowd.tenants {
					put(t, db, first+store.TenantID(i), "row", crowd.row)
				}
				handled := func() (n int) {
					for i := range crowd.tenants {
						n += r.count(first + store.TenantID(i))
					}
					return n
				}
				ctx, stop := context.WithCancel(context.Background())
				ended := make(chan error, 1)
				go func() { ended <- q.Run(ctx) }()
				wait(t, func() bool { return handled() > chunk/2 })
				put(t, db, quiet, "row", 1)
				before := handled()
				q.Wake()
				wait(t, func() bool { return r.count(quiet) == 1 })
				stop()
				between := 0
				r.mu.Lock()
				for i, row := range r.handled {
					if row.PartyID == quiet {
						between = i - before
						break
					}
				}
				r.mu.Unlock()
				check(t, <-ended)
				if most := 2 * chunk * crowd.tenants; between > most {
					t.Errorf("%d rows of others came before the one that waited, want at most %d", between, most)
				}
				t.Logf("figure: fair on %s: %d rows of %d busy tenants before the one row of another", db.Engine, between, crowd.tenants)
			})
		})
	}
}

// wait polls until it is so.
func wait(t *testing.T, so func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(time.Minute); !so(); <-tick.C {
		if time.Now().After(end) {
			t.Fatal("waited for a minute in vain")
		}
	}
}
