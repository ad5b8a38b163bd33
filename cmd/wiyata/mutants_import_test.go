package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// importing brings a list into a register, and puts another in its place.
func (l *teller) importing(ctx context.Context) error {
	here := l.as(ctx, "tuban", "35.23", authz.SenderAdmin)
	stage := func(text string) (employee.Run, error) {
		return l.imports.Stage(here, strings.NewReader(text), int64(len(text)), "")
	}
	told := func(run employee.Run, err error) (string, error) {
		return fmt.Sprint(run.State, run.Counts[employee.Fresh], run.Counts[employee.Differs], run.Counts[employee.Rejected], run.Added, run.Changed), err
	}
	const head = "Kode;Nama;Tugas\n"
	run, err := stage(head + "199207072017072931;Oki Setiawan;Analis\n")
	if state, err := told(run, err); state != "staged 0 0 0 0 0" || err != nil {
		return fmt.Errorf("columns that nobody knows: %s, %w", state, err)
	}
	for _, m := range []employee.Mapping{{"nip": 0, "name": 1}, {"nip": 0, "name": 1, "position": 2}} {
		if state, err := told(l.imports.Remap(here, run.ID, m)); state != "staged 1 0 0 0 0" || err != nil {
			return fmt.Errorf("columns that are chosen: %s, %w", state, err)
		}
	}
	if state, err := told(l.imports.Apply(here, run.ID, employee.AllOrNothing)); state != "done 1 0 0 1 0" || err != nil {
		return fmt.Errorf("applied: %s, %w", state, err)
	}
	// The next one takes its place: with the columns that were chosen, and another row.
	if run, err = stage(head + "199207072017072931;Oki Setiawan;Kepala\n199207072017072932;Rani;Analis\n"); err != nil {
		return err
	}
	if state, err := told(run, nil); state != "staged 1 1 0 0 0" || err != nil {
		return fmt.Errorf("the next one: %s", state)
	}
	// Somebody comes before it: that row is refused, and nothing else is done.
	rani := employee.Employee{Kind: employee.PNS, NIP: "199207072017072932", BareName: "Rani", Active: true}
	if _, err := l.employees.Register(here, rani); err != nil {
		return err
	}
	if state, err := told(l.imports.Apply(here, run.ID, employee.AllOrNothing)); state != "staged 0 1 1 0 0" || err != nil {
		return fmt.Errorf("outrun: %s, %w", state, err)
	}
	var left int
	for table, want := range map[string]int{"import_row": 2, "import_piece": 1, "import_mapping": 1} {
		err := l.super.QueryRow("SELECT count(*) FROM "+table+" WHERE tenant_id = $1", l.id("35.23")).Scan(&left)
		if err := same("rows in "+table, left, want, err); err != nil {
			return err
		}
	}
	if state, err := told(l.imports.Apply(here, run.ID, employee.ValidRows)); state != "done 0 1 1 0 1" || err != nil {
		return fmt.Errorf("the valid rows: %s, %w", state, err)
	}
	_, err = l.super.Exec("DELETE FROM outbox WHERE kind = $1", employee.EffectImport) // no job runs here
	return err
}
