package employee

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// judge compares rows with the register, and hands them with their verdicts to the storer.
func (s *Imports) judge(ctx context.Context, c *comparison, chunk []given, to *storer) error {
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
		day := today(tx)
		for _, g := range chunk {
			rows = append(rows, s.verdict(tx, c, known, g, day))
		}
		return elsewhere(ctx, tx, rows)
	})
	if err != nil {
		return err
	}
	return to.store(rows)
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
		err := tx.NewSelect().Model(&all).Where("tenant_id = ? AND ? IN (?)", tx.Tenant, bun.Ident(by.column), bun.List(by.values)).Scan(ctx)
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
func (s *Imports) verdict(tx *store.Tx, c *comparison, known map[string]Employee, g given, day civil.Date) Row {
	row := Row{TenantID: tx.Tenant, ID: tx.NewID(), RunID: c.run.ID, Line: g.line, Verdict: Fresh, Name: short(g.texts["name"]),
		EmployeeID: ID(tx.NewID()), IdentityID: account.ID(tx.NewID()), Data: nothing, Diff: []Difference{}}
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
		err = now.check(day)
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

// nothing is the data of a row that is not applied.
var nothing = json.RawMessage("{}")

// data is e as a row keeps it until it is applied: what is not empty, by column. It is
// written by hand: a large file has millions of these texts.
func (e Employee) data() json.RawMessage {
	d := make([]byte, 0, 512)
	put := func(column, text string) {
		if text == "" {
			return
		}
		d = append(d, ",\""+column+"\":"...)
		if plain(text) {
			d = append(append(append(d, '"'), text...), '"')
			return
		}
		quoted, _ := json.Marshal(text) // of a text it cannot fail
		d = append(d, quoted...)
	}
	put("name", e.Name)
	put("sort_name", e.SortName)
	put("unit_id", string(e.UnitID))
	put("nik", e.NIKSealed)
	put("nik_index", e.NIKIndex)
	for _, f := range kept() {
		put(f.column(), f.text(e))
	}
	if len(d) == 0 {
		return nothing
	}
	d[0] = '{'
	return append(d, '}')
}

// plain reports whether text stands in JSON as it is.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			return false
		}
	}
	return true
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
	r.Data = nothing
	return r.refuse(Elsewhere, "nip", "Pegawai ini masih tercatat aktif di instansi lain.", "Ajukan mutasi dengan surat keputusannya.")
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
	err = tx.NewSelect().Model((*employed)(nil)).Column("subject").Where("subject IN (?)", bun.List(all)).Scan(ctx, &found)
	return found, err
}
