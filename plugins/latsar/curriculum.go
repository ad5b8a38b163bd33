package main

import "github.com/wiyata-id/wiyata/plugins/coursetype"

// An agenda is a group of subjects whose lesson hours are not known one by one.
type agenda struct {
	name     coursetype.Text
	subjects []coursetype.Subject
}

// core is agendas I to III since Peraturan LAN 10/2021, with the values BerAKHLAK.
func core() []agenda {
	return []agenda{defence(), {
		name: text("Agenda II: Nilai-Nilai Dasar PNS (BerAKHLAK)", "Agenda II: Core values (BerAKHLAK)"),
		subjects: []coursetype.Subject{
			subject("berorientasi-pelayanan", "Berorientasi Pelayanan", "Service-oriented"),
			subject("akuntabel", "Akuntabel", "Accountable"),
			subject("kompeten", "Kompeten", "Competent"),
			subject("harmonis", "Harmonis", "Harmonious"),
			subject("loyal", "Loyal", "Loyal"),
			subject("adaptif", "Adaptif", "Adaptive"),
			subject("kolaboratif", "Kolaboratif", "Collaborative"),
		},
	}, {
		name: text("Agenda III: Kedudukan dan Peran PNS (Smart Governance)", "Agenda III: Position and role (smart governance)"),
		subjects: []coursetype.Subject{
			subject("smart-asn", "Smart ASN", "Smart ASN"),
			subject("manajemen-asn", "Manajemen ASN", "Management of civil servants"),
		},
	}}
}

// aneka is agendas I to III before Peraturan LAN 10/2021.
func aneka() []agenda {
	return []agenda{defence(), {
		name: text("Agenda II: Nilai-Nilai Dasar PNS (ANEKA)", "Agenda II: Core values (ANEKA)"),
		subjects: []coursetype.Subject{
			subject("akuntabilitas", "Akuntabilitas", "Accountability"),
			subject("nasionalisme", "Nasionalisme", "Nationalism"),
			subject("etika-publik", "Etika Publik", "Public ethics"),
			subject("komitmen-mutu", "Komitmen Mutu", "Commitment to quality"),
			subject("anti-korupsi", "Anti Korupsi", "Anti-corruption"),
		},
	}, {
		name: text("Agenda III: Kedudukan dan Peran PNS", "Agenda III: Position and role"),
		subjects: []coursetype.Subject{
			subject("manajemen-asn", "Manajemen ASN", "Management of civil servants"),
			subject("pelayanan-publik", "Pelayanan Publik", "Public service"),
			subject("whole-of-government", "Whole of Government", "Whole of government"),
		},
	}}
}

func defence() agenda {
	return agenda{
		name: text("Agenda I: Sikap Perilaku Bela Negara", "Agenda I: Attitude of defending the state"),
		subjects: []coursetype.Subject{
			subject("wawasan-kebangsaan", "Wawasan Kebangsaan dan Nilai Bela Negara", "National outlook and the values of defending the state"),
			subject("isu-kontemporer", "Analisis Isu Kontemporer", "Analysis of contemporary issues"),
			subject("kesiapsiagaan", "Kesiapsiagaan Bela Negara", "Readiness to defend the state"),
		},
	}
}

func subject(key, id, en string) coursetype.Subject {
	return coursetype.Subject{Key: key, Name: text(id, en)}
}

// subjectsOf returns the subjects of agendas, each with its agenda.
func subjectsOf(agendas []agenda) (all []coursetype.Subject) {
	for _, a := range agendas {
		for _, s := range a.subjects {
			s.Agenda = a.name
			all = append(all, s)
		}
	}
	return all
}

// habituation is a subject of agenda IV (BPSDMD NTT 2021: 3, 6, 9, 10, 3, 320, 2 and
// 10 JP, 363 together).
func habituation(key, id, en string, jp int) coursetype.Subject {
	s := subject(key, id, en)
	s.Agenda, s.JP = text("Agenda IV: Habituasi", "Agenda IV: Habituation"), jp
	return s
}

// plan is agenda IV before the actualisation.
func plan() []coursetype.Subject {
	return []coursetype.Subject{
		habituation("konsepsi-aktualisasi", "Konsepsi Aktualisasi", "Concept of actualisation", 3),
		habituation("penjelasan-aktualisasi", "Penjelasan Aktualisasi", "Explanation of actualisation", 6),
		habituation("bimbingan-rancangan", "Bimbingan Rancangan Aktualisasi", "Guidance on the actualisation plan", 9),
		habituation("seminar-rancangan", "Seminar Rancangan Aktualisasi", "Seminar on the actualisation plan", 10),
		habituation("pembekalan-habituasi", "Pembekalan Habituasi", "Briefing for habituation", 3),
	}
}

// actualisation is the phase at work.
func actualisation() coursetype.Phase {
	return coursetype.Phase{
		Key: "aktualisasi", Name: text("Aktualisasi di tempat kerja", "Actualisation at work"),
		Mode: coursetype.Workplace, JP: actualisationJP, Days: 30,
		Subjects: []coursetype.Subject{habituation("aktualisasi", "Aktualisasi", "Actualisation", actualisationJP)},
	}
}

// closing is agenda IV after the actualisation.
func closing() []coursetype.Subject {
	return []coursetype.Subject{
		habituation("bimbingan-seminar", "Bimbingan Pra-Seminar Aktualisasi", "Guidance before the actualisation seminar", 2),
		habituation("seminar-aktualisasi", "Seminar Aktualisasi", "Actualisation seminar", 10),
	}
}

// pktbt is held by the sending agency, at its own time: no timetable proposes it.
const pktbt = "pktbt"

func technical() coursetype.Subject {
	return subject(pktbt, "Penguatan Kompetensi Teknis Bidang Tugas (PKTBT)", "Strengthening of technical competence for the job (PKTBT)")
}

// components is what the total is made of: 10, 20, 20, 30 and 20 percent (Kep LAN
// 13/K.1/PDP.07/2022). The plan is judged in one phase, its result in another.
func components(academic []coursetype.Component, planned, realised string) []coursetype.Component {
	result := func(key, id, en string, weight coursetype.Hundredths) coursetype.Component {
		return coursetype.Component{Key: key, Name: text(id, en), Weight: weight, Input: coursetype.Scored, Phase: realised, Role: examiner}
	}
	return []coursetype.Component{
		{Key: "sikap", Name: text("Sikap perilaku", "Attitude"), Weight: 10_00, Input: coursetype.Scored, Role: organiser},
		{Key: "akademik", Name: text("Akademik", "Academic"), Weight: 20_00, Parts: academic},
		{Key: "rancangan", Name: text("Rancangan aktualisasi", "Actualisation plan"), Weight: 20_00, Input: coursetype.Scored, Phase: planned, Role: examiner},
		{Key: "pelaksanaan-aktualisasi", Name: text("Pelaksanaan aktualisasi", "Actualisation result"), Weight: 30_00, Parts: []coursetype.Component{
			result("capaian", "Capaian kegiatan", "What was achieved", 5_00),
			result("kemanfaatan", "Kemanfaatan", "Its use", 20_00),
			result("komunikasi", "Teknik komunikasi", "Communication", 5_00),
		}},
		// The sending agency judges; the organiser enters it from its letter.
		{Key: pktbt, Name: text("PKTBT", "Technical competence for the job (PKTBT)"), Weight: 20_00, Input: coursetype.Scored},
	}
}

// academicOnline is the academic part of blended and distance learning.
func academicOnline() []coursetype.Component {
	return []coursetype.Component{
		{Key: "mooc", Name: text("MOOC", "MOOC"), Weight: 10_00, Input: coursetype.Imported, Phase: "mooc", Attempts: 3, Keep: coursetype.KeepBest},
		{Key: "distance-learning", Name: text("Studi kasus distance learning", "Distance learning cases"), Weight: 10_00, Input: coursetype.Scored, Phase: "e-learning", Role: trainer},
	}
}

// academicClassical is the academic part of classroom learning.
func academicClassical(phase string) []coursetype.Component {
	return []coursetype.Component{
		{Key: "tipe-a", Name: text("Ujian tipe A (pilihan ganda atau isian singkat)", "Examination type A (multiple choice or short answers)"), Weight: 10_00, Input: coursetype.Scored, Phase: phase, Role: trainer},
		{Key: "tipe-b", Name: text("Ujian tipe B (kasus)", "Examination type B (case)"), Weight: 10_00, Input: coursetype.Scored, Phase: phase, Role: trainer},
	}
}
