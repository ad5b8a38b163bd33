package coursetype

import (
	"slices"
	"time"
)

// What makes a question unfair, as checks that a guest makes first: it then answers
// nothing that nobody could rightly ask. All their errors are BadRequest.

const (
	// MaxSessionJP is the most lesson hours of one session: as many as a habituation of
	// months at the workplace has, and more.
	MaxSessionJP = 1000
	// MaxDays is the most days of one PlanRequest.
	MaxDays = 400
	// MaxRef is the most bytes of a Ref.
	MaxRef = 200
)

// Fair refuses q unless it can be answered under r: known components, phases and
// days, scores of 0.00 to 100.00, no more attempts than allowed, each Ref once.
func (q GradeRequest) Fair(r RuleSet) error {
	if err := fairRefs(q.Records, func(r Record) Ref { return r.Ref }); err != nil {
		return err
	}
	leaves, phases := map[string]Component{}, map[string]bool{"": true}
	for _, c := range r.Leaves() {
		leaves[c.Key] = c
	}
	for _, p := range r.Phases {
		phases[p.Key] = true
	}
	for _, record := range q.Records {
		if err := fairSessions(record.Sessions, phases); err != nil {
			return err
		}
		attempts := map[string]int{}
		for _, s := range record.Scores {
			c, known := leaves[s.Component]
			attempts[s.Component]++
			switch {
			case !known:
				return Refuse(BadRequest, "Ada nilai untuk komponen yang tidak dikenal ketentuan ini. Hapus nilai itu.")
			case c.Input == Attended:
				return Refuse(BadRequest, "Nilai %s dihitung dari sesi. Hapus nilai yang diisikan.", c.Name.ID)
			case s.Value < 0 || s.Value > Full:
				return Refuse(BadRequest, "Nilai %s harus antara 0,00 dan 100,00. Perbaiki nilainya.", c.Name.ID)
			case attempts[s.Component] > c.Most():
				return Refuse(BadRequest, "Nilai %s diisi lebih dari %d kali. Hapus yang berlebih.", c.Name.ID, c.Most())
			}
		}
	}
	return nil
}

func fairSessions(sessions []Presence, phases map[string]bool) error {
	if len(sessions) > MaxList {
		return Refuse(BadRequest, "Jadwal memuat %d sesi. Paling banyak %d sesi dapat dinilai.", len(sessions), MaxList)
	}
	seen := make(map[Ref]bool, len(sessions))
	for _, s := range sessions {
		switch {
		case s.Session == "" || len(s.Session) > MaxRef || seen[s.Session]:
			return Refuse(BadRequest, "Sesi tanpa tanda pengenal, atau disebut dua kali. Kirim setiap sesi sekali.")
		case s.JP < 0 || s.JP > MaxSessionJP:
			return Refuse(BadRequest, "Sesi memuat %d JP. Isi 0 sampai %d JP pada jadwal.", s.JP, MaxSessionJP)
		case !phases[s.Phase]:
			return Refuse(BadRequest, "Ada sesi pada tahap yang tidak dikenal ketentuan ini. Perbaiki jadwal.")
		case !isDay(s.Day):
			return Refuse(BadRequest, "Tanggal sesi tidak dapat dibaca. Perbaiki jadwal.")
		}
		seen[s.Session] = true
	}
	return nil
}

// Fair refuses q unless it can be answered: each Ref once, and days that are days.
func (q EligibleRequest) Fair() error {
	if err := fairRefs(q.Candidates, func(c Candidate) Ref { return c.Ref }); err != nil {
		return err
	}
	days := []string{q.Start}
	for _, c := range q.Candidates {
		days = append(days, c.Since)
		for _, p := range c.Past {
			days = append(days, p.Ended)
		}
	}
	if slices.ContainsFunc(days, func(d string) bool { return d != "" && !isDay(d) }) {
		return Refuse(BadRequest, "Tanggal pada data calon tidak dapat dibaca. Perbaiki datanya.")
	}
	return nil
}

// Fair refuses q unless it has days, in order, each once.
func (q PlanRequest) Fair() error {
	switch {
	case len(q.Days) == 0:
		return Refuse(BadRequest, "Tidak ada hari kerja untuk dijadwalkan. Pilih tanggal lain.")
	case len(q.Days) > MaxDays:
		return Refuse(BadRequest, "Ada %d hari kerja untuk dijadwalkan. Pilih paling banyak %d.", len(q.Days), MaxDays)
	}
	for i, d := range q.Days {
		if !isDay(d) || i > 0 && d <= q.Days[i-1] {
			return Refuse(BadRequest, "Hari kerja tidak dapat dibaca atau tidak berurutan. Pilih ulang tanggalnya.")
		}
	}
	return nil
}

// Fair refuses q when its days are none, or a number is negative. What merely does not
// fit is a Finding.
func (q CheckRequest) Fair() error {
	if !isDay(q.Start) || !isDay(q.End) {
		return Refuse(BadRequest, "Tanggal mulai atau selesai tidak dapat dibaca. Perbaiki tanggal angkatan.")
	}
	if q.Participants < 0 || slices.ContainsFunc(q.Sessions, func(s Session) bool {
		return !isDay(s.Day) || s.JP < 0 || s.JP > MaxSessionJP || s.Minutes < 0 || s.Start < 0
	}) {
		return Refuse(BadRequest, "Jumlah peserta, tanggal, jam atau JP sesi tidak dapat dibaca. Perbaiki jadwal.")
	}
	return nil
}

// Fair refuses q unless all graduates passed, and each Ref is there once.
func (q CertifyRequest) Fair() error {
	if slices.ContainsFunc(q.Graduates, func(g Graduate) bool { return g.Outcome.State != Passed }) {
		return Refuse(BadRequest, "Sertifikat hanya untuk peserta yang lulus. Keluarkan peserta lain dari daftar.")
	}
	return fairRefs(q.Graduates, func(g Graduate) Ref { return g.Ref })
}

func fairRefs[A any](all []A, ref func(A) Ref) error {
	if err := checkChunk(len(all)); err != nil {
		return err
	}
	seen := make(map[Ref]bool, len(all))
	for _, a := range all {
		r := ref(a)
		if r == "" || len(r) > MaxRef || seen[r] {
			return Refuse(BadRequest, "Peserta tanpa tanda pengenal, atau disebut dua kali. Kirim setiap peserta sekali.")
		}
		seen[r] = true
	}
	return nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
