package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// scores returns a post-test's attempts.
func scores(values ...coursetype.Hundredths) (all []coursetype.Score) {
	for _, v := range values {
		all = append(all, coursetype.Score{Component: posttest, Value: v})
	}
	return all
}

func TestGrade(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		ruleSet  string
		sessions string
		scores   []coursetype.Score
		state    coursetype.State
		total    coursetype.Hundredths
		jp       int
		reason   string
	}{
		{"all attended", general, attendedOn(8, 8), nil, coursetype.Passed, 100_00, 16, "Kehadiran 100,00% mencapai batas 80,00%."},
		{"exactly the threshold", general, "2026-11-09:16+ 2026-11-10:4-", nil, coursetype.Passed, 80_00, 16, "Kehadiran 80,00% mencapai batas 80,00%."},
		{"just below", general, "2026-11-09:799+ 2026-11-10:201-", nil, coursetype.Failed, 79_90, 0, "Kehadiran 79,90% di bawah batas 80,00%."},
		{"just above", general, "2026-11-09:801+ 2026-11-10:199-", nil, coursetype.Passed, 80_10, 801, "Kehadiran 80,10% mencapai batas 80,00%."},
		{"two thirds", general, "2026-11-09:2+ 2026-11-10:1-", nil, coursetype.Failed, 66_67, 0, "Kehadiran 66,67% di bawah batas 80,00%."},
		{"never there", general, "2026-11-09:8- 2026-11-10:8-", nil, coursetype.Failed, 0, 0, "Kehadiran 0,00% di bawah batas 80,00%."},
		{"a session without JP counts nothing", general, "2026-11-09:0- 2026-11-09:8+", nil, coursetype.Passed, 100_00, 8, "Kehadiran 100,00% mencapai batas 80,00%."},
		{"no sessions", general, "", nil, coursetype.NoResult, 0, 0, "Belum ada sesi ber-JP sehingga kehadiran tidak dapat dihitung. Lengkapi jadwal."},
		{"only sessions without JP", general, "2026-11-09:0+", nil, coursetype.NoResult, 0, 0, "Belum ada sesi ber-JP sehingga kehadiran tidak dapat dihitung. Lengkapi jadwal."},

		{"40 and 60 % of the post-test", withTest, attendedOn(8), scores(85_50), coursetype.Passed, 91_30, 8, "Nilai akhir 91,30 mencapai nilai lulus 70,00."},
		{"exactly the mark", withTest, attendedOn(8), scores(50_00), coursetype.Passed, 70_00, 8, "Nilai akhir 70,00 mencapai nilai lulus 70,00."},
		{"just below the mark, 69.994", withTest, attendedOn(8), scores(49_99), coursetype.Failed, 69_99, 0, "Nilai akhir 69,99 di bawah nilai lulus 70,00."},
		{"the better of two", withTest, attendedOn(8), scores(90_00, 40_00), coursetype.Passed, 94_00, 8, "Nilai akhir 94,00 mencapai nilai lulus 70,00."},
		{"points do not make up for days away", withTest, "2026-11-09:79+ 2026-11-10:21-", scores(100_00), coursetype.Failed, 91_60, 0, "Kehadiran 79,00% di bawah batas 80,00%."},
		{"no post-test", withTest, attendedOn(8), nil, coursetype.NoResult, 40_00, 0, "Nilai post-test belum ada. Isi nilainya."},
		{"no post-test and never there", withTest, "2026-11-09:8-", nil, coursetype.NoResult, 0, 0, "Nilai post-test belum ada. Isi nilainya."},
		{"a post-test of 0", withTest, attendedOn(8), scores(0), coursetype.Failed, 40_00, 0, "Nilai akhir 40,00 di bawah nilai lulus 70,00."},
		{"a post-test without a timetable", withTest, "", scores(100_00), coursetype.NoResult, 60_00, 0, "Belum ada sesi ber-JP sehingga kehadiran tidak dapat dihitung. Lengkapi jadwal."},
	} {
		record := coursetype.Record{Ref: "p1", Sessions: timetable(t, tc.sessions), Scores: tc.scores}
		got, err := bimtek{}.Grade(t.Context(), coursetype.GradeRequest{RuleSet: tc.ruleSet, Records: []coursetype.Record{record}})
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %d outcomes, %v", tc.name, len(got), err)
			continue
		}
		if o := got[0]; o.Ref != "p1" || o.State != tc.state || o.Total != tc.total || o.JP != tc.jp || o.Reason.ID != tc.reason {
			t.Errorf("%s: %s %s, %d JP, %q; want %s %s, %d JP, %q", tc.name, o.State, o.Total, o.JP, o.Reason.ID, tc.state, tc.total, tc.jp, tc.reason)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	day := []coursetype.Presence{{Session: "s", Day: "2026-11-09", JP: 8, Present: true}}
	ask := func(ruleSet string, s coursetype.Settings, sessions []coursetype.Presence, scores ...coursetype.Score) error {
		_, err := bimtek{}.Grade(t.Context(), coursetype.GradeRequest{RuleSet: ruleSet, Settings: s,
			Records: []coursetype.Record{{Ref: "p1", Sessions: sessions, Scores: scores}}})
		return err
	}
	for name, tc := range map[string]struct {
		err  error
		want string // "" = answered
	}{
		"as it should be":           {ask(general, "", day), ""},
		"another rule-set":          {ask("x", "", day), "Ketentuan ini tidak dikenal"},
		"negative JP":               {ask(general, "", []coursetype.Presence{{Session: "s", Day: "2026-11-09", JP: -1}}), "Sesi memuat -1 JP"},
		"a post-test that is none":  {ask(general, "", day, scores(80_00)...), "tidak dikenal ketentuan ini"},
		"a third attempt":           {ask(withTest, "", day, scores(1, 2, 3)...), "lebih dari 2 kali"},
		"another setting":           {ask(general, `{"x":1}`, day), "Pengaturan angkatan"},
		"no type":                   {ask(general, `{"siasn":0}`, day), "SIASN 0 belum"},
		"a type without a row":      {ask(general, `{"siasn":24}`, day), "SIASN 24 belum"},
		"leadership abroad":         {ask(general, `{"siasn":1,"abroad":true}`, day), "tidak dikonversi di luar negeri"},
		"a mode that is none":       {ask(general, `{"mode":"radio"}`, day), "Cara penyelenggaraan"},
		"an aim below 0":            {ask(general, `{"jp":-1}`, day), "Sasaran -1 JP"},
		"an aim at the most":        {ask(general, `{"jp":400}`, day), ""},
		"an aim above the most":     {ask(general, `{"jp":401}`, day), "Sasaran 401 JP"},
		"a topic of two lines":      {ask(general, `{"topic":"a\nb"}`, day), "Topik"},
		"a topic of 200 characters": {ask(general, coursetype.Settings(fmt.Sprintf(`{"topic":"%0200d"}`, 1)), day), ""},
		"a topic of 201 characters": {ask(general, coursetype.Settings(fmt.Sprintf(`{"topic":"%0201d"}`, 1)), day), "Topik"},
	} {
		var e *coursetype.Error
		if tc.want == "" && tc.err != nil || tc.want != "" && (!errors.As(tc.err, &e) || e.Fault() != coursetype.FaultHost || !strings.Contains(e.Text, tc.want)) {
			t.Errorf("%s: %v, want %q", name, tc.err, tc.want)
		}
	}
}

func TestEligible(t *testing.T) {
	t.Parallel()
	q := coursetype.EligibleRequest{RuleSet: general}
	for _, kind := range []string{"PNS", "CPNS", "PPPK", "NON_ASN", "TNI"} {
		for _, active := range []bool{true, false} {
			q.Candidates = append(q.Candidates, coursetype.Candidate{Ref: coursetype.Ref(fmt.Sprint(kind, active)), Kind: kind, Active: active})
		}
	}
	got, err := bimtek{}.Eligible(t.Context(), q)
	if err != nil || len(got) != len(q.Candidates) {
		t.Fatalf("Eligible = %d answers, %v", len(got), err)
	}
	rules := map[coursetype.Ref]string{"PNSfalse": "aktif", "CPNSfalse": "aktif", "PPPKfalse": "aktif", "TNItrue": "jenis", "TNIfalse": "jenis"}
	for i, e := range got {
		if c := q.Candidates[i]; e.Ref != c.Ref || e.Rule != rules[c.Ref] || e.OK != (e.Rule == "") {
			t.Errorf("%+v -> %+v", c, e)
		}
	}
}

func TestCertify(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		ruleSet            string
		settings           coursetype.Settings
		class, title, text string // "" of the English is not looked at
		english            string
	}{
		{general, "", "T", "Sertifikat", "telah mengikuti bimbingan teknis selama 14 JP dengan kehadiran 87,50%.",
			"has attended technical guidance of 14 lesson hours with an attendance of 87.50%."},
		{general, `{"siasn":8,"topic":" Arsip digital "}`, "T", "Sertifikat", "telah mengikuti bimbingan teknis “Arsip digital” selama 14 JP dengan kehadiran 87,50%.",
			"has attended technical guidance on “Arsip digital” of 14 lesson hours with an attendance of 87.50%."},
		{withTest, "", "T", "Sertifikat", "telah mengikuti bimbingan teknis selama 14 JP dengan nilai akhir 87,50.",
			"has attended technical guidance of 14 lesson hours with a total of 87.50."},
		{general, `{"siasn":8,"abroad":true}`, "T", "Sertifikat", "telah mengikuti bimbingan teknis setara 14 JP dengan kehadiran 87,50%.",
			"has attended technical guidance worth 14 lesson hours with an attendance of 87.50%."},
		{general, `{"siasn":9,"topic":"Layanan publik"}`, "P", "Sertifikat", "telah mengikuti seminar “Layanan publik” sebagai peserta setara 14 JP dengan kehadiran 87,50%.",
			"has taken part in a seminar on “Layanan publik” as a participant worth 14 lesson hours with an attendance of 87.50%."},
		{general, `{"siasn":2}`, "F", "Surat Tanda Tamat Pelatihan", "telah menyelesaikan pelatihan fungsional selama 14 JP dengan kehadiran 87,50%.",
			"has completed functional training of 14 lesson hours with an attendance of 87.50%."},
		{general, `{"siasn":1}`, "T", "Surat Tanda Tamat Pelatihan", "telah menyelesaikan pelatihan struktural kepemimpinan selama 14 JP dengan kehadiran 87,50%.",
			"has completed structural leadership training of 14 lesson hours with an attendance of 87.50%."},
		{general, `{"siasn":10}`, "T", "Sertifikat", "telah melaksanakan magang setara 14 JP dengan kehadiran 87,50%.",
			"has done an internship worth 14 lesson hours with an attendance of 87.50%."},
		{general, `{"siasn":16}`, "T", "Sertifikat", "telah mengikuti e-learning setara 14 JP dengan kehadiran 87,50%.",
			"has attended e-learning worth 14 lesson hours with an attendance of 87.50%."},
	} {
		got, err := bimtek{}.Certify(t.Context(), coursetype.CertifyRequest{RuleSet: tc.ruleSet, Settings: tc.settings, Graduates: []coursetype.Graduate{
			{Ref: "p1", Outcome: coursetype.Outcome{State: coursetype.Passed, Total: 87_50, JP: 14}}}})
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %d, %v", tc.settings, len(got), err)
			continue
		}
		if c := got[0]; c.Ref != "p1" || c.JP != 14 || c.Class != tc.class || c.Title.ID != tc.title {
			t.Errorf("%s: %+v", tc.settings, c)
		}
		if diff := cmp.Diff(coursetype.Text{ID: tc.text, EN: tc.english}, got[0].Statement); diff != "" {
			t.Errorf("%s: %s", tc.settings, diff)
		}
	}
}
