package tenants

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// A WorkWeek is on which days an office works, from Monday on, and from when.
type WorkWeek struct {
	bun.BaseModel `bun:"table:work_week"`

	TenantID ID         `bun:",pk" json:"-"`
	ID       string     `bun:",pk" json:"id"`
	FromDay  civil.Date `json:"from"`
	ToDay    civil.Date `json:"to"`     // last day; zero = until further notice
	Days     int        `json:"days"`   // 5 or 6
	Starts   string     `json:"starts"` // "07:30", local
	Decree   string     `json:"decree"`
}

// StandardWeek is the week of Perpres 21/2023: five days, from 07.30 local. Another one
// is an exception, with its dates and its decree.
func StandardWeek() WorkWeek {
	return WorkWeek{Days: 5, Starts: "07:30", Decree: "Perpres 21/2023"}
}

// works reports whether w has that day of the week.
func (w WorkWeek) works(day time.Weekday) bool {
	return day != time.Sunday && (day != time.Saturday || w.Days == 6)
}

// A Calendar says on which days a government works, over a stretch of days.
type Calendar struct {
	From, To civil.Date               // of which days it knows what is off, both included
	Today    civil.Date               // where the government is
	Weeks    []WorkWeek               // exceptions, which do not overlap
	Off      map[civil.Date][]Holiday // days off, by day
}

// Week returns the week that holds on day.
func (c Calendar) Week(day civil.Date) WorkWeek {
	for _, w := range c.Weeks {
		if civil.Covers(w.FromDay, w.ToDay, day) {
			return w
		}
	}
	return StandardWeek()
}

// IsWorkDay reports whether day is worked: a day of its week, and no day off.
func (c Calendar) IsWorkDay(day civil.Date) bool {
	return c.Week(day).works(day.Weekday()) && len(c.Off[day]) == 0
}

// WorkDays counts the days worked from from to to, both included.
func (c Calendar) WorkDays(from, to civil.Date) (n int) {
	for day := from; !to.Before(day); day = day.Add(1) {
		if c.IsWorkDay(day) {
			n++
		}
	}
	return n
}

// Holidays lists the days off, the first one first.
func (c Calendar) Holidays() []Holiday {
	all := []Holiday{}
	for _, day := range c.Off {
		all = append(all, day...)
	}
	slices.SortFunc(all, func(a, b Holiday) int {
		return cmp.Or(strings.Compare(a.Day.String(), b.Day.String()), int(a.TenantID-b.TenantID), strings.Compare(a.Name, b.Name))
	})
	return all
}

// mostWeeks is how many exceptions a tenant has at most; mostDays, over how many days a
// calendar reaches.
const (
	mostWeeks = 50
	mostDays  = 800
)

var clock = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

// check says what is wrong with w beside the others, and trims it.
// Errors: fault.Invalid; fault.Conflict when it overlaps one of them.
func (w *WorkWeek) check(others []WorkWeek) (err error) {
	if w.Decree, err = fault.Text("decree", "Dasar hari kerja", w.Decree, 200); err != nil {
		return err
	}
	switch {
	case w.FromDay.IsZero():
		return fault.At("from", "Tanggal mulai wajib diisi.")
	case !w.ToDay.IsZero() && w.ToDay.Before(w.FromDay):
		return fault.At("to", "Tanggal selesai mendahului tanggal mulai. Periksa kembali keduanya.")
	case w.Days != 5 && w.Days != 6:
		return fault.At("days", "Hari kerja sepekan harus 5 atau 6.")
	case !clock.MatchString(w.Starts):
		return fault.At("starts", "Jam masuk harus berbentuk JJ:MM, misalnya 07:30.")
	case len(others) >= mostWeeks:
		return fault.New(fault.Conflict, "Sudah ada %d pengecualian hari kerja. Hapus yang tidak berlaku lagi.", len(others))
	}
	for _, o := range others {
		if civil.Overlap(w.FromDay, w.ToDay, o.FromDay, o.ToDay) {
			return fault.New(fault.Conflict, "Masa ini bertumpuk dengan pengecualian yang mulai %s. Ubah tanggalnya, atau hapus yang lama.", o.FromDay.Short())
		}
	}
	return nil
}

// AddWeek sets another week than the standard one for a time, in the tenant acted in.
// Errors: fault.Invalid; fault.Conflict when another exception holds in that time.
func (s *Settings) AddWeek(ctx context.Context, w WorkWeek) (added WorkWeek, err error) {
	defer fault.Wrap(&err, "add work week")
	err = s.gate.Write(ctx, authz.TenantSet, "weeks", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		others, err := weeks(ctx, tx)
		if err != nil {
			return err
		}
		row := w
		if err := row.check(others); err != nil {
			return err
		}
		row.TenantID, row.ID = tx.Tenant, tx.NewID()
		tx.About("work_week", row.ID)
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return store.Err(err)
		}
		added = row
		return nil
	})
	return added, err
}

// DropWeek ends exception id: the standard week holds again, for its past too.
// Errors: fault.NotFound.
func (s *Settings) DropWeek(ctx context.Context, id string) (err error) {
	defer fault.Wrap(&err, "drop work week %s", id)
	return s.gate.Write(ctx, authz.TenantSet, "weeks", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		tx.About("work_week", id)
		return dropWeek(ctx, tx, id)
	})
}

// CalendarOf returns the calendar of the tenant acted in from from to to.
// Errors: fault.Invalid when that is no stretch of at most 800 days.
func CalendarOf(ctx context.Context, tx *store.Tx, registry *Registry, from, to civil.Date) (c Calendar, err error) {
	switch {
	case from.IsZero() || to.IsZero():
		return c, fault.At("from", "Tanggal mulai dan selesai wajib diisi.")
	case to.Before(from):
		return c, fault.At("to", "Tanggal selesai mendahului tanggal mulai. Periksa kembali keduanya.")
	case from.Add(mostDays).Before(to):
		return c, fault.At("to", "Rentang paling panjang %d hari. Persempit tanggalnya.", mostDays)
	}
	c.From, c.To, c.Today = from, to, registry.day(tx)
	if c.Weeks, err = weeks(ctx, tx); err != nil {
		return c, err
	}
	all, err := holidays(ctx, tx, registry.above(tx.Tenant), from, to)
	if err != nil {
		return c, err
	}
	c.Off = map[civil.Date][]Holiday{}
	for _, h := range append(fixedHolidays(from, to), all...) {
		c.Off[h.Day] = append(c.Off[h.Day], h)
	}
	return c, nil
}

// above lists whose days off hold for id: the nation's, its province's, its own.
func (r *Registry) above(id ID) []ID {
	of := []ID{Kemendagri, id}
	if parent := r.Find(id).Parent; parent != 0 {
		of = append(of, parent)
	}
	return of
}

// day is the day of tx where the tenant acted in is.
func (r *Registry) day(tx *store.Tx) civil.Date {
	return civil.DateOf(tx.Now, r.Find(tx.Tenant).Zone)
}

// Calendar is CalendarOf for who works in the tenant acted in.
func (s *Settings) Calendar(ctx context.Context, from, to civil.Date) (Calendar, error) {
	return s.calendar(ctx, authz.BatchRead, func(civil.Date) (civil.Date, civil.Date) { return from, to })
}

// calendar is Calendar over a stretch that is named once today is known, for who holds perm.
func (s *Settings) calendar(ctx context.Context, perm authz.Permission, stretch func(today civil.Date) (from, to civil.Date)) (c Calendar, err error) {
	defer fault.Wrap(&err, "open calendar")
	err = s.gate.Read(ctx, perm, func(tx *store.Tx) error {
		if perm == authz.TenantSet { // a page of the settings, which are the whole tenant's
			if err := tx.Whole(); err != nil {
				return err
			}
		}
		from, to := stretch(s.registry.day(tx))
		c, err = CalendarOf(ctx, tx, s.registry, from, to)
		return err
	})
	return c, err
}
