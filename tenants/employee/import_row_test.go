package employee

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
)

func TestParseDay(t *testing.T) {
	for text, want := range map[string]string{
		"31-12-1990": "1990-12-31", "1990-12-31": "1990-12-31", "31/12/1990": "1990-12-31", "1.4.2022": "2022-04-01",
		"1 April 2022": "2022-04-01", "1 Mei 2022": "2022-05-01", "17 Agustus 1945": "1945-08-17", "1 Okt 2020": "2020-10-01", "25 Des 2020": "2020-12-25",
		"5 Aug 2020": "2020-08-05", "2022-04-01T00:00:00": "2022-04-01", "2022-04-01 00:00:00": "2022-04-01", "'01-04-2022": "2022-04-01",
		"31-02-2020": "", "2020": "", "1-1-20": "", "satu dua tiga": "", "1 Xyz 2020": "", "": "", "13-13-2020": "", "99999999999-1-2020": "",
	} {
		got, ok := parseDay(text)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("parseDay(%q) = %s, %t, want %q", text, got, ok, want)
		}
	}
}

func TestChoose(t *testing.T) {
	for _, tc := range []struct{ key, text, want string }{
		{"rank", "III/c", "33"}, {"rank", "iii c", "33"}, {"rank", "III-c", "33"}, {"rank", "33", "33"}, {"rank", "Penata", "33"}, {"rank", "Penata (III/c)", "33"}, {"rank", "III/c - Penata", "33"},
		{"rank", "IV/f", ""}, {"rank", "Jenderal", ""},
		{"sex", "L", Male}, {"sex", "Laki-laki", Male}, {"sex", "P", Female}, {"sex", "PEREMPUAN", Female}, {"sex", "F", Female}, {"sex", "X", ""},
		{"position_kind", "Jabatan Fungsional", "2"}, {"position_kind", "Pelaksana", "4"}, {"position_kind", "1", "1"},
		{"echelon", "II.b", "22"}, {"echelon", "III.a", "31"}, {"echelon", "NON ESELON", "99"}, {"echelon", "00", "99"},
		{"standing", "Aktif", "01"}, {"standing", "PNS Aktif", "01"}, {"standing", "1", "01"}, {"standing", "2", "02"}, {"standing", "CLTN", "02"}, {"standing", "Pensiun", "99"}, {"standing", "Entah", ""}, {"standing", "1234", ""},
	} {
		list := map[string][]Entry{"rank": Ranks(PNS), "sex": Sexes(), "position_kind": PositionKinds(), "echelon": Echelons(), "standing": Standings()}[tc.key]
		if got, ok := choose(tc.key, list, tc.text); got != tc.want || ok != (tc.want != "") {
			t.Errorf("choose(%s, %q) = %q, %t, want %q", tc.key, tc.text, got, ok, tc.want)
		}
	}
	if got, _ := choose("rank", Ranks(PPPK), "ix"); got != "IX" {
		t.Errorf("a rank of a PPPK: %q", got)
	}
}

// TestGiven: a row is written over what is there, and what it does not say stays.
func TestGiven(t *testing.T) {
	read := func(pairs ...string) given {
		g := given{line: 7, texts: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			g.texts[pairs[i]] = pairs[i+1]
		}
		return g
	}
	for _, tc := range []struct {
		name  string
		g     given
		old   Employee
		check func(e Employee) bool
		field string // to blame; "" = it is fine
	}{
		{"a PNS by the number", read("nip", "19900315 201503 2 901", "name", "Ani"), Employee{}, func(e Employee) bool { return e.Kind == PNS && e.BareName == "Ani" }, ""},
		{"a PPPK by the number", read("nip", "199107082023212005", "name", "Ani"), Employee{}, func(e Employee) bool { return e.Kind == PPPK }, ""},
		{"what stands before a number", read("nip", "NIP. 199003152015032901", "name", "Ani"), Employee{}, func(e Employee) bool { return e.NIP == "199003152015032901" }, ""},
		{"an apostrophe", read("nip", "'199003152015032901", "name", "Ani"), Employee{}, func(e Employee) bool { return e.NIP == "199003152015032901" }, ""},
		{"CPNS", read("nip", "199003152015032901", "kind", "C"), Employee{}, func(e Employee) bool { return e.Kind == CPNS }, ""},
		{"a CPNS stays one", read("nip", "199003152015032901"), Employee{Kind: CPNS}, func(e Employee) bool { return e.Kind == CPNS }, ""},
		{"and becomes a PNS", read("nip", "199003152015032901", "kind", "PNS"), Employee{Kind: CPNS}, func(e Employee) bool { return e.Kind == PNS }, ""},
		{"part time", read("nip", "199107082023212005", "kind", "PPPK Paruh Waktu"), Employee{}, func(e Employee) bool { return e.Kind == PPPKPart }, ""},
		{"titles in the name", read("nip", "199003152015032901", "name", "Dr. Ani, S.E."), Employee{}, func(e Employee) bool { return e.TitleBefore == "Dr." && e.BareName == "Ani" && e.TitleAfter == "S.E." }, ""},
		{"titles beside it", read("nip", "199003152015032901", "name", "Ani", "title_after", "M.M."), Employee{}, func(e Employee) bool { return e.BareName == "Ani" && e.TitleAfter == "M.M." }, ""},
		{"titles stay", read("nip", "199003152015032901", "name", "Ani"), Employee{TitleAfter: "M.M."}, func(e Employee) bool { return e.TitleAfter == "M.M." }, ""},
		{"an empty cell", read("nip", "199003152015032901"), Employee{Position: "Analis", Rank: "33"}, func(e Employee) bool { return e.Position == "Analis" && e.Rank == "33" }, ""},
		{"NIK of an ASN", read("nip", "199003152015032901", "nik", "1503011503900001"), Employee{}, func(e Employee) bool { return e.NIK == "" }, ""},
		{"NIK of a non-ASN", read("name", "Siti", "nik", "1503011503900001"), Employee{}, func(e Employee) bool { return e.Kind == NonASN && e.NIK != "" }, ""},
		{"nobody's number", read("name", "Siti", "position", "Staf"), Employee{}, nil, "nip"},
		{"no kind", read("nip", "199003152015032901", "kind", "Menteri"), Employee{}, nil, "kind"},
		{"no rank", read("nip", "199003152015032901", "rank", "V/z"), Employee{}, nil, "rank"},
		{"no day", read("nip", "199003152015032901", "birth_day", "kemarin"), Employee{}, nil, "birth_day"},
		{"lost digits", given{texts: map[string]string{"nip": "1.99E+17", "name": "Ani"}, lost: "nip"}, Employee{}, nil, "nip"},
	} {
		e := tc.old
		err := tc.g.employee(&e)
		switch f := fault.Of(err); {
		case (err == nil) != (tc.field == "") || f != nil && f.Field != tc.field:
			t.Errorf("%s: %v, want it to blame %q", tc.name, err, tc.field)
		case err == nil && !tc.check(e):
			t.Errorf("%s: %+v", tc.name, e)
		}
	}
}

// TestRead: what is no record is told from one that is wrong.
func TestRead(t *testing.T) {
	m, titles := Mapping{"nip": 0, "name": 1, "position": 2}, []string{"NIP", "Nama", "Jabatan"}
	for name, tc := range map[string]struct {
		cells []string
		ok    bool
	}{
		"a record": {[]string{"199003152015032901", "Ani", "Analis"}, true}, "one without a number": {[]string{"", "Ani", "Analis"}, true},
		"a place and date": {[]string{"", "", "Jambi, 2 November 2026"}, false}, "a signature": {[]string{"", "Kepala BKPSDM"}, false},
		"the header again": {[]string{"nip", " Nama", "JABATAN"}, false}, "dashes": {[]string{"-", "-", "-"}, false}, "nothing": {nil, false},
	} {
		row := sheet.Row{Number: 9}
		for _, c := range tc.cells {
			row.Cells = append(row.Cells, sheet.Cell{Text: c})
		}
		if _, ok := m.read(row, titles); ok != tc.ok {
			t.Errorf("%s is taken for a record: %t", name, ok)
		}
	}
}

// FuzzGiven: whatever stands in a row, it is read or refused with a sentence, and what was
// read and checked once is read the same again.
func FuzzGiven(f *testing.F) {
	f.Add("199003152015032901", "Dr. Ani, S.E.", "III/c", "01-04-2022", "PNS", "Aktif", "1503011503900001")
	f.Add("1.99E+17", "", "", "2022-04-01T00:00:00", "Non-ASN", "", "")
	f.Add("NIP. 1990", "'=1+1", "Penata (III/c)", "1 Mei 2022", "C", "1", "x")
	f.Fuzz(func(t *testing.T, nip, name, rank, day, kind, standing, nik string) {
		g := given{line: 1, texts: map[string]string{}}
		for key, text := range map[string]string{"nip": nip, "name": name, "rank": rank, "rank_day": day, "birth_day": day, "kind": kind, "standing": standing, "nik": nik} {
			if text = strings.Join(strings.Fields(text), " "); text != "" && utf8.ValidString(text) {
				g.texts[key] = text
			}
		}
		var e Employee
		err := g.employee(&e)
		if err == nil {
			err = e.check(noon)
		}
		if err != nil {
			if fault.Of(err) == nil || fault.Of(err).Text == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		again := e
		if err := g.employee(&again); err != nil || again.check(noon) != nil || len(between(e, again)) > 0 {
			t.Fatalf("read again: %v, %+v", between(e, again), err)
		}
		if len(g.number()) > nipLength {
			t.Fatalf("number %q", g.number())
		}
	})
}
