package tenants

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
)

type (
	weeksOutput struct {
		Body struct {
			Items []WorkWeek `json:"items" doc:"Exceptions, the first one first; at all other times the week of Perpres 21/2023 holds"`
		}
	}
	weekInput struct {
		Slug string `path:"slug" doc:"Government, such as 15"`
		Body struct {
			From   string `json:"from" format:"date"`
			To     string `json:"to,omitempty" format:"date" doc:"Last day; absent until further notice"`
			Days   int    `json:"days" enum:"5,6" doc:"From Monday on"`
			Starts string `json:"starts" example:"07:30" doc:"Local time"`
			Decree string `json:"decree"`
		}
	}
	weekOutput struct{ Body WorkWeek }
	weekPath   struct {
		Slug string `path:"slug" doc:"Government, such as 15"`
		Week string `path:"week" format:"uuid"`
	}
	yearInput struct {
		Slug string `path:"slug" doc:"Government, such as 15"`
		Year int    `query:"year" minimum:"2000" maximum:"2100" doc:"Absent: this one"`
	}
	daysOffOutput struct {
		Body struct {
			Items []Holiday `json:"items" doc:"By day, from whomever they come: one without an id holds every year"`
		}
	}
	holidayPath struct {
		Slug    string `path:"slug" doc:"Government that has registered it"`
		Holiday string `path:"holiday" format:"uuid"`
	}
)

// calendarOperations declares the JSON operations of work weeks and days off.
func (s *Settings) calendarOperations(app *web.App) {
	read, write := web.Policy{Door: "read", Perm: authz.TenantSet.String()}, web.Policy{Door: "write", Perm: authz.TenantSet.String()}
	const weeks, off = "/api/v1/tenants/{slug}/work-weeks", "/api/v1/tenants/{slug}/holidays"
	web.Operation(app, huma.Operation{OperationID: "list-work-weeks", Method: http.MethodGet, Path: weeks, Summary: "List the exceptions from the standard work week"}, read, s.apiWeeks)
	web.Operation(app, huma.Operation{OperationID: "add-work-week", Method: http.MethodPost, Path: weeks, DefaultStatus: http.StatusCreated,
		Summary: "Set another work week for a time: 409 when another exception holds in it"}, write, s.apiAddWeek)
	web.Operation(app, huma.Operation{OperationID: "drop-work-week", Method: http.MethodDelete, Path: weeks + "/{week}", DefaultStatus: http.StatusNoContent,
		Summary: "Take an exception back: the standard week holds again, for its past too"}, write, s.apiDropWeek)
	web.Operation(app, huma.Operation{OperationID: "list-holidays", Method: http.MethodGet, Path: off, Summary: "List the days off of a year, with the nation's and the province's"}, read, s.apiHolidays)
	web.Operation(app, huma.Operation{OperationID: "drop-holiday", Method: http.MethodDelete, Path: off + "/{holiday}", DefaultStatus: http.StatusNoContent,
		Summary: "Take a day off back"}, write, s.apiDropHoliday)
}

func (s *Settings) apiWeeks(ctx context.Context, _ *settingsInput) (*weeksOutput, error) {
	c, err := s.calendar(ctx, authz.TenantSet, stretch("", ""))
	out := &weeksOutput{}
	out.Body.Items = append([]WorkWeek{}, c.Weeks...)
	return out, err
}

func (s *Settings) apiAddWeek(ctx context.Context, in *weekInput) (*weekOutput, error) {
	b := in.Body
	from, err := dayIn("from", b.From)
	if err != nil {
		return nil, err
	}
	to, err := dayIn("to", b.To)
	if err != nil {
		return nil, err
	}
	w, err := s.AddWeek(ctx, WorkWeek{FromDay: from, ToDay: to, Days: b.Days, Starts: b.Starts, Decree: b.Decree})
	return &weekOutput{w}, err
}

func (s *Settings) apiDropWeek(ctx context.Context, in *weekPath) (*struct{}, error) {
	return nil, s.DropWeek(ctx, store.Canonical(in.Week))
}

// yearOf is a whole year, for 0 the one of today.
func yearOf(year int) func(today civil.Date) (from, to civil.Date) {
	return func(today civil.Date) (from, to civil.Date) {
		if year == 0 {
			year = today.Year
		}
		return civil.Date{Year: year, Month: time.January, Day: 1}, civil.Date{Year: year, Month: time.December, Day: 31}
	}
}

func (s *Settings) apiHolidays(ctx context.Context, in *yearInput) (*daysOffOutput, error) {
	c, err := s.calendar(ctx, authz.TenantSet, yearOf(in.Year))
	out := &daysOffOutput{}
	out.Body.Items = c.Holidays()
	return out, err
}

func (s *Settings) apiDropHoliday(ctx context.Context, in *holidayPath) (*struct{}, error) {
	return nil, s.DropHoliday(ctx, store.Canonical(in.Holiday))
}
