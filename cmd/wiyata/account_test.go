package main

import (
	"context"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// TestAccountCommand: whom the command creates can sign in with the password that
// it printed, and works where it said; what it cannot do it says before it does anything.
func TestAccountCommand(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in, ctx, dsn := idle(t, db), context.Background(), addressOf(t, db)
		good := []string{"-database", dsn, "-name", "Lia", "-email", "lia@jambi.example", "-government", "15", "-role", "organiser"}
		var out strings.Builder
		check(t, addAccount(ctx, good, &out))
		password := out.String()[strings.LastIndex(out.String(), " ")+1:]
		pass, err := in.accounts.SignIn(ctx, account.Credentials{Login: "lia@jambi.example", Password: strings.TrimSpace(password)}, account.Visit{})
		check(t, err)
		p, err := in.accounts.Authenticate(ctx, pass.Token)
		check(t, err)
		if p.Tenant != in.government(t, "15") || len(p.Grants) != 1 {
			t.Errorf("signed in as %+v", p)
		}
		for name, args := range map[string][]string{
			"again":         good,
			"no government": {"-database", dsn, "-name", "Ani", "-email", "ani@x.example", "-government", "31.71", "-role", "organiser"},
			"no role":       {"-database", dsn, "-name", "Ani", "-email", "ani@x.example", "-government", "15", "-role", "system"},
			"nobody":        {"-database", dsn},
		} {
			if err := addAccount(ctx, args, &out); err == nil {
				t.Errorf("%s: created", name)
			}
		}
		if _, err := in.accounts.SignIn(ctx, account.Credentials{Login: "ani@x.example", Password: "apa pun"}, account.Visit{}); err == nil {
			t.Error("a refused account exists")
		}
	})
}
