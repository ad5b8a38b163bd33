package civil

import "time"

// Weekday returns the day of the week on which d falls.
func (d Date) Weekday() time.Weekday { return d.noon().Weekday() }

// Add returns the day n days after d; before it, when n is negative.
func (d Date) Add(n int) Date {
	y, m, day := d.noon().AddDate(0, 0, n).Date()
	return Date{y, m, day}
}

// Before reports whether d lies before e.
func (d Date) Before(e Date) bool { return d.noon().Before(e.noon()) }

// noon stands for d where package time counts: no zone's midnight comes near it.
func (d Date) noon() time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// Covers reports whether day lies from from to to, both included; a zero to is until
// further notice.
func Covers(from, to, day Date) bool { return !day.Before(from) && (to.IsZero() || !to.Before(day)) }

// Overlap reports whether two stretches of days, ends included, have a day in common; a
// zero end is until further notice.
func Overlap(from1, to1, from2, to2 Date) bool {
	return Covers(from1, to1, from2) || Covers(from2, to2, from1)
}
