package account

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// What operators do with accounts of people, whichever government they are of.

// A Claim is the word of somebody who has a code: the account is mine, another has it.
type Claim struct {
	bun.BaseModel `bun:"table:identity_claim"`

	ID         string `bun:",pk"`
	IdentityID ID
	TenantID   tenants.ID // whose code it was; 0 = the operator's
	MadeAt     time.Time
	Outcome    Outcome   // "" = open
	SettledAt  time.Time `bun:",nullzero"`
	SettledBy  ID        `bun:",nullzero"`

	Name string `bun:"-"` // of the account, filled in for a list
}

// An Outcome is how a Claim was settled.
type Outcome string

const (
	Freed    Outcome = "freed"   // the name under which one signs in is taken from the account
	HandedIn Outcome = "reset"   // the account is given to whom it is, by a code
	Refused  Outcome = "refused" // it stays as it is
)

// A Case is all that an operator sees of an account to settle whose it is.
type Case struct {
	Identity Identity // without its password
	Active   bool     // it has one
	Held     []Listed // roles that are not over, wherever
	Places   []tenants.ID
	Claims   []Claim // open ones
}

// Claims lists those that are open, the oldest first, a hundred at most.
// Errors: fault.Forbidden for anybody but an operator.
func (s *Service) Claims(ctx context.Context) (all []Claim, err error) {
	defer fault.Wrap(&err, "list claims")
	err = s.gate.Platform(ctx, authz.AccountSettle, "", func(tx *store.Tx) error {
		if all, err = openClaims(ctx, tx, ""); err != nil {
			return err
		}
		for i, c := range all {
			who, err := findIdentity(ctx, tx, c.IdentityID)
			if err != nil {
				return err
			}
			all[i].Name = who.Name
		}
		return nil
	})
	return all, err
}

// Look returns what is known of account id; that it was looked at is on record.
// Errors: fault.NotFound; fault.Forbidden for anybody but an operator.
func (s *Service) Look(ctx context.Context, id ID) (c Case, err error) {
	defer fault.Wrap(&err, "look at account %s", id)
	err = s.gate.Platform(ctx, authz.AccountSettle, "look:"+string(id), func(tx *store.Tx) error {
		tx.About("account_seen", string(id))
		c, err = s.look(ctx, tx, id)
		return err
	})
	return c, err
}

func (s *Service) look(ctx context.Context, tx *store.Tx, id ID) (c Case, err error) {
	if c.Identity, err = findIdentity(ctx, tx, id); err != nil {
		return c, err
	}
	c.Active, c.Identity.Password = c.Identity.Password != "", ""
	if err := tx.Recognise(ctx, id); err != nil {
		return c, err
	}
	all, err := grantsOf(ctx, tx, id)
	if err != nil {
		return c, err
	}
	for _, g := range all {
		if day := s.today(g.TenantID, tx.Now); !g.ended(day) {
			c.Held = append(c.Held, Listed{g, g.standing(day)})
		}
	}
	if c.Places, err = s.ties.Places(ctx, tx, id); err != nil {
		return c, err
	}
	c.Claims, err = openClaims(ctx, tx, id)
	return c, err
}

// Suspend keeps a person from signing in, and ends their sessions, for reason; the tokens
// that they have issued open nothing as long.
// Errors: fault.NotFound; fault.Invalid without a reason; fault.Forbidden for anybody but
// an operator, and of oneself; fault.Conflict when they are suspended.
func (s *Service) Suspend(ctx context.Context, id ID, reason string) (err error) {
	defer fault.Wrap(&err, "suspend identity")
	return s.settle(ctx, id, reason, "identity_suspended", func(tx *store.Tx, i Identity) error {
		if !i.SuspendedAt.IsZero() {
			return fault.New(fault.Conflict, "Akun ini sudah ditangguhkan. Muat ulang halamannya.")
		}
		if err := deleteSessions(ctx, tx, id, ""); err != nil {
			return err
		}
		return setSuspended(ctx, tx, id, tx.Now)
	})
}

// Restore lets a suspended person sign in again. Errors: as of Suspend.
func (s *Service) Restore(ctx context.Context, id ID, reason string) (err error) {
	defer fault.Wrap(&err, "restore identity")
	return s.settle(ctx, id, reason, "identity_restored", func(tx *store.Tx, i Identity) error {
		if i.SuspendedAt.IsZero() {
			return fault.New(fault.Conflict, "Akun ini tidak ditangguhkan. Muat ulang halamannya.")
		}
		return setSuspended(ctx, tx, id, time.Time{})
	})
}

// settle writes what fn does to account id, for reason.
func (s *Service) settle(ctx context.Context, id ID, reason, act string, fn func(*store.Tx, Identity) error) error {
	why, err := fault.Text("reason", "Alasan", reason, 500)
	if err != nil {
		return err
	}
	return s.gate.Platform(ctx, authz.AccountSettle, "sign-in:"+string(id), func(tx *store.Tx) error {
		tx.About(act, string(id))
		tx.Because(why)
		i, err := another(ctx, tx, id)
		if err != nil {
			return err
		}
		return fn(tx, i)
	})
}

// another returns identity id, which is not the actor's. Errors: fault.NotFound, fault.Forbidden.
func another(ctx context.Context, tx *store.Tx, id ID) (Identity, error) {
	if id == tx.Actor {
		return Identity{}, fault.New(fault.Forbidden, "Akun Anda sendiri diurus operator lain. Sampaikan permintaan kepadanya.")
	}
	return findIdentity(ctx, tx, id)
}

// reasonFreed is what a government reads beside a role that was given to the wrong account.
const reasonFreed = "NIP atau surel ini dilepas dari akun lama oleh operator. Berikan peran ini sekali lagi."

// Free takes the NIP or e-mail address login from account id, which is another's: whoever
// is invited by that name from now on gets an account of their own. The old one loses its
// sessions and devices, and the roles that it was given and has not confirmed; all else it
// keeps.
// Errors: as of Suspend; fault.Invalid of field "login" when it is not theirs;
// fault.Conflict when they are in service, and the account so is that person's.
func (s *Service) Free(ctx context.Context, id ID, login, reason string) (err error) {
	defer fault.Wrap(&err, "free a name of %s", id)
	if _, err := fault.Text("reason", "Alasan", reason, 500); err != nil {
		return err
	}
	email, nip, err := parseLogin(login)
	if err != nil {
		return err
	}
	free := func(tx *store.Tx, i Identity) ([]Grant, error) {
		if email != "" && email != i.Email || nip != "" && nip != i.NIP {
			return nil, fault.At("login", "Akun ini tidak masuk dengan nama itu. Ketik NIP atau surel yang tertera.")
		}
		c, err := s.look(ctx, tx, id)
		if err == nil && len(c.Places) > 0 {
			err = fault.New(fault.Conflict, "Pemilik akun ini tercatat sebagai pegawai. Serahkan akunnya kepada orang itu, atau tunggu mutasinya.")
		}
		return c.awaited(), err
	}
	// First all that can be refused; then, one by one, what was given by that name.
	var awaited []Grant
	err = s.gate.Platform(ctx, authz.AccountSettle, "", func(tx *store.Tx) error {
		i, err := another(ctx, tx, id)
		if err == nil {
			awaited, err = free(tx, i)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, g := range awaited {
		if err := s.endAwaited(ctx, g); err != nil {
			return err
		}
	}
	return s.settle(ctx, id, reason, "login_freed", func(tx *store.Tx, i Identity) error {
		if _, err := free(tx, i); err != nil {
			return err
		}
		if email != "" {
			i.Email = ""
		} else {
			i.NIP = ""
		}
		if err := setLogins(ctx, tx, i); err != nil {
			return err
		}
		if err := deleteSessions(ctx, tx, id, ""); err != nil {
			return err
		}
		if err := deleteDevices(ctx, tx, id); err != nil {
			return err
		}
		if err := deleteCodes(ctx, tx, id); err != nil {
			return err
		}
		return settleClaims(ctx, tx, id, Freed)
	})
}

// awaited are the roles that the person has not confirmed.
func (c Case) awaited() (all []Grant) {
	for _, g := range c.Held {
		if g.Confirmation != "" {
			all = append(all, g.Grant)
		}
	}
	return all
}

// endAwaited ends g, in the trail of its government.
func (s *Service) endAwaited(ctx context.Context, g Grant) error {
	in := authz.InRole(ctx, g.TenantID, authz.System)
	end := func(tx *store.Tx) error {
		tx.About("grant", g.ID)
		tx.Because(reasonFreed)
		return endGrant(in, tx, g, reasonFreed)
	}
	if g.TenantID == 0 {
		return s.gate.Platform(in, authz.TenantAppoint, grantsKey(0), end)
	}
	return s.gate.Write(in, authz.AccountGrant, grantsKey(g.TenantID), end)
}

// HandIn gives account id to whom it is: as Reset does, by a code that the operator hands
// over. Where one government alone knows the person it would have the account back with a
// code of its own: there it resets it itself, or the name is freed.
// Errors: as of Suspend; fault.Conflict.
func (s *Service) HandIn(ctx context.Context, id ID, reason string) (out Issued, err error) {
	defer fault.Wrap(&err, "hand in account %s", id)
	err = s.gate.Platform(ctx, authz.AccountSettle, "", func(tx *store.Tx) error {
		if _, err := another(ctx, tx, id); err != nil {
			return err
		}
		c, err := s.look(ctx, tx, id)
		if in := c.sure(); err == nil && len(in) == 1 && in[0] != 0 {
			err = fault.New(fault.Conflict, "Akun ini hanya dikenal satu instansi. Instansi itu yang mengaturnya ulang; bila ia keliru, lepaskan NIP atau surelnya.")
		}
		return err
	})
	if err != nil {
		return Issued{}, err
	}
	if out, err = s.Reset(authz.InRole(ctx, 0, authz.System), id, reason); err != nil {
		return Issued{}, err
	}
	return out, s.answer(ctx, id, reason, HandedIn)
}

// sure are the tenants in which the person is in service or has confirmed a role.
func (c Case) sure() []tenants.ID {
	in := slices.Clone(c.Places)
	for _, g := range c.Held {
		if g.Confirmation == "" && !slices.Contains(in, g.TenantID) {
			in = append(in, g.TenantID)
		}
	}
	return in
}

// Refuse settles the open claims to account id: it stays as it is.
// Errors: as of Suspend; fault.Conflict when there are none.
func (s *Service) Refuse(ctx context.Context, id ID, reason string) (err error) {
	defer fault.Wrap(&err, "refuse claims to %s", id)
	return s.answer(ctx, id, reason, Refused)
}

// answer settles the open claims to account id. The roles about which they were wait for
// the person's word as before.
func (s *Service) answer(ctx context.Context, id ID, reason string, as Outcome) error {
	var open []Claim
	err := s.gate.Platform(ctx, authz.AccountSettle, "", func(tx *store.Tx) (err error) {
		open, err = openClaims(ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	if len(open) == 0 && as == Refused {
		return fault.New(fault.Conflict, "Tidak ada laporan yang terbuka tentang akun ini. Muat ulang halamannya.")
	}
	for _, c := range open {
		if c.TenantID == 0 {
			continue
		}
		in := authz.InRole(ctx, c.TenantID, authz.System)
		err := s.gate.Write(in, authz.AccountGrant, grantsKey(c.TenantID), func(tx *store.Tx) error {
			tx.About("grant", string(id))
			tx.Because(reason)
			return setConfirmation(in, tx, code{TenantID: c.TenantID, IdentityID: id, IssuedAt: tx.Now}, Awaited)
		})
		if err != nil {
			return err
		}
	}
	return s.settle(ctx, id, reason, "claims_settled", func(tx *store.Tx, _ Identity) error {
		return settleClaims(ctx, tx, id, as)
	})
}
