package tenants

import (
	"context"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// The nation's days off are rows of Kemendagri. Its own administrator registers them like
// any government's; before it has one, the operator of the installation does, in
// Kemendagri's name and in its trail.

// NationalHolidays returns the calendar of a year with the nation's days off alone; 0 is
// this year. Errors: fault.Forbidden.
func (s *Settings) NationalHolidays(ctx context.Context, year int) (c Calendar, err error) {
	defer fault.Wrap(&err, "list national holidays")
	if err := s.mayDeclare(ctx); err != nil {
		return c, err
	}
	err = s.gate.Public(ctx, "", func(tx *store.Tx) error {
		c = Calendar{Today: civil.DateOf(tx.Now, civil.WIB), Off: map[civil.Date][]Holiday{}}
		c.From, c.To = yearOf(year)(c.Today)
		all, err := holidays(ctx, tx, []ID{Kemendagri}, c.From, c.To)
		for _, h := range append(fixedHolidays(c.From, c.To), all...) {
			c.Off[h.Day] = append(c.Off[h.Day], h)
		}
		return err
	})
	return c, err
}

// DeclareHolidays registers days off of the nation, all of them or none.
// Errors: fault.Forbidden; else as of AddHolidays.
func (s *Settings) DeclareHolidays(ctx context.Context, all []Holiday) (err error) {
	defer fault.Wrap(&err, "declare holidays")
	if err := s.mayDeclare(ctx); err != nil {
		return err
	}
	return s.addHolidays(authz.InRole(ctx, Kemendagri, authz.Almanac), authz.HolidayDeclare, all)
}

// RecallHoliday takes back a day off of the nation. Errors: fault.Forbidden; fault.NotFound.
func (s *Settings) RecallHoliday(ctx context.Context, id string) (err error) {
	defer fault.Wrap(&err, "recall holiday %s", id)
	if err := s.mayDeclare(ctx); err != nil {
		return err
	}
	return s.dropHoliday(authz.InRole(ctx, Kemendagri, authz.Almanac), authz.HolidayDeclare, id)
}

// mayDeclare admits operators and the command line, who act in no government.
func (s *Settings) mayDeclare(ctx context.Context) error {
	return s.gate.Platform(ctx, authz.HolidayDeclare, "", func(*store.Tx) error { return nil })
}
