package batch

import (
	_ "embed"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
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

func (s *Service) handleDraft(c *fiber.Ctx) error {
	programs, err := s.programs(c.UserContext())
	if err != nil {
		return err
	}
	options := make([]ui.Option, len(programs))
	for i, p := range programs {
		options[i] = ui.Option{Value: string(p.ID), Label: p.Title}
	}
	return web.Render(c, fiber.StatusOK, draftPage(c.Params("slug"), c.Query("program"), options, s.senders()))
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
	starts, err1 := civil.ParseDate(c.FormValue("starts"))
	ends, err2 := civil.ParseDate(c.FormValue("ends"))
	if err1 != nil || err2 != nil {
		return fault.At("starts", "Tanggal mulai dan selesai wajib diisi dengan tanggal yang benar.")
	}
	d := Draft{
		ProgramID: web.FormID[program.ID](c, "program"), Number: c.FormValue("number"), Place: c.FormValue("place"),
		Starts: starts, Ends: ends, Seats: map[tenants.ID]int{},
	}
	for i := 1; i <= senderFields; i++ {
		n := strconv.Itoa(i)
		party, _ := strconv.ParseInt(c.FormValue("sender"+n), 10, 32)
		seats, _ := strconv.Atoi(c.FormValue("seats" + n))
		if _, twice := d.Seats[tenants.ID(party)]; twice {
			return fault.At("sender"+n, "%s dipilih lebih dari sekali. Gabungkan kursinya dalam satu baris.", s.registry.Find(tenants.ID(party)).Name)
		}
		if party != 0 || seats != 0 { // a half-filled line is told by Draft.check
			d.Seats[tenants.ID(party)] = seats
		}
	}
	b, err := s.Publish(c.UserContext(), d)
	if err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/angkatan/"+string(b.ID), "Angkatan diumumkan kepada para pengirim.")
}

func (s *Service) handleOpen(c *fiber.Ctx) error {
	b, err := s.Open(c.UserContext(), web.ID[ID](c, "batch"))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, overviewPage(SpaceFrom(c, s.registry, b), s.registry))
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
