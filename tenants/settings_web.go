package tenants

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// Routes declares the pages and operations of a government's settings.
func (s *Settings) Routes(app *web.App) {
	app.Words(english)
	perm := authz.TenantSet.String()
	read, write := web.Policy{Door: "read", Perm: perm}, web.Policy{Door: "write", Perm: perm}
	const base = "/t/:slug/pengaturan"
	app.Get(base, read, s.handleIdentity)
	app.Post(base, write, s.handleSaveIdentity)
	app.Get(base+"/kop", read, s.handleLetterhead)
	app.Post(base+"/kop", write, s.handleSaveLetterhead)
	app.Get(base+"/hari-kerja", read, s.handleWeeks)
	app.Post(base+"/hari-kerja", write, s.handleAddWeek)
	app.Post(base+"/hari-kerja/:week/hapus", write, s.handleDropWeek)
	app.Get(base+"/hari-libur", read, s.handleHolidays)
	app.Post(base+"/hari-libur", write, s.handleAddHoliday)
	app.Post(base+"/hari-libur/:holiday/hapus", write, s.handleDropHoliday)
	app.Get(base+"/pejabat", read, s.handleOffices)
	app.Post(base+"/pejabat", write, s.handleSaveOffice)
	app.Get(base+"/pejabat/:office", read, s.handleOffice)
	app.Post(base+"/pejabat/:office", write, s.handleSaveHolder)
	s.nationalRoutes(app)
	s.operations(app)
}

// base is where the settings of the request's tenant lie.
func base(c *fiber.Ctx) string { return "/t/" + c.Params("slug") + "/pengaturan" }

// A refusal is why a form comes back: with what was typed, and what to mend. Its zero
// value is a form that was not sent yet.
type refusal struct {
	field, text string
	status      int
}

// refused tells a form that has to be mended from an answer that is none of its own.
func refused(err error) (refusal, error) {
	f := fault.Of(err)
	switch {
	case f != nil && f.Kind == fault.Invalid:
		return refusal{f.Field, f.Text, fiber.StatusUnprocessableEntity}, nil
	case f != nil && f.Kind == fault.Conflict:
		return refusal{f.Field, f.Text, fiber.StatusConflict}, nil
	}
	return refusal{}, err
}

// at is what is wrong with an input, "" for nothing.
func (r refusal) at(field string) string {
	if r.field == field {
		return r.text
	}
	return ""
}

func (r refusal) problems() []ui.Pair {
	if r.field == "" {
		return nil
	}
	return []ui.Pair{{Name: r.field, Value: r.text}}
}

// answer is the status of the page that shows the form.
func (r refusal) answer() int {
	if r.status == 0 {
		return fiber.StatusOK
	}
	return r.status
}

func (s *Settings) handleIdentity(c *fiber.Ctx) error {
	p, err := s.Open(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, identityPage(base(c), p, p, refusal{}))
}

func (s *Settings) handleSaveIdentity(c *fiber.Ctx) error {
	typed := Profile{
		Version: number(c, "version"), Body: c.FormValue("body"), Accent: c.FormValue("accent"), Motif: c.FormValue("motif"),
		Language: c.FormValue("language"), Help: c.FormValue("help"),
	}
	if c.FormValue("act") == "check" { // how it would look; nothing is stored
		stored, err := s.Open(c.UserContext())
		if err != nil {
			return err
		}
		refused, err := refused(typed.identity())
		if err != nil {
			return err
		}
		typed.theme = ui.NewTheme(typed.Accent, typed.Motif)
		return web.Render(c, refused.answer(), identityPage(base(c), typed, stored, refused))
	}
	if _, err := s.SaveIdentity(c.UserContext(), typed); err != nil {
		refused, err := refused(err)
		if err != nil {
			return err
		}
		return s.again(c, typed, refused, identityPage)
	}
	return web.Done(c, base(c), ui.T(c.UserContext(), "Pengaturan disimpan. Halaman ini dan halaman publik sudah memakainya."))
}

func (s *Settings) handleLetterhead(c *fiber.Ctx) error {
	p, err := s.Open(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, letterheadPage(base(c), p, p, refusal{}))
}

func (s *Settings) handleSaveLetterhead(c *fiber.Ctx) error {
	typed := Profile{
		Version: number(c, "version"), HeadLines: c.FormValue("head_lines"), Address: c.FormValue("address"), Phone: c.FormValue("phone"),
		Email: c.FormValue("email"), Site: c.FormValue("site"), City: c.FormValue("city"),
	}
	if _, err := s.SaveLetterhead(c.UserContext(), typed); err != nil {
		refused, err := refused(err)
		if err != nil {
			return err
		}
		return s.again(c, typed, refused, letterheadPage)
	}
	return web.Done(c, base(c)+"/kop", ui.T(c.UserContext(), "Kop surat disimpan."))
}

// again shows a form of the profile with what was typed, beside what is stored: who
// saves it now, has seen both.
func (s *Settings) again(c *fiber.Ctx, typed Profile, why refusal, page profilePage) error {
	stored, err := s.Open(c.UserContext())
	if err != nil {
		return err
	}
	if why.status == fiber.StatusConflict {
		typed.Version = stored.Version
	}
	typed.theme = ui.NewTheme(typed.Accent, typed.Motif)
	return web.Render(c, why.answer(), page(base(c), typed, stored, why))
}

func number(c *fiber.Ctx, name string) int {
	n, _ := strconv.Atoi(c.FormValue(name)) // what is no number is no version that was read
	return n
}

func (s *Settings) handleWeeks(c *fiber.Ctx) error {
	return s.weeks(c, WorkWeek{Days: 6, Starts: "07:30"}, refusal{})
}

// weeks shows the exceptions and counts the work days of a stretch that was asked about:
// of this month, when none was.
func (s *Settings) weeks(c *fiber.Ctx, typed WorkWeek, why refusal) error {
	calendar, err := s.calendar(c.UserContext(), authz.TenantSet, stretch(c.Query("mulai"), c.Query("selesai")))
	if err != nil {
		return err
	}
	return web.Render(c, why.answer(), weeksPage(base(c), calendar, typed, why))
}

// stretch reads two dates; without both, they are those of this month.
func stretch(first, last string) func(today civil.Date) (from, to civil.Date) {
	return func(today civil.Date) (from, to civil.Date) {
		if first+last == "" {
			from = civil.Date{Year: today.Year, Month: today.Month, Day: 1}
			return from, from.Add(31).Add(-from.Add(31).Day)
		}
		from, _ = civil.ParseDate(first) // no date is no day, which the calendar refuses
		to, _ = civil.ParseDate(last)
		return from, to
	}
}

func (s *Settings) handleAddWeek(c *fiber.Ctx) error {
	w := WorkWeek{FromDay: day(c, "from"), ToDay: day(c, "to"), Days: number(c, "days"), Starts: c.FormValue("starts"), Decree: c.FormValue("decree")}
	if _, err := s.AddWeek(c.UserContext(), w); err != nil {
		refused, err := refused(err)
		if err != nil {
			return err
		}
		return s.weeks(c, w, refused)
	}
	return web.Done(c, base(c)+"/hari-kerja", ui.T(c.UserContext(), "Pengecualian hari kerja dicatat."))
}

func (s *Settings) handleDropWeek(c *fiber.Ctx) error {
	if err := s.DropWeek(c.UserContext(), web.ID[string](c, "week")); err != nil {
		return err
	}
	return web.Done(c, base(c)+"/hari-kerja", ui.T(c.UserContext(), "Pengecualian dihapus. Hari kerja baku berlaku kembali."))
}

func (s *Settings) handleHolidays(c *fiber.Ctx) error {
	return s.holidays(c, Holiday{Kind: DayOff}, refusal{})
}

// holidays shows the days off of a year, from whomever they come.
func (s *Settings) holidays(c *fiber.Ctx, typed Holiday, why refusal) error {
	g, err := s.registry.BySlug(c.Params("slug"))
	if err != nil {
		return err
	}
	asked, err := yearAsked(c)
	if err != nil {
		return err
	}
	calendar, err := s.calendar(c.UserContext(), authz.TenantSet, yearOf(asked))
	if err != nil {
		return err
	}
	return web.Render(c, why.answer(), holidaysPage(base(c), g, s.registry, calendar, typed, why))
}

// yearAsked is the year that an address names, 0 when it names none. Errors: fault.Invalid.
func yearAsked(c *fiber.Ctx) (year int, err error) {
	if c.Query("tahun") == "" {
		return 0, nil
	}
	if year, err = strconv.Atoi(c.Query("tahun")); err != nil || year < firstYear || year > lastYear {
		return 0, fault.At("tahun", "Tahun hari libur harus antara %d dan %d.", firstYear, lastYear)
	}
	return year, nil
}

func typedHoliday(c *fiber.Ctx) Holiday {
	return Holiday{Day: day(c, "day"), Name: c.FormValue("name"), Kind: HolidayKind(c.FormValue("kind")), Decree: c.FormValue("decree"), Checked: c.FormValue("checked") != ""}
}

func (s *Settings) handleAddHoliday(c *fiber.Ctx) error {
	h := typedHoliday(c)
	if err := s.AddHolidays(c.UserContext(), []Holiday{h}); err != nil {
		refused, err := refused(err)
		if err != nil {
			return err
		}
		return s.holidays(c, h, refused)
	}
	return web.Done(c, base(c)+"/hari-libur?tahun="+strconv.Itoa(h.Day.Year), ui.T(c.UserContext(), "Hari libur dicatat."))
}

func (s *Settings) handleDropHoliday(c *fiber.Ctx) error {
	if err := s.DropHoliday(c.UserContext(), web.ID[string](c, "holiday")); err != nil {
		return err
	}
	return web.Done(c, base(c)+"/hari-libur", ui.T(c.UserContext(), "Hari libur dihapus."))
}

func (s *Settings) handleOffices(c *fiber.Ctx) error {
	return s.offices(c, Office{Rank: Other}, refusal{})
}

func (s *Settings) offices(c *fiber.Ctx, typed Office, why refusal) error {
	all, today, err := s.Offices(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, why.answer(), officesPage(base(c), all, today, typed, why))
}

func (s *Settings) handleSaveOffice(c *fiber.Ctx) error {
	o := Office{ID: web.FormID[string](c, "office"), Version: number(c, "version"), Name: c.FormValue("name"), Rank: Rank(c.FormValue("rank"))}
	saved, err := s.SaveOffice(c.UserContext(), o)
	if err != nil {
		refused, err := refused(err)
		if err != nil {
			return err
		}
		return s.offices(c, o, refused)
	}
	return web.Done(c, base(c)+"/pejabat/"+saved.ID, ui.T(c.UserContext(), "Jabatan disimpan."))
}

func (s *Settings) handleOffice(c *fiber.Ctx) error {
	o, today, err := s.OpenOffice(c.UserContext(), web.ID[string](c, "office"))
	if err != nil {
		return err
	}
	typed := Holder{Kind: Definitive}
	for _, h := range o.Holders {
		if h.ID == c.Query("masa") {
			typed = h
		}
	}
	return web.Render(c, fiber.StatusOK, officePage(base(c), o, today, typed, refusal{}))
}

func (s *Settings) handleSaveHolder(c *fiber.Ctx) error {
	h := Holder{
		ID: web.FormID[string](c, "term"), OfficeID: web.ID[string](c, "office"), Version: number(c, "version"), Kind: Tenure(c.FormValue("kind")),
		Chain: Chain(c.FormValue("chain")), Principal: c.FormValue("principal"), Through: c.FormValue("through"),
		Front: c.FormValue("front"), Name: c.FormValue("holder"), Back: c.FormValue("back"), NIP: c.FormValue("nip"), Grade: c.FormValue("grade"),
		FromDay: day(c, "from"), ToDay: day(c, "to"),
	}
	if _, err := s.SaveHolder(c.UserContext(), h); err != nil {
		refused, err := refused(err)
		if err != nil {
			return err
		}
		o, today, err := s.OpenOffice(c.UserContext(), h.OfficeID)
		if err != nil {
			return err
		}
		return web.Render(c, refused.answer(), officePage(base(c), o, today, h, refused))
	}
	return web.Done(c, base(c)+"/pejabat/"+h.OfficeID, ui.T(c.UserContext(), "Masa jabatan disimpan."))
}
