package program

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// A Decree is the text of a regulation that somebody answers for.
type Decree struct {
	bun.BaseModel `bun:"table:rule_decree"`

	TenantID    tenants.ID `bun:",pk"`
	ID          string     `bun:",pk"`
	CourseType  string
	RuleSet     string
	Number      string `bun:"decree"`
	Day         civil.Date
	File        []byte // PDF; nil in lists
	DeclaredBy  account.ID
	DeclaredAt  time.Time  // UTC
	ConfirmedBy account.ID `bun:",nullzero"`
	ConfirmedAt time.Time  `bun:",nullzero"` // zero until a second person has confirmed
}

// A confirmation is what everybody may know of a confirmed Decree.
type confirmation struct {
	bun.BaseModel `bun:"table:confirmation"`

	TenantID    tenants.ID `bun:",pk"`
	ID          string     `bun:",pk"`
	PublishedAt time.Time
	CourseType  string
	RuleSet     string
	Decree      string
	Day         civil.Date
}

// maxFile bounds the PDF of a decree, in bytes.
const maxFile = 5 << 20

// check trims what was typed and says what is wrong with d. Errors: fault.Invalid.
func (d *Decree) check() (err error) {
	if d.Number, err = fault.Text("number", "Nomor keputusan", d.Number, 120); err != nil {
		return err
	}
	switch {
	case d.Day.IsZero():
		return fault.At("day", "Tanggal keputusan wajib diisi.")
	case len(d.File) == 0:
		return fault.At("file", "Pilih berkas PDF naskah peraturannya.")
	case len(d.File) > maxFile:
		return fault.At("file", "Berkas ini lebih dari 5 MB. Perkecil PDF-nya, lalu kirim lagi.")
	case !bytes.HasPrefix(d.File, []byte("%PDF-")) || !bytes.Contains(d.File[max(0, len(d.File)-1024):], []byte("%%EOF")):
		return fault.At("file", "Berkas ini bukan PDF yang utuh. Simpan naskahnya sebagai PDF, lalu kirim lagi.")
	}
	return nil
}

// A Doubt is a rule-set that its course type calls unconfirmed.
type Doubt struct {
	Course  Course
	Rules   coursetype.RuleSet
	Decree  Decree     // of the tenant acted in, without its file; zero when there is none
	Confirm tenants.ID // who has confirmed it: LAN before the tenant acted in; 0 = nobody
}

// Doubts returns the unconfirmed rule-sets of all course types that answer.
func (s *Service) Doubts(ctx context.Context) (all []Doubt, err error) {
	defer fault.Wrap(&err, "list unconfirmed rule-sets")
	var decrees []Decree
	var confirmed []confirmation
	err = s.gate.Read(ctx, authz.BatchRead, func(tx *store.Tx) (err error) {
		if err := tx.Whole(); err != nil {
			return err
		}
		if decrees, err = listDecrees(ctx, tx); err != nil {
			return err
		}
		confirmed, err = listConfirmations(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	courses, err := s.described(ctx, nil)
	for _, c := range courses {
		for _, r := range rulesOf(c) {
			if r.Source == coursetype.Verified {
				continue
			}
			d := Doubt{Course: c, Rules: r, Confirm: confirmer(confirmed, c.Key, r.Key)}
			for _, decree := range decrees {
				if decree.CourseType == c.Key && decree.RuleSet == r.Key {
					d.Decree = decree
				}
			}
			all = append(all, d)
		}
	}
	return all, err
}

func rulesOf(c Course) []coursetype.RuleSet {
	if c.Description == nil {
		return nil
	}
	return c.Description.RuleSets
}

// confirmer returns who of all has confirmed a rule-set: LAN before others; 0 = nobody.
func confirmer(all []confirmation, courseType, ruleSet string) (by tenants.ID) {
	for _, c := range all {
		if c.CourseType == courseType && c.RuleSet == ruleSet && by != tenants.LAN {
			by = c.TenantID
		}
	}
	return by
}

// Declare lays d before the tenant acted in, in the place of one that is not confirmed yet.
// Errors: fault.Invalid; fault.NotFound when there is no such unconfirmed rule-set;
// fault.Conflict when it is confirmed; fault.Unavailable.
func (s *Service) Declare(ctx context.Context, d Decree) (err error) {
	defer fault.Wrap(&err, "declare decree of %s %s", d.CourseType, d.RuleSet)
	if err := s.gate.Check(ctx, authz.RuleDeclare); err != nil { // before a guest is asked for anything
		return err
	}
	if err := d.check(); err != nil {
		return err
	}
	courses, err := s.described(ctx, nil)
	if err != nil {
		return err
	}
	doubted := slices.ContainsFunc(courses, func(c Course) bool {
		return c.Key == d.CourseType && slices.ContainsFunc(rulesOf(c), func(r coursetype.RuleSet) bool { return r.Key == d.RuleSet && r.Source != coursetype.Verified })
	})
	if !doubted {
		return fault.Missing()
	}
	return s.gate.Write(ctx, authz.RuleDeclare, "rule:"+d.CourseType+":"+d.RuleSet, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		before, err := decreeOf(ctx, tx, d.CourseType, d.RuleSet)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		if !before.ConfirmedAt.IsZero() {
			return confirmedAlready()
		}
		d.TenantID, d.ID, d.DeclaredBy, d.DeclaredAt = tx.Tenant, tx.NewID(), tx.Actor, tx.Now
		tx.About("rule-set", d.CourseType+":"+d.RuleSet)
		tx.Because(d.Number)
		return saveDecree(ctx, tx, d)
	})
}

func confirmedAlready() error {
	return fault.New(fault.Conflict, "Ketentuan ini sudah dikonfirmasi instansi Anda. Muat ulang halaman.")
}

// Confirm records that a second person has compared the rule-set with decree id.
// Errors: fault.NotFound; fault.Forbidden for who laid it before; fault.Conflict when it is done.
func (s *Service) Confirm(ctx context.Context, id string) (err error) {
	defer fault.Wrap(&err, "confirm decree %s", id)
	return s.gate.Write(ctx, authz.RuleConfirm, "rule:"+id, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		d, err := findDecree(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := authz.Apart(d.DeclaredBy, tx.Actor, "Ketentuan dikonfirmasi oleh orang kedua, bukan yang mengunggah naskahnya. Minta rekan Anda mencocokkannya."); err != nil {
			return err
		}
		if !d.ConfirmedAt.IsZero() {
			return confirmedAlready()
		}
		tx.About("rule-set", d.CourseType+":"+d.RuleSet)
		tx.Because(d.Number)
		if err := markConfirmed(ctx, tx, id); err != nil {
			return err
		}
		return publish(ctx, tx, confirmation{TenantID: tx.Tenant, ID: tx.NewID(), PublishedAt: tx.Now, CourseType: d.CourseType, RuleSet: d.RuleSet, Decree: d.Number, Day: d.Day})
	})
}

// Text returns the PDF of decree id of the tenant acted in. Errors: fault.NotFound.
func (s *Service) Text(ctx context.Context, id string) (file []byte, err error) {
	defer fault.Wrap(&err, "read decree %s", id)
	err = s.gate.Read(ctx, authz.BatchRead, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		file, err = decreeFile(ctx, tx, id)
		return err
	})
	return file, err
}
