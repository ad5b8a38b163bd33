package main

import (
	"context"
	"fmt"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/sample"
	"github.com/wiyata-id/wiyata/tenants/trail"
)

// fold folds the counts twice, with one more head between, so that a fold is made and
// then added to: nothing is lost, and the overseers see what they saw.
func (l *teller) fold(ctx context.Context) error {
	tuban := l.as(ctx, "tuban", "35.23", authz.SenderAdmin)
	for n := range 2 {
		id, err := l.accounts.Create(authz.AsSystem(ctx, 0), account.Identity{Name: "Sekar", Email: fmt.Sprintf("sekar%d@tuban.example", n)}, sample.Password)
		if err != nil {
			return err
		}
		if _, err := l.employees.Register(tuban, employee.Employee{IdentityID: id, Kind: employee.NonASN, Name: "Sekar", Active: true}); err != nil {
			return err
		}
		if err := l.folder.Fold(ctx); err != nil {
			return err
		}
	}
	var open int
	if err := l.super.QueryRow("SELECT count(*) FROM stat_delta WHERE NOT folded").Scan(&open); err != nil || open > 0 {
		return fmt.Errorf("%d deltas left after folding (%v)", open, err)
	}
	drifts, _, err := l.oversight.Recount(ctx)
	if err := same("counts that drift", len(drifts), 0, err); err != nil {
		return err
	}
	sum, err := l.oversight.Summary(l.as(ctx, "overseer", "LAN", authz.Overseer))
	return same("hours after folding", sum.JP, 8, err)
}

// readTrail reads the tenant's own trail and has its chain verified against its head.
func (l *teller) readTrail(ctx context.Context) error {
	auditor := l.as(ctx, "sarolangun", "15.03", "auditor")
	p, err := l.trail.List(auditor, trail.Filter{})
	if err != nil {
		return err
	}
	var want int
	err = l.super.QueryRow("SELECT count(*) FROM audit_line WHERE tenant_id = $1", l.id("15.03")).Scan(&want)
	if err := same("lines of the own trail", len(p.Entries), want, err); err != nil {
		return err
	}
	c, err := l.trail.Verify(auditor)
	if err := same("lines of the own chain", c.Lines, want, err); err != nil {
		return err
	}
	if err := same("findings in the own chain", len(c.Findings), 0, nil); err != nil {
		return err
	}
	// Without naming a tenant, the wall behind still shows the own lines alone.
	var n int
	err = l.db.View(ctx, store.Reach{Door: store.DoorRead, Tenant: l.id("15.03")}, func(tx *store.Tx) error {
		return tx.NewRaw("SELECT count(*) FROM audit_line").Scan(ctx, &n)
	})
	return same("lines in sight", n, want, err)
}
