package account

import (
	"context"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// vouch admits an act by which actor could come to sign in as id: a reset. The person
// must have confirmed a role in the tenant acted in or be in service there, and all that
// they may do must be within it, and within what actor may do; so nobody comes into
// another government by way of an account.
// Errors: fault.NotFound for who is unknown to the tenant; fault.Forbidden.
func (s *Service) vouch(ctx context.Context, tx *store.Tx, actor authz.Actor, id ID) error {
	st, err := s.standings(ctx, tx, actor.Tenant, id)
	switch {
	case err != nil || machine(actor) && actor.Tenant == 0:
		return err
	case !st.known:
		return fault.Missing()
	case st.elsewhere || !st.sure:
		return fault.New(fault.Forbidden, "Akun ini tidak hanya milik instansi Anda. Pemerintah tempat orang itu bekerja, atau operator platform, yang mengaturnya.")
	}
	if g := s.above(actor, st.here); g != nil {
		return fault.New(fault.Forbidden, "Orang ini memegang peran %s, yang mencakup lebih dari peran Anda. Minta admin yang memegangnya, atau operator platform.", g.Role.Words())
	}
	return nil
}

// above returns the first of held that actor may not give, nil for none.
func (s *Service) above(actor authz.Actor, held []Grant) *Grant {
	for _, g := range held {
		if s.mayGive(actor, g.Role, g.Limit()) != nil {
			return &g
		}
	}
	return nil
}

// A footing is what somebody is to a tenant, and to others.
type footing struct {
	here      []Grant // in the tenant, not over; confirmed or not
	awaits    bool    // one of them waits for the person's word
	sure      bool    // one of them does not, or they are in service here
	known     bool    // they were ever given a role here, or are in service
	elsewhere bool    // they hold a role in another tenant, which they have confirmed, or are in service there
}

// standings returns the footing of id in tenant t. What others have given and the person
// has not confirmed is nothing: whoever gives it has no hold on anybody.
func (s *Service) standings(ctx context.Context, tx *store.Tx, t tenants.ID, id ID) (f footing, err error) {
	if err := tx.Recognise(ctx, id); err != nil {
		return f, err
	}
	all, err := grantsOf(ctx, tx, id)
	if err != nil {
		return f, err
	}
	for _, g := range all {
		over := g.ended(s.today(g.TenantID, tx.Now))
		if g.TenantID != t {
			f.elsewhere = f.elsewhere || !over && g.Confirmation == ""
			continue
		}
		if f.known = true; over {
			continue
		}
		f.here = append(f.here, g)
		f.awaits, f.sure = f.awaits || g.Confirmation != "", f.sure || g.Confirmation == ""
	}
	places, err := s.ties.Places(ctx, tx, id)
	for _, p := range places {
		if p != t {
			f.elsewhere = true
		} else {
			f.known, f.sure = true, true
		}
	}
	return f, err
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
		if err := deleteCodes(ctx, tx, id); err != nil { // of whomever: one could open the account again
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
	st, err := s.standings(ctx, tx, actor.Tenant, id)
	if machine(actor) {
		return err
	}
	if err == nil && len(st.here) > 0 && s.gate.Check(authz.As(ctx, actor), authz.AccountGrant) != nil {
		return fault.New(fault.Forbidden, "Akun orang yang memegang peran diatur ulang oleh admin instansi. Sampaikan permintaan kepadanya.")
	}
	return err
}
