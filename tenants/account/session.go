package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// A Session is a sign-in on the server.
type Session struct {
	bun.BaseModel `bun:"table:sign_in"`

	Hash       string `bun:",pk"` // of the token, hex SHA-256; changes with it
	ID         string // stays as long as the session
	IdentityID ID
	TenantID   tenants.ID `bun:",nullzero"` // acted in; 0 = none chosen
	Device     string     // "Chrome di Android"; "" = not known
	Network    string     // prefix of the address at sign-in
	Kept       bool       // to stay signed in was asked for
	CreatedAt  time.Time  // of the sign-in, whatever the token
	SeenAt     time.Time  // last used, to the minute
	ExpiresAt  time.Time  // unless it is used before
	ProvedAt   time.Time  // password or code last given
	SecondAt   time.Time  `bun:",nullzero"` // second factor passed; zero = not

	Current bool `bun:"-"` // the one that asks
}

// Place is the network in which the session began, not in full: "203.0.…".
func (s Session) Place() string {
	mark := "."
	if strings.Contains(s.Network, ":") {
		mark = ":"
	}
	groups := strings.Split(s.Network, mark)
	if len(groups) < 3 {
		return ""
	}
	return groups[0] + mark + groups[1] + mark + "…"
}

// A life is how long a session holds: unused, and at all.
type life struct{ idle, whole time.Duration }

// The lives of sessions, after what whoever holds them could do to others.
var (
	weightyLife = life{30 * time.Minute, 12 * time.Hour}
	usualLife   = life{12 * time.Hour, 12 * time.Hour}
	keptLife    = life{30 * 24 * time.Hour, 90 * 24 * time.Hour} // on a registered device, without a weighty role
)

const (
	seenEvery = time.Minute      // how exactly SeenAt is kept
	proofLife = 10 * time.Minute // how long a password or code counts for acts that ask for one
)

func lifeOf(weighty, kept bool) life {
	switch {
	case weighty:
		return weightyLife
	case kept:
		return keptLife
	}
	return usualLife
}

// end is when a session that began at created, used at seen, ends.
func (l life) end(created, seen time.Time) time.Time {
	whole, idle := created.Add(l.whole), seen.Add(l.idle)
	if idle.Before(whole) {
		return idle
	}
	return whole
}

// weighty reports whether one of grants asks for a second factor.
func (s *Service) weighty(grants []Grant) bool {
	return slices.ContainsFunc(grants, func(g Grant) bool { return s.gate.Weighty(g.Role) })
}

// Authenticate returns who is behind token, with the grants that hold today.
// Errors: fault.Unauthenticated when the session is unknown or has ended.
func (s *Service) Authenticate(ctx context.Context, token string) (p Person, err error) {
	defer fault.Wrap(&err, "authenticate")
	p, _, err = s.behind(ctx, token)
	return p, err
}

// behind is Authenticate, with the session as it is stored.
func (s *Service) behind(ctx context.Context, token string) (p Person, session Session, err error) {
	ended := fault.New(fault.Unauthenticated, "Sesi Anda telah berakhir. Silakan masuk kembali.")
	if !wellFormed(token) {
		return p, session, ended
	}
	system := authz.AsSystem(ctx, 0)
	var now, end time.Time
	err = s.gate.Platform(system, authz.AccountSignIn, "", func(tx *store.Tx) (err error) {
		if p, session, err = findSession(system, tx, hashToken(token)); err != nil {
			return err
		}
		p.Grants, err = s.live(system, tx, p.ID)
		now = tx.Now
		return err
	})
	if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
		return Person{}, session, ended
	}
	if err != nil {
		return Person{}, session, err
	}
	weighty := s.weighty(p.Grants)
	l := lifeOf(weighty, session.Kept)
	if end = l.end(session.CreatedAt, session.SeenAt); !now.Before(end) {
		return Person{}, session, ended
	}
	p.Half = session.SecondAt.IsZero() && (p.Enrolled || s.second && weighty)
	p.Fresh = now.Before(session.ProvedAt.Add(proofLife))
	if now.Sub(session.SeenAt) >= seenEvery {
		err = s.gate.Note(system, authz.AccountSignIn, func(tx *store.Tx) error {
			return setSeen(system, tx, session.Hash, tx.Now, l.end(session.CreatedAt, tx.Now))
		})
	}
	return p, session, err
}

// whole is behind for what only a session that has come all the way may do.
// Errors: fault.Unauthenticated, fault.Forbidden.
func (s *Service) whole(ctx context.Context, token string) (p Person, session Session, err error) {
	p, session, err = s.behind(ctx, token)
	if err == nil && p.Half {
		err = fault.New(fault.Forbidden, "Sesi ini belum lengkap. Selesaikan langkah kedua terlebih dahulu.")
	}
	return p, session, err
}

// Choose makes tenant the one acted in and returns the new token of the session;
// the old one is dead.
// Errors: fault.NotFound when the person holds no grant there.
func (s *Service) Choose(ctx context.Context, token string, tenant tenants.ID) (_ Pass, err error) {
	defer fault.Wrap(&err, "choose tenant %d", tenant)
	p, session, err := s.whole(ctx, token)
	if err != nil {
		return Pass{}, err
	}
	if !slices.Contains(p.In(), tenant) {
		return Pass{}, fault.Missing()
	}
	session.TenantID = tenant
	return s.rotate(ctx, p, session, "tenant_chosen", nil)
}

// rotate stores session under a new token, and whatever also does with it; from then
// on the old one is dead.
// Errors: fault.Unauthenticated when it was dead already; those of also.
func (s *Service) rotate(ctx context.Context, p Person, session Session, act string, also func(context.Context, *store.Tx, *Session) error) (pass Pass, err error) {
	l := lifeOf(s.weighty(p.Grants), session.Kept)
	as := authz.AsSystemFor(ctx, p.ID)
	before := session
	pass.Token = newToken()
	err = s.gate.Platform(as, authz.AccountSignIn, "sign-in:"+string(p.ID), func(tx *store.Tx) error {
		session := before // this may run again
		tx.About(act, string(p.ID))
		if also != nil {
			if err := also(as, tx, &session); err != nil {
				return err
			}
		}
		session.SeenAt, session.ExpiresAt = tx.Now, l.end(session.CreatedAt, tx.Now)
		pass.Expires = session.CreatedAt.Add(l.whole)
		err := renewSession(as, tx, session, hashToken(pass.Token))
		if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
			return fault.New(fault.Unauthenticated, "Sesi Anda telah berakhir. Silakan masuk kembali.")
		}
		return err
	})
	return pass, err
}

// SignOut ends the session of token; an unknown one is no error.
func (s *Service) SignOut(ctx context.Context, token string) (err error) {
	defer fault.Wrap(&err, "sign out")
	if !wellFormed(token) {
		return nil
	}
	system := authz.AsSystem(ctx, 0)
	if a, ok := authz.ActorFrom(ctx); ok {
		system = authz.AsSystemFor(ctx, a.Identity)
	}
	return s.gate.Platform(system, authz.AccountSignIn, "sign-out", func(tx *store.Tx) error {
		tx.About("sign_out", string(tx.Actor))
		return deleteSession(system, tx, hashToken(token))
	})
}

// Sessions lists where the person behind token is signed in, the last used first.
// Errors: fault.Unauthenticated, fault.Forbidden.
func (s *Service) Sessions(ctx context.Context, token string) (all []Session, err error) {
	defer fault.Wrap(&err, "list sessions")
	p, _, err := s.whole(ctx, token)
	if err != nil {
		return nil, err
	}
	weighty, as := s.weighty(p.Grants), authz.AsSystemFor(ctx, p.ID)
	err = s.gate.Platform(as, authz.AccountSignIn, "", func(tx *store.Tx) (err error) {
		all, err = sessionsOf(as, tx, p.ID)
		all = slices.DeleteFunc(all, func(x Session) bool {
			return !tx.Now.Before(lifeOf(weighty, x.Kept).end(x.CreatedAt, x.SeenAt))
		})
		return err
	})
	for i := range all {
		all[i].Current = all[i].ID == p.Session
	}
	return all, err
}

// Security is what a person sees of how safe their account is.
type Security struct {
	Sessions []Session
	Since    time.Time // the second factor is set up; zero = it is not
	Codes    int       // for recovery, left
	Required bool      // a role of theirs asks for the second factor
}

// Security returns how the person behind token signs in, and where they are signed in.
// Errors: fault.Unauthenticated, fault.Forbidden.
func (s *Service) Security(ctx context.Context, token string) (x Security, err error) {
	defer fault.Wrap(&err, "read security")
	if x.Sessions, err = s.Sessions(ctx, token); err != nil {
		return x, err
	}
	p, _, err := s.whole(ctx, token)
	if err != nil || !p.Enrolled {
		return x, err
	}
	x.Required = s.second && s.weighty(p.Grants)
	as := authz.AsSystemFor(ctx, p.ID)
	err = s.gate.Platform(as, authz.AccountSignIn, "", func(tx *store.Tx) error {
		f, err := findFactor(as, tx, p.ID)
		if err != nil {
			return err
		}
		x.Since = f.Since
		x.Codes, err = countRecoveries(as, tx, p.ID)
		return err
	})
	return x, err
}

// Revoke ends session id of the person behind token.
// Errors: fault.NotFound for one that is not theirs; fault.Unauthenticated, fault.Forbidden.
func (s *Service) Revoke(ctx context.Context, token, id string) (err error) {
	defer fault.Wrap(&err, "revoke session")
	p, _, err := s.whole(ctx, token)
	if err != nil {
		return err
	}
	as := authz.AsSystemFor(ctx, p.ID)
	return s.gate.Platform(as, authz.AccountSignIn, "sign-in:"+string(p.ID), func(tx *store.Tx) error {
		tx.About("session_revoked", id)
		return revokeSession(as, tx, p.ID, id)
	})
}

// RevokeOthers ends all sessions of the person behind token but that one.
// Errors: fault.Unauthenticated, fault.Forbidden.
func (s *Service) RevokeOthers(ctx context.Context, token string) (err error) {
	defer fault.Wrap(&err, "revoke other sessions")
	p, session, err := s.whole(ctx, token)
	if err != nil {
		return err
	}
	as := authz.AsSystemFor(ctx, p.ID)
	return s.gate.Platform(as, authz.AccountSignIn, "sign-in:"+string(p.ID), func(tx *store.Tx) error {
		tx.About("sessions_revoked", string(p.ID))
		if err := deleteDevices(as, tx, p.ID); err != nil { // whoever was in there is a stranger from now on
			return err
		}
		return deleteSessions(as, tx, p.ID, session.Hash)
	})
}

const tokenBytes = 32

// newToken returns random bytes in base64url.
func newToken() string {
	b := make([]byte, tokenBytes)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// wellFormed reports whether text can be a token or a mark of ours: nothing else is
// looked up.
func wellFormed(text string) bool {
	if len(text) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(b) == tokenBytes
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
