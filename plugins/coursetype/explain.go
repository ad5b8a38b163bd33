package coursetype

import (
	"fmt"
	"strings"
)

// Exact is points of a total in millionths: a weight times a score needs no
// rounding. 8.50 points are 8_500_000.
type Exact int64

// Of returns the share of a score that a weight in percent makes, exactly: 10.00 %
// of 85.00 is 8.50 points.
func (h Hundredths) Of(score Hundredths) Exact { return Exact(h) * Exact(score) }

// Round returns e in hundredths, half up. What is beyond the type is cut to its
// largest or smallest value.
func (e Exact) Round() Hundredths {
	const unit = 1_0000
	if e > 1<<31*unit || e < -1<<31*unit {
		e = max(-1<<31*unit, min(1<<31*unit, e))
	}
	n := e + unit/2
	q := n / unit
	if n%unit < 0 {
		q-- // towards minus infinity, so that half goes up below zero too
	}
	return Hundredths(max(-1<<31, min(1<<31-1, q)))
}

// String returns e as written in Indonesian with two decimals, or as many as it
// has: "16,80", "13,3335".
func (e Exact) String() string {
	n, sign := e, ""
	if n < 0 {
		n, sign = -n, "-"
	}
	s := fmt.Sprintf("%s%d,%06d", sign, n/1_000_000, n%1_000_000)
	whole := len(s) - 4
	return s[:whole] + strings.TrimRight(s[whole:], "0")
}

// A Line explains one leaf's part of the total.
type Line struct {
	Component    string
	Name         Text
	Weight       Hundredths // percent, as in the rule-set
	Input        Hundredths // 0..100.00: the attempt that counts, or what was computed
	Contribution Exact      // Weight.Of(Input)
	Note         Text       // which attempt was kept, what was counted, how it was rounded
}

// Total recomputes a total from its lines alone: the sum of the contributions,
// rounded once, half up.
func Total(lines []Line) Hundredths {
	var sum Exact
	for _, l := range lines {
		sum += max(-1<<50, min(1<<50, l.Contribution)) // a stranger's number: 500 of them do not wrap
	}
	return sum.Round()
}

// Hours explains a part of the lesson hours: Count units at Rate, rounded, and cut
// to Cap.
type Hours struct {
	Name     Text       // "9 November 2023", "Januari 2024", "Sesi terjadwal"
	Count    int        // units
	Unit     Unit       //
	Rate     Hundredths // JP per unit
	Cap      int        // most JP of this line; 0 = no cap
	Rounding Rounding
	JP       int // Credited of the above
	Note     Text
}

// Credited recomputes the lesson hours of one line from the rest of it.
func (h Hours) Credited() int {
	n := int64(max(0, min(1<<20, h.Count))) * int64(max(0, h.Rate)) // hundredths of a JP
	switch h.Rounding {
	case RoundHalf:
		n += 50
	case RoundUp:
		n += 99
	case RoundDown:
	}
	jp := int(n / 100)
	if h.Cap > 0 {
		jp = min(jp, h.Cap)
	}
	return jp
}

// TotalHours recomputes lesson hours from their lines alone.
func TotalHours(lines []Hours) int {
	sum := 0
	for _, l := range lines {
		sum += l.JP
	}
	return sum
}

// LessonHours returns how many lesson hours (JP, 45 minutes each) fit into minutes
// without breaks. What is left over does not count.
func LessonHours(minutes int) int { return max(0, minutes) / 45 }
