package coursetypetest

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// hostile asks what nobody may ask: all that fair.go names.
func (x *examiner) hostile(r coursetype.RuleSet) {
	x.unknown(r)
	x.unsettled(r)
	x.hostileRecords(r)
	l := x.eligibility(r)
	for what, change := range sorted(map[string]func(*coursetype.Candidate){
		"without a Ref":            func(c *coursetype.Candidate) { c.Ref = "" },
		"with a Ref of 5000 bytes": func(c *coursetype.Candidate) { c.Ref += coursetype.Ref(strings.Repeat("x", 5000)) },
	}) {
		c := coursetype.Candidate{Ref: ref(0), Kind: x.d.Kinds[0], Active: true}
		change(&c)
		as, err := put(x, l.ask, []coursetype.Candidate{c})
		x.mustRefuse(l.name+", a candidate "+what, as, err)
	}
	twice := []coursetype.Candidate{{Ref: ref(0), Kind: x.d.Kinds[0]}, {Ref: ref(0), Kind: x.d.Kinds[0]}}
	as, err := put(x, l.ask, twice)
	x.mustRefuse(l.name+", a Ref twice", as, err)

	days := workdays(r, coursetype.MaxDays+1)
	for what, q := range sorted(map[string][]string{
		"no day": nil, "a day that is none": {"2026-02-30"}, "a word for a day": {"besok"}, "an empty day": {""},
		"a day twice": {days[0], days[0]}, "days backwards": {days[1], days[0]}, "a day too many": days,
	}) {
		p, err := put(x, x.ct.Plan, coursetype.PlanRequest{RuleSet: r.Key, Settings: x.settings, Days: q})
		x.mustRefuse(fmt.Sprintf("Plan under %s for %s", r.Key, what), p, err)
	}
	for what, q := range sorted(map[string]coursetype.CheckRequest{
		"no day":               {},
		"a day that is none":   {Start: days[0], End: "2026-02-30"},
		"fewer than nobody":    {Start: days[0], End: days[0], Participants: -1},
		"a session on no day":  {Start: days[0], End: days[0], Sessions: []coursetype.Session{{Minutes: 45, JP: 1}}},
		"hours less than none": {Start: days[0], End: days[0], Sessions: []coursetype.Session{{Day: days[0], Minutes: 45, JP: -1}}},
	}) {
		q.RuleSet, q.Settings = r.Key, x.settings
		found, err := put(x, x.ct.Check, q)
		x.mustRefuse(fmt.Sprintf("Check under %s of %s", r.Key, what), found, err)
	}
}

func (x *examiner) hostileRecords(r coursetype.RuleSet) {
	l := x.grading(r)
	base := func() coursetype.Record { return compact(r, 0) }
	bad := map[string]coursetype.Record{}
	with := func(what string, change func(*coursetype.Record)) {
		record := base()
		change(&record)
		bad[what] = record
	}
	score := func(component string, v coursetype.Hundredths) func(*coursetype.Record) {
		return func(r *coursetype.Record) {
			r.Scores = append(r.Scores, coursetype.Score{Component: component, Value: v})
		}
	}
	session := func(change func(*coursetype.Presence)) func(*coursetype.Record) {
		return func(r *coursetype.Record) { change(&r.Sessions[0]) }
	}
	with("a score of an unknown component", score("component-of-nobody", 80_00))
	with("a score of an empty component", score("", 80_00))
	for _, c := range r.Leaves() {
		if c.Input == coursetype.Attended {
			with("a score of "+c.Key+", which is computed", score(c.Key, 80_00))
			continue
		}
		for what, v := range sorted(map[string]coursetype.Hundredths{"below 0.00": -1, "above 100.00": coursetype.Full + 1, "as large as can be": 1<<31 - 1}) {
			with("a score of "+c.Key+" "+what, func(r *coursetype.Record) {
				for i := range r.Scores {
					if r.Scores[i].Component == c.Key {
						r.Scores[i].Value = v
					}
				}
			})
		}
		with(fmt.Sprintf("attempt %d at %s", c.Most()+1, c.Key), func(r *coursetype.Record) {
			for range c.Most() {
				score(c.Key, 80_00)(r)
			}
		})
	}
	for what, jp := range sorted(map[string]int{"-1 JP": -1, "1001 JP": coursetype.MaxSessionJP + 1, "10^12 JP": 1e12}) {
		with("a session of "+what, session(func(s *coursetype.Presence) { s.JP = jp }))
	}
	for _, day := range []string{"", "2026-02-30", "besok", "2026-11-09T00:00:00Z", strings.Repeat("9", 5000)} {
		with(fmt.Sprintf("a session on the day %.20q", day), session(func(s *coursetype.Presence) { s.Day = day }))
	}
	with("a session of an unknown phase", session(func(s *coursetype.Presence) { s.Phase = "phase-of-nobody" }))
	with("a session twice", func(r *coursetype.Record) { r.Sessions = append(r.Sessions, r.Sessions[0]) })
	with("no Ref", func(r *coursetype.Record) { r.Ref = "" })
	with("a Ref of 5000 bytes", func(r *coursetype.Record) { r.Ref += coursetype.Ref(strings.Repeat("x", 5000)) })
	for what, record := range sorted(bad) {
		as, err := put(x, l.ask, []coursetype.Record{record})
		x.mustRefuse(l.name+", "+what, as, err)
	}
	as, err := put(x, l.ask, []coursetype.Record{base(), base()})
	x.mustRefuse(l.name+", a Ref twice", as, err)
}

// everyQuestion puts all that names a rule-set and settings, otherwise fair.
func (x *examiner) everyQuestion(r coursetype.RuleSet, key string, settings coursetype.Settings) map[string]error {
	day := workdays(r, 1)
	errs := map[string]error{}
	_, errs["Check"] = put(x, x.ct.Check, coursetype.CheckRequest{RuleSet: key, Settings: settings, Start: day[0], End: day[0]})
	_, errs["Plan"] = put(x, x.ct.Plan, coursetype.PlanRequest{RuleSet: key, Settings: settings, Days: day})
	_, errs["Eligible"] = put(x, x.ct.Eligible, coursetype.EligibleRequest{
		RuleSet: key, Settings: settings, Start: day[0], Candidates: []coursetype.Candidate{{Ref: ref(0), Kind: x.d.Kinds[0], Active: true}}})
	_, errs["Grade"] = put(x, x.ct.Grade, coursetype.GradeRequest{RuleSet: key, Settings: settings, Records: []coursetype.Record{compact(r, 0)}})
	graduate := coursetype.Graduate{Ref: ref(0), Outcome: coursetype.Outcome{Ref: ref(0), State: coursetype.Passed, Total: coursetype.Full, JP: 1}}
	_, errs["Certify"] = put(x, x.ct.Certify, coursetype.CertifyRequest{RuleSet: key, Settings: settings, Graduates: []coursetype.Graduate{graduate}})
	return errs
}

// unknown asks everything under a rule-set that there is not.
func (x *examiner) unknown(r coursetype.RuleSet) {
	for _, key := range []string{"", "rule-set-of-nobody"} {
		for name, err := range sorted(x.everyQuestion(r, key, x.settings)) {
			x.mustRefuse(fmt.Sprintf("%s under the rule-set %q, which there is not", name, key), "some", err)
		}
	}
}

// unsettled asks everything with settings that do not fit the schema.
func (x *examiner) unsettled(r coursetype.RuleSet) {
	bad := []coursetype.Settings{"{", "[]", "7", `"x"`, "{} {}"}
	var schema struct {
		More *bool `json:"additionalProperties"`
	}
	closed := x.d.Schema == "" || json.Unmarshal([]byte(x.d.Schema), &schema) == nil && (schema.More == nil || !*schema.More)
	if closed {
		bad = append(bad, `{"property-of-nobody":1}`)
	}
	for _, s := range bad {
		for name, err := range sorted(x.everyQuestion(r, r.Key, s)) {
			x.mustRefuse(fmt.Sprintf("%s with the settings %s", name, s), "some", err)
		}
	}
}

// sorted goes through m in the order of its keys, so that reports are alike.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
