package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
)

// open opens content, and closes the table with the test.
func open(t testing.TB, content, name string, l sheet.Limits) (*sheet.Reader, error) {
	t.Helper()
	r, err := sheet.Open(strings.NewReader(content), int64(len(content)), name, l)
	if err == nil {
		t.Cleanup(func() {
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return r, err
}

// texts reads a whole table: "1: a|b", a line per row, and what ended it.
func texts(t testing.TB, content string, l sheet.Limits) (string, error) {
	t.Helper()
	r, err := open(t, content, "", l)
	if err != nil {
		return "", err
	}
	return rest(r)
}

// rest reads what is left of r as texts does; damaged cells have a !, formulas a =.
func rest(r *sheet.Reader) (string, error) {
	var b strings.Builder
	for {
		row, err := r.Next()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return b.String(), err
		}
		fmt.Fprintf(&b, "%d: ", row.Number)
		for i, c := range row.Cells {
			if i > 0 {
				b.WriteString("|")
			}
			if c.Damaged {
				b.WriteString("!")
			}
			if c.Formula {
				b.WriteString("=")
			}
			b.WriteString(c.Text)
		}
		b.WriteString("\n")
	}
}

// refused checks that err is an Invalid fault with that sentence.
func refused(t testing.TB, err error, sentence string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid || f.Text != sentence {
		t.Errorf("got %v\nwant %s", err, sentence)
	}
}

func same(t testing.TB, got, want string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// zipped packs pairs of name and content.
func zipped(t testing.TB, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err == nil {
			_, err = io.WriteString(w, pairs[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func utf16Text(s string, big bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		lo, hi := byte(u), byte(u>>8)
		if big {
			lo, hi = hi, lo
		}
		b.WriteByte(lo)
		b.WriteByte(hi)
	}
	return b.String()
}

func TestContentDecidesWhatAFileIs(t *testing.T) {
	for _, tc := range []struct{ name, content, want string }{
		{"empty", "", "Berkas kosong. Pilih berkas yang berisi tabel."},
		{"old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 70_000) + "W\x00o\x00r\x00k\x00", "Ini berkas Excel lama (.xls). Buka di Excel, lalu Simpan Sebagai Buku Kerja Excel (.xlsx)."},
		{"password", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 65_520) + utf16Text("EncryptedPackage", false)[2:], "Berkas dikunci kata sandi. Buka di Excel, hapus kata sandinya, simpan, lalu unggah kembali."},
		{"PDF", "%PDF-1.7\n", "Ini berkas PDF, bukan tabel. Unggah .xlsx atau .csv."},
		{"web page called .xls", "\ufeff \n<html><table><tr><td>NIP", "Ini halaman web yang disimpan dengan nama tabel. Buka di Excel, lalu Simpan Sebagai Buku Kerja Excel (.xlsx)."},
		{"XML of 2003", `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`, "Ini tabel XML Excel 2003. Buka di Excel, lalu Simpan Sebagai Buku Kerja Excel (.xlsx)."},
		{"OpenDocument", zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "x"), "Ini berkas OpenDocument (.ods). Buka di LibreOffice, lalu Simpan Sebagai Excel 2007–365 (.xlsx)."},
		{"binary workbook", zipped(t, "xl/workbook.bin", "x"), "Ini berkas Excel biner (.xlsb). Buka di Excel, lalu Simpan Sebagai Buku Kerja Excel (.xlsx)."},
		{"Word", zipped(t, "word/document.xml", "x"), "Ini dokumen Word, bukan tabel. Salin tabelnya ke Excel, lalu simpan sebagai .xlsx."},
		{"zip", zipped(t, "../../etc/passwd", "x"), "Ini berkas zip, bukan tabel. Keluarkan isinya, lalu unggah .xlsx atau .csv."},
		{"image", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "Berkas ini bukan tabel. Unggah .xlsx atau .csv."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := texts(t, tc.content, sheet.Limits{})
			refused(t, err, tc.want)
		})
	}
	for _, tc := range []struct {
		content string
		want    sheet.Format
	}{{"NIP;Nama\n", sheet.CSV}, {workbook(t, `<row/>`), sheet.XLSX}} {
		if r, err := open(t, tc.content, "", sheet.Limits{}); err != nil || r.Format != tc.want {
			t.Errorf("%v is not %s", err, tc.want)
		}
	}
}

func TestLimitsSayWhereAndWhatToDo(t *testing.T) {
	wide := strings.Repeat("x;", 3)
	for _, tc := range []struct {
		name, content string
		limits        sheet.Limits
		want          string
	}{
		{"bytes", "a;b", sheet.Limits{Bytes: 2}, "Berkas lebih besar dari 2 bita. Bagi menjadi beberapa berkas."},
		{"rows", "a\n\nb\n\nc\n", sheet.Limits{Rows: 2}, "Baris 5: tabel berisi lebih dari 2 baris. Bagi menjadi beberapa berkas."},
		{"columns", "a\n" + wide + "\n", sheet.Limits{Columns: 2}, "Baris 2, kolom C: tabel lebih dari 2 kolom. Hapus kolom yang tidak diperlukan."},
		{"cell", "a;b\na;" + strings.Repeat("é", 11), sheet.Limits{Cell: 10}, "Baris 2, kolom B: isi sel lebih dari 10 karakter. Ringkas isinya, dan periksa tanda kutip yang tidak ditutup."},
		{"long cell", "a;b\na;" + strings.Repeat("é", 5000), sheet.Limits{}, "Baris 2, kolom B: isi sel lebih dari 4.000 karakter. Ringkas isinya, dan periksa tanda kutip yang tidak ditutup."},
		{"rows of XLSX", workbook(t, row("a")+row("b")+row("c")), sheet.Limits{Rows: 2}, "Baris 3: tabel berisi lebih dari 2 baris. Bagi menjadi beberapa berkas."},
		{"columns of XLSX", workbook(t, row("a")+`<row r="7"><c r="XFD7" t="inlineStr"><is><t>x</t></is></c></row>`), sheet.Limits{}, "Baris 7, kolom XFD: tabel lebih dari 200 kolom. Hapus kolom yang tidak diperlukan."},
		{"cell of XLSX", workbook(t, row("a", strings.Repeat("é", 11))), sheet.Limits{Cell: 10}, "Baris 1, kolom B: isi sel lebih dari 10 karakter. Ringkas isinya, dan periksa tanda kutip yang tidak ditutup."},
		{"giant cell of XLSX", workbook(t, row("a", strings.Repeat("<x/>", 20_000))), sheet.Limits{}, "Baris 1, kolom B: isi sel terlalu besar. Ringkas isinya dan hapus ragam hurufnya."},
		{"unpacked", workbook(t, row(strings.Repeat("x", 2000))), sheet.Limits{Unpacked: 1000}, "Isi berkas .xlsx lebih besar dari 1.000 bita setelah dibuka. Bagi menjadi beberapa berkas, atau simpan sebagai CSV."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := texts(t, tc.content, tc.limits)
			refused(t, err, tc.want)
		})
	}
	for name, content := range map[string]string{
		"rows":                  "a\n\nb\n\n\n",
		"columns behind blanks": "a;b;;;\n",
		"cell":                  "'=" + strings.Repeat("é", 9) + "\n",
	} {
		if _, err := texts(t, content, sheet.Limits{Rows: 2, Columns: 2, Cell: 10}); err != nil {
			t.Errorf("%s at the limit: %v", name, err)
		}
	}
}

func TestLetter(t *testing.T) {
	for col, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 199: "GR", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := sheet.Letter(col); got != want {
			t.Errorf("Letter(%d) = %s, want %s", col, got, want)
		}
	}
}

// A broken disk is not the fault of who sent the file.
func TestErrorsOfTheDiskStayInternal(t *testing.T) {
	disk := errors.New("disk")
	content := workbook(t, row("a"))
	for at := range int64(len(content)) {
		r, err := sheet.Open(failing{content, at, disk}, int64(len(content)), "", sheet.Limits{})
		if err == nil {
			_, err = rest(r)
			if e := r.Close(); e != nil {
				t.Error(e)
			}
		}
		if err != nil && fault.Of(err) != nil {
			t.Fatalf("byte %d: %v", at, err)
		}
	}
}

// failing fails to read the byte at bad.
type failing struct {
	content string
	bad     int64
	err     error
}

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if at <= f.bad && f.bad < at+int64(len(p)) {
		return 0, f.err
	}
	return strings.NewReader(f.content).ReadAt(p, at)
}

func TestClosedTable(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	content := workbook(t, row("a"))
	r, err := sheet.Open(strings.NewReader(content), int64(len(content)), "", sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := r.Next(); err == nil || err == io.EOF {
		t.Errorf("Next of a closed table = %v", err)
	}
	nothingLeft(t)
}

// nothingLeft checks that the test's TMPDIR is empty.
func nothingLeft(t testing.TB) {
	t.Helper()
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left on disk: %v %v", left, err)
	}
}
