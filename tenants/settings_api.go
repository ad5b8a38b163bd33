package tenants

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
)

type settingsInput struct {
	Slug string `path:"slug" doc:"Government, such as 15"`
}

type settingsOutput struct{ Body Profile }

type saveInput struct {
	Slug string `path:"slug" doc:"Government, such as 15"`
	Body struct {
		Version   int    `json:"version" doc:"The version that was read; 0 before the first"`
		Body      string `json:"body,omitempty" doc:"Name of the training body"`
		Accent    string `json:"accent,omitempty" example:"#E3A72F"`
		Motif     string `json:"motif,omitempty" example:"parang"`
		Language  string `json:"language,omitempty" example:"id"`
		Help      string `json:"help,omitempty" doc:"Telephone or e-mail of the help desk"`
		HeadLines string `json:"head_lines,omitempty" doc:"Letterhead, a line each"`
		Address   string `json:"address,omitempty"`
		Phone     string `json:"phone,omitempty"`
		Email     string `json:"email,omitempty"`
		Site      string `json:"site,omitempty"`
		City      string `json:"city,omitempty"`
	}
}

type holidaysInput struct {
	Slug string `path:"slug" doc:"Government; kemendagri for days off of the nation"`
	Body daysOffBody
}

type daysOffBody struct {
	Decree  string   `json:"decree" doc:"The joint decree of the year, or the region's own"`
	Checked bool     `json:"checked,omitempty" doc:"The dates were compared with the decree's text"`
	Days    []dayOff `json:"days"`
}

type dayOff struct {
	Day  string `json:"day" format:"date"`
	Name string `json:"name"`
	Kind string `json:"kind" enum:"holiday,leave"`
}

type workDaysInput struct {
	Slug string `path:"slug" doc:"Government, such as 15"`
	From string `query:"from" format:"date" doc:"First day; with no last day either, of this month"`
	To   string `query:"to" format:"date" doc:"Last day"`
}

type workDaysOutput struct {
	Body struct {
		From     civil.Date `json:"from"`
		To       civil.Date `json:"to"`
		WorkDays int        `json:"work_days"`
		Off      []Holiday  `json:"off" doc:"Days off in that time, work days or not"`
	}
}

// operations declares the JSON operations of settings.
func (s *Settings) operations(app *web.App) {
	set := authz.TenantSet.String()
	const path = "/api/v1/tenants/{slug}"
	web.Operation(app, huma.Operation{OperationID: "read-settings", Method: http.MethodGet, Path: path + "/settings", Summary: "Read a government's profile"},
		web.Policy{Door: "read", Perm: set}, s.apiOpen)
	web.Operation(app, huma.Operation{OperationID: "save-settings", Method: http.MethodPut, Path: path + "/settings",
		Summary: "Save a government's profile, all of it: 409 when somebody has saved since the version that was read"},
		web.Policy{Door: "write", Perm: set}, s.apiSave)
	web.Operation(app, huma.Operation{OperationID: "add-holidays", Method: http.MethodPost, Path: path + "/holidays", DefaultStatus: http.StatusNoContent,
		Summary: "Register days off of one decree, all or none"}, web.Policy{Door: "write", Perm: set}, s.apiAddHolidays)
	web.Operation(app, huma.Operation{OperationID: "count-work-days", Method: http.MethodGet, Path: path + "/work-days",
		Summary: "Count the work days of a stretch, with the nation's and the province's days off"},
		web.Policy{Door: "read", Perm: authz.BatchRead.String()}, s.apiWorkDays)
	s.calendarOperations(app)
	s.officeOperations(app)
}

func (s *Settings) apiOpen(ctx context.Context, _ *settingsInput) (*settingsOutput, error) {
	p, err := s.Open(ctx)
	return &settingsOutput{p}, err
}

func (s *Settings) apiSave(ctx context.Context, in *saveInput) (*settingsOutput, error) {
	b := in.Body
	p, err := s.Save(ctx, Profile{
		Version: b.Version, Body: b.Body, Accent: b.Accent, Motif: b.Motif, Language: b.Language, Help: b.Help,
		HeadLines: b.HeadLines, Address: b.Address, Phone: b.Phone, Email: b.Email, Site: b.Site, City: b.City,
	})
	return &settingsOutput{p}, err
}

func (s *Settings) apiAddHolidays(ctx context.Context, in *holidaysInput) (*struct{}, error) {
	all, err := in.Body.holidays()
	if err != nil {
		return nil, err
	}
	return nil, s.AddHolidays(ctx, all)
}

// holidays are the days of b. Errors: fault.Invalid.
func (b daysOffBody) holidays() (all []Holiday, err error) {
	for _, d := range b.Days {
		day, err := civil.ParseDate(d.Day)
		if err != nil {
			return nil, fault.At("days", "Tanggal libur harus berbentuk TTTT-BB-HH.")
		}
		all = append(all, Holiday{Day: day, Name: d.Name, Kind: HolidayKind(d.Kind), Decree: b.Decree, Checked: b.Checked})
	}
	return all, nil
}

func (s *Settings) apiWorkDays(ctx context.Context, in *workDaysInput) (*workDaysOutput, error) {
	c, err := s.calendar(ctx, authz.BatchRead, stretch(in.From, in.To))
	if err != nil {
		return nil, err
	}
	out := &workDaysOutput{}
	out.Body.From, out.Body.To, out.Body.WorkDays, out.Body.Off = c.From, c.To, c.WorkDays(c.From, c.To), c.Holidays()
	return out, nil
}
