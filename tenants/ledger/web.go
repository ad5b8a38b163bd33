package ledger

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/web"
)

//go:embed en.json
var english []byte

// Routes declares the pages of the ledger.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	app.Get("/saya/jp", web.Policy{Door: "self"}, s.handleTranscript)
	app.Get("/t/:slug/jp", web.Policy{Door: "read", Perm: authz.CreditRead.String()}, s.handleList)
}

func (s *Service) handleTranscript(c *fiber.Ctx) error {
	t, err := s.Transcript(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, transcriptPage(t))
}

func (s *Service) handleList(c *fiber.Ctx) error {
	all, err := s.List(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, listPage(all))
}
