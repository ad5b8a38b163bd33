package account_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// unit and run are all that a role can be limited to in these tests.
const (
	unit = "01900000-0000-7000-8000-00000000000a"
	run  = "01900000-0000-7000-8000-00000000000b"
)

func limits(_ context.Context, _ *store.Tx, id string) (all []account.Limit, err error) {
	for _, l := range []account.Limit{{ID: run, Name: "Angkatan I"}, {ID: unit, Name: "Dinas Kesehatan", Unit: true}} {
		if id == "" || id == l.ID {
			all = append(all, l)
		}
	}
	return all, nil
}

// as is somebody acting in tenant in roles, each "role" or "role@limit".
func as(id account.ID, tenant tenants.ID, roles ...string) context.Context {
	a := authz.Actor{Identity: id, Tenant: tenant}
	for _, r := range roles {
		role, limit, _ := strings.Cut(r, "@")
		a.Grants = append(a.Grants, authz.Grant{Role: authz.Role(role), Limit: limit})
	}
	return authz.As(context.Background(), a)
}

// to is an invitation of that address.
func to(login string, role authz.Role, limit string) account.Invitation {
	return account.Invitation{Login: login, Name: "Nama " + login, Role: role, Limit: limit, Reason: "SK 800/1/2026"}
}

// TestInvite: nobody gives more than they hold, within what it is limited to.
func TestInvite(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		admin := as(o.rina, o.in[0], "tenant_admin")
		within := as(o.rina, o.in[0], "tenant_admin@"+unit)
		day := func(d int) civil.Date { return civil.Date{Year: 2099, Month: 1, Day: d} }
		dated := func(v account.Invitation, from, to civil.Date) account.Invitation {
			v.From, v.To = from, to
			return v
		}
		for i, tc := range []struct {
			name  string
			actor context.Context
			v     account.Invitation
			want  error
		}{
			{"a role that is covered", admin, to("a@x.example", authz.Organiser, ""), nil},
			{"the same again", admin, to("a@x.example", authz.Organiser, ""), fault.Conflict},
			{"the same, limited", admin, to("a@x.example", authz.Organiser, run), nil},
			{"in capitals, the same", admin, to(" A@X.example ", authz.Organiser, run), fault.Conflict},
			{"another administrator", admin, to("b@x.example", authz.TenantAdmin, ""), nil},
			{"the head's, who decrees", admin, to("b@x.example", authz.Head, ""), fault.Forbidden},
			{"the overseer's", admin, to("b@x.example", authz.Overseer, ""), fault.Forbidden},
			{"the operator's", admin, to("b@x.example", authz.Operator, ""), fault.Invalid},
			{"the machine's", admin, to("b@x.example", authz.System, ""), fault.Invalid},
			{"in a unit, by whoever holds it there", within, to("c@x.example", "unit_admin", unit), nil},
			{"in the whole, by whoever holds it in a unit", within, to("c@x.example", "unit_admin", ""), fault.Forbidden},
			{"in a batch, by whoever holds it in a unit", within, to("c@x.example", "unit_admin", run), fault.Forbidden},
			{"limited to nothing that is there", admin, to("c@x.example", "unit_admin", store.NewID()), fault.Invalid},
			{"without the permission", as(o.rina, o.in[0], "sender_admin"), to("d@x.example", "verifier", ""), fault.Forbidden},
			{"by nobody", context.Background(), to("d@x.example", "verifier", ""), fault.Unauthenticated},
			{"no login", admin, to("siapa", "verifier", ""), fault.Invalid},
			{"no reason", admin, account.Invitation{Login: "d@x.example", Name: "D", Role: "verifier"}, fault.Invalid},
			{"no name", admin, account.Invitation{Login: "d@x.example", Role: "verifier", Reason: "x"}, fault.Invalid},
			{"from yesterday", admin, dated(to("d@x.example", "verifier", ""), civil.Date{Year: 2020, Month: 1, Day: 1}, civil.Date{}), fault.Invalid},
			{"the wrong way round", admin, dated(to("d@x.example", "verifier", ""), day(5), day(4)), fault.Invalid},
			{"for a time", admin, dated(to("d@x.example", "verifier", ""), day(5), day(9)), nil},
			{"for a time that begins in it", admin, dated(to("d@x.example", "verifier", ""), day(9), day(20)), fault.Conflict},
			{"for a time after it", admin, dated(to("d@x.example", "verifier", ""), day(10), day(20)), nil},
			{"by NIP, to somebody who is known", admin, to("19900315 201503 2 901", "auditor", ""), nil},
		} {
			got, err := o.Invite(tc.actor, tc.v)
			if !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) || (err == nil) != (len(got.Code) == 19 || got.Holds) {
				t.Errorf("%d %s: Invite = %+v, %v, want %v", i, tc.name, got, err, tc.want)
			}
		}
		all, _, err := o.Grants(admin, account.Listing{})
		check(t, err)
		var told []string
		for _, g := range all {
			told = append(told, fmt.Sprint(g.Name, " ", g.Role, " ", g.Scope, " ", g.Standing))
		}
		want := []string{
			"Nama 19900315 201503 2 901 auditor  holds", "Nama a@x.example organiser  awaited", "Nama a@x.example organiser Angkatan I awaited",
			"Nama b@x.example tenant_admin  awaited", "Nama c@x.example unit_admin Dinas Kesehatan awaited",
			"Nama d@x.example verifier  awaited", "Nama d@x.example verifier  awaited", "Rina sender_admin  holds",
		}
		if !slices.Equal(told, want) {
			t.Errorf("grants are\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
		}
		all, _, err = o.Grants(within, account.Listing{})
		check(t, err)
		if len(all) != 1 || all[0].Scope != "Dinas Kesehatan" {
			t.Errorf("within a unit: %+v", all)
		}
		all, _, err = o.Grants(admin, account.Listing{Begins: "NAMA d"})
		check(t, err)
		if len(all) != 2 {
			t.Errorf("by the beginning of a name: %+v", all)
		}
	})
}

// TestInviteTellsNothing: whoever is known elsewhere keeps their account; the answer is the
// same, and the list too, until they use the code.
func TestInviteTellsNothing(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		elsewhere, err := o.registryOf("31")
		check(t, err)
		admin := as(o.tono, elsewhere, "tenant_admin")
		known, err := o.Invite(admin, to("rina@contoh.example", "verifier", ""))
		check(t, err)
		fresh, err := o.Invite(admin, to("baru@contoh.example", "verifier", ""))
		check(t, err)
		if known.ID != o.rina || len(known.Code) != len(fresh.Code) || known.Holds || fresh.Holds {
			t.Fatalf("known %+v, fresh %+v", known, fresh)
		}
		all, _, err := o.Grants(admin, account.Listing{})
		check(t, err)
		if len(all) != 2 || all[1].Name != "Nama rina@contoh.example" || all[0].Standing != account.Awaiting || all[1].Standing != account.Awaiting {
			t.Errorf("the list tells more than was typed: %+v", all)
		}
		if _, err := o.Activate(context.Background(), known.Code, password, password, account.Visit{}); !errors.Is(err, fault.Invalid) {
			t.Errorf("the code for somebody with a password = %v", err)
		}
		pass, err := o.Activate(context.Background(), strings.ToLower(strings.ReplaceAll(fresh.Code, "-", " ")), password, password, account.Visit{})
		check(t, err)
		if i, err := o.Authenticate(context.Background(), pass.Token); err != nil || i.ID != fresh.ID || len(i.Grants) != 1 {
			t.Errorf("the code for somebody new lets in %+v, %v", i, err)
		}
		token, err := o.tries("rina@contoh.example", password)
		check(t, err)
		in, err := o.Confirm(context.Background(), token, known.Code)
		if err != nil || in != elsewhere {
			t.Errorf("confirmed in %d, %v", in, err)
		}
		if i, err := o.Authenticate(context.Background(), token); err != nil || len(i.Grants) != 3 {
			t.Errorf("whoever has confirmed holds %+v, %v", i.Grants, err)
		}
	})
}

// TestWithdraw: a withdrawn role is dead with the next request, and the last administrator stays.
func TestWithdraw(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		admin := as(o.tono, o.in[0], "tenant_admin")
		token, err := o.tries("rina@contoh.example", password)
		check(t, err)
		before, err := o.Authenticate(ctx, token)
		check(t, err)
		all, _, err := o.Grants(admin, account.Listing{})
		check(t, err)
		if len(all) != 1 || len(before.In()) != 2 {
			t.Fatalf("%+v, %+v", all, before)
		}
		if err := o.Withdraw(admin, all[0].ID, " "); !errors.Is(err, fault.Invalid) {
			t.Errorf("without a reason = %v", err)
		}
		if err := o.Withdraw(as(o.tono, o.in[1], "tenant_admin"), all[0].ID, "salah instansi"); !errors.Is(err, fault.NotFound) {
			t.Errorf("another tenant's = %v", err)
		}
		if err := o.Withdraw(as(o.tono, o.in[0], "tenant_admin@"+unit), all[0].ID, "di luar unit"); !errors.Is(err, fault.NotFound) {
			t.Errorf("out of scope = %v", err)
		}
		check(t, o.Withdraw(admin, all[0].ID, "pindah tugas"))
		after, err := o.Authenticate(ctx, token)
		check(t, err)
		if slices.Contains(after.In(), o.in[0]) || !slices.Contains(after.In(), o.in[1]) {
			t.Errorf("after it was withdrawn: %+v", after)
		}
		if err := o.Withdraw(admin, all[0].ID, "lagi"); !errors.Is(err, fault.Conflict) {
			t.Errorf("twice = %v", err)
		}
		all, _, err = o.Grants(admin, account.Listing{All: true})
		check(t, err)
		if len(all) != 1 || all[0].Standing != account.Withdrawn || all[0].WithdrawnReason != "pindah tugas" || all[0].WithdrawnBy != o.tono {
			t.Errorf("what is over: %+v", all)
		}
		check(t, o.Give(authz.AsSystem(ctx, o.in[0]), o.rina, authz.Head, ""))
		all, _, err = o.Grants(admin, account.Listing{})
		check(t, err)
		if err := o.Withdraw(admin, all[0].ID, "x"); !errors.Is(err, fault.Forbidden) {
			t.Errorf("the head's, by an administrator = %v", err)
		}
		check(t, o.Withdraw(authz.AsSystem(ctx, o.in[0]), all[0].ID, "pensiun"))
	})
}

// TestLastAdministrator: of two who take each other's role at the same time, one keeps it.
func TestLastAdministrator(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		var grants []string
		for _, who := range []account.ID{o.rina, o.tono} {
			check(t, o.Give(authz.AsSystem(ctx, o.in[0]), who, authz.TenantAdmin, ""))
		}
		admin := as(o.rina, o.in[0], "tenant_admin")
		all, _, err := o.Grants(admin, account.Listing{})
		check(t, err)
		for _, g := range all {
			if g.Role == authz.TenantAdmin {
				grants = append(grants, g.ID)
			}
		}
		results := make([]error, 2)
		var wait sync.WaitGroup
		for i, id := range grants {
			wait.Go(func() { results[i] = o.Withdraw(admin, id, "bersamaan") })
		}
		wait.Wait()
		conflicts := 0
		for _, err := range results {
			if errors.Is(err, fault.Conflict) {
				conflicts++
			} else {
				check(t, err)
			}
		}
		if conflicts != 1 {
			t.Errorf("two administrators left: %v", results)
		}
	})
}

// TestAppoint: only an operator lets the first people of a government in, and other operators.
func TestAppoint(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		first, err := o.Appoint(authz.AsSystem(ctx, 0), 0, to("operator@x.example", authz.Operator, ""))
		check(t, err)
		if _, err := o.Activate(ctx, first.Code, password, password, account.Visit{}); err != nil {
			t.Fatalf("the operator's code = %v", err)
		}
		token, err := o.tries("operator@x.example", password)
		check(t, err)
		who, err := o.Authenticate(ctx, token)
		check(t, err)
		if len(who.Grants) != 1 || who.Grants[0].Role != authz.Operator || who.Grants[0].TenantID != 0 {
			t.Fatalf("the operator is %+v", who)
		}
		operator := as(first.ID, 0, "operator")
		for _, tc := range []struct {
			name  string
			actor context.Context
			in    tenants.ID
			v     account.Invitation
			want  error
		}{
			{"an administrator", operator, o.in[0], to("admin@x.example", authz.TenantAdmin, ""), nil},
			{"a head", operator, o.in[0], to("kepala@x.example", authz.Head, ""), nil},
			{"an overseer", operator, tenants.LAN, to("pengawas@x.example", authz.Overseer, ""), nil},
			{"another operator", operator, 0, to("dua@x.example", authz.Operator, ""), nil},
			{"the same operator", operator, 0, to("dua@x.example", authz.Operator, ""), fault.Conflict},
			{"an organiser", operator, o.in[0], to("x@x.example", authz.Organiser, ""), fault.Forbidden},
			{"an administrator of a batch", operator, o.in[0], to("x@x.example", authz.TenantAdmin, run), fault.Forbidden},
			{"an operator in a government", operator, o.in[0], to("x@x.example", authz.Operator, ""), fault.Invalid},
			{"an administrator of no government", operator, 0, to("x@x.example", authz.TenantAdmin, ""), fault.Invalid},
			{"by an administrator", as(o.rina, o.in[0], "tenant_admin"), o.in[0], to("x@x.example", authz.Head, ""), fault.Forbidden},
			{"by an administrator, as if nowhere", as(o.rina, 0, "tenant_admin"), o.in[0], to("x@x.example", authz.Head, ""), fault.Forbidden},
		} {
			if _, err := o.Appoint(tc.actor, tc.in, tc.v); !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) {
				t.Errorf("%s: Appoint = %v, want %v", tc.name, err, tc.want)
			}
		}
		check(t, o.DismissOperator(operator, "dua@x.example", "purna tugas"))
		if err := o.DismissOperator(operator, "dua@x.example", "lagi"); !errors.Is(err, fault.NotFound) {
			t.Errorf("dismissed twice = %v", err)
		}
		if err := o.DismissOperator(as(o.rina, 0, "tenant_admin"), "operator@x.example", "x"); !errors.Is(err, fault.Forbidden) {
			t.Errorf("dismissed by no operator = %v", err)
		}
	})
}
