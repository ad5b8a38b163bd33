package main

import (
	"slices"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// SIASN's activity types that rules here name.
const (
	typeLeadership = 1
	typeFunctional = 2
	typeBimtek     = 8
	typeElearning  = 16
)

// A form is how lesson hours of one SIASN type are credited, and how its certificate
// words the deed.
type form struct {
	coursetype.Form
	deed coursetype.Text // after "telah", "has"
}

// forms is the table of lesson hours of Perlan 10/2018 as BPS quotes it. Study
// assignments and permits have no SIASN type; types 13, 24 and 25 have no row.
func forms() []form {
	hourly := func(siasn int, id, en, deedID, deedEN string) form {
		return row(siasn, id, en, deedID, deedEN, coursetype.PerHour, coursetype.Credit{Rate: 1_00}, coursetype.Credit{Rate: 1_20})
	}
	daily := func(siasn int, id, en, deedID, deedEN string, national, abroad coursetype.Hundredths) form {
		return row(siasn, id, en, deedID, deedEN, coursetype.PerDay, coursetype.Credit{Rate: national}, coursetype.Credit{Rate: abroad})
	}
	once := func(siasn int, id, en, deedID, deedEN string, national, abroad coursetype.Hundredths) form {
		return row(siasn, id, en, deedID, deedEN, coursetype.PerTime, coursetype.Credit{Rate: national}, coursetype.Credit{Rate: abroad})
	}
	monthly := func(siasn int, id, en, deedID, deedEN string) form {
		return row(siasn, id, en, deedID, deedEN, coursetype.PerTime,
			coursetype.Credit{Rate: 2_00, MonthCap: 2}, coursetype.Credit{Rate: 4_00, MonthCap: 2})
	}
	capped := func(siasn int, id, en, deedID, deedEN string, national, abroad coursetype.Credit) form {
		return row(siasn, id, en, deedID, deedEN, coursetype.PerHour, national, abroad)
	}
	leadership := hourly(typeLeadership, "Pelatihan struktural kepemimpinan", "Structural leadership training",
		"menyelesaikan pelatihan struktural kepemimpinan", "completed structural leadership training")
	leadership.Abroad = coursetype.Credit{} // the table has none
	selfStudy := [2]coursetype.Credit{{Rate: 1_00, DayCap: 2}, {Rate: 1_20, DayCap: 2}}
	return []form{
		leadership,
		hourly(typeFunctional, "Pelatihan fungsional", "Functional training", "menyelesaikan pelatihan fungsional", "completed functional training"),
		hourly(3, "Pelatihan teknis", "Technical training", "mengikuti pelatihan teknis", "attended technical training"),
		daily(4, "Workshop atau lokakarya", "Workshop", "mengikuti workshop", "taken part in a workshop", 5_00, 7_00),
		hourly(5, "Pelatihan manajerial", "Managerial training", "mengikuti pelatihan manajerial", "attended managerial training"),
		hourly(6, "Pelatihan sosial kultural", "Sociocultural training", "mengikuti pelatihan sosial kultural", "attended sociocultural training"),
		daily(7, "Sosialisasi", "Socialisation", "mengikuti sosialisasi", "taken part in a socialisation", 4_00, 6_00),
		hourly(typeBimtek, "Bimbingan teknis", "Technical guidance", "mengikuti bimbingan teknis", "attended technical guidance"),
		daily(9, "Seminar, konferensi atau sarasehan", "Seminar or conference", "mengikuti seminar", "taken part in a seminar", 4_00, 6_00),
		once(10, "Magang atau praktik kerja", "Internship", "melaksanakan magang", "done an internship", 20_00, 24_00),
		hourly(11, "Kursus", "Course", "mengikuti kursus", "attended a course"),
		hourly(12, "Penataran", "Upgrading course", "mengikuti penataran", "attended an upgrading course"),
		monthly(14, "Coaching", "Coaching", "mengikuti coaching", "received coaching"),
		monthly(15, "Mentoring", "Mentoring", "mengikuti mentoring", "received mentoring"),
		capped(typeElearning, "E-learning", "E-learning", "mengikuti e-learning", "attended e-learning",
			coursetype.Credit{Rate: 1_00, DayCap: 3}, coursetype.Credit{Rate: 1_00, DayCap: 4}),
		hourly(17, "Pelatihan jarak jauh", "Distance training", "mengikuti pelatihan jarak jauh", "attended distance training"),
		once(18, "Detasering", "Secondment", "melaksanakan detasering", "done a secondment", 20_00, 24_00),
		hourly(19, "Pembelajaran alam terbuka", "Outdoor learning", "mengikuti pembelajaran alam terbuka", "attended outdoor learning"),
		once(20, "Patok banding", "Benchmarking", "melaksanakan patok banding", "done a benchmarking visit", 10_00, 20_00),
		once(21, "Pertukaran PNS dengan swasta, BUMN atau BUMD", "Exchange with a company",
			"melaksanakan pertukaran pegawai", "taken part in an exchange with a company", 20_00, 24_00),
		capped(22, "Belajar mandiri", "Self-study", "belajar mandiri", "studied", selfStudy[0], selfStudy[1]),
		capped(23, "Komunitas belajar", "Community of practice", "mengikuti komunitas belajar", "taken part in a community of practice", selfStudy[0], selfStudy[1]),
	}
}

func row(siasn int, id, en, deedID, deedEN string, unit coursetype.Unit, national, abroad coursetype.Credit) form {
	return form{
		Form: coursetype.Form{
			SIASN: siasn, Name: coursetype.Text{ID: id, EN: en}, Class: classOf(siasn), Unit: unit,
			National: national, Abroad: abroad, Rounding: coursetype.RoundDown, // no rounding is published
		},
		deed: coursetype.Text{ID: deedID, EN: deedEN},
	}
}

// classOf returns the certificate class that SIASN has for a type.
func classOf(siasn int) string {
	switch siasn {
	case typeFunctional:
		return "F"
	case 4, 7, 9: // workshop, socialisation, seminar
		return "P"
	}
	return "T"
}

// formOf returns the form of a SIASN type. Errors: false when the table has no row.
func formOf(siasn int) (form, bool) {
	all := forms()
	i := slices.IndexFunc(all, func(f form) bool { return f.SIASN == siasn })
	if i < 0 {
		return form{}, false
	}
	return all[i], true
}
