package program

import (
	_ "embed"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

//go:embed en.json
var english []byte

// Routes declares the pages of a training body's programs.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	app.Get("/t/:slug/program", web.Policy{Door: "read", Perm: authz.ProgramOpen.String()}, s.handleList)
	app.Post("/t/:slug/program", web.Policy{Door: "write", Perm: authz.ProgramOpen.String()}, s.handleOpen)
}

func (s *Service) handleList(c *fiber.Ctx) error {
	all, err := s.List(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, listPage(c.Params("slug"), all, s.choices(c)))
}

// choices lists the rule-sets of every current guest that answers, as "name version rule-set".
func (s *Service) choices(c *fiber.Ctx) (options []ui.Option) {
	for _, entry := range s.host.List() {
		guest, err := s.host.Guest(entry.Name, entry.Version)
		if err != nil || !entry.Current {
			continue
		}
		described, err := guest.Describe(c.UserContext())
		if err != nil {
			continue // a guest that does not answer is missing from the list, and the page stays
		}
		for _, r := range described.RuleSets {
			options = append(options, ui.Option{
				Value: entry.Name + " " + entry.Version + " " + r.Key,
				Label: described.Name.ID + " – " + r.Title.ID + " (versi " + entry.Version + ")",
			})
		}
	}
	return options
}

func (s *Service) handleOpen(c *fiber.Ctx) error {
	pin := append(strings.Fields(c.FormValue("pin")), "", "", "")
	if _, err := s.Open(c.UserContext(), c.FormValue("title"), pin[0], pin[1], pin[2]); err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/program", "Program dibuka. Umumkan angkatannya.")
}
