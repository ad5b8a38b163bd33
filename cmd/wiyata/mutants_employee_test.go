package main

import (
	"context"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// register keeps units and an employee in one government, and hands the employee over to
// another, which is refused as long as the first one has them in service.
func (l *teller) register(ctx context.Context) error {
	here, there := l.as(ctx, "tuban", "35.23", authz.SenderAdmin), l.as(ctx, "tuban", "35.24", authz.SenderAdmin)
	unit, err := l.employees.AddUnit(here, employee.Unit{Name: "Badan"})
	if err != nil {
		return err
	}
	name := "Badan Kepegawaian"
	if _, err := l.employees.EditUnit(here, unit.ID, unit.Version, employee.Edit{Name: &name}); err != nil {
		return err
	}
	lia := employee.Employee{Kind: employee.PNS, NIP: "199006062015062921", BareName: "Lia Amalia", UnitID: unit.ID, Active: true}
	id, err := l.employees.Register(here, lia)
	if err != nil {
		return err
	}
	lia.BareName = "Lia Amelia"
	now, err := l.employees.Change(here, id, 1, lia, "")
	if err := same("unit of the employee", now.Unit, name, err); err != nil {
		return err
	}
	for query, want := range map[string]int{"amalia": 0, "amelia": 1} {
		found, err := l.employees.Search(here, employee.Filter{Query: query}, store.Cursor{})
		if err := same("found by "+query, len(found.Rows), want, err); err != nil {
			return err
		}
	}
	p, err := l.employees.Open(here, id)
	if err := same("lines of history", len(p.Changes), 2, err); err != nil {
		return err
	}
	lia.UnitID = ""
	_, err = l.employees.Register(there, lia)
	if err := refused("somebody in service elsewhere", err, fault.Conflict); err != nil {
		return err
	}
	if _, err := l.employees.Deactivate(here, id, now.Version, "Mutasi"); err != nil {
		return err
	}
	_, err = l.employees.Register(there, lia)
	return err
}
