package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// scores reads "sikap 85 mooc 62 mooc 74.5": components with a value each.
func scores(t *testing.T, s string) (all []coursetype.Score) {
	t.Helper()
	words := strings.Fields(s)
	for i := 0; i+1 < len(words); i += 2 {
		var value float64
		if _, err := fmt.Sscanf(words[i+1], "%g", &value); err != nil {
			t.Fatal(err)
		}
		all = append(all, coursetype.Score{Component: words[i], Value: coursetype.Hundredths(value*100 + 0.5)})
	}
	return all
}

// whole is a score for each component of r: all of them total.
func whole(r coursetype.RuleSet, total coursetype.Hundredths) (all []coursetype.Score) {
	for _, c := range r.Leaves() {
		all = append(all, coursetype.Score{Component: c.Key, Value: total})
	}
	return all
}

// one grades one record, and holds the outcome against the contract.
func one(t *testing.T, ct coursetype.CourseType, ruleSet string, record coursetype.Record) coursetype.Outcome {
	t.Helper()
	record.Ref = "p1"
	got, err := ct.Grade(t.Context(), coursetype.GradeRequest{RuleSet: ruleSet, Settings: second, Records: []coursetype.Record{record}})
	if err != nil || len(got) != 1 || got[0].Ref != "p1" {
		t.Fatalf("Grade = %+v, %v", got, err)
	}
	if err := asked(t, ct, ruleSet).VerifyOutcome(record, got[0]); err != nil {
		t.Errorf("outcome: %v", err)
	}
	return got[0]
}

func TestGrade(t *testing.T) {
	t.Parallel()
	const result = " capaian 88 kemanfaatan 88 komunikasi 88"
	const poor = " capaian 70 kemanfaatan 70 komunikasi 70"
	cases := []struct {
		name    string
		ruleSet string
		scores  string
		state   coursetype.State
		total   coursetype.Hundredths
		grade   string
		jp      int
		missing []string
	}{
		{"R11", now, "sikap 85 mooc 80 distance-learning 78 rancangan 84 pktbt 82" + result,
			coursetype.Passed, 83_90, "memuaskan", 647, nil},
		{"R11 on campus", "klasikal-berakhlak", "sikap 85 tipe-a 80 tipe-b 78 rancangan 84 pktbt 82" + result,
			coursetype.Passed, 83_90, "memuaskan", 511, nil},
		{"R11 at a distance", "jarak-jauh-berakhlak", "sikap 85 mooc 80 distance-learning 78 rancangan 84 pktbt 82" + result,
			coursetype.Passed, 83_90, "memuaskan", 647, nil},
		{"R12", now, "sikap 70 mooc 70 distance-learning 60 rancangan 68 pktbt 72" + poor,
			coursetype.Failed, 69_00, "kurang-memuaskan", 0, nil},
		{"R12, a component missing", now, "sikap 85 mooc 80 distance-learning 78 rancangan 84" + result,
			coursetype.NoResult, 67_50, "", 0, []string{"pktbt"}},
		{"R12, a zero is a score", now, "sikap 85 mooc 80 distance-learning 78 rancangan 84 pktbt 0" + result,
			coursetype.Failed, 67_50, "kurang-memuaskan", 0, nil},
		{"R15, the best of three", now, "sikap 85 mooc 62 mooc 74 mooc 71 distance-learning 78 rancangan 84 pktbt 82" + result,
			coursetype.Passed, 83_30, "memuaskan", 647, nil},
		{"nothing at all", now, "", coursetype.NoResult, 0, "", 0,
			[]string{"sikap", "mooc", "distance-learning", "rancangan", "capaian", "kemanfaatan", "komunikasi", "pktbt"}},
		{"half a hundredth goes up", now, "sikap 70 mooc 70 distance-learning 70 rancangan 70 capaian 69.90 kemanfaatan 70 komunikasi 70 pktbt 70",
			coursetype.Passed, 70_00, "kurang-memuaskan", 647, nil}, // 69.995
		{"less than half goes down", now, "sikap 70 mooc 70 distance-learning 70 rancangan 70 capaian 69.89 kemanfaatan 70 komunikasi 70 pktbt 70",
			coursetype.Failed, 69_99, "kurang-memuaskan", 0, nil}, // 69.9945
	}
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		for _, tc := range cases {
			t.Run(tc.name, func(t *testing.T) {
				o := one(t, ct, tc.ruleSet, coursetype.Record{Scores: scores(t, tc.scores)})
				if o.State != tc.state || o.Total != tc.total || o.Grade != tc.grade || o.JP != tc.jp || !cmp.Equal(o.Missing, tc.missing) {
					t.Errorf("%s %s %q %d JP, missing %v; want %s %s %q %d JP, %v",
						o.State, o.Total, o.Grade, o.JP, o.Missing, tc.state, tc.total, tc.grade, tc.jp, tc.missing)
				}
			})
		}
	})
}

// R11 line by line: 8,50 + 8,00 + 7,80 + 16,80 + 26,40 + 16,40.
func TestGradeExplains(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		o := one(t, ct, now, coursetype.Record{Scores: scores(t,
			"sikap 85 mooc 80 distance-learning 78 rancangan 84 capaian 88 kemanfaatan 88 komunikasi 88 pktbt 82")})
		var got []string
		for _, l := range o.Lines {
			got = append(got, l.Component+" "+l.Contribution.String())
		}
		want := []string{"sikap 8,50", "mooc 8,00", "distance-learning 7,80", "rancangan 16,80",
			"capaian 4,40", "kemanfaatan 17,60", "komunikasi 4,40", "pktbt 16,40"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if want := text("Percobaan: 80,00; dihitung yang terbaik, paling banyak 3 percobaan.", "Attempts: 80.00; the best counts, of at most 3."); o.Lines[1].Note != want {
			t.Errorf("note of the MOOC: %v", o.Lines[1].Note)
		}
		if len(o.Hours) != 1 || o.Hours[0].Count != 647 {
			t.Errorf("hours: %+v", o.Hours)
		}
	})
}

// R14: both scales at each edge, and whether 70.00 passes.
func TestGradeEdges(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		for _, tc := range []struct {
			ruleSet string
			total   coursetype.Hundredths
			grade   string
			state   coursetype.State
		}{
			{now, 100_00, "sangat-memuaskan", coursetype.Passed},
			{now, 90_01, "sangat-memuaskan", coursetype.Passed},
			{now, 90_00, "memuaskan", coursetype.Passed},
			{now, 89_99, "memuaskan", coursetype.Passed},
			{now, 80_01, "memuaskan", coursetype.Passed},
			{now, 80_00, "cukup-memuaskan", coursetype.Passed},
			{now, 79_99, "cukup-memuaskan", coursetype.Passed},
			{now, 70_01, "cukup-memuaskan", coursetype.Passed},
			{now, 70_00, "kurang-memuaskan", coursetype.Passed}, // inclusive
			{now, 69_99, "kurang-memuaskan", coursetype.Failed},
			{now, 60_01, "kurang-memuaskan", coursetype.Failed},
			{now, 60_00, "tidak-memuaskan", coursetype.Failed},
			{now, 0, "tidak-memuaskan", coursetype.Failed},
			{"klasikal-aneka-2018", 90_01, "sangat-memuaskan", coursetype.Passed},
			{"klasikal-aneka-2018", 70_00, "kurang-memuaskan", coursetype.Passed},
			{old, 100_00, "sangat-memuaskan", coursetype.Passed},
			{old, 92_50, "sangat-memuaskan", coursetype.Passed},
			{old, 92_49, "memuaskan", coursetype.Passed},
			{old, 85_00, "memuaskan", coursetype.Passed},
			{old, 84_99, "cukup-memuaskan", coursetype.Passed},
			{old, 77_50, "cukup-memuaskan", coursetype.Passed},
			{old, 77_49, "kurang-memuaskan", coursetype.Passed},
			{old, 70_01, "kurang-memuaskan", coursetype.Passed},
			{old, 70_00, "tidak-memuaskan", coursetype.Failed}, // exclusive
			{old, 69_99, "tidak-memuaskan", coursetype.Failed},
		} {
			o := one(t, ct, tc.ruleSet, coursetype.Record{Scores: whole(asked(t, ct, tc.ruleSet), tc.total)})
			if o.Total != tc.total || o.Grade != tc.grade || o.State != tc.state {
				t.Errorf("%s under %s: %s %q %s, want %q %s", tc.total, tc.ruleSet, o.Total, o.Grade, o.State, tc.grade, tc.state)
			}
		}
	})
}

// R15: the gate of the MOOC, on its way and at the end.
func TestGate(t *testing.T) {
	t.Parallel()
	const rest = " sikap 90 distance-learning 90 rancangan 90 capaian 90 kemanfaatan 90 komunikasi 90 pktbt 90"
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		for _, tc := range []struct {
			scores string
			open   bool
			says   string // in the reason of a closed gate
			state  coursetype.State
		}{
			{"", false, "Nilai MOOC belum ada", coursetype.NoResult},
			{"mooc 69.99", false, "masih ada 2 percobaan", coursetype.NoResult},
			{"mooc 70", true, "", coursetype.NoResult},
			{"mooc 70.01", true, "", coursetype.NoResult},
			{"mooc 62 mooc 69.99", false, "masih ada 1 percobaan", coursetype.NoResult},
			{"mooc 62 mooc 74 mooc 71", true, "", coursetype.NoResult},
			{"mooc 62 mooc 64 mooc 69.99", false, "69,99 tidak mencapai 70,00 dalam 3 percobaan", coursetype.NoResult},
			{"mooc 69.99" + rest, false, "masih ada 2 percobaan", coursetype.Failed},
			{"mooc 10 mooc 20 mooc 70" + rest, true, "", coursetype.Passed},
		} {
			o := one(t, ct, now, coursetype.Record{Scores: scores(t, tc.scores)})
			if len(o.Gates) != 1 || o.Gates[0].Phase != "mooc" || o.Gates[0].Open != tc.open || !strings.Contains(o.Gates[0].Reason.ID, tc.says) || o.State != tc.state {
				t.Errorf("%q: %s, gates %+v", tc.scores, o.State, o.Gates)
			}
		}
		o := one(t, ct, "klasikal-berakhlak", coursetype.Record{})
		if len(o.Gates) != 0 {
			t.Errorf("a gate on campus: %+v", o.Gates)
		}
	})
}

// R15: three attempts at the MOOC, and one seminar.
func TestUnsoundRecords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		for name, given := range map[string]string{
			"a fourth attempt":         "mooc 62 mooc 74 mooc 71 mooc 80",
			"a second seminar":         "rancangan 60 rancangan 80",
			"a component of elsewhere": "tipe-a 80",
			"a group":                  "akademik 80",
			"above a hundred":          "sikap 100.01",
		} {
			_, err := ct.Grade(t.Context(), coursetype.GradeRequest{RuleSet: now, Records: []coursetype.Record{{Ref: "p1", Scores: scores(t, given)}}})
			refused(t, name, err, coursetype.BadRequest)
		}
	})
}

// Where the programme's hours are not known, those attended count.
func TestHoursOfTheOldTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		r := asked(t, ct, old)
		o := one(t, ct, old, coursetype.Record{Scores: whole(r, 80_00), Sessions: []coursetype.Presence{
			{Session: "1", Day: "2017-09-25", JP: 8, Present: true}, {Session: "2", Day: "2017-09-26", JP: 6}}})
		if o.JP != 8 {
			t.Errorf("%d JP of 8 attended", o.JP)
		}
	})
}

// Whatever is known of somebody, the outcome follows from the rule-set, and is the
// same when asked again.
func TestEveryOutcomeHolds(t *testing.T) {
	t.Parallel()
	all := rulings()
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(all).Draw(t, "ruling")
		record := coursetype.Record{Ref: "p1"}
		few := rapid.IntRange(0, 9).Draw(t, "one in so many is missing")
		for _, c := range r.Leaves() {
			if few > 0 && rapid.IntRange(0, few).Draw(t, "missing") == 0 {
				continue
			}
			for range rapid.IntRange(1, c.Most()).Draw(t, "attempts") {
				record.Scores = append(record.Scores, coursetype.Score{Component: c.Key,
					Value: coursetype.Hundredths(rapid.Int32Range(60_00, 100_00).Draw(t, "score"))})
			}
		}
		for range rapid.IntRange(0, 20).Draw(t, "sessions") {
			record.Sessions = append(record.Sessions, coursetype.Presence{
				Phase: rapid.SampledFrom(r.Phases).Draw(t, "phase").Key, Day: "2026-11-09",
				JP: rapid.IntRange(0, 60).Draw(t, "jp"), Present: rapid.Bool().Draw(t, "present")})
		}
		o := r.grade(record)
		if err := r.VerifyOutcome(record, o); err != nil {
			t.Fatalf("%v: %+v", err, o)
		}
		if again := r.grade(record); !cmp.Equal(o, again) {
			t.Errorf("graded twice: %s", cmp.Diff(o, again))
		}
	})
}

func TestCertify(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		for _, tc := range []struct {
			ruleSet string
			set     coursetype.Settings
			o       coursetype.Outcome
			title   string
			id, en  string
		}{
			{now, third, coursetype.Outcome{State: coursetype.Passed, Total: 83_90, Grade: "memuaskan", JP: 647}, "(STTP)",
				"telah mengikuti Pelatihan Dasar Calon Pegawai Negeri Sipil Golongan III dengan metode blended selama 647 JP dan dinyatakan LULUS dengan kualifikasi Memuaskan (83,90).",
				"has attended the Basic Training of Candidate Civil Servants, rank class III, by blended learning of 647 lesson hours, and is declared to have PASSED with the qualification Satisfactory (83.90)."},
			{"jarak-jauh-aneka", second, coursetype.Outcome{State: coursetype.Passed, Total: 90_01, Grade: "sangat-memuaskan", JP: 647}, "(STTP)",
				"telah mengikuti Pelatihan Dasar Calon Pegawai Negeri Sipil Golongan II dengan metode jarak jauh selama 647 JP dan dinyatakan LULUS dengan kualifikasi Sangat memuaskan (90,01).",
				"has attended the Basic Training of Candidate Civil Servants, rank class II, by distance learning of 647 lesson hours, and is declared to have PASSED with the qualification Highly satisfactory (90.01)."},
			{old, third, coursetype.Outcome{State: coursetype.Passed, Total: 77_50, Grade: "cukup-memuaskan"}, "(STTPP)",
				"telah mengikuti Pelatihan Dasar Calon Pegawai Negeri Sipil Golongan III dengan metode klasikal dan dinyatakan LULUS dengan kualifikasi Cukup memuaskan (77,50).",
				"has attended the Basic Training of Candidate Civil Servants, rank class III, by classroom learning, and is declared to have PASSED with the qualification Fairly satisfactory (77.50)."},
		} {
			g := coursetype.Graduate{Ref: "p1", Outcome: tc.o}
			got, err := ct.Certify(t.Context(), coursetype.CertifyRequest{RuleSet: tc.ruleSet, Settings: tc.set, Graduates: []coursetype.Graduate{g}})
			if err != nil || len(got) != 1 {
				t.Fatalf("Certify = %+v, %v", got, err)
			}
			c := got[0]
			if err := coursetype.VerifyCertificate(g, c); err != nil {
				t.Error(err)
			}
			if c.Ref != "p1" || c.Class != "T" || c.JP != tc.o.JP || !strings.HasSuffix(c.Title.ID, tc.title) {
				t.Errorf("%+v", c)
			}
			if diff := cmp.Diff(text(tc.id, tc.en), c.Statement); diff != "" {
				t.Error(diff)
			}
		}
	})
}
