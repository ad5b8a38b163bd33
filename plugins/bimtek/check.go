package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// Check refuses what cannot be credited, and warns of what will not be.
func (bimtek) Check(_ context.Context, q coursetype.CheckRequest) (found []coursetype.Finding, err error) {
	if _, err := known(q.RuleSet); err != nil {
		return nil, err
	}
	c, err := lenient(q.Settings)
	if err != nil {
		return nil, err
	}
	if err := q.Fair(); err != nil {
		return nil, err
	}
	find := func(field string, refuse bool, id, en string) {
		found = append(found, coursetype.Finding{Field: field, Refuse: refuse, Text: coursetype.Text{ID: id, EN: en}})
	}
	if c.credit.Rate == 0 {
		find("abroad", true, c.form.Name.ID+" tidak dikonversi di luar negeri. Matikan tanda internasional atau pilih jenis lain.",
			c.form.Name.EN+" is not credited abroad. Take the international mark off, or choose another type.")
	}
	if c.SIASN == typeLeadership {
		find("siasn", false, "Pelatihan kepemimpinan mempunyai ketentuan LAN sendiri. Pastikan jenis kegiatan ini yang dimaksud.",
			"Leadership training has rules of LAN of its own. Make sure that this type is meant.")
	}
	if q.End < q.Start {
		find("end", true, "Hari terakhir mendahului hari pertama. Perbaiki tanggalnya.", "The last day is before the first. Correct the dates.")
	} else if days := weekdays(q.Start, q.End); c.short() && days > usualDay {
		find("end", false, fmt.Sprintf("Angkatan memuat %d hari kerja; biasanya 1 sampai %d. Periksa tanggalnya.", days, usualDay),
			fmt.Sprintf("The batch has %d working days; 1 to %d are usual. Check the dates.", days, usualDay))
	}
	c.checkSessions(q, find)
	return found, nil
}

// short reports whether a batch of the form has a few days: one that is held for
// everybody at a time, and not one of coaching.
func (c course) short() bool {
	return (c.Mode == coursetype.Classroom || c.Mode == coursetype.Live) && c.form.Unit != coursetype.PerTime && c.credit.DayCap == 0
}

// checkSessions finds the first session of each fault, and days or months of which more
// is planned than credited.
func (c course) checkSessions(q coursetype.CheckRequest, find func(field string, refuse bool, id, en string)) {
	first := func(is func(coursetype.Session) bool) (coursetype.Session, bool) {
		i := slices.IndexFunc(q.Sessions, is)
		if i < 0 {
			return coursetype.Session{}, false
		}
		return q.Sessions[i], true
	}
	if s, ok := first(func(s coursetype.Session) bool { return s.Day < q.Start || s.Day > q.End }); ok {
		day := dayName(s.Day)
		find("sessions", true, "Sesi pada "+day.ID+" di luar tanggal angkatan. Pindahkan sesinya atau ubah tanggal angkatan.",
			"A session on "+day.EN+" is outside of the batch. Move it, or change the dates of the batch.")
	}
	if s, ok := first(func(s coursetype.Session) bool {
		return (s.Mode == coursetype.Classroom || s.Mode == coursetype.Live) && s.JP > coursetype.LessonHours(s.Minutes)
	}); ok {
		day, most := dayName(s.Day), coursetype.LessonHours(s.Minutes)
		find("sessions", true, fmt.Sprintf("Sesi pada %s memuat %d JP dalam %d menit; paling banyak %d JP. Perbaiki JP atau jamnya.", day.ID, s.JP, s.Minutes, most),
			fmt.Sprintf("A session on %s has %d lesson hours in %d minutes; at most %d. Correct its hours or its time.", day.EN, s.JP, s.Minutes, most))
	}
	byDay, byMonth, total := map[string]int{}, map[string]int{}, 0
	for _, s := range q.Sessions {
		if s.JP > 0 {
			byDay[s.Day] += s.JP
			byMonth[s.Day[:len("2026-11")]]++
			total += s.JP
		}
	}
	if total == 0 {
		find("sessions", false, "Belum ada sesi ber-JP. Kehadiran dan JP dihitung dari sesi; lengkapi jadwal.",
			"There is no session with lesson hours yet. Attendance and hours are counted from sessions; complete the timetable.")
	} else if c.form.Unit == coursetype.PerHour && c.JP > 0 && total != c.JP {
		find("jp", false, fmt.Sprintf("Jadwal memuat %d JP, sasarannya %d JP. Sesuaikan salah satunya.", total, c.JP),
			fmt.Sprintf("The timetable has %d lesson hours, the aim is %d. Adjust one of them.", total, c.JP))
	}
	beyond := func(counts map[string]int, most int, name func(string) coursetype.Text, id, en string) {
		for _, k := range slices.Sorted(maps.Keys(counts)) {
			if most > 0 && counts[k] > most {
				find("sessions", false, fmt.Sprintf(id, name(k).ID, counts[k], most), fmt.Sprintf(en, name(k).EN, counts[k], most))
				return
			}
		}
	}
	beyond(byDay, c.credit.DayCap, dayName, "Jadwal pada %s memuat %d JP; yang diakui paling banyak %d JP sehari. Bagi ke hari lain.",
		"The timetable of %s has %d lesson hours; at most %d a day are credited. Spread them over more days.")
	beyond(byMonth, c.credit.MonthCap, monthName, "Jadwal pada %s memuat %d kali; yang diakui paling banyak %d kali sebulan. Pindahkan ke bulan lain.",
		"The timetable of %s has %d times; at most %d a month are credited. Move some to another month.")
}

// weekdays counts the days from Monday to Friday between two days, both included, at
// most 400.
func weekdays(from, to string) (n int) {
	t, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return 0
	}
	for range 400 {
		if t.Format(time.DateOnly) > to {
			break
		}
		if wd := t.Weekday(); wd != time.Saturday && wd != time.Sunday {
			n++
		}
		t = t.AddDate(0, 0, 1)
	}
	return n
}
