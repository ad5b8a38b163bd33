package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// schema is what a batch's settings are.
const schema = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "additionalProperties": false,
  "required": ["golongan"],
  "properties": {
    "golongan": {
      "type": "string",
      "enum": ["II", "III"],
      "title": "Golongan peserta",
      "x-title-en": "Rank class of the participants",
      "description": "Golongan II dan golongan III mengikuti angkatan yang terpisah.",
      "x-description-en": "Rank classes II and III attend separate batches."
    },
    "dasar_metode": {
      "type": "string",
      "maxLength": 200,
      "title": "Dasar pemilihan metode",
      "x-title-en": "Ground for the method",
      "description": "Nomor dan tanggal surat: keadaan darurat atau keadaan lain bagi jarak jauh, persetujuan Kepala LAN bagi klasikal sejak 2024.",
      "x-description-en": "Number and date of the letter: an emergency or other circumstances for distance learning, LAN's approval for classroom training since 2024."
    }
  }
}`

// settings are a batch's.
type settings struct {
	Class string `json:"golongan"`     // of rank: II or III; "" while not chosen
	Basis string `json:"dasar_metode"` // letter on which another method than blended rests
}

// chosen refuses settings without a rank class, where nothing can be said without
// it. Errors: BadRequest.
func (s settings) chosen() error {
	if s.Class != "II" && s.Class != "III" {
		return coursetype.Refuse(coursetype.BadRequest, "Golongan angkatan belum dipilih. Pilih II atau III pada pengaturan angkatan.")
	}
	return nil
}

// Check looks at settings, days, size and timetable.
func (latsar) Check(_ context.Context, q coursetype.CheckRequest) ([]coursetype.Finding, error) {
	r, set, err := open(q.RuleSet, q.Settings)
	if err != nil {
		return nil, err
	}
	if err := q.Fair(); err != nil {
		return nil, err
	}
	found := r.checkSettings(set, q.Start)
	found = append(found, r.checkStart(q.Start)...)
	found = append(found, r.checkEnd(day(q.Start), day(q.End))...)
	if q.Participants > r.ClassSize {
		found = append(found, warn("participants", text(
			fmt.Sprintf("Peserta %d orang, sedangkan satu angkatan paling banyak %d. Bagi menjadi beberapa angkatan, atau catat alasannya.", q.Participants, r.ClassSize),
			fmt.Sprintf("%d participants, and a batch has at most %d. Deal them to several batches, or record the reason.", q.Participants, r.ClassSize))))
	}
	return append(found, r.checkSessions(q.Sessions)...), nil
}

func refuse(field string, t coursetype.Text) coursetype.Finding {
	return coursetype.Finding{Field: field, Refuse: true, Text: t}
}

func warn(field string, t coursetype.Text) coursetype.Finding {
	return coursetype.Finding{Field: field, Text: t}
}

func (r ruling) checkSettings(set settings, start string) (found []coursetype.Finding) {
	if set.chosen() != nil {
		found = append(found, refuse("golongan", text(
			"Golongan angkatan belum dipilih. Pilih II atau III; keduanya mengikuti angkatan terpisah.",
			"The rank class of the batch is not chosen. Choose II or III; they attend separate batches.")))
	}
	if strings.TrimSpace(set.Basis) != "" {
		return found
	}
	switch {
	case r.method == distance:
		found = append(found, refuse("dasar_metode", text(
			"Latsar jarak jauh hanya dalam keadaan darurat atau keadaan lain. Isi nomor dan tanggal surat yang menjadi dasarnya.",
			"Latsar at a distance is for an emergency or other circumstances alone. Enter the number and date of the letter on which it rests.")))
	case r.method == classical && start >= onRequest:
		found = append(found, warn("dasar_metode", text(
			"Menurut Kep LAN 93/K.1/PDP.07/2021, klasikal sejak 2024 memerlukan persetujuan tertulis Kepala LAN. Isi nomor dan tanggalnya, atau pastikan ketentuan penggantinya.",
			"By Kep LAN 93/K.1/PDP.07/2021, classroom Latsar since 2024 needs the written consent of the head of LAN. Enter its number and date, or make sure what its successor says.")))
	}
	return found
}

// covers reports whether a batch may begin under r on a day.
func (r ruling) covers(start string) bool { return start >= r.From && (r.To == "" || start <= r.To) }

// checkStart names the rule-set of the same method that holds on start.
func (r ruling) checkStart(start string) []coursetype.Finding {
	if r.covers(start) {
		return nil
	}
	for _, other := range rulings() {
		if other.method == r.method && other.covers(start) {
			return []coursetype.Finding{refuse("start", text(
				fmt.Sprintf("%s tidak berlaku pada hari pertama angkatan. Pakai ketentuan %s, atau ubah tanggalnya.", r.Title.ID, other.Title.ID),
				fmt.Sprintf("%s does not hold on the first day of the batch. Use %s, or change the date.", r.Title.EN, other.Title.EN)))}
		}
	}
	return []coursetype.Finding{refuse("start", text(
		fmt.Sprintf("Metode %s belum ada pada hari pertama angkatan. Pilih metode lain, atau ubah tanggalnya.", r.method),
		"This method did not exist on the first day of the batch. Choose another method, or change the date."))}
}

func (r ruling) checkEnd(start, end time.Time) []coursetype.Finding {
	if end.Before(start) {
		return []coursetype.Finding{refuse("end", text(
			"Hari terakhir mendahului hari pertama angkatan. Perbaiki salah satunya.",
			"The last day is before the first day of the batch. Correct one of them."))}
	}
	calendar := int(end.Sub(start).Hours()/24) + 1
	if need := r.days(); calendar < need {
		return []coursetype.Finding{refuse("end", text(
			fmt.Sprintf("Angkatan berlangsung %d hari kalender, padahal perlu %d hari kerja. Mundurkan hari terakhirnya.", calendar, need),
			fmt.Sprintf("The batch lasts %d calendar days, but needs %d working days. Move its last day.", calendar, need)))}
	}
	return nil
}

// days returns how many working days r needs; 0 when that is as scheduled.
func (r ruling) days() int {
	n := r.campus
	for _, p := range r.Phases {
		n += p.Days
	}
	return n
}

// checkSessions compares a timetable with the lesson hours of the rule-set.
func (r ruling) checkSessions(sessions []coursetype.Session) (found []coursetype.Finding) {
	if len(sessions) == 0 {
		return nil
	}
	phases, subjects := map[string]int{}, map[string]int{} // JP
	total, long, strange := 0, 0, 0
	firstLong := ""
	for _, s := range sessions {
		if s.Phase == "" {
			s.Phase = r.Phases[0].Key
		}
		phases[s.Phase] += s.JP
		subjects[s.Subject] += s.JP
		total += s.JP
		if (s.Mode == coursetype.Classroom || s.Mode == coursetype.Live) && s.JP > coursetype.LessonHours(s.Minutes) {
			if long++; long == 1 {
				firstLong = s.Day
			}
		}
		if !r.has(s.Phase, s.Subject) {
			strange++
		}
	}
	if long > 0 {
		first := date(day(firstLong))
		found = append(found, refuse("sessions", text(
			fmt.Sprintf("%d sesi memuat JP yang tidak sesuai lamanya (45 menit per JP), yang pertama pada %s. Kurangi JP atau perpanjang sesinya.", long, first.ID),
			fmt.Sprintf("%d sessions have lesson hours that do not fit their length (45 minutes each), the first on %s. Reduce the hours or lengthen the session.", long, first.EN))))
	}
	if strange > 0 {
		found = append(found, refuse("sessions", text(
			fmt.Sprintf("%d sesi memakai tahap atau mata pelatihan yang tidak ada pada ketentuan. Pilih dari daftarnya.", strange),
			fmt.Sprintf("%d sessions name a phase or subject that the rule-set does not have. Choose from its list.", strange))))
	}
	if r.MaxJP > 0 && total > r.MaxJP {
		found = append(found, refuse("sessions", text(
			fmt.Sprintf("Jadwal memuat %d JP, sedangkan program seluruhnya %d JP. Kurangi JP pada sesinya.", total, r.MaxJP),
			fmt.Sprintf("The timetable has %d lesson hours, the whole programme %d. Reduce those of its sessions.", total, r.MaxJP))))
	}
	for _, p := range r.Phases {
		found = append(found, checkPhase(p, phases[p.Key], subjects)...)
	}
	return found
}

// has reports whether r has that phase, and in one of its phases that subject.
func (r ruling) has(phase, subject string) bool {
	p, s := false, subject == ""
	for _, one := range r.Phases {
		p = p || one.Key == phase
		for _, other := range one.Subjects {
			s = s || other.Key == subject
		}
	}
	return p && s
}

// checkPhase compares the JP of a phase and of its subjects with what was scheduled.
func checkPhase(p coursetype.Phase, jp int, subjects map[string]int) (found []coursetype.Finding) {
	taught := p.Mode == coursetype.Classroom || p.Mode == coursetype.Live
	switch {
	case p.JP > 0 && jp > p.JP:
		found = append(found, refuse("sessions", text(
			fmt.Sprintf("%s memuat %d JP, sedangkan ketentuan %d JP. Kurangi JP pada sesinya.", p.Name.ID, jp, p.JP),
			fmt.Sprintf("%s has %d lesson hours, the rule-set says %d. Reduce those of its sessions.", p.Name.EN, jp, p.JP))))
	case taught && jp == 0:
		return append(found, warn("sessions", text(
			fmt.Sprintf("%s belum mempunyai sesi ber-JP. Lengkapi jadwalnya.", p.Name.ID),
			fmt.Sprintf("%s has no session with lesson hours yet. Complete the timetable.", p.Name.EN))))
	}
	for _, s := range p.Subjects {
		if taught && s.JP > 0 && subjects[s.Key] != s.JP {
			found = append(found, warn("sessions", text(
				fmt.Sprintf("%s dijadwalkan %d JP, sedangkan ketentuan %d JP. Sesuaikan sesinya.", s.Name.ID, subjects[s.Key], s.JP),
				fmt.Sprintf("%s is scheduled with %d lesson hours, the rule-set says %d. Adjust its sessions.", s.Name.EN, subjects[s.Key], s.JP))))
		}
	}
	return found
}
