package main

import (
	"context"
	"slices"
	"strings"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

const (
	key     = "bimtek"
	version = "1.0.0"

	general  = "bimtek-umum"      // attendance decides
	withTest = "bimtek-post-test" // attendance and a post-test decide

	presence = "kehadiran"
	posttest = "post_test"

	phase = "pelaksanaan" // the only one
)

// bimtek is a training on any topic, of a few days or by e-learning. It has no national
// curriculum: its lesson hours are those of the timetable, converted as the table of
// Perlan 10/2018 has it for the SIASN type that the batch is reported as.
type bimtek struct{}

// Describe tells the rule-sets: what each batch chooses stands in its settings.
func (bimtek) Describe(context.Context) (coursetype.Description, error) {
	schema, err := schema()
	if err != nil {
		return coursetype.Description{}, err
	}
	return coursetype.Description{
		Key:     key,
		Version: version,
		Name:    coursetype.Text{ID: "Bimbingan teknis", EN: "Technical guidance"},
		Summary: coursetype.Text{
			ID: "Pelatihan singkat atau e-learning dengan topik apa pun; kelulusan dinilai dari kehadiran, bila perlu juga dari post-test.",
			EN: "A short training or e-learning on any topic; attendance decides, and a post-test where wanted.",
		},
		SIASNSetting: "siasn",
		Kinds:        kinds(),
		Schema:       schema,
		RuleSets:     []coursetype.RuleSet{attendanceAlone(), attendanceAndTest()},
	}, nil
}

func kinds() []string { return []string{"PNS", "CPNS", "PPPK", "NON_ASN"} }

func attendanceAlone() coursetype.RuleSet {
	return coursetype.RuleSet{
		Key:     general,
		Title:   coursetype.Text{ID: "Bimbingan teknis umum", EN: "General technical guidance"},
		Decree:  "Peraturan LAN 10/2018",
		Article: "Lampiran, tabel konversi JP",
		From:    "2019-01-01", // first whole year of the decree; its exact day is unconfirmed
		Source:  coursetype.Unconfirmed,
		Doubt:   doubt("Batas kehadiran 80%", "The attendance bound of 80%"),
		Phases: []coursetype.Phase{{
			Key: phase, Name: coursetype.Text{ID: "Pelaksanaan", EN: "Sessions"}, Mode: coursetype.Classroom,
		}},
		Components: []coursetype.Component{
			{Key: presence, Name: presenceName(), Weight: coursetype.Full, Input: coursetype.Attended},
		},
		Pass:  enough(),
		Forms: table(),
		MinJP: 1,
	}
}

// attendanceAndTest bounds the attendance by itself: points of a test do not make up
// for days away.
func attendanceAndTest() coursetype.RuleSet {
	r := attendanceAlone()
	r.Key = withTest
	r.Title = coursetype.Text{ID: "Bimbingan teknis dengan post-test", EN: "Technical guidance with a post-test"}
	r.Doubt = doubt("Batas kehadiran 80%, bobot kehadiran 40% dan post-test 60%, nilai lulus 70,00 dan satu kali ulangan",
		"The attendance bound of 80%, weights of 40% for attendance and 60% for the post-test, the pass mark of 70.00 and one repetition")
	r.Phases[0].Attend = coursetype.Attendance{Min: enough()}
	r.Components = []coursetype.Component{
		{Key: presence, Name: presenceName(), Weight: 40_00, Input: coursetype.Attended},
		{Key: posttest, Name: coursetype.Text{ID: "Post-test", EN: "Post-test"}, Weight: 60_00, Input: coursetype.Scored, Phase: phase, Attempts: 2},
	}
	r.Pass = coursetype.Bound{At: 70_00, Inclusive: true}
	return r
}

// enough is the share of lesson hours to attend: institutions' own rule.
func enough() coursetype.Bound { return coursetype.Bound{At: 80_00, Inclusive: true} }

// doubt names the customs of a rule-set, and what is uncertain in the table of lesson
// hours of all.
func doubt(id, en string) coursetype.Text {
	return coursetype.Text{
		ID: id + " adalah kebiasaan penyelenggara; tidak ditemukan dalam peraturan. " +
			"Tabel konversi JP dikutip dari surat Sestama BPS B-031/BPS/2600/02/2019, belum dicocokkan dengan lampiran Peraturan LAN 10/2018. " +
			"Pembulatan tarif 1,2 tidak diatur dan dilakukan ke bawah, satu kali atas seluruh JP atau per hari bila ada batas harian; " +
			"batas 2 JP sehari pada belajar mandiri dan komunitas belajar dipakai juga untuk tarif internasional. " +
			"Satu angkatan magang, detasering, patok banding atau pertukaran dihitung satu kali; satu sesi coaching atau mentoring dihitung satu kali. " +
			"Jenis 13, 24 dan 25 tidak ada dalam tabel.",
		EN: en + " are customs of organisers, found in no regulation. " +
			"The table of lesson hours is quoted from a letter of BPS (Sestama B-031/BPS/2600/02/2019) and not yet compared with the annex of Peraturan LAN 10/2018. " +
			"No rounding of the rate 1.2 is published: down, once over all lesson hours, or per day where a day has a cap; " +
			"the cap of 2 lesson hours a day of self-study and communities of practice is kept at the international rate. " +
			"A batch of an internship, a secondment, a benchmarking or an exchange counts once; a session of coaching or mentoring counts once. " +
			"Types 13, 24 and 25 have no row.",
	}
}

func table() (all []coursetype.Form) {
	for _, f := range forms() {
		all = append(all, f.Form)
	}
	return all
}

func presenceName() coursetype.Text { return coursetype.Text{ID: "Kehadiran", EN: "Attendance"} }

// Eligible accepts everyone in service, and who is no civil servant in any case: a
// bimtek may have pupils, village officials or citizens.
func (bimtek) Eligible(_ context.Context, q coursetype.EligibleRequest) ([]coursetype.Eligibility, error) {
	if _, err := known(q.RuleSet); err != nil {
		return nil, err
	}
	if _, err := read(q.Settings); err != nil {
		return nil, err
	}
	if err := q.Fair(); err != nil {
		return nil, err
	}
	answers := make([]coursetype.Eligibility, len(q.Candidates))
	for i, c := range q.Candidates {
		a := &answers[i]
		a.Ref = c.Ref
		switch {
		case !slices.Contains(kinds(), c.Kind):
			a.Rule = "jenis"
			a.Reason = coursetype.Text{
				ID: "Jenis kepegawaian tidak dikenal. Isi PNS, CPNS, PPPK atau non-ASN pada data orang ini.",
				EN: "The kind of employment is unknown. Enter PNS, CPNS, PPPK or non-ASN for this person.",
			}
		case !c.Active && c.Kind != "NON_ASN":
			a.Rule = "aktif"
			a.Reason = coursetype.Text{
				ID: "Pegawai tidak aktif pada hari pertama angkatan. Perbarui status kepegawaiannya atau usulkan pegawai lain.",
				EN: "The employee is not in service on the first day of the batch. Update the employment status or propose someone else.",
			}
		default:
			a.OK = true
		}
	}
	return answers, nil
}

// known returns the rule-set of that key. Errors: UnknownRuleSet.
func known(ruleSet string) (coursetype.RuleSet, error) {
	switch ruleSet {
	case general:
		return attendanceAlone(), nil
	case withTest:
		return attendanceAndTest(), nil
	}
	return coursetype.RuleSet{}, coursetype.Refuse(coursetype.UnknownRuleSet,
		"Ketentuan ini tidak dikenal. Gunakan ketentuan %q atau %q.", general, withTest)
}

func english(h coursetype.Hundredths) string { return strings.Replace(h.String(), ",", ".", 1) }
