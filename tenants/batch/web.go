package batch

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/program"
)

//go:embed en.json
var english []byte

// Routes declares the pages and operations of batches.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	read := web.Policy{Door: "read", Perm: authz.BatchRead.String()}
	publish := authz.BatchPublish.String()
	app.Get("/t/:slug/angkatan", read, s.handleList)
	app.Get("/t/:slug/kiriman", read, s.handleInvited)
	app.Get("/t/:slug/angkatan/baru", web.Policy{Door: "read", Perm: authz.ProgramOpen.String()}, s.handleDraft)
	app.Post("/t/:slug/angkatan", web.Policy{Door: "write", Perm: publish}, s.handlePublish)
	app.Get("/t/:slug/angkatan/:batch", read, s.handleOpen)
	app.Get("/p/:host", web.Policy{Door: "public"}, s.handleHome)
	s.operations(app)
}

// handleHome shows the face of a government's training body.
func (s *Service) handleHome(c *fiber.Ctx) error {
	g, err := s.registry.BySlug(c.Params("host"))
	if err != nil {
		return err
	}
	if g.Slug != c.Params("host") { // an old code
		return web.Done(c, "/p/"+g.Slug, "")
	}
	if err := s.registry.Closed(g.ID); err != nil {
		return err
	}
	all, today, err := s.Upcoming(c.UserContext(), g)
	if err != nil {
		return err
	}
	p, v := s.settings.Profile(g.ID), web.ViewFrom(c.UserContext())
	s.settings.Dress(v, g)
	v.Home = c.Path()
	web.Prefer(c, p.Language)
	return web.Render(c, fiber.StatusOK, homePage(g, p, all, today))
}

func (s *Service) handleList(c *fiber.Ctx) error {
	all, err := s.List(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, listPage(c.Params("slug"), all, s.gate.MayWhole(c.UserContext(), authz.BatchPublish)))
}

func (s *Service) handleInvited(c *fiber.Ctx) error {
	all, err := s.Invited(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, invitedPage(c.Params("slug"), all, s.registry))
}

// A form is the announcement as it is filled in.
type form struct {
	blank
	programs []ui.Option
	values   map[string]string // as typed; nil = nothing yet
	wrong    program.Wrong
}

// value is what was typed into name, before that what it begins with.
func (f form) value(name, first string) string {
	if f.values == nil {
		return first
	}
	return f.values[name]
}

// at is what is wrong with the input name, "" for nothing.
func (f form) at(name string) string { return f.faults()[name] }

// faults are what is wrong by input: the quota's stands at its first line.
func (f form) faults() map[string]string {
	all := map[string]string{}
	for _, w := range f.wrong {
		all[place(w.Field)] = w.Text
	}
	return all
}

func (f form) problems() (list []ui.Pair) {
	for _, w := range f.wrong {
		if w.Field != "" {
			list = append(list, ui.Pair{Name: place(w.Field), Value: w.Text})
		}
	}
	return list
}

// place is the input at which a fault of field is shown.
func place(field string) string {
	if field == "quota" {
		return "sender1"
	}
	return field
}

func (s *Service) handleDraft(c *fiber.Ctx) error {
	return s.draft(c, fiber.StatusOK, form{}, program.ID(store.Canonical(c.Query("program"))))
}

// draft shows the form for the program chosen.
func (s *Service) draft(c *fiber.Ctx, status int, f form, chosen program.ID) error {
	programs, err := s.programs(c.UserContext())
	if err != nil {
		return err
	}
	for _, p := range programs {
		f.programs = append(f.programs, ui.Option{Value: string(p.ID), Label: p.Title})
	}
	if f.blank, err = s.blank(c.UserContext(), programs, chosen); err != nil {
		return err
	}
	return web.Render(c, status, draftPage(c.Params("slug"), f, s.senders()))
}

// senders lists every government as a choice.
func (s *Service) senders() []ui.Option {
	options := []ui.Option{{Value: "", Label: "–"}}
	for _, g := range s.registry.Governments() {
		options = append(options, ui.Option{Value: strconv.Itoa(int(g.ID)), Label: g.Code + " " + g.Name})
	}
	return options
}

// senderFields is how many senders the form takes; the API takes any number.
const senderFields = 4

func (s *Service) handlePublish(c *fiber.Ctx) error {
	b, err := s.publish(c)
	if wrong := program.WrongOf(err); wrong != nil {
		f := form{wrong: wrong, values: map[string]string{}}
		for name, value := range c.Request().PostArgs().All() {
			f.values[string(name)] = string(value)
		}
		status := fiber.StatusUnprocessableEntity
		if wrong[0].Kind == fault.Conflict {
			status = fiber.StatusConflict
		}
		return s.draft(c, status, f, web.FormID[program.ID](c, "program"))
	}
	if err != nil {
		return err
	}
	message := ui.T(c.UserContext(), "Angkatan diumumkan kepada para pengirim.")
	if len(b.Warnings) > 0 {
		message += " " + ui.T(c.UserContext(), "Perhatikan: %s", strings.Join(b.Warnings, " "))
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/angkatan/"+string(b.ID), message)
}

// publish announces what the form says.
func (s *Service) publish(c *fiber.Ctx) (Batch, error) {
	starts, err1 := civil.ParseDate(c.FormValue("starts"))
	ends, err2 := civil.ParseDate(c.FormValue("ends"))
	if err1 != nil || err2 != nil {
		if err := s.gate.Check(c.UserContext(), authz.BatchPublish); err != nil {
			return Batch{}, err
		}
		return Batch{}, fault.At("starts", "Tanggal mulai dan selesai wajib diisi dengan tanggal yang benar.")
	}
	d := Draft{
		ProgramID: web.FormID[program.ID](c, "program"), Number: c.FormValue("number"), Place: c.FormValue("place"),
		Starts: starts, Ends: ends, Seats: map[tenants.ID]int{},
		Settings: func(schema coursetype.Schema) (coursetype.Settings, error) {
			return program.Typed(schema, func(key string) string { return c.FormValue(program.SettingField(key)) })
		},
	}
	for i := 1; i <= senderFields; i++ {
		n := strconv.Itoa(i)
		party, _ := strconv.ParseInt(c.FormValue("sender"+n), 10, 32)
		seats, _ := strconv.Atoi(c.FormValue("seats" + n))
		if _, twice := d.Seats[tenants.ID(party)]; twice && party != 0 {
			return Batch{}, fault.At("sender"+n, "%s dipilih lebih dari sekali. Gabungkan kursinya dalam satu baris.", s.registry.Find(tenants.ID(party)).Name)
		}
		if party != 0 || seats != 0 { // a half-filled line is told by Draft.check
			d.Seats[tenants.ID(party)] = seats
		}
	}
	return s.Publish(c.UserContext(), d)
}

func (s *Service) handleOpen(c *fiber.Ctx) error {
	b, err := s.Open(c.UserContext(), web.ID[ID](c, "batch"))
	if err != nil {
		return err
	}
	var schema coursetype.Schema
	if b.Settings != "" { // a guest that does not answer leaves them out, and the page stays
		_, _, schema, _ = s.described(c.UserContext(), b.Pin)
	}
	return web.Render(c, fiber.StatusOK, overviewPage(SpaceFrom(c, s.registry, b), schema, s.registry))
}

// A Space is the workspace of a batch, as its host or as a sender sees it.
type Space struct {
	Batch  Batch
	Base   string // address under which its pages lie
	Host   string // name of the host
	Sender bool   // the tenant acted in is a sender
}

// SpaceFrom is b's workspace for the tenant that the request acts in: a sender's below
// an address that names the host.
func SpaceFrom(c *fiber.Ctx, registry *tenants.Registry, b Batch) Space {
	host, base := registry.Find(b.TenantID), "/t/"+c.Params("slug")
	if c.Params("host") == "" {
		return Space{Batch: b, Base: base + "/angkatan/" + string(b.ID), Host: host.Name}
	}
	return Space{Batch: b, Base: base + "/kiriman/" + host.Slug + "/" + string(b.ID), Host: host.Name, Sender: true}
}

// RefFrom names the batch of the request's address: of the host in ":host", else
// of the tenant acted in. Errors: fault.NotFound for an unknown host.
func RefFrom(c *fiber.Ctx, registry *tenants.Registry) (Ref, error) {
	slug := c.Params("host")
	if slug == "" {
		slug = c.Params("slug")
	}
	g, err := registry.BySlug(slug)
	return Ref{Host: g.ID, ID: web.ID[ID](c, "batch")}, err
}
