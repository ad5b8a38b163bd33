package employee

import (
	"context"
	"slices"
	"strings"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// A form is what a page to fill in shows: what was typed, and what is wrong with it.
type form struct {
	Slug    string
	ID      ID // "" = somebody new
	Version int
	Name    string // of the employee, as stored
	NIK     string // masked
	Values  map[string]string
	Fault   *fault.Error // nil = nothing yet
	Tree    Tree
	MayAsk  bool // may ask for somebody in service elsewhere
}

// formOf is e's data in a form.
func formOf(slug string, e Employee, tree Tree) form {
	f := form{Slug: slug, ID: e.ID, Version: e.Version, Name: e.Name, Values: map[string]string{}, Tree: tree}
	for _, part := range fields() {
		f.Values[part.name] = part.text(e)
	}
	f.Values["unit"] = string(e.UnitID)
	return f
}

// read makes an employee of what was typed. Errors: fault.Invalid.
func (f form) read() (e Employee, err error) {
	v := f.Values
	e = Employee{
		Kind: Kind(v["kind"]), NIP: v["nip"], OldNIP: v["old_nip"], TitleBefore: v["title_before"], BareName: v["name"], TitleAfter: v["title_after"],
		Sex: v["sex"], BirthPlace: v["birth_place"], Rank: v["rank"], Position: v["position"], PositionKind: v["position_kind"], Echelon: v["echelon"],
		UnitID: UnitID(store.Canonical(v["unit"])), Standing: v["standing"], WorksAt: v["works_at"], Email: v["email"], Phone: v["phone"],
		Signs: v["signs"] != "", Guardian: v["guardian"], Consent: v["consent"], NIK: v["nik"],
	}
	for _, d := range []struct {
		name string
		to   *civil.Date
	}{{"birth_day", &e.BirthDay}, {"rank_day", &e.RankDay}, {"position_day", &e.PositionDay}, {"contract_from", &e.ContractFrom}, {"contract_to", &e.ContractTo}} {
		if err := d.to.UnmarshalText([]byte(strings.TrimSpace(v[d.name]))); err != nil {
			return e, fault.At(d.name, "Tanggal ini tidak ada di kalender. Pilih tanggal yang benar, atau kosongkan.")
		}
	}
	if e.BareName == "" { // a form never means the printed name
		return e, fault.At("name", "Nama pegawai wajib diisi.")
	}
	return e, nil
}

// path is where the form is sent.
func (f form) path() string {
	if f.ID == "" {
		return "/t/" + f.Slug + "/pegawai"
	}
	return pathOf(f.Slug, f.ID)
}

func pathOf(slug string, id ID) string { return "/t/" + slug + "/pegawai/" + string(id) }

// field completes spec: its label, what was typed, what is wrong with it.
func (f form) field(ctx context.Context, spec ui.FieldSpec) ui.FieldSpec {
	if spec.Label == "" {
		spec.Label = labelOf(ctx, spec.Name)
	}
	if spec.Type == "checkbox" {
		spec.Checked = f.Values[spec.Name] != ""
	} else {
		spec.Value = f.Values[spec.Name]
	}
	if f.Fault != nil && f.Fault.Field == spec.Name {
		spec.Error = f.Fault.Text
	}
	return spec
}

// problems are what is wrong with the form, for its head.
func (f form) problems() []ui.Pair {
	if f.Fault == nil || f.Fault.Field == "" {
		return nil
	}
	return []ui.Pair{{Name: f.Fault.Field, Value: f.Fault.Text}}
}

// labelOf is the name on screen of a field.
func labelOf(ctx context.Context, name string) string {
	for _, part := range fields() {
		if part.name == name {
			return ui.T(ctx, part.label)
		}
	}
	return name
}

// options offers the entries of list, and none of them where that is possible.
func options(ctx context.Context, list []Entry, none string) (all []ui.Option) {
	if none != "" {
		all = []ui.Option{{Value: "", Label: none}}
	}
	for _, e := range list {
		all = append(all, ui.Option{Value: e.ID, Label: ui.T(ctx, e.Name)})
	}
	return all
}

// rankOptions offers the ranks of all kinds.
func rankOptions() []ui.Option {
	all := []ui.Option{{Value: "", Label: "–"}}
	for _, r := range Ranks(PNS) {
		all = append(all, ui.Option{Value: r.ID, Label: r.Name})
	}
	for _, r := range Ranks(PPPK) {
		all = append(all, ui.Option{Value: r.ID, Label: "PPPK " + r.Name})
	}
	return all
}

// offered is how many units a choice offers; a larger tree is cut, and the one that is
// chosen already always among them.
const offered = 1000

// unitOptions offers the open units, each below the one to which it belongs.
func unitOptions(tree Tree, chosen, none string) []ui.Option {
	all := []ui.Option{{Value: "", Label: none}}
	cut := true
	var walk func(id UnitID, indent string)
	walk = func(id UnitID, indent string) {
		for _, u := range tree.Below(id) {
			if len(all) > offered {
				return
			}
			if u.Open() || string(u.ID) == chosen {
				all = append(all, ui.Option{Value: string(u.ID), Label: indent + u.Name})
				cut = cut && string(u.ID) != chosen
			}
			walk(u.ID, indent+"— ")
		}
	}
	walk("", "")
	if u, ok := tree.Find(UnitID(chosen)); ok && cut {
		all = append(all, ui.Option{Value: chosen, Label: u.Name})
	}
	return all
}

// sentence tells a line of history, without who and when.
func (c Change) sentence(ctx context.Context) string {
	switch c.Act { //nolint:exhaustive // what is not named takes nothing here
	case Registered:
		return ui.T(ctx, "mendaftarkan pegawai ini")
	case Deactivated:
		return ui.T(ctx, "menonaktifkan pegawai ini")
	case Reactivated:
		return ui.T(ctx, "mengaktifkan kembali pegawai ini")
	case Moved:
		return ui.T(ctx, "mencatat pindahnya pegawai ini")
	}
	if c.Field == "nik" {
		return ui.T(ctx, "mengubah NIK")
	}
	i := slices.IndexFunc(fields(), func(f field) bool { return f.name == c.Field })
	if i < 0 {
		return ui.T(ctx, "mengubah %s", c.Field)
	}
	f := fields()[i]
	label, from, to := ui.T(ctx, f.label), f.shown(ctx, c.Old), f.shown(ctx, c.New)
	switch {
	case c.Old == "":
		return ui.T(ctx, "mengisi %s: %s", label, to)
	case c.New == "":
		return ui.T(ctx, "mengosongkan %s, sebelumnya %s", label, from)
	}
	return ui.T(ctx, "mengubah %s dari %s menjadi %s", label, from, to)
}

// who did it, and when, in words.
func (c Change) who(ctx context.Context) string {
	if c.By == "" {
		return ui.T(ctx, "Sistem")
	}
	return c.By
}
