package nomination

import (
	"context"
	"slices"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// A Plea is why somebody whom the course type flags is proposed all the same (a CPNS past
// the first year, for Latsar).
type Plea struct {
	Reason string
	Letter string // number of the sender's letter
}

// heard trims p and says what it lacks for flags; without flags there is nothing to plead.
// Errors: fault.Invalid (reason, letter).
func (p Plea) heard(flags []coursetype.Flag) (Plea, error) {
	if len(flags) == 0 {
		return Plea{}, nil
	}
	if p.Reason == "" {
		return p, fault.At("reason", "Pegawai ini ditandai: %s Isi alasan mengusulkannya dan nomor surat instansi Anda.", flags[0].Reason.ID)
	}
	var err error
	if p.Reason, err = fault.Text("reason", "Alasan", p.Reason, 500); err != nil {
		return p, err
	}
	p.Letter, err = fault.Text("letter", "Nomor surat", p.Letter, 120)
	return p, err
}

// candidate is what the course type of b is told of e: kind and service, and of the rest
// what b's host has agreed to.
func candidate(b batch.Batch, e employee.Employee, before []coursetype.Past) coursetype.Candidate {
	c := coursetype.Candidate{Ref: coursetype.Ref(e.ID), Kind: string(e.Kind), Active: e.Serving()}
	if e.Kind == employee.PPPKPart { // a PPPK like the others, to a course type
		c.Kind = string(employee.PPPK)
	}
	if slices.Contains(b.Asks, coursetype.FieldRank) {
		c.Rank = e.RankClass()
	}
	if slices.Contains(b.Asks, coursetype.FieldSince) {
		c.Since = e.Appointed().String()
	}
	if slices.Contains(b.Asks, coursetype.FieldHistory) {
		c.Past = before
	}
	return c
}

// eligible asks the batch's guest whether e may attend, and returns what it flags.
// Errors: fault.Invalid with its reason; fault.Unavailable.
func (s *Service) eligible(ctx context.Context, b batch.Batch, e employee.Employee, before []coursetype.Past) ([]coursetype.Flag, error) {
	guest, err := s.host.Guest(b.CourseType, b.Version)
	if err != nil {
		return nil, err
	}
	answers, err := guest.Eligible(ctx, coursetype.EligibleRequest{
		RuleSet: b.RuleSet, Settings: b.Settings, Start: b.Starts.String(),
		Candidates: []coursetype.Candidate{candidate(b, e, before)},
	})
	if err != nil {
		return nil, err
	}
	flags := []coursetype.Flag{}
	for _, a := range answers {
		if !a.OK {
			return nil, fault.At("employee", "Pegawai ini belum memenuhi syarat (%s): %s", a.Rule, a.Reason.ID)
		}
		flags = append(flags, a.Flags...)
	}
	return flags, nil
}
