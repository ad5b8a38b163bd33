package main

import (
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

func TestEligible(t *testing.T) {
	t.Parallel()
	const start = "2026-11-09"
	ended := func(states ...coursetype.State) (all []coursetype.Past) {
		for _, s := range states {
			all = append(all, coursetype.Past{State: s, Ended: "2025-03-14"})
		}
		return all
	}
	type change = func(*coursetype.Candidate)
	cases := []struct {
		name   string
		set    coursetype.Settings
		change change
		rule   string // "" = eligible
		flags  string
	}{
		{"a candidate of class II", second, func(*coursetype.Candidate) {}, "", ""},
		{"of class III in a batch of III", third, func(c *coursetype.Candidate) { c.Rank = "III/a" }, "", ""},
		{"of class II in a batch of III", third, func(*coursetype.Candidate) {}, ruleRank, ""},
		{"of class III in a batch of II", second, func(c *coursetype.Candidate) { c.Rank = "III/b" }, ruleRank, ""},
		{"of class I", second, func(c *coursetype.Candidate) { c.Rank = "I/c" }, ruleRank, ""},
		{"of class IV", third, func(c *coursetype.Candidate) { c.Rank = "IV/a" }, ruleRank, ""},
		{"of a rank that there is not", second, func(c *coursetype.Candidate) { c.Rank = "IIx/a" }, ruleRank, ""},
		{"rank not sent", second, func(c *coursetype.Candidate) { c.Rank = "" }, ruleRank, ""},
		{"appointment not sent", second, func(c *coursetype.Candidate) { c.Since = "" }, ruleSince, ""},
		{"PNS", second, func(c *coursetype.Candidate) { c.Kind = "PNS" }, ruleCandidate, ""},
		{"PPPK", second, func(c *coursetype.Candidate) { c.Kind, c.Rank = "PPPK", "IX" }, ruleCandidate, ""},
		{"not in service", second, func(c *coursetype.Candidate) { c.Active = false }, ruleActive, ""},
		{"R16, passed before", second, func(c *coursetype.Candidate) { c.Past = ended(coursetype.Passed) }, ruleOnce, ""},
		{"R16, failed before", second, func(c *coursetype.Candidate) { c.Past = ended(coursetype.Failed) }, ruleOnce, ""},
		{"R16, postponed before", second, func(c *coursetype.Candidate) { c.Past = ended(coursetype.NoResult) }, "", flagAgain},
		{"R16, postponed and then failed", second, func(c *coursetype.Candidate) { c.Past = ended(coursetype.NoResult, coursetype.Failed) }, ruleOnce, ""},
		{"still in another one", second, func(c *coursetype.Candidate) { c.Past = []coursetype.Past{{State: coursetype.NoResult}} }, ruleOpen, ""},
		{"first year ends a day later", second, func(c *coursetype.Candidate) { c.Since = "2025-11-10" }, "", ""},
		{"first year ends that day", second, func(c *coursetype.Candidate) { c.Since = "2025-11-09" }, "", ""},
		{"first year ended the day before", second, func(c *coursetype.Candidate) { c.Since = "2025-11-08" }, "", flagLate},
		{"late and postponed", second, func(c *coursetype.Candidate) { c.Since, c.Past = "2023-03-01", ended(coursetype.NoResult) }, "", flagLate + " " + flagAgain},
		{"appointed that day", second, func(c *coursetype.Candidate) { c.Since = start }, "", ""},
		{"appointed the day after", second, func(c *coursetype.Candidate) { c.Since = "2026-11-10" }, ruleSince, ""},
	}
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		for _, tc := range cases {
			t.Run(tc.name, func(t *testing.T) {
				c := coursetype.Candidate{Ref: "c1", Kind: "CPNS", Active: true, Rank: "II/c", Since: "2026-03-01"}
				tc.change(&c)
				got, err := ct.Eligible(t.Context(), coursetype.EligibleRequest{RuleSet: now, Settings: tc.set, Start: start, Candidates: []coursetype.Candidate{c}})
				if err != nil || len(got) != 1 {
					t.Fatalf("Eligible = %+v, %v", got, err)
				}
				e := got[0]
				if err := coursetype.VerifyEligibility(e); err != nil {
					t.Error(err)
				}
				var flags []string
				for _, f := range e.Flags {
					flags = append(flags, f.Rule)
				}
				if e.Ref != "c1" || e.OK != (tc.rule == "") || e.Rule != tc.rule || strings.Join(flags, " ") != tc.flags {
					t.Errorf("%+v, want rule %q and flags %q", e, tc.rule, tc.flags)
				}
			})
		}
	})
}

// A refusal says where to go instead, or what to send.
func TestEligibleNamesTheCure(t *testing.T) {
	t.Parallel()
	for rank, want := range map[string]string{
		"III/a": "Pegawai golongan III, sedangkan angkatan ini untuk golongan II. Usulkan ke angkatan golongan III.",
		"":      "Pangkat tidak terkirim. Isi golongan ruang pada data pegawai, dan pastikan instansi menyetujui pengirimannya.",
		"I/c":   "Golongan ruang pegawai bukan II atau III. Periksa golongan ruang pada data pegawai.",
	} {
		if e, ok := ranked(rank, "II"); ok || e.Reason.ID != want {
			t.Errorf("%q: %s", rank, e.Reason.ID)
		}
	}
}
