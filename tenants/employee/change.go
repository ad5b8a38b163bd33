package employee

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// An Act is what was done to an employee.
type Act string

const (
	Registered  Act = "registered"
	Changed     Act = "changed"
	Deactivated Act = "deactivated"
	Reactivated Act = "reactivated"
	Moved       Act = "moved" // to another government
)

// A Change is a line of an employee's history: of one field, or of the whole.
type Change struct {
	bun.BaseModel `bun:"table:employee_change"`

	TenantID   tenants.ID `bun:",pk"`
	ID         string     `bun:",pk"`
	EmployeeID ID
	Version    int // that the change made
	At         time.Time
	Actor      account.ID `bun:",nullzero"` // "" = a job or the command line
	Act        Act
	Field      string // "" = the whole
	Old, New   string // as stored; of a NIK ""
	Reason     string

	By string `bun:"-"` // name of Actor, filled in for a page
}

// A field is a part of an employee whose changes are kept, and which stands in an export.
type field struct {
	name, label string
	text        func(e Employee) string // as stored
	list        []Entry                 // that its ids are of; nil = it is no id
}

// fields are all of them, in the order of the form.
func fields() []field {
	return []field{
		{"kind", ui.N("Jenis pegawai"), func(e Employee) string { return string(e.Kind) }, Kinds()},
		{"nip", ui.N("NIP"), func(e Employee) string { return e.NIP }, nil},
		{"old_nip", ui.N("NIP lama"), func(e Employee) string { return e.OldNIP }, nil},
		{"title_before", ui.N("Gelar depan"), func(e Employee) string { return e.TitleBefore }, nil},
		{"name", ui.N("Nama"), func(e Employee) string { return e.BareName }, nil},
		{"title_after", ui.N("Gelar belakang"), func(e Employee) string { return e.TitleAfter }, nil},
		{"sex", ui.N("Jenis kelamin"), func(e Employee) string { return e.Sex }, Sexes()},
		{"birth_place", ui.N("Tempat lahir"), func(e Employee) string { return e.BirthPlace }, nil},
		{"birth_day", ui.N("Tanggal lahir"), func(e Employee) string { return e.BirthDay.String() }, nil},
		{"rank", ui.N("Golongan"), func(e Employee) string { return e.Rank }, append(Ranks(PNS), Ranks(PPPK)...)},
		{"rank_day", ui.N("TMT golongan"), func(e Employee) string { return e.RankDay.String() }, nil},
		{"position", ui.N("Jabatan"), func(e Employee) string { return e.Position }, nil},
		{"position_kind", ui.N("Jenis jabatan"), func(e Employee) string { return e.PositionKind }, PositionKinds()},
		{"position_day", ui.N("TMT jabatan"), func(e Employee) string { return e.PositionDay.String() }, nil},
		{"echelon", ui.N("Eselon"), func(e Employee) string { return e.Echelon }, Echelons()},
		{"unit", ui.N("Perangkat daerah"), func(e Employee) string { return e.Unit }, nil},
		{"standing", ui.N("Kedudukan hukum"), func(e Employee) string { return e.Standing }, Standings()},
		{"works_at", ui.N("Instansi tempat bekerja"), func(e Employee) string { return e.WorksAt }, nil},
		{"email", ui.N("Surel"), func(e Employee) string { return e.Email }, nil},
		{"phone", ui.N("Telepon"), func(e Employee) string { return e.Phone }, nil},
		{"signs", ui.N("Penanda tangan"), func(e Employee) string { return map[bool]string{true: "yes"}[e.Signs] }, []Entry{{"yes", ui.N("ya")}}},
		{"guardian", ui.N("Wali"), func(e Employee) string { return e.Guardian }, nil},
		{"consent", ui.N("Persetujuan wali"), func(e Employee) string { return e.Consent }, nil},
		{"contract_from", ui.N("Awal perjanjian kerja"), func(e Employee) string { return e.ContractFrom.String() }, nil},
		{"contract_to", ui.N("Akhir perjanjian kerja"), func(e Employee) string { return e.ContractTo.String() }, nil},
	}
}

// shown is a stored value as people write it.
func (f field) shown(ctx context.Context, stored string) string {
	if d, err := civil.ParseDate(stored); err == nil {
		return d.Short()
	}
	return ui.T(ctx, nameIn(f.list, stored))
}

// between lists in which fields now differs from old. Of a NIK it says only that it does.
func between(old, now Employee) (all []Change) {
	for _, f := range fields() {
		if from, to := f.text(old), f.text(now); from != to {
			all = append(all, Change{Field: f.name, Old: from, New: to})
		}
	}
	if old.NIKIndex != now.NIKIndex {
		all = append(all, Change{Field: "nik"})
	}
	return all
}

// Change stores what was typed of employee id, whose version was read when the form was
// made; reason may be "". Active stays as it is.
// Errors: fault.Invalid; fault.NotFound, also for an employee or unit out of the actor's
// reach; fault.Conflict when somebody else has changed it since, with who and when, and
// when the new NIP is in service elsewhere. Whoever signs in by their NIP does so by the
// new one from then on.
func (s *Service) Change(ctx context.Context, id ID, version int, typed Employee, reason string) (now Employee, err error) {
	defer fault.Wrap(&err, "change employee %s", id)
	next := func(tx *store.Tx, old Employee) (Employee, error) {
		e := typed
		e.TenantID, e.ID, e.IdentityID, e.Version, e.Active = old.TenantID, old.ID, old.IdentityID, old.Version, old.Active
		e.NIKSealed, e.NIKIndex = old.NIKSealed, old.NIKIndex
		err := s.prepare(ctx, tx, &e)
		s.sealNIK(&e)
		return e, err
	}
	undo, err := s.renumber(ctx, id, version, next)
	if err != nil {
		return Employee{}, err
	}
	if now, err = s.alter(ctx, id, version, Changed, reason, next); err != nil {
		err = errors.Join(err, undo())
	}
	return now, err
}

// renumber has the sign-in name of employee id follow when next makes of them one with
// another NIP, before that is stored; undo takes it back.
func (s *Service) renumber(ctx context.Context, id ID, version int, next func(*store.Tx, Employee) (Employee, error)) (undo func() error, err error) {
	var old, now Employee
	err = s.gate.Read(ctx, authz.EmployeeRegister, func(tx *store.Tx) (err error) {
		if old, err = reached(ctx, tx, id); err != nil {
			return err
		}
		if now, err = next(tx, old); err != nil || old.NIP == now.NIP {
			return err
		}
		return unregistered(ctx, tx, now)
	})
	undo = func() error { return nil }
	if err != nil || old.Version != version || old.NIP == now.NIP || now.NIP == "" {
		return undo, err
	}
	undo = func() error { return s.people.Renumber(ctx, old.IdentityID, now.NIP, old.NIP) }
	return undo, s.people.Renumber(ctx, old.IdentityID, old.NIP, now.NIP)
}

// Deactivate ends the service of employee id: retired, dismissed, moved away.
// Errors: fault.Invalid without a reason; fault.NotFound; fault.Conflict as of Change.
func (s *Service) Deactivate(ctx context.Context, id ID, version int, reason string) (_ Employee, err error) {
	defer fault.Wrap(&err, "deactivate employee %s", id)
	return s.turn(ctx, id, version, Deactivated, reason)
}

// Reactivate takes employee id into service again.
// Errors: as of Deactivate; fault.Conflict also when the person is in service elsewhere.
func (s *Service) Reactivate(ctx context.Context, id ID, version int, reason string) (_ Employee, err error) {
	defer fault.Wrap(&err, "reactivate employee %s", id)
	return s.turn(ctx, id, version, Reactivated, reason)
}

func (s *Service) turn(ctx context.Context, id ID, version int, act Act, reason string) (_ Employee, err error) {
	if reason, err = fault.Text("reason", "Alasan", reason, 300); err != nil {
		return Employee{}, err
	}
	return s.alter(ctx, id, version, act, reason, func(tx *store.Tx, e Employee) (Employee, error) {
		if e.Active == (act == Reactivated) {
			return e, fault.New(fault.Conflict, "Keadaan pegawai ini sudah berubah. Muat ulang halamannya.")
		}
		if e.Active = act == Reactivated; !e.Active {
			return e, nil
		}
		return e, place(ctx, tx, &e)
	})
}

// alter writes what next makes of employee id, with all that hangs on it.
func (s *Service) alter(ctx context.Context, id ID, version int, act Act, reason string, next func(*store.Tx, Employee) (Employee, error)) (now Employee, err error) {
	if reason, err = because(reason); err != nil {
		return Employee{}, err
	}
	var last *Change // by which somebody else came before
	err = s.gate.Write(ctx, authz.EmployeeRegister, id.Key(), func(tx *store.Tx) error {
		last = nil
		tx.About("employee", string(id))
		tx.Because(reason)
		old, err := reached(ctx, tx, id)
		if err != nil {
			return err
		}
		if old.Version != version {
			before, err := lastChange(ctx, tx, id)
			if err == nil {
				last, err = &before, fault.New(fault.Conflict, "Data pegawai ini sudah diubah orang lain. Muat ulang, lalu ulangi perubahan Anda.")
			}
			return err
		}
		if now, err = next(tx, old); err != nil {
			return err
		}
		return s.write(ctx, tx, old, &now, act, reason)
	})
	if last == nil || last.Actor == "" {
		return now, err
	}
	names, failed := s.people.Names(ctx, []account.ID{last.Actor})
	if failed != nil {
		return Employee{}, failed
	}
	if name := names[last.Actor]; name != "" {
		err = fault.New(fault.Conflict, "Data pegawai ini sudah diubah oleh %s pada %s. Muat ulang, lalu ulangi perubahan Anda.", name, civil.Format(last.At, civil.WIB))
	}
	return Employee{}, err
}

// because is a reason as typed, which may be "". Errors: fault.Invalid.
func because(typed string) (string, error) {
	if strings.TrimSpace(typed) == "" {
		return "", nil
	}
	return fault.Text("reason", "Alasan", typed, 300)
}

// write stores now over old, with history, words, marks and headcount.
// Errors: fault.Conflict when a number of now is taken.
func (s *Service) write(ctx context.Context, tx *store.Tx, old Employee, now *Employee, act Act, reason string) error {
	changes := between(old, *now)
	if act != Changed {
		changes = []Change{{}}
	}
	if len(changes) == 0 {
		return nil // saved as it was
	}
	unfinished := old.SortName == "" // the release before has written it, without words and marks
	if unfinished {
		now.SortName = sortName(now.BareName)
	}
	now.Version = old.Version + 1
	if old.NIP != now.NIP || old.NIKIndex != now.NIKIndex {
		if err := unregistered(ctx, tx, *now); err != nil {
			return err
		}
	}
	if err := save(ctx, tx, *now, old.Version); err != nil {
		return err
	}
	if err := putChanges(ctx, tx, *now, act, reason, changes); err != nil {
		return err
	}
	if unfinished || words(old) != words(*now) {
		if err := putWords(ctx, tx, *now); err != nil {
			return err
		}
	}
	if err := count(ctx, tx, old, *now); err != nil {
		return err
	}
	if old.Active == now.Active && (!now.Active || old.NIP == now.NIP && !unfinished) {
		return nil
	}
	if err := Release(ctx, tx, now.ID); err != nil {
		return err
	}
	if !now.Active {
		return nil
	}
	return Enlist(ctx, tx, *now)
}
