package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/coursetype/coursetypetest"
)

// days returns n days from Monday to Friday, from Thursday 12 November 2026 on.
func days(n int) (all []string) {
	for d := time.Date(2026, 11, 12, 0, 0, 0, 0, time.UTC); len(all) < n; d = d.AddDate(0, 0, 1) {
		if wd := d.Weekday(); wd != time.Saturday && wd != time.Sunday {
			all = append(all, d.Format(time.DateOnly))
		}
	}
	return all
}

// written writes a plan "12 07.30 3, 12 10.00 3 …": day of the month, start, JP.
func written(p coursetype.Plan) string {
	var all []string
	for _, s := range p.Sessions {
		all = append(all, fmt.Sprintf("%s %02d.%02d %d", s.Day[8:], s.Start/60, s.Start%60, s.JP))
	}
	return strings.Join(all, ", ")
}

func TestPlan(t *testing.T) {
	t.Parallel()
	full := "12 07.30 3, 12 10.00 3, 12 13.15 2, 13 07.30 3, 13 10.00 2, 13 13.00 3" // a Thursday and a Friday
	for _, tc := range []struct {
		name     string
		ruleSet  string
		settings coursetype.Settings
		days     int
		sessions string // "" = refused
		taken    int    // days
	}{
		{"as the days hold", general, "", 2, full, 2},
		{"one day", general, "", 1, "12 07.30 3, 12 10.00 3, 12 13.15 2", 1},
		{"16 JP of many days", general, `{"jp":16}`, 30, full, 2},
		{"16 JP on one day", general, `{"jp":16}`, 1, "", 0},
		{"8 JP on one day", general, `{"jp":8}`, 1, "12 07.30 3, 12 10.00 3, 12 13.15 2", 1},
		{"9 JP on one day", general, `{"jp":9}`, 1, "", 0},
		{"1 JP", general, `{"jp":1}`, 2, "12 07.30 1", 1},
		{"7 JP with a pre-test and a post-test", general, `{"jp":7,"pretest":true,"posttest":true}`, 2,
			"12 07.30 0, 12 08.15 2, 12 10.00 3, 12 13.15 2, 13 07.30 0", 2},
		{"the post-test of its rule-set", withTest, `{"jp":7}`, 2, "12 07.30 3, 12 10.00 3, 12 13.15 1, 12 14.00 0", 1},
		{"a day with both tests", general, `{"pretest":true,"posttest":true}`, 1, "12 07.30 0, 12 08.15 2, 12 10.00 3, 12 13.15 1, 12 14.00 0", 1},
		{"national seminar worth 8 JP", general, `{"siasn":9,"jp":8}`, 9, full, 2},
		{"national seminar worth 5 JP", general, `{"siasn":9,"jp":5}`, 9, full, 2},
		{"national seminar worth 1 JP is a day", general, `{"siasn":9,"jp":1}`, 9, "12 07.30 3, 12 10.00 3, 12 13.15 2", 1},
		{"international seminar worth 6 JP", general, `{"siasn":9,"jp":6,"abroad":true}`, 9, "12 07.30 3, 12 10.00 3, 12 13.15 2", 1},
		{"e-learning of 10 JP on 3 days", general, `{"siasn":16,"jp":10}`, 3, "", 0},
		{"e-learning of 10 JP on 4 days", general, `{"siasn":16,"jp":10}`, 4, "12 07.30 3, 13 07.30 3, 16 07.30 3, 17 07.30 1", 4},
		{"e-learning of 10 JP on many days", general, `{"siasn":16,"jp":10}`, 30, "12 07.30 3, 13 07.30 3, 16 07.30 3, 17 07.30 1", 4},
		{"e-learning of 10 JP abroad on 3 days", general, `{"siasn":16,"jp":10,"abroad":true}`, 3, "12 07.30 4, 13 07.30 4, 16 07.30 2", 3},
		{"e-learning as the days hold", general, `{"siasn":16}`, 2, "12 07.30 3, 13 07.30 3", 2},
		{"self-study of 5 JP", general, `{"siasn":22,"jp":5}`, 9, "12 07.30 2, 13 07.30 2, 16 07.30 1", 3},
		{"coaching worth 6 JP, in two months", general, `{"siasn":14,"jp":6}`, 20, "12 07.30 2, 13 07.30 2, 01 07.30 2", 14},
		{"coaching worth 6 JP, in one month", general, `{"siasn":14,"jp":6}`, 13, "", 0},
		{"internship", general, `{"siasn":10,"jp":20}`, 2, "12 07.30 8, 13 07.30 8", 2},
		{"internship worth more than one", general, `{"siasn":10,"jp":21}`, 2, "", 0},
		{"two tests in the time of one coaching", general, `{"siasn":14,"jp":2,"pretest":true,"posttest":true}`, 2, "", 0},
	} {
		q := coursetype.PlanRequest{RuleSet: tc.ruleSet, Settings: tc.settings, Days: days(tc.days)}
		p, err := bimtek{}.Plan(t.Context(), q)
		var e *coursetype.Error
		if tc.sessions == "" {
			if !errors.As(err, &e) || e.Kind != coursetype.BadRequest {
				t.Errorf("%s: %s, %v", tc.name, written(p), err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		span := []coursetype.Span{{Phase: phase, From: q.Days[0], To: q.Days[tc.taken-1], Days: tc.taken}}
		if diff := cmp.Diff(tc.sessions, written(p)); diff != "" || !cmp.Equal(span, p.Spans) {
			t.Errorf("%s: %s %v", tc.name, diff, p.Spans)
		}
	}
}

// Of a long window a batch without an aim takes five days, but e-learning takes all.
func TestPlanOfManyDays(t *testing.T) {
	t.Parallel()
	for settings, want := range map[coursetype.Settings]int{"": 5, `{"siasn":9}`: 5, `{"siasn":16}`: 400, `{"siasn":10}`: 400} {
		p, err := bimtek{}.Plan(t.Context(), coursetype.PlanRequest{RuleSet: general, Settings: settings, Days: days(400)})
		if err != nil || p.Spans[0].Days != want {
			t.Errorf("%q: %v, %v", settings, p.Spans, err)
		}
	}
}

// TestCheck: of a session in a room no more lesson hours count than fit into its minutes
// (R2), and what would not be credited is told beforehand; in this process and in the
// guest's own.
func TestCheck(t *testing.T) {
	t.Parallel()
	session := func(day string, minutes, jp int, m coursetype.Mode) coursetype.Session {
		return coursetype.Session{Day: day, Start: 480, Minutes: minutes, JP: jp, Mode: m}
	}
	const mon, tue = "2026-11-09", "2026-11-10"
	room := coursetype.Classroom
	guests := map[string]coursetype.CourseType{"here": bimtek{}, "process": coursetypetest.Start(t, program(t))}
	for _, tc := range []struct {
		name       string
		settings   coursetype.Settings
		start, end string
		sessions   []coursetype.Session
		want       string // "field" warned of, "field!" refused
	}{
		{"well", "", mon, mon, []coursetype.Session{session(mon, 90, 2, room)}, ""},
		{"120 minutes hold 2 JP", "", mon, mon, []coursetype.Session{session(mon, 120, 2, room)}, ""},
		{"120 minutes do not hold 3", "", mon, mon, []coursetype.Session{session(mon, 120, 3, room)}, "sessions!"},
		{"135 minutes hold 3", "", mon, mon, []coursetype.Session{session(mon, 135, 3, coursetype.Live)}, ""},
		{"134 minutes do not, online either", "", mon, mon, []coursetype.Session{session(mon, 134, 3, coursetype.Live)}, "sessions!"},
		{"less than they hold", "", mon, mon, []coursetype.Session{session(mon, 315, 1, room)}, ""},
		{"at work they may be more", "", mon, mon, []coursetype.Session{session(mon, 45, 8, coursetype.Workplace)}, ""},
		{"no timetable yet", "", mon, mon, nil, "sessions"},
		{"backwards", "", tue, mon, nil, "end! sessions"},
		{"5 working days", "", mon, "2026-11-13", []coursetype.Session{session(mon, 90, 2, room)}, ""},
		{"5 working days and their Sunday", "", mon, "2026-11-15", []coursetype.Session{session(mon, 90, 2, room)}, ""},
		{"6 working days", "", mon, "2026-11-16", []coursetype.Session{session(mon, 90, 2, room)}, "end"},
		{"weeks of e-learning", `{"siasn":16}`, mon, "2026-11-30", []coursetype.Session{session(mon, 90, 2, coursetype.SelfPaced)}, ""},
		{"before the batch", "", tue, tue, []coursetype.Session{session(mon, 90, 2, room)}, "sessions!"},
		{"the aim", `{"jp":2}`, mon, mon, []coursetype.Session{session(mon, 90, 2, room)}, ""},
		{"short of the aim", `{"jp":3}`, mon, mon, []coursetype.Session{session(mon, 90, 2, room)}, "jp"},
		{"e-learning at the cap of a day", `{"siasn":16}`, mon, mon, []coursetype.Session{session(mon, 135, 3, coursetype.SelfPaced)}, ""},
		{"e-learning beyond it", `{"siasn":16}`, mon, mon, []coursetype.Session{session(mon, 90, 2, coursetype.SelfPaced), session(mon, 90, 2, coursetype.SelfPaced)}, "sessions"},
		{"coaching twice", `{"siasn":14}`, mon, tue, []coursetype.Session{session(mon, 90, 2, room), session(tue, 90, 2, room)}, ""},
		{"coaching 3 times", `{"siasn":14}`, mon, tue, []coursetype.Session{session(mon, 90, 2, room), session(mon, 90, 2, room), session(tue, 90, 2, room)}, "sessions"},
		{"leadership", `{"siasn":1}`, mon, mon, []coursetype.Session{session(mon, 90, 2, room)}, "siasn"},
		{"leadership abroad", `{"siasn":1,"abroad":true}`, mon, mon, []coursetype.Session{session(mon, 90, 2, room)}, "abroad! siasn"},
	} {
		for where, guest := range guests {
			found, err := guest.Check(t.Context(), coursetype.CheckRequest{RuleSet: general, Settings: tc.settings, Start: tc.start, End: tc.end, Sessions: tc.sessions})
			var got []string
			for _, f := range found {
				got = append(got, f.Field+map[bool]string{true: "!"}[f.Refuse])
			}
			if strings.Join(got, " ") != tc.want || err != nil {
				t.Errorf("%s, %s: %v, %v; want %q", tc.name, where, found, err, tc.want)
			}
		}
	}
}
