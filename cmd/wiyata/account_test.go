package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// TestAccountCommand: whom the command lets in can set a password with the code that it
// printed, and works where it said; what it cannot do it says before it does anything.
func TestAccountCommand(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in, ctx, dsn := idle(t, db), context.Background(), addressOf(t, db)
		run := func(args string) (string, error) {
			var out strings.Builder
			words := []string{}
			for _, w := range strings.Fields(args) {
				words = append(words, strings.ReplaceAll(w, "_", " "))
			}
			words = append(words[:1], append([]string{"-database", dsn}, words[1:]...)...)
			err := accountCmd(ctx, words, &out)
			return out.String(), err
		}
		enter := func(text, login string) {
			t.Helper()
			pass, err := in.accounts.Activate(ctx, strings.TrimSpace(text[strings.LastIndex(text, " ")+1:]), sample.Password, sample.Password, account.Visit{})
			check(t, err)
			p, err := in.accounts.Authenticate(ctx, pass.Token)
			check(t, err)
			if len(p.Grants) != 1 {
				t.Errorf("%s signed in as %+v", login, p)
			}
		}
		good := "add -who lia@jambi.example -name Lia -government 15 -role organiser"
		out, err := run(good)
		check(t, err)
		enter(out, "lia@jambi.example")
		out, err = run("add -who 199001012015011901 -name Opo -role operator")
		check(t, err)
		enter(out, "199001012015011901")
		out, err = run("reset -who lia@jambi.example -reason lupa")
		check(t, err)
		enter(out, "lia@jambi.example")
		_, err = run("suspend -who lia@jambi.example -reason cuti")
		check(t, err)
		lia := account.Credentials{Login: "lia@jambi.example", Password: sample.Password}
		if _, err := in.accounts.SignIn(ctx, lia, account.Visit{}); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("whoever is suspended signs in: %v", err)
		}
		_, err = run("restore -who lia@jambi.example -reason kembali")
		check(t, err)
		_, err = in.accounts.SignIn(ctx, lia, account.Visit{})
		check(t, err)
		_, err = run("grant -who eko@jambi.example -name Eko -government 15 -role verifier -to 2099-12-31 -reason SK_1")
		check(t, err)
		var codes []struct{ Name, Code string }
		out, err = run("codes -government 15 -json")
		check(t, err)
		check(t, json.Unmarshal([]byte(out), &codes))
		if len(codes) != 1 || codes[0].Name != "Eko" || len(codes[0].Code) != 19 {
			t.Errorf("codes: %s", out)
		}
		var roles []struct{ Grant, Name, To string }
		out, err = run("list -government 15 -json")
		check(t, err)
		check(t, json.Unmarshal([]byte(out), &roles))
		eko := ""
		for _, r := range roles {
			if r.Name == "Eko" && r.To == "2099-12-31" {
				eko = r.Grant
			}
		}
		for _, args := range []string{"withdraw -government 15 -reason selesai -grant " + eko, "withdraw -role operator -who 199001012015011901 -reason selesai", "list -government 15"} {
			if out, err = run(args); err != nil {
				t.Errorf("%s: %v", args, err)
			}
		}
		if strings.Contains(out, "Eko") || !strings.Contains(out, "Lia") {
			t.Errorf("after withdrawing: %s", out)
		}
		for name, args := range map[string]string{
			"again":                 good,
			"no government":         "add -who ani@x.example -name Ani -government 31.71 -role organiser",
			"no role of people":     "add -who ani@x.example -name Ani -government 15 -role system",
			"an operator somewhere": "withdraw -role operator -who lia@jambi.example -reason x",
			"nobody":                "add",
			"no such act":           "promote",
			"an unknown flag":       "list -government 15 -verbose",
			"restored twice":        "restore -who lia@jambi.example -reason x",
			"unknown, to be reset":  "reset -who ani@x.example -reason x",
		} {
			if out, err := run(args); err == nil {
				t.Errorf("%s: %s", name, out)
			}
		}
		if _, err := in.accounts.Known(authz.AsSystem(ctx, 0), "ani@x.example"); err == nil {
			t.Error("a refused account exists")
		}
	})
}
