package main

import (
	"context"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// settles has another government give a role, whoever has its code dispute the account, and
// the operator free the name and give it back.
func (l *teller) settles(ctx context.Context, id account.ID) error {
	system := authz.AsSystem(ctx, 0)
	given, err := l.accounts.Invite(l.as(ctx, "sumbar", "13", authz.TenantAdmin), account.Invitation{Login: "baru@tuban.example", Name: "Baru", Role: "verifier", Reason: "Uji"})
	if err != nil {
		return err
	}
	if err := l.accounts.Dispute(ctx, given.Code, account.Visit{}); err != nil {
		return err
	}
	claims, err := l.accounts.Claims(system)
	if err := same("claims", len(claims), 1, err); err != nil {
		return err
	}
	if err := l.accounts.Refuse(system, id, "Uji"); err != nil {
		return err
	}
	claims, err = l.accounts.Claims(system)
	if err := same("claims after they were refused", len(claims), 0, err); err != nil {
		return err
	}
	second, err := l.accounts.Create(system, account.Identity{Name: "Salah", Email: "salah@tuban.example", NIP: "199001012015011977"}, "")
	if err != nil {
		return err
	}
	if err := l.accounts.Free(system, second, "salah@tuban.example", "Uji"); err != nil {
		return err
	}
	c, err := l.accounts.Look(system, second)
	return same("name that was freed", c.Identity.Email, "", err)
}

// access has an operator come and go, gives and withdraws a role, lets people in by
// codes, and asks with a token.
func (l *teller) access(ctx context.Context) error {
	system := authz.AsSystem(ctx, 0)
	invitation := func(login string, role authz.Role) account.Invitation {
		return account.Invitation{Login: login, Name: "Nama " + login, Role: role, Reason: "Uji"}
	}
	appointed, err := l.accounts.Appoint(system, 0, invitation("operator@wiyata.example", authz.Operator))
	if err != nil {
		return err
	}
	pass, err := l.accounts.Activate(ctx, appointed.Code, sample.Password, sample.Password, account.Visit{})
	if err != nil {
		return err
	}
	p, err := l.accounts.Authenticate(ctx, pass.Token)
	if err := same("roles of an operator", len(p.Grants), 1, err); err != nil {
		return err
	}
	if err := l.accounts.DismissOperator(system, "operator@wiyata.example", "Uji"); err != nil {
		return err
	}
	if _, err := l.accounts.Appoint(system, l.id("35.23"), invitation("kepala@tuban.example", authz.Head)); err != nil {
		return err
	}
	admin := l.as(ctx, "tuban", "35.23", authz.TenantAdmin)
	given, err := l.accounts.Invite(admin, invitation("baru@tuban.example", "verifier"))
	if err != nil {
		return err
	}
	if pass, err = l.accounts.Activate(ctx, given.Code, sample.Password, sample.Password, account.Visit{}); err != nil {
		return err
	}
	p, err = l.accounts.Authenticate(ctx, pass.Token)
	if err := same("roles of whoever has confirmed", len(p.Grants), 1, err); err != nil {
		return err
	}
	n, err := l.rows(ctx, "access_code WHERE identity_id = '"+string(given.ID)+"'")
	if err := same("codes after they were used", n, 0, err); err != nil {
		return err
	}
	if err := l.settles(ctx, given.ID); err != nil {
		return err
	}
	_, err = l.accounts.Activate(ctx, given.Code, sample.Password, sample.Password, account.Visit{})
	if err := refused("a code that is spent", err, fault.Invalid); err != nil {
		return err
	}
	if _, err := l.accounts.SignIn(ctx, account.Credentials{Login: "baru@tuban.example", Password: sample.Password}, account.Visit{}); err != nil {
		return err
	}
	all, _, err := l.accounts.Grants(admin, account.Listing{Begins: "nama baru"})
	if err := same("roles found by name", len(all), 1, err); err != nil {
		return err
	}
	if err := l.accounts.Withdraw(admin, all[0].ID, "Uji"); err != nil {
		return err
	}
	id, err := l.accounts.Create(system, account.Identity{Name: "Sekar", Email: "sekar@tuban.example"}, "")
	if err != nil {
		return err
	}
	if _, err := l.employees.Register(admin, employee.Employee{IdentityID: id, Kind: employee.NonASN, Name: "Sekar", Active: true}); err != nil {
		return err
	}
	reset, err := l.accounts.Reset(l.as(ctx, "tuban", "35.23", authz.SenderAdmin), id, "Uji")
	if err := same("length of a code", len(reset.Code), 19, err); err != nil {
		return err
	}
	token, issued, err := l.accounts.IssueToken(l.as(ctx, "tuban", "35.23", authz.TenantAdmin), "Uji", []string{"batch:read"}, 1)
	if err != nil {
		return err
	}
	actor, err := l.accounts.AuthenticateToken(ctx, token)
	if err := same("tenant of a token", actor.Tenant, l.id("35.23"), err); err != nil {
		return err
	}
	tokens, _, err := l.accounts.Tokens(admin, "")
	if err := same("tokens", len(tokens), 1, err); err != nil {
		return err
	}
	return l.accounts.RevokeToken(admin, issued.ID)
}
