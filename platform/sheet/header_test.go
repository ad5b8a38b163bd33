package sheet_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/platform/sheet"
)

var employee = []sheet.Column{
	{Key: "nip", Names: []string{"NIP", "NIP Baru", "No. Pegawai"}, Required: true},
	{Key: "name", Names: []string{"Nama", "Nama Pegawai"}, Required: true},
	{Key: "unit", Names: []string{"Unor Nama", "Unit Kerja"}},
}

// siasn is like BKN's export: mark, titles above, empty cells to full width,
// numbered columns, a header repeated on the second page, signatures below.
const siasn = "\ufeffDAFTAR PEGAWAI PEMERINTAH KABUPATEN TUBAN;;;;\r\n" +
	"Keadaan: 1 November 2026;;;;\r\n" +
	";;;;\r\n" +
	"No;nipBaru;gelarDepan;Nama;unorNama\r\n" +
	"(1);(2);(3);(4);(5)\r\n" +
	"1;199003172015041001;;Budi Santoso, S.H.;\"Dinas; Pendidikan\"\r\n" +
	"2;1,99003E+17;Drs.;Ani;RSUD\r\n" +
	"No;nipBaru;gelarDepan;Nama;unorNama\r\n" +
	"3;198801012010012002;;Citra;RSUD\r\n" +
	";;;;\r\n" +
	";;;;Tuban, 3 November 2026\r\n" +
	";;;;Kepala BKPSDM,\r\n" +
	";;;;Drs. X\r\n"

func TestExportOfSIASN(t *testing.T) {
	p := []string{}
	for _, line := range strings.Split(strings.TrimPrefix(siasn, "\ufeff"), "\r\n") {
		p = append(p, row(strings.Split(strings.ReplaceAll(line, `"Dinas; Pendidikan"`, "Dinas Pendidikan"), ";")...))
	}
	for format, content := range map[string]string{"csv": siasn, "xlsx": workbook(t, strings.Join(p, ""))} {
		t.Run(format, func(t *testing.T) {
			r, err := open(t, content, "", sheet.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			h, err := sheet.FindHeader(r, employee)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"No", "nipBaru", "gelarDepan", "Nama", "unorNama"}, h.Titles); diff != "" || h.Row != 4 {
				t.Errorf("header in row %d: %s", h.Row, diff)
			}
			var got strings.Builder
			for {
				row, err := r.Next()
				if err != nil {
					break
				}
				if h.Holds(row) {
					nip := h.Cell(row, "nip")
					fmt.Fprintf(&got, "%d %s %v %s %s\n", row.Number, nip.Text, nip.Damaged, h.Cell(row, "name").Text, h.Cell(row, "title").Text)
				}
			}
			same(t, strings.ReplaceAll(got.String(), ",99", ".99"), "6 199003172015041001 false Budi Santoso, S.H. \n7 1.99003E+17 true Ani \n9 198801012010012002 false Citra \n")
			refused(t, h.Fault(42, "nip", "%d digit, harus %d.", 17, 18), "Baris 42, kolom B (nipBaru): 17 digit, harus 18.")
			refused(t, h.Fault(42, "title", "kosong."), "Baris 42, kolom title: kosong.")
		})
	}
}

func TestFindHeader(t *testing.T) {
	for _, tc := range []struct {
		name, content string
		want          string // Column of nip, name, unit, and what Next returns then
		err           string
	}{
		{"at the top", "NIP;Nama\n1;a\n", "0 1 -1 2: 1|a", ""},
		{"spelt otherwise", "unit_kerja;  NO.PEGAWAI ;NAMA  PEGAWAI\n", "1 2 0 ", ""},
		{"best of two", "Nama;Kabupaten Tuban\nNIP;Nama;Unit Kerja\n1;a;b\n", "0 1 2 3: 1|a|b", ""},
		{"upper of two", "NIP;Nama\nNama;NIP\n", "0 1 -1 2: Nama|NIP", ""},
		{"numbers that are data", "NIP;Nama\n1;2\n", "0 1 -1 2: 1|2", ""},
		{"missing", "NIP;Jabatan\n1;a\n", "0 -1 -1 2: 1|a", "Baris 1: kolom Nama tidak ada. Tambahkan kolomnya atau sesuaikan judulnya."},
		{"twice", "NIP;Nama;nip\n1;a;2\n", "0 1 -1 2: 1|a|2", "Baris 1: kolom NIP ada lebih dari satu (A dan C). Hapus atau ganti judul yang tidak dipakai."},
		{"synonyms twice", "NIP Baru;Nama;NIP\n1;a;2\n", "2 1 -1 2: 1|a|2", "Baris 1: kolom NIP ada lebih dari satu (A dan C). Hapus atau ganti judul yang tidak dipakai."},
		{"none", "1;a\n2;b\n", "-1 -1 -1 1: 1|a\n2: 2|b", "Baris judul kolom tidak ditemukan dalam 30 baris pertama. Beri kolom judul: NIP, Nama."},
		{"nothing", "\n", "-1 -1 -1 ", "Baris judul kolom tidak ditemukan dalam 30 baris pertama. Beri kolom judul: NIP, Nama."},
		{"too far down", strings.Repeat("x\n", 30) + "NIP;Nama\n", "-1 -1 -1 " + lines(30, "x") + "31: NIP|Nama", "Baris judul kolom tidak ditemukan dalam 30 baris pertama. Beri kolom judul: NIP, Nama."},
		{"just not too far down", strings.Repeat("x\n", 29) + "NIP;Nama\n1;a\n", "0 1 -1 31: 1|a", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := open(t, tc.content, "", sheet.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			h, err := sheet.FindHeader(r, employee)
			if tc.err != "" {
				refused(t, err, tc.err)
			} else if err != nil {
				t.Error(err)
			}
			below, err := rest(r)
			if err != nil {
				t.Error(err)
			}
			same(t, fmt.Sprintf("%d %d %d %s", h.Column("nip"), h.Column("name"), h.Column("unit"), strings.TrimSpace(below)), tc.want)
		})
	}
}

func lines(n int, text string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d: %s\n", i+1, text)
	}
	return b.String()
}

func TestMissingColumnsAreNamed(t *testing.T) {
	r, err := open(t, "Unit Kerja;x\n", "", sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	h, err := sheet.FindHeader(r, employee)
	refused(t, err, "Baris 1: kolom NIP, Nama tidak ada. Tambahkan kolomnya atau sesuaikan judulnya.")
	if missing := h.Missing(); len(missing) != 2 || missing[0].Key != "nip" || missing[1].Key != "name" {
		t.Errorf("Missing = %v", missing)
	}
}

// A broken cell below the header does not hide the header, nor the other way round.
func TestHeaderAboveABrokenCell(t *testing.T) {
	r, err := open(t, "NIP;Nama\n1;a\n2;\"b", "", sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sheet.FindHeader(r, employee); err != nil {
		t.Fatal(err)
	}
	got, err := rest(r)
	same(t, got, "2: 1|a\n")
	refused(t, err, "Baris 3, kolom B: tanda kutip tidak ditutup. Tutup tanda kutipnya, atau hapus.")
}
