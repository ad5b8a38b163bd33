package employee

import (
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
)

type importInput struct {
	Slug    string `path:"slug" doc:"Government, such as 15-03"`
	Sheet   string `query:"sheet" maxLength:"31" doc:"Name of the sheet; without it the first"`
	RawBody []byte `contentType:"application/octet-stream" doc:"The file, XLSX or CSV"`
}

type runInput struct {
	Slug string `path:"slug" doc:"Government, such as 15-03"`
	Run  string `path:"run" format:"uuid"`
}

type runOutput struct {
	Body struct {
		Run
		Ills []Ill `json:"ills" doc:"What is wrong with rows, by its cure, the most frequent first"`
	}
}

type rowsInput struct {
	Slug    string `path:"slug" doc:"Government, such as 15-03"`
	Run     string `path:"run" format:"uuid"`
	Verdict string `query:"verdict" enum:"new,changed,same,duplicate,rejected,transfer" doc:"Without it all"`
	After   int    `query:"after" minimum:"0" doc:"next of the page before"`
}

type rowsOutput struct {
	Body struct {
		Items []Row `json:"items"`
		Next  int   `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one"`
	}
}

type applyInput struct {
	Slug string `path:"slug" doc:"Government, such as 15-03"`
	Run  string `path:"run" format:"uuid"`
	Body struct {
		Mode Mode `json:"mode" enum:"all,valid" doc:"all: nothing is applied while a row is refused"`
	}
}

type remapInput struct {
	Slug string `path:"slug" doc:"Government, such as 15-03"`
	Run  string `path:"run" format:"uuid"`
	Body struct {
		Columns Mapping `json:"columns" doc:"In which column of the file a field stands, from 0"`
	}
}

// operations declares the JSON operations of imports.
func (s *Imports) operations(app *web.App) {
	read := web.Policy{Door: "read", Perm: authz.EmployeeImport.String()}
	write := web.Policy{Door: "write", Perm: authz.EmployeeImport.String()}
	upload := write
	upload.Body = FileLimit
	const path = "/api/v1/tenants/{slug}/employees/imports"
	web.Operation(app, huma.Operation{
		OperationID: "stage-import", Method: http.MethodPost, Path: path, Tags: []string{"employees"},
		Summary: "Compare a list of employees with the register, without changing it", DefaultStatus: http.StatusCreated,
	}, upload, s.apiStage)
	web.Operation(app, huma.Operation{
		OperationID: "open-import", Method: http.MethodGet, Path: path + "/{run}", Tags: []string{"employees"}, Summary: "Show where an import stands",
	}, read, s.apiOpen)
	web.Operation(app, huma.Operation{
		OperationID: "list-import-rows", Method: http.MethodGet, Path: path + "/{run}/rows", Tags: []string{"employees"}, Summary: "List the rows of an import with their verdicts",
	}, read, s.apiRows)
	web.Operation(app, huma.Operation{
		OperationID: "remap-import", Method: http.MethodPut, Path: path + "/{run}/columns", Tags: []string{"employees"},
		Summary: "Read the file of an import again, with other columns",
	}, write, s.apiRemap)
	web.Operation(app, huma.Operation{
		OperationID: "apply-import", Method: http.MethodPost, Path: path + "/{run}/apply", Tags: []string{"employees"},
		Summary: "Bring the rows of an import into the register", DefaultStatus: http.StatusAccepted,
	}, write, s.apiApply)
}

func (s *Imports) apiStage(ctx context.Context, in *importInput) (*runOutput, error) {
	run, err := s.Stage(ctx, bytes.NewReader(in.RawBody), int64(len(in.RawBody)), in.Sheet)
	if err != nil {
		return nil, err
	}
	return s.told(ctx, run.ID)
}

// told is run id as an operation answers.
func (s *Imports) told(ctx context.Context, id RunID) (*runOutput, error) {
	r, err := s.Open(ctx, id, "", 0)
	if err != nil {
		return nil, err
	}
	out := &runOutput{}
	out.Body.Run, out.Body.Ills = r.Run, r.Ills
	return out, nil
}

func (s *Imports) apiOpen(ctx context.Context, in *runInput) (*runOutput, error) {
	return s.told(ctx, RunID(store.Canonical(in.Run)))
}

func (s *Imports) apiRows(ctx context.Context, in *rowsInput) (*rowsOutput, error) {
	r, err := s.Open(ctx, RunID(store.Canonical(in.Run)), Verdict(in.Verdict), in.After)
	if err != nil {
		return nil, err
	}
	out := &rowsOutput{}
	out.Body.Items, out.Body.Next = r.Rows, r.Next
	return out, nil
}

func (s *Imports) apiRemap(ctx context.Context, in *remapInput) (*runOutput, error) {
	run, err := s.Remap(ctx, RunID(store.Canonical(in.Run)), in.Body.Columns)
	if err != nil {
		return nil, err
	}
	return s.told(ctx, run.ID)
}

func (s *Imports) apiApply(ctx context.Context, in *applyInput) (*runOutput, error) {
	run, err := s.Apply(ctx, RunID(store.Canonical(in.Run)), in.Body.Mode)
	if err != nil {
		return nil, err
	}
	return s.told(ctx, run.ID)
}
