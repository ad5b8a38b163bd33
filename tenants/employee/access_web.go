package employee

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// accessRoutes declares the pages and operations that let employees sign in.
func (s *Service) accessRoutes(app *web.App) {
	link := app.Link("/aktivasi")
	invite := web.Policy{Door: "write", Perm: authz.AccountInvite.String()}
	reset := web.Policy{Door: "write", Perm: authz.AccountReset.String(), StepUp: true}
	app.Post("/t/:slug/pegawai/kode", invite, func(c *fiber.Ctx) error { return s.handleCodes(c, link) })
	app.Post("/t/:slug/pegawai/:employee/kode", invite, func(c *fiber.Ctx) error { return s.handleCode(c, link) })
	app.Get("/t/:slug/pegawai/:employee/atur-ulang", web.Policy{Door: "read", Perm: authz.AccountReset.String(), StepUp: true}, s.handleResetForm)
	app.Post("/t/:slug/pegawai/:employee/atur-ulang", reset, func(c *fiber.Ctx) error { return s.handleReset(c, link) })

	const path = "/api/v1/tenants/{slug}/employees/"
	web.Operation(app, huma.Operation{OperationID: "issue-employee-codes", Method: http.MethodPost, Path: path + "activation-codes", Tags: []string{"employees"}, DefaultStatus: http.StatusCreated,
		Summary: "Make an activation code for each employee of a list who has no password, 500 people at most; the code before is dead"}, invite, s.apiCodes)
	web.Operation(app, huma.Operation{OperationID: "issue-employee-code", Method: http.MethodPost, Path: path + "{employee}/activation-code", Tags: []string{"employees"}, DefaultStatus: http.StatusCreated,
		Summary: "Make an activation code for an employee who has no password"}, invite, s.apiCode)
	web.Operation(app, huma.Operation{OperationID: "reset-employee", Method: http.MethodPost, Path: path + "{employee}/reset", Tags: []string{"employees"}, DefaultStatus: http.StatusCreated,
		Summary: "Take password and second factor off an employee, end their sessions, and make a code"}, reset, s.apiReset)
}

// back leads from codes to the employees.
func back(c *fiber.Ctx, to string) ui.Link {
	return ui.Link{Path: to, Label: ui.T(c.UserContext(), "Kembali ke pegawai")}
}

func (s *Service) handleCodes(c *fiber.Ctx, link string) error {
	f := filterFrom(func(name string, _ ...string) string { return c.FormValue(name) })
	all, err := s.Codes(c.UserContext(), f)
	if refused := fault.Of(err); refused != nil && refused.Kind == fault.Invalid {
		return s.list(c, f, store.Cursor{}, refused)
	}
	if err != nil {
		return err
	}
	return account.ShowCodes(c, link, all, back(c, f.address("/t/"+c.Params("slug")+"/pegawai", store.Cursor{})))
}

func (s *Service) handleCode(c *fiber.Ctx, link string) error {
	id := web.ID[ID](c, "employee")
	all, err := s.CodeFor(c.UserContext(), id)
	if err != nil {
		return err
	}
	return account.ShowCodes(c, link, all, back(c, pathOf(c.Params("slug"), id)))
}

func (s *Service) handleResetForm(c *fiber.Ctx) error {
	return s.showReset(c, fiber.StatusOK, "", nil)
}

func (s *Service) showReset(c *fiber.Ctx, status int, reason string, refused *fault.Error) error {
	e, err := s.Resettable(c.UserContext(), web.ID[ID](c, "employee"))
	if err != nil {
		return err
	}
	return web.Render(c, status, account.ResetPage(ui.T(c.UserContext(), "Pegawai"), pathOf(c.Params("slug"), e.ID)+"/atur-ulang", e.Name, reason, refused))
}

func (s *Service) handleReset(c *fiber.Ctx, link string) error {
	id, reason := web.ID[ID](c, "employee"), c.FormValue("reason")
	done, err := s.Reset(c.UserContext(), id, reason)
	if refused := fault.Of(err); refused != nil && refused.Kind == fault.Invalid {
		return s.showReset(c, fiber.StatusUnprocessableEntity, reason, refused)
	}
	if err != nil {
		return err
	}
	return account.ShowCodes(c, link, []account.Issued{done}, back(c, pathOf(c.Params("slug"), id)))
}

type (
	employeeCodesInput struct {
		Slug string `path:"slug" doc:"Government, such as 15-03"`
		Body struct {
			Query string `json:"q,omitempty" maxLength:"100" doc:"As of the list"`
			Unit  string `json:"unit,omitempty" doc:"A unit and all below it"`
			Kind  string `json:"kind,omitempty" enum:"PNS,CPNS,PPPK,PPPK_PART_TIME,NON_ASN"`
		}
	}
	employeeResetInput struct {
		Slug     string `path:"slug" doc:"Government, such as 15-03"`
		Employee string `path:"employee" format:"uuid"`
		Body     struct {
			Reason string `json:"reason" maxLength:"500" doc:"How the person was recognised"`
		}
	}
)

func (s *Service) apiCodes(ctx context.Context, in *employeeCodesInput) (*account.CodesOutput, error) {
	b := in.Body
	all, err := s.Codes(ctx, Filter{Query: b.Query, Unit: UnitID(store.Canonical(b.Unit)), Kind: Kind(b.Kind)})
	return codes(all, err)
}

// codes is what an operation that makes codes answers.
func codes(all []account.Issued, err error) (*account.CodesOutput, error) {
	out := &account.CodesOutput{}
	out.Body.Codes = account.ViewCodes(all)
	return out, err
}

func (s *Service) apiCode(ctx context.Context, in *employeeInput) (*account.CodesOutput, error) {
	return codes(s.CodeFor(ctx, ID(store.Canonical(in.Employee))))
}

func (s *Service) apiReset(ctx context.Context, in *employeeResetInput) (*account.CodesOutput, error) {
	done, err := s.Reset(ctx, ID(store.Canonical(in.Employee)), in.Body.Reason)
	return codes([]account.Issued{done}, err)
}
