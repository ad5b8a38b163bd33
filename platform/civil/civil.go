// Package civil is time as an office knows it: days without a clock, and clock
// times that always say in which of Indonesia's three zones they are.
//
// Stored instants are UTC in whole milliseconds (Instant). A day is a Date, in
// the database a text "2026-11-22". A time without its zone is never printed.
package civil

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// A Zone is one of the three zones of Indonesia; none has summer time.
type Zone string

const (
	WIB  Zone = "WIB"  // UTC+7
	WITA Zone = "WITA" // UTC+8
	WIT  Zone = "WIT"  // UTC+9
)

var offset = map[Zone]int{WIB: 7, WITA: 8, WIT: 9} // hours east of UTC

// Valid reports whether z is one of the three zones.
func (z Zone) Valid() bool { return offset[z] != 0 }

// Location returns z for package time; an unknown zone is UTC.
func (z Zone) Location() *time.Location {
	if h := offset[z]; h != 0 {
		return time.FixedZone(string(z), h*3600)
	}
	return time.UTC
}

// Instant cuts t to what is stored: UTC, whole milliseconds.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// A Date is a day in the calendar; its zero value is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of t in z.
func DateOf(t time.Time, z Zone) Date {
	y, m, d := t.In(z.Location()).Date()
	return Date{y, m, d}
}

// ParseDate reads "2026-11-22". It refuses days that the calendar does not have.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: want YYYY-MM-DD", s)
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// String returns "2026-11-22", or "" for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	if d.Year < 0 || d.Year > 9999 || d.Month < 0 || d.Month > 99 || d.Day < 0 || d.Day > 99 {
		return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) // no day, but told as it is
	}
	digit := func(n int) byte { return byte('0' + n%10) }
	return string([]byte{digit(d.Year / 1000), digit(d.Year / 100), digit(d.Year / 10), digit(d.Year), '-',
		digit(int(d.Month) / 10), digit(int(d.Month)), '-', digit(d.Day / 10), digit(d.Day)})
}

// At returns the instant of hour:minute on d in z.
func (d Date) At(hour, minute int, z Zone) time.Time {
	return Instant(time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, z.Location()))
}

// Value stores d as text, no day as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored.
func (d *Date) Scan(src any) (err error) {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case string:
		*d, err = ParseDate(v)
	case []byte:
		*d, err = ParseDate(string(v))
	case time.Time:
		*d = Date{v.Year(), v.Month(), v.Day()}
	default:
		err = fmt.Errorf("scan date from %T", src)
	}
	return err
}

// MarshalText and UnmarshalText write and read "2026-11-22".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

var (
	months   = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
	weekdays = [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}
)

// Long returns "Selasa, 24 November 2026".
func (d Date) Long() string {
	if d.IsZero() {
		return ""
	}
	w := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
	return fmt.Sprintf("%s, %s", weekdays[w], d.Short())
}

// Short returns "24 November 2026".
func (d Date) Short() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", d.Day, months[d.Month-1], d.Year)
}

// Format returns "Selasa, 24 November 2026, 08.00 WITA", and "" for the zero time.
func Format(t time.Time, z Zone) string {
	if t.IsZero() {
		return ""
	}
	return DateOf(t, z).Long() + ", " + Clock(t, z)
}

// Clock returns "08.00 WITA".
func Clock(t time.Time, z Zone) string {
	return t.In(z.Location()).Format("15.04") + " " + string(z)
}

// Span returns "08.00–11.15 WITA" for two instants of one day, and both in full otherwise.
func Span(from, to time.Time, z Zone) string {
	if DateOf(from, z) == DateOf(to, z) {
		return from.In(z.Location()).Format("15.04") + "–" + Clock(to, z)
	}
	return Format(from, z) + " – " + Format(to, z)
}
