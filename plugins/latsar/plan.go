package main

import (
	"context"
	"slices"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

const (
	dayJP   = 10 // what the slots of a day hold
	minutes = 45 // of a lesson hour
)

// A slot is time without a break, of so many lesson hours.
type slot struct{ start, jp int } // start in minutes after midnight

// slots is a day from 07.30 on; on Friday with time for prayer.
func slots(at time.Time) []slot {
	if at.Weekday() == time.Friday {
		return []slot{{7*60 + 30, 2}, {9*60 + 15, 3}, {13 * 60, 2}, {14*60 + 45, 3}}
	}
	return []slot{{7*60 + 30, 2}, {9*60 + 15, 3}, {12*60 + 30, 2}, {14*60 + 15, 3}}
}

// Plan gives each phase its working days, one phase after the other, and fills those
// with a teacher from 07.30 on. A day that is left over stays free.
func (latsar) Plan(_ context.Context, q coursetype.PlanRequest) (coursetype.Plan, error) {
	r, _, err := open(q.RuleSet, q.Settings)
	if err != nil {
		return coursetype.Plan{}, err
	}
	if err := q.Fair(); err != nil {
		return coursetype.Plan{}, err
	}
	if need := r.days(); len(q.Days) < need {
		return coursetype.Plan{}, coursetype.Refuse(coursetype.BadRequest,
			"Tersedia %d hari kerja, sedangkan Latsar ini memerlukan %d. Mundurkan hari terakhir angkatan.", len(q.Days), need)
	}
	var p coursetype.Plan
	next := 0
	for i, n := range r.share(len(q.Days)) {
		phase := r.Phases[i]
		p.Spans = append(p.Spans, coursetype.Span{Phase: phase.Key, From: q.Days[next], To: q.Days[next+n-1], Days: n})
		if r.days() > 0 && (phase.Mode == coursetype.Classroom || phase.Mode == coursetype.Live) {
			p.Sessions = append(p.Sessions, sessions(phase, q.Days[next:next+n], r.room(phase, n))...)
		}
		next += n
	}
	return p, nil
}

// share returns how many working days each phase takes of those offered. On campus,
// what comes before the actualisation takes as many as its lesson hours fill, and the
// rest comes after it.
func (r ruling) share(offered int) []int {
	n := make([]int, len(r.Phases))
	for i, p := range r.Phases {
		n[i] = p.Days
	}
	switch {
	case r.campus > 0:
		n[0] = (r.rest(r.Phases[0]) + dayJP - 1) / dayJP
		n[len(n)-1] = r.campus - n[0]
	case r.days() == 0: // as scheduled
		n[0] = offered
	}
	return n
}

// rest is what the programme's lesson hours leave to phase when all others have what
// is known of them.
func (r ruling) rest(phase coursetype.Phase) int {
	jp := r.MinJP
	for _, p := range r.Phases {
		if p.Key != phase.Key {
			jp -= max(p.JP, hoursOf(p.Subjects))
		}
	}
	return jp
}

func hoursOf(subjects []coursetype.Subject) (jp int) {
	for _, s := range subjects {
		jp += s.JP
	}
	return jp
}

// room is how many lesson hours of phase fit into days.
func (r ruling) room(phase coursetype.Phase, days int) int {
	return min(days*dayJP, r.rest(phase))
}

// sessions fills days with the subjects of phase in their order. Those whose hours
// are not known share evenly what room is left beside the others.
func sessions(phase coursetype.Phase, days []string, room int) (all []coursetype.Session) {
	subjects := slices.DeleteFunc(slices.Clone(phase.Subjects), func(s coursetype.Subject) bool { return s.Key == pktbt })
	unknown := 0
	for _, s := range subjects {
		if s.JP == 0 {
			unknown++
		}
	}
	free := max(0, room-hoursOf(subjects))
	for i, s := range subjects {
		if s.JP == 0 {
			subjects[i].JP = free / unknown
			free, unknown = free-subjects[i].JP, unknown-1
		}
	}
	subjects = slices.DeleteFunc(subjects, func(s coursetype.Subject) bool { return s.JP == 0 })
	for _, on := range days {
		for _, slot := range slots(day(on)) {
			for slot.jp > 0 && len(subjects) > 0 {
				s := &subjects[0]
				jp := min(slot.jp, s.JP)
				all = append(all, coursetype.Session{
					Title: s.Name, Phase: phase.Key, Subject: s.Key, Mode: phase.Mode,
					Day: on, Start: slot.start, Minutes: jp * minutes, JP: jp,
				})
				slot.start, slot.jp, s.JP = slot.start+jp*minutes, slot.jp-jp, s.JP-jp
				if s.JP == 0 {
					subjects = subjects[1:]
				}
			}
		}
	}
	return all
}
