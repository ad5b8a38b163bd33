package employee

import (
	"context"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// Kinds of the effects that move a person. Each step is one write of one tenant, which
// takes its own row out of the outbox and puts the next one in: a crash in between leaves
// the person in service nowhere, and the next run goes on from there.
const (
	EffectRuled  = "transfer-ruled"  // the new government's job: the authority has decided an appeal; key is the appeal
	EffectLeave  = "transfer-leave"  // the old government's job: end the employment; key is the transfer
	EffectArrive = "transfer-arrive" // the new government's job: begin it; key is the transfer
)

// Handlers are those of the effects.
func (s *Transfers) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{EffectRuled: s.copyRuling, EffectLeave: s.Leave, EffectArrive: s.Arrive}
}

// step runs fn once for row, in a write of the tenant acted in about a transfer.
func (s *Transfers) step(ctx context.Context, row jobs.Row, fn func(tx *store.Tx) error) error {
	return s.gate.Write(ctx, authz.EmployeeTransfer, transferKey(row.PartyID), func(tx *store.Tx) error {
		tx.About("transfer", row.Key)
		first, err := jobs.Done(ctx, tx, row)
		if err != nil || !first {
			return err
		}
		return fn(tx)
	})
}

// copyRuling is the handler of EffectRuled: it writes the authority's decision into the
// transfer. One that has been decided meanwhile stays as it is.
func (s *Transfers) copyRuling(ctx context.Context, row jobs.Row) (err error) {
	defer fault.Wrap(&err, "copy decision of appeal %s", row.Key)
	return s.step(ctx, row, func(tx *store.Tx) error {
		a, err := ownAppeal(ctx, tx, AppealID(row.Key))
		if err != nil {
			return err
		}
		t, err := ownTransfer(ctx, tx, a.TransferID)
		if err != nil || !t.pending() || a.State == AppealAsked {
			return err
		}
		was := t.State
		t.Ruling, t.RuledBy, t.RuledAt = a.Decision, a.PartyID, a.DecidedAt
		if a.State == AppealRefused {
			return saveTransfer(ctx, tx, t, was)
		}
		t.State = TransferRuled
		if err := saveTransfer(ctx, tx, t, was); err != nil {
			return err
		}
		tx.After(s.wake)
		return s.putLeave(ctx, tx, t)
	})
}

// Leave is the handler of EffectLeave: it ends the employment and
// the roles of the person in the tenant acted in; the account stays theirs.
// Errors: fault.Conflict before the day of the move.
func (s *Transfers) Leave(ctx context.Context, row jobs.Row) (err error) {
	defer fault.Wrap(&err, "end employment by transfer %s", row.Key)
	return s.step(ctx, row, func(tx *store.Tx) error {
		t, err := leaving(ctx, tx, TransferID(row.Key))
		if err != nil || !t.sure() {
			return err // withdrawn, or the person has gone elsewhere
		}
		if tx.Now.Before(t.begins(s.zone(t.PartyID))) {
			return fault.New(fault.Conflict, "Mutasi ini baru berlaku pada %s.", t.EffectiveDay.Short())
		}
		tx.Because(t.DecreeNumber)
		was := t.State
		here, err := withNIP(ctx, tx, t.NIP)
		if err != nil {
			return err
		}
		if len(here) == 0 || !here[0].Active {
			t.State, t.Note = TransferVoid, noteNotThere
			return saveTransfer(ctx, tx, t, was)
		}
		old, now := here[0], here[0]
		now.Active = false
		ground := t.ground(s.registry.Find(t.TenantID).Name)
		if err := s.register.write(ctx, tx, old, &now, Moved, ground); err != nil {
			return err
		}
		if err := account.EndGrants(ctx, tx, old.IdentityID, ground); err != nil {
			return err
		}
		t.State, t.MoverID, t.LeftAt = TransferLeft, old.IdentityID, tx.Now
		if err := saveTransfer(ctx, tx, t, was); err != nil {
			return err
		}
		if err := voidOthers(ctx, tx, t); err != nil {
			return err
		}
		tx.After(s.wake)
		return jobs.Put(ctx, tx, EffectArrive, jobs.Effect{Party: t.TenantID, Key: string(t.ID)})
	})
}

// ground is why an employment ends or begins, for its history.
func (t Transfer) ground(other string) string {
	return "SK " + t.DecreeNumber + ", " + t.DecreeDay.Short() + "; " + other
}

// Arrive is the handler of EffectArrive: it registers the person, the same identity, in
// the tenant acted in. Whoever was there before comes back to their own row.
func (s *Transfers) Arrive(ctx context.Context, row jobs.Row) (err error) {
	defer fault.Wrap(&err, "begin employment by transfer %s", row.Key)
	err = s.step(ctx, row, func(tx *store.Tx) error {
		t, err := ownTransfer(ctx, tx, TransferID(row.Key))
		if err != nil || t.State != TransferLeft {
			return err
		}
		tx.Because(t.DecreeNumber)
		if err := s.begin(ctx, tx, t); err != nil {
			return err
		}
		t.State, t.DoneAt = TransferDone, tx.Now
		return saveTransfer(ctx, tx, t, TransferLeft)
	})
	if f := fault.Of(err); f == nil || f.Kind != fault.Conflict {
		return err
	}
	// Between the steps another government has registered the person: that one stands.
	return s.step(ctx, row, func(tx *store.Tx) error {
		t, err := ownTransfer(ctx, tx, TransferID(row.Key))
		if err != nil || t.State != TransferLeft {
			return err
		}
		t.State, t.Note = TransferVoid, noteElsewhere
		return saveTransfer(ctx, tx, t, TransferLeft)
	})
}

// begin puts the person of t into service in the tenant acted in.
// Errors: fault.Conflict when they are in service elsewhere.
func (s *Transfers) begin(ctx context.Context, tx *store.Tx, t Transfer) error {
	here, err := withNIP(ctx, tx, t.NIP)
	if err != nil {
		return err
	}
	if len(here) > 0 {
		old, now := here[0], here[0]
		if now.Active = true; old.Active {
			return nil
		}
		return s.register.write(ctx, tx, old, &now, Reactivated, t.ground(s.registry.Find(t.PartyID).Name))
	}
	n, err := ParseNIP(t.NIP)
	if err != nil {
		return err
	}
	e := Employee{TenantID: tx.Tenant, ID: ID(tx.NewID()), IdentityID: t.MoverID, Version: 1, Active: true, Kind: n.Kind, NIP: t.NIP, Name: t.Name}
	if err := e.check(civil.DateOf(tx.Now, civil.WIB)); err != nil {
		return err
	}
	return s.register.add(ctx, tx, e)
}
