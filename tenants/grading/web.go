package grading

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants/batch"
)

//go:embed en.json
var english []byte

// Routes declares the pages of outcomes.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	read := web.Policy{Door: "read", Perm: authz.OutcomeRead.String()}
	page := "/t/:slug/angkatan/:batch/nilai"
	app.Get(page, read, s.handleList)
	app.Post(page, web.Policy{Door: "write", Perm: authz.OutcomeGrade.String()}, s.handleGrade)
	app.Post(page+"/rekomendasi", web.Policy{Door: "write", Perm: authz.OutcomeRecommend.String()}, s.handleRecommend)
	app.Post(page+"/keputusan", web.Policy{Door: "write", Perm: authz.OutcomeDecree.String()}, s.handleDecree)
	app.Get("/t/:slug/kiriman/:host/:batch/nilai", read, s.handleList)
}

// acts are what the person looking at a page may do there.
type acts struct{ grade, recommend, decree bool }

func (s *Service) handleList(c *fiber.Ctx) error {
	ref, err := batch.RefFrom(c, s.registry)
	if err != nil {
		return err
	}
	b, results, err := s.List(c.UserContext(), ref)
	if err != nil {
		return err
	}
	space := batch.SpaceFrom(c, s.registry, b)
	may := func(p authz.Permission) bool { return !space.Sender && s.gate.May(c.UserContext(), p) }
	return web.Render(c, fiber.StatusOK, resultsPage(space, results, s.registry,
		acts{may(authz.OutcomeGrade), may(authz.OutcomeRecommend), may(authz.OutcomeDecree)}))
}

// back is the address of a host's results.
func back(c *fiber.Ctx) string {
	return "/t/" + c.Params("slug") + "/angkatan/" + web.ID[string](c, "batch") + "/nilai"
}

func (s *Service) handleGrade(c *fiber.Ctx) error {
	if err := s.Grade(c.UserContext(), web.ID[batch.ID](c, "batch")); err != nil {
		return err
	}
	return web.Done(c, back(c), "Nilai dihitung. Penjelasannya ada pada tiap peserta.")
}

func (s *Service) handleRecommend(c *fiber.Ctx) error {
	if err := s.Recommend(c.UserContext(), web.ID[batch.ID](c, "batch")); err != nil {
		return err
	}
	return web.Done(c, back(c), "Hasil direkomendasikan.")
}

func (s *Service) handleDecree(c *fiber.Ctx) error {
	day, err := civil.ParseDate(c.FormValue("day"))
	if err != nil {
		return fault.At("day", "Tanggal keputusan wajib diisi dengan tanggal yang benar.")
	}
	if err := s.Decree(c.UserContext(), web.ID[batch.ID](c, "batch"), c.FormValue("number"), day); err != nil {
		return err
	}
	return web.Done(c, back(c), "Kelulusan ditetapkan.")
}
