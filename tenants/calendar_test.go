package tenants

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/platform/civil"
)

func off(days ...civil.Date) map[civil.Date][]Holiday {
	all := map[civil.Date][]Holiday{}
	for _, d := range days {
		all[d] = append(all[d], Holiday{Day: d, Kind: DayOff})
	}
	return all
}

// TestWorkDays: the days of a plan that was counted by hand (R20), and what an exception
// and a day off change in it.
func TestWorkDays(t *testing.T) {
	from, to := date(t, "2017-09-25"), date(t, "2017-10-04")
	six := WorkWeek{FromDay: date(t, "2017-09-30"), ToDay: date(t, "2017-09-30"), Days: 6}
	for _, tc := range []struct {
		name string
		c    Calendar
		want int
	}{
		{"five days a week", Calendar{}, 8},
		{"a Saturday worked", Calendar{Weeks: []WorkWeek{six}}, 9},
		{"six days further on", Calendar{Weeks: []WorkWeek{{FromDay: date(t, "2017-10-01"), Days: 6}}}, 8},
		{"a day off", Calendar{Off: off(date(t, "2017-10-02"))}, 7},
		{"a Sunday off", Calendar{Off: off(date(t, "2017-10-01"))}, 8},
		{"a Saturday worked, and off", Calendar{Weeks: []WorkWeek{six}, Off: off(date(t, "2017-09-30"))}, 8},
	} {
		if got := tc.c.WorkDays(from, to); got != tc.want {
			t.Errorf("%s: %d days, want %d", tc.name, got, tc.want)
		}
	}
	if got := (Calendar{}).WorkDays(to, from); got != 0 {
		t.Errorf("backwards: %d days", got)
	}
	if w := (Calendar{Weeks: []WorkWeek{six}}).Week(from); w != StandardWeek() || w.Starts != "07:30" {
		t.Errorf("outside of its dates the exception gives %+v", w)
	}
}

// TestWorkDaysAdd: a stretch counts what its parts count; whole weeks have five or six
// days; a day off takes away one day at most, and never a Sunday.
func TestWorkDaysAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := civil.Date{Year: 2026, Month: time.January, Day: 1}.Add(rapid.IntRange(0, 700).Draw(t, "from"))
		n := rapid.IntRange(0, 60).Draw(t, "days")
		to, cut := from.Add(n), from.Add(rapid.IntRange(0, n).Draw(t, "cut"))
		c := Calendar{Off: map[civil.Date][]Holiday{}}
		if rapid.Bool().Draw(t, "six") {
			c.Weeks = []WorkWeek{{FromDay: from, Days: 6}}
		}
		if whole := c.WorkDays(from, from.Add(7*8-1)); whole != 8*c.Week(from).Days {
			t.Errorf("eight weeks have %d days of %d", whole, c.Week(from).Days)
		}
		for range rapid.IntRange(0, 8).Draw(t, "off") {
			day := from.Add(rapid.IntRange(0, 70).Draw(t, "day off"))
			before, worked := c.WorkDays(from, to), c.IsWorkDay(day)
			c.Off[day] = append(c.Off[day], Holiday{Day: day})
			less := before - c.WorkDays(from, to)
			if within := civil.Covers(from, to, day); less != 0 && (!within || !worked || less != 1) || within && worked && less != 1 {
				t.Errorf("%s off takes %d days", day, less)
			}
		}
		if whole, parts := c.WorkDays(from, to), c.WorkDays(from, cut)+c.WorkDays(cut.Add(1), to); whole != parts {
			t.Errorf("%s–%s has %d days, its parts %d", from, to, whole, parts)
		}
		for day := from; !to.Before(day); day = day.Add(1) {
			if day.Weekday() == time.Sunday && c.IsWorkDay(day) {
				t.Errorf("%s is a Sunday", day)
			}
		}
	})
}

// TestFixedHolidays: what Keppres 8/2024 gives a date of its own, and not before it.
func TestFixedHolidays(t *testing.T) {
	if got := fixedHolidays(date(t, "2017-01-01"), date(t, "2024-01-31")); len(got) != 0 {
		t.Errorf("before the decree: %v", got)
	}
	got := fixedHolidays(date(t, "2026-05-01"), date(t, "2027-01-01"))
	if len(got) != 5 || got[0].Name != "Hari Buruh Internasional" || got[4].Day != date(t, "2027-01-01") {
		t.Errorf("from May to New Year: %+v", got)
	}
	if n := len(fixedHolidays(date(t, "2026-01-01"), date(t, "2026-12-31"))); n != 5 {
		t.Errorf("%d in a year, want 5", n)
	}
}
