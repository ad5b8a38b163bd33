package employee_test

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// before registers somebody as the release before does: without words, marks or a name
// taken apart.
func (o office) before(t *testing.T, g tenants.ID, e employee.Employee) employee.ID {
	t.Helper()
	id := store.NewID()
	person, err := o.accounts.Ensure(t.Context(), e.Name, e.NIP)
	check(t, err)
	check(t, o.db.Update(t.Context(), store.Reach{Door: store.DoorWrite, Tenant: g}, "", func(tx *store.Tx) error {
		_, err := tx.NewRaw("INSERT INTO employee (tenant_id, id, identity_id, nip, kind, name, position, unit, active) VALUES (?, ?, ?, ?, 'PNS', ?, '', '', ?)",
			g, id, person, e.NIP, e.Name, e.Active).Exec(t.Context())
		return err
	}))
	return employee.ID(id)
}

// TestFinish: rows of the release before are found, ordered and marked as those of this
// one, whatever is done first; who is in service twice keeps the marks that there are; a
// second run finds nothing to do.
func TestFinish(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		ctx, here, there := t.Context(), o.in(t, tuban, ""), o.in(t, jambi, "")
		const many = 130 // more than one transaction finishes
		for i := range many {
			o.before(t, tuban, employee.Employee{Name: fmt.Sprintf("Dr. Agus %03d, S.E.", i), NIP: fmt.Sprintf("199003152015031%03d", i+1), Active: true})
		}
		o.register(t, there, person("Ani", nipAni))
		ani := o.before(t, tuban, employee.Employee{Name: "Ani", NIP: nipAni, Active: true})
		gone := o.before(t, tuban, employee.Employee{Name: "Budi, S.H.", NIP: nipBudi})
		sign := o.before(t, tuban, employee.Employee{Name: "–", NIP: "199003152015031977", Active: true})
		saved := o.before(t, tuban, employee.Employee{Name: "Cici", NIP: "199003152015032978", Active: true})
		e, _, err := o.Find(here, saved)
		check(t, err)
		e.Phone = "081200000901"
		_, err = o.Change(here, saved, 1, e, "")
		check(t, err)
		found := func(query string) int {
			p, err := o.Search(here, employee.Filter{Query: query, Status: employee.Anyone}, store.Cursor{})
			check(t, err)
			return len(p.Rows)
		}
		if got := []int{found("cici"), found("agus"), found("budi")}; !cmp.Equal(got, []int{1, 0, 0}) {
			t.Fatalf("before: %v are found", got)
		}
		lines := o.count(t, tuban, "audit_line WHERE TRUE")

		registry := tenants.NewRegistry(civil.Date{Year: 2026, Month: 1, Day: 1}, []tenants.Government{{ID: tuban}, {ID: jambi}})
		finisher := employee.NewFinisher(o.Service, registry, slog.New(slog.DiscardHandler))
		check(t, finisher.Finish(ctx))
		if got := []int{found("cici"), found("agus 129"), found("budi"), found("ani")}; !cmp.Equal(got, []int{1, 1, 1, 1}) {
			t.Errorf("%v are found", got)
		}
		p, err := o.Search(here, employee.Filter{Query: "agus"}, store.Cursor{})
		check(t, err)
		if first := p.Rows[0]; first.BareName != "Agus 000" || first.TitleBefore != "Dr." || first.TitleAfter != "S.E." || first.Version != 1 {
			t.Errorf("finished: %+v", first)
		}
		marks := func(id employee.ID) int {
			return o.count(t, tuban, fmt.Sprintf("employed WHERE employee_id = '%s'", id))
		}
		if got := []int{marks(p.Rows[0].ID), marks(ani), marks(gone), marks(sign), marks(saved)}; !cmp.Equal(got, []int{2, 0, 0, 2, 2}) {
			t.Errorf("%v marks", got)
		}
		_, err = o.Register(there, person("Agus", p.Rows[0].NIP))
		refused(t, err, fault.Conflict, "Ajukan mutasi")
		if n := o.count(t, tuban, "employee WHERE sort_name = ''"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		if n := o.count(t, tuban, "audit_line WHERE TRUE"); n != lines {
			t.Errorf("%d lines in the trail, want %d", n, lines)
		}

		// A second run reads, and writes nothing.
		committed, _ := db.Tally()
		check(t, finisher.Finish(ctx))
		if now, _ := db.Tally(); now != committed {
			t.Errorf("a second run commits %d times", now-committed)
		}
	})
}
