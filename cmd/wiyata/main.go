// Wiyata is the platform on which governments train their civil servants
// together. This is its one binary.
//
//	wiyata serve    [settings]   serve pages, operations and jobs
//	wiyata migrate  [settings]   bring the schema and the table of governments up to date
//	wiyata account  [act]        create accounts, give and withdraw roles, make codes
//	wiyata tenant   list|add|…   see and change the registry of governments
//	wiyata holiday  list|add|…   see and change the nation's days off
//	wiyata employee import       bring a list of employees into a register
//	wiyata plugin   add|list|…   install course types, switch them on and off, sign them
//	wiyata demo     [-listen A]  serve a filled installation on this machine alone
//	wiyata verify   audit        recompute every audit chain
//	wiyata verify   outbox       list the effects that keep failing
//	wiyata verify   rollups      count again what overseers are shown
//	wiyata verify   tenancy      look for rows and policies that break the walls between tenants
//
// Every setting is a flag or an environment variable; `wiyata serve -h` lists them.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/wiyata-id/wiyata/plugins/host"
)

func main() {
	host.Launch()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "wiyata:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	command, rest := "", args
	if len(args) > 0 {
		command, rest = args[0], args[1:]
	}
	switch command {
	case "serve":
		return serve(ctx, rest, log)
	case "migrate":
		return migrate(ctx, rest)
	case "account":
		return accountCmd(ctx, rest, os.Stdout)
	case "tenant":
		return tenant(ctx, rest, os.Stdout)
	case "holiday":
		return holidayCmd(ctx, rest, os.Stdout)
	case "employee":
		return employees(ctx, rest, os.Stdout)
	case "plugin":
		return pluginCmd(ctx, rest, os.Stdout)
	case "demo":
		return demo(ctx, rest, log)
	case "verify":
		return verify(ctx, rest)
	}
	return fmt.Errorf("unknown command %q: use serve, migrate, account, tenant, holiday, employee, plugin, demo or verify", command)
}
