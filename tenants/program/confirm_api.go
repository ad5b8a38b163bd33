package program

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants"
)

// A doubtView is a Doubt as machines read it.
type doubtView struct {
	Course      string      `json:"course"`
	Rules       ruleSet     `json:"rule_set"`
	Doubt       string      `json:"doubt" doc:"What of it is not certain"`
	ConfirmedBy tenants.ID  `json:"confirmed_by,omitempty" doc:"Who answers for it: LAN before the tenant"`
	Decree      *decreeView `json:"decree,omitempty" doc:"The text that the tenant has laid before it"`
}

type decreeView struct {
	ID          string     `json:"id" format:"uuid"`
	Number      string     `json:"number"`
	Day         civil.Date `json:"day"`
	DeclaredAt  time.Time  `json:"declared_at"`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty" doc:"Absent until a second person has confirmed it"`
}

type (
	doubtsInput struct {
		Slug string `path:"slug" doc:"Government, such as 15"`
	}
	doubtsOutput struct {
		Body struct {
			RuleSets []doubtView `json:"rule_sets" doc:"Those that their course type calls unconfirmed"`
		}
	}
	declareInput struct {
		Slug string `path:"slug" doc:"Government, such as 15"`
		Body struct {
			Course  string `json:"course" maxLength:"40" doc:"Key of the course type, such as bimtek"`
			RuleSet string `json:"rule_set" maxLength:"40" doc:"Its key"`
			Number  string `json:"number" maxLength:"120" doc:"Of the decree"`
			Day     string `json:"day" format:"date" doc:"Of the decree"`
			File    []byte `json:"file" doc:"The text of the decree as PDF, at most 5 MB, in base64"`
		}
	}
	confirmInput struct {
		Slug   string `path:"slug" doc:"Government, such as 15"`
		Decree string `path:"decree" format:"uuid"`
	}
)

// confirmOperations declares the JSON operations by which rule-sets are confirmed.
func (s *Service) confirmOperations(app *web.App) {
	const base = "/api/v1/tenants/{slug}"
	web.Operation(app, huma.Operation{
		OperationID: "list-unconfirmed-rule-sets", Method: http.MethodGet, Path: base + "/unconfirmed-rule-sets", Tags: []string{"decrees"},
		Summary: "List the unconfirmed rule-sets, and who answers for them",
	}, web.Policy{Door: "read", Perm: authz.BatchRead.String()}, s.apiDoubts)
	// In base64 a file is a third longer.
	web.Operation(app, huma.Operation{
		OperationID: "declare-decree", Method: http.MethodPost, Path: base + "/decrees", Tags: []string{"decrees"},
		Summary: "Lay the text of its decree beside an unconfirmed rule-set", DefaultStatus: http.StatusNoContent,
	}, web.Policy{Door: "write", Perm: authz.RuleDeclare.String(), Body: maxFile + 3<<20}, s.apiDeclare)
	web.Operation(app, huma.Operation{
		OperationID: "confirm-decree", Method: http.MethodPost, Path: base + "/decrees/{decree}/confirmation", Tags: []string{"decrees"},
		Summary: "Confirm, as a second person, that a rule-set agrees with its decree", DefaultStatus: http.StatusNoContent,
	}, web.Policy{Door: "write", Perm: authz.RuleConfirm.String()}, s.apiConfirm)
}

func (s *Service) apiDoubts(ctx context.Context, _ *doubtsInput) (*doubtsOutput, error) {
	all, err := s.Doubts(ctx)
	if err != nil {
		return nil, err
	}
	out := &doubtsOutput{}
	out.Body.RuleSets = make([]doubtView, len(all))
	for i, d := range all {
		v := doubtView{Course: d.Course.Key, Rules: viewRules(d.Rules), Doubt: d.Rules.Doubt.ID, ConfirmedBy: d.Confirm}
		if d.Decree.ID != "" {
			v.Decree = &decreeView{ID: d.Decree.ID, Number: d.Decree.Number, Day: d.Decree.Day, DeclaredAt: d.Decree.DeclaredAt}
			if at := d.Decree.ConfirmedAt; !at.IsZero() {
				v.Decree.ConfirmedAt = &at
			}
		}
		out.Body.RuleSets[i] = v
	}
	return out, nil
}

func (s *Service) apiDeclare(ctx context.Context, in *declareInput) (*struct{}, error) {
	b := in.Body
	day, _ := civil.ParseDate(b.Day) // none is told by Decree.check
	return nil, s.Declare(ctx, Decree{CourseType: b.Course, RuleSet: b.RuleSet, Number: b.Number, Day: day, File: b.File})
}

func (s *Service) apiConfirm(ctx context.Context, in *confirmInput) (*struct{}, error) {
	return nil, s.Confirm(ctx, store.Canonical(in.Decree))
}
