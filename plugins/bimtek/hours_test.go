package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/coursetype/coursetypetest"
)

// timetable reads "2026-11-09:4+ 2026-11-09:4-": sessions with day and JP, attended or
// not.
func timetable(t *testing.T, s string) (sessions []coursetype.Presence) {
	t.Helper()
	for i, one := range strings.Fields(s) {
		day, rest, _ := strings.Cut(one, ":")
		var jp int
		var sign rune
		if _, err := fmt.Sscanf(rest, "%d%c", &jp, &sign); err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, coursetype.Presence{Session: coursetype.Ref(fmt.Sprint("s", i)), Day: day, JP: jp, Present: sign == '+'})
	}
	return sessions
}

// attendedOn returns sessions of so many JP on consecutive days of November 2026.
func attendedOn(jp ...int) string {
	var all []string
	for i, n := range jp {
		all = append(all, fmt.Sprintf("2026-11-%02d:%d+", i+2, n))
	}
	return strings.Join(all, " ")
}

// TestConversion: the table of lesson hours of Perlan 10/2018, with what is just beside
// each of its bounds, in this process and in the guest's own.
func TestConversion(t *testing.T) {
	t.Parallel()
	guests := map[string]coursetype.CourseType{"here": bimtek{}, "process": coursetypetest.Start(t, program(t))}
	for _, tc := range []struct {
		name     string
		settings coursetype.Settings
		sessions string
		lines    string // JP of each line
		jp       int
	}{
		// As scheduled, and a fifth more abroad, rounded down once.
		{"bimtek 20 JP", `{"siasn":8}`, attendedOn(8, 8, 4), "20", 20},
		{"bimtek 20 JP abroad", `{"siasn":8,"abroad":true}`, attendedOn(8, 8, 4), "24", 24},
		{"bimtek 19 JP abroad, 22.8", `{"siasn":8,"abroad":true}`, attendedOn(8, 8, 3), "22", 22},
		{"bimtek 21 JP abroad, 25.2", `{"siasn":8,"abroad":true}`, attendedOn(8, 8, 5), "25", 25},
		{"bimtek 4 JP abroad on each of 5 days: 24, not 5 times 4.8 cut", `{"siasn":8,"abroad":true}`, attendedOn(4, 4, 4, 4, 4), "24", 24},
		{"leadership 8 JP", `{"siasn":1}`, attendedOn(8), "8", 8},
		{"outdoor 9 JP abroad, 10.8", `{"siasn":19,"abroad":true}`, attendedOn(9), "10", 10},
		{"what was missed is not credited", "", attendedOn(8, 8) + " 2026-11-10:4-", "16", 16},

		// Per day, however long.
		{"national seminar of 2 days", `{"siasn":9}`, attendedOn(8, 8), "8", 8},
		{"national seminar of 1 day", `{"siasn":9}`, attendedOn(8), "4", 4},
		{"national seminar of 3 days", `{"siasn":9}`, attendedOn(1, 1, 1), "12", 12},
		{"two sessions on one day are one day", `{"siasn":9}`, "2026-11-09:4+ 2026-11-09:4+", "4", 4},
		{"a day without lesson hours is none", `{"siasn":9}`, "2026-11-09:4+ 2026-11-10:0+", "4", 4},
		{"a day missed is none", `{"siasn":9}`, "2026-11-09:8+ 2026-11-10:1-", "4", 4},
		{"international seminar of 2 days", `{"siasn":9,"abroad":true}`, attendedOn(8, 8), "12", 12},
		{"international workshop of 3 days", `{"siasn":4,"abroad":true}`, attendedOn(8, 8, 8), "21", 21},
		{"national workshop of 3 days", `{"siasn":4}`, attendedOn(8, 8, 8), "15", 15},
		{"international workshop of 2 days", `{"siasn":4,"abroad":true}`, attendedOn(8, 8), "14", 14},
		{"socialisation of 1 day", `{"siasn":7}`, attendedOn(2), "4", 4},
		{"international socialisation of 1 day", `{"siasn":7,"abroad":true}`, attendedOn(2), "6", 6},

		// Once per batch, however many sessions.
		{"benchmarking once", `{"siasn":20}`, attendedOn(8), "10", 10},
		{"benchmarking of three days is once", `{"siasn":20}`, attendedOn(8, 8, 8), "10", 10},
		{"benchmarking abroad", `{"siasn":20,"abroad":true}`, attendedOn(8), "20", 20},
		{"internship once", `{"siasn":10}`, attendedOn(8, 8, 8, 8, 8), "20", 20},
		{"internship abroad", `{"siasn":10,"abroad":true}`, attendedOn(8), "24", 24},
		{"secondment", `{"siasn":18}`, attendedOn(8), "20", 20},
		{"secondment abroad", `{"siasn":18,"abroad":true}`, attendedOn(8), "24", 24},
		{"exchange", `{"siasn":21}`, attendedOn(8), "20", 20},

		// At most twice a month.
		{"coaching once in a month", `{"siasn":14}`, attendedOn(2), "2", 2},
		{"coaching twice in a month", `{"siasn":14}`, attendedOn(2, 2), "4", 4},
		{"coaching 3 times in a month", `{"siasn":14}`, attendedOn(2, 2, 2), "4", 4},
		{"coaching twice on a day", `{"siasn":14}`, "2026-11-09:2+ 2026-11-09:2+", "4", 4},
		{"coaching over the end of a month", `{"siasn":14}`, "2026-11-29:2+ 2026-11-30:2+ 2026-12-01:2+", "4 2", 6},
		{"coaching over the end of a year", `{"siasn":14}`, "2026-12-30:2+ 2026-12-31:2+ 2027-01-01:2+ 2027-01-02:2+", "4 4", 8},
		{"the same month of two years", `{"siasn":14}`, "2026-11-01:2+ 2026-11-02:2+ 2026-11-03:2+ 2027-11-01:2+", "4 2", 6},
		{"mentoring 3 times abroad", `{"siasn":15,"abroad":true}`, attendedOn(2, 2, 2), "8", 8},
		{"mentoring once abroad", `{"siasn":15,"abroad":true}`, attendedOn(1), "4", 4},
		{"a test without lesson hours is no time", `{"siasn":14}`, "2026-11-09:0+ 2026-11-09:2+", "2", 2},

		// So many a day.
		{"e-learning of 10 JP on 4 days", `{"siasn":16}`, attendedOn(3, 3, 3, 1), "3 3 3 1", 10},
		{"e-learning of 10 JP on 3 days", `{"siasn":16}`, attendedOn(4, 3, 3), "3 3 3", 9},
		{"e-learning of 10 JP on one day", `{"siasn":16}`, attendedOn(10), "3", 3},
		{"e-learning at the cap less one, at it, and one above", `{"siasn":16}`, attendedOn(2, 3, 4), "2 3 3", 8},
		{"e-learning in pieces of a day", `{"siasn":16}`, "2026-11-09:2+ 2026-11-09:2+ 2026-11-10:1+", "3 1", 4},
		{"e-learning over the end of a month", `{"siasn":16}`, "2026-11-30:4+ 2026-12-01:4+", "3 3", 6},
		{"e-learning abroad, as above", `{"siasn":16,"abroad":true}`, attendedOn(3, 4, 5), "3 4 4", 11},
		{"self-study of 5 JP on one day", `{"siasn":22}`, attendedOn(5), "2", 2},
		{"self-study of 1, 2 and 3 JP", `{"siasn":22}`, attendedOn(1, 2, 3), "1 2 2", 5},
		{"self-study abroad, 1.2, 2.4 and 3.6", `{"siasn":22,"abroad":true}`, attendedOn(1, 2, 3), "1 2 2", 5},
		{"a community of practice of 3 JP", `{"siasn":23}`, attendedOn(3), "2", 2},
	} {
		for where, ct := range guests {
			got, err := ct.Grade(t.Context(), coursetype.GradeRequest{RuleSet: general, Settings: tc.settings,
				Records: []coursetype.Record{{Ref: "p1", Sessions: timetable(t, tc.sessions)}}})
			if err != nil || len(got) != 1 || got[0].State != coursetype.Passed {
				t.Errorf("%s, %s: %+v, %v", tc.name, where, got, err)
				continue
			}
			var lines []string
			for _, h := range got[0].Hours {
				lines = append(lines, fmt.Sprint(h.JP))
			}
			if all := strings.Join(lines, " "); all != tc.lines || got[0].JP != tc.jp || coursetype.TotalHours(got[0].Hours) != tc.jp {
				t.Errorf("%s, %s: %d JP of lines %q, want %d of %q", tc.name, where, got[0].JP, all, tc.jp, tc.lines)
			}
		}
	}
}

// A line of hours says which day or month it is, and what of it was cut.
func TestHoursLine(t *testing.T) {
	t.Parallel()
	c, err := read(`{"siasn":16}`)
	if err != nil {
		t.Fatal(err)
	}
	want := []coursetype.Hours{
		{Name: coursetype.Text{ID: "30 November 2026", EN: "30 November 2026"}, Count: 5, Unit: coursetype.PerHour, Rate: 1_00, Cap: 3, Rounding: coursetype.RoundDown, JP: 3,
			Note: coursetype.Text{ID: "Paling banyak 3 JP; selebihnya tidak diakui.", EN: "At most 3 lesson hours; the rest is not credited."}},
		{Name: coursetype.Text{ID: "1 Desember 2026", EN: "1 December 2026"}, Count: 1, Unit: coursetype.PerHour, Rate: 1_00, Cap: 3, Rounding: coursetype.RoundDown, JP: 1},
	}
	if diff := cmp.Diff(want, c.hours(timetable(t, "2026-12-01:1+ 2026-11-30:5+"))); diff != "" {
		t.Error(diff)
	}
}

// TestMoreIsNeverLess: a session attended in addition never lessens the hours, and no
// form credits what was not attended.
func TestMoreIsNeverLess(t *testing.T) {
	t.Parallel()
	all := forms()
	rapid.Check(t, func(t *rapid.T) {
		f := all[rapid.IntRange(0, len(all)-1).Draw(t, "form")]
		c := course{form: f, credit: f.National}
		if f.Abroad.Rate > 0 && rapid.Bool().Draw(t, "abroad") {
			c.credit = f.Abroad
		}
		var sessions []coursetype.Presence
		before := 0
		for range rapid.IntRange(0, 30).Draw(t, "sessions") {
			sessions = append(sessions, coursetype.Presence{
				Day: fmt.Sprintf("2026-%02d-%02d", rapid.IntRange(1, 3).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day")),
				JP:  rapid.IntRange(0, 12).Draw(t, "jp"), Present: rapid.Bool().Draw(t, "present"),
			})
			lines := c.hours(sessions)
			now := coursetype.TotalHours(lines)
			if last := sessions[len(sessions)-1]; now < before || !last.Present && now != before {
				t.Errorf("%s: %d JP after %d, by %+v", f.Name.EN, now, before, last)
			}
			for _, h := range lines {
				if h.JP != h.Credited() {
					t.Errorf("%s: %+v", f.Name.EN, h)
				}
			}
			before = now
		}
	})
}
