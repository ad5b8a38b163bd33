package main

import (
	"errors"
	"os"
	"testing"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/coursetype/coursetypetest"
)

// TestMain makes the test binary the guest when it is started as one: what is asked
// in a test goes through a real process too.
func TestMain(m *testing.M) {
	if os.Getenv(coursetype.Handshake().MagicCookieKey) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// each runs f on the guest in this process, and on one in its own.
func each(t *testing.T, f func(*testing.T, coursetype.CourseType)) {
	t.Helper()
	t.Run("in package", func(t *testing.T) {
		t.Parallel()
		f(t, latsar{})
	})
	t.Run("as a process", func(t *testing.T) {
		t.Parallel()
		path, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		f(t, coursetypetest.Start(t, path))
	})
}

func TestContract(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		coursetypetest.Run(t, ct, second, `{"golongan":"III","dasar_metode":"Surat 800/12/2026"}`)
	})
}

// asked returns the rule-set of that key, as ct describes it.
func asked(t *testing.T, ct coursetype.CourseType, ruleSet string) coursetype.RuleSet {
	t.Helper()
	d, err := ct.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, ok := d.RuleSet(ruleSet)
	if !ok {
		t.Fatalf("no rule-set %s", ruleSet)
	}
	return r
}

// refused wants an *Error of that kind that names the cure.
func refused(t *testing.T, name string, err error, want coursetype.Kind) {
	t.Helper()
	var e *coursetype.Error
	if !errors.As(err, &e) || e.Kind != want || e.Fault() != coursetype.FaultHost || e.Text == "" {
		t.Errorf("%s: %v, want %s", name, err, want)
	}
}

// What the contract does not know to ask: without a rank class, a first day or the
// grade of the total, nothing can be said.
func TestRefusals(t *testing.T) {
	t.Parallel()
	const monday = "2026-11-09"
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		for name, q := range map[string]coursetype.EligibleRequest{
			"no rank class":                  {RuleSet: now, Start: monday},
			"a rank class that there is not": {RuleSet: now, Settings: `{"golongan":"IV"}`, Start: monday},
			"a rank class that is a number":  {RuleSet: now, Settings: `{"golongan":2}`, Start: monday},
			"no first day":                   {RuleSet: now, Settings: second},
			"an appointment on no day": {RuleSet: now, Settings: second, Start: monday,
				Candidates: []coursetype.Candidate{{Ref: "c1", Kind: "CPNS", Active: true, Rank: "II/a", Since: "1/3/2026"}}},
		} {
			_, err := ct.Eligible(t.Context(), q)
			refused(t, name, err, coursetype.BadRequest)
		}
		passed := coursetype.Graduate{Ref: "p1", Outcome: coursetype.Outcome{State: coursetype.Passed, Grade: "memuaskan", Total: 90_01}}
		failed := coursetype.Graduate{Ref: "p1", Outcome: coursetype.Outcome{State: coursetype.Failed, Grade: "kurang-memuaskan", Total: 69_00}}
		for name, q := range map[string]coursetype.CertifyRequest{
			"a certificate without a rank class":                {RuleSet: now},
			"R12, a certificate for who failed":                 {RuleSet: now, Settings: second, Graduates: []coursetype.Graduate{failed}},
			"a certificate with another grade than the total's": {RuleSet: now, Settings: second, Graduates: []coursetype.Graduate{passed}},
		} {
			_, err := ct.Certify(t.Context(), q)
			refused(t, name, err, coursetype.BadRequest)
		}
		_, err := ct.Grade(t.Context(), coursetype.GradeRequest{RuleSet: "blended-aneka-2020"})
		refused(t, "a rule-set that there is not", err, coursetype.UnknownRuleSet)
	})
}
