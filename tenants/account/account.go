// Package account knows who somebody is and what they may act as.
//
// A human has one identity in the whole installation and may hold grants in
// several tenants; a grant gives a role, in the whole tenant or in one batch, for
// a time. Who signs in gets a session on the server; the browser holds only a
// random token, of which the database knows the hash. The token changes at
// sign-in and whenever another tenant is chosen.
//
// An unknown name costs the same work and gets the same answer as a wrong
// password.
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
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// An ID names a human; see store.IdentityID.
type ID = store.IdentityID

// sessionLife is how long a sign-in holds.
const sessionLife = 12 * time.Hour

// An Identity is a human who can sign in.
type Identity struct {
	bun.BaseModel `bun:"table:identity"`

	ID        ID     `bun:",pk"`
	Name      string // as people call them
	Email     string `bun:",nullzero"`    // lower case
	NIP       string `bun:"nip,nullzero"` // 18 digits; no key, it can change
	Password  string // argon2id; "" = cannot sign in yet
	CreatedAt time.Time
}

// A Grant gives an identity a role in a tenant.
type Grant struct {
	bun.BaseModel `bun:"table:role_grant"`

	TenantID   tenants.ID `bun:",pk"`
	ID         string     `bun:",pk"`
	IdentityID ID
	Role       authz.Role
	BatchID    string     `bun:",nullzero"` // limited to one batch; "" = the whole tenant
	FromDay    civil.Date // first day
	ToDay      civil.Date // last day; zero = until further notice
}

// live reports whether g holds on day.
func (g Grant) live(day civil.Date) bool {
	return g.FromDay.String() <= day.String() && (g.ToDay.IsZero() || day.String() <= g.ToDay.String())
}

// A Session is a sign-in on the server.
type Session struct {
	bun.BaseModel `bun:"table:sign_in"`

	Hash       string `bun:",pk"` // of the token, hex SHA-256
	IdentityID ID
	TenantID   tenants.ID `bun:",nullzero"` // acted in; 0 = none chosen
	CreatedAt  time.Time
	ExpiresAt  time.Time
}

// A Person is who is behind a request, with every grant that holds today.
type Person struct {
	ID     ID
	Name   string
	Tenant tenants.ID // chosen to act in; 0 = none
	Grants []Grant
}

// In returns the tenants in which p holds a grant.
func (p Person) In() []tenants.ID {
	var in []tenants.ID
	for _, g := range p.Grants {
		if g.TenantID != 0 && !slices.Contains(in, g.TenantID) {
			in = append(in, g.TenantID)
		}
	}
	return in
}

// Actor is p acting in tenant; with 0 in none, where operators hold their role.
func (p Person) Actor(tenant tenants.ID) authz.Actor {
	a := authz.Actor{Identity: p.ID, Tenant: tenant}
	for _, g := range p.Grants {
		if g.TenantID == tenant {
			a.Grants = append(a.Grants, authz.Grant{Role: g.Role, Limit: g.BatchID})
		}
	}
	return a
}

// Service is what can be done with accounts.
type Service struct {
	gate     *authz.Gate
	registry *tenants.Registry
	hasher   *hasher
}

// New returns the service behind gate.
func New(gate *authz.Gate, registry *tenants.Registry) *Service {
	return &Service{gate, registry, newHasher()}
}

// Create records an identity with its password, "" for one who cannot sign in yet.
// Errors: fault.Invalid (name, password); fault.Conflict when e-mail or NIP is taken.
func (s *Service) Create(ctx context.Context, i Identity, password string) (_ ID, err error) {
	defer fault.Wrap(&err, "create identity")
	i.Email = strings.ToLower(strings.TrimSpace(i.Email))
	if i.Name, err = fault.Text("name", "Nama", i.Name, 200); err != nil {
		return "", err
	}
	if password != "" {
		if len(password) < 12 {
			return "", fault.At("password", "Kata sandi terlalu pendek. Gunakan sedikitnya 12 karakter.")
		}
		if i.Password, err = s.hasher.hash(ctx, password); err != nil {
			return "", err
		}
	}
	err = s.gate.Platform(ctx, authz.AccountCreate, "identity", func(tx *store.Tx) error {
		if i.ID == "" {
			i.ID = ID(tx.NewID())
		}
		i.CreatedAt = tx.Now
		tx.About("identity", string(i.ID))
		return insertIdentity(ctx, tx, i)
	})
	return i.ID, err
}

// Give grants role to identity in the tenant acted in, from today on; in batch
// only, unless that is "".
// Errors: fault.Invalid when no person can hold the role.
func (s *Service) Give(ctx context.Context, to ID, role authz.Role, batch string) (err error) {
	defer fault.Wrap(&err, "grant %s", role)
	if !role.Grantable() {
		return fault.At("role", "Peran %s tidak dapat diberikan kepada orang.", role)
	}
	return s.gate.Write(ctx, authz.AccountGrant, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		g := Grant{TenantID: tx.Tenant, ID: tx.NewID(), IdentityID: to, Role: role, BatchID: batch, FromDay: civil.DateOf(tx.Now, civil.WIB)}
		tx.About("grant", g.ID)
		return insertGrant(ctx, tx, g)
	})
}

// SignIn checks the password of login, an e-mail address or NIP, and returns the
// token of a new session. When the person works in one tenant only, that is chosen.
// Errors: fault.Unauthenticated, the same for an unknown login and a wrong password.
func (s *Service) SignIn(ctx context.Context, login, password string) (token string, expires time.Time, err error) {
	defer fault.Wrap(&err, "sign in")
	system := authz.AsSystem(ctx, 0)
	login = strings.ToLower(strings.Join(strings.Fields(login), ""))
	var found Identity
	err = s.gate.Platform(system, authz.AccountSignIn, "", func(tx *store.Tx) (err error) {
		found, err = findLogin(system, tx, login)
		return err
	})
	if err != nil && fault.Of(err) == nil {
		return "", time.Time{}, err
	}
	ok, err := s.hasher.matches(ctx, found.Password, password)
	if err != nil {
		return "", time.Time{}, err
	}
	if !ok {
		return "", time.Time{}, fault.New(fault.Unauthenticated, "NIP/surel atau kata sandi tidak cocok. Periksa kembali, atau minta panitia mengatur ulang.")
	}
	// Only now: until the password is right, an unknown name costs the same.
	person := Person{ID: found.ID}
	err = s.gate.Platform(system, authz.AccountSignIn, "", func(tx *store.Tx) (err error) {
		person.Grants, err = live(system, tx, found.ID)
		return err
	})
	if err != nil {
		return "", time.Time{}, err
	}
	var chosen tenants.ID
	if in := person.In(); len(in) == 1 {
		chosen = in[0]
	}
	return s.begin(system, found.ID, chosen, "")
}

// Choose makes tenant the one acted in and returns the new token of the session;
// the old one is dead.
// Errors: fault.NotFound when the person holds no grant there.
func (s *Service) Choose(ctx context.Context, token string, tenant tenants.ID) (_ string, expires time.Time, err error) {
	defer fault.Wrap(&err, "choose tenant %d", tenant)
	p, err := s.Authenticate(ctx, token)
	if err != nil {
		return "", time.Time{}, err
	}
	if !slices.Contains(p.In(), tenant) {
		return "", time.Time{}, fault.Missing()
	}
	return s.begin(authz.AsSystem(ctx, 0), p.ID, tenant, token)
}

// begin writes a session and ends the one of the old token, if any.
func (s *Service) begin(system context.Context, id ID, tenant tenants.ID, old string) (token string, expires time.Time, err error) {
	token = newToken()
	err = s.gate.Platform(system, authz.AccountSignIn, "sign-in:"+string(id), func(tx *store.Tx) error {
		expires = tx.Now.Add(sessionLife)
		tx.About("sign_in", string(id))
		if err := deleteEnded(system, tx, id); err != nil {
			return err
		}
		if old != "" {
			if err := deleteSession(system, tx, hashToken(old)); err != nil {
				return err
			}
		}
		return insertSession(system, tx, Session{Hash: hashToken(token), IdentityID: id, TenantID: tenant, CreatedAt: tx.Now, ExpiresAt: expires})
	})
	return token, expires, err
}

// SignOut ends the session of token; an unknown one is no error.
func (s *Service) SignOut(ctx context.Context, token string) (err error) {
	defer fault.Wrap(&err, "sign out")
	if token == "" {
		return nil
	}
	system := authz.AsSystem(ctx, 0)
	return s.gate.Platform(system, authz.AccountSignIn, "sign-out", func(tx *store.Tx) error {
		who := ""
		if a, ok := authz.ActorFrom(ctx); ok {
			who = string(a.Identity)
		}
		tx.About("sign_out", who)
		return deleteSession(system, tx, hashToken(token))
	})
}

// Authenticate returns who is behind token, with the grants that hold today.
// Errors: fault.Unauthenticated when the session is unknown or has ended.
func (s *Service) Authenticate(ctx context.Context, token string) (p Person, err error) {
	defer fault.Wrap(&err, "authenticate")
	system := authz.AsSystem(ctx, 0)
	err = s.gate.Platform(system, authz.AccountSignIn, "", func(tx *store.Tx) (err error) {
		if p, err = findPerson(system, tx, hashToken(token), tx.Now); err != nil {
			return err
		}
		p.Grants, err = live(system, tx, p.ID)
		return err
	})
	if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
		return Person{}, fault.New(fault.Unauthenticated, "Sesi Anda telah berakhir. Silakan masuk kembali.")
	}
	return p, err
}

// live recognises id in a Platform transaction and returns what they hold today, wherever.
func live(ctx context.Context, tx *store.Tx, id ID) ([]Grant, error) {
	if err := tx.Recognise(ctx, id); err != nil {
		return nil, err
	}
	all, err := grantsOf(ctx, tx, id)
	today := civil.DateOf(tx.Now, civil.WIB)
	return slices.DeleteFunc(all, func(g Grant) bool { return !g.live(today) }), err
}

// newToken returns 32 random bytes in base64url.
func newToken() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
