// Command uji is a course type for tests: it asks for data, has settings, flags people,
// is held once in a lifetime, and explains itself with grades and days.
package main

import (
	"context"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

func main() { coursetype.Serve(uji{}) }

type uji struct{}

const schema = `{"type": "object", "required": ["golongan", "kelompok"], "properties": {
	"golongan": {"type": "string", "title": "Kelas golongan", "x-title-en": "Rank classes", "oneOf": [{"const": "II", "title": "Golongan II", "x-title-en": "Class II"}, {"const": "III", "title": "Golongan III", "x-title-en": "Class III"}]},
	"kelompok": {"type": "integer", "minimum": 1, "maximum": 8, "default": 4, "title": "Banyak kelompok", "x-title-en": "Groups"},
	"pembukaan": {"type": "string", "format": "date", "title": "Pembukaan", "x-title-en": "Opening", "description": "Bila tidak pada hari pertama.", "x-description-en": "Unless on the first day."},
	"asrama": {"type": "boolean", "title": "Diasramakan", "x-title-en": "Boarding"}
}}`

func text(s string) coursetype.Text { return coursetype.Text{ID: s, EN: s + " (en)"} }

func (uji) Describe(context.Context) (coursetype.Description, error) {
	rules := coursetype.RuleSet{
		Key: "uji-2020", Title: text("Uji 2020"), Decree: "Peraturan Uji 1/2020", From: "2020-01-01", Source: coursetype.Verified,
		Phases: []coursetype.Phase{
			{Key: "mandiri", Name: text("Belajar mandiri"), Mode: coursetype.SelfPaced},
			{Key: "kelas", Name: text("Klasikal"), Mode: coursetype.Classroom},
		},
		Components: []coursetype.Component{{Key: "hadir", Name: text("Kehadiran"), Weight: coursetype.Full, Input: coursetype.Attended}},
		Pass:       coursetype.Bound{At: 70_00, Inclusive: true},
		Grades: []coursetype.Grade{
			{Key: "sm", Name: text("Sangat memuaskan"), Min: coursetype.Bound{At: 90_00}}, {Key: "k", Name: text("Kurang"), Min: coursetype.Bound{Inclusive: true}},
		},
		Forms:    []coursetype.Form{{SIASN: 13, Name: text("Uji"), Class: "T", Unit: coursetype.PerDay, National: coursetype.Credit{Rate: 4_00}}},
		OnceOnly: true,
	}
	old := rules
	old.Key, old.Title, old.From, old.To, old.Source, old.Doubt = "uji-2015", text("Uji 2015"), "2015-01-01", "2019-12-31", coursetype.Unconfirmed, text("Naskahnya belum ditemukan.")
	return coursetype.Description{
		Key: "uji", Version: "1.0.0", Name: text("Pelatihan uji"), Summary: text("Hanya ada dalam pengujian."), SIASN: 13, CertificateClass: "T",
		Kinds: []string{"CPNS", "PNS"}, Schema: schema, RuleSets: []coursetype.RuleSet{rules, old},
		Asks: []coursetype.Ask{
			{Field: coursetype.FieldRank, Why: text("Golongan II dan III terpisah.")}, {Field: coursetype.FieldSince, Why: text("Masa percobaan satu tahun.")},
			{Field: coursetype.FieldHistory, Why: text("Hanya satu kali.")},
		},
	}, nil
}

type settings struct {
	Class   string `json:"golongan"`
	Groups  int    `json:"kelompok"`
	Opening string `json:"pembukaan"`
	Boards  bool   `json:"asrama"`
}

func (uji) Check(_ context.Context, q coursetype.CheckRequest) (found []coursetype.Finding, err error) {
	var s settings
	if err := q.Settings.Read(&s); err != nil {
		return nil, err
	}
	if s.Groups > q.Participants {
		found = append(found, coursetype.Finding{Field: "kelompok", Refuse: true, Text: text("Kelompok lebih banyak daripada peserta. Kurangi kelompoknya.")})
	}
	if s.Boards {
		found = append(found, coursetype.Finding{Field: "asrama", Text: text("Siapkan asrama.")})
	}
	return found, nil
}

func (uji) Plan(context.Context, coursetype.PlanRequest) (coursetype.Plan, error) {
	return coursetype.Plan{}, coursetype.Refuse(coursetype.BadRequest, "Pelatihan uji tidak menyusun jadwal. Susun sendiri.")
}

// Eligible repeats what it was told of rank and history, so that tests can see it.
func (uji) Eligible(_ context.Context, q coursetype.EligibleRequest) (all []coursetype.Eligibility, err error) {
	var s settings
	if err := q.Settings.Read(&s); err != nil {
		return nil, err
	}
	for _, c := range q.Candidates {
		e := coursetype.Eligibility{Ref: c.Ref, OK: true}
		start, _ := time.Parse(time.DateOnly, q.Start)
		since, err := time.Parse(time.DateOnly, c.Since)
		switch {
		case c.Kind == "PNS" && len(c.Past) == 0 && len(c.Rank) > 0 && c.Rank[:3] != s.Class[:min(3, len(s.Class))] && s.Class == "III":
			e.OK, e.Rule, e.Reason = false, "golongan", text("Golongan "+c.Rank+" bukan golongan "+s.Class+". Usulkan ke angkatan lain.")
		case err == nil && start.After(since.AddDate(1, 0, 0)):
			e.Flags = []coursetype.Flag{{Rule: "terlambat", Reason: text("Lewat satu tahun sejak TMT " + c.Since + ".")}}
		}
		all = append(all, e)
	}
	return all, nil
}

func (uji) Grade(_ context.Context, q coursetype.GradeRequest) (all []coursetype.Outcome, err error) {
	for _, r := range q.Records {
		held, there := 0, 0
		days := map[string]bool{}
		for _, s := range r.Sessions {
			held += s.JP
			if s.Present {
				there += s.JP
				days[s.Day] = true
			}
		}
		score := coursetype.Percent(there, held)
		o := coursetype.Outcome{Ref: r.Ref, State: coursetype.Failed, Reason: text("Dihitung dari kehadiran.")}
		o.Lines = []coursetype.Line{{Component: "hadir", Name: text("Kehadiran"), Weight: coursetype.Full, Input: score, Contribution: coursetype.Full.Of(score), Note: text("Sekali hitung.")}}
		o.Total = coursetype.Total(o.Lines)
		o.Grade = "k"
		if o.Total > 90_00 {
			o.Grade = "sm"
		}
		if o.Total >= 70_00 {
			o.State = coursetype.Passed
			o.Hours = []coursetype.Hours{{Name: text("Hari hadir"), Count: len(days), Unit: coursetype.PerDay, Rate: 4_00, JP: 4 * len(days)}}
			o.JP = coursetype.TotalHours(o.Hours)
		}
		all = append(all, o)
	}
	return all, nil
}

func (uji) Certify(_ context.Context, q coursetype.CertifyRequest) (all []coursetype.Certificate, err error) {
	for _, g := range q.Graduates {
		all = append(all, coursetype.Certificate{Ref: g.Ref, Class: "T", Title: text("Sertifikat"), Statement: text("lulus dengan predikat " + g.Outcome.Grade), JP: g.Outcome.JP})
	}
	return all, nil
}
