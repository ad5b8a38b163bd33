package account

import (
	"context"
	"slices"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// vouch admits an act by which actor could come to sign in as id: a code, a reset. All
// that the person may do must be within the tenant acted in, and within what actor may
// do there; so nobody comes into another government by way of an account.
// Errors: fault.NotFound for who is unknown to the tenant; fault.Forbidden.
func (s *Service) vouch(ctx context.Context, tx *store.Tx, actor authz.Actor, id ID) error {
	held, places, known, err := s.standings(ctx, tx, actor.Tenant, id)
	switch {
	case err != nil || machine(actor) && actor.Tenant == 0:
		return err
	case !known:
		return fault.Missing()
	}
	elsewhere := fault.New(fault.Forbidden, "Akun ini tidak hanya milik instansi Anda. Pemerintah tempat orang itu bekerja, atau operator platform, yang mengaturnya.")
	for _, g := range held {
		if g.TenantID != actor.Tenant {
			return elsewhere
		}
	}
	if slices.ContainsFunc(places, func(t tenants.ID) bool { return t != actor.Tenant }) || len(held)+len(places) == 0 {
		return elsewhere
	}
	for _, g := range held {
		if s.mayGive(actor, g.Role, g.Limit()) != nil {
			return fault.New(fault.Forbidden, "Orang ini memegang peran %s, yang mencakup lebih dari peran Anda. Minta admin yang memegangnya, atau operator platform.", g.Role.Words())
		}
	}
	return nil
}

// standings returns what id holds or will hold, wherever, where they are in service, and
// whether tenant t has ever known them.
func (s *Service) standings(ctx context.Context, tx *store.Tx, t tenants.ID, id ID) (held []Grant, places []tenants.ID, known bool, err error) {
	if err := tx.Recognise(ctx, id); err != nil {
		return nil, nil, false, err
	}
	if held, err = grantsOf(ctx, tx, id); err != nil {
		return nil, nil, false, err
	}
	if places, err = s.ties.Places(ctx, tx, id); err != nil {
		return nil, nil, false, err
	}
	known = slices.Contains(places, t) || slices.ContainsFunc(held, func(g Grant) bool { return g.TenantID == t })
	held = slices.DeleteFunc(held, func(g Grant) bool { return g.ended(s.today(g.TenantID, tx.Now)) })
	return held, places, known, nil
}

// Reset lets a person in anew who has lost their password or second factor: both are
// gone, with all sessions, and a code is made. See vouch for whom; who holds a role is
// reset by who gives roles.
// Errors: fault.NotFound; fault.Invalid without a reason; fault.Forbidden.
func (s *Service) Reset(ctx context.Context, id ID, reason string) (out Issued, err error) {
	defer fault.Wrap(&err, "reset %s", id)
	why, err := fault.Text("reason", "Alasan", reason, 500)
	if err != nil {
		return Issued{}, err
	}
	if out.Identity, err = s.Resettable(ctx, id); err != nil {
		return Issued{}, err
	}
	actor, _ := authz.ActorFrom(ctx)
	if actor.Tenant != 0 { // first the line in the tenant's own trail
		err = s.gate.Write(ctx, authz.AccountReset, "", func(tx *store.Tx) error {
			tx.About("reset", string(id))
			tx.Because(why)
			return nil
		})
		if err != nil {
			return Issued{}, err
		}
	}
	system := authz.InRole(ctx, 0, authz.System)
	err = s.gate.Platform(system, authz.AccountInvite, "sign-in:"+string(id), func(tx *store.Tx) error {
		tx.About("reset", string(id))
		tx.Because(why)
		if err := s.mayReset(ctx, tx, actor, id); err != nil {
			return err
		}
		if err := setPassword(ctx, tx, id, ""); err != nil {
			return err
		}
		if err := deleteFactor(ctx, tx, id); err != nil {
			return err
		}
		if err := deleteDevices(ctx, tx, id); err != nil {
			return err
		}
		if err := deleteSessions(ctx, tx, id, ""); err != nil {
			return err
		}
		out.Code = newCode()
		return replaceCode(ctx, tx, s.code(tx, out.Code, id, actor))
	})
	return out, err
}

// Resettable returns who id is, where the actor may reset them. Errors: as of Reset.
func (s *Service) Resettable(ctx context.Context, id ID) (i Identity, err error) {
	if err := s.wholly(ctx, authz.AccountReset); err != nil {
		return Identity{}, err
	}
	actor, _ := authz.ActorFrom(ctx)
	system := authz.InRole(ctx, 0, authz.System)
	err = s.gate.Platform(system, authz.AccountInvite, "", func(tx *store.Tx) (err error) {
		if i, err = findIdentity(ctx, tx, id); err != nil {
			return err
		}
		return s.mayReset(ctx, tx, actor, id)
	})
	i.Password = ""
	return i, err
}

// mayReset is vouch, and what holds of resets alone. Errors: as of Reset.
func (s *Service) mayReset(ctx context.Context, tx *store.Tx, actor authz.Actor, id ID) error {
	if err := s.vouch(ctx, tx, actor, id); err != nil {
		return err
	}
	if id == actor.Identity {
		return fault.New(fault.Forbidden, "Akun Anda sendiri diatur ulang oleh orang lain. Minta admin instansi yang lain.")
	}
	held, _, _, err := s.standings(ctx, tx, actor.Tenant, id)
	if machine(actor) {
		return err
	}
	if err == nil && len(held) > 0 && s.gate.Check(authz.As(ctx, actor), authz.AccountGrant) != nil {
		return fault.New(fault.Forbidden, "Akun orang yang memegang peran diatur ulang oleh admin instansi. Sampaikan permintaan kepadanya.")
	}
	return err
}
