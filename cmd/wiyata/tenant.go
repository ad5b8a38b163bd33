package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

const tenantUsage = `tenant what? use:
  tenant list      [-json]
  tenant add       -kind province|regency|city|national -code 93.01 -name "…" -zone WIT -from 2026-01-31 -decree "…" [-parent 93] [-bkn 8007]
  tenant rename    -code 93.01 -name "…" -from 2026-01-31 -decree "…"
  tenant move      -code 91.01 -to 93.01 -parent 93 -from 2026-01-31 -decree "…"
  tenant suspend   -code 93.01 -ground request|security|duty|dissolved -reason "…"
  tenant reinstate -code 93.01 -reason "…"
with -database or WIYATA_DATABASE, and -json for machines`

// tenant is the registry from the command line. Running processes follow by themselves.
func tenant(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New(tenantUsage)
	}
	flags := flag.NewFlagSet("tenant", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	database := flags.String("database", "", "")
	asJSON := flags.Bool("json", false, "")
	values := map[string]*string{}
	for _, name := range []string{"kind", "code", "name", "zone", "from", "decree", "reason", "parent", "bkn", "to", "ground"} {
		values[name] = flags.String(name, "", "")
	}
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 0 {
		return errors.New(tenantUsage)
	}
	value := func(name string) string { return *values[name] }
	var from civil.Date
	if value("from") != "" {
		day, err := civil.ParseDate(value("from"))
		if err != nil {
			return fmt.Errorf("-from: %w", err)
		}
		from = day
	}
	if *database == "" {
		*database = os.Getenv("WIYATA_DATABASE")
	}
	db, err := store.Open(ctx, *database, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	registry := &tenants.Registry{}
	gate, err := openGate(db, registry)
	if err != nil {
		return err
	}
	ctx = authz.AsSystem(ctx, 0)
	loaded, err := tenants.Load(ctx, gate, civil.DateOf(time.Now(), civil.WIB))
	if err != nil {
		return err
	}
	*registry = *loaded
	operator := tenants.NewOperator(gate, registry)

	var shown []tenants.Government
	act, known := map[string]tenants.Act{
		"rename": tenants.Renamed, "move": tenants.Moved, "suspend": tenants.Suspended, "reinstate": tenants.Reinstated,
	}[args[0]]
	switch {
	case args[0] == "list":
		shown, err = operator.List(ctx)
	case args[0] == "add":
		shown = make([]tenants.Government, 1)
		shown[0], err = operator.Add(ctx, tenants.Addition{
			Kind: tenants.Kind(value("kind")), Zone: civil.Zone(value("zone")), Code: value("code"), BKN: value("bkn"), Name: value("name"),
			Parent: value("parent"), From: from, Decree: value("decree"), Reason: value("reason"),
		})
	case known:
		g, missing := registry.ByCode(value("code"))
		if missing != nil {
			return fmt.Errorf("no government has the code %q", value("code"))
		}
		shown = make([]tenants.Government, 1)
		shown[0], err = operator.Change(ctx, g.ID, tenants.Change{
			Act: act, Name: value("name"), Code: value("to"), Parent: value("parent"), From: from,
			Ground: tenants.Ground(value("ground")), Decree: value("decree"), Reason: value("reason"),
		})
	default:
		return errors.New(tenantUsage)
	}
	if f := fault.Of(err); f != nil {
		return errors.New(f.Text)
	}
	if err != nil {
		return err
	}
	return printTenants(out, registry, shown, *asJSON)
}

// printTenants writes a line per government: a table for people, JSON for machines.
func printTenants(out io.Writer, registry *tenants.Registry, all []tenants.Government, asJSON bool) error {
	if asJSON {
		lines := json.NewEncoder(out)
		for _, g := range all {
			if err := lines.Encode(registry.SheetOf(g)); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, g := range all {
		state := ""
		if g.Suspended.Ground != "" {
			state = "dinonaktifkan " + g.Suspended.Ground.Words()
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\n", g.ID, g.Code, g.Name, g.Zone, state)
	}
	return table.Flush()
}
