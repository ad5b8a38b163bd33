package program

import (
	"context"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// confirmRoutes declares the pages on which rule-sets are confirmed.
func (s *Service) confirmRoutes(app *web.App) {
	const page = "/t/:slug/ketentuan"
	read := web.Policy{Door: "read", Perm: authz.BatchRead.String()}
	app.Get(page, read, s.handleDoubts)
	app.Get(page+"/:decree/naskah", read, s.handleText)
	app.Post(page+"/:decree/konfirmasi", web.Policy{Door: "write", Perm: authz.RuleConfirm.String()}, s.handleConfirm)
	app.Post(page, web.Policy{Door: "write", Perm: authz.RuleDeclare.String(), Body: maxFile + 1<<20}, s.handleDeclare)
}

// A declaration is the form that was sent, with what is wrong with it.
type declaration struct {
	rules, number, day string       // rules is "course-type rule-set"
	wrong              *fault.Error // nil = nothing yet
}

// field completes spec with what was typed, and what is wrong with it.
func (f declaration) field(spec ui.FieldSpec) ui.FieldSpec {
	spec.Value = map[string]string{"rules": f.rules, "number": f.number, "day": f.day}[spec.Name]
	if f.wrong != nil && f.wrong.Field == spec.Name {
		spec.Error = f.wrong.Text
	}
	return spec
}

// open are the rule-sets whose text can still be uploaded.
func open(ctx context.Context, all []Doubt) (options []ui.Option) {
	for _, d := range all {
		if d.Decree.ConfirmedAt.IsZero() {
			options = append(options, ui.Option{Value: d.Course.Key + " " + d.Rules.Key, Label: d.Course.name(ctx) + " – " + Said(ctx, d.Rules.Title)})
		}
	}
	return options
}

func (f declaration) problems() []ui.Pair {
	if f.wrong == nil {
		return nil
	}
	return []ui.Pair{{Name: f.wrong.Field, Value: f.wrong.Text}}
}

func (s *Service) handleDoubts(c *fiber.Ctx) error {
	return s.doubts(c, fiber.StatusOK, declaration{})
}

func (s *Service) doubts(c *fiber.Ctx, status int, f declaration) error {
	all, err := s.Doubts(c.UserContext())
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	return web.Render(c, status, doubtsPage(c.Params("slug"), all, f, s.gate.MayWhole(ctx, authz.RuleDeclare), s.gate.MayWhole(ctx, authz.RuleConfirm)))
}

func (s *Service) handleDeclare(c *fiber.Ctx) error {
	f := declaration{rules: c.FormValue("rules"), number: c.FormValue("number"), day: c.FormValue("day")}
	day, _ := civil.ParseDate(f.day) // none is told by Decree.check
	courseType, ruleSet, _ := strings.Cut(f.rules, " ")
	d := Decree{CourseType: courseType, RuleSet: ruleSet, Number: f.number, Day: day}
	if header, err := c.FormFile("file"); err == nil {
		file, err := header.Open()
		if err != nil {
			return err
		}
		defer file.Close()
		if d.File, err = io.ReadAll(file); err != nil {
			return err
		}
	}
	err := s.Declare(c.UserContext(), d)
	if wrong := fault.Of(err); wrong != nil && wrong.Kind == fault.Invalid {
		f.wrong = wrong
		return s.doubts(c, fiber.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/ketentuan", "Naskah diunggah. Minta orang kedua mencocokkan dan mengonfirmasinya.")
}

func (s *Service) handleConfirm(c *fiber.Ctx) error {
	if err := s.Confirm(c.UserContext(), web.ID[string](c, "decree")); err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/ketentuan", "Ketentuan dikonfirmasi. Angkatan Anda kini menyatakannya.")
}

func (s *Service) handleText(c *fiber.Ctx) error {
	file, err := s.Text(c.UserContext(), web.ID[string](c, "decree"))
	if err != nil {
		return err
	}
	return web.Download(c, "naskah.pdf", "application/pdf", func(w io.Writer) error {
		_, err := w.Write(file)
		return err
	})
}
