package certificate

import (
	_ "embed"
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants/batch"
)

//go:embed en.json
var english []byte

// Routes declares the pages of certificates.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	read := web.Policy{Door: "read", Perm: authz.CertificateRead.String()}
	page := "/t/:slug/angkatan/:batch/sertifikat"
	app.Get(page, read, s.handleList)
	app.Post(page, web.Policy{Door: "write", Perm: authz.CertificateGenerate.String()}, s.handleGenerate)
	app.Post(page+"/tanda-tangan", web.Policy{Door: "write", Perm: authz.CertificateSign.String()}, s.handleSign)
	app.Get("/t/:slug/kiriman/:host/:batch/sertifikat", read, s.handleList)
	app.Get("/saya/sertifikat", web.Policy{Door: "self"}, s.handleMine)
	app.Get("/saya/sertifikat/:token", web.Policy{Door: "self"}, func(c *fiber.Ctx) error { return s.handleShow(c, app.Link) })
	app.Get("/V", web.Policy{Door: "public"}, handleAsk)
	app.Get("/V/:token", web.Policy{Door: "public"}, s.handleVerify)
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
	may := func(p authz.Permission) bool { return !space.Sender && s.gate.May(c.UserContext(), p) }
	return web.Render(c, fiber.StatusOK, listPage(space, all, may(authz.CertificateGenerate), may(authz.CertificateSign)))
}

func (s *Service) handleGenerate(c *fiber.Ctx) error {
	n, err := s.Generate(c.UserContext(), web.ID[batch.ID](c, "batch"))
	if err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/angkatan/"+web.ID[string](c, "batch")+"/sertifikat", fmt.Sprintf("%d sertifikat dibuat dan bernomor. Kini menunggu tanda tangan.", n))
}

func (s *Service) handleSign(c *fiber.Ctx) error {
	n, err := s.Sign(c.UserContext(), web.ID[batch.ID](c, "batch"))
	if err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/angkatan/"+web.ID[string](c, "batch")+"/sertifikat", fmt.Sprintf("%d sertifikat diterbitkan.", n))
}

func (s *Service) handleMine(c *fiber.Ctx) error {
	all, err := s.Mine(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, minePage(all))
}

// handleShow prints one's own certificate, with the code that a stranger scans.
func (s *Service) handleShow(c *fiber.Ctx, link func(string) string) error {
	all, err := s.Mine(c.UserContext())
	if err != nil {
		return err
	}
	for _, found := range all {
		if found.Token == strings.ToUpper(c.Params("token")) {
			return web.Render(c, fiber.StatusOK, showPage(found, strings.ToUpper(link(found.Path()))))
		}
	}
	return fault.Missing()
}

// handleAsk leads from a box into which somebody has typed the code of a certificate, or
// the whole address below its QR code, to its page.
func handleAsk(c *fiber.Ctx) error {
	code := strings.ToUpper(strings.Join(strings.Fields(c.Query("kode")), ""))
	code = code[strings.LastIndexByte(code, '/')+1:]
	if code == "" || url.PathEscape(code) != code {
		return web.Render(c, fiber.StatusNotFound, unknownPage())
	}
	return web.Done(c, "/V/"+code, "")
}

func (s *Service) handleVerify(c *fiber.Ctx) error {
	found, genuine, err := s.Verify(c.UserContext(), c.Params("token"))
	if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
		return web.Render(c, fiber.StatusNotFound, unknownPage())
	}
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, verifyPage(found, genuine))
}
