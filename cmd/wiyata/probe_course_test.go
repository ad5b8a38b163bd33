package main

import (
	"context"
	"fmt"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/program"
)

// completions probes that others learn of somebody's training when they name the person
// and the course type, and its own host always.
func (l *teller) completions(ctx context.Context) error {
	subject := "trained:bimtek:" + string(l.ids["andi"])
	host, other := store.Reach{Door: store.DoorRead, Tenant: l.run.TenantID}, store.Reach{Door: store.DoorRead, Tenant: l.id("13")}
	for _, look := range []struct {
		name  string
		reach store.Reach
		asks  bool
		count string
		want  int
	}{
		{"completions of the host", host, false, fmt.Sprintf("completion WHERE tenant_id = %d", l.run.TenantID), 2},
		{"a completion asked about", other, true, "completion WHERE subject = '" + subject + "'", 1},
	} {
		var n int
		err := l.db.View(ctx, look.reach, func(tx *store.Tx) error {
			if look.asks {
				if err := tx.Ask(ctx, subject); err != nil {
					return err
				}
			}
			return tx.NewRaw("SELECT count(*) FROM "+look.count).Scan(ctx, &n)
		})
		if err := same(look.name, n, look.want, err); err != nil {
			return err
		}
	}
	return nil
}

// pdf is the shortest file that passes for one.
var pdf = []byte("%PDF-1.7 naskah %%EOF")

// confirm has the head lay a decree before the host, twice, and a second person confirm
// it: the sender then sees whose word it is, and the host what is not published yet.
func (l *teller) confirm(ctx context.Context) error {
	head := l.as(ctx, "head", "15", authz.Head)
	for range 2 {
		if err := l.programs.Declare(head, program.Decree{CourseType: "bimtek", RuleSet: l.run.RuleSet, Number: "10/2018", Day: today(), File: pdf}); err != nil {
			return err
		}
	}
	all, err := l.programs.Doubts(head)
	if err != nil {
		return err
	}
	var id string
	for _, d := range all {
		if d.Rules.Key == l.run.RuleSet {
			id = d.Decree.ID
		}
	}
	if err := l.programs.Confirm(l.organiser(ctx), id); err != nil {
		return err
	}
	text, err := l.programs.Text(head, id)
	if err := same("the text", string(text), string(pdf), err); err != nil {
		return err
	}
	var seen batch.Batch
	err = l.gate.Read(l.as(ctx, "sarolangun", "15.03", authz.SenderAdmin), authz.BatchRead, func(tx *store.Tx) (err error) {
		seen, err = batch.Find(ctx, tx, l.run.TenantID, l.run.ID)
		return err
	})
	if err := same("confirmed, to a sender, by", seen.ConfirmedBy, l.run.TenantID, err); err != nil {
		return err
	}
	own := store.Reach{Door: store.DoorWrite, Tenant: l.id("13")}
	err = l.db.Update(ctx, own, "", func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO confirmation (tenant_id, id, course_type, rule_set, decree, day) VALUES (%d, '%s', 'bimtek', 'rancangan', '1', '2026-01-02')", own.Tenant, store.NewID()))
		return err
	})
	if err != nil {
		return err
	}
	var n int
	err = l.db.View(ctx, store.Reach{Door: store.DoorRead, Tenant: own.Tenant}, func(tx *store.Tx) error {
		return tx.NewRaw(fmt.Sprintf("SELECT count(*) FROM confirmation WHERE tenant_id = %d AND published_at IS NULL", own.Tenant)).Scan(ctx, &n)
	})
	return same("unpublished confirmations", n, 1, err)
}
