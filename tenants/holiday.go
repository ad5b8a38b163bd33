package tenants

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// A Holiday is a day off: of the nation when Kemendagri has registered it, of a province
// and its regencies, or of one government. It names its decree; the nation's movable
// days are those of the year's joint decree of three ministers (SKB 3 Menteri).
type Holiday struct {
	bun.BaseModel `bun:"table:holiday"`

	TenantID    ID          `bun:",pk" json:"-"`
	ID          string      `bun:",pk" json:"id,omitempty"` // "" of a day that holds every year
	PublishedAt time.Time   `bun:",nullzero" json:"-"`
	Day         civil.Date  `json:"day"`
	Name        string      `json:"name"`
	Kind        HolidayKind `json:"kind"`
	Decree      string      `json:"decree"`
	Checked     bool        `json:"checked"` // against the decree's text, by who registered it
}

// HolidayKind says what sort of day off it is; nobody works on either.
type HolidayKind string

const (
	DayOff     HolidayKind = "holiday" // hari libur
	JointLeave HolidayKind = "leave"   // cuti bersama
)

// keppres8 is from when Keppres 8/2024 on holidays holds.
var keppres8 = civil.Date{Year: 2024, Month: time.January, Day: 29}

// fixed are those of its sixteen holidays that have a date of their own. The others move
// with the moon, with Easter, or as the year's joint decree says, and have to be registered.
var fixed = []struct {
	month time.Month
	day   int
	name  string
}{
	{time.January, 1, "Tahun Baru Masehi"},
	{time.May, 1, "Hari Buruh Internasional"},
	{time.June, 1, "Hari Lahir Pancasila"},
	{time.August, 17, "Proklamasi Kemerdekaan"},
	{time.December, 25, "Kelahiran Yesus Kristus"},
}

// fixedHolidays returns the days that are off every year, from from to to.
func fixedHolidays(from, to civil.Date) (all []Holiday) {
	for year := from.Year; year <= to.Year; year++ {
		for _, f := range fixed {
			day := civil.Date{Year: year, Month: f.month, Day: f.day}
			if civil.Covers(from, to, day) && civil.Covers(keppres8, civil.Date{}, day) {
				all = append(all, Holiday{TenantID: Kemendagri, Day: day, Name: f.name, Kind: DayOff, Decree: "Keppres 8/2024", Checked: true})
			}
		}
	}
	return all
}

// check says what is wrong with h, and trims it. Errors: fault.Invalid.
func (h *Holiday) check() (err error) {
	if h.Name, err = fault.Text("name", "Nama hari libur", h.Name, 120); err != nil {
		return err
	}
	if h.Decree, err = fault.Text("decree", "Dasar hari libur", h.Decree, 200); err != nil {
		return err
	}
	switch {
	case h.Day.IsZero():
		return fault.At("day", "Tanggal libur wajib diisi.")
	case h.Day.Year < firstYear || h.Day.Year > lastYear:
		return fault.At("day", "Tahun hari libur harus antara %d dan %d.", firstYear, lastYear)
	case h.Kind != DayOff && h.Kind != JointLeave:
		return fault.At("kind", "Jenis hari libur harus hari libur atau cuti bersama.")
	}
	return nil
}

// mostHolidays is how many days off are registered at once: more than a year has.
const mostHolidays = 60

const firstYear, lastYear = 2000, 2100 // of which days off are kept

// AddHolidays registers days off of the tenant acted in, all of them or none.
// Errors: fault.Invalid; fault.Conflict when it has one of the days already.
func (s *Settings) AddHolidays(ctx context.Context, all []Holiday) (err error) {
	defer fault.Wrap(&err, "add holidays")
	return s.addHolidays(ctx, authz.TenantSet, all)
}

// addHolidays is AddHolidays for who holds perm.
func (s *Settings) addHolidays(ctx context.Context, perm authz.Permission, all []Holiday) error {
	if len(all) == 0 || len(all) > mostHolidays {
		return fault.At("days", "Daftarkan 1 sampai %d hari sekaligus.", mostHolidays)
	}
	twice := map[civil.Date]bool{}
	for i := range all {
		if err := all[i].check(); err != nil {
			return err
		}
		if twice[all[i].Day] {
			return fault.At("days", "%s tertulis dua kali. Hapus salah satunya.", all[i].Day.Short())
		}
		twice[all[i].Day] = true
	}
	err := s.gate.Write(ctx, perm, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		for i := range all {
			all[i].TenantID, all[i].ID, all[i].PublishedAt = tx.Tenant, tx.NewID(), tx.Now
		}
		tx.About("holiday", all[0].ID)
		_, err := tx.NewInsert().Model(&all).Exec(ctx)
		return store.Err(err)
	})
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		return fault.New(fault.Conflict, "Salah satu tanggal sudah terdaftar sebagai hari libur. Hapus yang lama bila hendak menggantinya.")
	}
	return err
}

// DropHoliday removes a day off that the tenant acted in has registered.
// Errors: fault.NotFound.
func (s *Settings) DropHoliday(ctx context.Context, id string) (err error) {
	defer fault.Wrap(&err, "drop holiday %s", id)
	return s.dropHoliday(ctx, authz.TenantSet, id)
}

// dropHoliday is DropHoliday for who holds perm.
func (s *Settings) dropHoliday(ctx context.Context, perm authz.Permission, id string) error {
	return s.gate.Write(ctx, perm, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		tx.About("holiday", id)
		return dropHoliday(ctx, tx, id)
	})
}
