package account

import (
	"context"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants"
)

const casesBase = "/operator/akun"

// settling declares the pages of confirming a role, of saying that one cannot, and of the
// operator who settles it.
func (s *Service) settling(app *web.App) {
	app.Get("/saya/peran", web.Policy{Door: "self"}, s.handleConfirmForm)
	app.Post("/saya/peran", web.Policy{Door: "self"}, s.handleConfirm)
	app.Get("/aktivasi/tanpa-akses", web.Policy{Door: "public"}, s.handleDisputeForm)
	app.Post("/aktivasi/tanpa-akses", web.Policy{Door: "platform", Half: true}, s.handleDispute)

	may := web.Policy{Door: "platform", Perm: authz.AccountSettle.String()}
	proven := web.Policy{Door: "platform", Perm: authz.AccountSettle.String(), StepUp: true}
	app.Get(casesBase, may, s.handleClaims)
	app.Get(casesBase+"/:account", may, s.handleCase)
	app.Get(casesBase+"/:account/:verdict", proven, s.handleVerdictForm)
	app.Post(casesBase+"/:account/:verdict", proven, func(c *fiber.Ctx) error { return s.handleVerdict(c, app.Link("/aktivasi")) })
	s.settleOperations(app)
}

func (s *Service) handleConfirmForm(c *fiber.Ctx) error {
	if _, err := s.Authenticate(c.UserContext(), web.Token(c)); err != nil { // an empty form, but somebody's
		return err
	}
	return web.Render(c, fiber.StatusOK, confirmPage("", nil))
}

func (s *Service) handleConfirm(c *fiber.Ctx) error {
	in, err := s.Confirm(c.UserContext(), web.Token(c), c.FormValue("code"))
	if told(err) {
		return web.Refused(c, err, func(string) templ.Component { return confirmPage(c.FormValue("code"), fault.Of(err)) })
	}
	if err != nil {
		return err
	}
	if in == 0 {
		return web.Done(c, "/saya", ui.T(c.UserContext(), "Peran Anda berlaku sejak sekarang."))
	}
	return web.Done(c, "/pilih", ui.T(c.UserContext(), "Peran Anda di %s berlaku sejak sekarang.", s.registry.Find(in).Name))
}

func (s *Service) handleDisputeForm(c *fiber.Ctx) error {
	return web.Render(c, fiber.StatusOK, disputePage("", false, nil))
}

func (s *Service) handleDispute(c *fiber.Ctx) error {
	err := s.Dispute(c.UserContext(), c.FormValue("code"), visit(c))
	if told(err) {
		return web.Refused(c, err, func(string) templ.Component { return disputePage(c.FormValue("code"), false, fault.Of(err)) })
	}
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, disputePage("", true, nil))
}

// named are the names of governments, as a list shows them; 0 is the platform.
func (s *Service) named(in tenants.ID) string {
	if in == 0 {
		return "Platform"
	}
	return s.registry.Find(in).Name
}

func (s *Service) handleClaims(c *fiber.Ctx) error {
	ctx, login := c.UserContext(), c.Query("masuk")
	all, err := s.Claims(ctx)
	if err != nil {
		return err
	}
	page := claimsList{Login: login, All: all, Named: s.named}
	if login == "" {
		return web.Render(c, fiber.StatusOK, claimsPage(page))
	}
	id, err := s.Known(ctx, login)
	f := fault.Of(err)
	switch {
	case err == nil:
		return web.Done(c, casesBase+"/"+string(id), "")
	case f != nil && f.Kind == fault.NotFound:
		page.Problem = fault.Of(fault.At("login", "Tidak ada akun dengan NIP atau surel itu. Periksa kembali ketikannya."))
	case f != nil && f.Kind == fault.Invalid:
		page.Problem = f
	default:
		return err
	}
	return web.Render(c, fiber.StatusUnprocessableEntity, claimsPage(page))
}

func (s *Service) handleCase(c *fiber.Ctx) error {
	found, err := s.Look(c.UserContext(), web.ID[ID](c, "account"))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, casePage(found, s.named))
}

// A verdict is an act of an operator on an account, by its place in addresses.
type verdict struct {
	act           string // in operations
	title, warned string
	danger        bool
}

var verdicts = map[string]verdict{
	"tangguhkan": {"suspend", ui.N("Tangguhkan akun"), ui.N("Orang ini tidak dapat masuk lagi, semua sesinya berakhir, dan token yang ia terbitkan tidak berlaku selama itu."), true},
	"pulihkan":   {"restore", ui.N("Pulihkan akun"), ui.N("Orang ini dapat masuk lagi, dan perannya yang belum dicabut berlaku kembali."), false},
	"serahkan":   {"hand-in", ui.N("Serahkan akun"), ui.N("Kata sandi dan langkah kedua dihapus, semua sesi berakhir, dan Anda menerima kode. Serahkan hanya kepada orang yang datanya tercatat di akun ini."), true},
	"lepas":      {"free", ui.N("Lepaskan NIP atau surel"), ui.N("Akun ini kehilangan nama masuknya, sesinya, dan peran yang belum dikonfirmasi. Pemilik yang benar diundang lagi dan mendapat akun sendiri."), true},
	"tolak":      {"refuse", ui.N("Tolak laporan"), ui.N("Akun tetap seperti adanya, dan laporan yang terbuka ditutup."), false},
}

// deem carries out v on account id; an Issued code is to be handed over.
func (s *Service) deem(ctx context.Context, act string, id ID, login, reason string) (out Issued, err error) {
	switch act {
	case "suspend":
		err = s.Suspend(ctx, id, reason)
	case "restore":
		err = s.Restore(ctx, id, reason)
	case "hand-in":
		out, err = s.HandIn(ctx, id, reason)
	case "free":
		err = s.Free(ctx, id, login, reason)
	case "refuse":
		err = s.Refuse(ctx, id, reason)
	default:
		err = fault.Missing()
	}
	return out, err
}

func (s *Service) handleVerdictForm(c *fiber.Ctx) error {
	return s.showVerdict(c, fiber.StatusOK, nil)
}

func (s *Service) showVerdict(c *fiber.Ctx, status int, problem *fault.Error) error {
	found, err := s.Look(c.UserContext(), web.ID[ID](c, "account"))
	if err != nil {
		return err
	}
	v, known := verdicts[c.Params("verdict")]
	if !known {
		return fault.Missing()
	}
	return web.Render(c, status, verdictPage(found, c.Params("verdict"), v, c.FormValue("login"), c.FormValue("reason"), problem))
}

func (s *Service) handleVerdict(c *fiber.Ctx, link string) error {
	id := web.ID[ID](c, "account")
	issued, err := s.deem(c.UserContext(), verdicts[c.Params("verdict")].act, id, c.FormValue("login"), c.FormValue("reason"))
	if f, status := refused(err); f != nil && f.Kind != fault.Forbidden {
		return s.showVerdict(c, status, f)
	}
	if err != nil {
		return err
	}
	if issued.Code != "" {
		return web.Render(c, fiber.StatusOK, handedPage(string(id), issued, link))
	}
	return web.Done(c, casesBase+"/"+string(id), ui.T(c.UserContext(), "Tercatat."))
}
