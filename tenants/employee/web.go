package employee

import (
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/web"
)

// Routes declares the pages of a tenant's employees.
func (s *Service) Routes(app *web.App) {
	app.Get("/t/:slug/pegawai", web.Policy{Door: "read", Perm: authz.EmployeeRead.String()}, s.handleList)
}

func (s *Service) handleList(c *fiber.Ctx) error {
	all, err := s.List(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, listPage(all))
}
