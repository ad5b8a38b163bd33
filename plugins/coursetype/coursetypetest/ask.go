package coursetypetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// What is asked of a rule-set that its guest ought to answer.

func (x *examiner) grading(r coursetype.RuleSet) list[coursetype.Record, coursetype.Outcome] {
	return list[coursetype.Record, coursetype.Outcome]{
		name: "Grade under " + r.Key,
		ask: func(ctx context.Context, all []coursetype.Record) ([]coursetype.Outcome, error) {
			return x.ct.Grade(ctx, coursetype.GradeRequest{RuleSet: r.Key, Settings: x.settings, Records: all})
		},
		weigh:    func(r coursetype.Record) int { return 1 + len(r.Sessions) + len(r.Scores) },
		asked:    func(r coursetype.Record) coursetype.Ref { return r.Ref },
		answered: func(o coursetype.Outcome) coursetype.Ref { return o.Ref },
		bare:     func(o coursetype.Outcome) coursetype.Outcome { o.Ref = ""; return o },
	}
}

// grade asks for the outcomes of all samples, judges them, and returns them.
func (x *examiner) grade(r coursetype.RuleSet) (outcomes []coursetype.Outcome) {
	l := x.grading(r)
	all := samples(r)
	records := make([]coursetype.Record, len(all))
	for i, s := range all {
		records[i] = s.record
	}
	got := l.of(x, records)
	for _, s := range all {
		o, ok := got[s.record.Ref]
		if !ok {
			continue // told as unanswered
		}
		outcomes = append(outcomes, o)
		var b *coursetype.Breach
		if err := r.VerifyOutcome(s.record, o); errors.As(err, &b) {
			x.broke(string(b.Rule), l.name+", "+s.what, "%s: %s", o.State, b.What)
		}
	}
	l.bounds(x, func(i int) coursetype.Record { return compact(r, i) })
	return outcomes
}

func (x *examiner) eligibility(r coursetype.RuleSet) list[coursetype.Candidate, coursetype.Eligibility] {
	return list[coursetype.Candidate, coursetype.Eligibility]{
		name: "Eligible under " + r.Key,
		ask: func(ctx context.Context, all []coursetype.Candidate) ([]coursetype.Eligibility, error) {
			return x.ct.Eligible(ctx, coursetype.EligibleRequest{
				RuleSet: r.Key, Settings: x.settings, Start: workdays(r, 1)[0], Candidates: all,
			})
		},
		weigh:    func(c coursetype.Candidate) int { return 1 + len(c.Past) },
		asked:    func(c coursetype.Candidate) coursetype.Ref { return c.Ref },
		answered: func(e coursetype.Eligibility) coursetype.Ref { return e.Ref },
		bare:     func(e coursetype.Eligibility) coursetype.Eligibility { e.Ref = ""; return e },
	}
}

// eligible asks about people of every kind, and of a kind that there is not.
func (x *examiner) eligible(r coursetype.RuleSet) {
	l := x.eligibility(r)
	candidates := x.people()
	got := l.of(x, candidates)
	for _, c := range candidates {
		e, ok := got[c.Ref]
		if !ok {
			continue
		}
		asked := fmt.Sprintf("%s, a %s in service: %v, rank %q, since %q, %d trainings before", l.name, c.Kind, c.Active, c.Rank, c.Since, len(c.Past))
		if err := coursetype.VerifyEligibility(e); err != nil {
			x.broke(eligible, asked, "%v", err)
		}
		if e.OK && !slices.Contains(x.d.Kinds, c.Kind) {
			x.broke(eligible, asked, "accepted, though Kinds are %v", x.d.Kinds)
		}
	}
	l.bounds(x, func(i int) coursetype.Candidate {
		return coursetype.Candidate{Ref: ref(i), Kind: x.d.Kinds[0], Active: true}
	})
}

// people returns candidates with what the guest asks for, and without.
func (x *examiner) people() (all []coursetype.Candidate) {
	asks := map[coursetype.Field]bool{}
	for _, a := range x.d.Asks {
		asks[a.Field] = true
	}
	for _, kind := range []string{"PNS", "CPNS", "PPPK", "NON_ASN", "KIND_OF_NOBODY"} {
		for _, active := range []bool{true, false} {
			all = append(all, coursetype.Candidate{Ref: ref(len(all)), Kind: kind, Active: active})
			for _, past := range []coursetype.State{"", coursetype.Passed, coursetype.Failed, coursetype.NoResult} {
				c := coursetype.Candidate{Ref: ref(len(all)), Kind: kind, Active: active}
				if asks[coursetype.FieldRank] {
					c.Rank = "III/a"
				}
				if asks[coursetype.FieldSince] {
					c.Since = "2025-12-01"
				}
				if asks[coursetype.FieldHistory] && past != "" {
					c.Past = []coursetype.Past{{State: past, Ended: "2025-12-05"}, {State: coursetype.NoResult}}
				}
				all = append(all, c)
			}
		}
	}
	return all
}

// planAndCheck asks for timetables of few and of many days, and has the last one
// checked as a batch.
func (x *examiner) planAndCheck(r coursetype.RuleSet) {
	enough := 0 // days that sufficed
	var p coursetype.Plan
	for _, n := range []int{1, 2, 3, 4, 5, 10, 20, 60, 120, 250, coursetype.MaxDays} {
		asked := fmt.Sprintf("Plan under %s for %d working days", r.Key, n)
		q := coursetype.PlanRequest{RuleSet: r.Key, Settings: x.settings, Days: workdays(r, n)}
		got, err := put(x, x.ct.Plan, q)
		switch {
		case err != nil && (!refusal(err) || enough > 0 || n == coursetype.MaxDays):
			x.broke(planned, asked, "%v, where %d days sufficed", err, enough)
			continue
		case err != nil:
			continue
		}
		if err := r.VerifyPlan(q.Days, got); err != nil {
			x.broke(planned, asked, "%v", err)
		}
		if again, err := put(x, x.ct.Plan, q); err != nil || !alike(got, again) {
			x.broke(same, asked, "another plan the second time, error %v", err)
		}
		enough, p = n, got
	}
	x.check(r, p)
}

// check asks about a batch as it was planned.
func (x *examiner) check(r coursetype.RuleSet, p coursetype.Plan) {
	day := workdays(r, 1)[0]
	q := coursetype.CheckRequest{RuleSet: r.Key, Settings: x.settings, Start: day, End: day, Participants: max(1, r.ClassSize), Sessions: p.Sessions}
	if n := len(p.Spans); n > 0 {
		q.Start, q.End = p.Spans[0].From, p.Spans[n-1].To
	}
	fields := map[string]bool{"start": true, "end": true, "participants": true, "sessions": true}
	var schema struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if x.d.Schema != "" {
		if err := json.Unmarshal([]byte(x.d.Schema), &schema); err != nil {
			x.broke(described, "Describe", "a schema that cannot be read: %v", err)
		}
	}
	for key := range maps.Keys(schema.Properties) {
		fields[key] = true
	}
	for _, q := range []coursetype.CheckRequest{q, {RuleSet: r.Key, Settings: x.settings, Start: q.Start, End: q.End}} {
		asked := fmt.Sprintf("Check under %s of a batch with %d planned sessions", r.Key, len(q.Sessions))
		found, err := put(x, x.ct.Check, q)
		if err != nil {
			x.broke(answered, asked, "%v", err)
			continue
		}
		for _, f := range found {
			if err := coursetype.VerifyFinding(f); err != nil || !fields[f.Field] {
				x.broke(checked, asked, "a finding on field %q: %v", f.Field, err)
			}
			if f.Refuse && f.Field == "sessions" && len(q.Sessions) > 0 {
				x.broke(checked, asked, "its own plan is refused: %s", f.Text.EN)
			}
		}
		if again, err := put(x, x.ct.Check, q); err != nil || !alike(found, again) {
			x.broke(same, asked, "other findings the second time, error %v", err)
		}
	}
}

func (x *examiner) certifying(r coursetype.RuleSet) list[coursetype.Graduate, coursetype.Certificate] {
	return list[coursetype.Graduate, coursetype.Certificate]{
		name: "Certify under " + r.Key,
		ask: func(ctx context.Context, all []coursetype.Graduate) ([]coursetype.Certificate, error) {
			return x.ct.Certify(ctx, coursetype.CertifyRequest{RuleSet: r.Key, Settings: x.settings, Graduates: all})
		},
		weigh:    func(g coursetype.Graduate) int { return 1 + 10*(len(g.Outcome.Lines)+len(g.Outcome.Hours)) },
		asked:    func(g coursetype.Graduate) coursetype.Ref { return g.Ref },
		answered: func(c coursetype.Certificate) coursetype.Ref { return c.Ref },
		bare:     func(c coursetype.Certificate) coursetype.Certificate { c.Ref = ""; return c },
	}
}

// certify asks for the wording for who passed, and for who did not.
func (x *examiner) certify(r coursetype.RuleSet, outcomes []coursetype.Outcome) {
	l := x.certifying(r)
	classes := map[string]bool{x.d.CertificateClass: x.d.CertificateClass != ""}
	for _, f := range r.Forms {
		classes[f.Class] = classes[f.Class] || x.d.CertificateClass == ""
	}
	graduates := map[coursetype.State][]coursetype.Graduate{}
	for _, o := range outcomes {
		graduates[o.State] = append(graduates[o.State], coursetype.Graduate{Ref: o.Ref, Outcome: o})
	}
	passed := graduates[coursetype.Passed]
	got := l.of(x, passed)
	for _, g := range passed {
		c, ok := got[g.Ref]
		if !ok {
			continue
		}
		if err := coursetype.VerifyCertificate(g, c); err != nil || !classes[c.Class] {
			x.broke(certified, l.name, "class %q: %v", c.Class, err)
		}
	}
	if len(passed) > 0 {
		l.bounds(x, func(i int) coursetype.Graduate {
			g := passed[0]
			g.Ref, g.Outcome.Ref = ref(i), ref(i)
			return g
		})
	}
	for _, state := range []coursetype.State{coursetype.Failed, coursetype.NoResult} {
		if len(graduates[state]) == 0 {
			continue
		}
		mixed := append(slices.Clone(passed[:min(1, len(passed))]), graduates[state][0])
		if as, err := put(x, l.ask, mixed); !refusal(err) {
			x.broke(certified, fmt.Sprintf("%s for a graduate that is %s", l.name, state), "%d certificates, error %v", len(as), err)
		}
	}
}
