package employee

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants"
)

// Routes declares the pages and operations of transfers.
func (s *Transfers) Routes(app *web.App) {
	read := web.Policy{Door: "read", Perm: authz.EmployeeTransfer.String()}
	write := web.Policy{Door: "write", Perm: authz.EmployeeTransfer.String()}
	app.Get("/t/:slug/mutasi", read, s.handleList)
	app.Get("/t/:slug/mutasi/baru", read, s.handleNew)
	app.Post("/t/:slug/mutasi/baru", read, s.handleNew) // with a number, which stands in no address
	app.Post("/t/:slug/mutasi", write, s.handleAsk)
	app.Get("/t/:slug/mutasi/:transfer", read, s.handleOpen)
	app.Post("/t/:slug/mutasi/:transfer/jawab", write, s.handleDecide)
	app.Post("/t/:slug/mutasi/:transfer/tarik", write, s.handleWithdraw)
	app.Post("/t/:slug/mutasi/:transfer/penetapan", write, s.handleAppeal)
	app.Get("/t/:slug/penetapan-mutasi", read, s.handleAppeals)
	app.Get("/t/:slug/penetapan-mutasi/:appeal", read, s.handleOpenAppeal)
	app.Post("/t/:slug/penetapan-mutasi/:appeal", write, s.handleRule)
	s.operations(app)
}

func transferPath(slug string, id TransferID) string {
	path := "/t/" + slug + "/mutasi"
	if id != "" {
		path += "/" + string(id)
	}
	return path
}

func appealPath(slug string, id AppealID) string {
	path := "/t/" + slug + "/penetapan-mutasi"
	if id != "" {
		path += "/" + string(id)
	}
	return path
}

// A transferForm is what a page of transfers shows beside its rows: what was typed, and
// what is wrong with it.
type transferForm struct {
	Slug   string
	Zone   civil.Zone
	Rules  bool // others ask this government for a ruling
	Values map[string]string
	Form   string       // that was refused: "ask", "hold", "appeal", "rule"
	Fault  *fault.Error // nil = nothing yet
	names  func(tenants.ID) string
	offers []ui.Option // governments to choose from
}

// transferFields are the inputs of all forms.
var transferFields = []string{"nip", "name", "from", "decree_number", "decree_day", "decree_signer", "effective_day", "letter", "reason", "until", "decision"}

func (s *Transfers) formFrom(c *fiber.Ctx) transferForm {
	g, _ := s.registry.BySlug(c.Params("slug")) // the request has been let in under it
	f := transferForm{Slug: c.Params("slug"), Zone: s.zone(g.ID), Rules: s.rules(g.ID), Values: map[string]string{},
		names: func(id tenants.ID) string { return s.registry.Find(id).Name }}
	for _, name := range transferFields {
		f.Values[name] = c.FormValue(name)
	}
	return f
}

// field completes spec with what was typed and what is wrong with it, in the named form.
func (f transferForm) field(form string, spec ui.FieldSpec) ui.FieldSpec {
	spec.Value = f.Values[spec.Name]
	if f.Fault != nil && f.Form == form && f.Fault.Field == spec.Name {
		spec.Error = f.Fault.Text
	}
	return spec
}

// problems are what is wrong with the form, for the head of the page.
func (f transferForm) problems() []ui.Pair {
	if f.Fault == nil || f.Fault.Field == "" {
		return nil
	}
	return []ui.Pair{{Name: f.Fault.Field, Value: f.Fault.Text}}
}

// refused notes err in f; ok is false for what is no refusal of an input.
func (f *transferForm) refused(form string, err error) (status int, ok bool) {
	f.Form, f.Fault = form, fault.Of(err)
	switch {
	case f.Fault == nil:
		return 0, false
	case f.Fault.Kind == fault.Invalid:
		return fiber.StatusUnprocessableEntity, true
	case f.Fault.Kind == fault.Conflict:
		return fiber.StatusConflict, true
	}
	return 0, false
}

// tabs are the lists that there are.
func (f transferForm) tabs(ctx context.Context) []ui.Link {
	all := []ui.Link{
		{Path: transferPath(f.Slug, ""), Label: ui.T(ctx, "Permintaan masuk")},
		{Path: transferPath(f.Slug, "") + "?arah=keluar", Label: ui.T(ctx, "Permintaan kami")},
	}
	if f.Rules {
		all = append(all, ui.Link{Path: appealPath(f.Slug, ""), Label: ui.T(ctx, "Permohonan penetapan")})
	}
	return all
}

func (s *Transfers) handleList(c *fiber.Ctx) error {
	after, err := store.ParseCursor(c.Query("cursor"))
	if err != nil {
		return err
	}
	direction := Incoming
	if c.Query("arah") == "keluar" {
		direction = Outgoing
	}
	p, err := s.List(c.UserContext(), direction, after)
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, transfersPage(s.formFrom(c), p, direction))
}

func (s *Transfers) handleNew(c *fiber.Ctx) error {
	if err := s.gate.Read(c.UserContext(), authz.EmployeeTransfer, (*store.Tx).Whole); err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, askPage(s.offering(s.formFrom(c))))
}

// offering completes f with the governments to choose from.
func (s *Transfers) offering(f transferForm) transferForm {
	f.offers = []ui.Option{{Value: "", Label: "–"}}
	for _, g := range s.registry.All() {
		if g.Slug != f.Slug {
			f.offers = append(f.offers, ui.Option{Value: strconv.Itoa(int(g.ID)), Label: g.Code + " " + g.Name})
		}
	}
	return f
}

// dayOf reads a day that was typed; none is the zero day, which the rules refuse.
func dayOf(field, typed string) (d civil.Date, err error) {
	if err := d.UnmarshalText([]byte(typed)); err != nil {
		return d, fault.At(field, "Tanggal ini tidak ada di kalender. Pilih tanggal yang benar.")
	}
	return d, nil
}

// read makes a request of what was typed. Errors: fault.Invalid.
func (f transferForm) read() (t Transfer, err error) {
	v := f.Values
	from, _ := strconv.ParseInt(v["from"], 10, 32) // what is no number is no government
	t = Transfer{NIP: v["nip"], Name: v["name"], PartyID: tenants.ID(from), DecreeNumber: v["decree_number"], DecreeSigner: v["decree_signer"], Letter: v["letter"]}
	if t.DecreeDay, err = dayOf("decree_day", v["decree_day"]); err != nil {
		return t, err
	}
	t.EffectiveDay, err = dayOf("effective_day", v["effective_day"])
	return t, err
}

func (s *Transfers) handleAsk(c *fiber.Ctx) error {
	f := s.formFrom(c)
	t, err := f.read()
	if err == nil {
		t, err = s.Ask(c.UserContext(), t)
	}
	if err != nil {
		status, ok := f.refused("ask", err)
		if !ok {
			return err
		}
		return web.Render(c, status, askPage(s.offering(f)))
	}
	return web.Done(c, transferPath(f.Slug, t.ID), ui.T(c.UserContext(), "Permintaan dikirim; menunggu jawaban."))
}

func (s *Transfers) handleOpen(c *fiber.Ctx) error {
	return s.show(c, s.formFrom(c), fiber.StatusOK)
}

// show renders the request of the address.
func (s *Transfers) show(c *fiber.Ctx, f transferForm, status int) error {
	v, err := s.Open(c.UserContext(), web.ID[TransferID](c, "transfer"))
	if err != nil {
		return err
	}
	return web.Render(c, status, transferPage(f, v, s.authority(v.TenantID)))
}

// again shows a request with the form that was refused; other errors it leaves.
func (s *Transfers) again(c *fiber.Ctx, form string, err error) error {
	f := s.formFrom(c)
	status, ok := f.refused(form, err)
	if !ok {
		return err
	}
	return s.show(c, f, status)
}

func (s *Transfers) handleDecide(c *fiber.Ctx) error {
	id, kind := web.ID[TransferID](c, "transfer"), AnswerKind(c.FormValue("decision"))
	until, err := dayOf("until", c.FormValue("until"))
	if err == nil {
		_, err = s.Decide(c.UserContext(), id, Answer{Kind: kind, Reason: c.FormValue("reason"), Until: until})
	}
	if err != nil {
		return s.again(c, "hold", err)
	}
	done := map[AnswerKind]string{Agree: ui.N("Mutasi disetujui."), Hold: ui.N("Mutasi ditahan."), Lift: ui.N("Penahanan dicabut.")}[kind]
	return web.Done(c, transferPath(c.Params("slug"), id), ui.T(c.UserContext(), done))
}

func (s *Transfers) handleWithdraw(c *fiber.Ctx) error {
	id := web.ID[TransferID](c, "transfer")
	if _, err := s.Withdraw(c.UserContext(), id); err != nil {
		return s.again(c, "withdraw", err)
	}
	return web.Done(c, transferPath(c.Params("slug"), id), ui.T(c.UserContext(), "Permintaan ditarik."))
}

func (s *Transfers) handleAppeal(c *fiber.Ctx) error {
	id := web.ID[TransferID](c, "transfer")
	if _, err := s.Appeal(c.UserContext(), id, c.FormValue("reason"), c.FormValue("letter")); err != nil {
		return s.again(c, "appeal", err)
	}
	return web.Done(c, transferPath(c.Params("slug"), id), ui.T(c.UserContext(), "Permohonan penetapan dikirim."))
}

func (s *Transfers) handleAppeals(c *fiber.Ctx) error {
	after, err := store.ParseCursor(c.Query("cursor"))
	if err != nil {
		return err
	}
	p, err := s.Appeals(c.UserContext(), after)
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, appealsPage(s.formFrom(c), p))
}

func (s *Transfers) handleOpenAppeal(c *fiber.Ctx) error {
	return s.showAppeal(c, s.formFrom(c), fiber.StatusOK)
}

func (s *Transfers) showAppeal(c *fiber.Ctx, f transferForm, status int) error {
	a, err := s.OpenAppeal(c.UserContext(), web.ID[AppealID](c, "appeal"))
	if err != nil {
		return err
	}
	return web.Render(c, status, appealPage(f, a))
}

func (s *Transfers) handleRule(c *fiber.Ctx) error {
	f, id := s.formFrom(c), web.ID[AppealID](c, "appeal")
	if _, err := s.Rule(c.UserContext(), id, f.Values["decision"] == "grant", f.Values["reason"]); err != nil {
		status, ok := f.refused("rule", err)
		if !ok {
			return err
		}
		return s.showAppeal(c, f, status)
	}
	return web.Done(c, appealPath(f.Slug, id), ui.T(c.UserContext(), "Keputusan tersimpan."))
}
