package account_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

const victim = "198107072006041907" // NIP of whoever is to be robbed

// attacker is an administrator of the first government, and host one of the second.
func (o office) attacker() context.Context { return as(o.tono, o.in[0], "tenant_admin") }
func (o office) host() context.Context     { return as(o.tono, o.in[1], "tenant_admin") }

// holds are the roles with which whoever signs in as login acts, "tenant role" each.
func (o office) holds(t *testing.T, login, password string) string {
	t.Helper()
	token, err := o.tries(login, password)
	check(t, err)
	p, err := o.Authenticate(context.Background(), token)
	check(t, err)
	var all []string
	for _, g := range p.Grants {
		all = append(all, fmt.Sprint(slices.Index(o.in[:], g.TenantID), " ", g.Role))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// stands is how the list of t shows what it has given to somebody of that name.
func (o office) stands(t *testing.T, in tenants.ID, name string) account.Standing {
	t.Helper()
	all, _, err := o.Grants(as(o.tono, in, "tenant_admin"), account.Listing{Begins: name, All: true})
	check(t, err)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1].Standing
}

const stolen, own = "kata-sandi-pencuri", "kata-sandi-korban"

// TestTakenFirst has a government invite another's future administrator by NIP and take the
// account before the other gives its role: the role falls to nobody but whom the other has
// handed its code, and the name comes back to whose it is.
func TestTakenFirst(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		bait, err := o.Invite(o.attacker(), to(victim, "verifier", ""))
		check(t, err)
		_, err = o.Activate(ctx, bait.Code, stolen, stolen, account.Visit{})
		check(t, err)
		given, err := o.Invite(o.host(), to(victim, authz.TenantAdmin, ""))
		check(t, err)
		if got := o.holds(t, victim, stolen); got != "0 verifier" {
			t.Fatalf("whoever took the account holds %q", got)
		}
		thief, err := o.tries(victim, stolen)
		check(t, err)
		if _, err := o.Choose(ctx, thief, o.in[1]); !errors.Is(err, fault.NotFound) {
			t.Errorf("the thief chooses the other government: %v", err)
		}
		if got := o.stands(t, o.in[1], "nama "+victim); got != account.Awaiting {
			t.Errorf("the host sees %q", got)
		}
		// The other government's people cannot come in by its codes or resets.
		if _, err := o.Reset(o.host(), given.ID, "lupa"); !errors.Is(err, fault.Forbidden) {
			t.Errorf("reset by whom the person has confirmed nothing = %v", err)
		}
		// Whoever has the code cannot activate, and signed in as somebody else cannot confirm.
		if _, err := o.Activate(ctx, given.Code, own, own, account.Visit{}); !errors.Is(err, fault.Invalid) {
			t.Errorf("the code sets another password: %v", err)
		}
		other, err := o.tries("rina@contoh.example", password)
		check(t, err)
		if _, err := o.Confirm(ctx, other, given.Code); !errors.Is(err, fault.Invalid) {
			t.Errorf("another account confirms: %v", err)
		}
		// They say so; the government sees it, and the operator frees the name.
		check(t, o.Dispute(ctx, given.Code, account.Visit{}))
		check(t, o.Dispute(ctx, given.Code, account.Visit{}))
		if got := o.stands(t, o.in[1], "nama "+victim); got != account.Contested {
			t.Errorf("after the claim the host sees %q", got)
		}
		operator := as(o.rina, 0, "operator")
		claims, err := o.Claims(operator)
		check(t, err)
		if len(claims) != 1 || claims[0].IdentityID != given.ID || claims[0].TenantID != o.in[1] {
			t.Fatalf("claims: %+v", claims)
		}
		if _, err := o.HandIn(operator, given.ID, "KTP"); !errors.Is(err, fault.Conflict) {
			t.Errorf("given back to whom only the thief's government vouches for = %v", err)
		}
		check(t, o.Free(operator, given.ID, victim, "KTP dan SK dicocokkan"))
		if _, err := o.Authenticate(ctx, thief); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("the thief's session = %v", err)
		}
		if _, err := o.tries(victim, stolen); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("the thief signs in by the name: %v", err)
		}
		if claims, err = o.Claims(operator); err != nil || len(claims) > 0 {
			t.Errorf("claims after the name is free: %+v, %v", claims, err)
		}
		if got := o.stands(t, o.in[1], "nama "+victim); got != account.Withdrawn {
			t.Errorf("after it is free the host sees %q", got)
		}
		again, err := o.Invite(o.host(), to(victim, authz.TenantAdmin, ""))
		check(t, err)
		if again.ID == given.ID {
			t.Fatal("the freed name leads to the old account")
		}
		_, err = o.Activate(ctx, again.Code, own, own, account.Visit{})
		check(t, err)
		if got := o.holds(t, victim, own); got != "1 tenant_admin" {
			t.Errorf("in the end the victim holds %q", got)
		}
	})
}

// TestTakenAfterwards is the same, with the other government the first to invite.
func TestTakenAfterwards(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		t.Run("taken afterwards", func(t *testing.T) {
			given, err := o.Invite(o.host(), to(victim, authz.TenantAdmin, ""))
			check(t, err)
			bait, err := o.Invite(o.attacker(), to(victim, "verifier", ""))
			check(t, err)
			if bait.Code == "" || bait.ID != given.ID {
				t.Fatalf("bait %+v, given %+v", bait, given)
			}
			thief, err := o.Activate(ctx, bait.Code, stolen, stolen, account.Visit{})
			check(t, err)
			if got := o.holds(t, victim, stolen); got != "0 verifier" {
				t.Errorf("whoever took the account holds %q", got)
			}
			if _, err := o.Confirm(ctx, thief.Token, bait.Code); !errors.Is(err, fault.Invalid) {
				t.Errorf("the bait's code, again = %v", err)
			}
			check(t, o.Dispute(ctx, given.Code, account.Visit{})) // the thief's invitation has not ended it
		})
		t.Run("in time", func(t *testing.T) {
			const victim = "198107072006041908"
			given, err := o.Invite(o.host(), to(victim, authz.TenantAdmin, ""))
			check(t, err)
			bait, err := o.Invite(o.attacker(), to(victim, "verifier", ""))
			check(t, err)
			_, err = o.Activate(ctx, given.Code, own, own, account.Visit{})
			check(t, err)
			if _, err := o.Activate(ctx, bait.Code, stolen, stolen, account.Visit{}); !errors.Is(err, fault.Invalid) {
				t.Errorf("the bait's code sets another password: %v", err)
			}
			// A reset of the victim's does not bring the bait's code back to life.
			reset, err := o.Reset(as(o.rina, o.in[1], "tenant_admin"), given.ID, "lupa")
			check(t, err)
			if _, err := o.Activate(ctx, bait.Code, stolen, stolen, account.Visit{}); !errors.Is(err, fault.Invalid) {
				t.Errorf("the bait's code after a reset: %v", err)
			}
			fresh, err := o.IssueCodes(o.attacker(), []account.ID{given.ID})
			check(t, err)
			if len(fresh) != 1 || fresh[0].Code == "" {
				t.Fatalf("a code to confirm: %+v", fresh)
			}
			if _, err := o.Activate(ctx, fresh[0].Code, stolen, stolen, account.Visit{}); !errors.Is(err, fault.Invalid) {
				t.Errorf("a new code of the attacker's after a reset: %v", err)
			}
			_, err = o.Activate(ctx, reset.Code, own, own, account.Visit{})
			check(t, err)
			if got := o.holds(t, victim, own); got != "1 tenant_admin" {
				t.Errorf("the victim holds %q", got)
			}
		})
		t.Run("in service meanwhile", func(t *testing.T) {
			const victim = "198107072006041909"
			bait, err := o.Invite(o.attacker(), to(victim, "verifier", ""))
			check(t, err)
			o.service[bait.ID] = []tenants.ID{o.in[1]} // registered by their own government
			if _, err := o.Activate(ctx, bait.Code, stolen, stolen, account.Visit{}); !errors.Is(err, fault.Invalid) {
				t.Errorf("a code of another government for somebody in service: %v", err)
			}
			mine, err := o.IssueCodes(o.host(), []account.ID{bait.ID})
			check(t, err)
			pass, err := o.Activate(ctx, mine[0].Code, own, own, account.Visit{})
			check(t, err)
			if got := o.holds(t, victim, own); got != "" {
				t.Errorf("before they confirm: %q", got)
			}
			in, err := o.Confirm(ctx, pass.Token, bait.Code)
			if got := o.holds(t, victim, own); err != nil || in != o.in[0] || got != "0 verifier" {
				t.Errorf("confirmed in %d, %v: %q", in, err, got)
			}
			if _, err := o.Confirm(ctx, pass.Token, bait.Code); !errors.Is(err, fault.Invalid) {
				t.Errorf("confirmed twice = %v", err)
			}
		})
	})
}

// TestConfirm: whom a government knows gets another role of it at once; nobody gets more by
// a code than whoever made it may give.
func TestConfirm(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		check(t, o.Give(authz.AsSystem(ctx, o.in[1]), o.tono, authz.TenantAdmin, ""))
		first, err := o.Invite(o.host(), to(victim, "verifier", unit))
		check(t, err)
		within := as(o.rina, o.in[1], "tenant_admin@"+unit)
		whole, err := o.Invite(o.host(), to(victim, authz.TenantAdmin, ""))
		check(t, err)
		if _, err := o.Activate(ctx, first.Code, password, password, account.Visit{}); !errors.Is(err, fault.Invalid) {
			t.Errorf("the code that another has replaced = %v", err)
		}
		small, err := o.Invite(within, to(victim, "unit_admin", unit))
		check(t, err)
		if small.Code != "" || small.Holds {
			t.Errorf("in a unit, of whoever is to have more: %+v", small)
		}
		pass, err := o.Activate(ctx, whole.Code, password, password, account.Visit{})
		check(t, err)
		p, err := o.Authenticate(ctx, pass.Token)
		check(t, err)
		if len(p.Grants) != 2 { // what was given after the code was made waits for another
			t.Errorf("confirmed: %+v", p.Grants)
		}
		known, err := o.Invite(o.host(), to(victim, authz.Organiser, ""))
		if err != nil || !known.Holds || known.Code != "" {
			t.Errorf("another role of whoever is known = %+v, %v", known, err)
		}
		if _, err := o.Invite(o.host(), to(victim, authz.Organiser, "")); !errors.Is(err, fault.Conflict) {
			t.Errorf("the same again = %v", err)
		}
		all, _, err := o.Grants(o.host(), account.Listing{Begins: "nama " + victim})
		check(t, err)
		for _, g := range all { // a role in a unit vouches for that unit alone
			if g.Limit() == "" {
				check(t, o.Withdraw(as(o.rina, o.in[1], "tenant_admin"), g.ID, "ganti"))
			}
		}
		later, err := o.Invite(o.host(), to(victim, authz.Organiser, ""))
		if err != nil || later.Holds || later.Code == "" {
			t.Errorf("the whole, of whoever is known in a unit = %+v, %v", later, err)
		}
	})
}

// TestSettle: what operators do with accounts, and nobody else does.
func TestSettle(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		operator := as(o.tono, 0, "operator")
		token, err := o.tries("rina@contoh.example", password)
		check(t, err)
		api, _, err := o.IssueToken(as(o.rina, o.in[0], "tenant_admin"), "Uji", []string{"batch:read"}, 1)
		check(t, err)
		acts := map[string]func(context.Context) error{
			"suspend": func(ctx context.Context) error { return o.Suspend(ctx, o.rina, "Alasan") },
			"restore": func(ctx context.Context) error { return o.Restore(ctx, o.rina, "Alasan") },
			"free":    func(ctx context.Context) error { return o.Free(ctx, o.rina, "rina@contoh.example", "Alasan") },
			"hand in": func(ctx context.Context) error { _, err := o.HandIn(ctx, o.rina, "Alasan"); return err },
			"refuse":  func(ctx context.Context) error { return o.Refuse(ctx, o.rina, "Alasan") },
			"look":    func(ctx context.Context) error { _, err := o.Look(ctx, o.rina); return err },
			"claims":  func(ctx context.Context) error { _, err := o.Claims(ctx); return err },
			"known":   func(ctx context.Context) error { _, err := o.Known(ctx, "rina@contoh.example"); return err },
		}
		for name, act := range acts {
			for _, who := range []context.Context{as(o.tono, o.in[0], "tenant_admin"), as(o.tono, 0, "tenant_admin"), as(o.tono, 0)} {
				if err := act(who); !errors.Is(err, fault.Forbidden) {
					t.Errorf("%s by no operator = %v", name, err)
				}
			}
		}
		if err := o.Suspend(as(o.rina, 0, "operator"), o.rina, "sendiri"); !errors.Is(err, fault.Forbidden) {
			t.Errorf("oneself = %v", err)
		}
		if err := o.Suspend(operator, o.rina, " "); !errors.Is(err, fault.Invalid) {
			t.Errorf("without a reason = %v", err)
		}
		if err := o.Suspend(operator, account.ID(store.NewID()), "x"); !errors.Is(err, fault.NotFound) {
			t.Errorf("nobody = %v", err)
		}
		check(t, acts["suspend"](operator))
		if err := acts["suspend"](operator); !errors.Is(err, fault.Conflict) {
			t.Errorf("twice = %v", err)
		}
		if _, err := o.Authenticate(ctx, token); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("session of whoever is suspended = %v", err)
		}
		if _, err := o.AuthenticateToken(ctx, api); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("token of whoever is suspended = %v", err)
		}
		check(t, acts["restore"](operator))
		if _, err := o.AuthenticateToken(ctx, api); err != nil {
			t.Errorf("token of whoever is restored = %v", err)
		}
		if err := acts["restore"](operator); !errors.Is(err, fault.Conflict) {
			t.Errorf("restored twice = %v", err)
		}
		if err := acts["refuse"](operator); !errors.Is(err, fault.Conflict) {
			t.Errorf("refused without a claim = %v", err)
		}
		if err := o.Free(operator, o.rina, "lain@contoh.example", "x"); !errors.Is(err, fault.Invalid) {
			t.Errorf("another's name = %v", err)
		}
		o.service[o.rina] = []tenants.ID{o.in[0]}
		if err := acts["free"](operator); !errors.Is(err, fault.Conflict) {
			t.Errorf("of somebody in service = %v", err)
		}
		issued, err := o.HandIn(operator, o.rina, "KTP")
		check(t, err)
		if _, err := o.Activate(ctx, issued.Code, "kata-sandi-baru", "kata-sandi-baru", account.Visit{}); err != nil {
			t.Errorf("the code handed over = %v", err)
		}
		o.service[o.rina] = nil
		check(t, acts["free"](operator))
		c, err := o.Look(operator, o.rina)
		if err != nil || c.Identity.Email != "" || c.Identity.NIP == "" || c.Identity.Password != "" || len(c.Held) != 2 {
			t.Errorf("afterwards: %+v, %v", c, err)
		}
	})
}
