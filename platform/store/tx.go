package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
)

// A Door is a way into the database; which rows it shows, the table classes say.
type Door string

const (
	DoorRead     Door = "read"
	DoorWrite    Door = "write"
	DoorAppend   Door = "append"
	DoorSelf     Door = "self"
	DoorOversee  Door = "oversee"
	DoorPublic   Door = "public"
	DoorPlatform Door = "platform"
	DoorSeal     Door = "seal" // the audit sealer and its verifier, across all tenants
)

// A Reach says who acts and what that brings into sight.
type Reach struct {
	Door   Door
	Tenant TenantID   // tenant acted in: Read, Write, Append
	Actor  IdentityID // who acts; "" for a job, the CLI or a visitor
	Home   TenantID   // Self: the tenant whose rows the person may also write; 0 = none
	Tree   []TenantID // Oversee: tenants in reach
	Nation bool       // Oversee: every tenant is in reach
	Token  string     // Public: the certificate asked for
	Scope  []string   // batches and units to which the actor's grants are limited; nil = no limit

	// Seated returns those of batches in which the actor has a live seat. It decides
	// what Join may open.
	Seated func(ctx context.Context, tx *Tx, batches []BatchRef) ([]BatchRef, error)
}

// A BatchRef names a batch across tenants.
type BatchRef struct {
	Host  TenantID
	Batch string
}

// Tx is an open transaction within a Reach. It is valid only inside the function
// that received it.
type Tx struct {
	bun.IDB
	Reach
	Now time.Time // the same for all that the transaction does; UTC, whole milliseconds

	engine  Engine
	person  IdentityID // whose own rows are in sight: through Self, or recognised
	asking  []string
	batches []string
	subject Subject
	after   []func()
}

// A Subject is what a write is about: it goes into the audit line.
type Subject struct {
	Kind   string // "nomination"
	ID     string
	Reason string // why, where the act asks for a reason
}

// Postgres reports whether tx runs on PostgreSQL, for the few statements that differ.
func (tx *Tx) Postgres() bool { return tx.engine == Postgres }

// NewID returns a new UUIDv7 in text form.
func (tx *Tx) NewID() string { return NewID() }

// About names what the write is about. Every writing door demands it.
func (tx *Tx) About(kind, id string) { tx.subject.Kind, tx.subject.ID = kind, id }

// Because adds the reason that the actor gave.
func (tx *Tx) Because(reason string) { tx.subject.Reason = reason }

// Subject is what About and Because said.
func (tx *Tx) Subject() Subject { return tx.subject }

// After runs fn once the transaction has been committed, and never otherwise.
func (tx *Tx) After(fn func()) { tx.after = append(tx.after, fn) }

// Within admits a batch or unit that the actor's grants reach; of a unit's ancestors,
// name all: a grant in a unit reaches what is below it.
// Errors: fault.NotFound, as if there were no such thing.
func (tx *Tx) Within(ids ...string) error {
	if tx.Scope == nil {
		return nil
	}
	for _, id := range ids {
		if slices.Contains(tx.Scope, id) {
			return nil
		}
	}
	return fault.Missing()
}

// Whole admits acts on the whole tenant, which a grant limited to a batch or unit does
// not cover. Errors: fault.Forbidden.
func (tx *Tx) Whole() error {
	if tx.Scope == nil {
		return nil
	}
	return fault.New(fault.Forbidden, "Peran Anda terbatas pada angkatan atau unit tertentu. Minta peran untuk seluruh instansi kepada admin.")
}

// Join brings the joined rows (rooms, links, groups) of other tenants' batches into
// sight, once the actor's live seat in each has been found.
// Errors: fault.NotFound when there is none in one of them.
func (tx *Tx) Join(ctx context.Context, batches ...BatchRef) error {
	foreign := slices.DeleteFunc(slices.Clone(batches), func(b BatchRef) bool { return b.Host == tx.Tenant })
	if len(foreign) == 0 {
		return nil
	}
	if tx.Seated == nil {
		return fault.Missing()
	}
	seats, err := tx.Seated(ctx, tx, foreign)
	if err != nil {
		return err
	}
	for _, b := range foreign {
		if !slices.Contains(seats, b) {
			return fault.Missing()
		}
		tx.batches = append(tx.batches, b.Batch)
	}
	return tx.set(ctx, "app.batches", list(tx.batches))
}

// Recognise brings into the sight of a Platform transaction the rows that carry the
// identity which it has found behind a session or token: sign-in needs both at once.
func (tx *Tx) Recognise(ctx context.Context, id IdentityID) error {
	if tx.Door != DoorPlatform {
		return errors.New("only the Platform door recognises anybody")
	}
	tx.person = id
	return tx.set(ctx, "app.person", string(id))
}

// Ask lets tx learn of the named subjects' claims and once-only marks, in whatever
// tenant they are.
func (tx *Tx) Ask(ctx context.Context, subjects ...string) error {
	tx.asking = append(tx.asking, subjects...)
	return tx.set(ctx, "app.asking", list(tx.asking))
}

// set changes one transaction-local setting.
func (tx *Tx) set(ctx context.Context, name, value string) error {
	if tx.engine != Postgres {
		return nil
	}
	_, err := tx.NewRaw("SELECT set_config(?, ?, true)", name, value).Exec(ctx)
	return err
}

// enter tells PostgreSQL the whole Reach in one statement. All settings are local
// to the transaction: a pooled connection carries nothing to the next one.
func (tx *Tx) enter(ctx context.Context) error {
	if tx.engine != Postgres {
		return nil
	}
	tree := make([]string, len(tx.Tree))
	for i, t := range tx.Tree {
		tree[i] = id(t)
	}
	nation := ""
	if tx.Nation {
		nation = "yes"
	}
	_, err := tx.NewRaw(`SELECT set_config('app.door', ?, true), set_config('app.tenant', ?, true),
		set_config('app.person', ?, true), set_config('app.home', ?, true), set_config('app.reach', ?, true),
		set_config('app.nation', ?, true), set_config('app.token', ?, true)`,
		string(tx.Door), id(tx.Tenant), string(tx.person), id(tx.Home), list(tree), nation, tx.Token).Exec(ctx)
	return err
}

// id prints t, and nothing for none.
func id(t TenantID) string {
	if t == 0 {
		return ""
	}
	return strconv.Itoa(int(t))
}

// list prints values as a PostgreSQL array; they are ids, without quotes or commas.
func list(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return "{" + strings.Join(values, ",") + "}"
}

func (db *DB) begin(idb bun.IDB, r Reach) *Tx {
	tx := &Tx{IDB: idb, Reach: r, Now: civil.Instant(db.now()), engine: db.Engine}
	if r.Door == DoorSelf {
		tx.person = r.Actor
	}
	return tx
}
