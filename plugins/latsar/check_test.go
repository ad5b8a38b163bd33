package main

import (
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	const monday = "2026-11-09"
	session := func(mode coursetype.Mode, phase, subject string, minutes, jp int) coursetype.Session {
		return coursetype.Session{Title: text("x", "x"), Phase: phase, Subject: subject, Mode: mode, Day: monday, Start: 450, Minutes: minutes, JP: jp}
	}
	batches := []struct {
		name string
		q    coursetype.CheckRequest
		want string // fields, "!" after those that refuse
	}{
		{"all is well", coursetype.CheckRequest{RuleSet: now, Settings: second, Start: monday, Participants: 40}, ""},
		{"rank class not chosen", coursetype.CheckRequest{RuleSet: now, Start: monday}, "golongan!"},
		{"rank class that there is not", coursetype.CheckRequest{RuleSet: now, Settings: `{"golongan":"IV"}`, Start: monday}, "golongan!"},
		{"41 participants", coursetype.CheckRequest{RuleSet: now, Settings: second, Start: monday, Participants: 41}, "participants"},
		{"day before BerAKHLAK", coursetype.CheckRequest{RuleSet: now, Settings: second, Start: "2021-09-30"}, "start!"},
		{"first day of BerAKHLAK", coursetype.CheckRequest{RuleSet: now, Settings: second, Start: "2021-10-01"}, ""},
		{"last day of ANEKA", coursetype.CheckRequest{RuleSet: "blended-aneka", Settings: second, Start: "2021-09-30"}, ""},
		{"day after ANEKA", coursetype.CheckRequest{RuleSet: "blended-aneka", Settings: second, Start: "2021-10-01"}, "start!"},
		{"before the method existed", coursetype.CheckRequest{RuleSet: "blended-aneka", Settings: second, Start: "2020-12-31"}, "start!"},
		{"last day of the older scale", coursetype.CheckRequest{RuleSet: old, Settings: second, Start: "2017-12-31"}, ""},
		{"day after the older scale", coursetype.CheckRequest{RuleSet: old, Settings: second, Start: "2018-01-01"}, "start!"},
		{"classroom in 2023", coursetype.CheckRequest{RuleSet: "klasikal-berakhlak", Settings: second, Start: "2023-12-31"}, ""},
		{"classroom since 2024", coursetype.CheckRequest{RuleSet: "klasikal-berakhlak", Settings: second, Start: "2024-01-01"}, "dasar_metode"},
		{"classroom with consent", coursetype.CheckRequest{RuleSet: "klasikal-berakhlak", Settings: `{"golongan":"II","dasar_metode":"Surat 1"}`, Start: "2024-01-01"}, ""},
		{"distance without an emergency", coursetype.CheckRequest{RuleSet: "jarak-jauh-berakhlak", Settings: `{"golongan":"II","dasar_metode":" "}`, Start: monday}, "dasar_metode!"},
		{"distance in an emergency", coursetype.CheckRequest{RuleSet: "jarak-jauh-berakhlak", Settings: `{"golongan":"II","dasar_metode":"Surat 1"}`, Start: monday}, ""},
		{"ends before it begins", coursetype.CheckRequest{RuleSet: now, Settings: second, Start: monday, End: "2026-11-08"}, "end!"},
		{"73 calendar days", coursetype.CheckRequest{RuleSet: now, Settings: second, Start: monday, End: "2027-01-20"}, "end!"},
		{"74 calendar days", coursetype.CheckRequest{RuleSet: now, Settings: second, Start: monday, End: "2027-01-21"}, ""},
		{"any length where the days are not known", coursetype.CheckRequest{RuleSet: old, Settings: second, Start: "2017-09-25", End: "2017-10-04"}, ""},
	}

	// The timetable beside the plan of the guest itself, of which nothing is said.
	live, class, work := coursetype.Live, coursetype.Classroom, coursetype.Workplace
	timetables := []struct {
		name     string
		sessions []coursetype.Session
		says     string // of a finding that refuses; "" = none does
	}{
		{"two hours of 90 minutes", []coursetype.Session{session(live, "e-learning", "loyal", 90, 2)}, ""},
		{"three hours of 134 minutes", []coursetype.Session{session(live, "e-learning", "loyal", 134, 3)}, "1 sesi memuat JP yang tidak sesuai lamanya (45 menit per JP), yang pertama pada 9 November 2026"},
		{"self-paced hours have no length", []coursetype.Session{session(coursetype.SelfPaced, "mooc", "", 0, 40)}, ""},
		{"320 JP at work", []coursetype.Session{session(work, "aktualisasi", "aktualisasi", 450, 320)}, ""},
		{"321 JP at work", []coursetype.Session{session(work, "aktualisasi", "aktualisasi", 450, 321)}, "memuat 321 JP, sedangkan ketentuan 320 JP"},
		{"647 JP", []coursetype.Session{session(work, "aktualisasi", "", 450, 320), session(coursetype.SelfPaced, "mooc", "", 0, 327)}, ""},
		{"648 JP", []coursetype.Session{session(work, "aktualisasi", "", 450, 320), session(coursetype.SelfPaced, "", "", 0, 328)}, "Jadwal memuat 648 JP"},
		{"a phase of elsewhere", []coursetype.Session{session(class, "evaluasi", "", 90, 2)}, "1 sesi memakai tahap"},
		{"a subject of elsewhere", []coursetype.Session{session(live, "e-learning", "nasionalisme", 90, 2)}, "1 sesi memakai tahap"},
	}
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		for _, tc := range batches {
			t.Run(tc.name, func(t *testing.T) { hold(t, ct, tc.q, tc.want) })
		}
		for _, tc := range timetables {
			t.Run(tc.name, func(t *testing.T) { judge(t, ct, tc.sessions, tc.says) })
		}
	})
}

// judge wants of the findings on a timetable those that refuse to say so, and none to
// refuse when they ought to say nothing.
func judge(t *testing.T, ct coursetype.CourseType, sessions []coursetype.Session, says string) {
	t.Helper()
	found, err := ct.Check(t.Context(), coursetype.CheckRequest{RuleSet: now, Settings: second, Start: "2026-11-09", End: "2027-03-31", Sessions: sessions})
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, f := range found {
		if err := coursetype.VerifyFinding(f); err != nil || f.Field != "sessions" {
			t.Errorf("%v of %s", err, f.Field)
		}
		if f.Refuse {
			said += f.Text.ID
		}
	}
	if says == "" && said != "" || !strings.Contains(said, says) {
		t.Errorf("%q, want %q", said, says)
	}
}

// Hours that are known are held against the timetable.
func TestCheckSubjects(t *testing.T) {
	t.Parallel()
	found, err := latsar{}.Check(t.Context(), coursetype.CheckRequest{RuleSet: now, Settings: second, Start: "2026-11-09", End: "2027-03-31", Sessions: []coursetype.Session{
		{Phase: "klasikal", Subject: "seminar-aktualisasi", Mode: coursetype.Classroom, Day: "2026-11-09", Minutes: 405, JP: 9},
		{Phase: "klasikal", Subject: "bimbingan-seminar", Mode: coursetype.Classroom, Day: "2026-11-09", Minutes: 90, JP: 2},
	}})
	want := []string{"Pembelajaran jarak jauh dan rancangan aktualisasi belum mempunyai sesi ber-JP. Lengkapi jadwalnya.",
		"Seminar Aktualisasi dijadwalkan 9 JP, sedangkan ketentuan 10 JP. Sesuaikan sesinya."}
	if err != nil || len(found) != 2 || found[0].Text.ID != want[0] || found[1].Text.ID != want[1] || found[0].Refuse || found[1].Refuse {
		t.Errorf("%+v, %v", found, err)
	}
}

// A last day before the first one is told as that, not as too few days.
func TestCheckEnd(t *testing.T) {
	t.Parallel()
	r := rulings()[0]
	for end, want := range map[string]int{"2017-09-24": 1, "2017-09-25": 0} {
		if found := r.checkEnd(day("2017-09-25"), day(end)); len(found) != want {
			t.Errorf("until %s: %+v", end, found)
		}
	}
}

// hold wants findings in those fields, each sound. A batch without a last day lasts
// five months.
func hold(t *testing.T, ct coursetype.CourseType, q coursetype.CheckRequest, want string) {
	t.Helper()
	if q.End == "" {
		q.End = day(q.Start).AddDate(0, 5, 0).Format(time.DateOnly)
	}
	found, err := ct.Check(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, f := range found {
		if err := coursetype.VerifyFinding(f); err != nil {
			t.Error(err)
		}
		field := f.Field
		if f.Refuse {
			field += "!"
		}
		fields = append(fields, field)
	}
	if got := strings.Join(fields, " "); got != want {
		t.Errorf("%s, want %q: %+v", got, want, found)
	}
}
