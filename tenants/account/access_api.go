package account

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
)

// A grantView is a grant as operations show it.
type grantView struct {
	ID       string     `json:"id" format:"uuid"`
	Name     string     `json:"name" doc:"As whoever gave the role wrote it"`
	Role     authz.Role `json:"role" example:"organiser"`
	Batch    string     `json:"batch,omitempty" doc:"Batch that it is limited to"`
	Unit     string     `json:"unit,omitempty" doc:"Unit that it is limited to"`
	From     string     `json:"from" format:"date"`
	To       string     `json:"to,omitempty" format:"date" doc:"Last day; absent until further notice"`
	Standing Standing   `json:"standing" enum:"holds,coming,over,withdrawn,awaited,disputed"`
	Reason   string     `json:"reason"`
}

func view(g Listed) grantView {
	return grantView{
		ID: g.ID, Name: g.Name, Role: g.Role, Batch: g.BatchID, Unit: g.UnitID,
		From: g.FromDay.String(), To: g.ToDay.String(), Standing: g.Standing, Reason: g.Reason,
	}
}

type grantsInput struct {
	Slug   string `path:"slug" doc:"Government, such as 15-03"`
	Name   string `query:"name" doc:"Beginning of a name" maxLength:"200"`
	All    bool   `query:"all" doc:"With those that are over or withdrawn"`
	Cursor string `query:"cursor" doc:"From the answer before" maxLength:"2000"`
}

type grantsOutput struct {
	Body struct {
		Grants []grantView `json:"grants"`
		Next   string      `json:"next,omitempty" doc:"Cursor of the next page; absent at the end"`
	}
}

type giveInput struct {
	Slug string `path:"slug" doc:"Government, such as 15-03"`
	Body struct {
		Login  string `json:"login" doc:"NIP or e-mail address" maxLength:"200"`
		Name   string `json:"name" maxLength:"200"`
		Role   string `json:"role" example:"organiser"`
		Scope  string `json:"scope,omitempty" format:"uuid" doc:"Batch or unit that it is limited to"`
		From   string `json:"from,omitempty" format:"date" doc:"Absent for today"`
		To     string `json:"to,omitempty" format:"date" doc:"Last day; absent until further notice"`
		Reason string `json:"reason" maxLength:"500"`
	}
}

type giveOutput struct {
	Body struct {
		Code  string `json:"code,omitempty" doc:"To hand over to the person, shown once: the role holds once they have used it"`
		Holds bool   `json:"holds" doc:"Without a code: the person is known here"`
	}
}

type withdrawInput struct {
	Slug  string `path:"slug" doc:"Government, such as 15-03"`
	Grant string `path:"grant" format:"uuid"`
	Body  struct {
		Reason string `json:"reason" maxLength:"500"`
	}
}

// A tokenView is a token as operations show it.
type tokenView struct {
	ID        string     `json:"id" format:"uuid"`
	Name      string     `json:"name"`
	May       []string   `json:"permissions" example:"batch:read"`
	IssuedBy  ID         `json:"issued_by"`
	IssuedAt  time.Time  `json:"issued_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"To the minute"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
}

func viewToken(t Token) tokenView {
	v := tokenView{ID: t.ID, Name: t.Name, IssuedAt: t.IssuedAt, ExpiresAt: t.ExpiresAt, May: []string{}}
	for _, p := range t.only() {
		v.May = append(v.May, p.String())
	}
	if !t.UsedAt.IsZero() {
		v.UsedAt = &t.UsedAt
	}
	if !t.RevokedAt.IsZero() {
		v.RevokedAt = &t.RevokedAt
	}
	return v
}

type tokensInput struct {
	Slug   string `path:"slug" doc:"Government, such as 15-03"`
	Cursor string `query:"cursor" doc:"From the answer before" maxLength:"36"`
}

type tokensOutput struct {
	Body struct {
		Tokens []tokenView `json:"tokens"`
		Next   string      `json:"next,omitempty" doc:"Cursor of the next page; absent at the end"`
	}
}

type issueInput struct {
	Slug string `path:"slug" doc:"Government, such as 15-03"`
	Body struct {
		Name        string   `json:"name" maxLength:"100"`
		Permissions []string `json:"permissions" minItems:"1" example:"batch:read"`
		Days        int      `json:"days" minimum:"1" maximum:"366"`
	}
}

type issueOutput struct {
	Body struct {
		Token  string    `json:"token" doc:"Shown once"`
		Issued tokenView `json:"issued"`
	}
}

type revokeInput struct {
	Slug string `path:"slug" doc:"Government, such as 15-03"`
	Key  string `path:"key" format:"uuid"`
}

// accessOperations declares the JSON operations of roles and tokens.
func (s *Service) accessOperations(app *web.App) {
	const base = "/api/v1/tenants/{slug}/"
	web.Operation(app, huma.Operation{
		OperationID: "list-grants", Method: http.MethodGet, Path: base + "grants", Summary: "List who holds which role, by name",
	}, web.Policy{Door: "read", Perm: authz.AccountRead.String()}, s.apiGrants)
	web.Operation(app, huma.Operation{
		OperationID: "give-role", Method: http.MethodPost, Path: base + "grants", Summary: "Give somebody a role", DefaultStatus: http.StatusCreated,
	}, web.Policy{Door: "write", Perm: authz.AccountGrant.String(), StepUp: true}, s.apiGive)
	web.Operation(app, huma.Operation{
		OperationID: "withdraw-role", Method: http.MethodPost, Path: base + "grants/{grant}/withdrawal", Summary: "Withdraw a role, at once", DefaultStatus: http.StatusNoContent,
	}, web.Policy{Door: "write", Perm: authz.AccountGrant.String()}, s.apiWithdraw)
	web.Operation(app, huma.Operation{
		OperationID: "list-tokens", Method: http.MethodGet, Path: base + "tokens", Summary: "List tokens, the newest first",
	}, web.Policy{Door: "read", Perm: authz.TokenIssue.String()}, s.apiTokens)
	web.Operation(app, huma.Operation{
		OperationID: "issue-token", Method: http.MethodPost, Path: base + "tokens", Summary: "Issue a token for a program", DefaultStatus: http.StatusCreated,
	}, web.Policy{Door: "write", Perm: authz.TokenIssue.String(), StepUp: true}, s.apiIssue)
	web.Operation(app, huma.Operation{
		OperationID: "revoke-token", Method: http.MethodPost, Path: base + "tokens/{key}/revocation", Summary: "Revoke a token, at once", DefaultStatus: http.StatusNoContent,
	}, web.Policy{Door: "write", Perm: authz.TokenIssue.String()}, s.apiRevoke)
	s.codeOperations(app)
}

func (s *Service) apiGrants(ctx context.Context, in *grantsInput) (*grantsOutput, error) {
	all, next, err := s.Grants(ctx, Listing{Begins: in.Name, All: in.All, Cursor: in.Cursor})
	if err != nil {
		return nil, err
	}
	out := &grantsOutput{}
	out.Body.Grants, out.Body.Next = []grantView{}, next
	for _, g := range all {
		out.Body.Grants = append(out.Body.Grants, view(g))
	}
	return out, nil
}

func (s *Service) apiGive(ctx context.Context, in *giveInput) (*giveOutput, error) {
	b := in.Body
	v := Invitation{Login: b.Login, Name: b.Name, Role: authz.Role(b.Role), Limit: store.Canonical(b.Scope), Reason: b.Reason}
	var err error
	if v.From, err = day("from", b.From); err != nil {
		return nil, err
	}
	if v.To, err = day("to", b.To); err != nil {
		return nil, err
	}
	given, err := s.Invite(ctx, v)
	if err != nil {
		return nil, err
	}
	out := &giveOutput{}
	out.Body.Code, out.Body.Holds = given.Code, given.Holds
	return out, nil
}

func (s *Service) apiWithdraw(ctx context.Context, in *withdrawInput) (*struct{}, error) {
	return nil, s.Withdraw(ctx, store.Canonical(in.Grant), in.Body.Reason)
}

func (s *Service) apiTokens(ctx context.Context, in *tokensInput) (*tokensOutput, error) {
	all, next, err := s.Tokens(ctx, store.Canonical(in.Cursor))
	if err != nil {
		return nil, err
	}
	out := &tokensOutput{}
	out.Body.Tokens, out.Body.Next = []tokenView{}, next
	for _, t := range all {
		out.Body.Tokens = append(out.Body.Tokens, viewToken(t.Token))
	}
	return out, nil
}

func (s *Service) apiIssue(ctx context.Context, in *issueInput) (*issueOutput, error) {
	token, t, err := s.IssueToken(ctx, in.Body.Name, in.Body.Permissions, in.Body.Days)
	if err != nil {
		return nil, err
	}
	out := &issueOutput{}
	out.Body.Token, out.Body.Issued = token, viewToken(t)
	return out, nil
}

func (s *Service) apiRevoke(ctx context.Context, in *revokeInput) (*struct{}, error) {
	return nil, s.RevokeToken(ctx, store.Canonical(in.Key))
}
