package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// Certify words an STTP. Errors: BadRequest for who did not pass, or whose grade is
// none of the rule-set.
func (latsar) Certify(_ context.Context, q coursetype.CertifyRequest) ([]coursetype.Certificate, error) {
	r, set, err := open(q.RuleSet, q.Settings)
	if err != nil {
		return nil, err
	}
	if err := q.Fair(); err != nil {
		return nil, err
	}
	if err := set.chosen(); err != nil {
		return nil, err
	}
	answers := make([]coursetype.Certificate, len(q.Graduates))
	for i, g := range q.Graduates {
		of := slices.IndexFunc(r.Grades, func(grade coursetype.Grade) bool { return grade.Key == r.GradeOf(g.Outcome.Total) })
		if of < 0 || r.Grades[of].Key != g.Outcome.Grade {
			return nil, coursetype.Refuse(coursetype.BadRequest, "Kualifikasi tidak sesuai nilai akhirnya. Hitung ulang nilai peserta.")
		}
		lasting := coursetype.Text{}
		if g.Outcome.JP > 0 {
			lasting = text(fmt.Sprintf(" selama %d JP", g.Outcome.JP), fmt.Sprintf(" of %d lesson hours", g.Outcome.JP))
		}
		answers[i] = coursetype.Certificate{
			Ref: g.Ref, Class: class, JP: g.Outcome.JP, Title: r.title,
			Statement: text(
				fmt.Sprintf("telah mengikuti Pelatihan Dasar Calon Pegawai Negeri Sipil Golongan %s dengan metode %s%s dan dinyatakan LULUS dengan kualifikasi %s (%s).",
					set.Class, r.method, lasting.ID, r.Grades[of].Name.ID, g.Outcome.Total),
				fmt.Sprintf("has attended the Basic Training of Candidate Civil Servants, rank class %s, by %s%s, and is declared to have PASSED with the qualification %s (%s).",
					set.Class, r.method.english(), lasting.EN, r.Grades[of].Name.EN, english(g.Outcome.Total))),
		}
	}
	return answers, nil
}

// english names the method in English.
func (m method) english() string {
	switch m {
	case classical:
		return "classroom learning"
	case distance:
		return "distance learning"
	case blended:
	}
	return "blended learning"
}
