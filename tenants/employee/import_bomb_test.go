package employee_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

const (
	officeNS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	sheetNS  = ` xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + officeNS + `"`
	people   = `<row><c t="inlineStr"><is><t>NIP</t></is></c><c t="inlineStr"><is><t>Nama</t></is></c></row>` +
		`<row><c t="inlineStr"><is><t>` + nipAni + `</t></is></c><c t="inlineStr"><is><t>Ani</t></is></c></row>`
)

// A part is a file in a zip: text, and then so many spaces.
type part struct {
	name, text string
	blanks     int64
}

// packed is a zip of parts; a later one takes the place of one of its name.
func packed(t *testing.T, all ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, p := range all {
		last := true
		for _, q := range all[i+1:] {
			last = last && q.name != p.name
		}
		if !last {
			continue
		}
		w, err := z.Create(p.name)
		check(t, err)
		_, err = io.Copy(w, io.MultiReader(strings.NewReader(p.text), io.LimitReader(spaces{}, p.blanks)))
		check(t, err)
	}
	check(t, z.Close())
	return b.Bytes()
}

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// workbook is an XLSX of rows, with other parts.
func workbook(t *testing.T, rows string, more ...part) []byte {
	relations := func(pairs ...string) (text string) {
		for i := 0; i < len(pairs); i += 2 {
			text += `<Relationship Id="` + pairs[i] + `" Type="` + officeNS + "/" + pairs[i] + `" Target="` + pairs[i+1] + `"/>`
		}
		return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + text + `</Relationships>`
	}
	return packed(t, append([]part{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`, 0},
		{"_rels/.rels", relations("officeDocument", "xl/workbook.xml"), 0},
		{"xl/workbook.xml", `<workbook` + sheetNS + `><sheets><sheet name="Data" sheetId="1" r:id="worksheet"/></sheets></workbook>`, 0},
		{"xl/_rels/workbook.xml.rels", relations("worksheet", "worksheets/sheet1.xml", "styles", "styles.xml", "sharedStrings", "sharedStrings.xml"), 0},
		{"xl/styles.xml", `<styleSheet` + sheetNS + `/>`, 0},
		{"xl/sharedStrings.xml", `<sst` + sheetNS + `></sst>`, 0},
		{"xl/worksheets/sheet1.xml", `<worksheet` + sheetNS + `><sheetData>` + rows + `</sheetData></worksheet>`, 0},
	}, more...)...)
}

// TestImportBombs: a file that is made to harm is refused with a sentence that names what
// is too much, leaves nothing behind, and the next import is served.
func TestImportBombs(t *testing.T) {
	const big = "Isi berkas .xlsx lebih besar dari 64 MB setelah dibuka."
	header := "NIP;Nama;Jabatan\n"
	files := []struct {
		name string
		file []byte
		want string
	}{
		{"sheet of 70 MiB in 70 KiB", workbook(t, people, part{"xl/worksheets/sheet1.xml", `<worksheet` + sheetNS + `><sheetData>` + people, 70 << 20}), big},
		{"texts of 70 MiB", workbook(t, people, part{"xl/sharedStrings.xml", `<sst` + sheetNS + `>`, 70 << 20}), big},
		{"styles of 70 MiB", workbook(t, people, part{"xl/styles.xml", `<styleSheet` + sheetNS + `>`, 70 << 20}), "Isi berkas .xlsx lebih besar dari 8 MB setelah dibuka."},
		{"too many parts", workbook(t, people, many(10_000)...), "Berkas .xlsx berisi lebih dari 10.000 bagian."},
		{"entities", workbook(t, people, part{"xl/worksheets/sheet1.xml", `<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;">]><worksheet` + sheetNS + `><sheetData><row><c t="inlineStr"><is><t>&d;</t></is></c></row></sheetData></worksheet>`, 0}), "Berkas .xlsx berisi deklarasi DOCTYPE"},
		{"zip in a zip", packed(t, part{"dalam.zip", string(packed(t, part{"pegawai.xlsx", string(workbook(t, people)), 0})), 0}), "Ini berkas zip, bukan tabel."},
		{"document called .xlsx", packed(t, part{"word/document.xml", "x", 0}), "Ini dokumen Word, bukan tabel."},
		{"page called .xlsx", []byte("<html><table><tr><td>NIP"), "Ini halaman web yang disimpan dengan nama tabel."},
		{"PDF called .xlsx", []byte("%PDF-1.7\n"), "Ini berkas PDF, bukan tabel."},
		{"too many bytes", make([]byte, employee.FileLimit+1), "Berkas lebih besar dari 32 MB."},
		{"too many rows", []byte(header + strings.Repeat("x\n", 200_100)), "Baris 200101: tabel berisi lebih dari 200.100 baris."},
		{"too wide", []byte(header + nipAni + ";Ani;" + strings.Repeat("x;", 200) + "\n"), "Baris 2, kolom GS: tabel lebih dari 200 kolom."},
		{"too long a cell", []byte(header + nipAni + ";" + strings.Repeat("x", 4_001) + "\n"), "Baris 2, kolom B: isi sel lebih dari 4.000 karakter."},
	}
	blank := workbook(t, people+strings.Repeat("<row/>", 1_000_000))
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		in, ctx := o.imports(), authz.AsSystem(t.Context(), tuban)
		run := func(file []byte) (employee.Run, error) {
			return in.Run(ctx, bytes.NewReader(file), int64(len(file)), "")
		}
		for _, f := range files {
			run, err := run(f.file)
			told := run.Note
			if e := fault.Of(err); e != nil && e.Kind == fault.Invalid {
				told = e.Text
			} else if err != nil || run.State != employee.Failed {
				t.Errorf("%s: %s, %v", f.name, run.State, err)
				continue
			}
			if !strings.HasPrefix(told, f.want) {
				t.Errorf("%s: told %q, want %q", f.name, told, f.want)
			}
			if n := o.count(t, tuban, "import_row WHERE TRUE"); n != 0 {
				t.Errorf("%s: %d rows are staged", f.name, n)
			}
		}
		// Rows without anything are what spreadsheets leave below a table: they harm nobody.
		last, err := run(blank)
		check(t, err)
		if counts(last) != "new 1" {
			t.Errorf("a million empty rows: %s %s", counts(last), last.Note)
		}
	})
}

// many are n parts that say nothing.
func many(n int) (all []part) {
	for i := range n {
		all = append(all, part{name: fmt.Sprint("x/", i)})
	}
	return all
}
