package employee

import (
	"context"
	"strings"

	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// statuses lists what a list can be narrowed to.
func statuses() []Entry {
	return []Entry{{"", ui.N("Aktif")}, {string(Left), ui.N("Nonaktif")}, {string(Anyone), ui.N("Semua")}}
}

// joined puts a dot between texts, leaving out those that say nothing.
func joined(texts ...string) string {
	var all []string
	for _, text := range texts {
		if text != "" {
			all = append(all, text)
		}
	}
	return strings.Join(all, " · ")
}

// shortRank is a rank without the name of the pangkat: III/c.
func shortRank(e Employee) string {
	short, _, _ := strings.Cut(nameIn(Ranks(e.Kind), e.Rank), ",")
	return short
}

// duty lists what somebody does, and since when.
func duty(ctx context.Context, p Profile) (all []ui.Fact) {
	e := p.Employee
	since := func(text, day string) string {
		if day == "" {
			return text
		}
		return joined(text, "TMT "+day)
	}
	unit := e.Unit
	if len(p.Path) > 1 {
		var above []string
		for _, u := range p.Path {
			above = append(above, u.Name)
		}
		unit = strings.Join(above, ", ")
	}
	all = []ui.Fact{
		{Label: ui.T(ctx, "Perangkat daerah"), Value: unit},
		{Label: ui.T(ctx, "Jabatan"), Value: since(e.Position, e.PositionDay.Short())},
		{Label: ui.T(ctx, "Jenis jabatan"), Value: ui.T(ctx, nameIn(PositionKinds(), e.PositionKind))},
	}
	if e.Kind == NonASN {
		return all
	}
	all = append(all,
		ui.Fact{Label: ui.T(ctx, "Eselon"), Value: nameIn(Echelons(), e.Echelon)},
		ui.Fact{Label: ui.T(ctx, "Golongan"), Value: since(nameIn(Ranks(e.Kind), e.Rank), e.RankDay.Short())},
		ui.Fact{Label: ui.T(ctx, "Kedudukan hukum"), Value: nameIn(Standings(), e.Standing)})
	if e.WorksAt != "" {
		all = append(all, ui.Fact{Label: ui.T(ctx, "Instansi tempat bekerja"), Value: e.WorksAt})
	}
	if e.Kind == PPPK || e.Kind == PPPKPart {
		all = append(all, ui.Fact{Label: ui.T(ctx, "Perjanjian kerja"), Value: strings.Trim(e.ContractFrom.Short()+" – "+e.ContractTo.Short(), " –")})
	}
	return all
}

// self lists who somebody is.
func self(ctx context.Context, p Profile) []ui.Fact {
	e := p.Employee
	born := e.BirthPlace
	if !e.BirthDay.IsZero() {
		born = strings.Trim(born+", "+e.BirthDay.Short(), ", ")
	}
	all := []ui.Fact{
		{Label: ui.T(ctx, "Nama di sertifikat"), Value: e.Name},
		{Label: ui.T(ctx, "Jenis kelamin"), Value: ui.T(ctx, nameIn(Sexes(), e.Sex))},
		{Label: ui.T(ctx, "Lahir"), Value: born},
	}
	if e.Kind != NonASN {
		all = append(all, ui.Fact{Label: ui.T(ctx, "NIP"), Value: e.NIP}, ui.Fact{Label: ui.T(ctx, "NIP lama"), Value: e.OldNIP})
	}
	if e.keepsNIK() {
		all = append(all, ui.Fact{Label: "NIK", Value: p.NIK})
	}
	if e.Guardian != "" {
		all = append(all, ui.Fact{Label: ui.T(ctx, "Wali"), Value: joined(e.Guardian, e.Consent)})
	}
	return all
}

func formTitle(ctx context.Context, f form) string {
	if f.ID == "" {
		return ui.T(ctx, "Daftarkan pegawai")
	}
	return ui.T(ctx, "Ubah data %s", f.Name)
}

func nikHint(ctx context.Context, f form) string {
	if f.NIK != "" {
		return ui.T(ctx, "Tersimpan: %s. Isi hanya untuk menggantinya.", f.NIK)
	}
	return ui.T(ctx, "16 digit. Disimpan tersandi, dan tidak pernah ditampilkan lengkap.")
}
