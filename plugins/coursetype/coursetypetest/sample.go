package coursetypetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// token stands in every Ref: an answer that says it elsewhere leaks.
const token = "rf7c31e9"

// scheduled is how many lesson hours a phase of unknown length has in a sample: enough
// to be one hour beside any bound.
const scheduled = 400

// A sampled record says what is special about it.
type sampled struct {
	what   string
	record coursetype.Record
}

// samples returns records that pass, fail, and miss each component, and those at every
// edge of r.
func samples(r coursetype.RuleSet) (all []sampled) {
	full := map[string]int{} // hours attended, by phase
	whole := 0
	for _, p := range r.Phases {
		full[p.Key] = hours(p)
		whole += hours(p)
	}
	add := func(what string, sessions []coursetype.Presence, scores []coursetype.Score) {
		all = append(all, sampled{what, coursetype.Record{Ref: ref(len(all)), Sessions: sessions, Scores: scores}})
	}
	flat := func(v coursetype.Hundredths) (scores []coursetype.Score) {
		for _, c := range given(r) {
			scores = append(scores, coursetype.Score{Component: c.Key, Value: v})
		}
		return scores
	}
	with := func(key string, values ...coursetype.Hundredths) []coursetype.Score {
		scores := slices.DeleteFunc(flat(coursetype.Full), func(s coursetype.Score) bool { return s.Component == key })
		for _, v := range values {
			scores = append(scores, coursetype.Score{Component: key, Value: v})
		}
		return scores
	}

	add("everything in full", attended(r, full), flat(coursetype.Full))
	add("every score 0.00, nothing attended", attended(r, nil), flat(0))
	add("full scores, nothing attended", attended(r, nil), flat(coursetype.Full))
	add("no session and no score", nil, nil)
	add("no session", nil, flat(coursetype.Full))
	for _, odd := range []coursetype.Hundredths{33_33, 66_67, 78_91, 86_65, 99_99} {
		scores, v := flat(odd), odd
		for i := range scores {
			scores[i].Value = v
			v = (v*3 + 1_37) % (coursetype.Full + 1)
		}
		add(fmt.Sprintf("uneven scores from %d hundredths", odd), attended(r, full), scores)
	}
	for _, c := range given(r) {
		add("component "+c.Key+" missing", attended(r, full), with(c.Key))
		add("component "+c.Key+" at 0.00", attended(r, full), with(c.Key, 0))
		if n := c.Most(); n > 1 {
			tries := slices.Repeat([]coursetype.Hundredths{71_00}, n)
			tries[0], tries[n/2] = 62_00, 74_00
			add(fmt.Sprintf("component %s with %d attempts, as many as it may have", c.Key, n), attended(r, full), with(c.Key, tries...))
		}
	}
	for _, p := range r.Phases {
		if p.Gate.Component != "" {
			for _, v := range beside(p.Gate.Min.At) {
				add(fmt.Sprintf("gate of %s: component %s at %d hundredths", p.Key, p.Gate.Component, v), attended(r, full), with(p.Gate.Component, v))
			}
		}
		if p.Attend != (coursetype.Attendance{}) {
			for _, k := range around(p.Attend.Min.At, hours(p)) {
				part := map[string]int{}
				for key, h := range full {
					part[key] = h
				}
				part[p.Key] = k
				add(fmt.Sprintf("%d of %d lesson hours of phase %s attended", k, hours(p), p.Key), attended(r, part), flat(coursetype.Full))
			}
		}
	}
	edges := []coursetype.Hundredths{r.Pass.At}
	for _, g := range r.Grades {
		edges = append(edges, g.Min.At)
	}
	for _, e := range edges {
		if len(given(r)) == 0 { // attendance alone
			for _, k := range around(e, whole) {
				add(fmt.Sprintf("%d of %d lesson hours attended", k, whole), attended(r, share(r, k)), nil)
			}
			continue
		}
		for _, total := range beside(e) {
			add(fmt.Sprintf("scores that make a total of %d hundredths", total), attended(r, full), scoring(r, total))
		}
	}
	return all
}

func ref(i int) coursetype.Ref { return coursetype.Ref(fmt.Sprintf("%s-%d", token, i)) }

// given returns the leaves that a record has scores of.
func given(r coursetype.RuleSet) []coursetype.Component {
	return slices.DeleteFunc(r.Leaves(), func(c coursetype.Component) bool { return c.Input == coursetype.Attended })
}

func hours(p coursetype.Phase) int {
	if p.JP > 0 {
		return p.JP
	}
	return scheduled
}

// beside returns e and its neighbours, as far as they can be a score.
func beside(e coursetype.Hundredths) []coursetype.Hundredths {
	return slices.DeleteFunc([]coursetype.Hundredths{e - 1, e, e + 1}, func(h coursetype.Hundredths) bool {
		return h < 0 || h > coursetype.Full
	})
}

// around returns how many of whole hours are just below, at and just above a share.
func around(share coursetype.Hundredths, whole int) []int {
	k := 0
	for k < whole && coursetype.Percent(k, whole) < share {
		k++
	}
	return slices.DeleteFunc([]int{k - 1, k, k + 1}, func(k int) bool { return k < 0 || k > whole })
}

// share deals k attended hours to the phases, the first ones first.
func share(r coursetype.RuleSet, k int) map[string]int {
	part := map[string]int{}
	for _, p := range r.Phases {
		part[p.Key] = min(k, hours(p))
		k -= part[p.Key]
	}
	return part
}

// attended returns the timetable of r, of 8 hours a day, of which so many hours per
// phase were attended.
func attended(r coursetype.RuleSet, present map[string]int) (sessions []coursetype.Presence) {
	days := workdays(r, coursetype.MaxDays)
	for _, p := range r.Phases {
		for left, whole := present[p.Key], hours(p); whole > 0; {
			jp := min(8, whole)
			if left > 0 {
				jp = min(jp, left)
			}
			sessions = append(sessions, coursetype.Presence{
				Session: ref(len(sessions)), Phase: p.Key, Day: days[min(len(sessions), len(days)-1)], JP: jp, Present: left > 0,
			})
			left, whole = left-jp, whole-jp
		}
	}
	return sessions
}

// compact returns a record that a chunk may have MaxChunk of.
func compact(r coursetype.RuleSet, i int) coursetype.Record {
	record := coursetype.Record{Ref: ref(i)}
	day := workdays(r, 1)[0]
	for n, p := range r.Phases {
		record.Sessions = append(record.Sessions, coursetype.Presence{Session: ref(n), Phase: p.Key, Day: day, JP: 8, Present: true})
	}
	for _, c := range given(r) {
		record.Scores = append(record.Scores, coursetype.Score{Component: c.Key, Value: coursetype.Full})
	}
	return record
}

// scoring returns scores that with full attendance make total, as nearly as the
// weights of r allow. Points go to the gates first, so that they are open.
func scoring(r coursetype.RuleSet, total coursetype.Hundredths) []coursetype.Score {
	left := coursetype.Full.Of(total)
	leaves := given(r)
	for _, c := range r.Leaves() {
		if c.Input == coursetype.Attended {
			left -= c.Weight.Of(coursetype.Full)
		}
	}
	gates := map[string]int{}
	for _, p := range r.Phases {
		gates[p.Gate.Component] = -1
	}
	slices.SortStableFunc(leaves, func(a, b coursetype.Component) int {
		return cmp.Or(gates[a.Key]-gates[b.Key], int(b.Weight-a.Weight))
	})
	var scores []coursetype.Score
	for i, c := range leaves {
		v := max(0, min(coursetype.Exact(coursetype.Full), left/coursetype.Exact(c.Weight)))
		if rest := left - coursetype.Exact(c.Weight)*v; i == len(leaves)-1 && 2*rest > coursetype.Exact(c.Weight) && v < coursetype.Exact(coursetype.Full) {
			v++
		}
		scores = append(scores, coursetype.Score{Component: c.Key, Value: coursetype.Hundredths(v)})
		left -= coursetype.Exact(c.Weight) * v
	}
	return scores
}

// workdays returns n days, Monday to Friday, from the first one of r or 2026 on.
func workdays(r coursetype.RuleSet, n int) []string {
	day := time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC)
	if from, err := time.Parse(time.DateOnly, r.From); err == nil && from.After(day) {
		day = from
	}
	var days []string
	for ; len(days) < n; day = day.AddDate(0, 0, 1) {
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			days = append(days, day.Format(time.DateOnly))
		}
	}
	return days
}

// leaks reports whether a says a Ref. Its own Refs must have been taken off it.
func leaks(a any) bool { return strings.Contains(fmt.Sprintf("%+v", a), token) }
