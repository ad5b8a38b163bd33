package batch

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/program"
)

type publishInput struct {
	Slug string `path:"slug" doc:"Host, such as 15"`
	Body struct {
		ProgramID string `json:"program_id" format:"uuid"`
		Number    string `json:"number" example:"Angkatan I"`
		Place     string `json:"place"`
		Starts    string `json:"starts" format:"date"`
		Ends      string `json:"ends" format:"date" doc:"Last day"`
		Quota     []struct {
			Sender string `json:"sender" doc:"Code of the government, such as 15.03" example:"15.03"`
			Seats  int    `json:"seats" minimum:"1" maximum:"200"`
		} `json:"quota" minItems:"1"`
		Settings map[string]any `json:"settings,omitempty" doc:"As the schema of the course type wants them"`
	}
}

type publishOutput struct{ Body Batch }

// operations declares the JSON operations of batches.
func (s *Service) operations(app *web.App) {
	web.Operation(app, huma.Operation{
		OperationID: "publish-batch", Method: http.MethodPost, Path: "/api/v1/tenants/{slug}/batches",
		Summary: "Publish a batch of a program, with seats per sender", DefaultStatus: http.StatusCreated,
	}, web.Policy{Door: "write", Perm: authz.BatchPublish.String()}, s.apiPublish)
	web.Operation(app, huma.Operation{
		OperationID: "read-face", Method: http.MethodGet, Path: "/api/v1/public/{host}", Tags: []string{"public"},
		Summary: "Read what a government tells everybody: itself, and the batches that run or are coming",
	}, web.Policy{Door: "public"}, s.apiFace)
}

type faceInput struct {
	Host string `path:"host" doc:"Government, such as 15"`
}

type faceOutput struct {
	Body struct {
		Code    string          `json:"code" doc:"The present one, which may be another than was asked for"`
		Name    string          `json:"name"`
		Zone    civil.Zone      `json:"zone"`
		Profile tenants.Profile `json:"profile"`
		Batches []Batch         `json:"batches" doc:"At most 50"`
	}
}

func (s *Service) apiFace(ctx context.Context, in *faceInput) (*faceOutput, error) {
	g, err := s.registry.BySlug(in.Host)
	if err != nil {
		return nil, err
	}
	if err := s.registry.Closed(g.ID); err != nil {
		return nil, err
	}
	all, _, err := s.Upcoming(ctx, g)
	out := &faceOutput{}
	out.Body.Code, out.Body.Name, out.Body.Zone, out.Body.Profile = g.Code, g.Name, g.Zone, s.settings.Profile(g.ID)
	out.Body.Batches = append([]Batch{}, all...)
	return out, err
}

func (s *Service) apiPublish(ctx context.Context, in *publishInput) (*publishOutput, error) {
	starts, err := civil.ParseDate(in.Body.Starts)
	if err != nil {
		return nil, fault.At("starts", "Tanggal mulai harus berbentuk TTTT-BB-HH.")
	}
	ends, err := civil.ParseDate(in.Body.Ends)
	if err != nil {
		return nil, fault.At("ends", "Tanggal selesai harus berbentuk TTTT-BB-HH.")
	}
	d := Draft{ProgramID: program.ID(store.Canonical(in.Body.ProgramID)), Number: in.Body.Number, Place: in.Body.Place, Starts: starts, Ends: ends, Seats: map[tenants.ID]int{},
		Settings: func(s coursetype.Schema) (coursetype.Settings, error) { return program.Fitting(s, in.Body.Settings) }}
	for _, q := range in.Body.Quota {
		g, err := s.registry.ByCode(q.Sender)
		if _, twice := d.Seats[g.ID]; twice {
			return nil, fault.At("quota", "%s tertulis lebih dari sekali. Gabungkan kursinya dalam satu baris.", g.Name)
		}
		if err != nil {
			return nil, fault.At("quota", "Tidak ada pemerintah daerah dengan kode %q. Gunakan kode Kemendagri, misalnya 15.03.", q.Sender)
		}
		d.Seats[g.ID] = q.Seats
	}
	b, err := s.Publish(ctx, d)
	if err != nil {
		return nil, err
	}
	return &publishOutput{b}, nil
}
