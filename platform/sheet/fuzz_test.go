package sheet_test

import (
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
)

var small = sheet.Limits{Rows: 50, Columns: 8, Cell: 40, Bytes: 1 << 16, Unpacked: 1 << 16}

// consume reads a whole table, whatever it is, and checks what every table keeps.
func consume(t *testing.T, content string, columns []sheet.Column) {
	r, err := sheet.Open(strings.NewReader(content), int64(len(content)), "", small)
	if err != nil {
		if fault.Of(err) == nil {
			t.Fatalf("Open = %v, which is no fault", err)
		}
		return
	}
	defer r.Close()
	last := 0
	if columns != nil {
		h, err := sheet.FindHeader(r, columns)
		if err != nil && fault.Of(err) == nil {
			t.Fatalf("FindHeader = %v, which is no fault", err)
		}
		last = h.Row
		for _, c := range columns {
			if i := h.Column(c.Key); i >= len(h.Titles) || err == nil && i < 0 && c.Required {
				t.Fatalf("%s is in column %d of %q", c.Key, i, h.Titles)
			}
		}
	}
	for n := 0; ; n++ {
		row, err := r.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("Next = %v, which is no fault", err)
			}
			return
		}
		if row.Number <= last || n >= small.Rows || len(row.Cells) == 0 || len(row.Cells) > small.Columns {
			t.Fatalf("row %d after %d has %d cells", row.Number, last, len(row.Cells))
		}
		last = row.Number
		for _, c := range row.Cells {
			if utf8.RuneCountInString(c.Text) > small.Cell {
				t.Fatalf("row %d has a cell of %d bytes", row.Number, len(c.Text))
			}
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{siasn, "a,b\n\"x\ny\",2", "sep=;\na;b", "a\tb\r\"", "\xff\xfea\x00", "\xfe\xff\x00a", "Jos\xe9;\x81", "'=1;1.9E+17", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "%PDF-", "a;\"b\"c;\"\"\"\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, content string) { consume(t, content, nil) })
}

func FuzzFindHeader(f *testing.F) {
	for _, s := range []string{siasn, "NIP;Nama\n1;a", "nama\nnip;nama;nip", "x\n\n\nNIP\n(1);(2);(3)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, content string) { consume(t, content, employee) })
}

// The XML of a sheet, and of its styles and shared texts, is what a hostile file
// reaches us and excelize with.
func FuzzXLSX(f *testing.F) {
	f.Add(`<row r="2"><c r="B2" s="1" t="s"><v>0</v></c></row>`, "dd/mm/yyyy", "<t>a</t>")
	f.Add(`<row><c><f>1+1</f><v>1.9E+17</v></c><c t="d"><v>2026-11-22</v></c></row>`, `[h]:mm;@"x`, "<r><t>a</t></r>")
	f.Add(`<x:row><!-- --><x:c t='inlineStr'><x:is><x:t>_x000D_</x:t></x:is></x:c></x:row>`, "#,##0.00;[Red]-0", "")
	f.Add(`<row r="-1"/><row><c r="A" t="b"/>`, "_", "<si>")
	f.Fuzz(func(t *testing.T, rows, format, text string) {
		consume(t, zipped(t, parts(rows, []string{"0", format}, []string{text})...), nil)
	})
}
