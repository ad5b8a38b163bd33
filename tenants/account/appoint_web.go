package account

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants"
)

// appointing declares the operator's page and operation of appointing in a government.
func (s *Service) appointing(app *web.App) {
	link := app.Link("/aktivasi")
	appoint := web.Policy{Door: "platform", Perm: authz.TenantAppoint.String(), StepUp: true}
	app.Get("/operator/penunjukan/:id", appoint, s.handleAppointForm)
	app.Post("/operator/penunjukan/:id", appoint, func(c *fiber.Ctx) error { return s.handleAppoint(c, link) })
	web.Operation(app, huma.Operation{
		OperationID: "appoint", Method: http.MethodPost, Path: "/api/v1/operator/tenants/{id}/appointments", DefaultStatus: http.StatusCreated,
		Summary: "Appoint a government's first administrator, its head or its overseer",
	}, appoint, s.apiAppoint)
}

// Appointable returns the government in which an operator appoints, and the roles that
// they may give there. Errors: fault.NotFound; fault.Forbidden.
func (s *Service) Appointable(ctx context.Context, in tenants.ID) (g tenants.Government, roles []authz.Role, err error) {
	defer fault.Wrap(&err, "offer appointments in tenant %d", in)
	if err := s.mayAppoint(ctx); err != nil {
		return g, nil, err
	}
	if g = s.registry.Find(in); g.ID == 0 {
		return g, nil, fault.Missing()
	}
	return g, appointed, nil
}

// An appointing is the form of an appointment as it was filled in.
type appointing struct {
	In                        tenants.Government
	Roles                     []authz.Role
	Login, Name, Role, Reason string
	Problem                   *fault.Error
}

func (s *Service) handleAppointForm(c *fiber.Ctx) error {
	return s.showAppointing(c, fiber.StatusOK, appointing{Role: string(authz.TenantAdmin)})
}

// showAppointing shows the form for the government of the request's address.
func (s *Service) showAppointing(c *fiber.Ctx, status int, a appointing) (err error) {
	if a.In, a.Roles, err = s.Appointable(c.UserContext(), tenantIn(c)); err != nil {
		return err
	}
	return web.Render(c, status, appointPage(a))
}

// tenantIn is the government that the request's address names; 0 is none.
func tenantIn(c *fiber.Ctx) tenants.ID {
	id, _ := strconv.ParseInt(c.Params("id"), 10, 32) // what is no number names nobody
	return tenants.ID(id)
}

func (s *Service) handleAppoint(c *fiber.Ctx, link string) error {
	g, _, err := s.Appointable(c.UserContext(), tenantIn(c))
	if err != nil {
		return err
	}
	a := appointing{Login: c.FormValue("login"), Name: c.FormValue("name"), Role: c.FormValue("role"), Reason: c.FormValue("reason")}
	given, err := s.Appoint(c.UserContext(), g.ID, Invitation{Login: a.Login, Name: a.Name, Role: authz.Role(a.Role), Reason: a.Reason})
	if f, status := refused(err); f != nil {
		a.Problem = f
		return s.showAppointing(c, status, a)
	}
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, appointedPage(g, strings.TrimSpace(a.Name), authz.Role(a.Role), given.Code, link))
}

type appointInput struct {
	ID   tenants.ID `path:"id"`
	Body struct {
		Login  string `json:"login" doc:"NIP or e-mail address" maxLength:"200"`
		Name   string `json:"name" maxLength:"200"`
		Role   string `json:"role" enum:"tenant_admin,head,overseer"`
		From   string `json:"from,omitempty" format:"date" doc:"Absent for today"`
		To     string `json:"to,omitempty" format:"date" doc:"Last day; absent until further notice"`
		Reason string `json:"reason" maxLength:"500"`
	}
}

func (s *Service) apiAppoint(ctx context.Context, in *appointInput) (*giveOutput, error) {
	g, _, err := s.Appointable(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	v := Invitation{Login: in.Body.Login, Name: in.Body.Name, Role: authz.Role(in.Body.Role), Reason: in.Body.Reason}
	if v.From, err = day("from", in.Body.From); err != nil {
		return nil, err
	}
	if v.To, err = day("to", in.Body.To); err != nil {
		return nil, err
	}
	given, err := s.Appoint(ctx, g.ID, v)
	if err != nil {
		return nil, err
	}
	out := &giveOutput{}
	out.Body.Code = given.Code
	return out, nil
}
