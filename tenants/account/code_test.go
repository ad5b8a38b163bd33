package account_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// TestIssueCodes: whoever has no password and is this tenant's alone gets a code, once
// good; a second code ends the first.
func TestIssueCodes(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		system := authz.AsSystem(ctx, 0)
		made := func(name string, in ...tenants.ID) account.ID {
			id, err := o.Create(system, account.Identity{Name: name, Email: name + "@x.example"}, "")
			check(t, err)
			o.service[id] = in
			return id
		}
		mine, theirs, both := made("mine", o.in[0]), made("theirs", o.in[1]), made("both", o.in[0], o.in[1])
		boss := made("boss", o.in[0])
		check(t, o.Give(authz.AsSystem(ctx, o.in[0]), boss, authz.TenantAdmin, ""))
		o.service[o.rina] = []tenants.ID{o.in[0]}
		people := []account.ID{mine, theirs, both, boss, o.rina, account.ID(store.NewID())}
		for _, tc := range []struct {
			name  string
			actor context.Context
			codes map[account.ID]bool // listed; with a code?
			want  error
		}{
			{"by the sender's administrator", as(o.tono, o.in[0], "sender_admin"), map[account.ID]bool{mine: true, both: false, boss: false, o.rina: false}, nil},
			{"by the tenant's administrator", as(o.tono, o.in[0], "tenant_admin"), map[account.ID]bool{mine: true, both: false, boss: true, o.rina: false}, nil},
			{"by the machine", system, map[account.ID]bool{mine: true, theirs: true, both: true, boss: true, o.rina: false}, nil},
			{"in another tenant", as(o.tono, o.in[1], "sender_admin"), map[account.ID]bool{theirs: true, both: false, o.rina: false}, nil},
			{"without the permission", as(o.tono, o.in[0], "organiser"), nil, fault.Forbidden},
			{"by a participant", as(o.tono, 0), nil, fault.Forbidden},
			{"as if nowhere", as(o.tono, 0, "tenant_admin"), nil, fault.Forbidden},
			{"within a unit", as(o.tono, o.in[0], "sender_admin@"+unit), nil, fault.Forbidden},
		} {
			got, err := o.IssueCodes(tc.actor, people)
			if !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) || len(got) != len(tc.codes) {
				t.Errorf("%s: %+v, %v", tc.name, got, err)
			}
			for _, g := range got {
				if want, listed := tc.codes[g.Identity.ID]; !listed || want != (g.Code != "") || g.Identity.Password != "" {
					t.Errorf("%s: %+v", tc.name, g)
				}
			}
		}
		admin := as(o.tono, o.in[0], "sender_admin")
		first, err := o.IssueCodes(admin, []account.ID{mine})
		check(t, err)
		second, err := o.IssueCodes(admin, []account.ID{mine})
		check(t, err)
		for _, tc := range []struct {
			name, code, password, again string
			field                       string // that is wrong
		}{
			{"replaced", first[0].Code, password, password, "code"},
			{"mistyped", swap(second[0].Code), password, password, "code"},
			{"cut", second[0].Code[:18], password, password, "code"},
			{"never issued", "0000-0000-0000-0000", password, password, "code"},
			{"too short", second[0].Code, "pendek", "pendek", "password"},
			{"the address", second[0].Code, "MINE@x.example", "MINE@x.example", "password"},
			{"not twice the same", second[0].Code, password, password + "x", "again"},
			{"right", second[0].Code, password, password, ""},
			{"again", second[0].Code, password, password, "code"},
		} {
			_, err := o.Activate(ctx, tc.code, tc.password, tc.again, account.Visit{})
			if f := fault.Of(err); (err == nil) != (tc.field == "") || f != nil && f.Field != tc.field {
				t.Errorf("%s: %v, want the field %q", tc.name, err, tc.field)
			}
		}
		if _, err := o.tries("mine@x.example", password); err != nil {
			t.Errorf("activated, and cannot sign in: %v", err)
		}
	})
}

// swap exchanges the first two letters of a code that differ.
func swap(code string) string {
	b := []byte(code)
	for i := range b[:3] {
		if b[i] != b[i+1] {
			b[i], b[i+1] = b[i+1], b[i]
			return string(b)
		}
	}
	b[0] ^= 1
	return string(b)
}

// TestCodeOnce: of several who use one code at the same time, one sets the password.
func TestCodeOnce(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		o.service[o.tono] = []tenants.ID{o.in[0]}
		issued, err := o.IssueCodes(as(o.rina, o.in[0], "sender_admin"), []account.ID{o.tono})
		check(t, err)
		passwords := []string{"kata-sandi-satu", "kata-sandi-dua.", "kata-sandi-tiga"}
		results := make([]error, len(passwords))
		var wait sync.WaitGroup
		for i, p := range passwords {
			wait.Go(func() { _, results[i] = o.Activate(ctx, issued[0].Code, p, p, account.Visit{}) })
		}
		wait.Wait()
		set := 0
		for i, p := range passwords {
			_, err := o.tries("tono@contoh.example", p)
			if (err == nil) != (results[i] == nil) {
				t.Errorf("activation %v, sign-in %v", results[i], err)
			}
			if results[i] == nil {
				set++
			} else if !errors.Is(results[i], fault.Invalid) {
				t.Errorf("refused with %v", results[i])
			}
		}
		if set != 1 {
			t.Errorf("%d set a password", set)
		}
	})
}

// TestReset tries everybody's word against everybody's account: nobody comes into another
// government, or to more than they hold, by way of a reset.
func TestReset(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		system := authz.AsSystem(ctx, 0)
		here, there := o.in[0], o.in[1]
		resetters := map[string]context.Context{
			"committee here": as(o.tono, here, "sender_admin"), "host's here": as(o.tono, here, "host_admin"), "admin here": as(o.tono, here, "tenant_admin"),
			"committee there": as(o.tono, there, "sender_admin"), "admin there": as(o.tono, there, "tenant_admin"),
			"organiser here": as(o.tono, here, "organiser"), "committee here, in a unit": as(o.tono, here, "sender_admin@"+unit), "operator": as(o.tono, 0, "operator"),
			"participant": as(o.tono, 0), "admin here, as if nowhere": as(o.tono, 0, "tenant_admin"),
		}
		for _, target := range []struct {
			name     string
			grants   map[tenants.ID]authz.Role
			employed []tenants.ID
			may      string // resetters, between "|"
			missing  string // who is told that there is nobody
		}{
			{"participant here", nil, []tenants.ID{here}, "committee here|host's here|admin here", "committee there|admin there"},
			{"participant there", nil, []tenants.ID{there}, "committee there|admin there", "committee here|host's here|admin here"},
			{"employed in both", nil, []tenants.ID{here, there}, "", ""},
			{"nobody's", nil, nil, "", "committee here|host's here|admin here|committee there|admin there"},
			{"verifier here", map[tenants.ID]authz.Role{here: "verifier"}, nil, "admin here", "committee there|admin there"},
			{"verifier here, employed here", map[tenants.ID]authz.Role{here: "verifier"}, []tenants.ID{here}, "admin here", "committee there|admin there"},
			{"verifier here, employed there", map[tenants.ID]authz.Role{here: "verifier"}, []tenants.ID{there}, "", ""},
			{"verifier there, employed here", map[tenants.ID]authz.Role{there: "verifier"}, []tenants.ID{here}, "", ""},
			{"verifier in both", map[tenants.ID]authz.Role{here: "verifier", there: "verifier"}, []tenants.ID{here}, "", ""},
			{"administrator here", map[tenants.ID]authz.Role{here: "tenant_admin"}, []tenants.ID{here}, "admin here", "committee there|admin there"},
			{"head here", map[tenants.ID]authz.Role{here: "head"}, []tenants.ID{here}, "", "committee there|admin there"},
			{"operator employed here", map[tenants.ID]authz.Role{0: "operator"}, []tenants.ID{here}, "", "committee there|admin there"},
		} {
			for who, actor := range resetters {
				name := strings.NewReplacer(" ", "-", ",", "", "'", "").Replace(target.name + "-" + who)
				secret := "" // passwords are slow by intention
				may := strings.Contains("|"+target.may+"|", "|"+who+"|")
				if may || who == "admin there" {
					secret = password
				}
				id, err := o.Create(system, account.Identity{Name: name, Email: name + "@x.example"}, secret)
				check(t, err)
				o.service[id] = target.employed
				for in, role := range target.grants {
					if in == 0 {
						given, err := o.Appoint(system, 0, to(name+"@x.example", role, ""))
						check(t, err)
						if secret == "" {
							_, err = o.Activate(ctx, given.Code, password, password, account.Visit{})
						} else {
							_, err = o.Confirm(ctx, o.enter(t, name+"@x.example", account.Visit{}).Token, given.Code)
						}
						check(t, err)
						continue
					}
					check(t, o.Give(authz.AsSystem(ctx, in), id, role, ""))
				}
				signedIn, token := secret != "", ""
				if signedIn {
					token, err = o.tries(name+"@x.example", password)
					check(t, err)
				}
				issued, err := o.Reset(actor, id, "lupa kata sandi")
				want := error(fault.Forbidden)
				switch {
				case may:
					want = nil
				case strings.Contains("|"+target.missing+"|", "|"+who+"|"):
					want = fault.NotFound
				}
				if !errors.Is(err, want) || (err == nil) != (want == nil) || (issued.Code != "") != may {
					t.Errorf("%s by %s: %+v, %v, want %v", target.name, who, issued, err, want)
					continue
				}
				if !signedIn {
					continue
				}
				_, alive := o.Authenticate(ctx, token)
				_, in := o.tries(name+"@x.example", password)
				if may == (alive == nil) || may == (in == nil) {
					t.Errorf("%s by %s: session %v, sign-in %v", target.name, who, alive, in)
				}
				if may {
					if _, err := o.Activate(ctx, issued.Code, "kata-sandi-baru", "kata-sandi-baru", account.Visit{}); err != nil {
						t.Errorf("%s by %s: the code = %v", target.name, who, err)
					}
				}
			}
		}
		o.service[o.tono] = []tenants.ID{here}
		if _, err := o.Reset(resetters["admin here"], o.tono, "sendiri"); !errors.Is(err, fault.Forbidden) {
			t.Errorf("oneself = %v", err)
		}
		if _, err := o.Reset(authz.AsSystem(ctx, 0), o.rina, "keduanya instansi"); err != nil {
			t.Errorf("by the command line = %v", err)
		}
		if _, err := o.Reset(resetters["admin here"], o.rina, ""); !errors.Is(err, fault.Invalid) {
			t.Errorf("without a reason = %v", err)
		}
	})
}
