package oversight

import (
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/web"
)

// Routes declares the pages of overseers.
func (s *Service) Routes(app *web.App) {
	app.Get("/t/:slug/pengawasan", web.Policy{Door: "oversee", Perm: authz.OversightRead.String()}, s.handleSummary)
}

func (s *Service) handleSummary(c *fiber.Ctx) error {
	sum, err := s.Summary(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, summaryPage(sum))
}
