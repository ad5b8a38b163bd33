package coursetype

import (
	"errors"
	"fmt"
	"slices"
)

// Percent returns part of whole in hundredths of a percent, half rounded up: how
// attendance is counted. It is 0 when whole is.
func Percent(part, whole int) Hundredths {
	if whole <= 0 {
		return 0
	}
	part = max(0, min(part, whole))
	return Hundredths((2*part*int(Full) + whole) / (2 * whole)) //nolint:gosec // at most Full
}

// Hours returns the lesson hours of phase in the timetable of r, attended and
// scheduled. Sessions without a phase belong to the first.
func (r RuleSet) Hours(phase string, sessions []Presence) (attended, scheduled int) {
	for _, s := range sessions {
		if s.Phase != phase && (s.Phase != "" || len(r.Phases) == 0 || r.Phases[0].Key != phase) {
			continue
		}
		scheduled += s.JP
		if s.Present {
			attended += s.JP
		}
	}
	return attended, scheduled
}

// Stands returns, for each phase of r with a gate, whether record may go on after it.
// The reasons are left empty.
func (r RuleSet) Stands(record Record) (all []Standing) {
	for _, p := range r.Phases {
		if p.Gate.Component == "" {
			continue
		}
		open := false
		for _, c := range r.Leaves() {
			if c.Key == p.Gate.Component {
				kept, ok := c.Kept(record.Attempts(c.Key))
				open = ok && p.Gate.Min.Met(kept)
			}
		}
		all = append(all, Standing{Phase: p.Key, Open: open})
	}
	return all
}

// Absent returns the phases of r of whose hours record attended too few. A phase
// without hours in the timetable is none of them.
func (r RuleSet) Absent(record Record) (phases []string) {
	for _, p := range r.Phases {
		attended, scheduled := r.Hours(p.Key, record.Sessions)
		if p.Attend != (Attendance{}) && scheduled > 0 && !p.Attend.Min.Met(Percent(attended, scheduled)) {
			phases = append(phases, p.Key)
		}
	}
	return phases
}

// VerifyOutcome reports the first breach of the contract in the outcome o of record.
func (r RuleSet) VerifyOutcome(record Record, o Outcome) error {
	if err := Bounded(o); err != nil {
		return &Breach{RuleWorded, err.Error()}
	}
	switch {
	case o.State != Passed && o.State != Failed && o.State != NoResult:
		return broken(RuleMarked, "state is unknown")
	case o.Reason.empty():
		return broken(RuleWorded, "%s without a reason in both languages", o.State)
	case (o.State == NoResult) != (len(o.Missing) > 0):
		return broken(RuleMissing, "%d components are missing, and yet %s", len(o.Missing), o.State)
	case o.Total != Total(o.Lines):
		return broken(RuleExplained, "total %s, its lines sum to %s", o.Total, Total(o.Lines))
	}
	if err := r.verifyLines(record, o); err != nil {
		return err
	}
	want := ""
	if o.State != NoResult {
		want = r.GradeOf(o.Total)
	}
	if o.Grade != want {
		return broken(RuleMarked, "grade %q, the rule-set says %q", o.Grade, want)
	}
	if err := r.verifyGates(record, o); err != nil {
		return err
	}
	held := slices.ContainsFunc(o.Gates, func(s Standing) bool { return !s.Open }) || len(r.Absent(record)) > 0
	switch {
	case o.State == Passed && (held || !r.Pass.Met(o.Total)):
		return broken(RuleMarked, "passed below the mark, behind a gate, or absent")
	case o.State == Failed && !held && r.Pass.Met(o.Total):
		return broken(RuleMarked, "failed, and the rule-set has no reason for it")
	}
	return r.verifyHours(record, o)
}

// verifyLines wants one line per leaf with an input, and the others missing.
func (r RuleSet) verifyLines(record Record, o Outcome) error {
	lines := map[string]Line{}
	for _, l := range o.Lines {
		lines[l.Component] = l
	}
	missing := map[string]bool{}
	for _, m := range o.Missing {
		missing[m] = true
	}
	held := slices.ContainsFunc(record.Sessions, func(s Presence) bool { return s.JP > 0 })
	leaves := r.Leaves()
	if len(lines) != len(o.Lines) || len(missing) != len(o.Missing) || len(lines)+len(missing) != len(leaves) {
		return broken(RuleMissing, "%d lines and %d missing of %d components", len(o.Lines), len(o.Missing), len(leaves))
	}
	for _, c := range leaves {
		l, explained := lines[c.Key]
		kept, given := c.Kept(record.Attempts(c.Key))
		switch {
		case explained == missing[c.Key]:
			return broken(RuleMissing, "component %s is neither explained nor missing", c.Key)
		case c.Input != Attended && explained != given:
			return broken(RuleMissing, "component %s: explained without a score, or missing with one", c.Key)
		case c.Input == Attended && explained && !held:
			return broken(RuleMissing, "component %s: explained without a session that has lesson hours", c.Key)
		case !explained:
		case l.Weight != c.Weight:
			return broken(RuleExplained, "component %s: weight %s, the rule-set says %s", c.Key, l.Weight, c.Weight)
		case c.Input != Attended && l.Input != kept:
			return broken(RuleExplained, "component %s: input %s is not the attempt that counts", c.Key, l.Input)
		case l.Input < 0 || l.Input > Full:
			return broken(RuleExplained, "component %s: input %s", c.Key, l.Input)
		case l.Contribution != l.Weight.Of(l.Input):
			return broken(RuleExplained, "component %s: contribution %s of weight %s and input %s", c.Key, l.Contribution, l.Weight, l.Input)
		case l.Name.empty():
			return broken(RuleWorded, "component %s: its line has no name", c.Key)
		}
	}
	return nil
}

func (r RuleSet) verifyGates(record Record, o Outcome) error {
	want := r.Stands(record)
	if len(want) != len(o.Gates) {
		return broken(RuleGated, "%d gates, the rule-set has %d", len(o.Gates), len(want))
	}
	for i, w := range want {
		switch g := o.Gates[i]; {
		case g.Phase != w.Phase || g.Open != w.Open:
			return broken(RuleGated, "gate %d: phase or standing differs from the rule-set", i)
		case g.Open != g.Reason.empty():
			return broken(RuleGated, "gate %d: want a reason in both languages when it is closed, and none else", i)
		}
	}
	return nil
}

// verifyHours wants hours for who passed alone: at rates of the rule-set, of units
// that the timetable or the phases have.
func (r RuleSet) verifyHours(record Record, o Outcome) error {
	if o.State != Passed {
		if o.JP != 0 || len(o.Hours) != 0 {
			return broken(RuleCredited, "%d JP for %s", o.JP, o.State)
		}
		return nil
	}
	if o.JP != TotalHours(o.Hours) {
		return broken(RuleCredited, "%d JP, its lines sum to %d", o.JP, TotalHours(o.Hours))
	}
	most := r.units(record)
	for i, h := range o.Hours {
		if h.Name.empty() || h.Count < 0 || h.Cap < 0 || h.JP != h.Credited() {
			return broken(RuleCredited, "hours %d: no name, a negative number, or not what the line says", i)
		}
		if !slices.ContainsFunc(r.Forms, func(f Form) bool {
			return f.Unit == h.Unit && f.Rounding == h.Rounding && (f.National.counts(h) || f.Abroad.counts(h))
		}) {
			return broken(RuleCredited, "hours %d: no form of the rule-set counts so", i)
		}
		if most[h.Unit] -= h.Count; most[h.Unit] < 0 {
			return broken(RuleCredited, "hours %d: more units of %q than there were", i, h.Unit)
		}
	}
	return nil
}

// counts reports whether h is what c counts: at its rate, cut to its cap where it has
// one.
func (c Credit) counts(h Hours) bool {
	most := c.DayCap
	if c.MonthCap > 0 {
		most = (Hours{Count: c.MonthCap, Rate: c.Rate}).Credited()
	}
	return c.Rate > 0 && c.Rate == h.Rate && (most == 0 || h.Cap > 0 && h.Cap <= most)
}

// units returns how many of each there were. Of hours at least those that the rule-set
// asks of every batch: not all of them stand in a timetable.
func (r RuleSet) units(record Record) map[Unit]int {
	days := map[string]bool{}
	attended, times, phases := 0, 0, 0
	for _, s := range record.Sessions {
		if s.Present {
			attended += s.JP
			times++
			days[s.Day] = true
		}
	}
	for _, p := range r.Phases {
		phases += p.JP
	}
	return map[Unit]int{PerHour: max(attended, phases, r.MinJP), PerDay: len(days), PerTime: times, PerSemester: times}
}

// VerifyEligibility reports the first breach of the contract in e.
func VerifyEligibility(e Eligibility) error {
	if err := Bounded(e); err != nil {
		return err
	}
	if e.OK != (e.Rule == "") || e.OK != e.Reason.empty() {
		return errors.New("want rule and reason in both languages when refused, and none else")
	}
	for i, f := range e.Flags {
		if f.Rule == "" || f.Reason.empty() {
			return fmt.Errorf("flag %d: no rule or reason", i)
		}
	}
	return nil
}

// VerifyFinding reports the first breach of the contract in f.
func VerifyFinding(f Finding) error {
	if err := Bounded(f); err != nil {
		return err
	}
	if f.Field == "" || f.Text.empty() {
		return errors.New("a finding without field or text in both languages")
	}
	return nil
}

// VerifyCertificate reports the first breach of the contract in the certificate c of g.
func VerifyCertificate(g Graduate, c Certificate) error {
	if err := Bounded(c); err != nil {
		return err
	}
	switch {
	case !isClass(c.Class):
		return errors.New("certificate class is none of T, F, P")
	case c.Title.empty() || c.Statement.empty():
		return errors.New("title or statement is missing in one of the languages")
	case c.JP < 0 || c.JP > g.Outcome.JP:
		return fmt.Errorf("certifies %d of %d JP", c.JP, g.Outcome.JP)
	}
	return nil
}

// teaches reports whether subject is one of phase, or none.
func (r RuleSet) teaches(phase, subject string) bool {
	p, _ := r.phase(phase)
	return subject == "" || slices.ContainsFunc(p.Subjects, func(s Subject) bool { return s.Key == subject })
}

// VerifyPlan reports the first breach of the contract in the plan p for days.
func (r RuleSet) VerifyPlan(days []string, p Plan) error {
	if err := Bounded(p); err != nil {
		return err
	}
	if len(p.Spans) != len(r.Phases) {
		return fmt.Errorf("%d spans for %d phases", len(p.Spans), len(r.Phases))
	}
	spans, next := map[string]Span{}, 0
	for i, s := range p.Spans {
		from, to := slices.Index(days, s.From), slices.Index(days, s.To)
		if s.Phase != r.Phases[i].Key || from < next || to < from || s.Days != to-from+1 {
			return fmt.Errorf("span %d: another phase, days that were not offered or are taken, or miscounted", i)
		}
		spans[s.Phase], next = s, to+1
	}
	jp := map[string]int{}
	last, end := "", 0
	for i, s := range p.Sessions {
		span, ok := spans[s.Phase]
		switch {
		case !ok || s.Day < span.From || s.Day > span.To || !slices.Contains(days, s.Day):
			return fmt.Errorf("session %d: not on a day of its phase", i)
		case s.Title.empty() || s.Minutes <= 0 || s.Start < 0 || s.Start+s.Minutes > 24*60 || s.JP < 0:
			return fmt.Errorf("session %d: no title, or a time that cannot be", i)
		case !s.Mode.known() || !r.teaches(s.Phase, s.Subject):
			return fmt.Errorf("session %d: mode is unknown, or its phase has no such subject", i)
		case (s.Mode == Classroom || s.Mode == Live) && s.JP > LessonHours(s.Minutes):
			return fmt.Errorf("session %d: %d JP in %d minutes", i, s.JP, s.Minutes)
		case s.Day < last || s.Day == last && s.Start < end:
			return fmt.Errorf("session %d: begins before the one before it ends", i)
		}
		last, end = s.Day, s.Start+s.Minutes
		jp[s.Phase] += s.JP
	}
	for _, p := range r.Phases {
		if p.JP > 0 && jp[p.Key] > p.JP {
			return fmt.Errorf("phase %s: %d JP in its sessions, the rule-set says %d", p.Key, jp[p.Key], p.JP)
		}
	}
	return nil
}
