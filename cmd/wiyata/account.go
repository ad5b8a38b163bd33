package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// addAccount creates an account with a role in a government, and prints the
// password that it made to out, once. It is how the first people of an installation come in.
func addAccount(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("account", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	database := flags.String("database", "", "")
	name := flags.String("name", "", "")
	email := flags.String("email", "", "")
	code := flags.String("government", "", "")
	role := flags.String("role", "", "")
	if err := flags.Parse(args); err != nil || *name == "" || *email == "" || *code == "" || *role == "" {
		return errors.New(`account needs -name "…" -email … -government 15.03 -role sender_admin|organiser|head|overseer, and -database or WIYATA_DATABASE`)
	}
	if *database == "" {
		*database = os.Getenv("WIYATA_DATABASE")
	}
	db, err := open(ctx, *database)
	if err != nil {
		return err
	}
	defer db.Close()
	registry := &tenants.Registry{}
	gate, err := openGate(db, registry)
	if err != nil {
		return err
	}
	system := authz.AsSystem(ctx, 0)
	loaded, err := tenants.Load(system, gate, civil.DateOf(time.Now(), civil.WIB))
	if err != nil {
		return err
	}
	*registry = *loaded
	government, err := registry.ByCode(*code)
	if err != nil {
		return fmt.Errorf("no government has the code %q: %w", *code, err)
	}
	if !authz.Role(*role).Grantable() {
		return fmt.Errorf("no person can hold the role %q", *role)
	}
	accounts, password := account.New(gate, registry, account.Config{}), rand.Text()
	id, err := accounts.Create(system, account.Identity{Name: *name, Email: *email}, password)
	if err != nil {
		return err
	}
	if err := accounts.Give(authz.AsSystem(ctx, government.ID), id, authz.Role(*role), ""); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s, %s\nkata sandi (hanya ditampilkan sekali): %s\n", *email, authz.Role(*role).Words(), government.Name, password)
	return nil
}
