package main

import (
	"context"
	"fmt"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// Grade passes who attended enough of the scheduled lesson hours and, under the
// rule-set with a post-test, reached the mark.
func (bimtek) Grade(_ context.Context, q coursetype.GradeRequest) ([]coursetype.Outcome, error) {
	r, err := known(q.RuleSet)
	if err != nil {
		return nil, err
	}
	c, err := read(q.Settings)
	if err != nil {
		return nil, err
	}
	if err := q.Fair(r); err != nil {
		return nil, err
	}
	answers := make([]coursetype.Outcome, len(q.Records))
	for i, record := range q.Records {
		answers[i] = c.grade(r, record)
	}
	return answers, nil
}

// grade judges a fair record.
func (c course) grade(r coursetype.RuleSet, record coursetype.Record) coursetype.Outcome {
	o := coursetype.Outcome{Ref: record.Ref}
	attended, scheduled := r.Hours(phase, record.Sessions)
	for _, leaf := range r.Leaves() {
		in, ok := leaf.Kept(record.Attempts(leaf.Key))
		var note coursetype.Text
		if leaf.Input == coursetype.Attended {
			in, ok = coursetype.Percent(attended, scheduled), scheduled > 0
			note = coursetype.Text{
				ID: fmt.Sprintf("Hadir %d dari %d JP terjadwal; dibulatkan ke dua desimal, 0,005 ke atas.", attended, scheduled),
				EN: fmt.Sprintf("Attended %d of %d scheduled lesson hours; rounded to two decimals, 0.005 upwards.", attended, scheduled),
			}
		} else if n := len(record.Attempts(leaf.Key)); n > 1 {
			note = coursetype.Text{ID: fmt.Sprintf("Nilai terbaik dari %d kali.", n), EN: fmt.Sprintf("The best of %d attempts.", n)}
		}
		if !ok {
			o.Missing = append(o.Missing, leaf.Key)
			continue
		}
		o.Lines = append(o.Lines, coursetype.Line{
			Component: leaf.Key, Name: leaf.Name, Weight: leaf.Weight, Input: in, Contribution: leaf.Weight.Of(in), Note: note,
		})
	}
	o.Total = coursetype.Total(o.Lines)
	switch {
	case scheduled == 0:
		o.State = coursetype.NoResult
		o.Reason = coursetype.Text{
			ID: "Belum ada sesi ber-JP sehingga kehadiran tidak dapat dihitung. Lengkapi jadwal.",
			EN: "There is no session with lesson hours, so attendance cannot be computed. Complete the timetable.",
		}
	case len(o.Missing) > 0:
		o.State = coursetype.NoResult
		o.Reason = coursetype.Text{ID: "Nilai post-test belum ada. Isi nilainya.", EN: "There is no score of the post-test yet. Enter it."}
	default:
		o.State, o.Reason = verdict(r, o.Total, coursetype.Percent(attended, scheduled))
	}
	if o.State == coursetype.Passed {
		o.Hours = c.hours(record.Sessions)
		o.JP = coursetype.TotalHours(o.Hours)
	}
	return o
}

// verdict says whether total and attendance suffice under r, and why.
func verdict(r coursetype.RuleSet, total, attended coursetype.Hundredths) (coursetype.State, coursetype.Text) {
	said := func(h, bound coursetype.Hundredths, id, en string) coursetype.Text {
		return coursetype.Text{ID: fmt.Sprintf(id, h, bound), EN: fmt.Sprintf(en, english(h), english(bound))}
	}
	met := enough().Met(attended)
	switch {
	case !met:
		return coursetype.Failed, said(attended, enough().At,
			"Kehadiran %s%% di bawah batas %s%%.", "Attendance of %s%% is below the required %s%%.")
	case r.Key == general:
		return coursetype.Passed, said(attended, enough().At,
			"Kehadiran %s%% mencapai batas %s%%.", "Attendance of %s%% reaches the required %s%%.")
	case !r.Pass.Met(total):
		return coursetype.Failed, said(total, r.Pass.At, "Nilai akhir %s di bawah nilai lulus %s.", "The total of %s is below the pass mark of %s.")
	}
	return coursetype.Passed, said(total, r.Pass.At, "Nilai akhir %s mencapai nilai lulus %s.", "The total of %s reaches the pass mark of %s.")
}
