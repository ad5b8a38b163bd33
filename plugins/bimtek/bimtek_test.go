package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// timetable reads "4+ 4- 2+": sessions with their JP, attended or not.
func timetable(t *testing.T, s ...string) []coursetype.Presence {
	t.Helper()
	var sessions []coursetype.Presence
	for i, one := range s {
		var jp int
		var sign rune
		if _, err := fmt.Sscanf(one, "%d%c", &jp, &sign); err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, coursetype.Presence{
			Session: coursetype.Ref(fmt.Sprint("s", i)), JP: jp, Present: sign == '+'})
	}
	return sessions
}

func TestGrade(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		sessions []string
		state    coursetype.State
		total    coursetype.Hundredths
		jp       int
	}{
		{"all attended", []string{"8+", "8+"}, coursetype.Passed, 100_00, 16},
		{"exactly the threshold", []string{"16+", "4-"}, coursetype.Passed, 80_00, 16},
		{"just below", []string{"799+", "201-"}, coursetype.Failed, 79_90, 0},
		{"rounds up to the threshold", []string{"15999+", "4001-"}, coursetype.Passed, 80_00, 15999},
		{"rounds down below it", []string{"79994+", "20006-"}, coursetype.Failed, 79_99, 0},
		{"two thirds", []string{"2+", "1-"}, coursetype.Failed, 66_67, 0},
		{"never there", []string{"8-", "8-"}, coursetype.Failed, 0, 0},
		{"a session without JP counts nothing", []string{"0-", "8+"}, coursetype.Passed, 100_00, 8},
		{"no sessions", nil, coursetype.NoResult, 0, 0},
		{"only sessions without JP", []string{"0+"}, coursetype.NoResult, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := bimtek{}.Grade(t.Context(), coursetype.GradeRequest{RuleSet: ruleSet,
				Records: []coursetype.Record{{Ref: "p1", Sessions: timetable(t, tc.sessions...)}}})
			if err != nil || len(got) != 1 {
				t.Fatalf("Grade = %d outcomes, %v", len(got), err)
			}
			o := got[0]
			if o.Ref != "p1" || o.State != tc.state || o.Total != tc.total || o.JP != tc.jp {
				t.Errorf("Grade = %+v, want %s %s %d JP", o, tc.state, tc.total, tc.jp)
			}
			if wantMissing := tc.state == coursetype.NoResult; (len(o.Missing) > 0) != wantMissing || (len(o.Lines) == 0) != wantMissing {
				t.Errorf("missing %v, lines %v", o.Missing, o.Lines)
			}
			if o.Reason.ID == "" || o.Reason.EN == "" {
				t.Errorf("no reason in %+v", o)
			}
		})
	}
}

func TestGradeExplainsItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var r coursetype.Record
		scheduled := 0
		for range rapid.IntRange(0, 40).Draw(t, "sessions") {
			s := coursetype.Presence{JP: rapid.IntRange(0, 12).Draw(t, "jp"), Present: rapid.Bool().Draw(t, "present")}
			r.Sessions, scheduled = append(r.Sessions, s), scheduled+s.JP
		}
		o, err := grade(r)
		if err != nil {
			t.Fatal(err)
		}
		if o.Total != coursetype.Total(o.Lines) || o.Total < 0 || o.Total > coursetype.Full {
			t.Errorf("total %s of lines %v", o.Total, o.Lines)
		}
		if o.JP < 0 || o.JP > scheduled || (o.JP > 0) != (o.State == coursetype.Passed) {
			t.Errorf("%d of %d JP when %s", o.JP, scheduled, o.State)
		}
		if again, _ := grade(r); !cmp.Equal(o, again) {
			t.Errorf("the same record graded twice differs: %s", cmp.Diff(o, again))
		}
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	g := bimtek{}
	failed := []coursetype.Graduate{{Ref: "p1", Outcome: coursetype.Outcome{State: coursetype.Failed}}}
	for _, tc := range []struct {
		name string
		ask  func() error
		want coursetype.Kind
	}{
		{"eligible under an unknown rule-set", func() error {
			_, err := g.Eligible(t.Context(), coursetype.EligibleRequest{RuleSet: "x"})
			return err
		}, coursetype.UnknownRuleSet},
		{"grade under an unknown rule-set", func() error {
			_, err := g.Grade(t.Context(), coursetype.GradeRequest{})
			return err
		}, coursetype.UnknownRuleSet},
		{"certify under an unknown rule-set", func() error {
			_, err := g.Certify(t.Context(), coursetype.CertifyRequest{RuleSet: "x"})
			return err
		}, coursetype.UnknownRuleSet},
		{"negative JP", func() error {
			_, err := grade(coursetype.Record{Sessions: []coursetype.Presence{{JP: -1, Present: true}}})
			return err
		}, coursetype.BadRequest},
		{"certificate for who failed", func() error {
			_, err := g.Certify(t.Context(), coursetype.CertifyRequest{RuleSet: ruleSet, Graduates: failed})
			return err
		}, coursetype.BadRequest},
	} {
		var e *coursetype.Error
		if err := tc.ask(); !errors.As(err, &e) || e.Kind != tc.want || e.Fault() != coursetype.FaultHost {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
	}
}

func TestEligible(t *testing.T) {
	t.Parallel()
	q := coursetype.EligibleRequest{RuleSet: ruleSet}
	for _, kind := range []string{"PNS", "CPNS", "PPPK", "NON_ASN"} {
		for _, active := range []bool{true, false} {
			q.Candidates = append(q.Candidates, coursetype.Candidate{
				Ref: coursetype.Ref(fmt.Sprint(kind, active)), Kind: kind, Active: active})
		}
	}
	got, err := bimtek{}.Eligible(t.Context(), q)
	if err != nil || len(got) != len(q.Candidates) {
		t.Fatalf("Eligible = %d answers, %v", len(got), err)
	}
	for i, e := range got {
		c := q.Candidates[i]
		if e.Ref != c.Ref || e.OK != c.Active || (e.Rule == "") != c.Active || (e.Reason.ID == "") != c.Active {
			t.Errorf("%+v -> %+v", c, e)
		}
	}
}

func TestCertify(t *testing.T) {
	t.Parallel()
	got, err := bimtek{}.Certify(t.Context(), coursetype.CertifyRequest{RuleSet: ruleSet, Graduates: []coursetype.Graduate{
		{Ref: "p1", Outcome: coursetype.Outcome{State: coursetype.Passed, Total: 87_50, JP: 14}}}})
	want := []coursetype.Certificate{{
		Ref: "p1", Class: "T", JP: 14, Title: coursetype.Text{ID: "Sertifikat", EN: "Certificate"},
		Statement: coursetype.Text{
			ID: "telah mengikuti bimbingan teknis selama 14 JP dengan kehadiran 87,50%.",
			EN: "has attended technical guidance of 14 lesson hours with an attendance of 87.50%.",
		},
	}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Certify: %v %s", err, diff)
	}
}
