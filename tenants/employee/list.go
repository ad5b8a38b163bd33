package employee

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
)

const (
	pageSize = 30 // of a list on a page
	mostRows = 50 // of List, for what chooses among all
)

// A Status narrows a list.
type Status string

const (
	InService Status = "active" // also ""
	Left      Status = "inactive"
	Anyone    Status = "all"
)

// A Filter says which employees a list shows.
type Filter struct {
	Query  string // beginnings of words of the name, or of a number
	Unit   UnitID // it and all below; "" = all
	Kind   Kind   // "" = all
	Status Status
}

// check says what is wrong with f. Errors: fault.Invalid.
func (f Filter) check() error {
	if _, ok := lookUp(Kinds(), string(f.Kind)); f.Kind != "" && !ok {
		return fault.At("kind", "Jenis pegawai tidak dikenal. Pilih PNS, CPNS, PPPK atau non-ASN.")
	}
	switch f.Status {
	case "", InService, Left, Anyone:
		return nil
	}
	return fault.At("status", "Status tidak dikenal. Pilih aktif, nonaktif atau semua.")
}

// typed are the words of the query: a number is one, however it is grouped.
func (f Filter) typed() []string {
	digits := unspaced.Replace(f.Query)
	if digits != "" && strings.Trim(digits, "0123456789") == "" {
		return []string{digits}
	}
	return store.Words(f.Query)
}

// A Page is a part of a list.
type Page struct {
	Rows []Employee
	Next store.Cursor // zero on the last page
	Tree Tree         // to choose a unit from
}

// Search returns the employees of the tenant acted in whom f lets through and the actor's
// grants reach, by name, from after on.
// Errors: fault.Invalid; fault.Forbidden when the grants are limited to no unit.
func (s *Service) Search(ctx context.Context, f Filter, after store.Cursor) (p Page, err error) {
	defer fault.Wrap(&err, "search employees")
	if err := f.check(); err != nil {
		return Page{}, err
	}
	err = s.gate.Read(ctx, authz.EmployeeRead, func(tx *store.Tx) (err error) {
		p, err = search(ctx, tx, f, after, pageSize)
		return err
	})
	return p, err
}

// search returns up to size employees.
func search(ctx context.Context, tx *store.Tx, f Filter, after store.Cursor, size int) (p Page, err error) {
	var all []Employee
	q, err := f.apply(ctx, tx, tx.NewSelect().Model(&all), &p.Tree)
	if err != nil {
		return p, err
	}
	if err := after.Page(q, "sort_name", "id", size).Scan(ctx); err != nil {
		return p, err
	}
	for i, e := range all {
		all[i] = e.known()
	}
	p.Rows, p.Next = store.Cut(all, size, func(e Employee) store.Cursor { return store.Cursor{Key: e.SortName, ID: string(e.ID)} })
	return p, nil
}

// apply narrows q to the employees whom f lets through and the actor's grants reach, and
// fills in tree.
// Errors: fault.Forbidden when they are limited to no unit; fault.NotFound for a unit that
// they do not reach.
func (f Filter) apply(ctx context.Context, tx *store.Tx, q *bun.SelectQuery, tree *Tree) (*bun.SelectQuery, error) {
	all, err := Units(ctx, tx)
	if err != nil {
		return nil, err
	}
	part, limited, err := all.reached(tx)
	if err != nil {
		return nil, err
	}
	*tree = part
	q = q.Where("tenant_id = ?", tx.Tenant)
	switch in := tree.Within(f.Unit); {
	case f.Unit != "" && in == nil:
		return nil, fault.Missing()
	case f.Unit != "":
		q = q.Where("unit_id IN (?)", bun.List(in))
	case limited:
		q = q.Where("unit_id IN (?)", bun.List(tree.ids()))
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	switch f.Status { //nolint:exhaustive // what is not named takes nothing here
	case "", InService:
		q = q.Where("active")
	case Left:
		q = q.Where("NOT active")
	}
	typed := f.typed()
	if len(typed) == 0 && strings.TrimSpace(f.Query) != "" { // signs alone are nobody's name
		q = q.Where("FALSE")
	}
	return store.Beginning(tx, q, "employee_word", "employee_id", "id", typed), nil
}

// List returns up to 50 active employees by name.
func (s *Service) List(ctx context.Context) (all []Employee, err error) {
	defer fault.Wrap(&err, "list employees")
	err = s.gate.Read(ctx, authz.EmployeeRead, func(tx *store.Tx) (err error) {
		if err := tx.Whole(); err != nil {
			return err
		}
		all, err = List(ctx, tx)
		return err
	})
	return all, err
}

// List returns up to 50 active employees of the tenant acted in, by name.
func List(ctx context.Context, tx *store.Tx) (all []Employee, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND active", tx.Tenant).Order("sort_name", "id").Limit(mostRows).Scan(ctx)
	for i, e := range all {
		all[i] = e.known()
	}
	return all, err
}

// A Profile is all that a page shows of an employee.
type Profile struct {
	Employee Employee
	NIK      string // masked; "" = none is kept
	Path     []Unit // the unit and those above it
	Warnings []Warning
	Changes  []Change // newest first
}

// Open returns employee id with its history.
// Errors: fault.NotFound, also for one whom the actor's grants do not reach.
func (s *Service) Open(ctx context.Context, id ID) (p Profile, err error) {
	defer fault.Wrap(&err, "open employee %s", id)
	err = s.gate.Read(ctx, authz.EmployeeRead, func(tx *store.Tx) error {
		e, err := reached(ctx, tx, id)
		if err != nil {
			return err
		}
		p = Profile{Employee: e, Warnings: e.Warnings(civil.DateOf(tx.Now, civil.WIB))}
		if p.Path, err = lineage(ctx, tx, e.UnitID); err != nil {
			return err
		}
		p.Changes, err = history(ctx, tx, id)
		return err
	})
	if err != nil {
		return Profile{}, err
	}
	if p.NIK, err = s.mask(p.Employee); err != nil {
		return Profile{}, err
	}
	return p, s.sign(ctx, p.Changes)
}

// Find returns employee id without history, and the NIK as a page may show it.
// Errors: fault.NotFound, also for one whom the actor's grants do not reach.
func (s *Service) Find(ctx context.Context, id ID) (e Employee, nik string, err error) {
	defer fault.Wrap(&err, "find employee %s", id)
	err = s.gate.Read(ctx, authz.EmployeeRead, func(tx *store.Tx) (err error) {
		e, err = reached(ctx, tx, id)
		return err
	})
	if err != nil {
		return Employee{}, "", err
	}
	nik, err = s.mask(e)
	return e, nik, err
}

// mask is the NIK of e as a page may show it, "" for none.
func (s *Service) mask(e Employee) (string, error) {
	if e.NIKSealed == "" {
		return "", nil
	}
	nik, err := s.vault.Open(e.TenantID, e.ID, e.NIKSealed)
	return masked(nik), err
}

// sign writes below each line of a history who did it.
func (s *Service) sign(ctx context.Context, all []Change) error {
	var ids []account.ID
	for _, c := range all {
		if c.Actor != "" && !slices.Contains(ids, c.Actor) {
			ids = append(ids, c.Actor)
		}
	}
	names, err := s.people.Names(ctx, ids)
	for i := range all {
		all[i].By = names[all[i].Actor]
	}
	return err
}
