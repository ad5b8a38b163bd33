// Package trail lets a government read who did what in its own name.
//
// The lines are those that the Gate left, in the chain of the tenant acted in; nobody
// reads another's. A line says who by an identity alone: the names of those on one
// page are looked up apart, and no others. Anybody who may read the trail may also
// have its chain recomputed, and so need not believe whoever runs the database.
package trail

import (
	"context"
	"slices"
	"strings"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants"
)

const (
	pageSize   = 50
	exportMost = 20_000 // lines of one download
)

// An Entry is a line with the name of who acted.
type Entry struct {
	authz.Line
	Name string // "" for the machine, and for somebody who is not known any more
}

// Deed says what the entry is about, after the name of who did it: in Indonesian.
func (e Entry) Deed() string { return deed(e.Permission, e.Kind) }

// Who is the name of who acted, in Indonesian where it is none.
func (e Entry) Who() string {
	switch {
	case e.Name != "":
		return e.Name
	case e.Actor == "":
		return ui.N("Sistem")
	}
	return ui.N("Seseorang yang tidak dikenal lagi")
}

// Capacities are the roles in which it was done, in Indonesian, without their limits.
func (e Entry) Capacities() (words []string) {
	for role := range strings.SplitSeq(e.Role, ",") {
		role, _, _ = strings.Cut(role, ":")
		word := authz.Role(role).Words()
		switch role {
		case "":
			continue
		case "person":
			word = ui.N("yang bersangkutan")
		case "system":
			word = ui.N("sistem")
		}
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// A Filter is what somebody looks for; a zero field narrows nothing.
type Filter struct {
	Actor    store.IdentityID
	Kind     string     // of what was acted on
	From, To civil.Date // first and last day, in the tenant's zone
	Before   string     // older than the line with this id
}

// A Page is up to fifty entries, newest first.
type Page struct {
	Zone    civil.Zone
	Entries []Entry
	Next    string // Before of the page after this one; "" when there is none
}

// Service is what can be done with the trail.
type Service struct {
	gate     *authz.Gate
	registry *tenants.Registry
	names    func(context.Context, []store.IdentityID) (map[store.IdentityID]string, error)
}

// New returns the service behind gate. names looks up the names of identities, which
// belong to no tenant.
func New(gate *authz.Gate, registry *tenants.Registry, names func(context.Context, []store.IdentityID) (map[store.IdentityID]string, error)) *Service {
	return &Service{gate, registry, names}
}

// List returns a page of the trail of the tenant acted in.
// Errors: fault.Invalid (sampai) when the last day is before the first.
func (s *Service) List(ctx context.Context, f Filter) (p Page, err error) {
	defer fault.Wrap(&err, "list audit trail")
	entries, zone, err := s.read(ctx, f, pageSize+1)
	if err != nil {
		return p, err
	}
	p = Page{Zone: zone, Entries: entries}
	if len(entries) > pageSize {
		p.Entries, p.Next = entries[:pageSize], entries[pageSize-1].ID
	}
	return p, nil
}

// Export returns everything that f finds, newest first.
// Errors: fault.Invalid (dari) when that is more than fits into one file.
func (s *Service) Export(ctx context.Context, f Filter) (p Page, err error) {
	defer fault.Wrap(&err, "export audit trail")
	p.Entries, p.Zone, err = s.read(ctx, f, exportMost+1)
	if err == nil && len(p.Entries) > exportMost {
		err = fault.At("dari", "Jejak ini lebih dari %d baris. Persempit tanggalnya.", exportMost)
	}
	return p, err
}

func (s *Service) read(ctx context.Context, f Filter, most int) (entries []Entry, zone civil.Zone, err error) {
	if !f.From.IsZero() && !f.To.IsZero() && f.To.String() < f.From.String() {
		return nil, "", fault.At("sampai", "Hari terakhir mendahului hari pertama. Tukar kedua tanggalnya.")
	}
	var lines []authz.Line
	err = s.gate.Read(ctx, authz.AuditRead, func(tx *store.Tx) (err error) {
		if err := tx.Whole(); err != nil {
			return err
		}
		zone = s.registry.Find(tx.Tenant).Zone
		sought := authz.Sought{Actor: f.Actor, Kind: f.Kind, Before: f.Before}
		if !f.From.IsZero() {
			sought.From = f.From.At(0, 0, zone)
		}
		if !f.To.IsZero() {
			sought.To = f.To.At(24, 0, zone)
		}
		lines, err = authz.Trail(ctx, tx, sought, most)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	var who []store.IdentityID
	for _, l := range lines {
		if l.Actor != "" && !slices.Contains(who, l.Actor) {
			who = append(who, l.Actor)
		}
	}
	names, err := s.names(ctx, who)
	if err != nil {
		return nil, "", err
	}
	for _, l := range lines {
		entries = append(entries, Entry{l, names[l.Actor]})
	}
	return entries, zone, nil
}

// A Check is what recomputing a chain has found.
type Check struct {
	Lines    int // that were read
	Findings []authz.Finding
}

// Verify recomputes the chain of the tenant acted in.
func (s *Service) Verify(ctx context.Context) (c Check, err error) {
	defer fault.Wrap(&err, "verify audit chain")
	err = s.gate.Read(ctx, authz.AuditRead, func(tx *store.Tx) (err error) {
		if err := tx.Whole(); err != nil {
			return err
		}
		c.Findings, c.Lines, err = authz.VerifyChain(ctx, tx)
		return err
	})
	return c, err
}
