package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

const (
	key     = "bimtek"
	version = "1.0.0"

	siasn = 8   // Bimtek, in the 25 activity types of BKN's SIASN
	class = "T" // SIASN: all but functional (F) and workshop, seminar, socialisation (P)

	ruleSet  = "bimtek-umum"
	presence = "kehadiran" // the only component

	phase = "pelaksanaan" // the only one
)

// pass is the share of lesson hours to attend. Institutions' own rule, found in no
// decree: the rule-set is marked Unconfirmed.
func pass() coursetype.Bound { return coursetype.Bound{At: 80_00, Inclusive: true} }

// bimtek judges by presence alone. A bimtek has no national curriculum: its lesson
// hours are those of the timetable (Perlan 10/2018, table of lesson hours).
type bimtek struct{}

// Describe tells the one rule-set.
func (bimtek) Describe(context.Context) (coursetype.Description, error) {
	return coursetype.Description{
		Key:     key,
		Version: version,
		Name:    coursetype.Text{ID: "Bimbingan teknis", EN: "Technical guidance"},
		Summary: coursetype.Text{
			ID: "Pelatihan singkat dengan topik apa pun; kelulusan dinilai dari kehadiran.",
			EN: "A short training on any topic; attendance decides.",
		},
		SIASN:            siasn,
		CertificateClass: class,
		Kinds:            []string{"PNS", "CPNS", "PPPK", "NON_ASN"},
		RuleSets: []coursetype.RuleSet{{
			Key:     ruleSet,
			Title:   coursetype.Text{ID: "Bimbingan teknis umum", EN: "General technical guidance"},
			Decree:  "Peraturan LAN 10/2018",
			Article: "Lampiran, tabel konversi JP",
			From:    "2019-01-01", // first whole year of the decree; its exact day is unconfirmed
			Source:  coursetype.Unconfirmed,
			Doubt: coursetype.Text{
				ID: "Batas kehadiran 80% adalah kebiasaan penyelenggara; tidak ditemukan dalam peraturan.",
				EN: "The attendance bound of 80% is a custom of organisers, found in no regulation.",
			},
			Phases: []coursetype.Phase{{
				Key: phase, Name: coursetype.Text{ID: "Pelaksanaan", EN: "Sessions"}, Mode: coursetype.Classroom,
			}},
			Components: []coursetype.Component{
				{Key: presence, Name: presenceName(), Weight: coursetype.Full, Input: coursetype.Attended},
			},
			Pass: pass(),
			Forms: []coursetype.Form{{
				SIASN: siasn, Name: coursetype.Text{ID: "Bimbingan teknis", EN: "Technical guidance"}, Class: class,
				Unit: coursetype.PerHour, National: coursetype.Credit{Rate: 1_00},
			}},
			MinJP: 1,
		}},
	}, nil
}

func presenceName() coursetype.Text {
	return coursetype.Text{ID: "Kehadiran", EN: "Attendance"}
}

// Check finds nothing wrong: a bimtek has no settings.
func (bimtek) Check(_ context.Context, q coursetype.CheckRequest) ([]coursetype.Finding, error) {
	return nil, known(q.RuleSet)
}

// Plan takes all the days: what is taught when is the organiser's own.
func (bimtek) Plan(_ context.Context, q coursetype.PlanRequest) (coursetype.Plan, error) {
	if err := known(q.RuleSet); err != nil {
		return coursetype.Plan{}, err
	}
	if len(q.Days) == 0 {
		return coursetype.Plan{}, coursetype.Refuse(coursetype.BadRequest, "Tidak ada hari kerja untuk dijadwalkan. Pilih tanggal lain.")
	}
	return coursetype.Plan{Spans: []coursetype.Span{{
		Phase: phase, From: q.Days[0], To: q.Days[len(q.Days)-1], Days: len(q.Days),
	}}}, nil
}

// Eligible accepts everyone in service, of whatever kind.
func (bimtek) Eligible(_ context.Context, q coursetype.EligibleRequest) ([]coursetype.Eligibility, error) {
	if err := known(q.RuleSet); err != nil {
		return nil, err
	}
	answers := make([]coursetype.Eligibility, len(q.Candidates))
	for i, c := range q.Candidates {
		answers[i] = coursetype.Eligibility{Ref: c.Ref, OK: c.Active}
		if !c.Active {
			answers[i].Rule = "aktif"
			answers[i].Reason = coursetype.Text{
				ID: "Pegawai tidak aktif pada hari pertama angkatan. Perbarui status kepegawaiannya atau usulkan pegawai lain.",
				EN: "The employee is not in service on the first day of the batch. Update the employment status or propose someone else.",
			}
		}
	}
	return answers, nil
}

// Grade passes who attended enough of the scheduled lesson hours.
func (bimtek) Grade(_ context.Context, q coursetype.GradeRequest) ([]coursetype.Outcome, error) {
	if err := known(q.RuleSet); err != nil {
		return nil, err
	}
	answers := make([]coursetype.Outcome, len(q.Records))
	for i, r := range q.Records {
		var err error
		if answers[i], err = grade(r); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// grade judges one record. Errors: BadRequest for a session of negative length.
func grade(r coursetype.Record) (coursetype.Outcome, error) {
	var attended, scheduled int // lesson hours
	for _, s := range r.Sessions {
		if s.JP < 0 {
			return coursetype.Outcome{}, coursetype.Refuse(coursetype.BadRequest,
				"Sesi memuat %d JP. Perbaiki JP sesi pada jadwal.", s.JP)
		}
		scheduled += s.JP
		if s.Present {
			attended += s.JP
		}
	}
	if scheduled == 0 {
		return coursetype.Outcome{
			Ref: r.Ref, State: coursetype.NoResult, Missing: []string{presence},
			Reason: coursetype.Text{
				ID: "Belum ada sesi ber-JP sehingga kehadiran tidak dapat dihitung. Lengkapi jadwal.",
				EN: "There is no session with lesson hours, so attendance cannot be computed. Complete the timetable.",
			},
		}, nil
	}

	share := coursetype.Percent(attended, scheduled)
	lines := []coursetype.Line{{
		Component: presence, Name: presenceName(), Weight: coursetype.Full, Input: share, Contribution: coursetype.Full.Of(share),
		Note: coursetype.Text{
			ID: fmt.Sprintf("Hadir %d dari %d JP terjadwal; dibulatkan ke dua desimal, 0,005 ke atas.", attended, scheduled),
			EN: fmt.Sprintf("Attended %d of %d scheduled lesson hours; rounded to two decimals, 0.005 upwards.", attended, scheduled),
		},
	}}
	o := coursetype.Outcome{Ref: r.Ref, State: coursetype.Failed, Total: coursetype.Total(lines), Lines: lines}
	if pass().Met(o.Total) {
		o.State, o.JP = coursetype.Passed, attended
		o.Hours = []coursetype.Hours{{
			Name:  coursetype.Text{ID: "JP yang dihadiri", EN: "Lesson hours attended"},
			Count: attended, Unit: coursetype.PerHour, Rate: 1_00, JP: attended,
		}}
		o.Reason = coursetype.Text{
			ID: fmt.Sprintf("Kehadiran %s%% mencapai batas %s%%.", o.Total, pass().At),
			EN: fmt.Sprintf("Attendance of %s%% reaches the required %s%%.", english(o.Total), english(pass().At)),
		}
	} else {
		o.Reason = coursetype.Text{
			ID: fmt.Sprintf("Kehadiran %s%% di bawah batas %s%%.", o.Total, pass().At),
			EN: fmt.Sprintf("Attendance of %s%% is below the required %s%%.", english(o.Total), english(pass().At)),
		}
	}
	return o, nil
}

// Certify words a Sertifikat. Errors: BadRequest for who did not pass.
func (bimtek) Certify(_ context.Context, q coursetype.CertifyRequest) ([]coursetype.Certificate, error) {
	if err := known(q.RuleSet); err != nil {
		return nil, err
	}
	answers := make([]coursetype.Certificate, len(q.Graduates))
	for i, g := range q.Graduates {
		if g.Outcome.State != coursetype.Passed {
			return nil, coursetype.Refuse(coursetype.BadRequest,
				"Sertifikat hanya untuk peserta yang lulus. Keluarkan peserta lain dari daftar.")
		}
		answers[i] = coursetype.Certificate{
			Ref: g.Ref, Class: class, JP: g.Outcome.JP,
			Title: coursetype.Text{ID: "Sertifikat", EN: "Certificate"},
			Statement: coursetype.Text{
				ID: fmt.Sprintf("telah mengikuti bimbingan teknis selama %d JP dengan kehadiran %s%%.", g.Outcome.JP, g.Outcome.Total),
				EN: fmt.Sprintf("has attended technical guidance of %d lesson hours with an attendance of %s%%.", g.Outcome.JP, english(g.Outcome.Total)),
			},
		}
	}
	return answers, nil
}

// known refuses a rule-set that is not ours. Errors: UnknownRuleSet.
func known(ruleSetKey string) error {
	if ruleSetKey == ruleSet {
		return nil
	}
	return coursetype.Refuse(coursetype.UnknownRuleSet,
		"Ketentuan %q tidak dikenal. Gunakan ketentuan %q.", ruleSetKey, ruleSet)
}

func english(h coursetype.Hundredths) string { return strings.Replace(h.String(), ",", ".", 1) }
