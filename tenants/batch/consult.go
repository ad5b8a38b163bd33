package batch

import (
	"context"
	"slices"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants/program"
)

// A verdict is what a course type has said of a draft that can be announced.
type verdict struct {
	settings coursetype.Settings
	rules    coursetype.RuleSet
	asks     []coursetype.Ask
	warnings []string
}

// described returns what the guest of p offers, and the schema of its settings.
// Errors: fault.Unavailable.
func (s *Service) described(ctx context.Context, p program.Pin) (coursetype.CourseType, coursetype.Description, coursetype.Schema, error) {
	guest, err := s.host.Guest(p.CourseType, p.Version)
	if err != nil {
		return nil, coursetype.Description{}, nil, err
	}
	d, err := guest.Describe(ctx)
	if err != nil {
		return nil, d, nil, err
	}
	schema, err := coursetype.ParseSchema(d.Schema)
	return guest, d, schema, err
}

// consult holds d against the rule-set of p and asks the guest what is wrong with it.
// Errors: program.Wrong; fault.Unavailable.
func (s *Service) consult(ctx context.Context, p program.Program, d Draft) (v verdict, err error) {
	guest, described, schema, err := s.described(ctx, p.Pin)
	if err != nil {
		return v, err
	}
	v.rules, _ = described.RuleSet(p.RuleSet) // without it the guest refuses the question
	v.asks = described.Asks
	if v.rules.Key != "" && !program.InForce(v.rules, d.Starts) {
		return v, outOfForce(v.rules)
	}
	if d.Settings == nil {
		d.Settings = func(schema coursetype.Schema) (coursetype.Settings, error) { return program.Fitting(schema, nil) }
	}
	if v.settings, err = d.Settings(schema); err != nil {
		return v, err
	}
	found, err := guest.Check(ctx, coursetype.CheckRequest{
		RuleSet: p.RuleSet, Settings: v.settings, Start: d.Starts.String(), End: d.Ends.String(), Participants: d.seats(),
	})
	if err != nil {
		return v, err
	}
	var wrong program.Wrong
	for _, f := range found {
		if f.Refuse {
			wrong = append(wrong, &fault.Error{Kind: fault.Invalid, Field: input(f.Field), Text: program.Said(ctx, f.Text)})
		} else {
			v.warnings = append(v.warnings, program.Said(ctx, f.Text))
		}
	}
	if wrong != nil {
		return v, wrong
	}
	return v, nil
}

// outOfForce refuses a batch that begins on a day on which r does not hold.
func outOfForce(r coursetype.RuleSet) error {
	from, err := civil.ParseDate(r.From)
	if err != nil {
		return err
	}
	to, err := civil.ParseDate(r.To)
	if err != nil {
		return fault.At("starts", "Ketentuan %s baru berlaku mulai %s. Pilih tanggal sesudahnya, atau program dengan ketentuan lain.", r.Title.ID, from.Short())
	}
	return fault.At("starts", "Ketentuan %s berlaku untuk angkatan yang mulai antara %s dan %s. Pilih tanggal lain, atau program dengan ketentuan lain.", r.Title.ID, from.Short(), to.Short())
}

// input is the form's name of what a finding is about.
func input(field string) string {
	switch field {
	case "start", "sessions": // there are no sessions yet: their days are the batch's
		return "starts"
	case "end":
		return "ends"
	case "participants":
		return "seats1"
	}
	return program.SettingField(field)
}

// Blank is what a batch is to be announced of: its program, and what of the course type's
// settings there is to fill in.
type blank struct {
	program program.Program
	schema  coursetype.Schema
	silent  string // why the course type does not answer
}

// blank returns the program of that id among all, "" = the newest, with its settings.
func (s *Service) blank(ctx context.Context, all []program.Program, id program.ID) (b blank, err error) {
	i := max(0, slices.IndexFunc(all, func(p program.Program) bool { return p.ID == id }))
	if len(all) == 0 {
		return b, nil
	}
	b.program = all[i]
	_, _, b.schema, err = s.described(ctx, b.program.Pin)
	if f := fault.Of(err); f != nil && f.Kind == fault.Unavailable {
		b.silent, err = f.Text, nil
	}
	return b, err
}
