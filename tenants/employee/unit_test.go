package employee_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

func (o office) unit(t *testing.T, ctx context.Context, name string, parent employee.UnitID) employee.Unit {
	t.Helper()
	u, err := o.AddUnit(ctx, employee.Unit{Name: name, ParentID: parent})
	check(t, err)
	return u
}

// TestUnits: units are named once in a place, go below each other without a circle, and
// close when nobody is left in them.
func TestUnits(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		ctx := o.in(t, tuban, "")
		agency := o.unit(t, ctx, "Badan Kepegawaian", "")
		section := o.unit(t, ctx, "Bidang Diklat", agency.ID)
		other := o.unit(t, ctx, "Dinas Pendidikan", "")
		o.unit(t, ctx, "Bidang Diklat", other.ID)
		_, err := o.AddUnit(ctx, employee.Unit{Name: "Bidang Diklat", ParentID: agency.ID})
		refused(t, err, fault.Conflict, "sudah ada di tempat itu")
		_, err = o.AddUnit(ctx, employee.Unit{Name: "Dinas Pendidikan"})
		refused(t, err, fault.Conflict)
		_, err = o.AddUnit(ctx, employee.Unit{Name: "X", ParentID: "01890000-0000-7000-8000-000000000000"})
		refused(t, err, fault.Invalid, "Induk")
		foreign := o.unit(t, o.in(t, jambi, ""), "Badan", "")
		_, err = o.AddUnit(ctx, employee.Unit{Name: "X", ParentID: foreign.ID})
		refused(t, err, fault.Invalid, "Induk")

		edit := func(u employee.Unit, e employee.Edit) (employee.Unit, error) {
			return o.EditUnit(ctx, u.ID, u.Version, e)
		}
		to := func(u employee.Unit) *employee.UnitID { return &u.ID }
		for _, below := range []employee.Unit{agency, section} {
			_, err = edit(agency, employee.Edit{Parent: to(below)})
			refused(t, err, fault.Invalid, "dirinya sendiri")
		}
		id := o.register(t, ctx, func() employee.Employee { e := person("Ani", nipAni); e.UnitID = section.ID; return e }())
		name := "Bidang Pengembangan"
		if section, err = edit(section, employee.Edit{Name: &name, Parent: to(other)}); err != nil {
			t.Fatal(err)
		}
		_, err = o.EditUnit(ctx, section.ID, 1, employee.Edit{})
		refused(t, err, fault.Conflict, "sudah diubah")
		p, err := o.Open(ctx, id)
		check(t, err)
		if p.Employee.Unit != name || len(p.Path) != 2 || p.Path[1].Name != "Dinas Pendidikan" {
			t.Errorf("works in %q, path %v", p.Employee.Unit, p.Path)
		}
		last := civil.Date{Year: 2099, Month: 12, Day: 31}
		_, err = edit(other, employee.Edit{Close: &last})
		refused(t, err, fault.Conflict, "unit di bawahnya")
		_, err = edit(section, employee.Edit{Close: &last})
		refused(t, err, fault.Conflict, "1 pegawai aktif")
		_, err = edit(agency, employee.Edit{Close: &civil.Date{Year: 1999, Month: 1, Day: 1}})
		refused(t, err, fault.Invalid, "mendahului")
		e, err := o.Deactivate(ctx, id, 1, "Pensiun")
		check(t, err)
		if section, err = edit(section, employee.Edit{Close: &last, Reason: "Perda 3/2026"}); err != nil || section.Open() {
			t.Fatalf("closed: %+v, %v", section, err)
		}
		_, err = o.Reactivate(ctx, id, e.Version, "Kembali")
		refused(t, err, fault.Invalid, "sudah ditutup")
		_, err = o.EditUnit(o.in(t, jambi, ""), agency.ID, 1, employee.Edit{Name: &name})
		refused(t, err, fault.NotFound)
	})
}

// TestNoCircle: two moves that make a circle only together are not both done.
func TestNoCircle(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		ctx := o.in(t, tuban, "")
		for round := range 5 {
			a, b := o.unit(t, ctx, fmt.Sprint("A", round), ""), o.unit(t, ctx, fmt.Sprint("B", round), "")
			done := make(chan error, 2)
			for _, pair := range [][2]employee.Unit{{a, b}, {b, a}} {
				go func() {
					_, err := o.EditUnit(ctx, pair[0].ID, 1, employee.Edit{Parent: &pair[1].ID})
					done <- err
				}()
			}
			if first, second := <-done, <-done; (first == nil) == (second == nil) || !errors.Is(errors.Join(first, second), fault.Invalid) {
				t.Errorf("round %d: %v, %v", round, first, second)
			}
		}
	})
}

// TestUnitScope: a grant in a unit reaches it and all below, in lists and one by one.
func TestUnitScope(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		all := o.in(t, tuban, "")
		agency := o.unit(t, all, "Badan", "")
		section := o.unit(t, all, "Bidang", agency.ID)
		other := o.unit(t, all, "Dinas", "")
		ids := map[string]employee.ID{}
		for i, at := range []employee.UnitID{agency.ID, section.ID, other.ID, ""} {
			e := person(fmt.Sprint("Orang ", i), fmt.Sprintf("19900315201503290%d", i+1))
			e.UnitID = at
			ids[string(at)] = o.register(t, all, e)
		}
		for _, tc := range []struct {
			name, limit string
			sees        []employee.UnitID
		}{
			{"whole", "", []employee.UnitID{agency.ID, section.ID, other.ID, ""}},
			{"agency", string(agency.ID), []employee.UnitID{agency.ID, section.ID}},
			{"section", string(section.ID), []employee.UnitID{section.ID}},
		} {
			ctx := o.in(t, tuban, tc.limit)
			found, err := o.Search(ctx, employee.Filter{}, store.Cursor{})
			check(t, err)
			var file strings.Builder
			check(t, o.Export(ctx, employee.Filter{}, sheet.CSV, &file))
			if n := strings.Count(file.String(), "Orang "); n != 2*len(tc.sees) { // each name plain and as printed
				t.Errorf("%s: %d names in the file, want %d", tc.name, n, 2*len(tc.sees))
			}
			if len(found.Rows) != len(tc.sees) {
				t.Errorf("%s: %d rows, want %d", tc.name, len(found.Rows), len(tc.sees))
			}
			for at, id := range ids {
				want := error(fault.NotFound)
				if slices.Contains(tc.sees, employee.UnitID(at)) {
					want = nil
				}
				p, err := o.Open(ctx, id)
				if !errors.Is(err, want) {
					t.Errorf("%s opens one of %q: %v", tc.name, at, err)
				}
				_, err = o.Deactivate(ctx, id, 99, "Pensiun")
				if want == nil {
					want = fault.Conflict // the version
				}
				if !errors.Is(err, want) {
					t.Errorf("%s changes one of %q (version %d): %v", tc.name, at, p.Employee.Version, err)
				}
			}
		}
		limited := o.in(t, tuban, string(section.ID))
		e := person("Baru", "199003152015032999")
		_, err := o.Register(limited, e)
		refused(t, err, fault.Invalid, "Pilih perangkat daerah")
		e.UnitID = other.ID
		_, err = o.Register(limited, e)
		refused(t, err, fault.NotFound)
		e.UnitID = section.ID
		o.register(t, limited, e)
		_, err = o.AddUnit(limited, employee.Unit{Name: "X"})
		refused(t, err, fault.Forbidden)
		_, err = o.Search(o.in(t, tuban, "01890000-0000-7000-8000-000000000000"), employee.Filter{}, store.Cursor{})
		refused(t, err, fault.Forbidden)
		_, err = o.Search(limited, employee.Filter{Unit: other.ID}, store.Cursor{})
		refused(t, err, fault.NotFound)
		tree, err := o.Tree(o.in(t, tuban, string(agency.ID)))
		if err != nil || tree.Len() != 2 || len(tree.Below("")) != 1 || len(tree.Below(agency.ID)) != 1 {
			t.Errorf("the tree of the agency: %+v, %v", tree, err)
		}
	})
}

// TestSearch: pages together show exactly those whom a plain look at all would find, in
// the order of their folded names, on both engines.
func TestSearch(t *testing.T) {
	names := []string{"Andi Saputra", "ANDI Ma'ruf", "Andika", "Budi Santoso", "Maruf Andi", "Sri Ándita", "Zainal", "Ørsted", "Éva", "andi saputra", "Al-Amin", "I Wayan 2"}
	for i := range 30 {
		names = append(names, fmt.Sprintf("Sinta %c%c", 'A'+i%7, 'a'+i%5))
	}
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		ctx := o.in(t, tuban, "")
		at := o.unit(t, ctx, "Badan", "")
		type known struct {
			id   employee.ID
			e    employee.Employee
			sort string
		}
		var all []known
		for i, name := range names {
			e := person(name, fmt.Sprintf("19900315201503%d%03d", 1+i%2, i+1))
			if i%3 == 0 {
				e = employee.Employee{Kind: employee.NonASN, BareName: name}
			}
			if i%4 == 0 {
				e.UnitID = at.ID
			}
			e.Active = i%5 != 0
			all = append(all, known{o.register(t, ctx, e), e, strings.Join(store.Words(name), " ")})
		}
		slices.SortFunc(all, func(a, b known) int {
			if c := strings.Compare(a.sort, b.sort); c != 0 {
				return c
			}
			return strings.Compare(string(a.id), string(b.id))
		})
		o.register(t, o.in(t, jambi, ""), person("Andi Tetangga", "199003152015031999"))
		rapid.Check(t, func(rt *rapid.T) {
			f := employee.Filter{
				Query:  rapid.SampledFrom([]string{"", "andi", "AND", "ma'r", "maruf an", "sinta a", "s a", "1990 0315", "199003152015031", "é", "o", "ørs", "2", "?", "andi andi", "x", "al am", "%", "a_"}).Draw(rt, "query"),
				Unit:   rapid.SampledFrom([]employee.UnitID{"", at.ID}).Draw(rt, "unit"),
				Kind:   rapid.SampledFrom([]employee.Kind{"", employee.PNS, employee.NonASN}).Draw(rt, "kind"),
				Status: rapid.SampledFrom([]employee.Status{"", employee.Left, employee.Anyone}).Draw(rt, "status"),
			}
			var want, got []employee.ID
			for _, k := range all {
				if k.e.Kind == f.Kind || f.Kind == "" {
					if (f.Unit == "" || k.e.UnitID == f.Unit) && (f.Status == employee.Anyone || k.e.Active == (f.Status == "")) && plainly(f.Query, k.e) {
						want = append(want, k.id)
					}
				}
			}
			for after, pages := (store.Cursor{}), 0; ; pages++ {
				p, err := o.Search(ctx, f, after)
				if err != nil || pages > 10 {
					rt.Fatalf("%d pages, %v", pages, err)
				}
				for _, e := range p.Rows {
					got = append(got, e.ID)
				}
				if after = p.Next; after == (store.Cursor{}) {
					break
				}
			}
			if !slices.Equal(want, got) {
				rt.Fatalf("%+v finds %d, want %d", f, len(got), len(want))
			}
		})
	})
}

// plainly says whether query finds e, by looking at every word.
func plainly(query string, e employee.Employee) bool {
	typed := store.Words(query)
	if number := strings.ReplaceAll(query, " ", ""); number != "" && strings.Trim(number, "0123456789") == "" {
		typed = []string{number}
	}
	if query != "" && len(typed) == 0 {
		return false
	}
	for _, begin := range typed {
		if !slices.ContainsFunc(append(store.Words(e.BareName), e.NIP), func(word string) bool { return strings.HasPrefix(word, begin) }) {
			return false
		}
	}
	return true
}
