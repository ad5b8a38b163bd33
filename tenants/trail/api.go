package trail

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
)

type auditListInput struct {
	Slug   string `path:"slug" doc:"Government, such as 15-03"`
	Actor  string `query:"actor" doc:"Identity who acted"`
	Kind   string `query:"kind" doc:"What was acted on, such as nomination"`
	From   string `query:"from" doc:"First day, in the zone of the government"`
	To     string `query:"to" doc:"Last day"`
	Before string `query:"before" doc:"Older than the line with this id: next of the page before"`
}

type auditListOutput struct {
	Body struct {
		Lines []auditLineBody `json:"lines"`
		Next  string          `json:"next,omitempty" doc:"Give it as before to read on"`
	}
}

type auditLineBody struct {
	ID         string           `json:"id"`
	At         time.Time        `json:"at"`
	Actor      store.IdentityID `json:"actor,omitempty" doc:"Absent for the machine"`
	Name       string           `json:"name,omitempty"`
	Role       string           `json:"role"`
	Permission string           `json:"permission"`
	Kind       string           `json:"kind"`
	Object     string           `json:"object"`
	Reason     string           `json:"reason,omitempty"`
	Seq        int64            `json:"seq,omitempty" doc:"Place in the chain; absent while not sealed"`
	Hash       string           `json:"hash,omitempty" doc:"Seal; absent while not sealed"`
}

type auditCheckInput struct {
	Slug string `path:"slug"`
}

type auditCheckOutput struct {
	Body struct {
		Lines    int                `json:"lines" doc:"How many were read"`
		Findings []auditFindingBody `json:"findings"`
	}
}

type auditFindingBody struct {
	Seq  int64  `json:"seq" doc:"Place in the chain; 0 when it has none"`
	What string `json:"what"`
}

// operations declares the JSON operations of the trail.
func (s *Service) operations(app *web.App) {
	read := web.Policy{Door: "read", Perm: authz.AuditRead.String()}
	web.Operation(app, huma.Operation{
		OperationID: "list-audit-lines", Method: http.MethodGet, Path: "/api/v1/tenants/{slug}/audit-lines",
		Summary: "List who did what in the name of the government, newest first",
	}, read, s.apiList)
	web.Operation(app, huma.Operation{
		OperationID: "verify-audit-chain", Method: http.MethodGet, Path: "/api/v1/tenants/{slug}/audit-lines/verification",
		Summary: "Recompute the chain of the government's audit lines",
	}, read, s.apiVerify)
}

func (s *Service) apiList(ctx context.Context, in *auditListInput) (*auditListOutput, error) {
	f := Filter{Actor: store.IdentityID(store.Canonical(in.Actor)), Kind: in.Kind, Before: store.Canonical(in.Before)}
	var err error
	for _, d := range []struct {
		field, text string
		to          *civil.Date
	}{{"from", in.From, &f.From}, {"to", in.To, &f.To}} {
		if d.text == "" {
			continue
		}
		if *d.to, err = civil.ParseDate(d.text); err != nil {
			return nil, fault.At(d.field, "Ini bukan tanggal. Tulis misalnya 2026-11-22.")
		}
	}
	p, err := s.List(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &auditListOutput{}
	out.Body.Next, out.Body.Lines = p.Next, []auditLineBody{}
	for _, e := range p.Entries {
		out.Body.Lines = append(out.Body.Lines, auditLineBody{e.ID, e.At.UTC(), e.Actor, e.Name, e.Role, e.Permission, e.Kind, e.Object, e.Reason, e.Seq, e.Hash})
	}
	return out, nil
}

func (s *Service) apiVerify(ctx context.Context, _ *auditCheckInput) (*auditCheckOutput, error) {
	c, err := s.Verify(ctx)
	if err != nil {
		return nil, err
	}
	out := &auditCheckOutput{}
	out.Body.Lines, out.Body.Findings = c.Lines, []auditFindingBody{}
	for _, f := range c.Findings {
		out.Body.Findings = append(out.Body.Findings, auditFindingBody{f.Seq, f.What})
	}
	return out, nil
}
