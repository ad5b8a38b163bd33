package employee

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
)

const (
	stageRows = 1_000     // that are compared and stored in one go
	pieceSize = 256 << 10 // bytes of the file in one row
)

// keep stores the file of run, sealed, piece by piece.
func (s *Imports) keep(ctx context.Context, run Run, file io.ReaderAt, size int64) error {
	buf := make([]byte, pieceSize)
	for n := 0; int64(n)*pieceSize < size; n++ {
		part := buf[:min(pieceSize, size-int64(n)*pieceSize)]
		if _, err := file.ReadAt(part, int64(n)*pieceSize); err != nil && err != io.EOF {
			return err
		}
		p := piece{TenantID: run.TenantID, ID: store.NewID(), RunID: run.ID, N: n}
		p.Data = s.vault.Seal(run.TenantID, p.owner(), string(part))
		if err := s.append(ctx, &p); err != nil {
			return err
		}
	}
	return nil
}

// owner is what the seal of p is bound to.
func (p piece) owner() ID { return ID(fmt.Sprintf("%s/%d", p.RunID, p.N)) }

// append stores rows, each once: what is there already is left as it is. Like the marks
// of a session, they are their own record; the run's line in the audit trail tells of them.
func (s *Imports) append(ctx context.Context, rows any) error {
	return s.gate.Append(ctx, authz.EmployeeImport, authz.Statement{
		Insert: func(tx *store.Tx) (sql.Result, error) {
			return tx.NewInsert().Model(rows).On("CONFLICT DO NOTHING").Exec(ctx)
		},
		Stored: func(*store.Tx) (bool, error) { return true, nil },
	})
}

// file returns the file of run.
func (s *Imports) file(ctx context.Context, run Run) ([]byte, error) {
	var data bytes.Buffer
	for n := 0; int64(n)*pieceSize < run.Size; n++ {
		var p piece
		err := s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) error {
			p = piece{}
			return store.Err(tx.NewSelect().Model(&p).Where("tenant_id = ? AND run_id = ? AND n = ?", tx.Tenant, run.ID, n).Scan(ctx))
		})
		if err != nil {
			return nil, err
		}
		part, err := s.vault.Open(run.TenantID, p.owner(), p.Data)
		if err != nil {
			return nil, err
		}
		data.WriteString(part)
	}
	return data.Bytes(), nil
}

// rows reads the table of run from its first row on.
func (s *Imports) rows(ctx context.Context, run Run) (*sheet.Reader, error) {
	data, err := s.file(ctx, run)
	if err != nil {
		return nil, err
	}
	table, err := sheet.Open(bytes.NewReader(data), int64(len(data)), run.Sheet, limits)
	if err != nil {
		return nil, err
	}
	if h, err := sheet.FindHeader(table, sought()); err != nil && (fault.Of(err) == nil || h.Row == 0) {
		table.Close()
		return nil, err
	}
	return table, nil
}

// stage reads the file of run and stores each row with its verdict. Begun again, it goes
// on behind the last row that is stored.
func (s *Imports) stage(ctx context.Context, run Run) error {
	ignored, err := s.stageRows(ctx, run)
	note := ""
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		note, err = f.Text, nil // what is wrong with the file stays wrong
	}
	if err != nil {
		return err
	}
	return s.gate.Write(ctx, authz.EmployeeImport, importKey(ctx), func(tx *store.Tx) error {
		now, err := findRun(ctx, tx, run.ID)
		if err != nil {
			return err
		}
		tx.About("import", string(run.ID))
		if now.State != Staging {
			return nil // another run of the job was faster
		}
		if now.State, now.Ignored, now.Note = Staged, ignored, note; note != "" {
			now.State = Failed
			now.Counts = map[Verdict]int{}
			if err := dropRows(ctx, tx); err != nil {
				return err
			}
			return saveRun(ctx, tx, now, Staging)
		}
		if now.Counts, err = counted(ctx, tx, run.ID); err != nil {
			return err
		}
		return saveRun(ctx, tx, now, Staging)
	})
}

func (s *Imports) stageRows(ctx context.Context, run Run) (ignored int, err error) {
	if run.Columns.complete() != nil {
		return 0, nil // a person says first which column is which
	}
	table, err := s.rows(ctx, run)
	if err != nil {
		return 0, err
	}
	defer table.Close()
	c := comparison{run: run, seen: map[uint64]int32{}}
	err = s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) (err error) {
		if err := tx.NewSelect().Model((*Row)(nil)).ColumnExpr("coalesce(max(line), 0)").Where("tenant_id = ? AND run_id = ?", tx.Tenant, run.ID).Scan(ctx, &c.behind); err != nil {
			return err
		}
		c.tree, err = Units(ctx, tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	c.index()
	var chunk []given
	for {
		row, err := table.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, err
		}
		g, ok := run.Columns.read(row, run.Titles)
		if !ok {
			ignored++
			continue
		}
		if g.earlier = c.first(g); g.line <= c.behind {
			continue
		}
		if chunk = append(chunk, g); len(chunk) == stageRows {
			if err := s.judge(ctx, &c, chunk); err != nil {
				return 0, err
			}
			chunk = chunk[:0]
		}
	}
	return ignored, s.judge(ctx, &c, chunk)
}

// A comparison is what is known of a file while its rows are compared.
type comparison struct {
	run    Run
	behind int              // line up to which rows are stored already
	seen   map[uint64]int32 // number → line that has it first
	tree   Tree
	unors  map[string]Unit // by the id in SIASN
	named  map[string]Unit // open units by name, in small letters; those of one name alone
}

func (c *comparison) index() {
	c.unors, c.named = map[string]Unit{}, map[string]Unit{}
	twice := map[string]bool{}
	for _, u := range c.tree.byID {
		if !u.Open() {
			continue
		}
		if u.Unor != "" {
			c.unors[u.Unor] = u
		}
		name := strings.ToLower(u.Name)
		if _, there := c.named[name]; there {
			twice[name] = true
		}
		c.named[name] = u
	}
	for name := range twice {
		delete(c.named, name)
	}
}

// first returns the line above g's that has the same number, 0 when g is the first.
func (c *comparison) first(g given) int {
	digits := g.number()
	if digits == "" {
		return 0
	}
	n := uint64(0)
	for _, d := range digits {
		n = n*10 + uint64(d-'0')
	}
	if len(digits) == nikLength {
		n |= 1 << 63 // a NIP of 18 digits stays below
	}
	if line, there := c.seen[n]; there {
		return int(line)
	}
	c.seen[n] = int32(g.line)
	return 0
}

// number is the whole number by which g knows its employee: 18 digits of a NIP, or 16 of
// a NIK where there is no NIP; "" when there is none.
func (g given) number() string {
	for _, f := range []struct {
		key    string
		length int
	}{{"nip", nipLength}, {"nik", nikLength}} {
		if text := g.texts[f.key]; text != "" {
			digits := strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r
				}
				return -1
			}, text)
			if len(digits) != f.length || g.lost == f.key {
				return ""
			}
			return digits
		}
	}
	return ""
}

// judge compares rows with the register, and stores them with their verdicts.
func (s *Imports) judge(ctx context.Context, c *comparison, chunk []given) error {
	if len(chunk) == 0 {
		return nil
	}
	var rows []Row
	err := s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) error {
		rows = nil
		known, err := s.known(ctx, tx, chunk)
		if err != nil {
			return err
		}
		for _, g := range chunk {
			rows = append(rows, s.verdict(tx, c, known, g))
		}
		return elsewhere(ctx, tx, rows)
	})
	if err != nil {
		return err
	}
	return s.append(ctx, &rows)
}

// known returns those of the register whom rows are about, by NIP, or by the index of
// their NIK.
func (s *Imports) known(ctx context.Context, tx *store.Tx, chunk []given) (map[string]Employee, error) {
	var nips, niks []string
	for _, g := range chunk {
		switch n := g.number(); len(n) {
		case nipLength:
			nips = append(nips, n)
		case nikLength:
			niks = append(niks, s.vault.Index(tx.Tenant, n))
		}
	}
	found := map[string]Employee{}
	for _, by := range []struct {
		column string
		values []string
	}{{"nip", nips}, {"nik_index", niks}} {
		if len(by.values) == 0 {
			continue
		}
		var all []Employee
		err := tx.NewSelect().Model(&all).Where("tenant_id = ? AND ? IN (?)", tx.Tenant, bun.Ident(by.column), bun.In(by.values)).Scan(ctx)
		if err != nil {
			return nil, err
		}
		for _, e := range all {
			found[map[string]string{"nip": e.NIP, "nik_index": e.NIKIndex}[by.column]] = e.known()
		}
	}
	return found, nil
}

// verdict compares one row with the register.
func (s *Imports) verdict(tx *store.Tx, c *comparison, known map[string]Employee, g given) Row {
	row := Row{TenantID: tx.Tenant, ID: tx.NewID(), RunID: c.run.ID, Line: g.line, Verdict: Fresh, Name: short(g.texts["name"]),
		EmployeeID: ID(tx.NewID()), IdentityID: account.ID(tx.NewID()), Data: map[string]string{}, Diff: []Difference{}}
	number := g.number()
	if len(number) == nipLength {
		row.NIP = number
	}
	if g.earlier != 0 {
		return row.refuse(Duplicate, "nip", fmt.Sprintf("Nomor ini sudah ada pada baris %d.", g.earlier), "Hapus salah satu barisnya.")
	}
	old, there := known[number]
	if len(number) == nikLength {
		old, there = known[s.vault.Index(tx.Tenant, number)]
	}
	if there && !old.Active {
		return row.refuse(Rejected, "nip", "Pegawai ini terdaftar di instansi Anda dan sedang nonaktif.", "Aktifkan kembali di halaman pegawainya, lalu impor lagi.")
	}
	now := old
	if !there {
		now = Employee{TenantID: tx.Tenant, ID: row.EmployeeID, IdentityID: row.IdentityID, Active: true}
	}
	now.NIK = ""
	err := g.employee(&now)
	if err == nil {
		c.place(g, &now)
		err = now.check(today(tx))
	}
	if err == nil && !there && now.Kind == NonASN && now.NIK == "" {
		err = fault.At("nik", "NIK kosong, padahal pegawai non-ASN dikenali dari NIK. Isi NIK-nya, atau daftarkan lewat formulir.")
	}
	if f := fault.Of(err); f != nil {
		cause, cure := apart(f.Text)
		return row.refuse(Rejected, f.Field, cause, cure)
	}
	row.Name, row.NIP, row.Words = now.Name, now.NIP, words(now)
	if there {
		now.NIK, row.EmployeeID, row.IdentityID, row.Version = "", old.ID, old.IdentityID, old.Version
		for _, d := range between(old, now) {
			row.Diff = append(row.Diff, Difference{d.Field, d.Old, d.New})
		}
		row.Verdict = Differs
		if len(row.Diff) == 0 {
			row.Verdict = Same
			row.Words = ""
			return row
		}
	} else {
		s.sealNIK(&now)
	}
	row.Data = now.data()
	return row
}

// refuse is r as it cannot be applied.
func (r Row) refuse(v Verdict, field, cause, cure string) Row {
	r.Verdict, r.Field, r.Cause, r.Cure = v, field, cause, cure
	return r
}

// apart parts the sentence that says what is wrong from the one that says what to do.
func apart(text string) (cause, cure string) {
	if i := strings.Index(text, ". "); i > 0 {
		return text[:i+1], text[i+2:]
	}
	return text, ""
}

// place finds the unit of which g tells: by its id in SIASN, or by a name that no other
// unit has. A name that is none's is kept as it is written, for whoever has no unit yet.
func (c *comparison) place(g given, e *Employee) {
	u, ok := c.unors[g.texts["unor"]]
	if text := g.texts["unit"]; !ok && text != "" {
		u, ok = c.named[strings.ToLower(text)]
	}
	switch {
	case ok:
		e.UnitID, e.Unit = u.ID, u.Name
	case e.UnitID != "":
		old, _ := c.tree.Find(e.UnitID)
		e.Unit = old.Name
	}
}

// column is where f is stored: what people call the name is kept without its titles.
func (f field) column() string {
	if f.name == "name" {
		return "bare_name"
	}
	return f.name
}

// data is e as a row keeps it until it is applied: what is not empty, by column.
func (e Employee) data() map[string]string {
	d := map[string]string{"name": e.Name, "sort_name": e.SortName, "unit_id": string(e.UnitID), "nik": e.NIKSealed, "nik_index": e.NIKIndex}
	for _, f := range fields() {
		d[f.column()] = f.text(e)
	}
	for column, text := range d {
		if text == "" {
			delete(d, column)
		}
	}
	return d
}

// elsewhere marks those of the new who are in service in another government. Which, is
// not known here.
func elsewhere(ctx context.Context, tx *store.Tx, rows []Row) error {
	at := map[string]int{}
	for i, r := range rows {
		if r.Verdict == Fresh && r.NIP != "" {
			at[subjectOfNIP(r.NIP)] = i
		}
	}
	found, err := inService(ctx, tx, at)
	for _, subject := range found {
		i := at[subject]
		rows[i] = rows[i].moved()
	}
	return err
}

// moved is r of somebody who is in service elsewhere.
func (r Row) moved() Row {
	r.Data = map[string]string{}
	return r.refuse(Transfer, "nip", "Pegawai ini masih tercatat aktif di instansi lain.", "Ajukan mutasi dengan surat keputusannya.")
}

// inService returns those of the subjects by which somebody is marked as in service.
func inService(ctx context.Context, tx *store.Tx, subjects map[string]int) (found []string, err error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	var all []string
	for subject := range subjects {
		all = append(all, subject)
	}
	slices.Sort(all)
	if err := tx.Ask(ctx, all...); err != nil {
		return nil, err
	}
	err = tx.NewSelect().Model((*employed)(nil)).Column("subject").Where("subject IN (?)", bun.In(all)).Scan(ctx, &found)
	return found, err
}

// Refused writes the rows of run id that cannot be applied as XLSX: as they came, behind
// the reason of each. A NIK is left out, as it is everywhere.
// Errors: fault.NotFound.
func (s *Imports) Refused(ctx context.Context, id RunID, w io.Writer) (err error) {
	defer fault.Wrap(&err, "refused rows of import %s", id)
	run, err := s.find(ctx, id)
	if err != nil {
		return err
	}
	why := map[int]string{}
	err = s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) error {
		var all []Row
		err := tx.NewSelect().Model(&all).Column("line", "field", "cause", "cure").
			Where("tenant_id = ? AND run_id = ? AND verdict IN (?)", tx.Tenant, id, bun.In([]Verdict{Duplicate, Rejected, Transfer})).Scan(ctx)
		for _, r := range all {
			why[r.Line] = r.Told()
		}
		return err
	})
	if err != nil {
		return err
	}
	titles := []sheet.Title{{Text: "Alasan", Width: 60}}
	for _, t := range run.Titles {
		titles = append(titles, sheet.Title{Text: t})
	}
	out, err := sheet.NewWriter(w, sheet.XLSX, titles)
	if err != nil {
		return err
	}
	if err := s.copyRefused(ctx, run, why, out); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

func (s *Imports) copyRefused(ctx context.Context, run Run, why map[int]string, out *sheet.Writer) error {
	if len(why) == 0 {
		return nil
	}
	table, err := s.rows(ctx, run)
	if err != nil {
		return err
	}
	defer table.Close()
	nik, hidden := run.Columns["nik"]
	for {
		row, err := table.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		reason, ok := why[row.Number]
		if !ok {
			continue
		}
		cells := []string{reason}
		for i := range run.Titles {
			text := row.At(i).Text
			if hidden && i == nik {
				text = ""
			}
			cells = append(cells, text)
		}
		if err := out.Write(cells...); err != nil {
			return err
		}
	}
}

// Told is what is wrong with r and what to do, as "Baris 42, kolom NIP: …".
func (r Row) Told() string {
	if r.Cause == "" {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("Baris %d, kolom %s: %s %s", r.Line, heading(r.Field), r.Cause, r.Cure))
}
