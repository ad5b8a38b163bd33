package program

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

type coursesInput struct {
	Slug string `path:"slug" doc:"Government, such as 15"`
	Date string `query:"date" format:"date" doc:"Day on which a batch would begin; today unless said"`
}

type coursesOutput struct {
	Body struct {
		Date        civil.Date `json:"date"`
		CourseTypes []course   `json:"course_types"`
	}
}

// A course is a Course as machines read it.
type course struct {
	Key      string    `json:"key"`
	Version  string    `json:"version"`
	Answers  bool      `json:"answers" doc:"False: its process does not answer, and the rest is not known"`
	Enabled  bool      `json:"enabled"`
	Agreed   []string  `json:"agreed" doc:"Personal data of a candidate that it may have"`
	Asks     []string  `json:"asks" doc:"Personal data that this version asks for"`
	Name     string    `json:"name,omitempty"`
	Kinds    []string  `json:"kinds,omitempty" doc:"Of participants"`
	RuleSets []ruleSet `json:"rule_sets" doc:"Those under which a batch may begin on that day"`
}

type ruleSet struct {
	Key     string `json:"key"`
	Title   string `json:"title"`
	Decree  string `json:"decree"`
	Article string `json:"article,omitempty"`
	From    string `json:"from" format:"date"`
	To      string `json:"to,omitempty" format:"date"`
	Source  string `json:"source" enum:"verified,unconfirmed"`
}

func viewRules(r coursetype.RuleSet) ruleSet {
	return ruleSet{r.Key, r.Title.ID, r.Decree, r.Article, r.From, r.To, string(r.Source)}
}

type enableInput struct {
	Slug   string `path:"slug" doc:"Government, such as 15"`
	Course string `path:"course" maxLength:"40" doc:"Key of the course type, such as bimtek"`
	Body   struct {
		Version string   `json:"version" maxLength:"40"`
		Asks    []string `json:"asks" maxItems:"20" doc:"All that this version asks for: with this the government agrees to it" enum:"rank,since,history"`
	}
}

type disableInput struct {
	Slug   string `path:"slug" doc:"Government, such as 15"`
	Course string `path:"course" maxLength:"40" doc:"Key of the course type, such as bimtek"`
}

// operations declares the JSON operations of course types.
func (s *Service) operations(app *web.App) {
	perm := authz.ProgramOpen.String()
	web.Operation(app, huma.Operation{
		OperationID: "list-course-types", Method: http.MethodGet, Path: "/api/v1/tenants/{slug}/course-types",
		Summary: "List the installed course types, and which of them the tenant offers",
	}, web.Policy{Door: "read", Perm: perm}, s.apiCourses)
	web.Operation(app, huma.Operation{
		OperationID: "enable-course-type", Method: http.MethodPut, Path: "/api/v1/tenants/{slug}/course-types/{course}",
		Summary: "Offer a course type, and agree to the data that it asks for", DefaultStatus: http.StatusNoContent,
	}, web.Policy{Door: "write", Perm: perm}, s.apiEnable)
	web.Operation(app, huma.Operation{
		OperationID: "disable-course-type", Method: http.MethodDelete, Path: "/api/v1/tenants/{slug}/course-types/{course}",
		Summary: "Take a course type off the offer", DefaultStatus: http.StatusNoContent,
	}, web.Policy{Door: "write", Perm: perm}, s.apiDisable)
	s.confirmOperations(app)
}

func (s *Service) apiCourses(ctx context.Context, in *coursesInput) (*coursesOutput, error) {
	courses, day, err := s.Courses(ctx)
	if err != nil {
		return nil, err
	}
	if in.Date != "" {
		if day, err = civil.ParseDate(in.Date); err != nil {
			return nil, fault.At("date", "Tanggal harus berbentuk TTTT-BB-HH, misalnya 2026-11-24.")
		}
	}
	out := &coursesOutput{}
	out.Body.Date, out.Body.CourseTypes = day, []course{}
	for _, c := range courses {
		told := course{Key: c.Key, Version: c.Version, Enabled: c.Enabling.On(), Agreed: []string{}, Asks: []string{}, RuleSets: []ruleSet{}}
		for _, field := range c.Enabling.Asks {
			told.Agreed = append(told.Agreed, string(field))
		}
		if d := c.Description; d != nil {
			told.Answers, told.Name, told.Kinds = true, d.Name.ID, d.Kinds
			for _, a := range d.Asks {
				told.Asks = append(told.Asks, string(a.Field))
			}
		}
		for _, r := range c.Valid(day) {
			told.RuleSets = append(told.RuleSets, viewRules(r))
		}
		out.Body.CourseTypes = append(out.Body.CourseTypes, told)
	}
	return out, nil
}

func (s *Service) apiEnable(ctx context.Context, in *enableInput) (*struct{}, error) {
	agreed := make([]coursetype.Field, len(in.Body.Asks))
	for i, field := range in.Body.Asks {
		agreed[i] = coursetype.Field(field)
	}
	return nil, s.Enable(ctx, in.Course, in.Body.Version, agreed)
}

func (s *Service) apiDisable(ctx context.Context, in *disableInput) (*struct{}, error) {
	return nil, s.Disable(ctx, in.Course)
}
