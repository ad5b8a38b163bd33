package program

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
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// An Enabling is a government's decision to offer a course type.
type Enabling struct {
	bun.BaseModel `bun:"table:course_type"`

	TenantID   tenants.ID         `bun:",pk"`
	ID         string             `bun:",pk"`
	Key        string             // of the course type
	Asks       []coursetype.Field `bun:"type:jsonb"` // personal data that it may have of a candidate
	EnabledBy  account.ID
	EnabledAt  time.Time // UTC
	DisabledAt time.Time `bun:",nullzero"` // zero while offered
}

// On reports whether the course type is offered.
func (e Enabling) On() bool { return !e.EnabledAt.IsZero() && e.DisabledAt.IsZero() }

// lacks lists what asks is beyond what was agreed to.
func (e Enabling) lacks(asks []coursetype.Ask) (more []coursetype.Ask) {
	for _, a := range asks {
		if !slices.Contains(e.Asks, a.Field) {
			more = append(more, a)
		}
	}
	return more
}

// A Course is the newest version of a course type as the tenant acted in has it.
type Course struct {
	Key, Version string
	Description  *coursetype.Description // nil when the guest does not answer
	Silent       string                  // why it does not: one sentence that names it
	Enabling     Enabling                // zero when it was never offered
	More         []coursetype.Ask        // asked for beyond what was agreed to
	Confirmed    map[string]tenants.ID   // who answers for its rule-sets, by key: LAN, the tenant acted in; 0 = nobody
}

// Usable reports whether programs can be opened under c.
func (c Course) Usable() bool { return c.Description != nil && c.Enabling.On() && len(c.More) == 0 }

// Valid returns the rule-sets under which a batch may begin on day.
func (c Course) Valid(day civil.Date) (all []coursetype.RuleSet) {
	if c.Description == nil {
		return nil
	}
	for _, r := range c.Description.RuleSets {
		if InForce(r, day) {
			all = append(all, r)
		}
	}
	return all
}

// InForce reports whether a batch may begin on day under r.
func InForce(r coursetype.RuleSet, day civil.Date) bool {
	return r.From <= day.String() && (r.To == "" || day.String() <= r.To)
}

// Courses returns the newest version of every installed course type, and what day it is.
// A guest that does not answer is among them.
func (s *Service) Courses(ctx context.Context) (all []Course, today civil.Date, err error) {
	defer fault.Wrap(&err, "list course types")
	var mine []Enabling
	var confirmed []confirmation
	err = s.gate.Read(ctx, authz.ProgramOpen, func(tx *store.Tx) (err error) {
		if err := tx.Whole(); err != nil {
			return err
		}
		today = civil.DateOf(tx.Now, civil.WIB)
		if mine, err = enablings(ctx, tx); err != nil {
			return err
		}
		confirmed, err = listConfirmations(ctx, tx)
		return err
	})
	if err != nil {
		return nil, today, err
	}
	all, err = s.described(ctx, mine)
	for i, c := range all {
		all[i].Confirmed = map[string]tenants.ID{}
		for _, r := range rulesOf(c) {
			all[i].Confirmed[r.Key] = confirmer(confirmed, c.Key, r.Key)
		}
	}
	return all, today, err
}

// described asks the newest version of every installed course type what it offers, and
// puts beside it what was decided about it.
func (s *Service) described(ctx context.Context, mine []Enabling) (all []Course, err error) {
	seen := map[string]bool{}
	for _, entry := range current(s.host.List()) {
		if seen[entry.Name] {
			continue
		}
		seen[entry.Name] = true
		c := Course{Key: entry.Name, Version: entry.Version}
		for _, e := range mine {
			if e.Key == c.Key {
				c.Enabling = e
			}
		}
		d, err := describe(ctx, s.host, c.Key, c.Version)
		switch f := fault.Of(err); {
		case err == nil:
			c.Description, c.More = &d, c.Enabling.lacks(d.Asks)
		case f != nil && f.Kind == fault.Unavailable:
			c.Silent = f.Text
		default:
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// current puts the version of each course type with which new programs begin before the
// others: of one that is disabled as a whole, the newest tells so.
func current(all []host.Status) []host.Status {
	slices.SortStableFunc(all, func(x, y host.Status) int {
		if x.Name != y.Name || x.Current == y.Current {
			return strings.Compare(x.Name, y.Name)
		}
		if x.Current {
			return -1
		}
		return 1
	})
	return all
}

// describe asks a guest what it offers. Errors: fault.Unavailable.
func describe(ctx context.Context, h *host.Host, key, version string) (coursetype.Description, error) {
	guest, err := h.Guest(key, version)
	if err != nil {
		return coursetype.Description{}, err
	}
	return guest.Describe(ctx)
}

// Enable offers course type key in the tenant acted in, and agrees to hand it exactly the
// data agreed, which must be all that this version of it asks for.
// Errors: fault.Conflict when it asks for something else; fault.Unavailable.
func (s *Service) Enable(ctx context.Context, key, version string, agreed []coursetype.Field) (err error) {
	defer fault.Wrap(&err, "enable course type %s", key)
	if err := s.gate.Check(ctx, authz.ProgramOpen); err != nil { // before a guest is asked for anything
		return err
	}
	described, err := describe(ctx, s.host, key, version)
	if err != nil {
		return err
	}
	asks := []coursetype.Field{}
	for _, a := range described.Asks {
		asks = append(asks, a.Field)
	}
	agreed = slices.Compact(slices.Sorted(slices.Values(agreed)))
	if !slices.Equal(slices.Sorted(slices.Values(asks)), agreed) {
		return fault.New(fault.Conflict, "Data yang disetujui bukan data yang diminta %s. Muat ulang halaman, baca yang dimintanya, lalu setujui lagi.", described.Name.ID)
	}
	return s.gate.Write(ctx, authz.ProgramOpen, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		tx.About("course-type", key)
		return saveEnabling(ctx, tx, Enabling{TenantID: tx.Tenant, ID: tx.NewID(), Key: key, Asks: asks, EnabledBy: tx.Actor, EnabledAt: tx.Now})
	})
}

// Disable takes course type key off the offer of the tenant acted in: no program is opened
// and no batch announced under it any more. What has been announced goes on.
// Errors: fault.NotFound when it is not offered.
func (s *Service) Disable(ctx context.Context, key string) (err error) {
	defer fault.Wrap(&err, "disable course type %s", key)
	return s.gate.Write(ctx, authz.ProgramOpen, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		tx.About("course-type", key)
		return saveDisabling(ctx, tx, key)
	})
}

// Offering returns what the tenant acted in has agreed to hand to a course type that it
// offers. asks is what that version asks for.
// Errors: fault.Conflict when it is not offered, or asks for more.
func Offering(ctx context.Context, tx *store.Tx, key string, asks []coursetype.Ask) (agreed []coursetype.Field, err error) {
	e, err := enabling(ctx, tx, key)
	if err != nil {
		return nil, err
	}
	if !e.On() {
		return nil, fault.New(fault.Conflict, "Instansi Anda tidak mengaktifkan jenis pelatihan %s. Aktifkan di halaman Jenis pelatihan.", key)
	}
	if len(e.lacks(asks)) > 0 {
		return nil, fault.New(fault.Conflict, "Jenis pelatihan %s meminta data pegawai yang belum disetujui instansi Anda. Baca dan setujui di halaman Jenis pelatihan.", key)
	}
	agreed = []coursetype.Field{} // stored as a list, not as null
	for _, a := range asks {
		agreed = append(agreed, a.Field)
	}
	return agreed, nil
}
