// Package account knows who somebody is and what they may act as.
//
// A human has one identity in the whole installation and may hold grants in
// several tenants; a grant gives a role, in the whole tenant or in one batch or unit,
// for a time. Who signs in gets a session on the server; the browser holds only a
// random token, of which the database knows the hash. The token changes at
// sign-in, when the second factor is passed, when a password or code is given once
// more, and whenever another tenant is chosen; the one before it is dead.
//
// An unknown name costs the same work and gets the same answer as a wrong
// password. Only failures use up guesses (attempt.go), and no stranger can use up
// those of a person on a device of their own. Whoever holds a weighty role, and
// whoever wishes, has a second factor (totp.go): until it is given, the session is
// half signed in, and nobody for the Gate.
//
// Who gives a role names a person by NIP or e-mail address, and writes down their name as
// they know it. Whoever is unknown gets an identity without a password. A NIP is public, so
// a name proves nothing: a government could invite another's future administrator, activate
// the account itself, and wait for the role. Therefore what a government gives holds only
// once the person has confirmed it: signed in as that identity, with a code that this very
// government has handed to them (confirm.go). Its code also sets the first password, as long
// as no other government has a hold on the person; a hold is service there, or a role that
// was confirmed. Each government has a code of its own for a person, which no other can end.
// A role that is confirmed vouches for further ones of the same government, within what it
// is limited to; a code confirms no more than whoever made it may give. Seats in a batch are
// no roles: a sender nominates its own people, and their service is its word.
//
// Whoever has the code and cannot get into the account says so (Dispute). The government
// sees it in its list, and an operator settles whose the account is (settle.go): the name is
// freed, and leads to a new identity from then on; or the account is handed over by a code,
// where its data are that person's; or all stays as it is.
//
// The answer to giving is the same whether somebody is known elsewhere or not: a code is
// shown, the list shows the name as it was written, and people are addressed by their grant,
// because the id of an identity says when it was made. What remains: who tries the code, or
// to reset the account, learns it, of people to whom they have given a role with a reason
// that stands in their own trail. And whoever takes an unused NIP before its holder's own
// government registers it sees what is the holder's own, until they say so.
//
// A code or a reset lets whoever gets it sign in as that person, everywhere. So a
// tenant makes them only for people who are bound to it and to nobody else, and nobody for
// people who may more than they; all others go to the operator or the command line.
package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
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
			a.Grants = append(a.Grants, authz.Grant{Role: g.Role, Limit: g.Limit()})
		}
	}
	return a
}

// Config is what this installation decides about accounts.
type Config struct {
	Key          [32]byte // encrypts second factors and keys the hashes of what could be guessed
	SecondFactor bool     // whoever holds a weighty role signs in with a second factor
	Ties         Ties     // to slices on the right
}

// Service is what can be done with accounts.
type Service struct {
	gate     *authz.Gate
	registry *tenants.Registry
	hasher   *hasher
	keys     keys
	second   bool // Config.SecondFactor
	ties     Ties
}

// New returns the service behind gate.
func New(gate *authz.Gate, registry *tenants.Registry, cfg Config) *Service {
	return &Service{gate, registry, newHasher(), newKeys(cfg.Key), cfg.SecondFactor, cfg.Ties}
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
