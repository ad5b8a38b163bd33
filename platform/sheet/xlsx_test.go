package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/platform/sheet"
)

const (
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`
	ns           = ` xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	broken       = "Berkas rusak atau tidak lengkap. Buka di aplikasi asalnya, simpan ulang sebagai .xlsx, lalu unggah kembali."
)

// row is one row of XML with inline texts.
func row(cells ...string) string {
	var b strings.Builder
	b.WriteString("<row>")
	for _, c := range cells {
		b.WriteString(`<c t="inlineStr"><is><t>` + html.EscapeString(c) + `</t></is></c>`)
	}
	b.WriteString("</row>")
	return b.String()
}

// relations writes pairs of kind and target, with ids rId0, rId1, …
func relations(pairs ...string) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`, i/2, pairs[i], pairs[i+1])
	}
	return b.String() + `</Relationships>`
}

func sheetXML(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet` + ns + `><dimension ref="A1"/><sheetData>` + rows + `</sheetData></worksheet>`
}

// parts are those of a workbook whose first sheet is sheetData; its styles have
// the formats in order, its shared texts are texts.
func parts(sheetData string, formats, texts []string) []string {
	var s, x, n strings.Builder
	for i, f := range formats {
		fmt.Fprintf(&n, `<numFmt numFmtId="%d" formatCode="%s"/>`, 164+i, html.EscapeString(f))
		fmt.Fprintf(&x, `<xf numFmtId="%d"/>`, 164+i)
	}
	for _, text := range texts {
		s.WriteString("<si>" + text + "</si>")
	}
	return []string{
		"[Content_Types].xml", contentTypes,
		"_rels/.rels", relations("officeDocument", "xl/workbook.xml"),
		"xl/workbook.xml", `<workbook` + ns + `><workbookPr/><sheets><sheet name="Sembunyi" sheetId="1" state="hidden" r:id="rId1"/><sheet name="Data" sheetId="2" r:id="rId0"/><sheet name="Lain" sheetId="3" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", relations("worksheet", "worksheets/sheet1.xml", "worksheet", "/xl/worksheets/sheet2.xml", "styles", "styles.xml", "sharedStrings", "sharedStrings.xml"),
		"xl/styles.xml", `<styleSheet` + ns + `><numFmts>` + n.String() + `</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>` + x.String() + `</cellXfs></styleSheet>`,
		"xl/sharedStrings.xml", `<sst` + ns + `>` + s.String() + `</sst>`,
		"xl/worksheets/sheet1.xml", sheetXML(sheetData),
		"xl/worksheets/sheet2.xml", sheetXML(row("lain")),
	}
}

func workbook(t testing.TB, sheetData string) string {
	t.Helper()
	return zipped(t, parts(sheetData, nil, nil)...)
}

func TestReadXLSX(t *testing.T) {
	formats := []string{"General", `dd/mm/yyyy`, `[$-421]dddd, dd mmmm yyyy;@`, `d-mmm-yy h:mm`, `hh:mm:ss`, `[h]:mm`, `000000000`, `#,##0.00`, `0`, `"d"0`, "@", `mmm-yy`, `_-"Rp"* #,##0_-`}
	for _, tc := range []struct{ name, rows, want string }{
		{"shared and inline texts", `<row r="2"><c r="B2" t="s"><v>0</v></c><c r="D2" t="inlineStr"><is><t>in</t></is></c></row><row r="5"><c t="s"><v>1</v></c></row>`, "2: |satu & dua||in\n5: ragam\n"},
		{"named prefix", `<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:c><x:v>1</x:v></x:c></x:row>`, "1: 1\n"},
		{"NIP as a number", `<row><c><v>1.99003172015041E+17</v></c><c s="8"><v>199003172015041000</v></c><c t="str"><v>1.99003E+17</v></c><c t="inlineStr"><is><t>199003172015041001</t></is></c></row>`, "1: !1.99003E+17|!1.99003E+17|!1.99003E+17|199003172015041001\n"},
		{"numbers", `<row><c><v>12.5</v></c><c><v>0.30000000000000004</v></c><c s="6"><v>12345</v></c><c s="7"><v>1234567.5</v></c><c s="9"><v>7</v></c><c><v>-3</v></c></row>`, "1: 12.5|0.3|000012345|1234567.50|d7|-3\n"},
		{"dates", `<row><c s="1"><v>46348</v></c><c s="2"><v>46348</v></c><c s="3"><v>46348.3333333333</v></c><c s="4"><v>0.5</v></c><c s="5"><v>1.5</v></c><c s="11"><v>46348</v></c></row>`, "1: 2026-11-22|2026-11-22|2026-11-22 08:00|12:00:00|36:00|2026-11-22\n"},
		{"days at the edge", `<row><c s="1"><v>1</v></c><c s="1"><v>59</v></c><c s="1"><v>61</v></c><c s="1"><v>2958465</v></c><c s="1"><v>2958466</v></c><c s="1"><v>0</v></c><c s="1"><v>-1</v></c><c s="3"><v>46348.99999999</v></c><c s="1" t="e"><v>#N/A</v></c></row>`, "1: 1900-01-01|1900-02-28|1900-03-01|9999-12-31|2958466|0|-1|2026-11-23 00:00|#N/A\n"},
		{"text in the style of a date", `<row><c s="1" t="s"><v>0</v></c><c s="1" t="inlineStr"><is><t>22-11-2026</t></is></c></row>`, "1: satu & dua|22-11-2026\n"},
		{"formulas", `<row><c t="str"><f>A2&amp;"x"</f><v>yx</v></c><c><f>1+1</f><v>2</v></c><c><v>2</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c><f>A9</f></c></row>`, "1: =yx|=2|2|=#DIV/0!\n"},
		{"yes and no", `<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c></row>`, "1: TRUE|FALSE\n"},
		{"styled but empty", `<row><c s="1"/><c/></row><row r="1048576"><c s="1"/></row>`, ""},
		{"comments and instructions", `<!-- <row> --><row><?x y?><c><v>1<!-- 2 --></v></c></row><!---->`, "1: 1\n"},
		{"no rows", ``, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			content := zipped(t, parts(tc.rows, formats, []string{"<t>satu &amp; dua</t>", "<r><t>ra</t></r><r><rPr><b/></rPr><t>gam</t></r>"})...)
			r, err := sheet.Open(strings.NewReader(content), int64(len(content)), "", sheet.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := rest(r)
			if err != nil {
				t.Error(err)
			}
			same(t, got, tc.want)
			if err := r.Close(); err != nil {
				t.Error(err)
			}
			nothingLeft(t)
		})
	}
}

func TestDatesSince1904(t *testing.T) {
	p := parts(`<row><c s="0"><v>44886</v></c></row>`, []string{"yyyy/mm/dd"}, nil)
	p[5] = strings.Replace(p[5], "<workbookPr/>", `<workbookPr date1904="1"/>`, 1)
	p[9] = strings.Replace(p[9], "<cellXfs>", `<cellXfs><xf numFmtId="0"/>`, 1)
	p[13] = strings.Replace(p[13], `s="0"`, `s="1"`, 1)
	got, err := texts(t, zipped(t, p...), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, "1: 2026-11-22\n")
}

func TestSheets(t *testing.T) {
	content := workbook(t, row("data"))
	for name, want := range map[string]string{"": "1: data\n", "data": "1: data\n", "Lain": "1: lain\n", "Sembunyi": "1: lain\n"} {
		r, err := open(t, content, name, sheet.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"Data", "Lain"}, r.Sheets); diff != "" {
			t.Error(diff)
		}
		got, err := rest(r)
		if err != nil {
			t.Error(err)
		}
		same(t, got, want)
	}
	_, err := open(t, content, "Januari", sheet.Limits{})
	refused(t, err, "Lembar “Januari” tidak ada dalam berkas. Pilih salah satu: Data, Lain.")
	p := parts("", nil, nil)
	p[5] = strings.ReplaceAll(p[5], "<sheet ", `<sheet state="veryHidden" `)
	p[5] = strings.Replace(p[5], ` state="hidden"`, "", 1)
	_, err = texts(t, zipped(t, p...), sheet.Limits{})
	refused(t, err, "Berkas tidak punya lembar yang terlihat. Tampilkan lembarnya di Excel, simpan, lalu unggah kembali.")
}

func TestHostileXLSX(t *testing.T) {
	replaced := func(old, fresh string) string {
		p := parts(row("a"), nil, []string{"<t>x</t>"})
		for i := range p {
			p[i] = strings.ReplaceAll(p[i], old, fresh)
		}
		return zipped(t, p...)
	}
	whole := workbook(t, row("a"))
	for _, tc := range []struct{ name, content, want string }{
		{"cut short", whole[:len(whole)-30], broken},
		{"cut in the middle", whole[:len(whole)/2], broken},
		{"sheet cut short", replaced("</sheetData></worksheet>", ""), broken},
		{"path out of the package", replaced("worksheets/sheet1.xml", "../../../etc/passwd"), broken},
		{"same part twice", zipped(t, "xl/workbook.xml", "x", `xl\Workbook.xml`, "y"), broken},
		{"index of no text", workbook(t, `<row><c t="s"><v>0</v></c></row>`), broken},
		{"index below all texts", workbook(t, `<row><c t="s"><v>-1</v></c></row>`), broken},
		{"rows backwards", workbook(t, `<row r="5"><c><v>1</v></c></row><row r="3"><c><v>2</v></c></row>`), broken},
		{"cells backwards", workbook(t, `<row><c r="C1"><v>1</v></c><c r="A1"><v>2</v></c></row>`), broken},
		{"row far below", workbook(t, `<row r="1048577"><c><v>1</v></c></row>`), broken},
		{"column far right", workbook(t, `<row><c r="ZZZZZZ1"><v>1</v></c></row>`), broken},
		{"column without a name", workbook(t, `<row><c r="7"><v>1</v></c></row>`), broken},
		{"row in a row", workbook(t, `<row><row><c><v>1</v></c></row></row>`), broken},
		{"entities", replaced("<worksheet", `<!DOCTYPE a [<!ENTITY b "c">]><worksheet`), "Berkas .xlsx berisi deklarasi DOCTYPE, yang tidak pernah ditulis Excel. Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah kembali."},
		{"empty formulas far right", workbook(t, `<row><c r="XFD1"><f/></c></row>`), "Baris 1, kolom XFD: tabel lebih dari 200 kolom. Hapus kolom yang tidak diperlukan."},
		{"blanks far right", workbook(t, `<row><c r="GS1" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>`), "Baris 1, kolom GS: tabel lebih dari 200 kolom. Hapus kolom yang tidak diperlukan."},
		{"no XML", replaced("<workbookPr/>", "<"), broken},
		{"no styles", replaced("<cellXfs>", "<cellXfs"), broken},
		{"giant tag", workbook(t, `<row x="`+strings.Repeat("y", 70_000)+`"/>`), broken},
		{"infinite", workbook(t, `<row><c><v>Inf</v></c></row>`), broken},
		{"formats without end", replaced("<numFmts>", "<numFmts>"+countless(`<numFmt numFmtId="%d" formatCode="0"/>`, 600)), "Berkas berisi terlalu banyak ragam format. Salin tabelnya sebagai nilai ke buku kerja baru, lalu unggah."},
		{"styles without end", replaced("<cellXfs>", "<cellXfs>"+strings.Repeat("<xf/>", 70_000)), "Berkas berisi terlalu banyak ragam format. Salin tabelnya sebagai nilai ke buku kerja baru, lalu unggah."},
		{"texts without end", replaced("<si>", strings.Repeat("<si/>", 1_000_000)+"<si>"), "Berkas berisi lebih dari 1.000.000 teks yang berbeda. Simpan sebagai CSV, atau bagi menjadi beberapa berkas."},
		{"giant text", replaced("<t>x</t>", strings.Repeat("<r><t>x</t></r>", 10_000)), "Berkas berisi teks yang terlalu besar. Ringkas sel yang sangat panjang, atau simpan sebagai CSV."},
		{"list of 30 MiB", replaced("<numFmts>", "<numFmts>"+strings.Repeat(" ", 30<<20)), "Isi berkas .xlsx lebih besar dari 8 MB setelah dibuka. Bagi menjadi beberapa berkas, atau simpan sebagai CSV."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			r, err := sheet.Open(strings.NewReader(tc.content), int64(len(tc.content)), "", sheet.Limits{})
			if err == nil {
				_, err = rest(r)
				if e := r.Close(); e != nil {
					t.Error(e)
				}
			}
			refused(t, err, tc.want)
			nothingLeft(t)
		})
	}
}

func countless(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, 1000+i)
	}
	return b.String()
}

// blanks is n spaces, however many.
type blanks struct{ n int64 }

func (z *blanks) Read(p []byte) (int, error) {
	if z.n == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), z.n)
	for i := range p[:n] {
		p[i] = ' '
	}
	z.n -= n
	return int(n), nil
}

// bomb is a workbook whose part of that name is padded to n bytes; it says that
// it has said bytes, or the truth when said is 0.
func bomb(t testing.TB, name string, n int64, said uint64) string {
	t.Helper()
	var b, packed bytes.Buffer
	z := zip.NewWriter(&b)
	for p := parts(row("a"), nil, nil); len(p) > 0; p = p[2:] {
		w, err := z.Create(p[0])
		if err != nil {
			t.Fatal(err)
		}
		if p[0] != name {
			_, err = io.WriteString(w, p[1])
		} else {
			_, err = io.Copy(w, io.MultiReader(strings.NewReader(p[1]), &blanks{n}))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if said == 0 {
		return b.String()
	}
	in, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	z = zip.NewWriter(&packed)
	for _, f := range in.File {
		head := f.FileHeader
		if f.Name == name {
			head.UncompressedSize64 = said
		}
		w, err := z.CreateRaw(&head)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := f.OpenRaw()
		if err == nil {
			_, err = io.Copy(w, raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

func TestBombs(t *testing.T) {
	const big = "Isi berkas .xlsx lebih besar dari 64 MB setelah dibuka. Bagi menjadi beberapa berkas, atau simpan sebagai CSV."
	for _, tc := range []struct {
		name, part string
		said       uint64
		want       string
	}{
		{"sheet", "xl/worksheets/sheet1.xml", 0, big},
		{"shared texts", "xl/sharedStrings.xml", 0, big},
		{"styles", "xl/styles.xml", 0, "Isi berkas .xlsx lebih besar dari 8 MB setelah dibuka. Bagi menjadi beberapa berkas, atau simpan sebagai CSV."},
		{"styles that lie", "xl/styles.xml", 500, broken},
		{"shared texts that lie", "xl/sharedStrings.xml", 50, broken},
		{"sizes that overflow", "xl/sharedStrings.xml", 1<<64 - 10, big},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := texts(t, bomb(t, tc.part, 70<<20, tc.said), sheet.Limits{})
			refused(t, err, tc.want)
		})
	}
	got, err := texts(t, bomb(t, "xl/worksheets/sheet2.xml", 70<<20, 0), sheet.Limits{})
	if err != nil || got != "1: a\n" {
		t.Errorf("a bomb in a part that is not read: %q, %v", got, err)
	}
	list := zipped(t, "xl/workbook.xml", "x")
	var many bytes.Buffer
	z := zip.NewWriter(&many)
	for i := range 60_000 {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("%s/%040d", "x", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{many.String(), list} {
		_, err = texts(t, content, sheet.Limits{})
		refused(t, err, broken)
	}
}
