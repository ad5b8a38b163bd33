package account

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
)

// IssueTo is IssueCodes for who holds the grants ids of the tenant acted in, a code for
// each person, named as they are called there, whoever they are elsewhere.
// Errors: fault.NotFound when a grant is not there; else as of IssueCodes.
func (s *Service) IssueTo(ctx context.Context, ids []string) (all []Issued, err error) {
	grants := make([]string, len(ids))
	for i, id := range ids {
		grants[i] = store.Canonical(id)
	}
	holders, err := s.holders(ctx, authz.AccountInvite, grants)
	if err != nil {
		return nil, err
	}
	people, names := []ID{}, map[ID]string{}
	for _, g := range holders {
		people = append(people, g.IdentityID)
		names[g.IdentityID] = g.Name
	}
	all, err = s.IssueCodes(ctx, people)
	for i, one := range all {
		all[i].Identity = Identity{ID: one.Identity.ID, Name: names[one.Identity.ID]}
	}
	return all, err
}

// ResetHolder is Reset for who holds grant id of the tenant acted in.
// Errors: fault.NotFound when there is no such grant; else as of Reset.
func (s *Service) ResetHolder(ctx context.Context, id, reason string) (Issued, error) {
	who, err := s.holders(ctx, authz.AccountGrant, []string{id})
	if err != nil {
		return Issued{}, err
	}
	done, err := s.Reset(ctx, who[0].IdentityID, reason)
	done.Identity = Identity{ID: who[0].IdentityID, Name: who[0].Name}
	return done, err
}

// A CodeView is a person and the code to hand to them, as operations show it.
type CodeView struct {
	Name string `json:"name"`
	Code string `json:"code,omitempty" doc:"Shown once; absent for who needs none, or must get theirs elsewhere"`
}

// ViewCodes are all as operations show them.
func ViewCodes(all []Issued) []CodeView {
	views := make([]CodeView, len(all))
	for i, one := range all {
		views[i] = CodeView{one.Identity.Name, one.Code}
	}
	return views
}

// CodesOutput is what an operation that makes codes answers.
type CodesOutput struct {
	Body struct {
		Codes []CodeView `json:"codes"`
	}
}

type codesInput struct {
	Slug string `path:"slug" doc:"Government, such as 15-03"`
	Body struct {
		Grants []string `json:"grants" minItems:"1" maxItems:"500" doc:"Whose holders are to have a code"`
	}
}

type resetInput struct {
	Slug  string `path:"slug" doc:"Government, such as 15-03"`
	Grant string `path:"grant" format:"uuid"`
	Body  struct {
		Reason string `json:"reason" maxLength:"500" doc:"How the person was recognised"`
	}
}

// codeOperations declares the JSON operations of codes: of people with a role, and of one's own.
func (s *Service) codeOperations(app *web.App) {
	const base = "/api/v1/tenants/{slug}/"
	web.Operation(app, huma.Operation{
		OperationID: "issue-codes", Method: http.MethodPost, Path: base + "activation-codes", DefaultStatus: http.StatusCreated,
		Summary: "Make an activation code for each holder of a role who has no password; the code before is dead",
	}, web.Policy{Door: "write", Perm: authz.AccountInvite.String()}, s.apiCodes)
	web.Operation(app, huma.Operation{
		OperationID: "reset-holder", Method: http.MethodPost, Path: base + "grants/{grant}/reset", DefaultStatus: http.StatusCreated,
		Summary: "Take password and second factor off somebody with a role, end their sessions, and make a code",
	}, web.Policy{Door: "write", Perm: authz.AccountGrant.String(), StepUp: true}, s.apiReset)
	web.Operation(app, huma.Operation{
		OperationID: "renew-recovery-codes", Method: http.MethodPost, Path: "/api/v1/me/recovery-codes", Tags: []string{"account"}, DefaultStatus: http.StatusCreated,
		Summary: "Make new codes for the loss of my phone; the old ones are void",
	}, web.Policy{Door: "platform", StepUp: true}, s.apiRenew)
	web.Operation(app, huma.Operation{
		OperationID: "drop-second-factor", Method: http.MethodDelete, Path: "/api/v1/me/second-factor", Tags: []string{"account"}, DefaultStatus: http.StatusNoContent,
		Summary: "Take my second factor off",
	}, web.Policy{Door: "platform", StepUp: true}, s.apiDrop)
}

func (s *Service) apiCodes(ctx context.Context, in *codesInput) (*CodesOutput, error) {
	all, err := s.IssueTo(ctx, in.Body.Grants)
	out := &CodesOutput{}
	out.Body.Codes = ViewCodes(all)
	return out, err
}

func (s *Service) apiReset(ctx context.Context, in *resetInput) (*CodesOutput, error) {
	done, err := s.ResetHolder(ctx, store.Canonical(in.Grant), in.Body.Reason)
	out := &CodesOutput{}
	out.Body.Codes = ViewCodes([]Issued{done})
	return out, err
}

type recoveryOutput struct {
	Body struct {
		Codes []string `json:"codes" doc:"Shown once; each is good once"`
	}
}

func (s *Service) apiRenew(ctx context.Context, _ *struct{}) (*recoveryOutput, error) {
	codes, err := s.Renew(ctx, web.TokenFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &recoveryOutput{}
	out.Body.Codes = codes
	return out, nil
}

func (s *Service) apiDrop(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, s.Drop(ctx, web.TokenFrom(ctx))
}
