package tenants

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
)

// A Sheet is one era of a government as machines read and print it.
type Sheet struct {
	ID        ID         `json:"id" doc:"Never changes"`
	Kind      Kind       `json:"kind" enum:"national,province,regency,city"`
	Code      string     `json:"code" example:"93.01"`
	Slug      string     `json:"slug" example:"93-01" doc:"The code in addresses"`
	BKN       string     `json:"bkn,omitempty" doc:"BKN's own code; never derived from code"`
	Name      string     `json:"name"`
	Province  string     `json:"province,omitempty" doc:"Code of the province of a regency or city"`
	Zone      civil.Zone `json:"zone" enum:"WIB,WITA,WIT"`
	From      string     `json:"from,omitempty" format:"date" doc:"First day; absent when it is not recorded"`
	Until     string     `json:"until,omitempty" format:"date" doc:"Day on which the next era begins; absent until further notice"`
	Decree    string     `json:"decree,omitempty"`
	Verified  bool       `json:"verified" doc:"false: decree or day could not be verified"`
	Suspended *Closure   `json:"suspended,omitempty"`
}

// A Closure says that a tenant is suspended.
type Closure struct {
	Ground Ground    `json:"ground" enum:"request,security,duty,dissolved"`
	Since  time.Time `json:"since"`
}

// SheetOf prints g.
func (r *Registry) SheetOf(g Government) Sheet {
	s := Sheet{
		ID: g.ID, Kind: g.Kind, Code: g.Code, Slug: g.Slug, BKN: g.BKN, Name: g.Name, Province: r.ever(g.Parent).Code, Zone: g.Zone,
		Until: g.To.String(), Decree: g.Decree, Verified: g.Verified,
	}
	if g.Known() {
		s.From = g.From.String()
	}
	if g.Suspended.Ground != "" {
		s.Suspended = &Closure{g.Suspended.Ground, g.Suspended.Since}
	}
	return s
}

type (
	listInput struct {
		Query    string `query:"q" doc:"Part of name or code"`
		Kind     Kind   `query:"kind" enum:"national,province,regency,city"`
		Province string `query:"province" doc:"Code of a province"`
	}
	listOutput struct {
		Body struct {
			Items []Sheet `json:"items"`
		}
	}
	showInput struct {
		ID ID `path:"id"`
	}
	showOutput struct {
		Body struct {
			Sheet
			Eras    []Sheet `json:"eras" doc:"Oldest first"`
			Changes []Entry `json:"changes" doc:"Newest first"`
		}
	}
	addInput struct {
		Body struct {
			Kind   Kind       `json:"kind" enum:"national,province,regency,city"`
			Zone   civil.Zone `json:"zone" enum:"WIB,WITA,WIT"`
			Code   string     `json:"code" example:"96.01"`
			BKN    string     `json:"bkn,omitempty"`
			Name   string     `json:"name"`
			Parent string     `json:"parent,omitempty" doc:"Code of the province of a regency or city"`
			From   string     `json:"from" format:"date"`
			Decree string     `json:"decree"`
			Reason string     `json:"reason,omitempty"`
		}
	}
	changeInput struct {
		ID   ID `path:"id"`
		Body struct {
			Act    Act    `json:"act" enum:"renamed,moved,suspended,reinstated"`
			Name   string `json:"name,omitempty" doc:"renamed"`
			Code   string `json:"code,omitempty" doc:"moved"`
			Parent string `json:"parent,omitempty" doc:"moved: code of the province"`
			From   string `json:"from,omitempty" format:"date" doc:"renamed, moved: first day of the new era"`
			Ground Ground `json:"ground,omitempty" enum:"request,security,duty,dissolved" doc:"suspended"`
			Decree string `json:"decree,omitempty" doc:"Required of renamed and moved"`
			Reason string `json:"reason,omitempty" doc:"Required of suspended and reinstated"`
		}
	}
	sheetOutput struct{ Body Sheet }
)

// operations declares the JSON operations of the operator.
func (o *Operator) operations(app *web.App) {
	manage := web.Policy{Door: "platform", Perm: authz.TenantManage.String()}
	const base = "/api/v1/operator/tenants"
	web.Operation(app, huma.Operation{OperationID: "list-tenants", Method: http.MethodGet, Path: base, Summary: "List governments and national bodies"}, manage, o.apiList)
	web.Operation(app, huma.Operation{OperationID: "show-tenant", Method: http.MethodGet, Path: base + "/{id}", Summary: "Read a government with its eras and changes"}, manage, o.apiShow)
	web.Operation(app, huma.Operation{OperationID: "add-tenant", Method: http.MethodPost, Path: base, Summary: "Add a government", DefaultStatus: http.StatusCreated}, manage, o.apiAdd)
	web.Operation(app, huma.Operation{OperationID: "change-tenant", Method: http.MethodPost, Path: base + "/{id}/changes", Summary: "Rename, move, suspend or reinstate a government", DefaultStatus: http.StatusCreated}, manage, o.apiChange)
}

func (o *Operator) apiList(ctx context.Context, in *listInput) (*listOutput, error) {
	all, err := o.List(ctx)
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Items = []Sheet{} // none is a list too
	for _, g := range (filter{text: in.Query, kind: in.Kind, province: in.Province}).of(all) {
		out.Body.Items = append(out.Body.Items, o.registry.SheetOf(g))
	}
	return out, nil
}

func (o *Operator) apiShow(ctx context.Context, in *showInput) (*showOutput, error) {
	r, err := o.Show(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &showOutput{}
	out.Body.Sheet, out.Body.Changes = o.registry.SheetOf(r.Government), r.Changes
	for _, g := range r.Eras {
		out.Body.Eras = append(out.Body.Eras, o.registry.SheetOf(g))
	}
	return out, nil
}

// dayOf reads a date; "" is none, and the rule tells where one is needed.
func dayOf(text string) (civil.Date, error) {
	if text == "" {
		return civil.Date{}, nil
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		return d, fault.At("from", "Tanggal berlaku harus berbentuk TTTT-BB-HH.")
	}
	return d, nil
}

func (o *Operator) apiAdd(ctx context.Context, in *addInput) (*sheetOutput, error) {
	b := in.Body
	from, err := dayOf(b.From)
	if err != nil {
		return nil, err
	}
	g, err := o.Add(ctx, Addition{Kind: b.Kind, Zone: b.Zone, Code: b.Code, BKN: b.BKN, Name: b.Name, Parent: b.Parent, From: from, Decree: b.Decree, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	return &sheetOutput{o.registry.SheetOf(g)}, nil
}

func (o *Operator) apiChange(ctx context.Context, in *changeInput) (*sheetOutput, error) {
	b := in.Body
	from, err := dayOf(b.From)
	if err != nil {
		return nil, err
	}
	g, err := o.Change(ctx, in.ID, Change{Act: b.Act, Name: b.Name, Code: b.Code, Parent: b.Parent, From: from, Ground: b.Ground, Decree: b.Decree, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	return &sheetOutput{o.registry.SheetOf(g)}, nil
}
