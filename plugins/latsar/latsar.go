package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

const (
	key     = "latsar"
	version = "1.0.0"

	// siasn is "pelatihan klasikal lainnya" of the 25 activity types of BKN's SIASN:
	// none of them names Latsar. See the doubt about credit.
	siasn = 13
	class = "T" // SIASN: all but functional (F) and workshop, seminar, socialisation (P)
)

// Keys of staff roles.
const (
	examiner  = "penguji"
	coach     = "coach"
	mentor    = "mentor"
	trainer   = "widyaiswara"
	organiser = "penyelenggara"
)

// latsar answers from the rulings alone.
type latsar struct{}

// Describe tells the rule-sets, one per method and time.
func (latsar) Describe(context.Context) (coursetype.Description, error) {
	d := coursetype.Description{
		Key:     key,
		Version: version,
		Name:    text("Latsar CPNS", "Latsar CPNS (basic training of candidate civil servants)"),
		Summary: text("Pelatihan Dasar bagi CPNS, wajib, satu kali, dan syarat pengangkatan menjadi PNS.",
			"Basic training of candidate civil servants: obligatory, once only, and needed to become a civil servant."),
		SIASN:            siasn,
		CertificateClass: class,
		Kinds:            []string{"CPNS"},
		Roles: []coursetype.Role{
			{Key: examiner, Name: text("Penguji", "Examiner"), Least: 1},
			// Four groups of about ten with a guide each (LAN Jatinangor).
			{Key: coach, Name: text("Coach", "Coach"), Least: 1, Each: 10},
			{Key: mentor, Name: text("Mentor", "Mentor"), Least: 1}, // the direct superior, of several where they share one
			{Key: trainer, Name: text("Widyaiswara", "Career trainer"), Least: 1},
			{Key: organiser, Name: text("Penyelenggara", "Organiser"), Least: 1},
		},
		Asks: []coursetype.Ask{
			{Field: coursetype.FieldRank, Why: text(
				"Golongan II dan golongan III mengikuti angkatan yang terpisah.",
				"Rank classes II and III attend separate batches.")},
			{Field: coursetype.FieldSince, Why: text(
				"Masa percobaan CPNS satu tahun sejak TMT; angkatan yang mulai sesudahnya ditandai.",
				"Probation lasts one year from the appointment; a batch that begins later is flagged.")},
			{Field: coursetype.FieldHistory, Why: text(
				"Latsar hanya diikuti satu kali: yang pernah lulus atau tidak lulus ditolak.",
				"Latsar is attended once: who passed or failed before is refused.")},
		},
		Schema: schema,
	}
	for _, r := range rulings() {
		d.RuleSets = append(d.RuleSets, r.RuleSet)
	}
	return d, nil
}

// open returns the ruling and the settings that a question names.
// Errors: UnknownRuleSet; BadRequest when the settings cannot be read.
func open(ruleSet string, s coursetype.Settings) (r ruling, set settings, err error) {
	all := rulings()
	i := slices.IndexFunc(all, func(r ruling) bool { return r.Key == ruleSet })
	if i < 0 {
		return r, set, coursetype.Refuse(coursetype.UnknownRuleSet, "Ketentuan Latsar itu tidak dikenal. Pilih dari daftar ketentuan.")
	}
	return all[i], set, s.Read(&set)
}

// text is one wording in both languages.
func text(id, en string) coursetype.Text { return coursetype.Text{ID: id, EN: en} }

// english is h as written in English: "87.50".
func english(h coursetype.Hundredths) string { return strings.Replace(h.String(), ",", ".", 1) }

// day reads a day written as YYYY-MM-DD, of a question that was found fair; the zero
// day when there is none.
func day(s string) time.Time {
	at, _ := time.Parse(time.DateOnly, s)
	return at
}

// date is a day as written in both languages: "1 Oktober 2021".
func date(at time.Time) coursetype.Text {
	months := strings.Fields("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember")
	return text(fmt.Sprintf("%d %s %d", at.Day(), months[at.Month()-1], at.Year()), at.Format("2 January 2006"))
}
