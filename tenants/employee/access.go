package employee

import (
	"context"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// codesAtOnce is for how many people codes are made at once.
const codesAtOnce = 500

// Codes makes activation codes for the employees in service whom f lets through and who
// have no password yet, 500 people at most, each named as in the register. A code that
// they had before is dead.
// Errors: fault.Invalid for nobody or too many; fault.NotFound for a unit that is not
// there; fault.Forbidden for grants that are limited to something.
func (s *Service) Codes(ctx context.Context, f Filter) (_ []account.Issued, err error) {
	defer fault.Wrap(&err, "make codes for employees")
	if err := f.check(); err != nil {
		return nil, err
	}
	if err := s.gate.Check(ctx, authz.AccountInvite); err != nil { // who lets people in need not know the register
		return nil, err
	}
	f.Status = InService
	var all []Employee
	err = s.gate.Read(ctx, authz.EmployeeRead, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		all = nil
		var tree Tree
		q, err := f.apply(ctx, tx, tx.NewSelect().Model(&all).Column("identity_id", "name"), &tree)
		if err != nil {
			return err
		}
		return q.Order("sort_name", "id").Limit(codesAtOnce + 1).Scan(ctx)
	})
	switch {
	case err != nil:
		return nil, err
	case len(all) == 0:
		return nil, fault.New(fault.Invalid, "Tidak ada pegawai aktif yang cocok. Ubah kata pencarian atau saringannya.")
	case len(all) > codesAtOnce:
		return nil, fault.New(fault.Invalid, "Daftar ini memuat lebih dari %d pegawai aktif. Persempit dengan memilih perangkat daerahnya.", codesAtOnce)
	}
	return s.issue(ctx, all)
}

// CodeFor is Codes for employee id alone. Errors: fault.NotFound; fault.Forbidden.
func (s *Service) CodeFor(ctx context.Context, id ID) (_ []account.Issued, err error) {
	defer fault.Wrap(&err, "make a code for employee %s", id)
	e, err := s.holder(ctx, authz.AccountInvite, id)
	if err != nil {
		return nil, err
	}
	return s.issue(ctx, []Employee{e})
}

// issue has codes made for all, whom it names as the register does, whoever they are elsewhere.
func (s *Service) issue(ctx context.Context, all []Employee) ([]account.Issued, error) {
	people, names := []account.ID{}, map[account.ID]string{}
	for _, e := range all {
		people = append(people, e.IdentityID)
		names[e.IdentityID] = e.Name
	}
	issued, err := s.people.IssueCodes(ctx, people)
	for i, one := range issued {
		issued[i].Identity = account.Identity{ID: one.Identity.ID, Name: names[one.Identity.ID]}
	}
	return issued, err
}

// Resettable returns employee id, whose account the actor may reset.
// Errors: fault.NotFound; fault.Forbidden, also for an account that is not this
// government's alone.
func (s *Service) Resettable(ctx context.Context, id ID) (e Employee, err error) {
	defer fault.Wrap(&err, "offer a reset of employee %s", id)
	if e, err = s.holder(ctx, authz.AccountReset, id); err != nil {
		return Employee{}, err
	}
	_, err = s.people.Resettable(ctx, e.IdentityID)
	return e, err
}

// Reset takes password and second factor off employee id, ends their sessions and makes a code.
// Errors: fault.Invalid without a reason; else as of Resettable.
func (s *Service) Reset(ctx context.Context, id ID, reason string) (done account.Issued, err error) {
	defer fault.Wrap(&err, "reset employee %s", id)
	e, err := s.holder(ctx, authz.AccountReset, id)
	if err != nil {
		return done, err
	}
	done, err = s.people.Reset(ctx, e.IdentityID, reason)
	done.Identity = account.Identity{ID: e.IdentityID, Name: e.Name}
	return done, err
}

// holder returns employee id to who holds perm, and sees the register, in the whole tenant
// acted in. Errors: fault.NotFound; fault.Forbidden.
func (s *Service) holder(ctx context.Context, perm authz.Permission, id ID) (e Employee, err error) {
	if err := s.gate.Check(ctx, perm); err != nil {
		return Employee{}, err
	}
	err = s.gate.Read(ctx, authz.EmployeeRead, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		e, err = Find(ctx, tx, id)
		return err
	})
	return e, err
}
