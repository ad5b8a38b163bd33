package account

import (
	"context"
	"errors"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// errDead is what is told of a code that does nothing any more, whatever the cause.
var errDead = fault.At("code", "Kode ini tidak berlaku: sudah dipakai, diganti, atau lewat 14 hari. Bila sudah punya kata sandi, langsung masuk; bila belum, minta kode baru.")

// A shown is a code that somebody has typed, and what it is about.
type shown struct {
	code
	Identity Identity
	Footing  footing // of the person in the tenant that made it
}

// opens reports whether x sets the first password of its person: nobody but the tenant
// that made it, or the operator, has a hold on them now.
func (x shown) opens() bool {
	return x.Identity.Password == "" && (x.TenantID == 0 || x.Footing.known && !x.Footing.elsewhere)
}

// show looks up a code as it was typed; who types codes that are none pays for it.
// Errors: fault.Invalid of field "code"; fault.Limited.
func (s *Service) show(ctx context.Context, typed string, paid charge) (x shown, err error) {
	system := authz.AsSystem(ctx, 0)
	text, err := parseCode(typed)
	if err != nil {
		return x, err
	}
	if err := s.pay(system, paid); err != nil {
		return x, err
	}
	err = s.gate.Platform(system, authz.AccountSignIn, "", func(tx *store.Tx) (err error) {
		if x.code, x.Identity, err = findCode(system, tx, hashCode(text)); err != nil {
			return err
		}
		x.Footing, err = s.standings(system, tx, x.TenantID, x.IdentityID)
		return err
	})
	if errors.Is(err, fault.NotFound) {
		return x, errors.Join(errDead, s.refuse(system, "activation_refused", s.keys.tag("code\n"+text)))
	}
	return x, errors.Join(err, s.repay(system, paid))
}

// Activate sets the first password of whom a code lets in, confirms what its government has
// given them, and begins a session. Of several who use one code at the same time, one succeeds.
// Errors: fault.Invalid (code, password, again); fault.Limited; fault.Unavailable.
func (s *Service) Activate(ctx context.Context, typed, password, again string, from Visit) (_ Pass, err error) {
	defer fault.Wrap(&err, "activate")
	x, err := s.show(ctx, typed, perNetwork.of(s.keys, from.Network))
	i := x.Identity
	switch {
	case err != nil:
		return Pass{}, err
	case i.Password != "" && x.Footing.awaits:
		return Pass{}, fault.At("code", "Akun ini sudah punya kata sandi. Masuk dahulu, lalu ketik kode ini di halaman Konfirmasi peran.")
	case i.Password != "":
		return Pass{}, errDead
	case !x.opens():
		return Pass{}, fault.At("code", "Akun ini diaktifkan dengan kode dari instansi tempat Anda bekerja. Minta kodenya di sana, lalu konfirmasi peran ini sesudah masuk.")
	}
	if err := checkPassword(i, password, again); err != nil {
		return Pass{}, err
	}
	if i.Password, err = s.hasher.hash(ctx, password); err != nil {
		return Pass{}, err
	}
	own := authz.AsSystemFor(ctx, i.ID)
	err = s.gate.Platform(own, authz.AccountSignIn, "sign-in:"+string(i.ID), func(tx *store.Tx) error {
		tx.About("activation", string(i.ID))
		now := x // what was found is looked at again
		if now.code, now.Identity, err = findCode(own, tx, x.Hash); err != nil {
			return err
		}
		if now.Footing, err = s.standings(own, tx, x.TenantID, i.ID); err != nil {
			return err
		}
		if !now.opens() {
			return fault.Missing()
		}
		if err := setFirstPassword(own, tx, i.ID, i.Password); err != nil {
			return err
		}
		if !x.Footing.awaits {
			if err := deleteCode(own, tx, x.Hash); err != nil {
				return err
			}
		}
		return deleteSessions(own, tx, i.ID, "")
	})
	if errors.Is(err, fault.NotFound) {
		return Pass{}, errDead
	}
	if err != nil {
		return Pass{}, err
	}
	if x.Footing.awaits {
		if err := s.confirm(ctx, x.code); err != nil {
			return Pass{}, err
		}
	}
	return s.begin(ctx, i.ID, false, from)
}

// Confirm has the roles hold that a government has given to the person behind token, whom
// it has handed the code; and returns which. A code for another account opens nothing.
// Errors: fault.Invalid of field "code"; fault.Limited; fault.Unauthenticated, fault.Forbidden.
func (s *Service) Confirm(ctx context.Context, token, typed string) (in tenants.ID, err error) {
	defer fault.Wrap(&err, "confirm role")
	p, session, err := s.whole(ctx, token)
	if err != nil {
		return 0, err
	}
	x, err := s.show(ctx, typed, perProof.of(s.keys, session.ID))
	switch {
	case err != nil:
		return 0, err
	case x.IdentityID != p.ID:
		return 0, fault.At("code", "Kode ini untuk akun dengan NIP atau surel lain. Masuk dengan akun itu, atau laporkan di bawah bahwa Anda tidak dapat memakainya.")
	case !x.Footing.awaits:
		return 0, errDead
	}
	return x.TenantID, s.confirm(ctx, x.code)
}

// confirm has hold what c's tenant had given its person, who has shown both c and that
// they are that person, when c was made; and ends c.
func (s *Service) confirm(ctx context.Context, c code) error {
	own := authz.AsSystemFor(ctx, c.IdentityID)
	if c.TenantID != 0 { // a line in the government's own trail
		person := authz.As(ctx, authz.Actor{Identity: c.IdentityID})
		err := s.gate.Self(person, c.TenantID, func(tx *store.Tx) error {
			tx.About("grant", string(c.IdentityID))
			return setConfirmation(person, tx, c, "")
		})
		if err != nil {
			return err
		}
	}
	return s.gate.Platform(own, authz.AccountSignIn, "sign-in:"+string(c.IdentityID), func(tx *store.Tx) error {
		tx.About("confirmation", string(c.IdentityID))
		if c.TenantID == 0 {
			if err := tx.Recognise(own, c.IdentityID); err != nil {
				return err
			}
			if err := setConfirmation(own, tx, c, ""); err != nil {
				return err
			}
		}
		return deleteCode(own, tx, c.Hash)
	})
}

// Dispute records that whoever has a code says: this account is mine, and another has its
// password. The government that made the code sees it, and the operator settles whose it is.
// Errors: fault.Invalid of field "code"; fault.Limited.
func (s *Service) Dispute(ctx context.Context, typed string, from Visit) (err error) {
	defer fault.Wrap(&err, "dispute account")
	x, err := s.show(ctx, typed, perNetwork.of(s.keys, from.Network))
	switch {
	case err != nil:
		return err
	case x.Identity.Password == "":
		return fault.At("code", "Akun ini belum dipakai siapa pun. Buka halaman Aktivasi akun, lalu ketik kode ini di sana.")
	case !x.Footing.awaits:
		return errDead
	}
	if x.TenantID != 0 {
		in := authz.AsSystem(ctx, x.TenantID)
		err := s.gate.Write(in, authz.AccountGrant, grantsKey(x.TenantID), func(tx *store.Tx) error {
			tx.About("grant", string(x.IdentityID))
			tx.Because("Pemegang kode tidak dapat masuk ke akun ini")
			return setConfirmation(in, tx, x.code, Disputed)
		})
		if err != nil {
			return err
		}
	}
	system := authz.AsSystem(ctx, 0)
	return s.gate.Platform(system, authz.AccountSignIn, "claim:"+string(x.IdentityID), func(tx *store.Tx) error {
		tx.About("claim", string(x.IdentityID))
		return insertClaim(system, tx, Claim{ID: tx.NewID(), IdentityID: x.IdentityID, TenantID: x.TenantID, MadeAt: tx.Now})
	})
}
