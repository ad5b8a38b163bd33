package civil_test

import (
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/civil"
)

func TestParseDate(t *testing.T) {
	for _, tc := range []struct {
		text string
		ok   bool
	}{
		{"2026-11-22", true}, {"2024-02-29", true}, {"2026-02-29", false}, {"2026-13-01", false},
		{"22-11-2026", false}, {"", false}, {"2026-11-22T00:00:00Z", false},
	} {
		d, err := civil.ParseDate(tc.text)
		if (err == nil) != tc.ok {
			t.Errorf("ParseDate(%q) = %v", tc.text, err)
		}
		if tc.ok && d.String() != tc.text {
			t.Errorf("ParseDate(%q) prints %q", tc.text, d)
		}
	}
}

// TestZoneIsPrinted: one instant in the three zones, with its day and its zone.
func TestZoneIsPrinted(t *testing.T) {
	at := time.Date(2026, 11, 23, 16, 30, 0, 0, time.UTC)
	for zone, want := range map[civil.Zone]string{
		civil.WIB:  "Senin, 23 November 2026, 23.30 WIB",
		civil.WITA: "Selasa, 24 November 2026, 00.30 WITA",
		civil.WIT:  "Selasa, 24 November 2026, 01.30 WIT",
	} {
		if got := civil.Format(at, zone); got != want {
			t.Errorf("Format in %s = %q, want %q", zone, got, want)
		}
	}
	if got := civil.Span(at, at.Add(90*time.Minute), civil.WITA); got != "00.30–02.00 WITA" {
		t.Errorf("Span = %q", got)
	}
	if got := civil.Format(time.Time{}, civil.WIB); got != "" {
		t.Errorf("Format of no time = %q", got)
	}
}

func TestAt(t *testing.T) {
	d := civil.Date{Year: 2026, Month: 11, Day: 22}
	if got := d.At(8, 0, civil.WITA); !got.Equal(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("08.00 WITA = %s", got)
	}
	if got := civil.DateOf(d.At(0, 0, civil.WIT), civil.WIT); got != d {
		t.Errorf("midnight WIT lies on %s", got)
	}
	if got := civil.Instant(time.Unix(0, 1999999)); got.Nanosecond() != 1e6 {
		t.Errorf("Instant keeps %d ns", got.Nanosecond())
	}
}
