package main

import (
	"context"
	"fmt"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// move has a government ask another for somebody, take it back, ask again, wait in vain,
// and have its province let the decree suffice; then the jobs move the person.
func (l *teller) move(ctx context.Context) error {
	const nip = "199006062015062931"
	asker, old, province := l.as(ctx, "tuban", "13.02", authz.SenderAdmin), l.as(ctx, "sarolangun", "13.01", authz.SenderAdmin), l.as(ctx, "admin15", "13", authz.SenderAdmin)
	if _, err := l.employees.Register(old, employee.Employee{Kind: employee.PNS, NIP: nip, BareName: "Mira Anggraini", Active: true}); err != nil {
		return err
	}
	decree := employee.Transfer{PartyID: l.id("13.01"), NIP: nip, Name: "Mira Anggraini", DecreeNumber: "824/1", DecreeDay: today(), DecreeSigner: "Gubernur", EffectiveDay: today()}
	asked, err := l.transfers.Ask(asker, decree)
	if err != nil {
		return err
	}
	if _, err := l.transfers.Withdraw(asker, asked.ID); err != nil {
		return err
	}
	if asked, err = l.transfers.Ask(asker, decree); err != nil {
		return err
	}
	held, err := l.transfers.Decide(old, asked.ID, employee.Answer{Kind: employee.Hold, Reason: "Serah terima", Until: soon()})
	if err := same("answer", held.State, employee.TransferHeld, err); err != nil {
		return err
	}
	if _, err := l.super.ExecContext(ctx, "UPDATE transfer SET asked_at = '2026-01-05 05:00:00+00' WHERE id = $1", asked.ID); err != nil {
		return err
	}
	appeal, err := l.transfers.Appeal(asker, asked.ID, "Tidak dijawab", "800/1")
	if err != nil {
		return err
	}
	if _, err := l.transfers.Rule(province, appeal.ID, true, "Sah"); err != nil {
		return err
	}
	for _, step := range []struct{ effect, code string }{{employee.EffectRuled, "13.02"}, {employee.EffectLeave, "13.01"}, {employee.EffectArrive, "13.02"}} {
		if _, err := l.queue.Work(ctx, step.effect, l.id(step.code)); err != nil {
			return err
		}
	}
	for _, who := range []context.Context{asker, old} {
		v, err := l.transfers.Open(who, asked.ID)
		if err := same("the move", v.State, employee.TransferDone, err); err != nil {
			return err
		}
	}
	found, err := l.employees.Search(asker, employee.Filter{Query: nip}, store.Cursor{})
	if err := same("registered", len(found.Rows), 1, err); err != nil {
		return err
	}
	return l.ownMoves(ctx, string(asked.ID), string(appeal.ID))
}

// ownMoves probes what the class promises the person, and no request carries yet.
func (l *teller) ownMoves(ctx context.Context, transfer, appeal string) error {
	host, andi := l.id("13.02"), l.ids["andi"]
	err := l.db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: host}, "", func(tx *store.Tx) error {
		for _, copied := range []string{
			fmt.Sprintf(`INSERT INTO transfer (tenant_id, id, party_id, identity_id, nip, name, decree_number, decree_day, decree_signer, effective_day, letter, asked_by, asked_at, state, held_reason, ruling, note)
				SELECT tenant_id, '%s', party_id, '%s', nip, name, decree_number, decree_day, decree_signer, effective_day, letter, asked_by, asked_at, 'withdrawn', held_reason, ruling, note
				FROM transfer WHERE tenant_id = %d AND id = '%s'`, store.NewID(), andi, host, transfer),
			fmt.Sprintf(`INSERT INTO transfer_appeal (tenant_id, id, party_id, identity_id, transfer_id, from_id, nip, name, decree_number, decree_day, decree_signer, effective_day, held_reason, reason, letter, asked_by, asked_at, state, decision)
				SELECT tenant_id, '%s', party_id, '%s', transfer_id, from_id, nip, name, decree_number, decree_day, decree_signer, effective_day, held_reason, reason, letter, asked_by, asked_at, state, decision
				FROM transfer_appeal WHERE tenant_id = %d AND id = '%s'`, store.NewID(), andi, host, appeal),
		} {
			if _, err := tx.ExecContext(ctx, copied); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return l.db.View(ctx, store.Reach{Door: store.DoorSelf, Actor: andi}, func(tx *store.Tx) error {
		for _, table := range []string{"transfer", "transfer_appeal"} {
			var n int
			err := tx.NewRaw("SELECT count(*) FROM "+table+" WHERE identity_id = ?", andi).Scan(ctx, &n)
			if err := same("rows of the person in "+table, n, 1, err); err != nil {
				return err
			}
		}
		return nil
	})
}
