package account

import (
	_ "embed"
	"errors"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants"
)

//go:embed en.json
var english []byte

// Routes declares the pages of signing in, of roles and of tokens, and their operations.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	app.Get("/", web.Policy{Door: "public"}, s.handleHome)
	app.Get("/masuk", web.Policy{Door: "public"}, s.handleSignInForm)
	app.Post("/masuk", web.Policy{Door: "platform", Half: true}, s.handleSignIn)
	app.Post("/keluar", web.Policy{Door: "platform", Half: true}, s.handleSignOut)
	app.Get("/pilih", web.Policy{Door: "self"}, s.handleChoices)
	app.Post("/pilih", web.Policy{Door: "platform"}, s.handleChoose)

	app.Get("/masuk/dua-langkah", web.Policy{Door: "self", Half: true}, s.handleSecondForm)
	app.Post("/masuk/dua-langkah", web.Policy{Door: "platform", Half: true}, s.handleSecond)
	app.Get("/masuk/dua-langkah/pasang", web.Policy{Door: "self", Half: true, StepUp: true}, s.handleSetUpForm)
	app.Post("/masuk/dua-langkah/pasang", web.Policy{Door: "platform", Half: true, StepUp: true}, s.handleSetUp)
	app.Get("/masuk/ulang", web.Policy{Door: "self", Half: true}, s.handleProveForm)
	app.Post("/masuk/ulang", web.Policy{Door: "platform", Half: true}, s.handleProve)

	app.Get("/saya/keamanan", web.Policy{Door: "self"}, s.handleSecurity)
	app.Post("/saya/keamanan/sesi/akhiri-lain", web.Policy{Door: "platform"}, s.handleRevokeOthers)
	app.Post("/saya/keamanan/sesi/:id/akhiri", web.Policy{Door: "platform"}, s.handleRevoke)
	app.Post("/saya/keamanan/kode-pemulihan", web.Policy{Door: "platform", StepUp: true}, s.handleRenew)
	app.Post("/saya/keamanan/dua-langkah/lepas", web.Policy{Door: "platform", StepUp: true}, s.handleDrop)
	s.operations(app)
	s.access(app)
	s.accessOperations(app)
	s.settling(app)
}

func (s *Service) handleHome(c *fiber.Ctx) error {
	return web.Render(c, fiber.StatusOK, homePage(len(s.registry.Governments())))
}

func (s *Service) handleSignInForm(c *fiber.Ctx) error {
	return web.Render(c, fiber.StatusOK, signInPage("", web.Local(c.Query("lanjut")), false, ""))
}

// visit is what is known of the browser that asks.
func visit(c *fiber.Ctx) Visit {
	return Visit{Device: web.Device(c), Network: web.Network(c), Mark: web.Mark(c)}
}

// give hands the browser what pass holds.
func give(c *fiber.Ctx, pass Pass) {
	web.SignIn(c, pass.Token, pass.Expires)
	if pass.Mark != "" {
		web.Remember(c, pass.Mark, pass.Until)
	}
}

func (s *Service) handleSignIn(c *fiber.Ctx) error {
	login, next, keep := c.FormValue("login"), web.Local(c.FormValue("lanjut")), c.FormValue("tetap") != ""
	pass, err := s.SignIn(c.UserContext(), Credentials{login, c.FormValue("password"), keep}, visit(c))
	if err != nil {
		return web.Refused(c, err, func(text string) templ.Component { return signInPage(login, next, keep, text) })
	}
	if err := s.SignOut(c.UserContext(), web.Token(c)); err != nil { // whoever was signed in here before
		return err
	}
	give(c, pass)
	return s.land(c, pass.Token, next)
}

// land leads to where a session that has come this far goes on.
func (s *Service) land(c *fiber.Ctx, token, next string) error {
	p, err := s.Authenticate(c.UserContext(), token)
	if err != nil {
		return err
	}
	return web.Done(c, s.landing(p, next), "")
}

// landing is the page at which p begins; next, unless that is "/".
func (s *Service) landing(p Person, next string) string {
	switch {
	case p.Half && p.Enrolled:
		return to("/masuk/dua-langkah", next)
	case p.Half:
		return to("/masuk/dua-langkah/pasang", next)
	case next != "/":
		return next
	case p.Tenant != 0:
		return "/t/" + s.registry.Find(p.Tenant).Slug
	case len(p.In()) > 0:
		return "/pilih"
	}
	return "/saya"
}

// to is page, which leads on to next.
func to(page, next string) string {
	if next == "/" {
		return page
	}
	return page + "?lanjut=" + url.QueryEscape(next)
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
	pass, err := s.Choose(c.UserContext(), web.Token(c), tenants.ID(id))
	if err != nil {
		return err
	}
	give(c, pass)
	return web.Done(c, "/t/"+s.registry.Find(tenants.ID(id)).Slug, "")
}

func (s *Service) handleSecondForm(c *fiber.Ctx) error {
	p, err := s.Authenticate(c.UserContext(), web.Token(c))
	if err != nil {
		return err
	}
	next := web.Local(c.Query("lanjut"))
	if !p.Half || !p.Enrolled {
		return web.Done(c, s.landing(p, next), "")
	}
	return web.Render(c, fiber.StatusOK, secondPage(next, ""))
}

func (s *Service) handleSecond(c *fiber.Ctx) error {
	next := web.Local(c.FormValue("lanjut"))
	pass, err := s.Second(c.UserContext(), web.Token(c), c.FormValue("code"), visit(c))
	if told(err) {
		return web.Refused(c, err, func(text string) templ.Component { return secondPage(next, text) })
	}
	if err != nil {
		return err
	}
	give(c, pass)
	return s.land(c, pass.Token, next)
}

// told reports whether err is about what was typed, and is said beside it.
func told(err error) bool {
	return errors.Is(err, fault.Invalid) || errors.Is(err, fault.Limited) || errors.Is(err, fault.Unavailable)
}

func (s *Service) handleSetUpForm(c *fiber.Ctx) error {
	return s.setUp(c, "", web.Local(c.Query("lanjut")), nil)
}

// setUp shows the page with a secret to set up; sealed is one that was shown already.
func (s *Service) setUp(c *fiber.Ctx, sealed, next string, refused error) error {
	offer, err := s.Offer(c.UserContext(), web.Token(c), sealed)
	if err != nil {
		return err
	}
	p, err := s.Authenticate(c.UserContext(), web.Token(c))
	if err != nil {
		return err
	}
	if refused != nil {
		return web.Refused(c, refused, func(text string) templ.Component { return setUpPage(offer, next, p.Half, text) })
	}
	return web.Render(c, fiber.StatusOK, setUpPage(offer, next, p.Half, ""))
}

func (s *Service) handleSetUp(c *fiber.Ctx) error {
	sealed, next := c.FormValue("kunci"), web.Local(c.FormValue("lanjut"))
	pass, codes, err := s.Enrol(c.UserContext(), web.Token(c), sealed, c.FormValue("code"), visit(c))
	if told(err) {
		return s.setUp(c, sealed, next, err)
	}
	if err != nil {
		return err
	}
	give(c, pass)
	p, err := s.Authenticate(c.UserContext(), pass.Token)
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, codesPage(codes, s.landing(p, next)))
}

func (s *Service) handleProveForm(c *fiber.Ctx) error {
	return s.prove(c, web.Local(c.Query("lanjut")), c.Query("belum") != "", nil)
}

// prove shows the page that asks for a password or code once more.
func (s *Service) prove(c *fiber.Ctx, next string, unsent bool, refused error) error {
	p, err := s.Authenticate(c.UserContext(), web.Token(c))
	if err != nil {
		return err
	}
	page := func(text string) templ.Component { return provePage(next, p.Enrolled && !p.Half, unsent, text) }
	if refused != nil {
		return web.Refused(c, refused, page)
	}
	return web.Render(c, fiber.StatusOK, page(""))
}

func (s *Service) handleProve(c *fiber.Ctx) error {
	next, unsent := web.Local(c.FormValue("lanjut")), c.FormValue("belum") != ""
	pass, err := s.Prove(c.UserContext(), web.Token(c), c.FormValue("secret"))
	if told(err) {
		return s.prove(c, next, unsent, err)
	}
	if err != nil {
		return err
	}
	give(c, pass)
	message := ""
	if unsent {
		message = "Terima kasih. Isian tadi belum tersimpan: kirim sekali lagi dari halaman ini."
	}
	if next == "/" {
		next = "/saya/keamanan"
	}
	return web.Done(c, next, message)
}

func (s *Service) handleSecurity(c *fiber.Ctx) error {
	x, err := s.Security(c.UserContext(), web.Token(c))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, securityPage(x))
}

func (s *Service) handleRevoke(c *fiber.Ctx) error {
	if err := s.Revoke(c.UserContext(), web.Token(c), web.ID[string](c, "id")); err != nil {
		return err
	}
	return web.Done(c, "/saya/keamanan", "Sesi itu sudah diakhiri.")
}

func (s *Service) handleRevokeOthers(c *fiber.Ctx) error {
	if err := s.RevokeOthers(c.UserContext(), web.Token(c)); err != nil {
		return err
	}
	return web.Done(c, "/saya/keamanan", "Semua sesi lain sudah diakhiri.")
}

func (s *Service) handleRenew(c *fiber.Ctx) error {
	codes, err := s.Renew(c.UserContext(), web.Token(c))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, codesPage(codes, "/saya/keamanan"))
}

func (s *Service) handleDrop(c *fiber.Ctx) error {
	if err := s.Drop(c.UserContext(), web.Token(c)); err != nil {
		return err
	}
	return web.Done(c, "/saya/keamanan", "Langkah kedua sudah dilepas.")
}
