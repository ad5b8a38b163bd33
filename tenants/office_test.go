package tenants

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
)

// TestBlock: worked examples of Permendagri 1/2023, art. 44.
func TestBlock(t *testing.T) {
	day := date(t, "2026-11-22")
	holder := Holder{ID: "1", Kind: Definitive, Front: "Dr. H.", Name: "Andi Saputra", Back: "S.E., M.Si.", NIP: "197001011995031901", Grade: "Pembina Utama Muda, IV/c", FromDay: date(t, "2025-01-02")}
	as := func(kind Tenure, chain Chain, principal, through string) Holder {
		h := holder
		h.Kind, h.Chain, h.Principal, h.Through = kind, chain, principal, through
		return h
	}
	below := []string{"Pembina Utama Muda, IV/c", "NIP 197001011995031901"}
	titled := "Dr. H. Andi Saputra, S.E., M.Si."
	for _, tc := range []struct {
		name   string
		office string
		rank   Rank
		holder Holder
		doc    Document
		want   Block
	}{
		{"a letter: titles, rank and NIP (2)(3)", "Kepala BPSDM Provinsi Jambi", Other, holder, Letter, Block{[]string{"Kepala BPSDM Provinsi Jambi,"}, titled, below}},
		{"a decree: no titles (1)", "Kepala BPSDM Provinsi Jambi", Other, holder, Decree, Block{[]string{"Kepala BPSDM Provinsi Jambi,"}, "Andi Saputra", below}},
		{"a certificate: no titles (2)", "Kepala BPSDM Provinsi Jambi", Other, holder, Certificate, Block{[]string{"Kepala BPSDM Provinsi Jambi,"}, "Andi Saputra", below}},
		{"a charter: no titles (2)", "Kepala BPSDM Provinsi Jambi", Other, holder, Charter, Block{[]string{"Kepala BPSDM Provinsi Jambi,"}, "Andi Saputra", below}},
		{"an STTP: no titles (2)", "Kepala BPSDM Provinsi Jambi", Other, holder, STTP, Block{[]string{"Kepala BPSDM Provinsi Jambi,"}, "Andi Saputra", below}},
		{"the head of a region: no NIP (3)", "Gubernur Jambi", HeadOfRegion, holder, Letter, Block{[]string{"Gubernur Jambi,"}, titled, nil}},
		{"the head of a region decrees", "Gubernur Jambi", HeadOfRegion, holder, Decree, Block{[]string{"Gubernur Jambi,"}, "Andi Saputra", nil}},
		{"the deputy", "Wakil Gubernur Jambi", Deputy, holder, Letter, Block{[]string{"Wakil Gubernur Jambi,"}, titled, nil}},
		{"the secretary", "Sekretaris Daerah", Secretary, holder, Letter, Block{[]string{"Sekretaris Daerah,"}, titled, nil}},
		{"who stands in for the head: bare (4)", "Bupati Tuban", HeadOfRegion, as(Pj, Own, "", ""), Letter, Block{[]string{"Pj. Bupati Tuban,"}, "Andi Saputra", nil}},
		{"the same for a time (4)", "Bupati Tuban", HeadOfRegion, as(Pjs, Own, "", ""), Letter, Block{[]string{"Pjs. Bupati Tuban,"}, "Andi Saputra", nil}},
		{"who stands in for the secretary: bare (5)", "Sekretaris Daerah", Secretary, as(Plh, Own, "", ""), Letter, Block{[]string{"Plh. Sekretaris Daerah,"}, "Andi Saputra", nil}},
		{"a Plt. of the secretary is not in (5)", "Sekretaris Daerah", Secretary, as(Plt, Own, "", ""), Letter, Block{[]string{"Plt. Sekretaris Daerah,"}, titled, nil}},
		{"a Plt. of another office keeps NIP (3)", "Kepala BKPSDM", Other, as(Plt, Own, "", ""), Letter, Block{[]string{"Plt. Kepala BKPSDM,"}, titled, below}},
		{"in the governor's name", "Kepala BPSDM Provinsi Jambi", Other, as(Definitive, An, "Gubernur Jambi", ""), Certificate,
			Block{[]string{"a.n. Gubernur Jambi", "Kepala BPSDM Provinsi Jambi,"}, "Andi Saputra", below}},
		{"given on by the secretary", "Kepala BPSDM Provinsi Jambi", Other, as(Plt, Ub, "Gubernur Jambi", "Sekretaris Daerah"), Letter,
			Block{[]string{"a.n. Gubernur Jambi", "Sekretaris Daerah", "u.b.", "Plt. Kepala BPSDM Provinsi Jambi,"}, titled, below}},
	} {
		o := Office{Name: tc.office, Rank: tc.rank, Holders: []Holder{tc.holder}}
		got, err := o.Block(day, tc.doc)
		if diff := cmp.Diff(tc.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", tc.name, err, diff)
		}
	}
	o := Office{Name: "Kepala BKPSDM", Rank: Other, Holders: []Holder{holder}}
	if _, err := o.Block(date(t, "2025-01-01"), Letter); !errors.Is(err, fault.Conflict) {
		t.Errorf("a day before the first holder: %v", err)
	}
}

// TestWhoSigns: a document prints who held the office on its day, and who acted then.
func TestWhoSigns(t *testing.T) {
	term := func(name string, kind Tenure, from, to string) Holder {
		h := Holder{Name: name, Kind: kind, FromDay: date(t, from)}
		if to != "" {
			h.ToDay = date(t, to)
		}
		return h
	}
	o := Office{Holders: []Holder{
		term("new", Definitive, "2026-07-01", ""), term("plh", Plh, "2026-08-10", "2026-08-14"), term("plt", Plt, "2026-05-01", "2026-06-30"),
		term("later plt", Plt, "2026-06-15", "2026-06-30"), term("old", Definitive, "2024-01-01", "2026-04-30"),
	}}
	for day, want := range map[string]string{
		"2023-12-31": "", "2024-01-01": "old", "2026-04-30": "old", "2026-05-01": "plt", "2026-06-14": "plt", "2026-06-15": "later plt",
		"2026-07-01": "new", "2026-08-09": "new", "2026-08-10": "plh", "2026-08-14": "plh", "2026-08-15": "new", "2030-01-01": "new",
	} {
		if h, ok := o.On(date(t, day)); h.Name != want || ok != (want != "") {
			t.Errorf("on %s signs %q, want %q", day, h.Name, want)
		}
	}
}

// TestHolderCheck: what is refused of a term.
func TestHolderCheck(t *testing.T) {
	good := Holder{ID: "2", Kind: Definitive, Name: "Nurhayati", NIP: "1970 0101 1995 0319 01", Grade: "Pembina, IV/a", FromDay: date(t, "2026-01-01")}
	before := Holder{ID: "1", Kind: Definitive, Name: "Lama", FromDay: date(t, "2024-01-01"), ToDay: date(t, "2025-12-31")}
	o := Office{Name: "Kepala", Rank: Other, Holders: []Holder{before}}
	for _, tc := range []struct {
		name   string
		change func(*Holder)
		want   error
	}{
		{"as it should be", func(*Holder) {}, nil},
		{"overlapping by a day", func(h *Holder) { h.FromDay = before.ToDay }, fault.Conflict},
		{"acting meanwhile", func(h *Holder) { h.FromDay, h.Kind = before.ToDay, Plh }, nil},
		{"the same term changed", func(h *Holder) { h.ID, h.FromDay = "1", before.ToDay }, nil},
		{"no name", func(h *Holder) { h.Name = " " }, fault.Invalid},
		{"short NIP", func(h *Holder) { h.NIP = "1970" }, fault.Invalid},
		{"no grade", func(h *Holder) { h.Grade = "" }, fault.Invalid},
		{"no first day", func(h *Holder) { h.FromDay = civil.Date{} }, fault.Invalid},
		{"ends before it begins", func(h *Holder) { h.ToDay = date(t, "2025-12-31") }, fault.Invalid},
		{"a.n. nobody", func(h *Holder) { h.Chain = An }, fault.Invalid},
		{"u.b. through nobody", func(h *Holder) { h.Chain, h.Principal = Ub, "Gubernur" }, fault.Invalid},
		{"unknown kind", func(h *Holder) { h.Kind = "raja" }, fault.Invalid},
		{"unknown chain", func(h *Holder) { h.Chain = "x" }, fault.Invalid},
	} {
		h := good
		tc.change(&h)
		if err := h.check(o); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
	h := good
	if err := h.check(o); err != nil || h.NIP != "197001011995031901" {
		t.Errorf("NIP is kept as %q (%v)", h.NIP, err)
	}
}
