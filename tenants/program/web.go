package program

import (
	_ "embed"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

//go:embed en.json
var english []byte

// Routes declares the pages and operations of a training body's programs and course types.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	read, write := web.Policy{Door: "read", Perm: authz.ProgramOpen.String()}, web.Policy{Door: "write", Perm: authz.ProgramOpen.String()}
	app.Get("/t/:slug/program", read, s.handleList)
	app.Post("/t/:slug/program", write, s.handleOpen)
	app.Get("/t/:slug/jenis-pelatihan", read, s.handleCourses)
	app.Post("/t/:slug/jenis-pelatihan/:course/aktifkan", write, s.handleEnable)
	app.Post("/t/:slug/jenis-pelatihan/:course/nonaktifkan", write, s.handleDisable)
	s.confirmRoutes(app)
	s.operations(app)
}

// A picker is the form that opens a program: what can be chosen on its day, what was
// typed, and what is wrong with it.
type picker struct {
	Day     civil.Date
	Options []ui.Option // "name version rule-set"
	Title   string
	Pin     string
	Fault   *fault.Error // nil = nothing yet
}

func (p picker) problems() []ui.Pair {
	if p.Fault == nil || p.Fault.Field == "" {
		return nil
	}
	return []ui.Pair{{Name: p.Fault.Field, Value: p.Fault.Text}}
}

func (p picker) at(field string) string {
	if p.Fault == nil || p.Fault.Field != field {
		return ""
	}
	return p.Fault.Text
}

func (s *Service) handleList(c *fiber.Ctx) error {
	return s.list(c, fiber.StatusOK, picker{})
}

// list shows the programs beside form.
func (s *Service) list(c *fiber.Ctx, status int, form picker) error {
	all, err := s.List(c.UserContext())
	if err != nil {
		return err
	}
	courses, day, err := s.on(c)
	if err != nil {
		return err
	}
	form.Day = day
	for _, course := range courses {
		if !course.Usable() {
			continue
		}
		for _, r := range course.Valid(day) {
			form.Options = append(form.Options, ui.Option{
				Value: course.Key + " " + course.Version + " " + r.Key,
				Label: Said(c.UserContext(), course.Description.Name) + " – " + Said(c.UserContext(), r.Title) + " (" + ui.T(c.UserContext(), "versi %s", course.Version) + ")",
			})
		}
	}
	return web.Render(c, status, listPage(c.Params("slug"), all, form))
}

// on returns the course types, and the day that the address or the form names, else today.
// Errors: fault.Invalid for no day.
func (s *Service) on(c *fiber.Ctx) ([]Course, civil.Date, error) {
	courses, day, err := s.Courses(c.UserContext())
	if err != nil {
		return nil, day, err
	}
	if typed := c.Query("tanggal", c.FormValue("tanggal")); typed != "" {
		if day, err = civil.ParseDate(typed); err != nil {
			return nil, day, fault.At("tanggal", "Tanggal ini tidak ada di kalender. Pilih tanggal yang benar.")
		}
	}
	return courses, day, nil
}

func (s *Service) handleOpen(c *fiber.Ctx) error {
	pin := append(strings.Fields(c.FormValue("pin")), "", "", "")
	_, err := s.Open(c.UserContext(), c.FormValue("title"), pin[0], pin[1], pin[2])
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		wrong := *f
		if wrong.Field == "rule_set" {
			wrong.Field = "pin"
		}
		return s.list(c, fiber.StatusUnprocessableEntity, picker{Title: c.FormValue("title"), Pin: c.FormValue("pin"), Fault: &wrong})
	}
	if err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/program", "Program dibuka. Umumkan angkatannya.")
}

func (s *Service) handleCourses(c *fiber.Ctx) error {
	courses, day, err := s.on(c)
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, coursesPage(c.Params("slug"), courses, day))
}

func (s *Service) handleEnable(c *fiber.Ctx) error {
	agreed := []coursetype.Field{}
	for _, field := range strings.Fields(c.FormValue("asks")) {
		agreed = append(agreed, coursetype.Field(field))
	}
	if err := s.Enable(c.UserContext(), c.Params("course"), c.FormValue("version"), agreed); err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/jenis-pelatihan", "Jenis pelatihan diaktifkan. Buka programnya.")
}

func (s *Service) handleDisable(c *fiber.Ctx) error {
	if err := s.Disable(c.UserContext(), c.Params("course")); err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/jenis-pelatihan", "Jenis pelatihan dinonaktifkan. Angkatan yang sudah diumumkan tetap berjalan.")
}
