package main

import (
	"context"
	"fmt"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// Certify words the certificate of a form. Errors: BadRequest for who did not pass.
func (bimtek) Certify(_ context.Context, q coursetype.CertifyRequest) ([]coursetype.Certificate, error) {
	r, err := known(q.RuleSet)
	if err != nil {
		return nil, err
	}
	c, err := read(q.Settings)
	if err != nil {
		return nil, err
	}
	if err := q.Fair(); err != nil {
		return nil, err
	}
	answers := make([]coursetype.Certificate, len(q.Graduates))
	for i, g := range q.Graduates {
		answers[i] = coursetype.Certificate{
			Ref: g.Ref, Class: c.form.Class, JP: g.Outcome.JP, Title: c.document(), Statement: c.statement(r, g.Outcome),
		}
	}
	return answers, nil
}

// document returns what the paper is called: who completes a functional or leadership
// training has an STTP, everybody else a Sertifikat.
func (c course) document() coursetype.Text {
	if c.form.Class == "F" || c.SIASN == typeLeadership {
		return coursetype.Text{ID: "Surat Tanda Tamat Pelatihan", EN: "Certificate of Completion of Training"}
	}
	return coursetype.Text{ID: "Sertifikat", EN: "Certificate"}
}

// statement words what somebody did. Hours that are converted are worth so many, and
// did not last so long.
func (c course) statement(r coursetype.RuleSet, o coursetype.Outcome) coursetype.Text {
	id, en := "telah "+c.form.deed.ID, "has "+c.form.deed.EN
	if c.Topic != "" {
		id, en = id+" “"+c.Topic+"”", en+" on “"+c.Topic+"”"
	}
	if c.form.Class == "P" {
		id, en = id+" sebagai peserta", en+" as a participant"
	}
	lasting, of := "selama", "of"
	if c.form.Unit != coursetype.PerHour || c.credit.Rate != 1_00 || c.credit.DayCap > 0 {
		lasting, of = "setara", "worth"
	}
	id += fmt.Sprintf(" %s %d JP dengan ", lasting, o.JP)
	en += fmt.Sprintf(" %s %d lesson hours with ", of, o.JP)
	if r.Key == general {
		return coursetype.Text{ID: fmt.Sprintf("%skehadiran %s%%.", id, o.Total), EN: fmt.Sprintf("%san attendance of %s%%.", en, english(o.Total))}
	}
	return coursetype.Text{ID: fmt.Sprintf("%snilai akhir %s.", id, o.Total), EN: fmt.Sprintf("%sa total of %s.", en, english(o.Total))}
}
