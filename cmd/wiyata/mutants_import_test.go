package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// importing brings a list into a register, and puts another in its place.
func (l *teller) importing(ctx context.Context) error {
	here := l.as(ctx, "tuban", "35.23", authz.SenderAdmin)
	stage := func(text string) (employee.Run, error) {
		return l.imports.Stage(here, strings.NewReader(text), int64(len(text)), "")
	}
	stands := func(what, want string, run employee.Run, err error) error {
		got := fmt.Sprintf("%s %d %d %d %d %d", run.State, run.Counts[employee.Fresh], run.Counts[employee.Differs], run.Counts[employee.Rejected], run.Added, run.Changed)
		return same(what, got, want, err)
	}
	const head = "Kode;Nama;Tugas\n"
	run, err := stage(head + "199207072017072931;Oki Setiawan;Analis\n")
	if err := stands("columns that nobody knows", "staged 0 0 0 0 0", run, err); err != nil {
		return err
	}
	for _, m := range []employee.Mapping{{"nip": 0, "name": 1}, {"nip": 0, "name": 1, "position": 2}} {
		run, err := l.imports.Remap(here, run.ID, m)
		if err := stands("columns that are chosen", "staged 1 0 0 0 0", run, err); err != nil {
			return err
		}
	}
	run, err = l.imports.Apply(here, run.ID, employee.AllOrNothing)
	if err := stands("applied", "done 1 0 0 1 0", run, err); err != nil {
		return err
	}
	// The next one takes its place: with the columns that were chosen, and another row.
	if run, err = stage(head + "199207072017072931;Oki Setiawan;Kepala\n199207072017072932;Rani;Analis\n"); err != nil {
		return err
	}
	if err := stands("the next one", "staged 1 1 0 0 0", run, nil); err != nil {
		return err
	}
	// Somebody comes before it: that row is refused, and nothing else is done.
	rani := employee.Employee{Kind: employee.PNS, NIP: "199207072017072932", BareName: "Rani", Active: true}
	if _, err := l.employees.Register(here, rani); err != nil {
		return err
	}
	run, err = l.imports.Apply(here, run.ID, employee.AllOrNothing)
	if err := stands("outrun", "staged 0 1 1 0 0", run, err); err != nil {
		return err
	}
	var left int
	for table, want := range map[string]int{"import_row": 2, "import_piece": 1, "import_mapping": 1} {
		err := l.super.QueryRow("SELECT count(*) FROM "+table+" WHERE tenant_id = $1", l.id("35.23")).Scan(&left)
		if err := same("rows in "+table, left, want, err); err != nil {
			return err
		}
	}
	run, err = l.imports.Apply(here, run.ID, employee.ValidRows)
	if err := stands("the valid rows", "done 0 1 1 0 1", run, err); err != nil {
		return err
	}
	_, err = l.super.Exec("DELETE FROM outbox WHERE kind = $1", employee.EffectImport) // no job runs here
	return err
}

// importsOf are the imports as wire connects them, without anybody to wake.
func importsOf(gate *authz.Gate, accounts *account.Service) *employee.Imports {
	return employee.NewImports(registerOf(gate, accounts), accounts.EnsureAll, func() {})
}
