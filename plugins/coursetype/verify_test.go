package coursetype

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func said(s string) Text { return Text{ID: s, EN: s} }

// offered returns a description that holds: two scored leaves, one of them with
// attempts behind a gate, and attendance.
func offered() Description {
	return Description{
		Key: "x", Version: "1.0.0", Name: said("Pelatihan"), Summary: said("Ringkas"), SIASN: 5, CertificateClass: "T",
		Kinds: []string{"PNS"}, Roles: []Role{{Key: "penguji", Name: said("Penguji")}},
		Asks: []Ask{{Field: FieldRank, Why: said("Kelas")}}, Schema: `{"type":"object"}`,
		RuleSets: []RuleSet{{
			Key: "r", Title: said("Ketentuan"), Decree: "Peraturan LAN 10/2018", From: "2019-01-01", Source: Unconfirmed, Doubt: said("Bobot"),
			Phases: []Phase{
				{Key: "mooc", Name: said("MOOC"), Mode: SelfPaced, JP: 4, Gate: Gate{Component: "a", Min: Bound{70_00, true}}},
				{Key: "kelas", Name: said("Kelas"), Mode: Classroom, Attend: Attendance{Bound{80_00, true}}, Subjects: []Subject{{Key: "s", Name: said("Materi")}}},
			},
			Components: []Component{
				{Key: "a", Name: said("MOOC"), Weight: 50_00, Input: Imported, Attempts: 3, Phase: "mooc"},
				{Key: "g", Name: said("Seminar"), Weight: 50_00, Parts: []Component{
					{Key: "b", Name: said("Isi"), Weight: 20_00, Input: Scored, Role: "penguji"},
					{Key: "c", Name: said("Teknik"), Weight: 30_00, Input: Scored},
				}},
			},
			Pass:   Bound{70_00, true},
			Grades: []Grade{{"m", said("Memuaskan"), Bound{80_00, false}}, {"k", said("Kurang"), Bound{0, true}}},
			Forms: []Form{{SIASN: 5, Name: said("Manajerial"), Class: "T", Unit: PerHour,
				National: Credit{Rate: 1_00}, Abroad: Credit{Rate: 1_20}},
				{SIASN: 9, Name: said("Seminar"), Class: "P", Unit: PerDay, National: Credit{Rate: 4_00, DayCap: 3}},
				{SIASN: 14, Name: said("Coaching"), Class: "T", Unit: PerTime, National: Credit{Rate: 2_00, MonthCap: 2}}},
		}},
	}
}

func breach(t *testing.T, name string, err error, want string) {
	t.Helper()
	if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v, want %q", name, err, want)
	}
}

func TestVerifyDescription(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Description, *RuleSet)
		want   string // "" = holds
	}{
		{"as it should be", func(*Description, *RuleSet) {}, ""},
		{"SIASN", func(d *Description, _ *RuleSet) { d.SIASN = 26 }, "SIASN"},
		{"SIASN of nothing", func(d *Description, _ *RuleSet) { d.SIASN = 0 }, "either a SIASN type"},
		{"class", func(d *Description, _ *RuleSet) { d.CertificateClass = "X" }, "class"},
		{"kind", func(d *Description, _ *RuleSet) { d.Kinds = []string{"TNI"} }, "kinds"},
		{"ask", func(d *Description, _ *RuleSet) { d.Asks[0].Field = "name" }, "ask 0"},
		{"ask without reason", func(d *Description, _ *RuleSet) { d.Asks[0].Why = Text{} }, "ask 0"},
		{"schema", func(d *Description, _ *RuleSet) { d.Schema = "[]" }, "schema"},
		{"long schema", func(d *Description, _ *RuleSet) { d.Schema = strings.Repeat(" ", MaxSchema+1) }, "schema of"},
		{"no rule-set", func(d *Description, _ *RuleSet) { d.RuleSets = nil }, "no rule-set"},
		{"same key", func(d *Description, _ *RuleSet) { d.RuleSets = append(d.RuleSets, d.RuleSets[0]) }, "rule-set 1: key"},
		{"no decree", func(_ *Description, r *RuleSet) { r.Decree = "" }, "no decree"},
		{"no source", func(_ *Description, r *RuleSet) { r.Source = "" }, "source"},
		{"no doubt", func(_ *Description, r *RuleSet) { r.Doubt = Text{} }, "doubt"},
		{"no day", func(_ *Description, r *RuleSet) { r.From = "1/1/2019" }, "From"},
		{"backwards", func(_ *Description, r *RuleSet) { r.To = "2018-12-31" }, "To"},
		{"weights", func(_ *Description, r *RuleSet) { r.Components[0].Weight = 49_99 }, "weights sum to 99,99"},
		{"weights of parts", func(_ *Description, r *RuleSet) { r.Components[1].Parts[0].Weight = 20_01 }, "its parts sum to 50,01"},
		{"no components", func(_ *Description, r *RuleSet) { r.Components = nil }, "weights sum to 0,00"},
		{"same component", func(_ *Description, r *RuleSet) { r.Components[1].Parts[0].Key = "a" }, "key not unique"},
		{"input", func(_ *Description, r *RuleSet) { r.Components[0].Input = "" }, "input is unknown"},
		{"role", func(_ *Description, r *RuleSet) { r.Components[0].Role = "x" }, "its role is none"},
		{"phase of a component", func(_ *Description, r *RuleSet) { r.Components[0].Phase = "x" }, "its phase is none"},
		{"gate", func(_ *Description, r *RuleSet) { r.Phases[0].Gate.Component = "g" }, "gate asks for no component"},
		{"no phase", func(_ *Description, r *RuleSet) { r.Phases = nil }, "no phase"},
		{"mode", func(_ *Description, r *RuleSet) { r.Phases[0].Mode = "" }, "mode"},
		{"grades upwards", func(_ *Description, r *RuleSet) { r.Grades[0], r.Grades[1] = r.Grades[1], r.Grades[0] }, "not below"},
		{"grades with a hole", func(_ *Description, r *RuleSet) { r.Grades = r.Grades[:1] }, "begin at 0,00"},
		{"no form", func(_ *Description, r *RuleSet) { r.Forms = nil }, "no form"},
		{"form of another type", func(_ *Description, r *RuleSet) { r.Forms[0].SIASN = 8 }, "no form"},
		{"pass", func(_ *Description, r *RuleSet) { r.Pass.At = 100_01 }, "pass mark"},
		{"JP", func(_ *Description, r *RuleSet) { r.MinJP, r.MaxJP = 2, 1 }, "lesson hours"},
		{"text", func(_ *Description, r *RuleSet) { r.Title.EN = "\xff" }, "UTF-8"},
		{"NUL", func(d *Description, _ *RuleSet) { d.Name.ID = "a\x00" }, "NUL"},
		{"long text", func(d *Description, _ *RuleSet) { d.Name.ID = strings.Repeat("x", MaxText+1) }, "text of"},
		{"long list", func(d *Description, _ *RuleSet) { d.Kinds = make([]string, MaxList+1) }, "list of"},
	} {
		d := offered()
		tc.change(&d, &d.RuleSets[0])
		breach(t, tc.name, d.Verify(), tc.want)
	}
}

func TestVerifyOutcome(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Record, *Outcome)
		want   string
	}{
		{"as it should be", func(*Record, *Outcome) {}, ""},
		{"unknown state", func(_ *Record, o *Outcome) { o.State = "maybe" }, "state is unknown"},
		{"no reason", func(_ *Record, o *Outcome) { o.Reason = Text{} }, "without a reason"},
		{"missing counted as zero", func(_ *Record, o *Outcome) { o.Missing = []string{"c"} }, "missing, and yet passed"},
		{"a line too few", func(_ *Record, o *Outcome) { o.Lines, o.Total = o.Lines[:2], 53_00 }, "2 lines and 0 missing"},
		{"a score and yet missing", func(_ *Record, o *Outcome) {
			*o = Outcome{State: NoResult, Lines: o.Lines[:2], Total: 53_00, Missing: []string{"c"}, Reason: said("x"), Gates: o.Gates}
		}, "missing with one"},
		{"no result", func(r *Record, o *Outcome) {
			r.Scores = r.Scores[:4]
			*o = Outcome{State: NoResult, Lines: o.Lines[:2], Total: 53_00, Missing: []string{"c"}, Reason: said("x"), Gates: o.Gates}
		}, ""},
		{"total", func(_ *Record, o *Outcome) { o.Total-- }, "its lines sum to"},
		{"contribution", func(_ *Record, o *Outcome) { o.Lines[0].Contribution++ }, "contribution"},
		{"weight", func(_ *Record, o *Outcome) { o.Lines[0].Weight++ }, "the rule-set says 50,00"},
		{"not the best attempt", func(_ *Record, o *Outcome) {
			o.Lines[0].Input, o.Lines[0].Contribution, o.Total = 71_00, 35_500_000, 78_50
		}, "not the attempt that counts"},
		{"grade", func(_ *Record, o *Outcome) { o.Grade = "m" }, `the rule-set says "k"`},
		{"gate left open", func(r *Record, o *Outcome) {
			r.Scores[1].Value = 62_00
			r.Scores[2].Value = 69_99
			o.Lines[0].Input, o.Lines[0].Contribution, o.Total, o.Grade = 69_99, 34_995_000, 78_00, "k"
		}, "gate 0"},
		{"absent and yet passed", func(r *Record, _ *Outcome) { r.Sessions[0].Present = false }, "behind a gate, or absent"},
		{"failed for nothing", func(_ *Record, o *Outcome) { o.State, o.JP, o.Hours = Failed, 0, nil }, "has no reason for it"},
		{"failed for absence", func(r *Record, o *Outcome) {
			r.Sessions[0].Present = false
			o.State, o.JP, o.Hours = Failed, 0, nil
		}, ""},
		{"hours for a failure", func(r *Record, o *Outcome) {
			r.Sessions[0].Present = false
			o.State = Failed
		}, "JP for failed"},
		{"hours", func(_ *Record, o *Outcome) { o.JP++ }, "its lines sum to"},
		{"hours of no form", func(_ *Record, o *Outcome) { o.Hours[0].Rate, o.Hours[0].JP, o.JP = 2_00, 16, 16 }, "no form"},
		{"more hours than there were", func(_ *Record, o *Outcome) { o.Hours[0].Count, o.Hours[0].JP, o.JP = 9, 9, 9 }, "more units"},
		{"hours beyond the cap of a day", func(_ *Record, o *Outcome) {
			o.Hours = []Hours{{Name: said("9 November"), Count: 2, Unit: PerDay, Rate: 4_00, Cap: 9, JP: 8}}
		}, "no form"},
		{"hours without the cap of a day", func(_ *Record, o *Outcome) {
			o.Hours = []Hours{{Name: said("9 November"), Count: 1, Unit: PerDay, Rate: 4_00, JP: 4}}
			o.JP = 4
		}, "no form"},
		{"hours within the cap of a day", func(_ *Record, o *Outcome) {
			o.Hours = []Hours{{Name: said("9 November"), Count: 1, Unit: PerDay, Rate: 4_00, Cap: 3, JP: 3}}
			o.JP = 3
		}, ""},
		{"times within the cap of a month", func(_ *Record, o *Outcome) {
			o.Hours = []Hours{{Name: said("November"), Count: 1, Unit: PerTime, Rate: 2_00, Cap: 4, JP: 2}}
			o.JP = 2
		}, ""},
		{"times beyond the cap of a month", func(_ *Record, o *Outcome) {
			o.Hours = []Hours{{Name: said("November"), Count: 1, Unit: PerTime, Rate: 2_00, Cap: 5, JP: 2}}
			o.JP = 2
		}, "no form"},
		{"times not attended", func(r *Record, o *Outcome) {
			r.Sessions = append(r.Sessions, Presence{Session: "2", Phase: "kelas", Day: "2026-11-09"})
			o.Hours = []Hours{{Name: said("November"), Count: 2, Unit: PerTime, Rate: 2_00, Cap: 4, JP: 4}}
			o.JP = 4
		}, "more units"},
		{"a line of hours that does not add up", func(_ *Record, o *Outcome) { o.Hours[0].JP, o.JP = 9, 9 }, "not what the line says"},
	} {
		record := Record{
			Ref:      "p1",
			Sessions: []Presence{{Session: "1", Phase: "kelas", Day: "2026-11-09", JP: 8, Present: true}},
			Scores:   []Score{{"a", 62_00}, {"a", 74_00}, {"a", 71_00}, {"b", 80_00}, {"c", 90_00}},
		}
		o := Outcome{
			Ref: "p1", State: Passed, Total: 80_00, Grade: "k", JP: 8, Reason: said("Lulus"),
			Gates: []Standing{{Phase: "mooc", Open: true}},
			Hours: []Hours{{Name: said("Sesi"), Count: 8, Unit: PerHour, Rate: 1_00, JP: 8}},
		}
		for i, c := range offered().RuleSets[0].Leaves() {
			in := []Hundredths{74_00, 80_00, 90_00}[i]
			o.Lines = append(o.Lines, Line{Component: c.Key, Name: c.Name, Weight: c.Weight, Input: in, Contribution: c.Weight.Of(in)})
		}
		o.Total = Total(o.Lines)
		o.Grade = offered().RuleSets[0].GradeOf(o.Total)
		tc.change(&record, &o)
		breach(t, tc.name, offered().RuleSets[0].VerifyOutcome(record, o), tc.want)
	}

	// The hours of a programme, of which the timetable holds a part.
	r := offered().RuleSets[0]
	r.MinJP = 20
	for _, tc := range []struct {
		jp   int
		want string
	}{{19, ""}, {20, ""}, {21, "more units"}} {
		record := Record{
			Sessions: []Presence{{Session: "1", Phase: "kelas", Day: "2026-11-09", JP: 8, Present: true}},
			Scores:   []Score{{"a", 80_00}, {"b", 80_00}, {"c", 80_00}},
		}
		o := Outcome{
			State: Passed, Total: 80_00, Grade: "k", JP: tc.jp, Reason: said("Lulus"), Gates: []Standing{{Phase: "mooc", Open: true}},
			Hours: []Hours{{Name: said("Program"), Count: tc.jp, Unit: PerHour, Rate: 1_00, JP: tc.jp}},
		}
		for _, c := range r.Leaves() {
			o.Lines = append(o.Lines, Line{Component: c.Key, Name: c.Name, Weight: c.Weight, Input: 80_00, Contribution: c.Weight.Of(80_00)})
		}
		breach(t, fmt.Sprint(tc.jp, " JP of a programme of 20"), r.VerifyOutcome(record, o), tc.want)
	}
}

func TestVerifyPlan(t *testing.T) {
	t.Parallel()
	days := []string{"2026-11-09", "2026-11-10", "2026-11-11"}
	for _, tc := range []struct {
		name   string
		change func(*Plan)
		want   string
	}{
		{"as it should be", func(*Plan) {}, ""},
		{"a phase left out", func(p *Plan) { p.Spans = p.Spans[:1] }, "1 spans for 2"},
		{"a day not offered", func(p *Plan) { p.Spans[1].To = "2026-11-12" }, "span 1"},
		{"days taken", func(p *Plan) { p.Spans[1].From = "2026-11-09" }, "span 1"},
		{"miscounted", func(p *Plan) { p.Spans[1].Days = 1 }, "span 1"},
		{"outside its phase", func(p *Plan) { p.Sessions[0].Day = "2026-11-09" }, "not on a day of its phase"},
		{"too many hours", func(p *Plan) { p.Sessions[0].JP = 3 }, "3 JP in 90 minutes"},
		{"held nohow", func(p *Plan) { p.Sessions[0].Mode = "" }, "mode is unknown"},
		{"of another subject", func(p *Plan) { p.Sessions[0].Subject = "x" }, "no such subject"},
		{"of its subject", func(p *Plan) { p.Sessions[0].Subject = "s" }, ""},
		{"overlap", func(p *Plan) { p.Sessions[1].Start = 8*60 + 89 }, "before the one before it ends"},
		{"back to back", func(p *Plan) { p.Sessions[1].Start = 8*60 + 90 }, ""},
	} {
		p := Plan{
			Spans: []Span{{"mooc", days[0], days[0], 1}, {"kelas", days[1], days[2], 2}},
			Sessions: []Session{
				{Title: said("Materi"), Phase: "kelas", Mode: Classroom, Day: days[1], Start: 8 * 60, Minutes: 90, JP: 2},
				{Title: said("Materi"), Phase: "kelas", Mode: Classroom, Day: days[1], Start: 10 * 60, Minutes: 90, JP: 2},
			},
		}
		tc.change(&p)
		breach(t, tc.name, offered().RuleSets[0].VerifyPlan(days, p), tc.want)
	}
}

// An attended leaf without a timetable is missing: nobody was absent from nothing.
func TestVerifyAttended(t *testing.T) {
	t.Parallel()
	r := RuleSet{Components: []Component{{Key: "a", Name: said("Kehadiran"), Weight: Full, Input: Attended}}, Pass: Bound{80_00, true}}
	zero := Outcome{State: Failed, Reason: said("x"), Lines: []Line{{Component: "a", Name: said("Kehadiran"), Weight: Full}}}
	breach(t, "zero of nothing", r.VerifyOutcome(Record{Sessions: []Presence{{JP: 0, Present: true}}}, zero), "without a session")
	breach(t, "zero of a session", r.VerifyOutcome(Record{Sessions: []Presence{{JP: 1}}}, zero), "")
	breach(t, "missing", r.VerifyOutcome(Record{}, Outcome{State: NoResult, Missing: []string{"a"}, Reason: said("x")}), "")
}

// TestBreach: an outcome's error says which rule of the contract it breaks.
func TestBreach(t *testing.T) {
	t.Parallel()
	r := offered().RuleSets[0]
	var b *Breach
	if err := r.VerifyOutcome(Record{}, Outcome{State: Failed, Reason: said("x")}); !errors.As(err, &b) || b.Rule != RuleMissing {
		t.Errorf("nothing explained: %v", err)
	}
}
