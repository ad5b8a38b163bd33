package employee

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// applyRows is how many rows one transaction brings into the register.
const applyRows = 4_000

// importReason stands in the history of those who came or changed by an import.
const importReason = "Impor daftar pegawai"

var (
	// errOutrun: a row of an import that wants all does not fit any more.
	errOutrun = errors.New("the register has outrun a row")
	// errUnfit: some row does not fit any more; which, has not been asked.
	errUnfit = errors.New("a row does not fit the register")
)

// A batch is a stretch of staged rows on their way into the register, by line.
type batch struct {
	from, to int // lines: behind from, up to and with to
	rows     []Row
	last     bool // no rows to apply stand behind it
}

// apply brings rows of run into the register until none is left or the context within has
// ended: a batch in each transaction, or all in one where the mode wants that. While one
// is written the next is made ready.
func (s *Imports) apply(ctx, within context.Context, run Run) error {
	ready, err := s.ready(ctx, run, run.LastLine)
	if err != nil {
		return err
	}
	batches := []batch{ready}
	for !ready.last && run.Mode == AllOrNothing {
		if ready, err = s.ready(ctx, run, ready.to); err != nil {
			return err
		}
		batches = append(batches, ready)
	}
	for {
		var ahead func() (batch, error)
		if !ready.last && within.Err() == nil {
			ahead = s.readyAhead(ctx, run, ready.to)
		}
		from := run.LastLine
		run, err = s.write(ctx, run, batches)
		if ahead == nil {
			return err
		}
		next, failed := ahead()
		if err != nil || failed != nil || run.State != Applying || run.LastLine == from {
			return errors.Join(err, failed)
		}
		ready, batches = next, []batch{next}
	}
}

// readyAhead is ready in the background; what it returns waits for it.
func (s *Imports) readyAhead(ctx context.Context, run Run, from int) func() (batch, error) {
	var b batch
	done := make(chan error, 1)
	go func() {
		var err error
		b, err = s.ready(ctx, run, from)
		done <- err
	}()
	return func() (batch, error) { return b, <-done }
}

// ready returns the rows to apply behind line from, with an identity behind each.
func (s *Imports) ready(ctx context.Context, run Run, from int) (b batch, err error) {
	if b, err = s.next(ctx, run, from); err != nil {
		return b, err
	}
	return b, s.introduce(ctx, run, b)
}

// write brings batches into the register. Hardly ever has the register outrun a row, and
// the statements that write find that out by themselves: by a unique key that is taken, or
// a version that is gone. Only then is each row asked about, in another transaction.
func (s *Imports) write(ctx context.Context, run Run, batches []batch) (now Run, err error) {
	now, err = s.writeOnce(ctx, run, batches, fitting)
	if errors.Is(err, errUnfit) || store.Duplicate(err) {
		now, err = s.writeOnce(ctx, run, batches, outrun)
	}
	if errors.Is(err, errOutrun) {
		return run, s.restage(ctx, run)
	}
	return now, err
}

// writeOnce writes batches in one transaction with the line up to which it has come, so
// that each row is applied once, however often a job begins. lost finds the rows that do
// not fit. It returns run as it stands then.
func (s *Imports) writeOnce(ctx context.Context, run Run, batches []batch, lost finder) (now Run, err error) {
	err = s.gate.Write(ctx, authz.EmployeeImport, importKey(ctx), func(tx *store.Tx) error {
		if now, err = findRun(ctx, tx, run.ID); err != nil {
			return err
		}
		tx.About("import", string(run.ID))
		if now.State != Applying || now.LastLine != run.LastLine {
			return nil // another run of the job was faster
		}
		for _, b := range batches {
			if err := now.take(ctx, tx, b, lost); err != nil {
				return err
			}
		}
		if batches[len(batches)-1].last {
			now.State, now.FinishedAt = Done, tx.Now
			if now.Counts, err = counted(ctx, tx, run.ID); err != nil {
				return err
			}
		}
		return saveRun(ctx, tx, now, Applying)
	})
	return now, err
}

// restage compares the rows of run with the register once more, and leaves it to be decided.
func (s *Imports) restage(ctx context.Context, run Run) error {
	return s.gate.Write(ctx, authz.EmployeeImport, importKey(ctx), func(tx *store.Tx) error {
		tx.About("import", string(run.ID))
		now, err := findRun(ctx, tx, run.ID)
		if err != nil || now.State != Applying {
			return err
		}
		var rows []Row
		err = tx.NewSelect().Model(&rows).Column("id", "line", "verdict", "nip", "employee_id", "identity_id", "version").
			ColumnExpr("coalesce(data->>'nik_index', '') AS nik_index").
			Where("tenant_id = ? AND run_id = ? AND verdict IN (?)", tx.Tenant, run.ID, bun.List([]Verdict{Fresh, Differs})).Order("line").Scan(ctx)
		if err != nil {
			return err
		}
		run.own(rows)
		for len(rows) > 0 {
			n := min(applyRows, len(rows))
			if _, err := outrun(ctx, tx, rows[:n]); err != nil {
				return err
			}
			rows = rows[n:]
		}
		if now.Counts, err = counted(ctx, tx, run.ID); err != nil {
			return err
		}
		now.State, now.Note = Staged, "Daftar pegawai berubah selagi impor berjalan, dan tidak ada baris yang diimpor. Periksa baris yang ditolak, lalu putuskan lagi."
		return saveRun(ctx, tx, now, Applying)
	})
}

// next returns the rows to apply behind line from.
func (s *Imports) next(ctx context.Context, run Run, from int) (b batch, err error) {
	err = s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) error {
		b = batch{from: from}
		err := tx.NewSelect().Model(&b.rows).Column("id", "line", "verdict", "name", "nip", "employee_id", "identity_id", "version", "words", "diff").
			ColumnExpr("data->>'bare_name' AS bare_name, coalesce(data->>'kind', '') AS kind, coalesce(data->>'sex', '') AS sex, coalesce(data->>'nik_index', '') AS nik_index").
			Where("tenant_id = ? AND run_id = ? AND line > ? AND verdict IN (?)", tx.Tenant, run.ID, from, bun.List([]Verdict{Fresh, Differs})).
			Order("line").Limit(applyRows + 1).Scan(ctx)
		if err != nil {
			return err
		}
		if b.last = len(b.rows) <= applyRows; !b.last {
			b.rows = b.rows[:applyRows]
		}
		run.own(b.rows)
		b.to = from
		if n := len(b.rows); n > 0 {
			b.to = b.rows[n-1].Line
		}
		return nil
	})
	return b, err
}

// introduce makes sure that there is an identity behind each new row of b. One that is
// there already takes the place of the one that was proposed.
func (s *Imports) introduce(ctx context.Context, run Run, b batch) error {
	var all []account.Newcomer
	for _, r := range b.rows {
		if r.Verdict == Fresh {
			all = append(all, account.Newcomer{ID: r.IdentityID, Name: r.BareName, NIP: r.NIP})
		}
	}
	if len(all) == 0 {
		return nil
	}
	there, err := s.meet(ctx, string(run.ID), all)
	if err != nil {
		return err
	}
	for i, r := range b.rows {
		if id, ok := there[r.IdentityID]; ok && r.Verdict == Fresh {
			b.rows[i].IdentityID, b.rows[i].met = id, true
		}
	}
	return nil
}

// A finder finds the rows that the register does not fit any more, and refuses them.
type finder func(ctx context.Context, tx *store.Tx, rows []Row) (lost map[string]bool, err error)

// take brings the rows of b into the register, but for those that find has found.
// Errors: errOutrun when one does not fit and r wants all; errUnfit.
func (r *Run) take(ctx context.Context, tx *store.Tx, b batch, find finder) error {
	lost, err := find(ctx, tx, b.rows)
	if err != nil {
		return err
	}
	if len(lost) > 0 && r.Mode == AllOrNothing {
		return errOutrun
	}
	var added, changed []Row
	for _, row := range b.rows {
		switch {
		case lost[row.ID]:
		case row.Verdict == Fresh:
			added = append(added, row)
		default:
			changed = append(changed, row)
		}
	}
	if len(added) > 0 {
		if err := r.add(ctx, tx, b, added); err != nil {
			return err
		}
	}
	if len(changed) > 0 {
		if err := r.alter(ctx, tx, b, changed); err != nil {
			return err
		}
	}
	if err := recount(ctx, tx, added, changed); err != nil {
		return err
	}
	r.LastLine, r.Added, r.Changed = b.to, r.Added+len(added), r.Changed+len(changed)
	return nil
}

// fitting finds nothing: it asks what no key of the register can hold, whether somebody is
// in service elsewhere. Errors: errUnfit.
func fitting(ctx context.Context, tx *store.Tx, rows []Row) (map[string]bool, error) {
	subjects := map[string]int{}
	for i, row := range rows {
		if row.Verdict == Fresh {
			row.marks(subjects, i)
		}
	}
	found, err := inService(ctx, tx, subjects)
	if err == nil && len(found) > 0 {
		err = errUnfit
	}
	return nil, err
}

// marks notes under i the subjects by which r's employee is to be marked as in service.
func (r Row) marks(subjects map[string]int, i int) {
	for _, subject := range (Employee{IdentityID: r.IdentityID, NIP: r.NIP}).subjects() {
		subjects[subject] = i
	}
}

// outrun finds the rows that the register does not fit any more: registered, changed or
// gone into service elsewhere since they were compared. They are refused.
func outrun(ctx context.Context, tx *store.Tx, rows []Row) (lost map[string]bool, err error) {
	lost = map[string]bool{}
	subjects, nips, niks, byID := map[string]int{}, map[string]int{}, map[string]int{}, map[ID]int{}
	for i, row := range rows {
		switch {
		case row.Verdict == Differs:
			byID[row.EmployeeID] = i
		default:
			row.marks(subjects, i)
			if row.NIP != "" {
				nips[row.NIP] = i
			}
			if index := row.NIKIndex; index != "" {
				niks[index] = i
			}
		}
	}
	var refused []Row
	refuse := func(i int, how Row) {
		if !lost[rows[i].ID] {
			lost[rows[i].ID] = true
			refused = append(refused, how)
		}
	}
	late := func(row Row) Row {
		return row.refuse(Rejected, "nip", "Data pegawai ini sudah diubah orang lain sejak berkas diperiksa.", "Unggah lagi berkasnya untuk membandingkannya sekali lagi.")
	}
	for column, numbers := range map[string]map[string]int{"nip": nips, "nik_index": niks} {
		taken, err := registered(ctx, tx, column, numbers)
		if err != nil {
			return nil, err
		}
		for _, number := range taken {
			refuse(numbers[number], late(rows[numbers[number]]))
		}
	}
	found, err := inService(ctx, tx, subjects)
	if err != nil {
		return nil, err
	}
	for _, subject := range found {
		i := subjects[subject]
		refuse(i, rows[i].moved())
	}
	if err := unchanged(ctx, tx, rows, byID); err != nil {
		return nil, err
	}
	for _, i := range byID { // those that are left have another version now
		refuse(i, late(rows[i]))
	}
	return lost, resave(ctx, tx, refused, "verdict", "field", "cause", "cure")
}

// registered returns those of numbers, of a column, that somebody in the register has.
func registered(ctx context.Context, tx *store.Tx, column string, numbers map[string]int) (taken []string, err error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	err = tx.NewSelect().Model((*Employee)(nil)).Column(column).
		Where("tenant_id = ? AND ? IN (?)", tx.Tenant, bun.Ident(column), bun.List(slices.Sorted(maps.Keys(numbers)))).Scan(ctx, &taken)
	return taken, err
}

// unchanged takes out of byID the employees who still have the version that they were
// compared with.
func unchanged(ctx context.Context, tx *store.Tx, rows []Row, byID map[ID]int) error {
	if len(byID) == 0 {
		return nil
	}
	var ids []ID
	for id := range byID {
		ids = append(ids, id)
	}
	var all []Employee
	err := tx.NewSelect().Model(&all).Column("id", "version", "active").Where("tenant_id = ? AND id IN (?)", tx.Tenant, bun.List(ids)).Scan(ctx)
	for _, e := range all {
		if i := byID[e.ID]; e.Active && e.Version == rows[i].Version {
			delete(byID, e.ID)
		}
	}
	return err
}
