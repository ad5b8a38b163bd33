package sheet_test

import (
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/sheet"
)

func TestReadCSV(t *testing.T) {
	for _, tc := range []struct{ name, content, want string }{
		{"semicolons", "a;b\nc;d\n", "1: a|b\n2: c|d\n"},
		{"commas", "a,b\nc,d", "1: a|b\n2: c|d\n"},
		{"tabs", "a\tb\r\nc\td\r\n", "1: a|b\n2: c|d\n"},
		{"old line ends", "a;b\rc;d\r", "1: a|b\n2: c|d\n"},
		{"one column", "a\nb\n", "1: a\n2: b\n"},
		{"names with commas", "nip;nama\n1;Budi, S.H., M.Si\n2;Ani, S.E., M.M\n", "1: nip|nama\n2: 1|Budi, S.H., M.Si\n3: 2|Ani, S.E., M.M\n"},
		{"decimal commas", "a;b\n1,5;2,5\n3,5;4,5\n", "1: a|b\n2: 1,5|2,5\n3: 3,5|4,5\n"},
		{"quoted semicolons", "a,b\n\"x;y;z\",2\n", "1: a|b\n2: x;y;z|2\n"},
		{"Excel's own line", "sep=;\r\na,b;c\n", "1: a,b|c\n"},
		{"quotes", "\"a \"\"b\"\"\";\"c;d\"\n\"e\nf\";g\n", "1: a \"b\"|c;d\n2: e\nf|g\n"},
		{"quotes in the middle", "Budi \"Bud\" S;5\"\n\"x\"y;z\n", "1: Budi \"Bud\" S|5\"\n2: xy|z\n"},
		{"empty rows count", "a;b\n\n;;\nc;d\n", "1: a|b\n4: c|d\n"},
		{"blanks stay", " a ;b \n", "1:  a |b \n"},
		{"UTF-8 with mark", "\ufeffé;’\n", "1: é|’\n"},
		{"UTF-8", "é;’\n", "1: é|’\n"},
		{"UTF-16LE", utf16Text("é\t😀\r\n", false), "1: é|😀\n"},
		{"UTF-16BE", utf16Text("é;b\r\n", true), "1: é|b\n"},
		{"Windows-1252", "Jos\xe9;Ma\x92ruf \x80\n", "1: José|Ma’ruf €\n"},
		{"only a mark", "\ufeff", ""},
		{"NIP shortened", "1.99003E+17;1,99003E+17;1.99003172015041e+17\n", "1: !1.99003E+17|!1,99003E+17|!1.99003172015041e+17\n"},
		{"no number shortened", "2E10;E+17;1.9E+17x;199003172015041001\n", "1: 2E10|E+17|1.9E+17x|199003172015041001\n"},
		{"guarded", "'=1+1;'+62812;'x;''=1\n", "1: =1+1|+62812|'x|'=1\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := texts(t, tc.content, sheet.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, tc.want)
		})
	}
}

func TestBrokenCSV(t *testing.T) {
	const letter = "ada huruf yang rusak. Simpan ulang dari Excel sebagai CSV UTF-8, lalu unggah kembali."
	for _, tc := range []struct{ name, content, want string }{
		{"quote left open", "a;b\n1;\"x\n2;y\n", "Baris 2, kolom B: tanda kutip tidak ditutup. Tutup tanda kutipnya, atau hapus."},
		{"quote left open in a long file", "a;b\n1;\"x\n" + strings.Repeat("2;y\n", 2000), "Baris 2, kolom B: isi sel lebih dari 4.000 karakter. Ringkas isinya, dan periksa tanda kutip yang tidak ditutup."},
		{"marked UTF-8 that is none", "\ufeffa;b\n1;Jos\xe9\n", "Baris 2, kolom B: " + letter},
		{"UTF-8 damaged on its way", "a;é\n1;2;Jos\xe9\n", "Baris 2, kolom C: " + letter},
		{"no letter of Windows-1252", "a;b\n\x81\n", "Baris 2, kolom A: " + letter},
		{"half a letter of UTF-16", utf16Text("a;b\n", false) + "c", "Baris 2, kolom A: " + letter},
		{"half a pair of UTF-16", utf16Text("a;b\n", false) + "\x3d\xd8c\x00", "Baris 2, kolom A: " + letter},
		{"Excel's own line broken", "s\x81ep=;\na;b", "Baris 1, kolom A: " + letter},
		{"NUL", "a;b\n1;\x00", "Berkas ini bukan tabel. Unggah .xlsx atau .csv."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := texts(t, tc.content, sheet.Limits{})
			refused(t, err, tc.want)
		})
	}
}
