// Package coursetypetest holds a course type against the contract of package
// coursetype, as the platform will: vendors run it in their own tests.
//
//	func TestContract(t *testing.T) { coursetypetest.Run(t, guest{}) }
//
// It makes up questions from what the guest itself describes (records that pass, fail
// and miss each component, values at every mark and beside it, questions that nobody
// may ask), asks each more than once, and judges the answers by the platform's own
// verification. It knows nothing of the regulation: that the described weights are
// those of the decree stays the vendor's to test.
//
// RunProgram asks a built guest in a process of its own.
package coursetypetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// Deadline is what a guest has for one question.
const Deadline = 5 * time.Second

// Run asks ct under each of the settings, or under none, and fails t for every check
// that it breaks.
func Run(t *testing.T, ct coursetype.CourseType, settings ...coursetype.Settings) {
	t.Helper()
	if len(settings) == 0 {
		settings = []coursetype.Settings{""}
	}
	for _, s := range settings {
		report := Examine(t.Context(), ct, s)
		if report.Broken() {
			t.Errorf("settings %q\n%s", s, report)
		} else {
			t.Logf("settings %q: %s", s, strings.SplitN(report.String(), "\n", 2)[0])
		}
	}
}

// A Report tells how a guest stood.
type Report struct {
	Guest  string // "bimtek 1.0.0"
	Asked  int    // questions
	Checks []Check
}

// A Check is one promise of the contract.
type Check struct {
	Name   string
	Rule   string   // what the contract asks, and where it stands
	Breach []Breach // how it was broken; empty = it was not
}

// A Breach is a question whose answer breaks a rule.
type Breach struct {
	Asked string
	Got   string
}

// Broken reports whether any check is broken.
func (r Report) Broken() bool { return len(r.Failed()) > 0 }

// Failed returns the names of the checks that are broken, in their order.
func (r Report) Failed() (names []string) {
	for _, c := range r.Checks {
		if len(c.Breach) > 0 {
			names = append(names, c.Name)
		}
	}
	return names
}

// shown is how many breaches of one check a report spells out: more say no more.
const shown = 3

// String tells what was asked, what was answered, and which rule that breaks.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d questions, %d checks, %d broken\n", r.Guest, r.Asked, len(r.Checks), len(r.Failed()))
	for _, c := range r.Checks {
		if len(c.Breach) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\nBROKEN %s: %s\n", c.Name, c.Rule)
		for _, one := range c.Breach[:min(shown, len(c.Breach))] {
			fmt.Fprintf(&b, "  asked %s\n    got %s\n", one.Asked, one.Got)
		}
		if more := len(c.Breach) - shown; more > 0 {
			fmt.Fprintf(&b, "  and %d more\n", more)
		}
	}
	return b.String()
}

// What is checked, in the order of a report.
const (
	described = "described"
	answered  = "answered"
	same      = "same"
	refused   = "refused"
	eligible  = "eligible"
	planned   = "planned"
	checked   = "checked"
	certified = "certified"
	quick     = "quick"
	lean      = "lean"
)

func checks() []Check {
	return []Check{
		{Name: described, Rule: "Describe holds (Description.Verify: weights sum to 100.00, keys are unique, texts in both languages) and never changes"},
		{Name: answered, Rule: "a fair question is answered, once per Ref, for none and for MaxChunk of them (CourseType)"},
		{Name: same, Rule: "the same question has the same answer, also at the same time and in another order (package coursetype)"},
		{Name: string(coursetype.RuleMissing), Rule: "a leaf without input is in Missing, the state is no_result, and nothing counts as zero (Outcome.Missing)"},
		{Name: string(coursetype.RuleExplained), Rule: "the total is the sum of the lines, rounded once, half up; a line is weight times the attempt that counts (Line, Total)"},
		{Name: string(coursetype.RuleMarked), Rule: "state and grade follow from the total, the gates and the attendance as the rule-set bounds them (RuleSet.Pass, Bound)"},
		{Name: string(coursetype.RuleGated), Rule: "every phase with a gate has a standing, open as the kept score says (Outcome.Gates, RuleSet.Stands)"},
		{Name: string(coursetype.RuleCredited), Rule: "lesson hours are the sum of their lines, counted as a form of the rule-set counts, of no more than the timetable has (Hours)"},
		{Name: string(coursetype.RuleWorded), Rule: "texts are in both languages, at most 2000 bytes, and name no Ref (Text, Error.Text)"},
		{Name: refused, Rule: "what nobody may ask is refused by an *Error of the host's fault, never answered, and is no panic (fair.go, error.go)"},
		{Name: eligible, Rule: "Eligible gives a rule and a reason when it refuses, and accepts only the Kinds described (Eligibility)"},
		{Name: planned, Rule: "Plan gives every phase its days and keeps sessions within them and within their minutes; enough days suffice (RuleSet.VerifyPlan)"},
		{Name: checked, Rule: "Check names a field and a cure, and does not refuse the sessions that Plan proposed (Finding)"},
		{Name: certified, Rule: "Certify words a certificate for who passed, of a described class, with no more hours than credited (Certificate)"},
		{Name: quick, Rule: fmt.Sprintf("an answer comes within %v, and %d records take at most %d times as long as %d", Deadline, coursetype.MaxChunk, ratio, few)},
		{Name: lean, Rule: fmt.Sprintf("%d records are graded with less than %d MiB of new memory (the platform ends a process that holds as much)", coursetype.MaxChunk, memory>>20)},
	}
}

// An examiner asks one guest and keeps what it broke.
type examiner struct {
	ctx      context.Context // an examination is one call
	ct       coursetype.CourseType
	settings coursetype.Settings
	d        coursetype.Description
	report   Report
}

// Examine asks ct under settings, "" where it has none, and tells how it stood. When
// Describe does not hold, nothing else is asked: all rests on it.
func Examine(ctx context.Context, ct coursetype.CourseType, settings coursetype.Settings) Report {
	x := &examiner{ctx: ctx, ct: ct, settings: settings, report: Report{Guest: "guest", Checks: checks()}}
	if !x.describe() {
		return x.report
	}
	for _, r := range x.d.RuleSets {
		x.planAndCheck(r)
		x.eligible(r)
		x.certify(r, x.grade(r))
		x.hostile(r)
	}
	x.cost(x.d.RuleSets[0])
	return x.report
}

func (x *examiner) describe() bool {
	ask := func(ctx context.Context, _ struct{}) (coursetype.Description, error) { return x.ct.Describe(ctx) }
	d, err := put(x, ask, struct{}{})
	if err != nil {
		x.broke(described, "Describe", "%v", err)
		return false
	}
	x.d, x.report.Guest = d, d.Key+" "+d.Version
	if err := d.Verify(); err != nil {
		x.broke(described, "Describe", "%v", err)
		return false
	}
	if again, err := put(x, ask, struct{}{}); err != nil || !alike(d, again) {
		x.broke(described, "Describe a second time", "another description, or an error (%v)", err)
	}
	return true
}

// broke notes that a check is broken.
func (x *examiner) broke(check, asked, format string, args ...any) {
	for i := range x.report.Checks {
		if c := &x.report.Checks[i]; c.Name == check {
			c.Breach = append(c.Breach, Breach{Asked: asked, Got: clip(fmt.Sprintf(format, args...))})
		}
	}
}

// clip shortens what is longer than a reader reads.
func clip(s string) string {
	const most = 600
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}

// put asks one question. Errors: the guest's; its panic as one.
func put[Q, A any](x *examiner, ask func(context.Context, Q) (A, error), q Q) (a A, err error) {
	x.report.Asked++
	ctx, cancel := context.WithTimeout(x.ctx, Deadline)
	defer cancel()
	return caught(ctx, ask, q)
}

func caught[Q, A any](ctx context.Context, ask func(context.Context, Q) (A, error), q Q) (a A, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a panic: %v", r)
		}
	}()
	return ask(ctx, q)
}

// refusal reports whether err lays the fault on who asked.
func refusal(err error) bool {
	var e *coursetype.Error
	return errors.As(err, &e) && e.Fault() == coursetype.FaultHost
}
