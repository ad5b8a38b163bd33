package coursetypetest

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// TestMain makes the test binary a guest when Start runs it: the suite meets a real
// process without building anything.
func TestMain(m *testing.M) {
	if os.Getenv(coursetype.Handshake().MagicCookieKey) != "" {
		coursetype.Serve(guest{})
		return
	}
	os.Exit(m.Run())
}

// wrong are guests that break one promise each.
func wrong() map[string]struct {
	guest guest
	check string // the one that must find it
	got   string // in the report
} {
	var asked atomic.Int64
	var busy atomic.Int64
	var hoard atomic.Pointer[[]byte]
	return map[string]struct {
		guest guest
		check string
		got   string
	}{
		"weights of 99.99": {guest{describe: func(d *coursetype.Description) { d.RuleSets[0].Components[0].Weight-- }}, described, "weights sum to 99,99"},
		"another version each time": {guest{describe: func(d *coursetype.Description) { d.Version = fmt.Sprint("1.0.", asked.Add(1)) }},
			described, "another description"},
		"a counter in its reasons": {guest{outcome: func(_ coursetype.RuleSet, _ coursetype.Record, o *coursetype.Outcome) {
			o.Reason = said(fmt.Sprint("Penilaian ke-", asked.Add(1)))
		}}, same, "another answer"},
		"a rank within the request": {guest{outcomes: func(all []coursetype.Outcome) []coursetype.Outcome {
			for i := range all {
				all[i].Reason = said(fmt.Sprint("Urutan ke-", i+1))
			}
			return all
		}}, same, "in another order"},
		"zero for what is missing": {guest{outcome: func(r coursetype.RuleSet, record coursetype.Record, o *coursetype.Outcome) {
			for _, c := range r.Leaves() {
				for _, m := range o.Missing {
					if c.Key == m {
						o.Lines = append(o.Lines, coursetype.Line{Component: c.Key, Name: c.Name, Weight: c.Weight})
					}
				}
			}
			if o.Missing = nil; o.State == coursetype.NoResult {
				settle(r, record, o)
			}
		}}, string(coursetype.RuleMissing), "without a s"},
		"rounds every contribution": {guest{outcome: func(r coursetype.RuleSet, record coursetype.Record, o *coursetype.Outcome) {
			for i, l := range o.Lines {
				o.Lines[i].Contribution = coursetype.Exact(l.Contribution.Round()) * 1_0000
			}
			o.Total = coursetype.Total(o.Lines)
			settle(r, record, o)
		}}, string(coursetype.RuleExplained), "contribution"},
		"the first attempt instead of the best": {guest{outcome: func(r coursetype.RuleSet, record coursetype.Record, o *coursetype.Outcome) {
			for i, l := range o.Lines {
				if tries := record.Attempts(l.Component); len(tries) > 0 {
					o.Lines[i].Input, o.Lines[i].Contribution = tries[0], l.Weight.Of(tries[0])
				}
			}
			o.Total = coursetype.Total(o.Lines)
			settle(r, record, o)
		}}, string(coursetype.RuleExplained), "not the attempt that counts"},
		"fails who is exactly at the mark": {guest{outcome: func(r coursetype.RuleSet, _ coursetype.Record, o *coursetype.Outcome) {
			if o.State == coursetype.Passed && o.Total == r.Pass.At {
				o.State, o.JP, o.Hours = coursetype.Failed, 0, nil
			}
		}}, string(coursetype.RuleMarked), "total of 7000 hundredths"},
		"passes who is just below": {guest{outcome: func(r coursetype.RuleSet, record coursetype.Record, o *coursetype.Outcome) {
			if o.State == coursetype.Failed && o.Total == r.Pass.At-1 {
				o.State = coursetype.Passed
				credit(record, o)
			}
		}}, string(coursetype.RuleMarked), "total of 6999 hundredths"},
		"an inclusive edge of a grade": {guest{outcome: func(_ coursetype.RuleSet, _ coursetype.Record, o *coursetype.Outcome) {
			if o.Total == 90_00 && o.State != coursetype.NoResult {
				o.Grade = "baik"
			}
		}}, string(coursetype.RuleMarked), "total of 9000 hundredths"},
		"does not look at the attendance": {guest{outcome: func(r coursetype.RuleSet, record coursetype.Record, o *coursetype.Outcome) {
			if o.State == coursetype.Failed && r.Pass.Met(o.Total) && o.Gates[0].Open {
				o.State = coursetype.Passed
				credit(record, o)
			}
		}}, string(coursetype.RuleMarked), "319 of 400 lesson hours of phase kelas"},
		"forgets its gate": {guest{outcome: func(_ coursetype.RuleSet, _ coursetype.Record, o *coursetype.Outcome) { o.Gates = nil }},
			string(coursetype.RuleGated), "0 gates"},
		"opens its gate a hundredth early": {guest{outcome: func(r coursetype.RuleSet, record coursetype.Record, o *coursetype.Outcome) {
			for _, l := range o.Lines {
				if l.Component == "mooc" && l.Input == 69_99 {
					o.Gates[0] = coursetype.Standing{Phase: "mooc", Open: true}
					settle(r, record, o)
				}
			}
		}}, string(coursetype.RuleGated), "mooc at 6999 hundredths"},
		"credits hours that nobody taught": {guest{outcome: func(_ coursetype.RuleSet, _ coursetype.Record, o *coursetype.Outcome) {
			if o.State == coursetype.Passed {
				o.Hours[0].Count, o.Hours[0].JP, o.JP = o.JP+1, o.JP+1, o.JP+1
			}
		}}, string(coursetype.RuleCredited), "more units"},
		"credits hours that its lines do not have": {guest{outcome: func(_ coursetype.RuleSet, _ coursetype.Record, o *coursetype.Outcome) {
			if o.State == coursetype.Passed {
				o.JP--
			}
		}}, string(coursetype.RuleCredited), "its lines sum to"},
		"one answer too few": {guest{outcomes: func(all []coursetype.Outcome) []coursetype.Outcome { return all[:max(0, len(all)-1)] }},
			answered, "answers"},
		"somebody else's answer": {guest{outcomes: func(all []coursetype.Outcome) []coursetype.Outcome {
			if len(all) > 0 {
				all[0].Ref = "somebody"
			}
			return all
		}}, answered, "not asked about"},
		"a panic over an unknown component": {guest{unfair: true, before: func(q coursetype.GradeRequest) {
			r, err := guest{}.fair(q.RuleSet, q.Settings)
			if err == nil {
				err = q.Fair(r)
			}
			if err != nil {
				panic(err)
			}
		}}, refused, "a panic"},
		"grades what is no score": {guest{unfair: true}, refused, "above 100.00"},
		"a participant's Ref in a text": {guest{outcome: func(_ coursetype.RuleSet, record coursetype.Record, o *coursetype.Outcome) {
			o.Reason = said("Peserta " + string(record.Ref))
		}}, string(coursetype.RuleWorded), "a text that says a Ref"},
		"Indonesian alone": {guest{outcome: func(_ coursetype.RuleSet, _ coursetype.Record, o *coursetype.Outcome) { o.Reason.EN = "" }},
			string(coursetype.RuleWorded), "both languages"},
		"everybody is eligible":            {guest{people: func(e *coursetype.Eligibility) { *e = coursetype.Eligibility{Ref: e.Ref, OK: true} }}, eligible, "KIND_OF_NOBODY"},
		"refuses without a word":           {guest{people: func(e *coursetype.Eligibility) { e.Reason = coursetype.Text{} }}, eligible, "rule and reason"},
		"three lesson hours in 90 minutes": {guest{plan: func(p *coursetype.Plan) { p.Sessions[0].JP = 3 }}, planned, "3 JP in 90 minutes"},
		"a finding about nothing":          {guest{found: []coursetype.Finding{{Field: "nothing", Text: said("Perbaiki")}}}, checked, `field "nothing"`},
		"refuses its own plan":             {guest{found: []coursetype.Finding{{Field: "sessions", Refuse: true, Text: said("Perbaiki")}}}, checked, "its own plan"},
		"a certificate for anybody":        {guest{anybody: true}, certified, "for a graduate that is failed"},
		"compares everybody with everybody": {guest{before: func(q coursetype.GradeRequest) {
			for range q.Records {
				for range q.Records {
					n := int64(0)
					for i := range int64(1000) {
						n ^= i * n
					}
					busy.Add(n)
				}
			}
		}}, quick, "500 records"},
		"a mebibyte for everybody": {guest{before: func(q coursetype.GradeRequest) {
			for range q.Records {
				b := make([]byte, 1<<20)
				hoard.Store(&b)
			}
		}}, lean, "MiB of new memory"},
	}
}

// TestWrong: the check that is named finds each wrong guest, and no other check does.
func TestWrong(t *testing.T) {
	guests := wrong()
	if len(guests) < 10 {
		t.Fatalf("%d wrong guests", len(guests))
	}
	covered := map[string]bool{}
	for name, w := range guests {
		t.Run(name, func(t *testing.T) {
			report := Examine(t.Context(), w.guest, "")
			if diff := cmp.Diff([]string{w.check}, report.Failed()); diff != "" {
				t.Fatalf("broken checks (-want +got):\n%s%s", diff, report)
			}
			for _, c := range report.Checks {
				for _, b := range c.Breach {
					if strings.Contains(b.Asked, w.got) || strings.Contains(b.Got, w.got) {
						covered[c.Name] = true
						return
					}
				}
			}
			t.Errorf("the report does not say %q:\n%s", w.got, report)
		})
	}
	for _, c := range checks() {
		if !covered[c.Name] {
			t.Errorf("no wrong guest for the check %s", c.Name)
		}
	}
}

// TestRight: the guest without hooks is told nothing, in the process and out of it.
func TestRight(t *testing.T) {
	Run(t, guest{}, "", `{"topic":"Arsip"}`)
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	RunProgram(t, path)
}
