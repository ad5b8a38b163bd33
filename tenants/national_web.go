package tenants

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

const nationalPath = "/operator/hari-libur"

// nationalRoutes declares the operator's pages and operations of the nation's days off.
func (s *Settings) nationalRoutes(app *web.App) {
	declare := web.Policy{Door: "platform", Perm: authz.HolidayDeclare.String()}
	app.Get(nationalPath, declare, s.handleNational)
	app.Post(nationalPath, declare, s.handleDeclare)
	app.Post(nationalPath+"/:feast/hapus", declare, s.handleRecall)
	const path = "/api/v1/operator/holidays"
	web.Operation(app, huma.Operation{OperationID: "list-national-holidays", Method: http.MethodGet, Path: path, Summary: "List the nation's days off of a year"}, declare, s.apiNational)
	web.Operation(app, huma.Operation{OperationID: "declare-holidays", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusNoContent,
		Summary: "Register days off of the nation from one decree, all or none"}, declare, s.apiDeclare)
	web.Operation(app, huma.Operation{OperationID: "recall-holiday", Method: http.MethodDelete, Path: path + "/{feast}", DefaultStatus: http.StatusNoContent,
		Summary: "Take a day off of the nation back"}, declare, s.apiRecall)
}

func (s *Settings) handleNational(c *fiber.Ctx) error {
	return s.national(c, Holiday{Kind: DayOff}, refusal{})
}

// national shows the nation's days off of a year.
func (s *Settings) national(c *fiber.Ctx, typed Holiday, why refusal) error {
	year, err := yearAsked(c)
	if err != nil {
		return err
	}
	calendar, err := s.NationalHolidays(c.UserContext(), year)
	if err != nil {
		return err
	}
	return web.Render(c, why.answer(), nationalPage(s.registry, calendar, typed, why))
}

func (s *Settings) handleDeclare(c *fiber.Ctx) error {
	h := typedHoliday(c)
	if err := s.DeclareHolidays(c.UserContext(), []Holiday{h}); err != nil {
		refused, err := refused(err)
		if err != nil {
			return err
		}
		return s.national(c, h, refused)
	}
	return web.Done(c, nationalPath+"?tahun="+strconv.Itoa(h.Day.Year), ui.T(c.UserContext(), "Hari libur dicatat."))
}

func (s *Settings) handleRecall(c *fiber.Ctx) error {
	if err := s.RecallHoliday(c.UserContext(), web.ID[string](c, "feast")); err != nil {
		return err
	}
	return web.Done(c, nationalPath, ui.T(c.UserContext(), "Hari libur dihapus."))
}

type (
	nationalInput struct {
		Year int `query:"year" minimum:"2000" maximum:"2100" doc:"Absent: this one"`
	}
	declareInput struct{ Body daysOffBody }
	recallInput  struct {
		Feast string `path:"feast" format:"uuid"`
	}
)

func (s *Settings) apiNational(ctx context.Context, in *nationalInput) (*daysOffOutput, error) {
	c, err := s.NationalHolidays(ctx, in.Year)
	out := &daysOffOutput{}
	out.Body.Items = c.Holidays()
	return out, err
}

func (s *Settings) apiDeclare(ctx context.Context, in *declareInput) (*struct{}, error) {
	all, err := in.Body.holidays()
	if err != nil {
		return nil, err
	}
	return nil, s.DeclareHolidays(ctx, all)
}

func (s *Settings) apiRecall(ctx context.Context, in *recallInput) (*struct{}, error) {
	return nil, s.RecallHoliday(ctx, store.Canonical(in.Feast))
}
