package attendance

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/nomination"
	"github.com/wiyata-id/wiyata/tenants/schedule"
)

//go:embed en.json
var english []byte

// Routes declares the pages and operations of attendance.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	page := "/t/:slug/angkatan/:batch/kehadiran/:session"
	mark, closing := authz.AttendanceMark.String(), authz.AttendanceClose.String()
	app.Get(page, web.Policy{Door: "read", Perm: mark}, s.handleRoll)
	app.Post(page+"/buka", web.Policy{Door: "write", Perm: closing}, s.handleBegin)
	app.Post(page+"/tandai", web.Policy{Door: "append", Perm: mark}, s.handleMark)
	app.Post(page+"/tutup", web.Policy{Door: "write", Perm: closing}, s.handleClose)
	s.operations(app)
}

func (s *Service) handleRoll(c *fiber.Ctx) error {
	r, err := s.Roll(c.UserContext(), web.ID[batch.ID](c, "batch"), web.ID[schedule.ID](c, "session"))
	if err != nil {
		return err
	}
	ids := map[nomination.ID]string{} // of the marks that this page may send: a page sent twice marks once
	for _, n := range r.Participants {
		ids[n.ID] = store.NewID()
	}
	return web.Render(c, fiber.StatusOK, rollPage(batch.SpaceFrom(c, s.registry, r.Batch), r, ids, s.registry))
}

// back is the roll's address.
func back(c *fiber.Ctx) string {
	return "/t/" + c.Params("slug") + "/angkatan/" + web.ID[string](c, "batch") + "/kehadiran/" + web.ID[string](c, "session")
}

func (s *Service) handleBegin(c *fiber.Ctx) error {
	if err := s.Begin(c.UserContext(), web.ID[batch.ID](c, "batch"), web.ID[schedule.ID](c, "session")); err != nil {
		return err
	}
	return web.Done(c, back(c), "Presensi dibuka.")
}

func (s *Service) handleMark(c *fiber.Ctx) error {
	err := s.Mark(c.UserContext(), web.ID[batch.ID](c, "batch"), web.ID[schedule.ID](c, "session"),
		web.FormID[nomination.ID](c, "nomination"), Presence(c.FormValue("presence")), web.FormID[string](c, "id"))
	if err != nil {
		return err
	}
	return web.Done(c, back(c), "Presensi tercatat.")
}

func (s *Service) handleClose(c *fiber.Ctx) error {
	if err := s.Close(c.UserContext(), web.ID[batch.ID](c, "batch"), web.ID[schedule.ID](c, "session")); err != nil {
		return err
	}
	return web.Done(c, back(c), "Sesi ditutup dan presensinya disahkan.")
}
