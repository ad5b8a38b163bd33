package schedule

import (
	"errors"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/tenants/batch"
)

var day = civil.Date{Year: 2026, Month: 2, Day: 9}

// at returns "08:00" of the batch's day in WIB.
func at(clock string) time.Time {
	c, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err)
	}
	return day.At(c.Hour(), c.Minute(), civil.WIB)
}

// TestMaxJP: the sessions of a found schedule, floor of minutes by 45 (R2).
func TestMaxJP(t *testing.T) {
	for _, tc := range []struct {
		from, to string
		want     int
	}{
		{"08:00", "09:30", 2}, {"14:45", "17:00", 3}, {"08:00", "11:45", 5}, {"12:00", "17:15", 7}, {"09:00", "11:00", 2}, {"08:00", "08:44", 0},
	} {
		if got := MaxJP(at(tc.from), at(tc.to)); got != tc.want {
			t.Errorf("%s–%s = %d JP, want %d", tc.from, tc.to, got, tc.want)
		}
	}
}

func TestSlot(t *testing.T) {
	b := batch.Batch{Zone: civil.WIB, Starts: day, Ends: day}
	for _, tc := range []struct {
		name  string
		slot  Slot
		jp    int    // as stored
		field string // that is wrong, "" for none
	}{
		{"as many as fit", Slot{Title: "A", Starts: at("08:00"), Ends: at("11:00")}, 4, ""},
		{"fewer", Slot{Title: "A", Starts: at("08:00"), Ends: at("11:00"), JP: 3}, 3, ""},
		{"more", Slot{Title: "A", Starts: at("08:00"), Ends: at("11:00"), JP: 5}, 0, "jp"},
		{"too short for any", Slot{Title: "A", Starts: at("08:00"), Ends: at("08:30")}, 0, "jp"},
		{"no title", Slot{Title: " ", Starts: at("08:00"), Ends: at("11:00")}, 0, "title"},
		{"backwards", Slot{Title: "A", Starts: at("11:00"), Ends: at("08:00")}, 0, "ends"},
		{"the day before", Slot{Title: "A", Starts: at("08:00").AddDate(0, 0, -1), Ends: at("11:00").AddDate(0, 0, -1)}, 0, "starts"},
		{"until midnight", Slot{Title: "A", Starts: at("23:00"), Ends: at("23:45").Add(15 * time.Minute)}, 1, ""},
		{"link", Slot{Title: "A", Starts: at("08:00"), Ends: at("11:00"), Link: "https://rapat.example/a"}, 4, ""},
		{"script for a link", Slot{Title: "A", Starts: at("08:00"), Ends: at("11:00"), Link: "javascript:alert(1)"}, 0, "link"},
		{"plain link", Slot{Title: "A", Starts: at("08:00"), Ends: at("11:00"), Link: "http://rapat.example"}, 0, "link"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := tc.slot.check(b)
			if tc.field == "" {
				if err != nil || tc.slot.JP != tc.jp {
					t.Errorf("check = %v, %d JP, want %d", err, tc.slot.JP, tc.jp)
				}
				return
			}
			if f := fault.Of(err); f == nil || !errors.Is(err, fault.Invalid) || f.Field != tc.field {
				t.Errorf("check = %v, want a fault of %q", err, tc.field)
			}
		})
	}
}
