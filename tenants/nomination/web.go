package nomination

import (
	"context"
	_ "embed"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

//go:embed en.json
var english []byte

// Routes declares the pages and operations of nominations.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	read := web.Policy{Door: "read", Perm: authz.NominationRead.String()}
	app.Get("/t/:slug/angkatan/:batch/peserta", read, s.handleHost)
	app.Post("/t/:slug/angkatan/:batch/peserta/:nomination/terima", web.Policy{Door: "write", Perm: authz.NominationVerify.String()}, s.handleApprove)
	app.Get("/t/:slug/kiriman/:host/:batch", read, s.handleSender)
	app.Post("/t/:slug/kiriman/:host/:batch", web.Policy{Door: "write", Perm: authz.NominationPropose.String()}, s.handlePropose)
	app.Post("/saya/nama/:host/:nomination", web.Policy{Door: "self"}, s.handleConfirmName)
	s.operations(app)
}

func (s *Service) handleHost(c *fiber.Ctx) error {
	ref, err := batch.RefFrom(c, s.registry)
	if err != nil {
		return err
	}
	b, all, err := s.List(c.UserContext(), ref)
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, hostPage(batch.SpaceFrom(c, s.registry, b), all, s.registry, s.gate.May(c.UserContext(), authz.NominationVerify)))
}

func (s *Service) handleApprove(c *fiber.Ctx) error {
	n, err := s.Approve(c.UserContext(), web.ID[batch.ID](c, "batch"), web.ID[ID](c, "nomination"))
	if err != nil {
		return err
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/angkatan/"+string(n.BatchID)+"/peserta", n.Snapshot.Name+" diterima sebagai peserta.")
}

// A form is the sender's proposal as it is filled in.
type form struct {
	candidates []employee.Employee // nil = who looks proposes nobody
	employee   string
	plea       Plea
	wrong      *fault.Error // nil = nothing yet
}

func (f form) at(field string) string {
	if f.wrong == nil || f.wrong.Field != field {
		return ""
	}
	return f.wrong.Text
}

func (f form) problems() []ui.Pair {
	if f.wrong == nil || f.wrong.Field == "" {
		return nil
	}
	return []ui.Pair{{Name: f.wrong.Field, Value: f.wrong.Text}}
}

func (s *Service) handleSender(c *fiber.Ctx) error {
	return s.sender(c, fiber.StatusOK, form{})
}

// sender shows what the tenant acted in proposes, and the form to propose.
func (s *Service) sender(c *fiber.Ctx, status int, f form) error {
	ref, err := batch.RefFrom(c, s.registry)
	if err != nil {
		return err
	}
	b, all, err := s.List(c.UserContext(), ref)
	if err != nil {
		return err
	}
	if s.gate.May(c.UserContext(), authz.NominationPropose) {
		if f.candidates, err = s.candidates(c.UserContext(), all); err != nil {
			return err
		}
	}
	return web.Render(c, status, senderPage(batch.SpaceFrom(c, s.registry, b), all, f))
}

// candidates lists the employees who are not among the nominated.
func (s *Service) candidates(ctx context.Context, nominated []Nomination) (all []employee.Employee, err error) {
	err = s.gate.Read(ctx, authz.NominationPropose, func(tx *store.Tx) error {
		if tx.Whole() != nil {
			return nil //nolint:nilerr // who is limited to a batch proposes nobody
		}
		list, err := employee.List(ctx, tx)
		if err != nil {
			return err
		}
		taken := map[employee.ID]bool{}
		for _, n := range nominated {
			taken[n.EmployeeID] = true
		}
		all = nil
		for _, e := range list {
			if !taken[e.ID] {
				all = append(all, e)
			}
		}
		return nil
	})
	return all, err
}

func (s *Service) handlePropose(c *fiber.Ctx) error {
	ref, err := batch.RefFrom(c, s.registry)
	if err != nil {
		return err
	}
	typed := form{employee: c.FormValue("employee"), plea: Plea{Reason: c.FormValue("reason"), Letter: c.FormValue("letter")}}
	n, err := s.Plead(c.UserContext(), ref, web.FormID[employee.ID](c, "employee"), typed.plea)
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		typed.wrong = f
		return s.sender(c, fiber.StatusUnprocessableEntity, typed)
	}
	if err != nil {
		return err
	}
	message := n.Snapshot.Name + " diusulkan. Penyelenggara akan memverifikasi."
	if n.State == Waiting {
		message = n.Snapshot.Name + " masuk daftar cadangan karena kuota sudah terisi."
	}
	return web.Done(c, "/t/"+c.Params("slug")+"/kiriman/"+c.Params("host")+"/"+web.ID[string](c, "batch"), message)
}

func (s *Service) handleConfirmName(c *fiber.Ctx) error {
	host, err := s.registry.BySlug(c.Params("host"))
	if err != nil {
		return err
	}
	if err := s.ConfirmName(c.UserContext(), host.ID, web.ID[ID](c, "nomination")); err != nil {
		return err
	}
	return web.Done(c, "/saya", "Nama dan gelar Anda terkonfirmasi.")
}
