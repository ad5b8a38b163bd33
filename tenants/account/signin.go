package account

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// Credentials are what somebody types to sign in.
type Credentials struct {
	Login    string // e-mail address or NIP
	Password string
	Keep     bool // to stay signed in on this device
}

// A Visit is what the edge knows of the browser that asks.
type Visit struct {
	Device  string // in words: "Chrome di Android"
	Network string // prefix of the address: "203.0.113.0/24"
	Mark    string // that an earlier sign-in has left; "" = none
}

// A Pass is what a browser is given: the token of its session, and a mark by which a
// later sign-in knows it again.
type Pass struct {
	Token   string
	Expires time.Time // of the token, however much it is used
	Mark    string    // "" = the browser keeps what it has
	Until   time.Time // of the mark
}

// markLife is how long a device is known that is not signed in on again.
const markLife = 365 * 24 * time.Hour

// nobody has this id: the work for an unknown name is done with it.
const nobody ID = "00000000-0000-0000-0000-000000000000"

const loginLimit = 254 // bytes; an e-mail address has no more

// normal is login in the one spelling in which names are stored and counted.
func normal(login string) string {
	login = strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, login))
	if len(login) > loginLimit {
		return ""
	}
	return login
}

// SignIn checks who somebody says they are, and begins a session: a half one when a
// second factor is still due. When the person works in one tenant only, that is chosen.
// Errors: fault.Unauthenticated, the same for an unknown name, a wrong password and
// whoever may not sign in; fault.Limited; fault.Unavailable.
func (s *Service) SignIn(ctx context.Context, who Credentials, from Visit) (_ Pass, err error) {
	defer fault.Wrap(&err, "sign in")
	system, login := authz.AsSystem(ctx, 0), normal(who.Login)
	var found Identity
	var own bool // a device on which the person has signed in before
	err = s.gate.Platform(system, authz.AccountSignIn, "", func(tx *store.Tx) (err error) {
		if found, err = findLogin(system, tx, login); errors.Is(err, fault.NotFound) {
			found, err = Identity{ID: nobody}, nil
		}
		if err != nil {
			return err
		}
		own, err = knowsDevice(system, tx, found.ID, hashToken(from.Mark))
		return err
	})
	if err != nil {
		return Pass{}, err
	}
	charges := []charge{perLogin.of(s.keys, login), perNetwork.of(s.keys, from.Network)}
	if own {
		charges = []charge{perDevice.of(s.keys, string(found.ID), from.Mark)}
	}
	if err := s.pay(system, charges...); err != nil {
		return Pass{}, err
	}
	ok, err := s.hasher.matches(ctx, found.Password, who.Password)
	if err != nil { // nobody has judged the guess
		return Pass{}, errors.Join(err, s.repay(system, charges...))
	}
	if !ok || !found.SuspendedAt.IsZero() {
		if err := s.refuse(system, "sign_in_refused", s.keys.tag("login\n"+login)); err != nil {
			return Pass{}, err
		}
		return Pass{}, fault.New(fault.Unauthenticated, "NIP/surel atau kata sandi tidak cocok. Periksa kembali, atau minta panitia mengatur ulang.")
	}
	if err := s.repay(system, charges...); err != nil {
		return Pass{}, err
	}
	return s.begin(ctx, found.ID, who.Keep, from)
}

// begin writes a session of id, who has given their password.
func (s *Service) begin(ctx context.Context, id ID, keep bool, from Visit) (pass Pass, err error) {
	as := authz.AsSystemFor(ctx, id)
	pass.Token = newToken()
	err = s.gate.Platform(as, authz.AccountSignIn, "sign-in:"+string(id), func(tx *store.Tx) error {
		tx.About("sign_in", string(id))
		grants, err := s.live(as, tx, id)
		if err != nil {
			return err
		}
		enrolled, err := hasFactor(as, tx, id)
		if err != nil {
			return err
		}
		var chosen tenants.ID
		if in := (Person{Grants: grants}).In(); len(in) == 1 {
			chosen = in[0]
		}
		weighty := s.weighty(grants)
		l := lifeOf(weighty, keep)
		pass.Expires = tx.Now.Add(l.whole)
		if !enrolled && !(s.second && weighty) {
			if err := s.remember(as, tx, id, from, &pass); err != nil {
				return err
			}
		}
		if err := deleteEnded(as, tx, id); err != nil {
			return err
		}
		return insertSession(as, tx, Session{
			Hash: hashToken(pass.Token), ID: tx.NewID(), IdentityID: id, TenantID: chosen, Device: from.Device, Network: from.Network, Kept: keep,
			CreatedAt: tx.Now, SeenAt: tx.Now, ProvedAt: tx.Now, ExpiresAt: l.end(tx.Now, tx.Now),
		})
	})
	return pass, err
}

// remember makes the browser a known device of id, who has come all the way in on it.
// One that is known, of whomever, keeps its mark: colleagues share a computer.
func (s *Service) remember(ctx context.Context, tx *store.Tx, id ID, from Visit, pass *Pass) error {
	pass.Mark, pass.Until = newToken(), tx.Now.Add(markLife)
	if wellFormed(from.Mark) {
		known, err := knowsMark(ctx, tx, hashToken(from.Mark))
		if err != nil {
			return err
		}
		if known {
			pass.Mark = from.Mark
		}
	}
	hash := hashToken(pass.Mark)
	if err := deleteDevice(ctx, tx, id, hash); err != nil { // and those that have run out
		return err
	}
	return insertDevice(ctx, tx, id, hash, pass.Until)
}

// Prove takes the password once more, or a code of whoever has a second factor, for
// acts that ask for it; the session gets a new token.
// Errors: fault.Invalid when it is wrong; fault.Limited; fault.Unauthenticated.
func (s *Service) Prove(ctx context.Context, token, secret string) (_ Pass, err error) {
	defer fault.Wrap(&err, "prove")
	p, session, err := s.behind(ctx, token)
	if err != nil {
		return Pass{}, err
	}
	if p.Enrolled && !p.Half {
		return s.withCode(ctx, p, session, perProof.of(s.keys, session.ID), "proved", secret, nil)
	}
	as, paid := authz.AsSystemFor(ctx, p.ID), perProof.of(s.keys, session.ID)
	if err := s.pay(as, paid); err != nil {
		return Pass{}, err
	}
	var stored string
	err = s.gate.Platform(as, authz.AccountSignIn, "", func(tx *store.Tx) (err error) {
		stored, err = passwordOf(as, tx, p.ID)
		return err
	})
	if err != nil {
		return Pass{}, err
	}
	ok, err := s.hasher.matches(ctx, stored, secret)
	if err != nil {
		return Pass{}, errors.Join(err, s.repay(as, paid))
	}
	if !ok {
		if err := s.refuse(as, "proof_refused", string(p.ID)); err != nil {
			return Pass{}, err
		}
		return Pass{}, fault.At("secret", "Kata sandi tidak cocok. Periksa kembali.")
	}
	if err := s.repay(as, paid); err != nil {
		return Pass{}, err
	}
	return s.rotate(ctx, p, session, "proved", func(_ context.Context, tx *store.Tx, x *Session) error {
		x.ProvedAt = tx.Now
		return nil
	})
}
