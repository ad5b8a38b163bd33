package attendance

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/nomination"
	"github.com/wiyata-id/wiyata/tenants/schedule"
)

type markInput struct {
	Slug    string `path:"slug" doc:"Host, such as 15"`
	Batch   string `path:"batch" format:"uuid"`
	Session string `path:"session" format:"uuid"`
	Body    struct {
		ID          string `json:"id" format:"uuid" doc:"Made by the client: the same id sent again changes nothing"`
		Participant string `json:"participant" format:"uuid"`
		Presence    string `json:"presence" enum:"present,absent"`
	}
}

type markOutput struct{ Status int }

// operations declares the JSON operations of attendance.
func (s *Service) operations(app *web.App) {
	web.Operation(app, huma.Operation{
		OperationID: "mark-attendance", Method: http.MethodPost, Path: "/api/v1/tenants/{slug}/batches/{batch}/sessions/{session}/marks",
		Summary: "Mark a participant at an open session", DefaultStatus: http.StatusNoContent,
	}, web.Policy{Door: "append", Perm: authz.AttendanceMark.String()}, s.apiMark)
}

func (s *Service) apiMark(ctx context.Context, in *markInput) (*markOutput, error) {
	err := s.Mark(ctx, batch.ID(store.Canonical(in.Batch)), schedule.ID(store.Canonical(in.Session)),
		nomination.ID(store.Canonical(in.Body.Participant)), Presence(in.Body.Presence), store.Canonical(in.Body.ID))
	if err != nil {
		return nil, err
	}
	return &markOutput{Status: http.StatusNoContent}, nil
}
