package main

import (
	"context"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

const (
	lesson   = 45        // minutes
	morning  = 7*60 + 30 // when the work day begins: Perpres 21/2023
	fullDay  = 8         // lesson hours of a day's slots
	usualDay = 5         // days of a batch that aims at no lesson hours: a bimtek has 1 to 5
)

// A slot is a stretch without a break.
type slot struct {
	day   int // index
	start int // minutes after midnight
	hours int // lesson hours that fit
}

// workday returns the slots of a full day in a room: a quarter of an hour between the
// first two, an hour at noon, and on Fridays an hour and a half.
func workday(t time.Time) []slot {
	if t.Weekday() == time.Friday {
		return []slot{{start: morning, hours: 3}, {start: 10 * 60, hours: 2}, {start: 13 * 60, hours: 3}}
	}
	return []slot{{start: morning, hours: 3}, {start: 10 * 60, hours: 3}, {start: 13*60 + 15, hours: 2}}
}

// Plan fills the first days with lesson hours until the aim is reached, or a batch is
// as long as usual. E-learning has no more of a day than is credited.
func (bimtek) Plan(_ context.Context, q coursetype.PlanRequest) (p coursetype.Plan, err error) {
	if _, err := known(q.RuleSet); err != nil {
		return p, err
	}
	c, err := read(q.Settings)
	if err != nil {
		return p, err
	}
	if err := q.Fair(); err != nil {
		return p, err
	}
	c.Posttest = c.Posttest || q.RuleSet == withTest
	slots := c.slots(q.Days)
	most := 0
	for _, s := range slots {
		most += s.hours
	}
	want, ok := c.want(slots, most)
	if !ok || want > most || want <= c.tests() {
		return p, coursetype.Refuse(coursetype.BadRequest,
			"JP dan tes yang diminta tidak muat dalam %d hari kerja. Tambah hari atau kurangi sasaran JP.", len(q.Days))
	}
	used := 0
	for i, s := range slots {
		if want == 0 {
			break
		}
		n := min(want, s.hours)
		want -= n
		used = s.day + 1
		add := func(title coursetype.Text, lessons, jp int) {
			p.Sessions = append(p.Sessions, coursetype.Session{
				Title: title, Phase: phase, Mode: c.Mode, Day: q.Days[s.day], Start: s.start, Minutes: lessons * lesson, JP: jp,
			})
			s.start += lessons * lesson
		}
		if i == 0 && c.Pretest {
			add(coursetype.Text{ID: "Pre-test", EN: "Pre-test"}, 1, 0)
			n--
		}
		last := want == 0 && c.Posttest && n > 0
		if last {
			n--
		}
		if n > 0 {
			add(c.title(), n, n)
		}
		if last {
			add(coursetype.Text{ID: "Post-test", EN: "Post-test"}, 1, 0)
		}
	}
	p.Spans = []coursetype.Span{{Phase: phase, From: q.Days[0], To: q.Days[used-1], Days: used}}
	return p, nil
}

// tests returns how many lesson hours the tests take.
func (c course) tests() (n int) {
	for _, held := range []bool{c.Pretest, c.Posttest} {
		if held {
			n++
		}
	}
	return n
}

// title returns what is taught.
func (c course) title() coursetype.Text {
	if c.Topic == "" {
		return c.form.Name
	}
	return coursetype.Text{ID: c.Topic, EN: c.Topic}
}

// slots returns what the days offer: as much of a day as is credited, as many days of a
// month, and one stretch a day of what happens at work.
func (c course) slots(days []string) (all []slot) {
	months := map[string]int{}
	for i, d := range days {
		month := d[:len("2026-11")]
		months[month]++
		switch {
		case c.credit.DayCap > 0:
			all = append(all, slot{i, morning, c.credit.DayCap})
		case c.credit.MonthCap > 0:
			if months[month] <= c.credit.MonthCap {
				all = append(all, slot{i, morning, 2})
			}
		case c.once():
			all = append(all, slot{i, morning, fullDay})
		default:
			t, err := time.Parse(time.DateOnly, d)
			if err != nil {
				continue // a fair question has days
			}
			for _, s := range workday(t) {
				all = append(all, slot{i, s.start, s.hours})
			}
		}
	}
	return all
}

// want returns how many lesson hours of the slots are taken, the tests included.
// Errors: false when the form cannot credit what is aimed at.
func (c course) want(slots []slot, most int) (int, bool) {
	free := most // without an aim
	if c.credit.DayCap == 0 && c.form.Unit != coursetype.PerTime {
		free = min(most, usualDay*fullDay)
	}
	rate := int(c.credit.Rate) / 100
	switch {
	case c.form.Unit == coursetype.PerHour && c.JP > 0:
		return c.JP + c.tests(), true
	case c.JP == 0:
		return free, true
	case c.once():
		return most, c.JP <= rate
	case c.form.Unit == coursetype.PerDay:
		return (c.JP + rate - 1) / rate * fullDay, true
	}
	return (c.JP + rate - 1) / rate * slots[0].hours, true // times
}
