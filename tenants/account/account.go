// Package account knows who somebody is and what they may act as.
//
// A human has one identity in the whole installation and may hold grants in
// several tenants; a grant gives a role, in the whole tenant or in one batch, for
// a time. Who signs in gets a session on the server; the browser holds only a
// random token, of which the database knows the hash. The token changes at
// sign-in, when the second factor is passed, when a password or code is given once
// more, and whenever another tenant is chosen; the one before it is dead.
//
// An unknown name costs the same work and gets the same answer as a wrong
// password. Only failures use up guesses (attempt.go), and no stranger can use up
// those of a person on a device of their own. Whoever holds a weighty role, and
// whoever wishes, has a second factor (totp.go): until it is given, the session is
// half signed in, and nobody for the Gate.
package account

import (
	"context"
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

// An Identity is a human who can sign in.
type Identity struct {
	bun.BaseModel `bun:"table:identity"`

	ID        ID     `bun:",pk"`
	Name      string // as people call them
	Email     string `bun:",nullzero"`    // lower case
	NIP       string `bun:"nip,nullzero"` // 18 digits; no key, it can change
	Password  string // argon2id; "" = cannot sign in yet
	CreatedAt time.Time

	SuspendedAt time.Time `bun:",nullzero"` // may not sign in any more; zero = may
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

// A Person is who is behind a request, with every grant that holds today.
type Person struct {
	ID     ID
	Name   string
	Tenant tenants.ID // chosen to act in; 0 = none
	Grants []Grant

	Session  string // id of the session
	Enrolled bool   // a second factor is set up
	Half     bool   // the second factor is still to be given, or to be set up
	Fresh    bool   // a password or code was given within proofLife
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

// Config is what this installation decides about accounts.
type Config struct {
	Key          [32]byte // encrypts second factors and keys the hashes of what could be guessed
	SecondFactor bool     // whoever holds a weighty role signs in with a second factor
}

// Service is what can be done with accounts.
type Service struct {
	gate     *authz.Gate
	registry *tenants.Registry
	hasher   *hasher
	keys     keys
	second   bool // Config.SecondFactor
}

// New returns the service behind gate.
func New(gate *authz.Gate, registry *tenants.Registry, cfg Config) *Service {
	return &Service{gate, registry, newHasher(), newKeys(cfg.Key), cfg.SecondFactor}
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

// Suspend keeps a person from signing in, and ends their sessions, for reason.
// Errors: fault.NotFound; fault.Invalid without a reason.
func (s *Service) Suspend(ctx context.Context, id ID, reason string) (err error) {
	defer fault.Wrap(&err, "suspend identity")
	if reason, err = fault.Text("reason", "Alasan", reason, 500); err != nil {
		return err
	}
	return s.gate.Platform(ctx, authz.AccountCreate, "sign-in:"+string(id), func(tx *store.Tx) error {
		tx.About("identity_suspended", string(id))
		tx.Because(reason)
		if err := deleteSessions(ctx, tx, id, ""); err != nil {
			return err
		}
		return setSuspended(ctx, tx, id, tx.Now)
	})
}

// Restore lets a suspended person sign in again.
// Errors: fault.NotFound.
func (s *Service) Restore(ctx context.Context, id ID) (err error) {
	defer fault.Wrap(&err, "restore identity")
	return s.gate.Platform(ctx, authz.AccountCreate, "sign-in:"+string(id), func(tx *store.Tx) error {
		tx.About("identity_restored", string(id))
		return setSuspended(ctx, tx, id, time.Time{})
	})
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
