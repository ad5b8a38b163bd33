package employee

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// A UnitID identifies a unit within its tenant: a UUIDv7 in text form.
type UnitID string

// A Unit is a part of a government (perangkat daerah, OPD), in a tree. One that is closed
// keeps its row, and can be given to nobody any more.
type Unit struct {
	bun.BaseModel `bun:"table:unit"`

	TenantID tenants.ID `bun:",pk" json:"-"`
	ID       UnitID     `bun:",pk" json:"id"`
	Name     string     `json:"name"`
	Code     string     `json:"code,omitempty"`                   // short: BKPSDM
	Unor     string     `bun:",nullzero" json:"unor,omitempty"`   // its id in SIASN
	ParentID UnitID     `bun:",nullzero" json:"parent,omitempty"` // "" = directly below the government
	FromDay  civil.Date `json:"from"`                             // first day
	ToDay    civil.Date `bun:",nullzero" json:"to,omitzero"`      // last day; zero = until further notice
	Version  int        `json:"version"`
}

// Open reports whether u can be given employees and units.
func (u Unit) Open() bool { return u.ToDay.IsZero() }

const (
	maxDepth = 8    // levels of the tree: a province's has five
	maxUnits = 5000 // of a tenant; SIASN's largest trees have some three thousand
)

// A Tree is the units of a tenant, or those of them that the actor's grants reach.
type Tree struct {
	all   []Unit // by name
	byID  map[UnitID]Unit
	below map[UnitID][]Unit // "" = the topmost; by name
}

// newTree puts units, sorted by name, below their parents.
func newTree(all []Unit) Tree {
	t := Tree{all, map[UnitID]Unit{}, map[UnitID][]Unit{}}
	for _, u := range all {
		t.byID[u.ID] = u
	}
	for _, u := range all {
		parent := u.ParentID
		if _, ok := t.byID[parent]; !ok {
			parent = "" // out of reach
		}
		t.below[parent] = append(t.below[parent], u)
	}
	return t
}

// Find returns unit id; ok is false when there is none.
func (t Tree) Find(id UnitID) (u Unit, ok bool) {
	u, ok = t.byID[id]
	return u, ok
}

// Below returns the units directly below id, "" for the topmost, by name.
func (t Tree) Below(id UnitID) []Unit { return t.below[id] }

// Open lists the units of t that are not closed, by name.
func (t Tree) Open() []Unit {
	return slices.DeleteFunc(slices.Clone(t.all), func(u Unit) bool { return !u.Open() })
}

// Len is how many units there are.
func (t Tree) Len() int { return len(t.byID) }

// Within returns id and all units below it; none when there is no such unit.
func (t Tree) Within(id UnitID) (all []UnitID) {
	if _, ok := t.byID[id]; !ok {
		return nil
	}
	all = []UnitID{id}
	for i := 0; i < len(all) && len(all) <= len(t.byID); i++ {
		for _, u := range t.below[all[i]] {
			all = append(all, u.ID)
		}
	}
	return all
}

// reached returns the part of t that the actor's grants reach, and whether that is less
// than everything, employees without a unit included.
// Errors: fault.Forbidden when the grants are limited to something that is no unit.
func (t Tree) reached(tx *store.Tx) (part Tree, limited bool, err error) {
	in := map[UnitID]bool{}
	for _, limit := range tx.Scope {
		for _, id := range t.Within(UnitID(limit)) {
			in[id] = true
		}
	}
	if len(in) == 0 {
		return t, false, tx.Whole()
	}
	return newTree(slices.DeleteFunc(slices.Clone(t.all), func(u Unit) bool { return !in[u.ID] })), true, nil
}

// ids are those of all units of t.
func (t Tree) ids() []UnitID {
	all := make([]UnitID, len(t.all))
	for i, u := range t.all {
		all[i] = u.ID
	}
	return all
}

// Units returns the tree of the tenant acted in, closed units included.
func Units(ctx context.Context, tx *store.Tx) (Tree, error) {
	var all []Unit
	err := tx.NewSelect().Model(&all).Where("tenant_id = ?", tx.Tenant).Limit(maxUnits).Scan(ctx)
	slices.SortFunc(all, func(a, b Unit) int { // here, because the engines sort differently
		if c := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return newTree(all), err
}

// findUnit returns unit id of the tenant acted in. Errors: fault.NotFound.
func findUnit(ctx context.Context, tx *store.Tx, id UnitID) (u Unit, err error) {
	err = tx.NewSelect().Model(&u).Where("tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx)
	return u, store.Err(err)
}

// lineage returns unit id, its parent, and so on up to the top. A write reads these few
// rows and not the tree.
func lineage(ctx context.Context, tx *store.Tx, id UnitID) (all []Unit, err error) {
	for id != "" {
		u, err := findUnit(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if len(all) > maxDepth {
			return nil, fmt.Errorf("units above %s go in a circle", id)
		}
		all, id = append(all, u), u.ParentID
	}
	return all, nil
}

// admit lets through what belongs to a unit that the actor's grants reach: itself or one
// above it. Errors: fault.NotFound.
func admit(ctx context.Context, tx *store.Tx, id UnitID) error {
	if tx.Scope == nil {
		return nil
	}
	above, err := lineage(ctx, tx, id)
	if err != nil {
		return err
	}
	ids := make([]string, len(above))
	for i, u := range above {
		ids[i] = string(u.ID)
	}
	return tx.Within(ids...)
}

// check says what is wrong with what was typed. Errors: fault.Invalid.
func (u *Unit) check() (err error) {
	if u.Name, err = fault.Text("name", "Nama perangkat daerah", u.Name, 200); err != nil {
		return err
	}
	for _, f := range []struct {
		name, label string
		text        *string
		most        int
	}{{"code", "Singkatan", &u.Code, 40}, {"unor", "ID unor SIASN", &u.Unor, 60}} {
		if *f.text = strings.TrimSpace(*f.text); *f.text == "" {
			continue
		}
		if *f.text, err = fault.Text(f.name, f.label, *f.text, f.most); err != nil {
			return err
		}
	}
	return nil
}

// below says whether u may stand directly below the first of above, which is followed by
// those above it; none is the top.
// Errors: fault.Invalid for a circle, a closed parent or too deep a tree.
func (u Unit) below(above []Unit, depth int) error {
	switch {
	case slices.ContainsFunc(above, func(a Unit) bool { return a.ID == u.ID }):
		return fault.At("parent", "Perangkat daerah tidak dapat berada di bawah dirinya sendiri. Pilih induk yang lain.")
	case len(above) > 0 && !above[0].Open():
		return fault.At("parent", "Induk ini sudah ditutup. Pilih induk yang masih ada.")
	case len(above)+depth > maxDepth:
		return fault.At("parent", "Susunan perangkat daerah paling dalam %d tingkat. Pilih induk yang lebih atas.", maxDepth)
	}
	return nil
}

// treeKey names what is contended when the tree of a tenant changes its shape.
func treeKey(ctx context.Context) string {
	a, _ := authz.ActorFrom(ctx)
	return fmt.Sprintf("units:%d", a.Tenant)
}

// Tree returns the units of the tenant acted in that the actor's grants reach.
// Errors: fault.Forbidden when they are limited to no unit.
func (s *Service) Tree(ctx context.Context) (t Tree, err error) {
	defer fault.Wrap(&err, "list units")
	err = s.gate.Read(ctx, authz.EmployeeRead, func(tx *store.Tx) (err error) {
		if t, err = Units(ctx, tx); err != nil {
			return err
		}
		t, _, err = t.reached(tx)
		return err
	})
	return t, err
}

// AddUnit records u in the tenant acted in, from today unless it says otherwise.
// Errors: fault.Invalid; fault.Conflict when its name is taken there.
func (s *Service) AddUnit(ctx context.Context, u Unit) (_ Unit, err error) {
	defer fault.Wrap(&err, "add unit")
	if err := u.check(); err != nil {
		return Unit{}, err
	}
	typed := u
	err = s.gate.Write(ctx, authz.UnitManage, treeKey(ctx), func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		u = typed
		u.TenantID, u.ID, u.Version, u.ToDay = tx.Tenant, UnitID(tx.NewID()), 1, civil.Date{}
		if u.FromDay.IsZero() {
			u.FromDay = civil.DateOf(tx.Now, civil.WIB)
		}
		tx.About("unit", string(u.ID))
		above, err := parents(ctx, tx, u.ParentID)
		if err != nil {
			return err
		}
		if err := u.below(above, 1); err != nil {
			return err
		}
		n, err := tx.NewSelect().Model((*Unit)(nil)).Where("tenant_id = ?", tx.Tenant).Count(ctx)
		if err != nil {
			return err
		}
		if n >= maxUnits {
			return fault.New(fault.Conflict, "Paling banyak %d perangkat daerah dapat dicatat. Pakai kembali yang sudah ada.", maxUnits)
		}
		_, err = tx.NewInsert().Model(&u).Exec(ctx)
		return unitErr(err)
	})
	return u, err
}

// parents is lineage of what was chosen as a parent. Errors: fault.Invalid.
func parents(ctx context.Context, tx *store.Tx, id UnitID) ([]Unit, error) {
	all, err := lineage(ctx, tx, id)
	if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
		return nil, fault.At("parent", "Induk yang dipilih tidak ada. Pilih dari daftar.")
	}
	return all, err
}

// unitErr tells what a broken key of a unit means.
func unitErr(err error) error {
	if store.Duplicate(err) {
		return fault.New(fault.Conflict, "Perangkat daerah dengan nama atau ID SIASN ini sudah ada di tempat itu. Pakai yang ada, atau beri nama lain.")
	}
	return store.Err(err)
}

// An Edit is what is changed of a unit; nil leaves a part as it is.
type Edit struct {
	Name, Code, Unor *string
	Parent           *UnitID     // "" = the top
	Close            *civil.Date // last day
	Reason           string      // such as the decree
}

// EditUnit renames, moves or closes unit id, whose version was read when the form was made.
// Errors: fault.NotFound; fault.Invalid, also for a circle; fault.Conflict when it has
// changed since, when its name is taken there, and when it is to close with units or
// active employees in it.
func (s *Service) EditUnit(ctx context.Context, id UnitID, version int, edit Edit) (u Unit, err error) {
	defer fault.Wrap(&err, "edit unit %s", id)
	if edit.Reason, err = because(edit.Reason); err != nil {
		return Unit{}, err
	}
	err = s.gate.Write(ctx, authz.UnitManage, treeKey(ctx), func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		old, err := findUnit(ctx, tx, id)
		if err != nil {
			return err
		}
		if old.Version != version {
			return fault.New(fault.Conflict, "Perangkat daerah ini sudah diubah orang lain. Muat ulang, lalu ulangi perubahan Anda.")
		}
		u = old
		u.apply(edit)
		u.Version++
		if err := u.check(); err != nil {
			return err
		}
		tx.About("unit", string(id))
		tx.Because(strings.TrimSpace(old.told(u) + " " + edit.Reason))
		if u.ParentID != old.ParentID {
			if err := u.move(ctx, tx); err != nil {
				return err
			}
		}
		if !u.ToDay.IsZero() && old.Open() {
			if err := u.close(ctx, tx); err != nil {
				return err
			}
		}
		result, err := tx.NewUpdate().Model(&u).Column("name", "code", "unor", "parent_id", "to_day", "version").
			Where("tenant_id = ? AND id = ? AND version = ?", tx.Tenant, id, version).Exec(ctx)
		if err != nil {
			return unitErr(err)
		}
		if err := store.One(result, nil); err != nil {
			return err
		}
		if u.Name == old.Name {
			return nil
		}
		_, err = tx.NewUpdate().Table("employee").Set("unit = ?", u.Name).Where("tenant_id = ? AND unit_id = ?", tx.Tenant, id).Exec(ctx)
		return err
	})
	return u, err
}

func (u *Unit) apply(e Edit) {
	for _, part := range []struct{ to, from *string }{{&u.Name, e.Name}, {&u.Code, e.Code}, {&u.Unor, e.Unor}} {
		if part.from != nil {
			*part.to = *part.from
		}
	}
	if e.Parent != nil {
		u.ParentID = *e.Parent
	}
	if e.Close != nil {
		u.ToDay = *e.Close
	}
}

// told says for the audit trail what became of old: its history is there.
func (u Unit) told(now Unit) string {
	var all []string
	for _, part := range []struct{ what, old, now string }{
		{"name", u.Name, now.Name}, {"code", u.Code, now.Code}, {"unor", u.Unor, now.Unor},
		{"parent", string(u.ParentID), string(now.ParentID)}, {"to_day", u.ToDay.String(), now.ToDay.String()},
	} {
		if part.old != part.now {
			all = append(all, fmt.Sprintf("%s: %q → %q.", part.what, part.old, part.now))
		}
	}
	return strings.Join(all, " ")
}

// move checks the place to which u goes with all that is below it.
func (u Unit) move(ctx context.Context, tx *store.Tx) error {
	above, err := parents(ctx, tx, u.ParentID)
	if err != nil {
		return err
	}
	if err := u.below(above, 1); err != nil {
		return err
	}
	depth, row := 1, []UnitID{u.ID}
	for len(row) > 0 && depth <= maxDepth { // level by level: as many statements as levels
		var next []UnitID
		err := tx.NewSelect().Model((*Unit)(nil)).Column("id").Where("tenant_id = ? AND parent_id IN (?)", tx.Tenant, bun.List(row)).Scan(ctx, &next)
		if err != nil {
			return err
		}
		if row = next; len(row) > 0 {
			depth++
		}
	}
	return u.below(above, depth)
}

// close checks that nothing is left in u. Errors: fault.Invalid, fault.Conflict.
func (u Unit) close(ctx context.Context, tx *store.Tx) error {
	if u.ToDay.String() < u.FromDay.String() {
		return fault.At("to", "Hari terakhir mendahului hari pertamanya, %s. Perbaiki tanggalnya.", u.FromDay.Short())
	}
	inside, err := tx.NewSelect().Model((*Unit)(nil)).Where("tenant_id = ? AND parent_id = ? AND to_day IS NULL", tx.Tenant, u.ID).Exists(ctx)
	if err != nil {
		return err
	}
	if inside {
		return fault.New(fault.Conflict, "Masih ada unit di bawahnya. Pindahkan atau tutup dahulu unit-unit itu.")
	}
	n, err := tx.NewSelect().Model((*Employee)(nil)).Where("tenant_id = ? AND unit_id = ? AND active", tx.Tenant, u.ID).Count(ctx)
	if err == nil && n > 0 {
		return fault.New(fault.Conflict, "Masih ada %d pegawai aktif di dalamnya. Pindahkan dahulu mereka.", n)
	}
	return err
}
