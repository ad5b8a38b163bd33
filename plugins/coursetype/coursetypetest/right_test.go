package coursetypetest

import (
	"context"
	"fmt"
	"slices"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

func said(s string) coursetype.Text { return coursetype.Text{ID: s, EN: s} }

// A guest keeps the contract but in what its hooks do: with none it is right. Its
// rule-set has all that can be got wrong: a gate, attempts, a tree, attendance, grades.
type guest struct {
	describe func(*coursetype.Description)
	before   func(coursetype.GradeRequest)
	outcome  func(coursetype.RuleSet, coursetype.Record, *coursetype.Outcome)
	outcomes func([]coursetype.Outcome) []coursetype.Outcome
	unfair   bool // grades without looking at what is asked
	people   func(*coursetype.Eligibility)
	plan     func(*coursetype.Plan)
	found    []coursetype.Finding
	anybody  bool // certifies who did not pass
}

func (g guest) Describe(context.Context) (coursetype.Description, error) {
	d := coursetype.Description{
		Key: "zoo", Version: "1.0.0", Name: said("Pelatihan"), Summary: said("Ringkas"), SIASN: 5, CertificateClass: "T",
		Kinds: []string{"PNS", "PPPK"}, Asks: []coursetype.Ask{{Field: coursetype.FieldHistory, Why: said("Sekali saja")}},
		Schema: `{"type":"object","properties":{"topic":{"type":"string","title":"Topik","x-title-en":"Topic"}},"additionalProperties":false}`,
		RuleSets: []coursetype.RuleSet{{
			Key: "r", Title: said("Ketentuan"), Decree: "Peraturan LAN 10/2018", From: "2019-01-01", Source: coursetype.Verified,
			Phases: []coursetype.Phase{
				{Key: "mooc", Name: said("MOOC"), Mode: coursetype.SelfPaced, Gate: coursetype.Gate{Component: "mooc", Min: coursetype.Bound{At: 70_00, Inclusive: true}}},
				{Key: "kelas", Name: said("Kelas"), Mode: coursetype.Classroom, Attend: coursetype.Attendance{Min: coursetype.Bound{At: 80_00, Inclusive: true}}},
			},
			Components: []coursetype.Component{
				{Key: "mooc", Name: said("MOOC"), Weight: 10_00, Input: coursetype.Imported, Attempts: 3},
				{Key: "seminar", Name: said("Seminar"), Weight: 70_00, Parts: []coursetype.Component{
					{Key: "isi", Name: said("Isi"), Weight: 40_00, Input: coursetype.Scored},
					{Key: "teknik", Name: said("Teknik"), Weight: 30_00, Input: coursetype.Scored, Attempts: 2, Keep: coursetype.KeepLast},
				}},
				{Key: "hadir", Name: said("Kehadiran"), Weight: 20_00, Input: coursetype.Attended},
			},
			Pass: coursetype.Bound{At: 70_00, Inclusive: true},
			Grades: []coursetype.Grade{
				{Key: "baik", Name: said("Baik"), Min: coursetype.Bound{At: 90_00}},
				{Key: "cukup", Name: said("Cukup"), Min: coursetype.Bound{Inclusive: true}},
			},
			Forms: []coursetype.Form{{SIASN: 5, Name: said("Manajerial"), Class: "T", Unit: coursetype.PerHour, National: coursetype.Credit{Rate: 1_00}}},
		}},
	}
	if g.describe != nil {
		g.describe(&d)
	}
	return d, nil
}

// fair returns the rule-set of a question. Errors: those of the host's fault.
func (g guest) fair(key string, settings coursetype.Settings) (coursetype.RuleSet, error) {
	d, err := guest{}.Describe(context.Background())
	if err != nil {
		return coursetype.RuleSet{}, err
	}
	r, ok := d.RuleSet(key)
	if !ok {
		return r, coursetype.Refuse(coursetype.UnknownRuleSet, "Ketentuan tidak dikenal.")
	}
	return r, settings.Read(&struct{ Topic string }{})
}

func (g guest) Check(_ context.Context, q coursetype.CheckRequest) ([]coursetype.Finding, error) {
	if _, err := g.fair(q.RuleSet, q.Settings); err != nil {
		return nil, err
	}
	if err := q.Fair(); err != nil {
		return nil, err
	}
	return g.found, nil
}

func (g guest) Eligible(_ context.Context, q coursetype.EligibleRequest) (all []coursetype.Eligibility, err error) {
	if _, err := g.fair(q.RuleSet, q.Settings); err != nil {
		return nil, err
	}
	if err := q.Fair(); err != nil {
		return nil, err
	}
	for _, c := range q.Candidates {
		e := coursetype.Eligibility{Ref: c.Ref, OK: c.Active && (c.Kind == "PNS" || c.Kind == "PPPK")}
		if !e.OK {
			e.Rule, e.Reason = "jenis", said("Bukan ASN aktif")
		}
		if g.people != nil {
			g.people(&e)
		}
		all = append(all, e)
	}
	return all, nil
}

func (g guest) Plan(_ context.Context, q coursetype.PlanRequest) (p coursetype.Plan, err error) {
	if _, err := g.fair(q.RuleSet, q.Settings); err != nil {
		return p, err
	}
	if err := q.Fair(); err != nil {
		return p, err
	}
	if len(q.Days) < 2 {
		return p, coursetype.Refuse(coursetype.BadRequest, "Perlu dua hari.")
	}
	p.Spans = []coursetype.Span{{Phase: "mooc", From: q.Days[0], To: q.Days[0], Days: 1}, {Phase: "kelas", From: q.Days[1], To: q.Days[1], Days: 1}}
	p.Sessions = []coursetype.Session{{Title: said("Materi"), Phase: "kelas", Mode: coursetype.Classroom, Day: q.Days[1], Start: 450, Minutes: 90, JP: 2}}
	if g.plan != nil {
		g.plan(&p)
	}
	return p, nil
}

func (g guest) Grade(_ context.Context, q coursetype.GradeRequest) (all []coursetype.Outcome, err error) {
	r, err := g.fair(q.RuleSet, q.Settings)
	if err != nil {
		return nil, err
	}
	if err := q.Fair(r); err != nil && !g.unfair {
		return nil, err
	}
	if g.before != nil {
		g.before(q)
	}
	for _, record := range q.Records {
		o := judge(r, record)
		if g.outcome != nil {
			g.outcome(r, record, &o)
		}
		all = append(all, o)
	}
	if g.outcomes != nil {
		all = g.outcomes(all)
	}
	return all, nil
}

// judge is what a right guest says of a record.
func judge(r coursetype.RuleSet, record coursetype.Record) coursetype.Outcome {
	o := coursetype.Outcome{Ref: record.Ref, Reason: said("Sesuai ketentuan")}
	there, whole := 0, 0
	for _, s := range record.Sessions {
		whole += s.JP
		if s.Present {
			there += s.JP
		}
	}
	for _, c := range r.Leaves() {
		in, ok := c.Kept(record.Attempts(c.Key))
		if c.Input == coursetype.Attended {
			in, ok = coursetype.Percent(there, whole), whole > 0
		}
		if !ok {
			o.Missing = append(o.Missing, c.Key)
			continue
		}
		o.Lines = append(o.Lines, coursetype.Line{Component: c.Key, Name: c.Name, Weight: c.Weight, Input: in, Contribution: c.Weight.Of(in)})
	}
	o.Total, o.Gates = coursetype.Total(o.Lines), r.Stands(record)
	for i := range o.Gates {
		if !o.Gates[i].Open {
			o.Gates[i].Reason = said("Belum mencapai batas")
		}
	}
	settle(r, record, &o)
	return o
}

// settle sets what follows from lines, total and gates.
func settle(r coursetype.RuleSet, record coursetype.Record, o *coursetype.Outcome) {
	o.State, o.Grade, o.JP, o.Hours = coursetype.NoResult, "", 0, nil
	if len(o.Missing) > 0 {
		return
	}
	o.State, o.Grade = coursetype.Failed, r.GradeOf(o.Total)
	closed := slices.ContainsFunc(o.Gates, func(s coursetype.Standing) bool { return !s.Open })
	if !closed && len(r.Absent(record)) == 0 && r.Pass.Met(o.Total) {
		o.State = coursetype.Passed
		credit(record, o)
	}
}

func credit(record coursetype.Record, o *coursetype.Outcome) {
	for _, s := range record.Sessions {
		if s.Present {
			o.JP += s.JP
		}
	}
	o.Hours = []coursetype.Hours{{Name: said("Sesi terjadwal"), Count: o.JP, Unit: coursetype.PerHour, Rate: 1_00, JP: o.JP}}
}

func (g guest) Certify(_ context.Context, q coursetype.CertifyRequest) (all []coursetype.Certificate, err error) {
	if _, err := g.fair(q.RuleSet, q.Settings); err != nil {
		return nil, err
	}
	if err := q.Fair(); err != nil && !g.anybody {
		return nil, err
	}
	if len(q.Graduates) > coursetype.MaxChunk {
		return nil, coursetype.Refuse(coursetype.BadRequest, "Terlalu banyak.")
	}
	for _, one := range q.Graduates {
		all = append(all, coursetype.Certificate{Ref: one.Ref, Class: "T", Title: said("Sertifikat"), JP: one.Outcome.JP,
			Statement: said(fmt.Sprintf("telah mengikuti pelatihan selama %d JP", one.Outcome.JP))})
	}
	return all, nil
}
