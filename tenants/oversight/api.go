package oversight

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

type headcountInput struct {
	Slug     string `path:"slug" doc:"Who oversees: a national body or a province, such as lan or 15"`
	Day      string `query:"day" doc:"At the end of which day; today when left out"`
	Province string `query:"province" doc:"Code of a province, such as 15: its governments instead of all provinces"`
}

type headcountOutput struct {
	Body struct {
		Day  string         `json:"day"`
		At   time.Time      `json:"at" doc:"When it was counted"`
		Rows []headcountRow `json:"rows"`
	}
}

type headcountRow struct {
	Code      string           `json:"code"`
	Name      string           `json:"name"`
	Total     *int             `json:"total" doc:"null: nobody there has counted anybody yet, which is not zero"`
	Groups    []headcountGroup `json:"groups"`
	Reporting int              `json:"reporting" doc:"Governments in it with data"`
	Of        int              `json:"of" doc:"Governments in it"`
}

type headcountGroup struct {
	Employment string   `json:"employment" doc:"PNS, CPNS, PPPK, PPPK_PART_TIME, NON_ASN"`
	Sex        stat.Sex `json:"sex" doc:"M, F; empty when not known"`
	N          int      `json:"n"`
}

// operations declares the JSON operations of overseers.
func (s *Service) operations(app *web.App) {
	web.Operation(app, huma.Operation{
		OperationID: "read-headcounts", Method: http.MethodGet, Path: "/api/v1/tenants/{slug}/oversight/headcounts",
		Summary: "Read how many people are in service, by province or by government of one",
	}, web.Policy{Door: "oversee", Perm: authz.OversightRead.String()}, s.apiHeadcounts)
}

func (s *Service) apiHeadcounts(ctx context.Context, in *headcountInput) (*headcountOutput, error) {
	var day civil.Date
	if in.Day != "" {
		var err error
		if day, err = civil.ParseDate(in.Day); err != nil {
			return nil, fault.At("day", "Ini bukan tanggal. Tulis misalnya 2026-11-22.")
		}
	}
	r, err := s.Headcounts(ctx, day, in.Province)
	if err != nil {
		return nil, err
	}
	out := &headcountOutput{}
	out.Body.Day, out.Body.At, out.Body.Rows = r.Day.String(), r.At.UTC(), []headcountRow{}
	for _, row := range r.Rows {
		line := headcountRow{Code: row.Government.Code, Name: row.Government.Name, Reporting: row.Reporting, Of: row.Of, Groups: []headcountGroup{}}
		if row.Known() {
			total := row.Total()
			line.Total = &total
		}
		for _, e := range employments {
			for _, sex := range []stat.Sex{stat.Male, stat.Female, ""} {
				if n := row.Heads[stat.Group{Employment: string(e.kind), Sex: sex}]; n != 0 {
					line.Groups = append(line.Groups, headcountGroup{string(e.kind), sex, n})
				}
			}
		}
		out.Body.Rows = append(out.Body.Rows, line)
	}
	return out, nil
}
