package account_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// TestToken: a token may what was lent of what its issuer holds, for as long as they hold it.
func TestToken(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		check(t, o.Give(authz.AsSystem(ctx, o.in[0]), o.rina, authz.TenantAdmin, ""))
		admin := as(o.rina, o.in[0], "tenant_admin")
		for _, tc := range []struct {
			name  string
			actor context.Context
			perms string
			days  int
			want  error
		}{
			{"what the head holds", admin, "outcome:decree", 30, fault.Invalid},
			{"what people do themselves", admin, "account:grant", 30, fault.Invalid},
			{"what does not exist", admin, "batch:read batch:burn", 30, fault.Invalid},
			{"nothing", admin, "", 30, fault.Invalid},
			{"for longer than a year", admin, "batch:read", 367, fault.Invalid},
			{"for no day", admin, "batch:read", 0, fault.Invalid},
			{"by whoever may not", as(o.rina, o.in[0], "sender_admin"), "batch:read", 30, fault.Forbidden},
			{"within a unit", as(o.rina, o.in[0], "tenant_admin@"+unit), "batch:read", 30, fault.Forbidden},
			{"by the machine", authz.AsSystem(ctx, o.in[0]), "batch:read", 30, fault.Forbidden},
			{"by nobody", ctx, "batch:read", 30, fault.Unauthenticated},
		} {
			if token, _, err := o.IssueToken(tc.actor, "Integrasi", strings.Fields(tc.perms), tc.days); !errors.Is(err, tc.want) || err == nil {
				t.Errorf("%s: %q, %v, want %v", tc.name, token, err, tc.want)
			}
		}
		token, issued, err := o.IssueToken(admin, "Integrasi SIASN", []string{"nomination:read", "batch:read"}, 366)
		check(t, err)
		a, err := o.AuthenticateToken(ctx, token)
		check(t, err)
		with := authz.As(ctx, a)
		if a.Identity != o.rina || a.Tenant != o.in[0] || a.Token != issued.ID || o.gate.Check(with, authz.BatchRead) != nil || !o.gate.MayWhole(with, authz.NominationRead) {
			t.Errorf("the token acts as %+v", a)
		}
		for _, perm := range []authz.Permission{authz.EmployeeRead, authz.AccountGrant, authz.TokenIssue} {
			if err := o.gate.Check(with, perm); !errors.Is(err, fault.Forbidden) {
				t.Errorf("the token may %s: %v", perm, err)
			}
		}
		if err := o.gate.Self(with, 0, func(*store.Tx) error { return nil }); !errors.Is(err, fault.Forbidden) {
			t.Errorf("the token comes to what is a person's: %v", err)
		}
		if o.gate.Covers(a, "verifier", "") {
			t.Error("the token covers a role")
		}
		all, next, err := o.Tokens(admin, "")
		check(t, err)
		if len(all) != 1 || next != "" || all[0].UsedAt.IsZero() || all[0].Permissions != "batch:read nomination:read" {
			t.Errorf("tokens: %+v", all)
		}
		used := all[0].UsedAt
		_, err = o.AuthenticateToken(ctx, token)
		check(t, err)
		all, _, err = o.Tokens(admin, "")
		check(t, err)
		if !all[0].UsedAt.Equal(used) {
			t.Error("its use was written twice within a minute")
		}
		for name, text := range map[string]string{
			"one letter": token[:10] + string(token[10]^1) + token[11:], "cut": token[:51], "longer": token + "A", "another prefix": "wyx_" + token[4:], "": "",
		} {
			if _, err := o.AuthenticateToken(ctx, text); !errors.Is(err, fault.Unauthenticated) {
				t.Errorf("%s = %v", name, err)
			}
		}
		if err := o.RevokeToken(as(o.tono, o.in[1], "tenant_admin"), issued.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("revoked by another tenant = %v", err)
		}
		if all, _, err := o.Tokens(as(o.tono, o.in[1], "tenant_admin"), ""); err != nil || len(all) != 0 {
			t.Errorf("another tenant sees %+v, %v", all, err)
		}
		check(t, o.RevokeToken(admin, issued.ID))
		if _, err := o.AuthenticateToken(ctx, token); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("revoked = %v", err)
		}
		if err := o.RevokeToken(admin, issued.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("revoked twice = %v", err)
		}
	})
}

// TestTokenFollowsIssuer: with a role goes what it lent; with the last one, the token.
func TestTokenFollowsIssuer(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		in := authz.AsSystem(ctx, o.in[0])
		for _, who := range []account.ID{o.rina, o.tono} {
			check(t, o.Give(in, who, authz.TenantAdmin, ""))
		}
		admin := as(o.rina, o.in[0], "tenant_admin", "sender_admin")
		token, _, err := o.IssueToken(admin, "Integrasi", []string{"session:schedule", "batch:read"}, 7)
		check(t, err)
		may := func(perm authz.Permission) bool {
			a, err := o.AuthenticateToken(ctx, token)
			return err == nil && o.gate.Check(authz.As(ctx, a), perm) == nil
		}
		if !may(authz.SessionSchedule) || !may(authz.BatchRead) {
			t.Fatal("the token may not what was lent")
		}
		all, _, err := o.Grants(admin, account.Listing{Begins: "rina"})
		check(t, err)
		for _, g := range all {
			if g.Role == authz.TenantAdmin {
				check(t, o.Withdraw(as(o.tono, o.in[0], "tenant_admin"), g.ID, "ganti tugas"))
			}
		}
		if may(authz.SessionSchedule) || !may(authz.BatchRead) {
			t.Error("the token may still what its issuer may not, or no more what they may")
		}
		for _, g := range all {
			if g.Role == authz.SenderAdmin {
				check(t, o.Withdraw(as(o.tono, o.in[0], "tenant_admin"), g.ID, "ganti tugas"))
			}
		}
		if _, err := o.AuthenticateToken(ctx, token); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("its issuer holds nothing there any more = %v", err)
		}
	})
}
