package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// accountUsage says what `wiyata account` can do.
const accountUsage = `account what? use:
  wiyata account add      -who NIP|e-mail -name "…" -role ROLE [-government 15.03]   create somebody and give them a role
  wiyata account grant    -who NIP|e-mail -name "…" -role ROLE [-government 15.03] [-from D] [-to D] [-reason "…"]
  wiyata account withdraw -grant ID -government 15.03 -reason "…", or -who … -role operator -reason "…"
  wiyata account reset    -who NIP|e-mail -reason "…"   a new code for somebody whom no government may reset
  wiyata account suspend  -who NIP|e-mail -reason "…"   nobody signs in as them; restore ends it
  wiyata account restore  -who NIP|e-mail -reason "…"
  wiyata account codes    -government 15.03             a code for everybody there who has no password or a role to confirm
  wiyata account list     -government 15.03 [-all]
each with -database or WIYATA_DATABASE; codes and list with -json`

// accountCommand lets people in from the command line: the first of an installation, and
// those whom no government may let in alone.
type accountCommand struct {
	accounts *account.Service
	registry *tenants.Registry
	out      io.Writer

	who, name, role, government, from, to, reason, grant string
	all, json                                            bool
}

// accountCmd runs `wiyata account …`, and prints codes to out, once.
func accountCmd(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New(accountUsage)
	}
	c := &accountCommand{registry: &tenants.Registry{}, out: out}
	act, ok := map[string]func(context.Context) error{
		"add": c.give, "grant": c.give, "withdraw": c.withdraw, "reset": c.reset, "suspend": c.suspend, "restore": c.restore, "codes": c.codes, "list": c.list,
	}[args[0]]
	flags := flag.NewFlagSet("account", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	database := flags.String("database", os.Getenv("WIYATA_DATABASE"), "")
	for name, into := range map[string]*string{
		"who": &c.who, "name": &c.name, "role": &c.role, "government": &c.government, "from": &c.from, "to": &c.to, "reason": &c.reason, "grant": &c.grant,
	} {
		flags.StringVar(into, name, "", "")
	}
	flags.BoolVar(&c.all, "all", false, "")
	flags.BoolVar(&c.json, "json", false, "")
	if err := flags.Parse(args[1:]); err != nil || !ok || flags.NArg() > 0 {
		return errors.New(accountUsage)
	}
	db, err := open(ctx, *database)
	if err != nil {
		return err
	}
	defer db.Close()
	gate, err := openGate(db, c.registry)
	if err != nil {
		return err
	}
	loaded, err := tenants.Load(authz.AsSystem(ctx, 0), gate, civil.DateOf(time.Now(), civil.WIB))
	if err != nil {
		return err
	}
	*c.registry = *loaded
	c.accounts = account.New(gate, c.registry, account.Config{Ties: ties()})
	return act(ctx)
}

// tenant is the government that was named; the zero one when none was and none is needed.
func (c *accountCommand) tenant() (tenants.Government, error) {
	if c.government == "" {
		return tenants.Government{}, errors.New("-government is missing: the code of a government, such as 15.03")
	}
	g, err := c.registry.ByCode(c.government)
	if err != nil {
		return g, fmt.Errorf("no government has the code %q: %w", c.government, err)
	}
	return g, nil
}

// give creates whoever is unknown, and gives them the role. An operator's is no government's.
func (c *accountCommand) give(ctx context.Context) error {
	v := account.Invitation{Login: c.who, Name: c.name, Role: authz.Role(c.role), Reason: c.reason}
	if v.Reason == "" {
		v.Reason = "Dari baris perintah"
	}
	for text, into := range map[*string]*civil.Date{&c.from: &v.From, &c.to: &v.To} {
		if *text == "" {
			continue
		}
		d, err := civil.ParseDate(*text)
		if err != nil {
			return err
		}
		*into = d
	}
	where := "platform"
	var given account.Invited
	var err error
	if v.Role == authz.Operator {
		given, err = c.accounts.Appoint(authz.AsSystem(ctx, 0), 0, v)
	} else {
		g, missing := c.tenant()
		if missing != nil {
			return missing
		}
		where = g.Name
		given, err = c.accounts.Invite(authz.AsSystem(ctx, g.ID), v)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s: %s, %s\n", strings.TrimSpace(c.who), v.Role.Words(), where)
	if given.Code == "" {
		fmt.Fprintln(c.out, "berlaku tanpa kode: orang ini sudah dikenal di sana")
		return nil
	}
	fmt.Fprintf(c.out, "kode (hanya ditampilkan sekali; perannya berlaku setelah kode ini dipakai): %s\n", given.Code)
	return nil
}

func (c *accountCommand) withdraw(ctx context.Context) error {
	if authz.Role(c.role) == authz.Operator {
		return c.accounts.DismissOperator(authz.AsSystem(ctx, 0), c.who, c.reason)
	}
	g, err := c.tenant()
	if err != nil {
		return err
	}
	return c.accounts.Withdraw(authz.AsSystem(ctx, g.ID), store.Canonical(c.grant), c.reason)
}

func (c *accountCommand) reset(ctx context.Context) error {
	system := authz.AsSystem(ctx, 0)
	id, err := c.accounts.Known(system, c.who)
	if err != nil {
		return err
	}
	done, err := c.accounts.Reset(system, id, c.reason)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s\nkode aktivasi (hanya ditampilkan sekali): %s\n", done.Identity.Name, done.Code)
	return nil
}

func (c *accountCommand) suspend(ctx context.Context) error { return c.turn(ctx, c.accounts.Suspend) }
func (c *accountCommand) restore(ctx context.Context) error { return c.turn(ctx, c.accounts.Restore) }

// turn suspends or restores whoever was named.
func (c *accountCommand) turn(ctx context.Context, act func(context.Context, account.ID, string) error) error {
	system := authz.AsSystem(ctx, 0)
	id, err := c.accounts.Known(system, c.who)
	if err != nil {
		return err
	}
	return act(system, id, c.reason)
}

// roles are all grants of a government.
func (c *accountCommand) roles(ctx context.Context) (all []account.Listed, err error) {
	g, err := c.tenant()
	if err != nil {
		return nil, err
	}
	l := account.Listing{All: c.all}
	for first := true; first || l.Cursor != ""; first = false {
		page, next, err := c.accounts.Grants(authz.AsSystem(ctx, g.ID), l)
		if err != nil {
			return nil, err
		}
		all, l.Cursor = append(all, page...), next
	}
	return all, nil
}

// codes makes one for everybody with a role who has no password, or has not confirmed it.
func (c *accountCommand) codes(ctx context.Context) error {
	g, err := c.tenant()
	if err != nil {
		return err
	}
	all, err := c.roles(ctx)
	if err != nil {
		return err
	}
	var people []account.ID
	for _, g := range all {
		if !slices.Contains(people, g.IdentityID) {
			people = append(people, g.IdentityID)
		}
	}
	type line struct {
		Name string `json:"name"`
		Code string `json:"code"`
	}
	lines := []line{}
	for len(people) > 0 {
		n := min(len(people), 500)
		issued, err := c.accounts.IssueCodes(authz.AsSystem(ctx, g.ID), people[:n])
		if err != nil {
			return err
		}
		for _, i := range issued {
			if i.Code != "" {
				lines = append(lines, line{i.Identity.Name, i.Code})
			}
		}
		people = people[n:]
	}
	if c.json {
		return json.NewEncoder(c.out).Encode(lines)
	}
	for _, l := range lines {
		fmt.Fprintf(c.out, "%s  %s\n", l.Code, l.Name)
	}
	return nil
}

func (c *accountCommand) list(ctx context.Context) error {
	all, err := c.roles(ctx)
	if err != nil {
		return err
	}
	type line struct {
		Grant    string           `json:"grant"`
		Name     string           `json:"name"`
		Role     authz.Role       `json:"role"`
		Scope    string           `json:"scope,omitempty"`
		From     string           `json:"from"`
		To       string           `json:"to,omitempty"`
		Standing account.Standing `json:"standing"`
	}
	lines := []line{}
	for _, g := range all {
		lines = append(lines, line{g.ID, g.Name, g.Role, g.Scope, g.FromDay.String(), g.ToDay.String(), g.Standing})
	}
	if c.json {
		return json.NewEncoder(c.out).Encode(lines)
	}
	for _, l := range lines {
		fmt.Fprintf(c.out, "%s  %-30s %-14s %-10s %s %s %s\n", l.Grant, l.Name, l.Role, l.Standing, l.From, l.To, l.Scope)
	}
	return nil
}
