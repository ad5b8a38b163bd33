package civil_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/platform/civil"
)

func days(t *rapid.T, name string) civil.Date {
	return civil.Date{Year: 2024, Month: time.January, Day: 1}.Add(rapid.IntRange(-4000, 4000).Draw(t, name))
}

func TestWeekday(t *testing.T) {
	for text, want := range map[string]time.Weekday{"2017-09-25": time.Monday, "2024-02-29": time.Thursday, "2026-11-22": time.Sunday} {
		d, err := civil.ParseDate(text)
		if err != nil || d.Weekday() != want {
			t.Errorf("%s is a %v (%v), want %v", text, d.Weekday(), err, want)
		}
	}
}

// TestAdd: days are counted one by one, over the ends of months and years, and back.
func TestAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := days(t, "day"), rapid.IntRange(-800, 800).Draw(t, "n")
		e := d.Add(n)
		if e.Add(-n) != d || e.Before(d) != (n < 0) || d.Before(e) != (n > 0) {
			t.Errorf("%s and %d days is %s", d, n, e)
		}
		if want := (int(d.Weekday())%7 + n%7 + 7) % 7; int(e.Weekday()) != want {
			t.Errorf("%s is a %v", e, e.Weekday())
		}
		if e.String() < d.String() != (n < 0) {
			t.Errorf("%s and %s are not ordered as their texts", d, e)
		}
	})
}

// TestOverlap: two stretches overlap when some day lies in both, however they are asked.
func TestOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := days(t, "a"), days(t, "b")
		toA, toB := a.Add(rapid.IntRange(0, 40).Draw(t, "long a")), b.Add(rapid.IntRange(0, 40).Draw(t, "long b"))
		want := false
		for d := a; !toA.Before(d); d = d.Add(1) {
			want = want || civil.Covers(b, toB, d)
		}
		if got := civil.Overlap(a, toA, b, toB); got != want || civil.Overlap(b, toB, a, toA) != got {
			t.Errorf("Overlap(%s–%s, %s–%s) = %v, want %v", a, toA, b, toB, got, want)
		}
		if open := (civil.Date{}); !civil.Overlap(a, open, b, open) || civil.Overlap(a, open, b, toB) == toB.Before(a) {
			t.Errorf("an open end of %s against %s–%s", a, b, toB)
		}
	})
}
