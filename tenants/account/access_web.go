package account

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// access declares the pages of roles, codes and tokens.
func (s *Service) access(app *web.App) {
	link := app.Link("/aktivasi")
	declared := func(policy web.Policy, path string, h func(*fiber.Ctx, string) error) {
		declare := app.Get
		if policy.Door == "write" {
			declare = app.Post
		}
		declare(path, policy, func(c *fiber.Ctx) error { return h(c, link) })
	}
	page := func(path, door string, perm authz.Permission, h func(*fiber.Ctx, string) error) {
		declared(web.Policy{Door: door, Perm: perm.String()}, path, h)
	}
	// What would outlast a session that somebody left open asks for the password again.
	proven := func(path, door string, perm authz.Permission, h func(*fiber.Ctx, string) error) {
		declared(web.Policy{Door: door, Perm: perm.String(), StepUp: true}, path, h)
	}
	page("/t/:slug/akses", "read", authz.AccountRead, s.handleGrants)
	proven("/t/:slug/akses/baru", "read", authz.AccountGrant, s.handleGiveForm)
	proven("/t/:slug/akses", "write", authz.AccountGrant, s.handleGive)
	page("/t/:slug/akses/kode", "read", authz.AccountInvite, s.handleChooseCodes)
	page("/t/:slug/akses/kode", "write", authz.AccountInvite, s.handleCodes)
	proven("/t/:slug/akses/:grant/atur-ulang", "read", authz.AccountGrant, s.handleResetForm)
	proven("/t/:slug/akses/:grant/atur-ulang", "write", authz.AccountGrant, s.handleReset)
	page("/t/:slug/akses/:grant/cabut", "read", authz.AccountGrant, s.handleReview)
	page("/t/:slug/akses/:grant/cabut", "write", authz.AccountGrant, s.handleWithdraw)
	proven("/t/:slug/token", "read", authz.TokenIssue, s.handleTokens)
	proven("/t/:slug/token", "write", authz.TokenIssue, s.handleIssue)
	page("/t/:slug/token/:key/cabut", "write", authz.TokenIssue, s.handleRevokeToken)
	s.appointing(app)
	app.Get("/aktivasi", web.Policy{Door: "public"}, s.handleActivateForm)
	app.Post("/aktivasi", web.Policy{Door: "platform", Half: true}, s.handleActivate)
}

// refused returns what a form is shown again with, and the status; nil for an error that
// has a page of its own.
func refused(err error) (*fault.Error, int) {
	f := fault.Of(err)
	if f == nil {
		return nil, 0
	}
	switch f.Kind { //nolint:exhaustive // what is not named takes nothing here
	case fault.Invalid:
		return f, fiber.StatusUnprocessableEntity
	case fault.Conflict:
		return f, fiber.StatusConflict
	case fault.Forbidden:
		return f, fiber.StatusForbidden
	}
	return nil, 0
}

// day reads a date of a form, "" for none. Errors: fault.Invalid.
func day(field, text string) (civil.Date, error) {
	if text == "" {
		return civil.Date{}, nil
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		return civil.Date{}, fault.At(field, "Tanggal harus berbentuk TTTT-BB-HH, misalnya 2026-11-24.")
	}
	return d, nil
}

// values are all that a form sent under name.
func values(c *fiber.Ctx, name string) (all []string) {
	for _, v := range c.Request().PostArgs().PeekMulti(name) {
		all = append(all, string(v))
	}
	return all
}

func (s *Service) handleGrants(c *fiber.Ctx, _ string) error {
	ctx, slug := c.UserContext(), c.Params("slug")
	l := Listing{Begins: c.Query("nama"), All: c.Query("semua") != "", Cursor: c.Query("cursor")}
	all, next, err := s.Grants(ctx, l)
	if err != nil {
		return err
	}
	if next != "" {
		q := url.Values{"cursor": {next}}
		if l.Begins != "" {
			q.Set("nama", l.Begins)
		}
		if l.All {
			q.Set("semua", "1")
		}
		next = perhaps("/t/"+slug+"/akses", q.Encode())
	}
	return web.Render(c, fiber.StatusOK, grantsPage(roster{
		Slug: slug, All: all, Search: l, Next: next, MayGive: s.gate.May(ctx, authz.AccountGrant),
		MayInvite: s.gate.MayWhole(ctx, authz.AccountInvite), MayReset: s.gate.MayWhole(ctx, authz.AccountGrant), MayLend: s.gate.MayWhole(ctx, authz.TokenIssue),
	}))
}

func (s *Service) handleGiveForm(c *fiber.Ctx, _ string) error {
	return s.showGiving(c, fiber.StatusOK, giving{})
}

// showGiving shows the form of a new role as it was filled in.
func (s *Service) showGiving(c *fiber.Ctx, status int, g giving) (err error) {
	if g.Roles, g.Limits, err = s.Givable(c.UserContext()); err != nil {
		return err
	}
	return web.Render(c, status, givePage(c.Params("slug"), g))
}

func (s *Service) handleGive(c *fiber.Ctx, link string) error {
	g := giving{
		Login: c.FormValue("login"), Name: c.FormValue("name"), Role: c.FormValue("role"), Scope: c.FormValue("scope"),
		From: c.FormValue("from"), To: c.FormValue("to"), Reason: c.FormValue("reason"),
	}
	v := Invitation{Login: g.Login, Name: g.Name, Role: authz.Role(g.Role), Limit: store.Canonical(g.Scope), Reason: g.Reason}
	var given Invited
	var err error
	if v.From, err = day("from", g.From); err == nil {
		if v.To, err = day("to", g.To); err == nil {
			given, err = s.Invite(c.UserContext(), v)
		}
	}
	if f, status := refused(err); f != nil {
		g.Problem = f
		return s.showGiving(c, status, g)
	}
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, givenPage(c.Params("slug"), strings.TrimSpace(g.Name), v.Role, given, link))
}

func (s *Service) handleReview(c *fiber.Ctx, _ string) error {
	g, last, err := s.Review(c.UserContext(), web.ID[string](c, "grant"))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, withdrawPage(c.Params("slug"), "", g, last, nil))
}

func (s *Service) handleWithdraw(c *fiber.Ctx, _ string) error {
	id, reason := web.ID[string](c, "grant"), c.FormValue("reason")
	err := s.Withdraw(c.UserContext(), id, reason)
	if f, status := refused(err); f != nil && f.Kind == fault.Invalid {
		g, last, err := s.Review(c.UserContext(), id)
		if err != nil {
			return err
		}
		return web.Render(c, status, withdrawPage(c.Params("slug"), reason, g, last, f))
	}
	if err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/akses", ui.T(c.UserContext(), "Peran dicabut, dan tidak berlaku lagi sejak sekarang."))
}

func (s *Service) handleChooseCodes(c *fiber.Ctx, _ string) error {
	return s.showChoice(c, fiber.StatusOK, nil)
}

func (s *Service) showChoice(c *fiber.Ctx, status int, problem *fault.Error) error {
	if err := s.wholly(c.UserContext(), authz.AccountInvite); err != nil {
		return err
	}
	all, next, err := s.Grants(c.UserContext(), Listing{Cursor: c.Query("cursor")})
	if err != nil {
		return err
	}
	if next != "" {
		next = perhaps("/t/"+c.Params("slug")+"/akses/kode", url.Values{"cursor": {next}}.Encode())
	}
	return web.Render(c, status, choosePage(c.Params("slug"), all, next, problem))
}

func (s *Service) handleCodes(c *fiber.Ctx, link string) error {
	ctx := c.UserContext()
	all, err := s.IssueTo(ctx, values(c, "grant"))
	if f, status := refused(err); f != nil && f.Kind == fault.Invalid {
		return s.showChoice(c, status, f)
	}
	if err != nil {
		return err
	}
	return ShowCodes(c, link, all, ui.Link{Path: "/t/" + c.Params("slug") + "/akses", Label: ui.T(ctx, "Ke daftar peran")})
}

// ShowCodes answers with codes, once: as a page to print, or in the form that the request
// asks for, XLSX or CSV. link is where they are typed in, back where the page leads.
func ShowCodes(c *fiber.Ctx, link string, all []Issued, back ui.Link) error {
	format := map[string]sheet.Format{"xlsx": sheet.XLSX, "csv": sheet.CSV}[c.FormValue("bentuk")]
	if format == "" {
		return web.Render(c, fiber.StatusOK, slipsPage(back, link, all))
	}
	var b bytes.Buffer
	if err := writeCodes(c.UserContext(), &b, format, all, link); err != nil {
		return err
	}
	c.Type(c.FormValue("bentuk"))
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="kode-aktivasi.`+c.FormValue("bentuk")+`"`)
	return c.Send(b.Bytes())
}

func (s *Service) handleResetForm(c *fiber.Ctx, _ string) error {
	return s.showReset(c, fiber.StatusOK, "", nil)
}

func (s *Service) showReset(c *fiber.Ctx, status int, reason string, problem *fault.Error) error {
	who, err := s.holders(c.UserContext(), authz.AccountGrant, []string{web.ID[string](c, "grant")})
	if err != nil {
		return err
	}
	i, err := s.Resettable(c.UserContext(), who[0].IdentityID)
	if err != nil {
		return err
	}
	return web.Render(c, status, ResetPage(ui.T(c.UserContext(), "Peran dan akses"), c.Path(), i.Name, reason, problem))
}

func (s *Service) handleReset(c *fiber.Ctx, link string) error {
	reason := c.FormValue("reason")
	done, err := s.ResetHolder(c.UserContext(), web.ID[string](c, "grant"), reason)
	if f, status := refused(err); f != nil && f.Kind == fault.Invalid {
		return s.showReset(c, status, reason, f)
	}
	if err != nil {
		return err
	}
	return ShowCodes(c, link, []Issued{done}, ui.Link{Path: "/t/" + c.Params("slug") + "/akses", Label: ui.T(c.UserContext(), "Ke daftar peran")})
}

func (s *Service) handleActivateForm(c *fiber.Ctx) error {
	return web.Render(c, fiber.StatusOK, activatePage("", nil))
}

func (s *Service) handleActivate(c *fiber.Ctx) error {
	pass, err := s.Activate(c.UserContext(), c.FormValue("code"), c.FormValue("password"), c.FormValue("again"), visit(c))
	if told(err) {
		return web.Refused(c, err, func(string) templ.Component { return activatePage(c.FormValue("code"), fault.Of(err)) })
	}
	if err != nil {
		return err
	}
	if err := s.SignOut(c.UserContext(), web.Token(c)); err != nil { // whoever was signed in here before
		return err
	}
	give(c, pass)
	return s.land(c, pass.Token, "/")
}

func (s *Service) handleTokens(c *fiber.Ctx, _ string) error {
	return s.showTokens(c, fiber.StatusOK, lending{Days: "90"})
}

// showTokens shows the form of a new token as it was filled in, beside those there are.
func (s *Service) showTokens(c *fiber.Ctx, status int, l lending) (err error) {
	ctx := c.UserContext()
	var next string
	l.Slug, l.May = c.Params("slug"), s.Lendable(ctx)
	if g, err := s.registry.BySlug(l.Slug); err == nil {
		l.Zone = g.Zone
	}
	if l.All, next, err = s.Tokens(ctx, store.Canonical(c.Query("cursor"))); err != nil {
		return err
	}
	if next != "" {
		l.Next = perhaps("/t/"+l.Slug+"/token", url.Values{"cursor": {next}}.Encode())
	}
	return web.Render(c, status, tokensPage(l))
}

func (s *Service) handleIssue(c *fiber.Ctx, _ string) error {
	l := lending{Name: c.FormValue("name"), Days: c.FormValue("days"), Chosen: values(c, "permission")}
	n, _ := strconv.Atoi(l.Days) // what is no number is no day
	token, issued, err := s.IssueToken(c.UserContext(), l.Name, l.Chosen, n)
	if f, status := refused(err); f != nil && f.Kind == fault.Invalid {
		l.Problem = f
		return s.showTokens(c, status, l)
	}
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, issuedPage(c.Params("slug"), token, issued))
}

func (s *Service) handleRevokeToken(c *fiber.Ctx, _ string) error {
	if err := s.RevokeToken(c.UserContext(), web.ID[string](c, "key")); err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/token", ui.T(c.UserContext(), "Token dicabut, dan tidak berlaku lagi sejak sekarang."))
}
