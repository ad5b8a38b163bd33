package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// weekdays returns n days from first on, Monday to Friday.
func weekdays(first string, n int) (all []string) {
	for at := day(first); len(all) < n; at = at.AddDate(0, 0, 1) {
		if at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
			all = append(all, at.Format(time.DateOnly))
		}
	}
	return all
}

// R20: 25 September to 4 October 2017 in a week of five days.
func TestPlanOfEightDays(t *testing.T) {
	t.Parallel()
	days := weekdays("2017-09-25", 8)
	if days[7] != "2017-10-04" {
		t.Fatal(days)
	}
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		p, err := ct.Plan(t.Context(), coursetype.PlanRequest{RuleSet: old, Days: days})
		want := []coursetype.Span{{Phase: "pelaksanaan", From: "2017-09-25", To: "2017-10-04", Days: 8}}
		if err != nil || !cmp.Equal(p.Spans, want) || len(p.Sessions) != 0 {
			t.Errorf("Plan = %+v, %v", p, err)
		}
		for ruleSet, need := range map[string]int{now: 74, "klasikal-aneka-2018": 51, "jarak-jauh-berakhlak": 74} {
			_, err := ct.Plan(t.Context(), coursetype.PlanRequest{RuleSet: ruleSet, Days: weekdays("2017-09-25", need-1)})
			refused(t, ruleSet, err, coursetype.BadRequest)
			if !strings.Contains(err.Error(), fmt.Sprintf("memerlukan %d.", need)) {
				t.Errorf("%s: %v", ruleSet, err)
			}
		}
	})
}

func TestPlan(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		for _, tc := range []struct {
			ruleSet string
			need    int
			spans   []int
			jp      []int // scheduled, by phase
		}{
			{now, 74, []int{16, 22, 30, 6}, []int{0, 220, 0, 12}},
			{"blended-aneka", 74, []int{16, 22, 30, 6}, []int{0, 220, 0, 12}},
			{"jarak-jauh-berakhlak", 74, []int{16, 22, 30, 6}, []int{0, 220, 0, 12}},
			{"klasikal-berakhlak", 51, []int{18, 30, 3}, []int{179, 0, 12}}, // 191 JP on campus and 320 at work
			{"klasikal-aneka-2018", 51, []int{18, 30, 3}, []int{179, 0, 12}},
		} {
			r := asked(t, ct, tc.ruleSet)
			days := weekdays("2026-11-09", tc.need+3)
			for _, offered := range []int{tc.need, tc.need + 3} {
				p, err := ct.Plan(t.Context(), coursetype.PlanRequest{RuleSet: tc.ruleSet, Settings: second, Days: days[:offered]})
				if err != nil {
					t.Fatal(err)
				}
				if err := r.VerifyPlan(days[:offered], p); err != nil {
					t.Error(err)
				}
				jp, subjects := map[string]int{}, map[string]int{}
				for _, s := range p.Sessions {
					jp[s.Phase] += s.JP
					subjects[s.Subject] += s.JP
				}
				for i, s := range p.Spans {
					if s.Days != tc.spans[i] || jp[s.Phase] != tc.jp[i] {
						t.Errorf("%s, %s: %d JP in %d days, want %d in %d", tc.ruleSet, s.Phase, jp[s.Phase], s.Days, tc.jp[i], tc.spans[i])
					}
				}
				for _, phase := range r.Phases {
					for _, s := range phase.Subjects {
						if phase.Mode != coursetype.Workplace && s.JP > 0 && subjects[s.Key] != s.JP {
							t.Errorf("%s: %s has %d JP, want %d", tc.ruleSet, s.Key, subjects[s.Key], s.JP)
						}
					}
				}
				found, err := ct.Check(t.Context(), coursetype.CheckRequest{RuleSet: tc.ruleSet, Settings: `{"golongan":"III","dasar_metode":"Surat 1/2026"}`,
					Start: r.From, End: day(r.From).AddDate(0, 5, 0).Format(time.DateOnly), Participants: 40, Sessions: p.Sessions})
				if err != nil || len(found) != 0 {
					t.Errorf("%s: its own plan: %v, %v", tc.ruleSet, found, err)
				}
			}
		}
	})
}

// Days as people see them: a Monday, a Friday with time for prayer, and the last ones.
func TestPlanDay(t *testing.T) {
	t.Parallel()
	p, err := latsar{}.Plan(t.Context(), coursetype.PlanRequest{RuleSet: "klasikal-berakhlak", Days: weekdays("2026-11-09", 51)})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, s := range p.Sessions {
		end := s.Start + s.Minutes
		got[s.Day] = append(got[s.Day], fmt.Sprintf("%02d.%02d-%02d.%02d %d %s", s.Start/60, s.Start%60, end/60, end%60, s.JP, s.Subject))
	}
	for day, want := range map[string][]string{
		"2026-11-09": {"07.30-09.00 2 wawasan-kebangsaan", "09.15-11.30 3 wawasan-kebangsaan", "12.30-14.00 2 wawasan-kebangsaan", "14.15-16.30 3 wawasan-kebangsaan"},
		"2026-11-13": {"07.30-09.00 2 berorientasi-pelayanan", "09.15-11.30 3 berorientasi-pelayanan", "13.00-14.30 2 berorientasi-pelayanan",
			"14.45-15.30 1 berorientasi-pelayanan", "15.30-17.00 2 akuntabel"},
		"2027-01-14": {"07.30-09.00 2 bimbingan-seminar", "09.15-11.30 3 seminar-aktualisasi", "12.30-14.00 2 seminar-aktualisasi", "14.15-16.30 3 seminar-aktualisasi"},
		"2027-01-15": {"07.30-09.00 2 seminar-aktualisasi"},
	} {
		if diff := cmp.Diff(want, got[day]); diff != "" {
			t.Errorf("%s: %s", day, diff)
		}
	}
}

func TestEveryPlanHolds(t *testing.T) {
	t.Parallel()
	all := rulings()
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(all).Draw(t, "ruling")
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		var days []string
		for range rapid.IntRange(0, 400).Draw(t, "days") {
			at = at.AddDate(0, 0, rapid.IntRange(1, 4).Draw(t, "free"))
			days = append(days, at.Format(time.DateOnly))
		}
		p, err := latsar{}.Plan(t.Context(), coursetype.PlanRequest{RuleSet: r.Key, Days: days})
		if enough := len(days) >= max(1, r.days()); (err == nil) != enough {
			t.Fatalf("%s in %d days: %v", r.Key, len(days), err)
		}
		if err == nil {
			err = r.VerifyPlan(days, p)
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
