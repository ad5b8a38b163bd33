package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// Keys of rules by which a candidate is refused or flagged.
const (
	ruleCandidate = "cpns"
	ruleActive    = "aktif"
	ruleOnce      = "sekali"
	ruleOpen      = "masih-berjalan"
	ruleRank      = "golongan"
	ruleSince     = "tmt"
	flagLate      = "lewat-satu-tahun"
	flagAgain     = "pernah-ditunda"
)

// Eligible accepts candidate civil servants of the batch's rank class who never
// finished a Latsar, and flags who is late.
func (latsar) Eligible(_ context.Context, q coursetype.EligibleRequest) ([]coursetype.Eligibility, error) {
	_, set, err := open(q.RuleSet, q.Settings)
	if err != nil {
		return nil, err
	}
	if err := q.Fair(); err != nil {
		return nil, err
	}
	if err := set.chosen(); err != nil {
		return nil, err
	}
	if q.Start == "" {
		return nil, coursetype.Refuse(coursetype.BadRequest, "Hari pertama angkatan belum ada. Isi tanggal mulai angkatan.")
	}
	answers := make([]coursetype.Eligibility, len(q.Candidates))
	for i, c := range q.Candidates {
		answers[i] = eligible(c, set.Class, day(q.Start))
		answers[i].Ref = c.Ref
	}
	return answers, nil
}

// no refuses a candidate.
func no(rule, id, en string) coursetype.Eligibility {
	return coursetype.Eligibility{Rule: rule, Reason: text(id, en)}
}

// eligible judges one candidate for a batch of a rank class that begins on start.
func eligible(c coursetype.Candidate, class string, start time.Time) coursetype.Eligibility {
	switch {
	case c.Kind != "CPNS":
		return no(ruleCandidate,
			"Latsar hanya untuk CPNS. Perbaiki status kepegawaiannya pada data pegawai, atau usulkan pegawai lain.",
			"Latsar is for candidate civil servants alone. Correct the status in the employee's record, or propose someone else.")
	case !c.Active:
		return no(ruleActive,
			"Pegawai tidak aktif pada hari pertama angkatan. Perbarui status kepegawaiannya atau usulkan pegawai lain.",
			"The employee is not in service on the first day of the batch. Update the employment status or propose someone else.")
	case slices.ContainsFunc(c.Past, func(p coursetype.Past) bool { return p.State == coursetype.Passed }):
		return no(ruleOnce,
			"Pegawai sudah lulus Latsar, yang hanya diikuti satu kali. Usulkan pegawai lain.",
			"The employee has passed Latsar, which is attended once only. Propose someone else.")
	case slices.ContainsFunc(c.Past, func(p coursetype.Past) bool { return p.State == coursetype.Failed }):
		return no(ruleOnce,
			"Pegawai pernah dinyatakan tidak lulus Latsar, yang hanya diikuti satu kali. Tindak lanjuti menurut keputusan rapat evaluasi, dan usulkan pegawai lain.",
			"The employee has failed Latsar, which is attended once only. Follow the decision of the evaluation meeting, and propose someone else.")
	case slices.ContainsFunc(c.Past, func(p coursetype.Past) bool { return p.Ended == "" }):
		return no(ruleOpen,
			"Pegawai masih tercatat pada Latsar lain yang belum berakhir. Tunda atau tutup keikutsertaannya di sana lebih dahulu.",
			"The employee still attends another Latsar. Postpone or close that one first.")
	}
	if refused, ok := ranked(c.Rank, class); !ok {
		return refused
	}
	since := day(c.Since)
	switch {
	case c.Since == "":
		return no(ruleSince,
			"TMT CPNS tidak terkirim. Isi TMT CPNS pada data pegawai, dan pastikan instansi menyetujui pengirimannya.",
			"The day of appointment was not sent. Enter it in the employee's record, and make sure that the agency agrees to send it.")
	case since.After(start):
		return no(ruleSince,
			"TMT CPNS sesudah hari pertama angkatan. Periksa TMT pada data pegawai, atau usulkan ke angkatan berikutnya.",
			"The appointment is after the first day of the batch. Check it in the employee's record, or propose for a later batch.")
	}
	e := coursetype.Eligibility{OK: true}
	if deadline := since.AddDate(1, 0, 0); start.After(deadline) {
		e.Flags = append(e.Flags, coursetype.Flag{Rule: flagLate, Reason: text(
			fmt.Sprintf("Masa percobaan satu tahun berakhir %s, sebelum angkatan dimulai. Sertakan alasan dan surat.", date(deadline).ID),
			fmt.Sprintf("The year of probation ended on %s, before the batch begins. Give the reason and a letter.", date(deadline).EN))})
	}
	if len(c.Past) > 0 {
		e.Flags = append(e.Flags, coursetype.Flag{Rule: flagAgain, Reason: text(
			"Pegawai pernah ditunda atau mengundurkan diri dari Latsar. Sertakan alasan dan surat persetujuan mengikuti kembali.",
			"The employee left Latsar before, or was postponed. Give the reason and the letter of consent to attend again.")})
	}
	return e
}

// ranked reports whether a rank such as "III/a" is of class, and why not.
func ranked(rank, class string) (coursetype.Eligibility, bool) {
	of, _, _ := strings.Cut(rank, "/")
	switch {
	case rank == "":
		return no(ruleRank,
			"Pangkat tidak terkirim. Isi golongan ruang pada data pegawai, dan pastikan instansi menyetujui pengirimannya.",
			"The rank was not sent. Enter it in the employee's record, and make sure that the agency agrees to send it."), false
	case of == class:
		return coursetype.Eligibility{}, true
	case of == "II" || of == "III":
		return no(ruleRank,
			fmt.Sprintf("Pegawai golongan %s, sedangkan angkatan ini untuk golongan %s. Usulkan ke angkatan golongan %s.", of, class, of),
			fmt.Sprintf("The employee is of rank class %s, and this batch is for rank class %s. Propose for a batch of rank class %s.", of, class, of)), false
	}
	return no(ruleRank,
		"Golongan ruang pegawai bukan II atau III. Periksa golongan ruang pada data pegawai.",
		"The employee's rank is of neither class II nor III. Check the rank in the employee's record."), false
}
