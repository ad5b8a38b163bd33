package account

import (
	"context"
	"slices"
	"strings"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// An Invitation gives a role to somebody who is named by NIP or e-mail address.
type Invitation struct {
	Login  string // NIP or e-mail address, as typed
	Name   string // as whoever invites knows them
	Role   authz.Role
	Limit  string     // id of a batch or unit; "" = the whole tenant
	From   civil.Date // zero = today
	To     civil.Date // zero = until further notice
	Reason string
}

// An Invited is what came of an Invitation.
type Invited struct {
	ID    ID
	Code  string // to hand over; "" when it is not needed, or others make it, who give more
	Holds bool   // without a code: the person is known here
}

// grant is what v gives, but to whom and where.
func (v Invitation) grant() Grant {
	return Grant{Confirmation: Awaited, Name: v.Name, Role: v.Role, BatchID: v.Limit, FromDay: v.From, ToDay: v.To, Reason: v.Reason}
}

// parseLogin reads an e-mail address or a NIP. Errors: fault.Invalid of field "login".
func parseLogin(typed string) (email, nip string, err error) {
	text := strings.ToLower(strings.Join(strings.Fields(typed), ""))
	switch digits := strings.ReplaceAll(text, ".", ""); {
	case len(digits) == 18 && strings.Trim(digits, "0123456789") == "":
		return "", digits, nil
	case len(text) <= 200 && emailShape(text):
		return text, "", nil
	}
	return "", "", fault.At("login", "Isi NIP 18 digit atau alamat surel yang lengkap.")
}

// emailShape reports whether text looks like an address: one @, and a dot behind it.
func emailShape(text string) bool {
	name, host, ok := strings.Cut(text, "@")
	return ok && name != "" && !strings.Contains(host, "@") && strings.Contains(strings.Trim(host, "."), ".") &&
		!strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`<>()[],;:\"`, r) })
}

// Invite gives a role in the tenant acted in to whoever has that NIP or e-mail address, and
// returns the code with which they confirm it (see the package comment).
// Errors: fault.Invalid (login, name, role, scope, from, to, reason); fault.Forbidden when
// the actor does not hold all that the role allows; fault.Conflict when the person holds it.
func (s *Service) Invite(ctx context.Context, v Invitation) (_ Invited, err error) {
	defer fault.Wrap(&err, "invite to %s", v.Role)
	return s.invite(ctx, authz.AccountGrant, v)
}

func (s *Service) invite(ctx context.Context, perm authz.Permission, v Invitation) (Invited, error) {
	if err := s.gate.Check(ctx, perm); err != nil {
		return Invited{}, err
	}
	actor, _ := authz.ActorFrom(ctx)
	// All that give will check: nobody is created for a grant that cannot be.
	err := s.gate.Read(ctx, perm, func(tx *store.Tx) error {
		g := v.grant()
		g.TenantID = tx.Tenant
		if err := g.check(s.today(tx.Tenant, tx.Now)); err != nil {
			return err
		}
		if err := s.mayGive(actor, g.Role, g.Limit()); err != nil {
			return err
		}
		return s.fit(ctx, tx, &g)
	})
	if err != nil {
		return Invited{}, err
	}
	id, err := s.meet(ctx, v)
	if err != nil {
		return Invited{}, err
	}
	g := v.grant()
	g.IdentityID = id
	if g, err = s.give(ctx, perm, g); err != nil {
		return Invited{}, err
	}
	if g.Confirmation == "" {
		return Invited{ID: id, Holds: true}, nil
	}
	return s.greet(ctx, actor, id)
}

// inviteOperator makes somebody an operator of the installation.
func (s *Service) inviteOperator(ctx context.Context, v Invitation) (Invited, error) {
	actor, _ := authz.ActorFrom(ctx)
	g := v.grant()
	if v.Limit != "" {
		return Invited{}, fault.At("scope", "Peran operator berlaku untuk seluruh platform. Kosongkan angkatan dan unitnya.")
	}
	system := authz.InRole(ctx, 0, authz.System)
	var err error
	if g.IdentityID, err = s.meet(ctx, v); err != nil {
		return Invited{}, err
	}
	err = s.gate.Platform(system, authz.TenantAppoint, grantsKey(0), func(tx *store.Tx) error {
		fresh := g
		if err := fresh.check(s.today(0, tx.Now)); err != nil {
			return err
		}
		held, err := s.operatorGrants(ctx, tx, fresh.IdentityID)
		if err != nil {
			return err
		}
		if len(held) > 0 {
			return fault.New(fault.Conflict, "%s sudah operator platform. Tidak ada yang perlu diubah.", fresh.Name)
		}
		fresh.ID, fresh.GivenBy, fresh.GivenAt = tx.NewID(), tx.Actor, tx.Now
		tx.About("grant", fresh.ID)
		tx.Because(fresh.Reason)
		return insertGrant(ctx, tx, fresh)
	})
	if err != nil {
		return Invited{}, err
	}
	return s.greet(ctx, actor, g.IdentityID)
}

// DismissOperator ends the operator's role of whoever signs in as login.
// Errors: fault.NotFound; fault.Invalid without a reason; fault.Forbidden.
func (s *Service) DismissOperator(ctx context.Context, login, reason string) (err error) {
	defer fault.Wrap(&err, "dismiss operator")
	if err := s.mayAppoint(ctx); err != nil {
		return err
	}
	email, nip, err := parseLogin(login)
	if err != nil {
		return err
	}
	why, err := fault.Text("reason", "Alasan", reason, 500)
	if err != nil {
		return err
	}
	system := authz.InRole(ctx, 0, authz.System)
	return s.gate.Platform(system, authz.TenantAppoint, grantsKey(0), func(tx *store.Tx) error {
		i, err := findLogin(ctx, tx, email+nip)
		if err != nil {
			return err
		}
		held, err := s.operatorGrants(ctx, tx, i.ID)
		if err != nil {
			return err
		}
		if len(held) == 0 {
			return fault.Missing()
		}
		tx.About("grant", held[0].ID)
		tx.Because(why)
		return endOperator(ctx, tx, held[0].ID, why)
	})
}

// operatorGrants recognises id in a Platform transaction and returns what makes them an
// operator, confirmed or not.
func (s *Service) operatorGrants(ctx context.Context, tx *store.Tx, id ID) ([]Grant, error) {
	if err := tx.Recognise(ctx, id); err != nil {
		return nil, err
	}
	all, err := grantsOf(ctx, tx, id)
	return slices.DeleteFunc(all, func(g Grant) bool { return g.TenantID != 0 || g.ended(s.today(0, tx.Now)) }), err
}

// meet returns the identity with v's NIP or e-mail address, which it creates, without a
// password, when there is none.
func (s *Service) meet(ctx context.Context, v Invitation) (id ID, err error) {
	email, nip, err := parseLogin(v.Login)
	if err != nil {
		return "", err
	}
	name, err := fault.Text("name", "Nama", v.Name, 200)
	if err != nil {
		return "", err
	}
	system := authz.InRole(ctx, 0, authz.System)
	err = s.gate.Platform(system, authz.AccountCreate, "identity:"+email+nip, func(tx *store.Tx) error {
		i, err := findLogin(ctx, tx, email+nip)
		if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
			i = Identity{ID: ID(tx.NewID()), Name: name, Email: email, NIP: nip, CreatedAt: tx.Now}
			err = insertIdentity(ctx, tx, i)
		}
		id = i.ID
		tx.About("identity", string(id))
		return err
	})
	return id, err
}

// greet makes the code with which id confirms what was given, and, where they have no
// password yet and are nobody's elsewhere, sets one.
func (s *Service) greet(ctx context.Context, actor authz.Actor, id ID) (Invited, error) {
	invited := Invited{ID: id}
	system := authz.InRole(ctx, 0, authz.System)
	err := s.gate.Platform(system, authz.AccountInvite, "codes", func(tx *store.Tx) error {
		tx.About("codes", string(id))
		invited.Code = ""
		_, due, err := s.due(ctx, tx, actor, id)
		if err != nil || !due {
			return err
		}
		invited.Code = newCode()
		return replaceCode(ctx, tx, s.code(tx, invited.Code, id, actor))
	})
	return invited, err
}

// Known returns who signs in as login, to operators and the command line.
// Errors: fault.NotFound; fault.Invalid; fault.Forbidden.
func (s *Service) Known(ctx context.Context, login string) (id ID, err error) {
	defer fault.Wrap(&err, "find account")
	email, nip, err := parseLogin(login)
	if err != nil {
		return "", err
	}
	err = s.gate.Platform(ctx, authz.AccountSettle, "", func(tx *store.Tx) error {
		i, err := findLogin(ctx, tx, email+nip)
		id = i.ID
		return err
	})
	return id, err
}
