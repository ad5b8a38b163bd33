package main

import (
	"context"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// signInWorks needs each table of sign-in: guesses, devices, the second factor, and
// who may not come in any more. It leaves a row in each.
func (l *teller) signInWorks(ctx context.Context) error {
	system := authz.AsSystem(ctx, 0)
	id, err := l.accounts.Create(system, account.Identity{Name: "Gusti", Email: "gusti@tuban.example"}, sample.Password)
	if err != nil {
		return err
	}
	who, from := account.Credentials{Login: "gusti@tuban.example", Password: sample.Password}, account.Visit{Network: "203.0.113.0/24"}
	enter := func() (account.Pass, error) { return l.accounts.SignIn(ctx, who, from) }
	before, err := l.rows(ctx, "attempt")
	if err != nil {
		return err
	}
	pass, err := enter()
	if err != nil {
		return err
	}
	n, err := l.rows(ctx, "attempt")
	if err := same("buckets after a sign-in", n, before, err); err != nil {
		return err
	}
	from.Mark = pass.Mark
	if pass, err = enter(); err != nil { // the device is known
		return err
	}
	n, err = l.rows(ctx, "known_device WHERE identity_id = '"+string(id)+"'")
	if err := same("known devices", n, 1, err); err != nil {
		return err
	}
	offer, err := l.accounts.Offer(ctx, pass.Token, "")
	if err != nil {
		return err
	}
	secret := strings.ReplaceAll(offer.Secret, " ", "")
	code := func(later time.Duration) string {
		text, _ := totp.GenerateCode(secret, time.Now().Add(later)) // a wrong secret is refused as no code
		return text
	}
	pass, recovery, err := l.accounts.Enrol(ctx, pass.Token, offer.Sealed, code(0), from)
	if err != nil {
		return err
	}
	for _, spend := range []string{code(30 * time.Second), recovery[0]} {
		half, err := enter()
		if err != nil {
			return err
		}
		if _, err := l.accounts.Second(ctx, half.Token, spend, from); err != nil {
			return err
		}
	}
	if err := l.accounts.Drop(ctx, pass.Token); err != nil {
		return err
	}
	n, err = l.rows(ctx, "second_factor")
	if err := same("second factors after it was taken off", n, 0, err); err != nil {
		return err
	}
	if offer, err = l.accounts.Offer(ctx, pass.Token, ""); err != nil {
		return err
	}
	secret = strings.ReplaceAll(offer.Secret, " ", "")
	if _, _, err = l.accounts.Enrol(ctx, pass.Token, offer.Sealed, code(0), from); err != nil {
		return err
	}
	if err := l.accounts.Suspend(system, id, "Berhenti"); err != nil {
		return err
	}
	_, err = enter()
	return refused("who is suspended", err, fault.Unauthenticated)
}

// rows counts past the policies.
func (l *teller) rows(ctx context.Context, of string) (n int, err error) {
	err = l.super.QueryRowContext(ctx, "SELECT count(*) FROM "+of).Scan(&n)
	return n, err
}
