package account

import (
	_ "embed"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants"
)

//go:embed en.json
var english []byte

// Routes declares the pages of signing in.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	app.Get("/", web.Policy{Door: "public"}, s.handleHome)
	app.Get("/masuk", web.Policy{Door: "public"}, s.handleSignInForm)
	app.Post("/masuk", web.Policy{Door: "platform"}, s.handleSignIn)
	app.Post("/keluar", web.Policy{Door: "platform"}, s.handleSignOut)
	app.Get("/pilih", web.Policy{Door: "self"}, s.handleChoices)
	app.Post("/pilih", web.Policy{Door: "platform"}, s.handleChoose)
}

func (s *Service) handleHome(c *fiber.Ctx) error {
	return web.Render(c, fiber.StatusOK, homePage(len(s.registry.Governments())))
}

func (s *Service) handleSignInForm(c *fiber.Ctx) error {
	return web.Render(c, fiber.StatusOK, signInPage("", web.Local(c.Query("lanjut")), ""))
}

func (s *Service) handleSignIn(c *fiber.Ctx) error {
	login, next := c.FormValue("login"), web.Local(c.FormValue("lanjut"))
	token, expires, err := s.SignIn(c.UserContext(), login, c.FormValue("password"))
	if f := fault.Of(err); f != nil && f.Kind == fault.Unauthenticated {
		return web.Render(c, fiber.StatusUnauthorized, signInPage(login, next, f.Text))
	}
	if err != nil {
		return err
	}
	if err := s.SignOut(c.UserContext(), web.Token(c)); err != nil { // whoever was signed in here before
		return err
	}
	web.SignIn(c, token, expires)
	if next != "/" {
		return web.Done(c, next, "")
	}
	p, err := s.Authenticate(c.UserContext(), token)
	if err != nil {
		return err
	}
	switch {
	case p.Tenant != 0:
		return web.Done(c, "/t/"+s.registry.Find(p.Tenant).Slug, "")
	case len(p.In()) > 0:
		return web.Done(c, "/pilih", "")
	}
	return web.Done(c, "/saya", "")
}

func (s *Service) handleSignOut(c *fiber.Ctx) error {
	if err := s.SignOut(c.UserContext(), web.Token(c)); err != nil {
		return err
	}
	web.SignOut(c)
	return web.Done(c, "/", "")
}

func (s *Service) handleChoices(c *fiber.Ctx) error {
	p, err := s.Authenticate(c.UserContext(), web.Token(c))
	if err != nil {
		return err
	}
	var in []tenants.Government
	for _, id := range p.In() {
		in = append(in, s.registry.Find(id))
	}
	return web.Render(c, fiber.StatusOK, choicesPage(in))
}

func (s *Service) handleChoose(c *fiber.Ctx) error {
	id, err := strconv.ParseInt(c.FormValue("tenant"), 10, 32)
	if err != nil {
		return fault.At("tenant", "Pilih salah satu instansi dari daftar.")
	}
	token, expires, err := s.Choose(c.UserContext(), web.Token(c), tenants.ID(id))
	if err != nil {
		return err
	}
	web.SignIn(c, token, expires)
	return web.Done(c, "/t/"+s.registry.Find(tenants.ID(id)).Slug, "")
}
