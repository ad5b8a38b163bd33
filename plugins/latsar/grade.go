package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// Grade adds up the weighted scores of each participant.
func (latsar) Grade(_ context.Context, q coursetype.GradeRequest) ([]coursetype.Outcome, error) {
	r, _, err := open(q.RuleSet, q.Settings)
	if err != nil {
		return nil, err
	}
	if err := q.Fair(r.RuleSet); err != nil {
		return nil, err
	}
	answers := make([]coursetype.Outcome, len(q.Records))
	for i, record := range q.Records {
		answers[i] = r.grade(record)
	}
	return answers, nil
}

// grade judges one record.
func (r ruling) grade(record coursetype.Record) coursetype.Outcome {
	o := coursetype.Outcome{Ref: record.Ref}
	var absent coursetype.Text // names of components without a score
	for _, c := range r.Leaves() {
		attempts := record.Attempts(c.Key)
		kept, ok := c.Kept(attempts)
		if !ok {
			o.Missing = append(o.Missing, c.Key)
			absent = listed(absent, c.Name)
			continue
		}
		o.Lines = append(o.Lines, coursetype.Line{
			Component: c.Key, Name: c.Name, Weight: c.Weight, Input: kept, Contribution: c.Weight.Of(kept), Note: tried(c, attempts),
		})
	}
	o.Total = coursetype.Total(o.Lines)
	o.Gates = r.gates(record)
	closed := slices.IndexFunc(o.Gates, func(s coursetype.Standing) bool { return !s.Open })
	switch {
	case len(o.Missing) > 0:
		o.State = coursetype.NoResult
		o.Reason = text(
			fmt.Sprintf("Belum ada nilai untuk %s. Lengkapi nilainya; nilai yang belum ada tidak dihitung nol.", absent.ID),
			fmt.Sprintf("There is no score yet for %s. Complete the scores; one that is not there does not count as zero.", absent.EN))
	case !r.Pass.Met(o.Total):
		o.State = coursetype.Failed
		o.Reason = text(
			fmt.Sprintf("Nilai akhir %s %s. Bawa ke rapat evaluasi.", o.Total, short(r.Pass).ID),
			fmt.Sprintf("The total of %s %s. Bring it to the evaluation meeting.", english(o.Total), short(r.Pass).EN))
	case closed >= 0:
		o.State, o.Reason = coursetype.Failed, o.Gates[closed].Reason
	default:
		o.State = coursetype.Passed
		o.Reason = text(
			fmt.Sprintf("Nilai akhir %s memenuhi batas lulus %s.", o.Total, r.Pass.At),
			fmt.Sprintf("The total of %s meets the pass mark of %s.", english(o.Total), english(r.Pass.At)))
		o.Hours = []coursetype.Hours{r.hours(record)}
		o.JP = coursetype.TotalHours(o.Hours)
	}
	if o.State != coursetype.NoResult {
		o.Grade = r.GradeOf(o.Total)
	}
	return o
}

// short says how a total misses the mark b.
func short(b coursetype.Bound) coursetype.Text {
	if b.Inclusive {
		return text("di bawah batas lulus "+b.At.String(), "is below the pass mark of "+english(b.At))
	}
	return text("tidak melebihi batas lulus "+b.At.String(), "does not exceed the pass mark of "+english(b.At))
}

// listed adds a name to an enumeration.
func listed(all, name coursetype.Text) coursetype.Text {
	if all.ID == "" {
		return name
	}
	return text(all.ID+", "+name.ID, all.EN+", "+name.EN)
}

// tried tells which of several attempts counts.
func tried(c coursetype.Component, attempts []coursetype.Hundredths) coursetype.Text {
	if c.Most() == 1 {
		return coursetype.Text{}
	}
	var id, en []string
	for _, a := range attempts {
		id, en = append(id, a.String()), append(en, english(a))
	}
	return text(
		fmt.Sprintf("Percobaan: %s; dihitung yang terbaik, paling banyak %d percobaan.", strings.Join(id, "; "), c.Most()),
		fmt.Sprintf("Attempts: %s; the best counts, of at most %d.", strings.Join(en, "; "), c.Most()))
}

// gates says of each phase with a gate why the participant may not go on, if so.
func (r ruling) gates(record coursetype.Record) []coursetype.Standing {
	all := r.Stands(record)
	for i, s := range all {
		if s.Open {
			continue
		}
		p := r.Phases[slices.IndexFunc(r.Phases, func(p coursetype.Phase) bool { return p.Key == s.Phase })]
		leaves := r.Leaves()
		c := leaves[slices.IndexFunc(leaves, func(c coursetype.Component) bool { return c.Key == p.Gate.Component })]
		attempts := record.Attempts(c.Key)
		best, ok := c.Kept(attempts)
		left := c.Most() - len(attempts)
		switch {
		case !ok:
			all[i].Reason = text(
				fmt.Sprintf("Nilai %s belum ada. Impor nilainya dari sistem LAN.", c.Name.ID),
				fmt.Sprintf("There is no score for the %s yet. Import it from LAN's system.", c.Name.EN))
		case left > 0:
			all[i].Reason = text(
				fmt.Sprintf("Nilai %s %s belum mencapai %s; masih ada %d percobaan. Minta peserta mengulang pada sistem LAN.", c.Name.ID, best, p.Gate.Min.At, left),
				fmt.Sprintf("The score of the %s, %s, does not reach %s; %d attempts are left. Have the participant try again in LAN's system.", c.Name.EN, english(best), english(p.Gate.Min.At), left))
		default:
			all[i].Reason = text(
				fmt.Sprintf("Nilai %s %s tidak mencapai %s dalam %d percobaan. Bawa ke rapat evaluasi.", c.Name.ID, best, p.Gate.Min.At, c.Most()),
				fmt.Sprintf("The score of the %s, %s, did not reach %s in %d attempts. Bring it to the evaluation meeting.", c.Name.EN, english(best), english(p.Gate.Min.At), c.Most()))
		}
	}
	return all
}

// hours credits the programme, and the timetable where the programme's hours are not
// known.
func (r ruling) hours(record coursetype.Record) coursetype.Hours {
	h := coursetype.Hours{
		Name: text("JP program menurut ketentuan", "Lesson hours of the programme by its rule-set"), Count: r.MinJP, Unit: coursetype.PerHour, Rate: 1_00,
		Note: text("Diakui seluruhnya bagi yang lulus.", "Credited as a whole to who passes."),
	}
	if r.MinJP == 0 {
		h.Name = text("JP sesi yang dihadiri", "Lesson hours of sessions attended")
		h.Note = text("JP program masa itu tidak diketahui.", "The programme's hours of that time are not known.")
		for _, s := range record.Sessions {
			if s.Present {
				h.Count += s.JP
			}
		}
	}
	h.JP = h.Credited()
	return h
}
