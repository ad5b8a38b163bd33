package account_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// A clock is one that a test moves.
type clock struct{ ns atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(0, c.ns.Load()).UTC() }
func (c *clock) forward(d time.Duration) { c.ns.Add(int64(d)) }

// clocked is db with a clock that begins at storetest.Noon.
func clocked(db *store.DB) (*store.DB, *clock) {
	c := &clock{}
	c.ns.Store(storetest.Noon.UnixNano())
	return store.Clocked(db, c.now), c
}

// guess tries a password of the attacker's.
func (o office) guess(login string, from account.Visit) error {
	_, err := o.SignIn(context.Background(), account.Credentials{Login: login, Password: "tebakan-penyerang"}, from)
	return err
}

// TestEqualRefusals: whoever may not come in costs the same statements, the same
// hashing and hears the same sentence, whatever the reason.
func TestEqualRefusals(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		var statements, hashes atomic.Int64
		var mu sync.Mutex
		var shapes []string
		watched := store.Observed(db, func(_ store.Sight, text string) {
			statements.Add(1)
			mu.Lock()
			defer mu.Unlock()
			verb, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
			table, _, _ := strings.Cut(rest[strings.Index(rest, " ")+1:], " ")
			shapes = append(shapes, verb+" "+table)
		})
		o, ctx := open(t, watched), context.Background()
		o.CountHashes(&hashes)
		system := authz.AsSystem(ctx, 0)
		ruslan, err := o.Create(system, account.Identity{Name: "Ruslan", Email: "ruslan@contoh.example"}, password)
		check(t, err)
		check(t, o.Suspend(system, ruslan, "Berhenti"))

		var want, text string
		var wantHashes int64
		for i, tc := range []struct{ name, login, password string }{
			{"unknown", "siapa@contoh.example", password},
			{"wrong password", "rina@contoh.example", "salah-sekali-lagi"},
			{"wrong password by NIP", "199003152015032901", "salah-sekali-lagi"},
			{"no password yet", "tono@contoh.example", password},
			{"suspended", "ruslan@contoh.example", password},
		} {
			mu.Lock()
			shapes = nil
			mu.Unlock()
			hashes.Store(0)
			began := time.Now()
			_, err := o.SignIn(ctx, account.Credentials{Login: tc.login, Password: tc.password}, account.Visit{Network: "203.0.113.0/24"})
			took := time.Since(began)
			f := fault.Of(err)
			if f == nil || f.Kind != fault.Unauthenticated {
				t.Fatalf("%s: %v", tc.name, err)
			}
			got := strings.Join(shapes, "; ")
			if i == 0 {
				want, wantHashes, text = got, hashes.Load(), f.Text
			}
			if got != want || hashes.Load() != wantHashes || f.Text != text {
				t.Errorf("%s: %d hashes, %q by %s\nwant %d, %q by %s", tc.name, hashes.Load(), f.Text, got, wantHashes, text, want)
			}
			t.Logf("figure: refusal of %-22s %2d statements, %d hash, %v", tc.name, len(shapes), hashes.Load(), took.Round(time.Millisecond))
		}
		check(t, o.Restore(system, ruslan, "Kembali"))
		o.enter(t, "ruslan@contoh.example", account.Visit{})
	})
}

// TestGuesses: ten thousand guesses at one account, and one each at ten thousand, by
// a clock that a test moves: the buckets stand before the hashing.
func TestGuesses(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		db, clock := clocked(db)
		o := open(t, db)
		var hashes atomic.Int64
		o.CountHashes(&hashes)
		home := account.Visit{Network: "198.51.100.0/24"}
		home.Mark = o.enter(t, "rina@contoh.example", home).Mark
		hashes.Store(0)
		guesses, limited := 10_000, 0
		if testing.Short() {
			guesses = 1_000
		}
		for i := range guesses {
			from := account.Visit{Network: "203.0." + string(rune('0'+i%10)) + ".0/24"} // it has networks enough
			if err := o.guess("rina@contoh.example", from); errors.Is(err, fault.Limited) {
				limited++
				if f := fault.Of(err); f.Wait <= 0 || f.Wait > 15*time.Minute || !strings.Contains(f.Text, "WIB") {
					t.Fatalf("refused with %q for %v", f.Text, f.Wait)
				}
			}
			clock.forward(144 * time.Minute / time.Duration(guesses))
		}
		if n := hashes.Load(); n != 10+9 || limited != guesses-19 {
			t.Errorf("%d of %d guesses were judged and %d refused, want 19: ten at once and one each 15 minutes", n, guesses, limited)
		}
		t.Logf("figure: %d guesses at one account in 2 h 24 min: %d judged", guesses, hashes.Load())
		o.enter(t, "rina@contoh.example", home) // its owner, where they were before
		if _, err := o.SignIn(context.Background(), account.Credentials{Login: "rina@contoh.example", Password: password}, account.Visit{Network: home.Network}); !errors.Is(err, fault.Limited) {
			t.Errorf("a device that nobody knows = %v, want limited: it could be the attacker's", err)
		}
		for range 10 {
			if err := o.guess("rina@contoh.example", home); !errors.Is(err, fault.Unauthenticated) {
				t.Fatalf("a guess at home = %v", err)
			}
		}
		if err := o.guess("rina@contoh.example", home); !errors.Is(err, fault.Limited) {
			t.Errorf("eleventh guess at home = %v, want limited", err)
		}
		clock.forward(3 * time.Hour)
		o.enter(t, "rina@contoh.example", account.Visit{Network: "203.0.113.0/24"})
	})
}

// TestSpray: one guess at each of many accounts from one network.
func TestSpray(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		still, _ := clocked(db)
		o := open(t, still)
		var hashes atomic.Int64
		restore := o.FakeHashes(&hashes)
		for i := range 320 {
			err := o.guess("korban"+strings.Repeat("x", i%200)+strings.Repeat("y", i/200)+"@contoh.example", account.Visit{Network: "203.0.113.0/24"})
			if want := []error{fault.Unauthenticated, fault.Limited}[i/300]; !errors.Is(err, want) {
				t.Fatalf("guess %d = %v, want %v", i, err, want)
			}
		}
		if hashes.Load() != 300 {
			t.Errorf("%d guesses judged, want 300", hashes.Load())
		}
		restore()
		o.enter(t, "rina@contoh.example", account.Visit{Network: "198.51.100.0/24"})
	})
}

// TestGuessesAtOnce: as many as are sent at the same time, no more than the limit are judged.
func TestGuessesAtOnce(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		var hashes atomic.Int64
		o.CountHashes(&hashes)
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				if err := o.guess("rina@contoh.example", account.Visit{}); !errors.Is(err, fault.Unauthenticated) && !errors.Is(err, fault.Limited) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := hashes.Load(); n != 10 {
			t.Errorf("%d of 40 guesses at the same time were judged, want 10", n)
		}
	})
}

// TestFullLine: a sign-in that finds no place in the line costs no guess.
func TestFullLine(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		still, _ := clocked(db)
		o := open(t, still)
		leave := o.FillLine()
		for range 15 {
			if err := o.guess("rina@contoh.example", account.Visit{}); !errors.Is(err, fault.Unavailable) || fault.Of(err).Wait != 3*time.Second {
				t.Fatalf("%v, want unavailable for 3 s", err)
			}
		}
		leave()
		o.enter(t, "rina@contoh.example", account.Visit{})
	})
}

// TestLives: how long a session holds, unused and at all, for whom.
func TestLives(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		db, clock := clocked(db)
		o, ctx := open(t, db), context.Background()
		adminOf := authz.AsSystem(ctx, o.in[0])
		sari, err := o.Create(authz.AsSystem(ctx, 0), account.Identity{Name: "Sari", Email: "sari@contoh.example"}, password)
		check(t, err)
		check(t, o.Give(adminOf, sari, authz.TenantAdmin, ""))
		_, err = o.Create(authz.AsSystem(ctx, 0), account.Identity{Name: "Andi", Email: "andi@contoh.example"}, password)
		check(t, err)
		for _, tc := range []struct {
			login       string
			keep        bool
			idle, whole time.Duration
		}{
			{"sari@contoh.example", false, 30 * time.Minute, 12 * time.Hour},
			{"sari@contoh.example", true, 30 * time.Minute, 12 * time.Hour}, // a weighty role keeps nothing
			{"rina@contoh.example", false, 12 * time.Hour, 12 * time.Hour},
			{"andi@contoh.example", false, 12 * time.Hour, 12 * time.Hour},
			{"andi@contoh.example", true, 30 * 24 * time.Hour, 90 * 24 * time.Hour},
		} {
			begin := func() account.Pass {
				pass, err := o.SignIn(ctx, account.Credentials{Login: tc.login, Password: password, Keep: tc.keep}, account.Visit{})
				check(t, err)
				if got := pass.Expires.Sub(clock.now()); got != tc.whole {
					t.Errorf("%s, kept %v: the token is given for %v, want %v", tc.login, tc.keep, got, tc.whole)
				}
				return pass
			}
			unused := begin()
			clock.forward(tc.idle - time.Second)
			if _, err := o.Authenticate(ctx, unused.Token); err != nil {
				t.Errorf("%s, kept %v: ended before %v: %v", tc.login, tc.keep, tc.idle, err)
			}
			unused = begin()
			clock.forward(tc.idle)
			if _, err := o.Authenticate(ctx, unused.Token); !errors.Is(err, fault.Unauthenticated) {
				t.Errorf("%s, kept %v: unused for %v = %v", tc.login, tc.keep, tc.idle, err)
			}
			used := begin()
			for gone := time.Duration(0); gone+tc.idle/2 < tc.whole; gone += tc.idle / 2 {
				if _, err := o.Authenticate(ctx, used.Token); err != nil {
					t.Fatalf("%s, kept %v: ended in use after %v: %v", tc.login, tc.keep, gone, err)
				}
				clock.forward(tc.idle / 2)
			}
			clock.forward(tc.idle / 2)
			if _, err := o.Authenticate(ctx, used.Token); !errors.Is(err, fault.Unauthenticated) {
				t.Errorf("%s, kept %v: in use after %v = %v", tc.login, tc.keep, tc.whole, err)
			}
		}
		// A role given later shortens a session that is there.
		pass, err := o.SignIn(ctx, account.Credentials{Login: "andi@contoh.example", Password: password, Keep: true}, account.Visit{})
		check(t, err)
		p, err := o.Authenticate(ctx, pass.Token)
		check(t, err)
		check(t, o.Give(adminOf, p.ID, authz.TenantAdmin, ""))
		clock.forward(30 * time.Minute)
		if _, err := o.Authenticate(ctx, pass.Token); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("half an hour after a weighty role = %v", err)
		}
	})
}

// TestSeen: a session is noted as used once a minute at most, and that leaves no line.
func TestSeen(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		var writes atomic.Int64
		db, clock := clocked(store.Observed(db, func(_ store.Sight, text string) {
			if strings.HasPrefix(text, "UPDATE sign_in SET seen_at") {
				writes.Add(1)
			}
		}))
		o, ctx := open(t, db), context.Background()
		token := o.enter(t, "rina@contoh.example", account.Visit{}).Token
		lines := count(t, db, "audit_line")
		for range 600 {
			_, err := o.Authenticate(ctx, token)
			check(t, err)
			clock.forward(time.Second)
		}
		if n := writes.Load(); n != 9 {
			t.Errorf("%d writes in ten minutes of use each second, want 9", n)
		}
		if now := count(t, db, "audit_line"); now != lines {
			t.Errorf("%d audit lines more", now-lines)
		}
	})
}

// count counts the rows of a table, past the policies.
func count(t *testing.T, db *store.DB, table string) (n int) {
	t.Helper()
	raw := db.SQL()
	if db.Engine == store.Postgres {
		raw = storetest.Superuser(t, db)
	}
	check(t, raw.QueryRow("SELECT count(*) FROM "+table).Scan(&n))
	return n
}

// TestSessions: a person sees their own sessions and ends one, or all others, at once.
func TestSessions(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		db, clock := clocked(db)
		o, ctx := open(t, db), context.Background()
		phone := o.enter(t, "rina@contoh.example", account.Visit{Device: "Chrome di Android", Network: "203.0.113.0/24"})
		clock.forward(time.Minute)
		office := o.enter(t, "rina@contoh.example", account.Visit{Device: "Edge di Windows", Network: "2001:db8:7::/48"})
		_, err := o.Create(authz.AsSystem(ctx, 0), account.Identity{Name: "Lain", Email: "lain@contoh.example"}, password)
		check(t, err)
		other := o.enter(t, "lain@contoh.example", account.Visit{})
		all, err := o.Sessions(ctx, office.Token)
		check(t, err)
		if len(all) != 2 || !all[0].Current || all[1].Current || all[1].Device != "Chrome di Android" || all[1].Place() != "203.0.…" || all[0].Place() != "2001:db8:…" {
			t.Fatalf("sessions: %+v", all)
		}
		if err := o.Revoke(ctx, other.Token, all[1].ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("another's session = %v, want not found", err)
		}
		if err := o.Revoke(ctx, office.Token, "bukan-nomor"); !errors.Is(err, fault.NotFound) {
			t.Errorf("no id = %v, want not found", err)
		}
		check(t, o.Revoke(ctx, office.Token, all[1].ID))
		if _, err := o.Authenticate(ctx, phone.Token); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("a revoked session = %v", err)
		}
		o.enter(t, "rina@contoh.example", account.Visit{})
		check(t, o.RevokeOthers(ctx, office.Token))
		if all, err = o.Sessions(ctx, office.Token); err != nil || len(all) != 1 || !all[0].Current {
			t.Errorf("after ending all others: %+v, %v", all, err)
		}
		if _, err := o.Authenticate(ctx, other.Token); err != nil {
			t.Errorf("another's session = %v", err)
		}
	})
}

// TestRefusalsOnRecord: a failure is in the platform's chain under a tag, never under
// what was typed; and no more of them than the limit.
func TestRefusalsOnRecord(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		for range 2 {
			_ = o.guess("rina@contoh.example", account.Visit{})
		}
		raw := db.SQL()
		if db.Engine == store.Postgres {
			raw = storetest.Superuser(t, db)
		}
		rows, err := raw.Query("SELECT object FROM audit_line WHERE tenant_id = 0 AND kind = 'sign_in_refused'")
		check(t, err)
		defer rows.Close()
		var tags []string
		for rows.Next() {
			var tag string
			check(t, rows.Scan(&tag))
			tags = append(tags, tag)
		}
		if len(tags) != 2 || tags[0] != tags[1] || len(tags[0]) != 64 || slices.Contains(tags, "rina@contoh.example") {
			t.Errorf("on record: %q", tags)
		}
	})
}

// FuzzWellFormed: whatever is taken for a token could have been one of ours.
func FuzzWellFormed(f *testing.F) {
	for _, seed := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("A", 42) + "B", strings.Repeat("A", 44), strings.Repeat("A", 42) + "="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !account.WellFormed(text) {
			return
		}
		if len(text) != 43 || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("%q is taken for a token", text)
		}
	})
}
