package account_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// strict asks weighty roles for a second factor.
var strict = account.Config{Key: [32]byte{7}, SecondFactor: true}

// An authenticator is somebody's phone.
type authenticator struct {
	secret string
	clock  *clock
}

func (a authenticator) code() string { return account.CodeAt(a.secret, a.clock.now()) }

// enrol signs sari, who administers a government, in for the first time, and sets up
// her second factor. It begins a step of the clock later, in which no code is spent.
func (o office) enrol(t *testing.T, clock *clock) (phone authenticator, whole account.Pass, codes []string) {
	t.Helper()
	ctx := context.Background()
	sari, err := o.Create(authz.AsSystem(ctx, 0), account.Identity{Name: "Sari", Email: "sari@contoh.example"}, password)
	check(t, err)
	check(t, o.Give(authz.AsSystem(ctx, o.in[0]), sari, authz.TenantAdmin, ""))
	half := o.enter(t, "sari@contoh.example", account.Visit{})
	p, err := o.Authenticate(ctx, half.Token)
	check(t, err)
	if !p.Half || p.Enrolled || half.Mark != "" {
		t.Fatalf("a tenant's administrator without a second factor: %+v, mark %q", p, half.Mark)
	}
	offer, err := o.Offer(ctx, half.Token, "")
	check(t, err)
	phone = authenticator{strings.ReplaceAll(offer.Secret, " ", ""), clock}
	whole, codes, err = o.Enrol(ctx, half.Token, offer.Sealed, phone.code(), account.Visit{})
	check(t, err)
	if _, err := o.Authenticate(ctx, half.Token); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("the half token after setting up = %v", err)
	}
	clock.forward(30 * time.Second)
	return phone, whole, codes
}

func TestSecondFactor(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		db, clock := clocked(db)
		o, ctx := openWith(t, db, strict), context.Background()
		phone, whole, codes := o.enrol(t, clock)
		if p, err := o.Authenticate(ctx, whole.Token); err != nil || p.Half || !p.Enrolled || !p.Fresh {
			t.Fatalf("after setting up: %+v, %v", p, err)
		}
		if len(codes) != 10 || whole.Mark == "" {
			t.Errorf("%d codes for recovery, mark %q", len(codes), whole.Mark)
		}
		half := o.enter(t, "sari@contoh.example", account.Visit{})
		for what, err := range map[string]error{
			"choose":  second(o.Choose(ctx, half.Token, o.in[0])),
			"list":    second(o.Sessions(ctx, half.Token)),
			"revoke":  o.RevokeOthers(ctx, half.Token),
			"codes":   second(o.Renew(ctx, half.Token)),
			"drop":    o.Drop(ctx, half.Token),
			"look":    second(o.Security(ctx, half.Token)),
			"replace": second(o.Offer(ctx, half.Token, "")),
		} {
			if !errors.Is(err, fault.Forbidden) && !errors.Is(err, fault.Conflict) {
				t.Errorf("a half session may %s: %v", what, err)
			}
		}
		spent := account.CodeAt(phone.secret, clock.now().Add(-30*time.Second)) // with which it was set up
		for _, wrong := range []string{"", "000000", "12345", "1234567", "ABCDE-FGHJK", spent, account.CodeAt(phone.secret, clock.now().Add(time.Minute))} {
			if _, err := o.Second(ctx, half.Token, wrong, account.Visit{}); !errors.Is(err, fault.Invalid) && !errors.Is(err, fault.Limited) {
				t.Errorf("code %q = %v", wrong, err)
			}
		}
		clock.forward(3 * time.Hour)
		half = o.enter(t, "sari@contoh.example", account.Visit{})
		code := phone.code()
		pass, err := o.Second(ctx, half.Token, code[:3]+" "+code[3:], account.Visit{})
		check(t, err)
		again := o.enter(t, "sari@contoh.example", account.Visit{})
		if _, err := o.Second(ctx, again.Token, code, account.Visit{}); !errors.Is(err, fault.Invalid) {
			t.Errorf("a code given again = %v", err)
		}
		if _, err := o.Second(ctx, pass.Token, phone.code(), account.Visit{}); !errors.Is(err, fault.Conflict) {
			t.Errorf("a code for a whole session = %v", err)
		}
		if err := o.Drop(ctx, pass.Token); !errors.Is(err, fault.Conflict) {
			t.Errorf("dropping what a role asks for = %v", err)
		}
		// An own clock that is a step behind, and a code for recovery, once.
		clock.forward(time.Minute)
		late := account.CodeAt(phone.secret, clock.now().Add(-30*time.Second))
		_, err = o.Second(ctx, again.Token, late, account.Visit{})
		check(t, err)
		for i, want := range []error{nil, fault.Invalid} {
			half := o.enter(t, "sari@contoh.example", account.Visit{})
			if _, err := o.Second(ctx, half.Token, strings.ToLower(codes[0]), account.Visit{}); !errors.Is(err, want) {
				t.Errorf("a code for recovery, time %d = %v, want %v", i+1, err, want)
			}
		}
		if n := count(t, db, "recovery_code"); n != 9 {
			t.Errorf("%d codes for recovery are left, want 9", n)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// TestReplayAtOnce: of one code that is given many times at the same moment, one counts.
func TestReplayAtOnce(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		db, clock := clocked(db)
		o, ctx := openWith(t, db, strict), context.Background()
		phone, whole, codes := o.enrol(t, clock)
		visit := account.Visit{Mark: whole.Mark}
		for _, name := range []string{"code", "recovery"} {
			code := codes[3]
			if name == "code" {
				code = phone.code() // of this very moment
			}
			var tokens []string
			for range 4 { // fewer than the limit
				tokens = append(tokens, o.enter(t, "sari@contoh.example", visit).Token)
			}
			var mu sync.Mutex
			var all sync.WaitGroup
			in := 0
			for _, token := range tokens {
				all.Go(func() {
					_, err := o.Second(ctx, token, code, visit)
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil:
						in++
					case !errors.Is(err, fault.Invalid) && !errors.Is(err, fault.Unavailable):
						t.Errorf("%s: %v", name, err)
					}
				})
			}
			all.Wait()
			if in != 1 {
				t.Errorf("%s: let in %d times, want once", name, in)
			}
			clock.forward(3 * time.Hour)
		}
	})
}

// TestCodeGuesses: whoever knows the password has few codes to guess, and cannot keep
// the owner out of a device of theirs.
func TestCodeGuesses(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		db, clock := clocked(db)
		o, ctx := openWith(t, db, strict), context.Background()
		phone, whole, _ := o.enrol(t, clock)
		judged := 0
		for range 100 {
			half := o.enter(t, "sari@contoh.example", account.Visit{})
			for range 2 {
				if _, err := o.Second(ctx, half.Token, "000000", account.Visit{}); errors.Is(err, fault.Invalid) {
					judged++
				} else if !errors.Is(err, fault.Limited) {
					t.Fatal(err)
				}
			}
			clock.forward(time.Minute)
		}
		if judged != 5+3 {
			t.Errorf("%d of 200 codes in 100 minutes were judged, want 8", judged)
		}
		home := account.Visit{Mark: whole.Mark}
		half := o.enter(t, "sari@contoh.example", home)
		if _, err := o.Second(ctx, half.Token, phone.code(), home); err != nil {
			t.Errorf("the owner at home = %v", err)
		}
	})
}

// TestProve: what asks for a password or code once more gets a new token, for ten minutes.
func TestProve(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		db, clock := clocked(db)
		o, ctx := openWith(t, db, strict), context.Background()
		stale := o.enter(t, "rina@contoh.example", account.Visit{}).Token
		clock.forward(10 * time.Minute)
		if p, err := o.Authenticate(ctx, stale); err != nil || p.Fresh {
			t.Fatalf("after ten minutes: %+v, %v", p, err)
		}
		if _, err := o.Prove(ctx, stale, "salah-sekali-lagi"); !errors.Is(err, fault.Invalid) {
			t.Errorf("a wrong password = %v", err)
		}
		pass, err := o.Prove(ctx, stale, password)
		check(t, err)
		if p, err := o.Authenticate(ctx, pass.Token); err != nil || !p.Fresh {
			t.Errorf("after the password: %+v, %v", p, err)
		}
		if _, err := o.Authenticate(ctx, stale); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("the token before = %v", err)
		}
		// Whoever has a second factor gives a code: a password that was watched is not enough.
		phone, whole, codes := o.enrol(t, clock)
		clock.forward(15 * time.Minute)
		if err := second(o.Renew(ctx, whole.Token)); !errors.Is(err, fault.Forbidden) {
			t.Errorf("new codes for recovery after a quarter of an hour = %v", err)
		}
		if _, err := o.Prove(ctx, whole.Token, password); !errors.Is(err, fault.Invalid) {
			t.Errorf("the password = %v", err)
		}
		whole, err = o.Prove(ctx, whole.Token, phone.code())
		check(t, err)
		fresh, err := o.Renew(ctx, whole.Token)
		check(t, err)
		half := o.enter(t, "sari@contoh.example", account.Visit{})
		if _, err := o.Second(ctx, half.Token, codes[1], account.Visit{}); !errors.Is(err, fault.Invalid) {
			t.Errorf("an old code for recovery = %v", err)
		}
		_, err = o.Second(ctx, half.Token, fresh[1], account.Visit{})
		check(t, err)
		// A half session proves with the password, and stays half.
		half = o.enter(t, "sari@contoh.example", account.Visit{})
		clock.forward(15 * time.Minute)
		half, err = o.Prove(ctx, half.Token, password)
		check(t, err)
		if p, err := o.Authenticate(ctx, half.Token); err != nil || !p.Half || !p.Fresh {
			t.Errorf("a half session after its password: %+v, %v", p, err)
		}
	})
}

// TestVoluntary: without a weighty role, and where none is required, a second factor
// can be set up and dropped; while it is there, it is asked for.
func TestVoluntary(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		db, clock := clocked(db)
		o, ctx := openWith(t, db, account.Config{Key: strict.Key}), context.Background()
		token := o.enter(t, "rina@contoh.example", account.Visit{}).Token
		offer, err := o.Offer(ctx, token, "")
		check(t, err)
		if again, err := o.Offer(ctx, token, offer.Sealed); err != nil || again.Secret != offer.Secret {
			t.Errorf("the same page again: %+v, %v", again, err)
		}
		phone := authenticator{strings.ReplaceAll(offer.Secret, " ", ""), clock}
		if _, _, err := o.Enrol(ctx, token, offer.Sealed, "000000", account.Visit{}); !errors.Is(err, fault.Invalid) {
			t.Errorf("a wrong code = %v", err)
		}
		if _, _, err := o.Enrol(ctx, token, "AAAA", phone.code(), account.Visit{}); !errors.Is(err, fault.Conflict) {
			t.Errorf("a secret that is not ours = %v", err)
		}
		whole, _, err := o.Enrol(ctx, token, offer.Sealed, phone.code(), account.Visit{})
		check(t, err)
		if p, err := o.Authenticate(ctx, o.enter(t, "rina@contoh.example", account.Visit{}).Token); err != nil || !p.Half {
			t.Errorf("signed in with the password alone: %+v, %v", p, err)
		}
		check(t, o.Drop(ctx, whole.Token))
		if n := count(t, db, "second_factor") + count(t, db, "recovery_code"); n != 0 {
			t.Errorf("%d rows are left of what was dropped", n)
		}
		if p, err := o.Authenticate(ctx, o.enter(t, "rina@contoh.example", account.Visit{}).Token); err != nil || p.Half {
			t.Errorf("signed in without a second factor: %+v, %v", p, err)
		}
	})
}

// TestSecretIsSealed: the database alone does not give the secret, nor another's page mine.
func TestSecretIsSealed(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		db, clock := clocked(db)
		o, ctx := openWith(t, db, strict), context.Background()
		phone, _, _ := o.enrol(t, clock)
		raw := ""
		check(t, db.View(ctx, store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) error {
			return tx.NewRaw("SELECT secret FROM second_factor").Scan(ctx, &raw)
		}))
		if strings.Contains(raw, phone.secret) || len(raw) < 60 {
			t.Errorf("stored as %q", raw)
		}
		rina := o.enter(t, "rina@contoh.example", account.Visit{}).Token
		offer, err := o.Offer(ctx, rina, "")
		check(t, err)
		_, err = o.Create(authz.AsSystem(ctx, 0), account.Identity{Name: "Lain", Email: "lain@contoh.example"}, password)
		check(t, err)
		if _, err := o.Offer(ctx, o.enter(t, "lain@contoh.example", account.Visit{}).Token, offer.Sealed); !errors.Is(err, fault.Conflict) {
			t.Errorf("another's secret = %v", err)
		}
	})
}
