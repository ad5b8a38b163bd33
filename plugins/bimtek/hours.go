package main

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// hours explains the lesson hours of who attended these sessions: a line for each day
// or month that has a cap, one line else. A session without lesson hours counts
// nothing, also of days and times.
func (c course) hours(sessions []coursetype.Presence) []coursetype.Hours {
	byDay, byMonth := map[string]int{}, map[string]int{} // hours, times
	attended, times := 0, 0
	for _, s := range sessions {
		if s.Present && s.JP > 0 {
			attended += s.JP
			byDay[s.Day] += s.JP
			times++
			byMonth[s.Day[:len("2026-11")]]++
		}
	}
	switch {
	case attended == 0:
		return nil
	case c.form.Unit == coursetype.PerHour && c.credit.DayCap > 0:
		return c.lines(byDay, dayName, c.credit.DayCap)
	case c.form.Unit == coursetype.PerHour:
		return []coursetype.Hours{c.line(coursetype.Text{ID: "JP yang dihadiri", EN: "Lesson hours attended"}, attended, 0)}
	case c.form.Unit == coursetype.PerDay:
		return []coursetype.Hours{c.line(coursetype.Text{ID: "Hari yang dihadiri", EN: "Days attended"}, len(byDay), 0)}
	case c.once():
		return []coursetype.Hours{c.line(c.form.Name, 1, 0)}
	}
	most := coursetype.Hours{Count: c.credit.MonthCap, Rate: c.credit.Rate}
	return c.lines(byMonth, monthName, most.Credited())
}

// once reports whether a batch is one time of its form, however many sessions it has:
// an internship, a secondment, an exchange, a benchmarking. Of coaching and mentoring
// each session is one, and so they have a cap.
func (c course) once() bool { return c.form.Unit == coursetype.PerTime && c.credit.MonthCap == 0 }

func (c course) lines(counts map[string]int, name func(string) coursetype.Text, most int) (lines []coursetype.Hours) {
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		lines = append(lines, c.line(name(key), counts[key], most))
	}
	return lines
}

// line credits count units, at most so many JP; 0 = no bound.
func (c course) line(name coursetype.Text, count, most int) coursetype.Hours {
	h := coursetype.Hours{Name: name, Count: count, Unit: c.form.Unit, Rate: c.credit.Rate, Cap: most, Rounding: c.form.Rounding}
	h.JP = h.Credited()
	free := h
	if free.Cap = 0; free.Credited() > h.JP {
		h.Note = coursetype.Text{
			ID: fmt.Sprintf("Paling banyak %d JP; selebihnya tidak diakui.", most),
			EN: fmt.Sprintf("At most %d lesson hours; the rest is not credited.", most),
		}
	} else if c.credit.Rate%100 != 0 {
		h.Note = coursetype.Text{ID: "Dibulatkan ke bawah.", EN: "Rounded down."}
	}
	return h
}

// dayName writes a day of a fair question, YYYY-MM-DD, in words.
func dayName(day string) coursetype.Text {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return coursetype.Text{ID: day, EN: day}
	}
	return coursetype.Text{ID: fmt.Sprintf("%d %s %d", t.Day(), bulan(t.Month()), t.Year()), EN: t.Format("2 January 2006")}
}

// monthName writes a month, YYYY-MM, in words.
func monthName(month string) coursetype.Text {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return coursetype.Text{ID: month, EN: month}
	}
	return coursetype.Text{ID: fmt.Sprintf("%s %d", bulan(t.Month()), t.Year()), EN: t.Format("January 2006")}
}

func bulan(m time.Month) string {
	return [...]string{
		"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember",
	}[m-1]
}
