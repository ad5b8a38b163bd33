package employee

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
)

var noon = civil.Date{Year: 2026, Month: 11, Day: 2}

// ani is somebody whom no rule refuses.
func ani() Employee {
	return Employee{Kind: PNS, NIP: "19900315 201503 2 002", TitleBefore: "Dr.", BareName: "Ani Ma'ruf", TitleAfter: "M.Si.", Sex: Female, BirthPlace: "Sarolangun",
		BirthDay: civil.Date{Year: 1990, Month: 3, Day: 15}, Rank: "33", Position: "Analis", PositionKind: "2", Echelon: "99", Email: "Ani@Contoh.Example", Phone: "0812-3456 7890", OldNIP: "131 234 567"}
}

func TestCheck(t *testing.T) {
	e := ani()
	if err := e.check(noon); err != nil {
		t.Fatal(err)
	}
	got := []string{e.NIP, e.Name, e.SortName, e.Email, e.Phone, e.OldNIP, e.Standing}
	if diff := cmp.Diff([]string{"199003152015032002", "Dr. Ani Ma'ruf, M.Si.", "ani maruf", "ani@contoh.example", "081234567890", "131234567", "01"}, got); diff != "" {
		t.Errorf("as stored (-want +got):\n%s", diff)
	}
	young := civil.Date{Year: 2010, Month: 1, Day: 1}
	for _, tc := range []struct {
		name  string
		spoil func(e *Employee)
		field string // that is blamed; "" = none
	}{
		{"as printed", func(e *Employee) { e.BareName, e.Name = "", "Dr. Ani, M.Si." }, ""},
		{"no name", func(e *Employee) { e.BareName = " " }, "name"},
		{"line break in a title", func(e *Employee) { e.TitleAfter = "S.E.\nM.M." }, "title_after"},
		{"no kind", func(e *Employee) { e.Kind = "" }, "kind"},
		{"no NIP", func(e *Employee) { e.NIP = "" }, "nip"},
		{"30 February", func(e *Employee) { e.NIP = "199002302015031001" }, "nip"},
		{"NIP of a PPPK", func(e *Employee) { e.NIP = "199107082023212005" }, "nip"},
		{"PPPK", func(e *Employee) { e.NIP, e.Kind, e.Rank = "199107082023212005", PPPK, "IX" }, ""},
		{"part time", func(e *Employee) { e.NIP, e.Kind, e.Rank = "199107082023212005", PPPKPart, "" }, ""},
		{"PPPK with a NIP", func(e *Employee) { e.Kind, e.Rank = PPPK, "IX" }, "nip"},
		{"rank of a PPPK", func(e *Employee) { e.Rank = "IX" }, "rank"},
		{"short old NIP", func(e *Employee) { e.OldNIP = "1312" }, "old_nip"},
		{"sex", func(e *Employee) { e.Sex = "X" }, "sex"},
		{"standing", func(e *Employee) { e.Standing = "00" }, "standing"},
		{"echelon", func(e *Employee) { e.Echelon = "7" }, "echelon"},
		{"kind of position", func(e *Employee) { e.PositionKind = "9" }, "position_kind"},
		{"e-mail", func(e *Employee) { e.Email = "ani" }, "email"},
		{"name in the e-mail", func(e *Employee) { e.Email = "Ani <ani@contoh.example>" }, "email"},
		{"phone", func(e *Employee) { e.Phone = "12 tiga" }, "phone"},
		{"born tomorrow", func(e *Employee) { e.BirthDay = civil.Date{Year: 2026, Month: 11, Day: 3} }, "birth_day"},
		{"born in 0990", func(e *Employee) { e.BirthDay.Year = 990 }, "birth_day"},
		{"contract of a PNS", func(e *Employee) { e.ContractTo = noon }, "contract_from"},
		{"NIK of an ASN", func(e *Employee) { e.NIK = "1503011503900001" }, "nik"},
		{"NIK of who signs", func(e *Employee) { e.NIK, e.Signs = "150301 150390 0001", true }, ""},
		{"short NIK", func(e *Employee) { e.NIK, e.Signs = "15030115039", true }, "nik"},
		{"NIP of a non-ASN", func(e *Employee) { e.Kind, e.Rank = NonASN, "" }, "nip"},
		{"rank of a non-ASN", func(e *Employee) { e.Kind, e.NIP = NonASN, "" }, "rank"},
		{"non-ASN", func(e *Employee) { e.Kind, e.NIP, e.Rank = NonASN, "", "" }, ""},
		{"pupil", func(e *Employee) { *e = Employee{Kind: NonASN, BareName: "Ayu", BirthDay: young} }, "guardian"},
		{"pupil without consent", func(e *Employee) { *e = Employee{Kind: NonASN, BareName: "Ayu", BirthDay: young, Guardian: "Siti"} }, "consent"},
		{"pupil with consent", func(e *Employee) {
			*e = Employee{Kind: NonASN, BareName: "Ayu", BirthDay: young, Guardian: "Siti", Consent: "Surat 1 November 2026"}
		}, ""},
		{"18 today", func(e *Employee) {
			*e = Employee{Kind: NonASN, BareName: "Ayu", BirthDay: civil.Date{Year: 2008, Month: 11, Day: 2}}
		}, ""},
		{"contract that ends before it begins", func(e *Employee) {
			e.NIP, e.Kind, e.Rank, e.ContractFrom, e.ContractTo = "199107082023212005", PPPK, "", noon, young
		}, "contract_to"},
	} {
		e := ani()
		tc.spoil(&e)
		err := e.check(noon)
		if (err == nil) != (tc.field == "") || err != nil && (!errors.Is(err, fault.Invalid) || fault.Of(err).Field != tc.field) {
			t.Errorf("%s: %v, want it to blame %q", tc.name, err, tc.field)
		}
		if again := e; err == nil && (again.check(noon) != nil || again != e) {
			t.Errorf("%s: checked again it is %+v", tc.name, again)
		}
	}
}

func TestWarnings(t *testing.T) {
	for _, tc := range []struct {
		name  string
		spoil func(e *Employee)
		want  string
	}{
		{"none", func(e *Employee) {}, ""},
		{"nothing known", func(e *Employee) { e.Sex, e.BirthDay = "", civil.Date{} }, ""},
		{"birth", func(e *Employee) { e.BirthDay.Day = 16 }, "Tanggal lahir berbeda dari NIP, yang menyebut 15 Maret 1990."},
		{"sex", func(e *Employee) { e.Sex = Male }, "Jenis kelamin berbeda dari NIP, yang menyebut wanita."},
		{"too young", func(e *Employee) { e.NIP, e.BirthDay = "200003152015032002", civil.Date{} }, "Menurut NIP, pegawai ini diangkat pada usia 14 tahun."},
		{"to come", func(e *Employee) { e.NIP, e.BirthDay = "200003152028032002", civil.Date{} }, "Menurut NIP, pegawai ini baru diangkat pada 1 Maret 2028."},
		{"old", func(e *Employee) { e.NIP, e.BirthDay = "195003151980032002", civil.Date{} }, "Pegawai ini berusia 76 tahun dan masih aktif. Periksa batas usia pensiunnya."},
		{"non-ASN", func(e *Employee) { e.NIP, e.Kind = "", NonASN }, ""},
	} {
		e := ani()
		e.Active = true
		tc.spoil(&e)
		var told []string
		for _, w := range e.Warnings(noon) {
			told = append(told, fmt.Sprintf(w.Text, w.Args...))
		}
		if got := strings.Join(told, " "); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestSplitTitles(t *testing.T) {
	for name, want := range map[string][3]string{
		"Andi Saputra, S.E.":              {"", "Andi Saputra", "S.E."},
		"Dr. H. M. Yusuf Hadi, S.H., M.H": {"Dr. H.", "M. Yusuf Hadi", "S.H., M.H"},
		"drg. Sri":                        {"drg.", "Sri", ""},
		"Dr.":                             {"", "Dr.", ""},
		"":                                {"", "", ""},
	} {
		before, bare, after := SplitTitles(name)
		if got := [3]string{before, bare, after}; got != want {
			t.Errorf("SplitTitles(%q) = %q, want %q", name, got, want)
		}
		if got := Printed(before, bare, after); got != name {
			t.Errorf("%q is printed as %q", name, got)
		}
	}
}

// TestVault: what is sealed opens in its own row under its own secret alone, and tells
// nothing, not even that two are the same.
func TestVault(t *testing.T) {
	const nik = "1503011503900001"
	v := newVault([32]byte{1})
	sealed := v.Seal(15, "a", nik)
	if got, err := v.Open(15, "a", sealed); got != nik || err != nil {
		t.Fatalf("opened: %q, %v", got, err)
	}
	if again := v.Seal(15, "a", nik); again == sealed || strings.Contains(sealed, nik) {
		t.Error("the seal tells what is in it")
	}
	for name, open := range map[string]func() (string, error){
		"another employee": func() (string, error) { return v.Open(15, "b", sealed) },
		"another tenant":   func() (string, error) { return v.Open(16, "a", sealed) },
		"another secret":   func() (string, error) { return newVault([32]byte{2}).Open(15, "a", sealed) },
		"a cut seal":       func() (string, error) { return v.Open(15, "a", sealed[:8]) },
		"no seal":          func() (string, error) { return v.Open(15, "a", "***") },
		"a changed seal":   func() (string, error) { return v.Open(15, "a", "AAAA"+sealed[4:]) },
	} {
		if got, err := open(); err == nil || got != "" {
			t.Errorf("%s opens it: %q", name, got)
		}
	}
	index := v.Index(15, nik)
	if index != v.Index(15, nik) || index == v.Index(16, nik) || index == v.Index(15, "1503011503900002") || index == newVault([32]byte{2}).Index(15, nik) {
		t.Error("the index is not of tenant, number and secret")
	}
	if masked(nik) != "•••• •••• •••• 0001" || masked("") != "" {
		t.Errorf("masked: %q", masked(nik))
	}
}

func TestTree(t *testing.T) {
	tree := newTree([]Unit{{ID: "a"}, {ID: "b", ParentID: "a"}, {ID: "c", ParentID: "b"}, {ID: "d"}})
	for id, want := range map[UnitID][]UnitID{"a": {"a", "b", "c"}, "b": {"b", "c"}, "d": {"d"}, "x": nil, "": nil} {
		if got := tree.Within(id); !slices.Equal(got, want) {
			t.Errorf("Within(%s) = %v, want %v", id, got, want)
		}
	}
	knot := newTree([]Unit{{ID: "a", ParentID: "b"}, {ID: "b", ParentID: "a"}})
	if got := knot.Within("a"); len(got) > 3 {
		t.Errorf("a circle is walked for ever: %v", got)
	}
}

func TestBelow(t *testing.T) {
	above := func(n int) (all []Unit) {
		for i := range n {
			all = append(all, Unit{ID: UnitID(fmt.Sprint(i))})
		}
		return all
	}
	closed := above(1)
	closed[0].ToDay = noon
	for _, tc := range []struct {
		name  string
		u     UnitID
		above []Unit
		depth int
		ok    bool
	}{
		{"the top", "u", nil, 1, true},
		{"below another", "u", above(2), 1, true},
		{"below itself", "0", above(1), 1, false},
		{"below what is below it", "2", above(3), 1, false},
		{"below a closed one", "u", closed, 1, false},
		{"the deepest", "u", above(maxDepth - 1), 1, true},
		{"too deep", "u", above(maxDepth), 1, false},
		{"too deep with what is below", "u", above(maxDepth - 2), 3, false},
	} {
		if err := (Unit{ID: tc.u}).below(tc.above, tc.depth); (err == nil) != tc.ok {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// TestChangesTellNoNIK: of a NIK the history says only that it has changed.
func TestChangesTellNoNIK(t *testing.T) {
	old, now := ani(), ani()
	now.NIKIndex, now.NIKSealed, now.NIK, now.Position = "abc", "sealed", "1503011503900001", "Kepala"
	want := []Change{{Field: "position", Old: "Analis", New: "Kepala"}, {Field: "nik"}}
	if diff := cmp.Diff(want, between(old, now)); diff != "" {
		t.Errorf("between (-want +got):\n%s", diff)
	}
}
