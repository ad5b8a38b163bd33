// Package program is what a training body offers: a course type under one of its
// rule-sets.
//
// A course type is installed by the operator of the platform and offered by a government
// that enables it. Enabling agrees to exactly the personal data that it asks for; a
// version that asks for more is agreed to anew, and until then nothing new begins under
// it. Who may open programs decides so: the data that a guest then sees of a candidate
// carry neither name nor number, and the sender reads what they are before it proposes.
//
// A rule-set that nobody has compared with its decree can be used all the same: most of
// what governments hold is not LAN's and waits for nobody. It carries a mark wherever it
// is seen, until the head of a government lays the decree before it and a second person
// confirms that the two agree; then that government's programs and batches say so. LAN's
// word outranks it, and holds for everybody. Marks block nothing.
//
// A program takes the guest's version and rule-set as they are on the day it is
// opened. Its batches are pinned to both: a newer guest or decree never changes
// what has begun.
package program

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
)

// An ID identifies a program within its tenant: a UUIDv7 in text form.
type ID string

// Pin says which guest, and which of its rule-sets, judges.
type Pin struct {
	CourseType string            `json:"course_type"`
	Version    string            `json:"version"`
	RuleSet    string            `json:"rule_set"`
	RuleSource coursetype.Source `json:"rule_source"` // verified, or unconfirmed: then every page says so
}

// A Program is an offering.
type Program struct {
	bun.BaseModel `bun:"table:program"`

	TenantID   tenants.ID `bun:",pk"`
	ID         ID         `bun:",pk"`
	Title      string
	Pin        `bun:",embed"`
	RuleTitle  string
	RuleDecree string

	ConfirmedBy tenants.ID `bun:",scanonly"` // who answers for the rule-set: LAN, the program's own tenant; 0 = nobody
}

// Service is what a training body can do with its programs.
type Service struct {
	gate *authz.Gate
	host *host.Host
}

// New returns the service behind gate, with the guests that host runs.
func New(gate *authz.Gate, host *host.Host) *Service { return &Service{gate, host} }

// Open offers title as a program of course type (name, version) under its rule-set.
// Errors: fault.Invalid (title, rule_set); fault.Conflict when the tenant does not offer
// it, or has not agreed to all that it asks for; fault.Unavailable when the guest is not there.
func (s *Service) Open(ctx context.Context, title, name, version, ruleSet string) (id ID, err error) {
	defer fault.Wrap(&err, "open program")
	if title, err = fault.Text("title", "Nama program", title, 200); err != nil {
		return "", err
	}
	if err := s.gate.Check(ctx, authz.ProgramOpen); err != nil { // before a guest is asked for anything
		return "", err
	}
	guest, err := s.host.Guest(name, version)
	if err != nil {
		return "", err
	}
	described, err := guest.Describe(ctx)
	if err != nil {
		return "", err
	}
	p := Program{Title: title, Pin: Pin{CourseType: name, Version: version, RuleSet: ruleSet}}
	for _, r := range described.RuleSets {
		if r.Key == ruleSet {
			p.RuleTitle, p.RuleDecree, p.RuleSource = r.Title.ID, r.Decree, r.Source
		}
	}
	if p.RuleTitle == "" {
		return "", fault.At("rule_set", "Ketentuan %q tidak ada pada jenis pelatihan %s versi %s. Pilih dari daftar ketentuannya.", ruleSet, name, version)
	}
	err = s.gate.Write(ctx, authz.ProgramOpen, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		if _, err := Offering(ctx, tx, name, described.Asks); err != nil {
			return err
		}
		p.TenantID, p.ID = tx.Tenant, ID(tx.NewID())
		tx.About("program", string(p.ID))
		_, err := tx.NewInsert().Model(&p).Exec(ctx)
		return store.Err(err)
	})
	return p.ID, err
}

// pageSize bounds a list.
const pageSize = 50

// List returns up to 50 programs of the tenant acted in, newest first.
func (s *Service) List(ctx context.Context) (all []Program, err error) {
	defer fault.Wrap(&err, "list programs")
	err = s.gate.Read(ctx, authz.ProgramOpen, func(tx *store.Tx) (err error) {
		if err := tx.Whole(); err != nil {
			return err
		}
		all, err = Offered(ctx, tx)
		return err
	})
	return all, err
}

// Offered returns up to 50 programs of the tenant acted in, newest first.
func Offered(ctx context.Context, tx *store.Tx) (all []Program, err error) {
	confirmed, lan := ConfirmedBy("program")
	err = tx.NewSelect().Model(&all).ColumnExpr("program.*").ColumnExpr(confirmed, lan).Where("tenant_id = ?", tx.Tenant).Order("id DESC").Limit(pageSize).Scan(ctx)
	return all, err
}

// Find returns program id of the tenant acted in. Errors: fault.NotFound.
func Find(ctx context.Context, tx *store.Tx, id ID) (p Program, err error) {
	err = tx.NewSelect().Model(&p).Where("tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx)
	return p, store.Err(err)
}
