package account

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants"
)

// A caseView is an account as an operator's programs read it.
type caseView struct {
	ID          ID           `json:"id" format:"uuid"`
	Name        string       `json:"name"`
	NIP         string       `json:"nip,omitempty"`
	Email       string       `json:"email,omitempty"`
	CreatedAt   time.Time    `json:"created_at"`
	SuspendedAt *time.Time   `json:"suspended_at,omitempty"`
	Active      bool         `json:"active" doc:"It has a password"`
	Roles       []heldView   `json:"roles" doc:"Not over, in whichever government"`
	Service     []tenants.ID `json:"in_service" doc:"Governments of which the person is an employee"`
	Claims      []claimView  `json:"claims" doc:"Open ones: somebody says that the account is theirs"`
}

type heldView struct {
	Tenant   tenants.ID `json:"tenant"`
	Role     authz.Role `json:"role"`
	Standing Standing   `json:"standing" enum:"holds,coming,awaited,disputed"`
}

type claimView struct {
	Account ID         `json:"account" format:"uuid"`
	Tenant  tenants.ID `json:"tenant" doc:"Whose code was shown"`
	MadeAt  time.Time  `json:"made_at"`
}

func viewClaims(all []Claim) []claimView {
	views := make([]claimView, len(all))
	for i, c := range all {
		views[i] = claimView{c.IdentityID, c.TenantID, c.MadeAt}
	}
	return views
}

type claimsInput struct {
	Login string `query:"login" doc:"NIP or e-mail address of an account to find" maxLength:"200"`
}

type claimsOutput struct {
	Body struct {
		Account ID          `json:"account,omitempty" format:"uuid" doc:"The one that was asked for"`
		Claims  []claimView `json:"claims" doc:"Open ones, the oldest first"`
	}
}

type caseInput struct {
	Account string `path:"account" format:"uuid"`
}

type caseOutput struct{ Body caseView }

type verdictInput struct {
	Account string `path:"account" format:"uuid"`
	Body    struct {
		Act    string `json:"act" enum:"suspend,restore,hand-in,free,refuse"`
		Login  string `json:"login,omitempty" doc:"free: the NIP or e-mail address" maxLength:"200"`
		Reason string `json:"reason" maxLength:"500"`
	}
}

type verdictOutput struct {
	Body struct {
		Code string `json:"code,omitempty" doc:"hand-in: to hand over, shown once"`
	}
}

// settleOperations declares the JSON operations of accounts as an operator settles them.
func (s *Service) settleOperations(app *web.App) {
	const base = "/api/v1/operator/accounts"
	may := web.Policy{Door: "platform", Perm: authz.AccountSettle.String()}
	web.Operation(app, huma.Operation{OperationID: "list-claims", Method: http.MethodGet, Path: base, Summary: "List what is said about accounts, and find one by NIP or e-mail address"}, may, s.apiClaims)
	web.Operation(app, huma.Operation{OperationID: "read-account", Method: http.MethodGet, Path: base + "/{account}", Summary: "Read an account; that it was read is on record"}, may, s.apiCase)
	may.StepUp = true
	web.Operation(app, huma.Operation{OperationID: "settle-account", Method: http.MethodPost, Path: base + "/{account}/verdicts", Summary: "Suspend, restore, or settle whose an account is", DefaultStatus: http.StatusCreated}, may, s.apiVerdict)
}

func (s *Service) apiClaims(ctx context.Context, in *claimsInput) (*claimsOutput, error) {
	all, err := s.Claims(ctx)
	if err != nil {
		return nil, err
	}
	out := &claimsOutput{}
	out.Body.Claims = viewClaims(all)
	if in.Login != "" {
		out.Body.Account, err = s.Known(ctx, in.Login)
	}
	return out, err
}

func (s *Service) apiCase(ctx context.Context, in *caseInput) (*caseOutput, error) {
	c, err := s.Look(ctx, ID(store.Canonical(in.Account)))
	if err != nil {
		return nil, err
	}
	i := c.Identity
	v := caseView{ID: i.ID, Name: i.Name, NIP: i.NIP, Email: i.Email, CreatedAt: i.CreatedAt, Active: c.Active, Roles: []heldView{}, Service: c.Places, Claims: viewClaims(c.Claims)}
	if !i.SuspendedAt.IsZero() {
		v.SuspendedAt = &i.SuspendedAt
	}
	if v.Service == nil {
		v.Service = []tenants.ID{}
	}
	for _, g := range c.Held {
		v.Roles = append(v.Roles, heldView{g.TenantID, g.Role, g.Standing})
	}
	return &caseOutput{v}, nil
}

func (s *Service) apiVerdict(ctx context.Context, in *verdictInput) (*verdictOutput, error) {
	issued, err := s.deem(ctx, in.Body.Act, ID(store.Canonical(in.Account)), in.Body.Login, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	out := &verdictOutput{}
	out.Body.Code = issued.Code
	return out, nil
}
