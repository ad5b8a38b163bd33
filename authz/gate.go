// Package authz decides who may do what, and is the only door to the database.
//
// A slice holds a *Gate and nothing else. It asks for a transaction by naming a
// permission; the Gate finds the actor in the context, looks up whether one of
// the actor's grants holds the permission in the tenant acted in, opens a
// transaction with exactly the reach of that door, and, for a writing door, adds
// the audit line in the same transaction. There is no other way to a row.
//
// Roles and permissions are Casbin's (model.conf, policy.csv), compiled to a
// table; people are grants, rows of the database, and never enter Casbin.
package authz

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/telemetry"
)

// An Actor is who acts: a person with the grants that are live in the tenant
// acted in, or the system itself.
type Actor struct {
	Identity store.IdentityID // "" for the system
	Tenant   store.TenantID   // acted in; 0 = none chosen
	Grants   []Grant          // those in Tenant that are live today
	Token    string           // id of the API token that speaks for Identity; "" when the person does
	Only     []Permission     // through a Token: what it may at most, of what Grants allow
}

// A Grant gives a role; within one batch or unit when Limit, its id, is not "".
type Grant struct {
	Role  Role
	Limit string
}

type actorKey struct{}

// As returns ctx with who acts.
func As(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

// AsSystemFor returns ctx acting as the machine on the tables without a tenant, on
// behalf of a person who has been recognised: the audit line names them.
func AsSystemFor(ctx context.Context, id store.IdentityID) context.Context {
	return As(ctx, Actor{Identity: id, Grants: []Grant{{Role: System}}})
}

// AsSystem returns ctx acting as the machine in tenant (0 = the platform): jobs,
// the command line, and sign-in before anybody is known.
func AsSystem(ctx context.Context, tenant store.TenantID) context.Context {
	return As(ctx, Actor{Tenant: tenant, Grants: []Grant{{Role: System}}})
}

// InRole returns ctx in which whoever acts there does so in tenant, as role alone: a
// Service that has asked for the permission takes on one narrow role of the machine
// to carry it out elsewhere, and the trail keeps who it was.
func InRole(ctx context.Context, tenant store.TenantID, role Role) context.Context {
	a, _ := ActorFrom(ctx)
	return As(ctx, Actor{Identity: a.Identity, Tenant: tenant, Grants: []Grant{{Role: role}}, Token: a.Token, Only: a.Only})
}

// ActorFrom returns who acts; ok is false when nobody is signed in.
func ActorFrom(ctx context.Context) (a Actor, ok bool) {
	a, ok = ctx.Value(actorKey{}).(Actor)
	return a, ok
}

// Relations tells the Gate what it cannot know itself; slices supply it.
type Relations struct {
	// Seated returns those of batches in which the actor of tx holds a live seat, as
	// the person or as the person's sender.
	Seated func(ctx context.Context, tx *store.Tx, batches []store.BatchRef) ([]store.BatchRef, error)
	// Below returns the tenants that stood under t on asOf, the zero date for today;
	// nation is true when t stands above all of them.
	Below func(t store.TenantID, asOf civil.Date) (tree []store.TenantID, nation bool)
	// Closed says why nobody, not even a job, acts in t now; nil when it is open. The
	// field may be nil: then every tenant is open.
	Closed func(t store.TenantID) error
}

// A Gate opens transactions.
type Gate struct {
	db        *store.DB
	policy    atomic.Pointer[Policy]
	relations Relations
}

// New returns a Gate to db that decides by policy.
func New(db *store.DB, policy *Policy, relations Relations) *Gate {
	g := &Gate{db: db, relations: relations}
	g.policy.Store(policy)
	return g
}

// May reports whether the actor in ctx holds perm in the tenant acted in, in
// whatever scope: for menus and buttons. It opens nothing.
func (g *Gate) May(ctx context.Context, perm Permission) bool {
	a, ok := ActorFrom(ctx)
	if !ok {
		return false
	}
	for _, r := range []rel{self, down} {
		if _, err := g.scope(a, r, perm); err == nil {
			return true
		}
	}
	return false
}

// MayWhole is May for acts on the whole tenant, which a grant limited to a batch or
// unit does not cover.
func (g *Gate) MayWhole(ctx context.Context, perm Permission) bool {
	a, ok := ActorFrom(ctx)
	if !ok {
		return false
	}
	scope, err := g.scope(a, self, perm)
	return err == nil && scope == nil
}

// Check says whether the actor in ctx holds perm in the tenant acted in, in whatever
// scope, before something is asked outside of the database. It opens nothing.
// Errors: fault.Unauthenticated, fault.Forbidden.
func (g *Gate) Check(ctx context.Context, perm Permission) error {
	_, err := g.staff(ctx, store.DoorRead, perm)
	return err
}

// Read opens a snapshot for staff.
// Errors: fault.Unauthenticated, fault.Forbidden, also where the tenant is closed; those of fn.
func (g *Gate) Read(ctx context.Context, perm Permission, fn func(*store.Tx) error) (err error) {
	ctx, end := telemetry.Span(ctx, "gate read", "permission", perm.String())
	defer func() { end(&err) }()
	reach, err := g.staff(ctx, store.DoorRead, perm)
	if err != nil {
		return err
	}
	return g.db.View(ctx, reach, fn)
}

// Write opens a serializable transaction for staff and adds its audit line. key
// names what is contended ("batch:…"); writers of one key queue. fn may run more
// than once, and must say what it is about (Tx.About).
// Errors: fault.Unauthenticated, fault.Forbidden; those of fn.
func (g *Gate) Write(ctx context.Context, perm Permission, key string, fn func(*store.Tx) error) (err error) {
	ctx, end := telemetry.Span(ctx, "gate write", "permission", perm.String())
	defer func() { end(&err) }()
	reach, err := g.staff(ctx, store.DoorWrite, perm)
	if err != nil {
		return err
	}
	actor, _ := ActorFrom(ctx)
	return g.db.Update(ctx, reach, key, func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return appendLine(ctx, tx, tx.Tenant, g.capacity(actor, self, perm), perm)
	})
}

// Bookkeep is a Write that leaves no audit line: for what the machine does to rows
// without changing what they say. Its callers are listed in a test.
// Errors: fault.Unauthenticated, fault.Forbidden; those of fn.
func (g *Gate) Bookkeep(ctx context.Context, perm Permission, key string, fn func(*store.Tx) error) (err error) {
	ctx, end := telemetry.Span(ctx, "gate bookkeep", "permission", perm.String())
	defer func() { end(&err) }()
	reach, err := g.staff(ctx, store.DoorWrite, perm)
	if err != nil {
		return err
	}
	return g.db.Update(ctx, reach, key, fn)
}

// A Statement is the one act of an Append.
type Statement struct {
	Insert func(*store.Tx) (sql.Result, error) // INSERT … ON CONFLICT DO NOTHING, keyed by a client's id
	Stored func(*store.Tx) (bool, error)       // is a row with that id there already?
	Closed string                              // what to say when it is not: why nothing was taken
}

// Append opens a READ COMMITTED transaction for one idempotent row. It leaves no
// audit line: the row is the record. A row that is there already is no error.
// Errors: fault.Conflict when nothing was stored and nothing is there; fault.Forbidden.
func (g *Gate) Append(ctx context.Context, perm Permission, s Statement) (err error) {
	ctx, end := telemetry.Span(ctx, "gate append", "permission", perm.String())
	defer func() { end(&err) }()
	reach, err := g.staff(ctx, store.DoorAppend, perm)
	if err != nil {
		return err
	}
	return g.db.Single(ctx, reach, func(tx *store.Tx) error {
		result, err := s.Insert(tx)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil || n > 0 {
			return err
		}
		stored, err := s.Stored(tx)
		if err != nil || stored {
			return err
		}
		return fault.New(fault.Conflict, "%s", s.Closed)
	})
}

// Self opens a transaction of a person on what is theirs. With home 0 it reads,
// everywhere, the rows that carry the person's identity; with a tenant it may
// also write those of that tenant whose class lets the person.
// Errors: fault.Unauthenticated; those of fn.
func (g *Gate) Self(ctx context.Context, home store.TenantID, fn func(*store.Tx) error) (err error) {
	ctx, end := telemetry.Span(ctx, "gate self")
	defer func() { end(&err) }()
	a, ok := ActorFrom(ctx)
	if !ok || a.Identity == "" {
		return nobody()
	}
	if a.Token != "" {
		return fault.New(fault.Forbidden, "Token hanya berlaku untuk data instansi, bukan untuk data pribadi. Masuk sebagai diri sendiri.")
	}
	if err := g.open(home); err != nil {
		return err
	}
	reach := store.Reach{Door: store.DoorSelf, Actor: a.Identity, Home: home, Seated: g.relations.Seated}
	if home == 0 {
		return g.db.View(ctx, reach, fn)
	}
	return g.db.Update(ctx, reach, "self:"+string(a.Identity), func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return appendLine(ctx, tx, home, "person", Permission{"self", "write"})
	})
}

// Oversee opens a snapshot of the roll-ups below the tenant acted in, on the tree of
// asOf (the zero date for today): counts, never a person. They are exact, however
// small, so that somebody looks is an act: before the snapshot opens, a line about it
// is committed to the trail of the tenant acted in.
// Errors: fault.Unauthenticated, fault.Forbidden; those of fn.
func (g *Gate) Oversee(ctx context.Context, perm Permission, asOf civil.Date, about store.Subject, fn func(*store.Tx) error) (err error) {
	ctx, end := telemetry.Span(ctx, "gate oversee", "permission", perm.String())
	defer func() { end(&err) }()
	a, ok := ActorFrom(ctx)
	if !ok {
		return nobody()
	}
	if scope, err := g.scope(a, down, perm); err != nil {
		return err
	} else if scope != nil {
		return fault.New(fault.Forbidden, "Peran pengawas berlaku untuk seluruh wilayah, bukan untuk satu angkatan atau unit. Minta peran yang sesuai.")
	}
	if err := g.open(a.Tenant); err != nil {
		return err
	}
	err = g.db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: a.Tenant, Actor: a.Identity}, "", func(tx *store.Tx) error {
		tx.About(about.Kind, about.ID)
		return appendLine(ctx, tx, a.Tenant, g.capacity(a, down, perm), perm)
	})
	if err != nil {
		return err
	}
	tree, nation := g.relations.Below(a.Tenant, asOf)
	return g.db.View(ctx, store.Reach{Door: store.DoorOversee, Actor: a.Identity, Tree: tree, Nation: nation}, fn)
}

// Public opens a snapshot for a visitor: what is published, and the one
// certificate whose token was shown.
func (g *Gate) Public(ctx context.Context, token string, fn func(*store.Tx) error) (err error) {
	ctx, end := telemetry.Span(ctx, "gate public")
	defer func() { end(&err) }()
	return g.db.View(ctx, store.Reach{Door: store.DoorPublic, Token: token}, fn)
}

// Platform opens a transaction on the tables without a tenant, for the system
// alone. It writes when key is not ""; then fn says what it is about, in the
// platform's own chain.
// Errors: fault.Forbidden for anybody but the system; those of fn.
func (g *Gate) Platform(ctx context.Context, perm Permission, key string, fn func(*store.Tx) error) (err error) {
	ctx, end := telemetry.Span(ctx, "gate platform", "permission", perm.String())
	defer func() { end(&err) }()
	a, ok := ActorFrom(ctx)
	if !ok {
		return nobody()
	}
	if _, err := g.scope(a, self, perm); err != nil {
		return err
	}
	reach := store.Reach{Door: store.DoorPlatform, Actor: a.Identity}
	if key == "" {
		return g.db.View(ctx, reach, fn)
	}
	return g.db.Update(ctx, reach, key, func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return appendLine(ctx, tx, 0, g.capacity(a, self, perm), perm)
	})
}

// Note opens a READ COMMITTED transaction on the tables without a tenant, for what
// sign-in keeps for itself: when a session was last used, how many guesses are left.
// It leaves no audit line, so its callers are listed in a test. fn may run more than once.
// Errors: fault.Forbidden for anybody but the system; those of fn.
func (g *Gate) Note(ctx context.Context, perm Permission, fn func(*store.Tx) error) (err error) {
	ctx, end := telemetry.Span(ctx, "gate note", "permission", perm.String())
	defer func() { end(&err) }()
	a, ok := ActorFrom(ctx)
	if !ok {
		return nobody()
	}
	if _, err := g.scope(a, self, perm); err != nil {
		return err
	}
	return g.db.Single(ctx, store.Reach{Door: store.DoorPlatform, Actor: a.Identity}, fn)
}

// staff is the reach of a member of staff in the tenant acted in.
func (g *Gate) staff(ctx context.Context, door store.Door, perm Permission) (store.Reach, error) {
	a, ok := ActorFrom(ctx)
	if !ok {
		return store.Reach{}, nobody()
	}
	scope, err := g.scope(a, self, perm)
	if err != nil {
		return store.Reach{}, err
	}
	if a.Tenant == 0 {
		return store.Reach{}, fault.New(fault.Forbidden, "Pilih instansi terlebih dahulu.")
	}
	if err := g.open(a.Tenant); err != nil {
		return store.Reach{}, err
	}
	return store.Reach{Door: door, Tenant: a.Tenant, Actor: a.Identity, Scope: scope, Seated: g.relations.Seated}, nil
}

// open refuses to act in a tenant that is closed; 0 is none, and open.
func (g *Gate) open(t store.TenantID) error {
	if t == 0 || g.relations.Closed == nil {
		return nil
	}
	return g.relations.Closed(t)
}

// scope returns the batches and units to which a's grants limit perm, nil for no limit.
// Errors: fault.Forbidden when no grant holds perm.
func (g *Gate) scope(a Actor, r rel, perm Permission) ([]string, error) {
	if a.Token != "" && !slices.Contains(a.Only, perm) {
		return nil, fault.New(fault.Forbidden, "Token ini tidak mencakup izin %s. Terbitkan token lain yang mencakupnya.", perm)
	}
	policy := g.policy.Load()
	var scope []string
	for _, grant := range a.Grants {
		if !policy.allows(grant.Role, r, perm) {
			continue
		}
		if grant.Limit == "" {
			return nil, nil
		}
		scope = append(scope, grant.Limit)
	}
	if scope == nil {
		return nil, fault.New(fault.Forbidden, "Peran Anda tidak mencakup tindakan ini. Minta peran yang sesuai kepada admin instansi, dengan menyebut izin %s.", perm)
	}
	return scope, nil
}

// capacity names the roles in which a does perm, for the audit line; a role that is
// limited to a batch or unit with it.
func (g *Gate) capacity(a Actor, r rel, perm Permission) string {
	policy := g.policy.Load()
	var words []string
	for _, grant := range a.Grants {
		switch {
		case !policy.allows(grant.Role, r, perm):
		case grant.Limit != "":
			words = append(words, string(grant.Role)+":"+grant.Limit)
		default:
			words = append(words, string(grant.Role))
		}
	}
	if a.Token != "" {
		words = append(words, "token:"+a.Token)
	}
	return strings.Join(words, ",")
}

func nobody() error {
	return fault.New(fault.Unauthenticated, "Silakan masuk terlebih dahulu.")
}

// errSubject tells a programmer that a write did not say what it is about.
var errSubject = errors.New("a write must name its subject: call tx.About")
