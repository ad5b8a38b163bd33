package main

import "github.com/wiyata-id/wiyata/plugins/coursetype"

// A method is how Latsar is held.
type method string

const (
	blended   method = "blended"
	classical method = "klasikal"
	distance  method = "jarak jauh"
)

// A ruling is a rule-set with what the contract has no place for.
type ruling struct {
	coursetype.RuleSet
	method method

	// Working days on campus, of which it is not known how many come before the
	// actualisation and how many after; 0 = the phases have their days.
	campus int
	title  coursetype.Text // of the certificate
}

// Days on which something began. Where a decree gives no day that we know, the
// rule-set says so in its Doubt.
const (
	oldScale  = "2013-01-01" // the older grade scale, until the end of 2017
	newScale  = "2018-01-01" // Peraturan LAN 12/2018's time
	perlan1   = "2021-01-01" // Peraturan LAN 1/2021, in use on 25 January 2021
	berakhlak = "2021-10-01" // Peraturan LAN 10/2021: the core values BerAKHLAK
	onRequest = "2024-01-01" // from here on klasikal needs LAN's consent (Kep LAN 93/K.1/PDP.07/2021)
)

const (
	decree2021 = "Peraturan LAN 1/2021"
	decreeNow  = "Peraturan LAN 1/2021 jo. 10/2021"
)

// Lesson hours of a whole programme, and those of its actualisation at work.
const (
	blendedJP       = 647
	classicalJP     = 511
	actualisationJP = 320
)

// rulings returns all there are, by method and time. Within a method every day from
// its first one on has exactly one.
func rulings() []ruling {
	return []ruling{
		classicalOf2013(),
		classicalOf("klasikal-aneka-2018", "2018", newScale, "2020-12-31", "Peraturan LAN 12/2018", "", aneka(),
			text("Hari pertama dan terakhir berlakunya belum dipastikan; angkatan tahun 2018 sebelum Peraturan LAN 12/2018 diundangkan mungkin memakai pedoman pendahulunya.",
				"Its first and last day are unconfirmed; batches of 2018 before Peraturan LAN 12/2018 was promulgated may have followed its predecessor.")),
		classicalOf("klasikal-aneka-2021", "2021", perlan1, "2021-09-30", decree2021, "Pasal 17; pedoman Kep LAN 93/K.1/PDP.07/2021", aneka(), doubtOf2021()),
		classicalOf("klasikal-berakhlak", "BerAKHLAK", berakhlak, "", decreeNow, "Pasal 17; pedoman Kep LAN 13/K.1/PDP.07/2022", core(), doubtNow()),
		online(blended, "blended-aneka", "2021", perlan1, "2021-09-30", decree2021, "Pasal 17; pedoman Kep LAN 93/K.1/PDP.07/2021", aneka(), doubtOf2021()),
		online(blended, "blended-berakhlak", "BerAKHLAK", berakhlak, "", decreeNow, "Pasal 17; pedoman Kep LAN 13/K.1/PDP.07/2022", core(), doubtNow()),
		online(distance, "jarak-jauh-aneka", "2021", perlan1, "2021-09-30", decree2021, "Pasal 17; pedoman Kep LAN 93/K.1/PDP.07/2021", aneka(), doubtOf2021()),
		online(distance, "jarak-jauh-berakhlak", "BerAKHLAK", berakhlak, "", decreeNow, "Pasal 17; pedoman Kep LAN 13/K.1/PDP.07/2022", core(), doubtNow()),
	}
}

func doubtOf2021() coursetype.Text {
	return text("Hari mulai berlakunya Peraturan LAN 1/2021 belum dipastikan (sudah dipakai pada 25 Januari 2021), begitu pula 1 Oktober 2021 sebagai peralihan ke BerAKHLAK.",
		"The first day of Peraturan LAN 1/2021 is unconfirmed (it was in use on 25 January 2021), and so is 1 October 2021 as the change to BerAKHLAK.")
}

func doubtNow() coursetype.Text {
	return text("Tanggal 1 Oktober 2021 sebagai peralihan ke BerAKHLAK, dan ketentuan pengganti sesudah 2023, belum dipastikan; angkatan sebelum Kep LAN 13/K.1/PDP.07/2022 memakai pedoman 93/K.1/PDP.07/2021.",
		"1 October 2021 as the change to BerAKHLAK, and any successor after 2023, are unconfirmed; batches before Kep LAN 13/K.1/PDP.07/2022 followed guideline 93/K.1/PDP.07/2021.")
}

// classicalOf2013 is the time of the older grade scale. Of its timetable nothing is
// known, so it is one phase as scheduled.
func classicalOf2013() ruling {
	r := common(classical, "klasikal-aneka-2013", "2013", "PP 101/2000", "Golongan III sejak 2015: Peraturan Kepala LAN 15/2015",
		text("Dasarnya hanya dikenal dari paparan LAN. Tidak ditemukan: hari pertama dan terakhir berlakunya, JP, pembagian hari, dan bobot komponen pada masa itu; bobot yang dipakai ialah bobot tahun 2018. Skala nilai 92,50/85,00/77,50/70,01 berasal dari sumber sekunder, dan nilai 70,00 tepat dianggap tidak lulus karena skala menamainya tidak memuaskan.",
			"Its decree is known from slides of LAN alone. Not found: its first and last day, lesson hours, days and component weights; the weights are those of 2018. The grade scale 92.50/85.00/77.50/70.01 is from a secondary source, and exactly 70.00 is taken as failed because the scale calls it unsatisfactory."))
	r.From, r.To = oldScale, "2017-12-31"
	r.title = text("Surat Tanda Tamat Pendidikan dan Pelatihan (STTPP)", "Certificate of Completion of Education and Training (STTPP)")
	all := append(append(subjectsOf(aneka()), plan()...), closing()...)
	for i := range all {
		all[i].JP = 0
	}
	r.Phases = []coursetype.Phase{{
		Key: "pelaksanaan", Name: text("Pelaksanaan", "Training"), Mode: coursetype.Classroom, Subjects: append(all, technical()),
	}}
	r.Components = components(academicClassical(""), "", "")
	r.Pass = coursetype.Bound{At: 70_00}
	r.Grades = grades([4]coursetype.Bound{
		{At: 92_50, Inclusive: true}, {At: 85_00, Inclusive: true}, {At: 77_50, Inclusive: true}, {At: 70_00},
	})
	return r
}

// classicalOf is Latsar on campus, 51 working days: 21 there and 30 at work between.
func classicalOf(key, era, from, to, decree, article string, agendas []agenda, doubt coursetype.Text) ruling {
	r := common(classical, key, era, decree, article, joined(doubt,
		text("JP 511 berasal dari artikel berita; 21 hari di kampus dan 30 hari di tempat kerja belum dipastikan, begitu pula pembagian 21 hari itu sebelum dan sesudah aktualisasi.",
			"The 511 lesson hours are from an article; 21 days on campus and 30 at work are unconfirmed, and so is how the 21 fall before and after the actualisation."),
		commonDoubt()))
	r.From, r.To, r.campus = from, to, 21
	r.MinJP, r.MaxJP = classicalJP, classicalJP
	r.Phases = []coursetype.Phase{
		{Key: "klasikal", Name: text("Pembelajaran klasikal", "Learning on campus"), Mode: coursetype.Classroom,
			Subjects: append(append(subjectsOf(agendas), plan()...), technical())},
		actualisation(),
		{Key: "evaluasi", Name: text("Seminar aktualisasi", "Actualisation seminar"), Mode: coursetype.Classroom, Subjects: closing()},
	}
	r.Components = components(academicClassical("klasikal"), "klasikal", "evaluasi")
	r.Pass, r.Grades = coursetype.Bound{At: 70_00, Inclusive: true}, newGrades()
	return r
}

// online is Latsar blended, or at a distance alone where the classroom is closed.
func online(m method, key, era, from, to, decree, article string, agendas []agenda, doubt coursetype.Text) ruling {
	r := common(m, key, era, decree, article, joined(doubt,
		text("Pembagian hari 16/22/30/6 dan JP per tahap selain aktualisasi belum dipastikan; gerbang MOOC (70,00, tiga percobaan, yang terbaik) dikenal dari praktik tahun 2025–2026.",
			"The days 16/22/30/6 and the lesson hours per phase other than the actualisation are unconfirmed; the MOOC gate (70.00, three attempts, the best) is known from practice of 2025–26."),
		commonDoubt()))
	r.From, r.To = from, to
	r.MinJP, r.MaxJP = blendedJP, blendedJP
	last := coursetype.Phase{Key: "klasikal", Name: text("Pembelajaran klasikal dan seminar aktualisasi", "Classroom learning and actualisation seminar"),
		Mode: coursetype.Classroom, Days: 6, Subjects: closing()}
	if m == distance {
		last.Key, last.Mode = "penutup", coursetype.Live
		last.Name = text("Pembelajaran daring pengganti klasikal dan seminar aktualisasi", "Online learning in place of the classroom, and actualisation seminar")
		r.Documents = append(r.Documents, coursetype.Document{Key: "dasar-jarak-jauh", Of: "batch", Required: true,
			Name: text("Surat dasar pelaksanaan jarak jauh (keadaan darurat atau keadaan lain)", "Letter on which distance learning rests (emergency or other circumstances)")})
	}
	r.Documents = append(r.Documents, coursetype.Document{Key: "e-sttp-mooc", Of: "closing", Required: true,
		Name: text("e-STTP MOOC dari sistem LAN", "e-STTP of the MOOC from LAN's system")})
	r.Phases = []coursetype.Phase{
		{Key: "mooc", Name: text("Pelatihan mandiri (MOOC)", "Self-paced learning (MOOC)"), Mode: coursetype.SelfPaced, Days: 16,
			Gate: coursetype.Gate{Component: "mooc", Min: coursetype.Bound{At: 70_00, Inclusive: true}}},
		{Key: "e-learning", Name: text("Pembelajaran jarak jauh dan rancangan aktualisasi", "Distance learning and actualisation plan"), Mode: coursetype.Live, Days: 22,
			Subjects: append(append(subjectsOf(agendas), plan()...), technical())},
		actualisation(),
		last,
	}
	r.Components = components(academicOnline(), "e-learning", last.Key)
	r.Pass, r.Grades = coursetype.Bound{At: 70_00, Inclusive: true}, newGrades()
	return r
}

// common is what all rulings share.
func common(m method, key, era, decree, article string, doubt coursetype.Text) ruling {
	name := map[method]coursetype.Text{
		blended: text("blended learning", "blended learning"), classical: text("klasikal", "classroom"), distance: text("jarak jauh", "distance learning"),
	}[m]
	return ruling{method: m, title: text("Surat Tanda Tamat Pelatihan (STTP)", "Certificate of Completion of Training (STTP)"), RuleSet: coursetype.RuleSet{
		Key: key, Title: text("Latsar CPNS "+name.ID+" ("+era+")", "Latsar CPNS, "+name.EN+" ("+era+")"),
		Decree: decree, Article: article, Source: coursetype.Unconfirmed, Doubt: doubt,
		Forms: []coursetype.Form{{SIASN: siasn, Name: text("Pelatihan Dasar CPNS", "Basic training of candidate civil servants"), Class: class,
			Unit: coursetype.PerHour, National: coursetype.Credit{Rate: 1_00}}},
		ClassSize: 40, OnceOnly: true, Accreditation: true,
		Approvals: []coursetype.Approval{
			{Key: "bkpsdm", Name: text("Persetujuan BKPSDM", "Consent of the BKPSDM"), By: "sender"},
			{Key: "bpsdm", Name: text("Persetujuan BPSDM provinsi", "Consent of the provincial BPSDM"), By: "province"},
			{Key: "lan", Name: text("Persetujuan LAN", "Consent of LAN"), By: "LAN"},
		},
		Documents: []coursetype.Document{
			{Key: "surat-tugas", Name: text("Surat tugas dari kepala perangkat daerah", "Assignment letter of the head of the agency"), Of: "candidate", Required: true},
			{Key: "sk-cpns", Name: text("SK CPNS", "Decree of appointment as candidate civil servant"), Of: "candidate", Required: true},
			{Key: "pas-foto", Name: text("Pas foto", "Photograph"), Of: "candidate", Required: true},
			{Key: "surat-sehat", Name: text("Surat keterangan sehat", "Health letter"), Of: "candidate", Required: true, Health: true},
			{Key: "bebas-narkoba", Name: text("Surat keterangan bebas narkoba", "Drug-free letter"), Of: "candidate", Required: true, Health: true},
			{Key: "berita-acara", Name: text("Berita acara rapat evaluasi", "Minutes of the evaluation meeting"), Of: "closing", Required: true},
			{Key: "kra", Name: text("Kode registrasi alumni (KRA) dari LAN", "Alumni registration codes (KRA) from LAN"), Of: "closing", Required: true},
		},
		Signers: []coursetype.Signer{{Key: "kepala", Name: text("Kepala lembaga pelatihan", "Head of the training institution")}},
	}}
}

func commonDoubt() coursetype.Text {
	return text("Belum dipastikan pula: nilai 70,00 tepat lulus (sumber bertentangan antara \"minimal 70\" dan 70,01); skala 90,01/80,01/70,01/60,01; JP setiap mata pelatihan agenda I–III; batas ketidakhadiran (tidak dipakai); remedial; jumlah penanda tangan STTP; jenis SIASN (tidak satu pun menyebut Latsar, dipilih 13; SIASN mencatat STTP pada data utama) dan pengakuan seluruh JP program.",
		"Also unconfirmed: that exactly 70.00 passes (sources differ between \"at least 70\" and 70.01); the scale 90.01/80.01/70.01/60.01; lesson hours of each subject of agendas I–III; a limit of absence (none is applied); remedial rules; how many sign the STTP; the SIASN type (none names Latsar, 13 is taken; SIASN keeps the STTP in the person's main data) and that all hours of the programme are credited.")
}

// joined is several wordings one after the other.
func joined(all ...coursetype.Text) (t coursetype.Text) {
	for i, one := range all {
		if i > 0 {
			t.ID, t.EN = t.ID+" ", t.EN+" "
		}
		t.ID, t.EN = t.ID+one.ID, t.EN+one.EN
	}
	return t
}

// newGrades is the scale since 2018: 90,01, 80,01, 70,01, 60,01.
func newGrades() []coursetype.Grade {
	return grades([4]coursetype.Bound{{At: 90_00}, {At: 80_00}, {At: 70_00}, {At: 60_00}})
}

// grades names five ranges by the lower bounds of the upper four.
func grades(from [4]coursetype.Bound) []coursetype.Grade {
	return []coursetype.Grade{
		{Key: "sangat-memuaskan", Name: text("Sangat memuaskan", "Highly satisfactory"), Min: from[0]},
		{Key: "memuaskan", Name: text("Memuaskan", "Satisfactory"), Min: from[1]},
		{Key: "cukup-memuaskan", Name: text("Cukup memuaskan", "Fairly satisfactory"), Min: from[2]},
		{Key: "kurang-memuaskan", Name: text("Kurang memuaskan", "Less than satisfactory"), Min: from[3]},
		{Key: "tidak-memuaskan", Name: text("Tidak memuaskan", "Unsatisfactory"), Min: coursetype.Bound{Inclusive: true}},
	}
}
