package schedule

import (
	_ "embed"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants/batch"
)

//go:embed en.json
var english []byte

// Routes declares the pages of a timetable.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	read := web.Policy{Door: "read", Perm: authz.SessionRead.String()}
	app.Get("/t/:slug/angkatan/:batch/jadwal", read, s.handleList)
	app.Post("/t/:slug/angkatan/:batch/jadwal", web.Policy{Door: "write", Perm: authz.SessionSchedule.String()}, s.handleSchedule)
	app.Get("/t/:slug/kiriman/:host/:batch/jadwal", read, s.handleList)
	app.Get("/saya", web.Policy{Door: "self"}, s.handleMine)
	app.Get("/saya/sesi/:host/:batch/:session", web.Policy{Door: "self"}, s.handleShow)
}

func (s *Service) handleList(c *fiber.Ctx) error {
	ref, err := batch.RefFrom(c, s.registry)
	if err != nil {
		return err
	}
	b, all, err := s.List(c.UserContext(), ref)
	if err != nil {
		return err
	}
	space := batch.SpaceFrom(c, s.registry, b)
	return web.Render(c, fiber.StatusOK, listPage(space, all, !space.Sender && s.gate.May(c.UserContext(), authz.SessionSchedule)))
}

func (s *Service) handleSchedule(c *fiber.Ctx) error {
	zone := s.zone(c)
	day, err := civil.ParseDate(c.FormValue("day"))
	if err != nil {
		return fault.At("day", "Tanggal sesi wajib diisi dengan tanggal yang benar.")
	}
	starts, err := clock(c, "starts", day, zone)
	if err != nil {
		return err
	}
	ends, err := clock(c, "ends", day, zone)
	if err != nil {
		return err
	}
	jp := 0
	if text := c.FormValue("jp"); text != "" {
		if jp, err = strconv.Atoi(text); err != nil {
			return fault.At("jp", "JP harus bilangan bulat.")
		}
	}
	_, err = s.Schedule(c.UserContext(), web.ID[batch.ID](c, "batch"), Slot{
		Title: c.FormValue("title"), Starts: starts, Ends: ends, JP: jp, Link: c.FormValue("link"),
	})
	if err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/angkatan/"+web.ID[string](c, "batch")+"/jadwal", "Sesi terjadwal.")
}

// zone is that of the tenant acted in.
func (s *Service) zone(c *fiber.Ctx) civil.Zone {
	g, err := s.registry.BySlug(c.Params("slug"))
	if err != nil {
		return civil.WIB
	}
	return g.Zone
}

// clock reads "08:00" of the named field as an instant of day. Errors: fault.Invalid.
func clock(c *fiber.Ctx, field string, day civil.Date, zone civil.Zone) (time.Time, error) {
	t, err := time.Parse("15:04", c.FormValue(field))
	if err != nil {
		return time.Time{}, fault.At(field, "Jam harus berbentuk 08:00.")
	}
	return day.At(t.Hour(), t.Minute(), zone), nil
}

func (s *Service) handleMine(c *fiber.Ctx) error {
	seats, err := s.Mine(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, minePage(seats, s.registry))
}

func (s *Service) handleShow(c *fiber.Ctx) error {
	ref, err := batch.RefFrom(c, s.registry)
	if err != nil {
		return err
	}
	b, found, err := s.Show(c.UserContext(), ref, web.ID[ID](c, "session"))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, showPage(b, found))
}
