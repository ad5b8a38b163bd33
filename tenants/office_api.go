package tenants

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
)

// An officeBody is what is sent of an office.
type officeBody struct {
	Version int    `json:"version,omitempty" doc:"The version that was read; none for a new one"`
	Name    string `json:"name" example:"Kepala BPSDM Provinsi Jambi"`
	Rank    Rank   `json:"rank" enum:"head,deputy,secretary,other" doc:"Whether NIP and rank are printed: Permendagri 1/2023 art. 44"`
}

// A holderBody is what is sent of a term.
type holderBody struct {
	Version   int    `json:"version,omitempty" doc:"The version that was read; none for a new one"`
	Kind      Tenure `json:"kind" enum:"definitive,plt,plh,pj,pjs"`
	Chain     Chain  `json:"chain,omitempty" enum:"an,ub" doc:"a.n. or u.b.; absent: in its own right"`
	Principal string `json:"principal,omitempty" example:"Gubernur Jambi" doc:"Of a chain: on whose behalf"`
	Through   string `json:"through,omitempty" example:"Sekretaris Daerah" doc:"Of u.b.: the office in between"`
	Front     string `json:"front,omitempty" doc:"Titles before the name"`
	Name      string `json:"name" doc:"Without titles"`
	Back      string `json:"back,omitempty" doc:"Titles behind the name"`
	NIP       string `json:"nip,omitempty"`
	Grade     string `json:"grade,omitempty" example:"Pembina Utama Muda, IV/c"`
	From      string `json:"from" format:"date"`
	To        string `json:"to,omitempty" format:"date" doc:"Last day; absent until further notice"`
}

type (
	officesOutput struct {
		Body struct {
			Items []Office   `json:"items" doc:"By name, each with all who held it, the last first"`
			Today civil.Date `json:"today" doc:"Where the government is"`
		}
	}
	officePath struct {
		Slug   string `path:"slug" doc:"Government, such as 15"`
		Office string `path:"office" format:"uuid"`
	}
	officeInput struct {
		Slug string `path:"slug" doc:"Government, such as 15"`
		Body officeBody
	}
	officeSaveInput struct {
		Slug   string `path:"slug" doc:"Government, such as 15"`
		Office string `path:"office" format:"uuid"`
		Body   officeBody
	}
	officeOutput struct{ Body Office }
	holderInput  struct {
		Slug   string `path:"slug" doc:"Government, such as 15"`
		Office string `path:"office" format:"uuid"`
		Body   holderBody
	}
	holderSaveInput struct {
		Slug   string `path:"slug" doc:"Government, such as 15"`
		Office string `path:"office" format:"uuid"`
		Term   string `path:"term" format:"uuid"`
		Body   holderBody
	}
	holderOutput struct{ Body Holder }
	blockInput   struct {
		Slug     string   `path:"slug" doc:"Government, such as 15"`
		Office   string   `path:"office" format:"uuid"`
		Day      string   `query:"day" format:"date" doc:"Of the document; absent: today"`
		Document Document `query:"document" enum:"decree,letter,charter,certificate,sttp" default:"letter"`
	}
	blockOutput struct{ Body Block }
)

// officeOperations declares the JSON operations of offices that sign.
func (s *Settings) officeOperations(app *web.App) {
	read, write := web.Policy{Door: "read", Perm: authz.TenantSet.String()}, web.Policy{Door: "write", Perm: authz.TenantSet.String()}
	const path = "/api/v1/tenants/{slug}/offices"
	web.Operation(app, huma.Operation{OperationID: "list-offices", Method: http.MethodGet, Path: path, Summary: "List the offices that sign, with their holders"}, read, s.apiOffices)
	web.Operation(app, huma.Operation{OperationID: "add-office", Method: http.MethodPost, Path: path, Summary: "Add an office that signs", DefaultStatus: http.StatusCreated}, write, s.apiAddOffice)
	web.Operation(app, huma.Operation{OperationID: "read-office", Method: http.MethodGet, Path: path + "/{office}", Summary: "Read an office with all who held it"}, read, s.apiOffice)
	web.Operation(app, huma.Operation{OperationID: "save-office", Method: http.MethodPut, Path: path + "/{office}",
		Summary: "Save an office, all of it: 409 when somebody has saved since the version that was read"}, write, s.apiSaveOffice)
	web.Operation(app, huma.Operation{OperationID: "read-signature-block", Method: http.MethodGet, Path: path + "/{office}/signature-block",
		Summary: "What a document of a day prints where the office signs: 409 when nobody held it"}, read, s.apiBlock)
	web.Operation(app, huma.Operation{OperationID: "add-holder", Method: http.MethodPost, Path: path + "/{office}/holders", DefaultStatus: http.StatusCreated,
		Summary: "Record who holds an office, and when: 409 when two would hold it definitively on one day"}, write, s.apiAddHolder)
	web.Operation(app, huma.Operation{OperationID: "save-holder", Method: http.MethodPut, Path: path + "/{office}/holders/{term}",
		Summary: "Save a term, all of it, or end it by its last day: 409 as of saving an office"}, write, s.apiSaveHolder)
}

// dayIn reads a date of a body, "" as none. Errors: fault.Invalid.
func dayIn(field, text string) (d civil.Date, err error) {
	if text == "" {
		return d, nil
	}
	if d, err = civil.ParseDate(text); err != nil {
		return d, fault.At(field, "Tanggal harus berbentuk TTTT-BB-HH.")
	}
	return d, nil
}

// shown is o with a list of holders, be it empty.
func shown(o Office) Office {
	o.Holders = append([]Holder{}, o.Holders...)
	return o
}

func (s *Settings) apiOffices(ctx context.Context, _ *settingsInput) (*officesOutput, error) {
	all, today, err := s.Offices(ctx)
	out := &officesOutput{}
	out.Body.Items, out.Body.Today = []Office{}, today
	for _, o := range all {
		out.Body.Items = append(out.Body.Items, shown(o))
	}
	return out, err
}

func (s *Settings) apiOffice(ctx context.Context, in *officePath) (*officeOutput, error) {
	o, _, err := s.OpenOffice(ctx, store.Canonical(in.Office))
	return &officeOutput{shown(o)}, err
}

func (s *Settings) apiAddOffice(ctx context.Context, in *officeInput) (*officeOutput, error) {
	o, err := s.SaveOffice(ctx, Office{Name: in.Body.Name, Rank: in.Body.Rank})
	return &officeOutput{shown(o)}, err
}

func (s *Settings) apiSaveOffice(ctx context.Context, in *officeSaveInput) (*officeOutput, error) {
	id := store.Canonical(in.Office)
	if _, err := s.SaveOffice(ctx, Office{ID: id, Version: in.Body.Version, Name: in.Body.Name, Rank: in.Body.Rank}); err != nil {
		return nil, err
	}
	return s.apiOffice(ctx, &officePath{in.Slug, id})
}

func (s *Settings) apiBlock(ctx context.Context, in *blockInput) (*blockOutput, error) {
	day, err := dayIn("day", in.Day)
	if err != nil {
		return nil, err
	}
	o, today, err := s.OpenOffice(ctx, store.Canonical(in.Office))
	if err != nil {
		return nil, err
	}
	if day.IsZero() {
		day = today
	}
	b, err := o.Block(day, in.Document)
	b.Below = append([]string{}, b.Below...)
	return &blockOutput{b}, err
}

// term is b in office, as it is stored.
func (b holderBody) term(office, id string) (h Holder, err error) {
	h = Holder{
		ID: id, OfficeID: store.Canonical(office), Version: b.Version, Kind: b.Kind, Chain: b.Chain, Principal: b.Principal, Through: b.Through,
		Front: b.Front, Name: b.Name, Back: b.Back, NIP: b.NIP, Grade: b.Grade,
	}
	if h.FromDay, err = dayIn("from", b.From); err != nil {
		return h, err
	}
	h.ToDay, err = dayIn("to", b.To)
	return h, err
}

func (s *Settings) apiAddHolder(ctx context.Context, in *holderInput) (*holderOutput, error) {
	h, err := in.Body.term(in.Office, "")
	if err != nil {
		return nil, err
	}
	h, err = s.SaveHolder(ctx, h)
	return &holderOutput{h}, err
}

func (s *Settings) apiSaveHolder(ctx context.Context, in *holderSaveInput) (*holderOutput, error) {
	h, err := in.Body.term(in.Office, store.Canonical(in.Term))
	if err != nil {
		return nil, err
	}
	h, err = s.SaveHolder(ctx, h)
	return &holderOutput{h}, err
}
