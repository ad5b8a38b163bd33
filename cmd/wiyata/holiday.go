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
	"github.com/wiyata-id/wiyata/tenants"
)

const holidayUsage = `holiday what? use:
  holiday list [-year 2027] [-json]
  holiday add  -day 2027-03-10 -name "…" -kind holiday|leave -decree "…" [-checked]   checked: compared with the decree's text
  holiday drop -id ID
with -database or WIYATA_DATABASE`

// holidayCmd runs `wiyata holiday …`: the nation's days off from the command line.
func holidayCmd(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New(holidayUsage)
	}
	flags := flag.NewFlagSet("holiday", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	database := flags.String("database", os.Getenv("WIYATA_DATABASE"), "")
	asJSON, checked := flags.Bool("json", false, ""), flags.Bool("checked", false, "")
	year := flags.Int("year", 0, "")
	name, kind, decree, id := flags.String("name", "", ""), flags.String("kind", "", ""), flags.String("decree", "", ""), flags.String("id", "", "")
	var day civil.Date
	flags.TextVar(&day, "day", civil.Date{}, "")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 0 {
		return errors.New(holidayUsage)
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
	ctx = authz.AsSystem(ctx, 0)
	loaded, err := tenants.Load(ctx, gate, civil.DateOf(time.Now(), civil.WIB))
	if err != nil {
		return err
	}
	*registry = *loaded
	settings, err := tenants.NewSettings(ctx, gate, registry)
	if err != nil {
		return err
	}
	switch args[0] {
	case "list":
		c, err := settings.NationalHolidays(ctx, *year)
		if err != nil {
			return err
		}
		return printHolidays(out, c.Holidays(), *asJSON)
	case "add":
		err = settings.DeclareHolidays(ctx, []tenants.Holiday{{Day: day, Name: *name, Kind: tenants.HolidayKind(*kind), Decree: *decree, Checked: *checked}})
	case "drop":
		err = settings.RecallHoliday(ctx, *id)
	default:
		return errors.New(holidayUsage)
	}
	if f := fault.Of(err); f != nil {
		return errors.New(f.Text)
	}
	return err
}

// printHolidays writes a line per day: a table for people, JSON for machines.
func printHolidays(out io.Writer, all []tenants.Holiday, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(all)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, h := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", h.Day, h.Kind, h.Name, h.Decree, h.ID)
	}
	return table.Flush()
}
