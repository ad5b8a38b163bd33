package nomination

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants/batch"
)

type participantInput struct {
	Slug        string `path:"slug" doc:"Host, such as 15"`
	Batch       string `path:"batch" format:"uuid"`
	Participant string `path:"participant" format:"uuid"`
}

type participantOutput struct{ Body Nomination }

// operations declares the JSON operations of nominations.
func (s *Service) operations(app *web.App) {
	web.Operation(app, huma.Operation{
		OperationID: "read-participant", Method: http.MethodGet, Path: "/api/v1/tenants/{slug}/batches/{batch}/participants/{participant}",
		Summary: "Read a participant or nominee of a batch that the tenant hosts",
	}, web.Policy{Door: "read", Perm: authz.NominationRead.String()}, s.apiRead)
}

func (s *Service) apiRead(ctx context.Context, in *participantInput) (*participantOutput, error) {
	host, err := s.registry.BySlug(in.Slug)
	if err != nil {
		return nil, err
	}
	n, err := s.Open(ctx, batch.Ref{Host: host.ID, ID: batch.ID(store.Canonical(in.Batch))}, ID(store.Canonical(in.Participant)))
	if err != nil {
		return nil, err
	}
	return &participantOutput{n}, nil
}
