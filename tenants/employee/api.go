package employee

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

type employeesInput struct {
	Slug   string `path:"slug" doc:"Government, such as 15-03"`
	Query  string `query:"q" maxLength:"100" doc:"Beginnings of words of the name, or of the NIP"`
	Unit   string `query:"unit" doc:"A unit and all below it"`
	Kind   string `query:"kind" enum:"PNS,CPNS,PPPK,PPPK_PART_TIME,NON_ASN"`
	Status string `query:"status" enum:"active,inactive,all" doc:"Without it those in service"`
	Cursor string `query:"cursor" doc:"next of the page before"`
}

type employeesOutput struct {
	Body struct {
		Items []Employee `json:"items"`
		Next  string     `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one"`
	}
}

type employeeInput struct {
	Slug     string `path:"slug" doc:"Government, such as 15-03"`
	Employee string `path:"employee" format:"uuid"`
}

type employeeOutput struct{ Body Employee }

// EmployeeFields are what is sent of an employee; what is absent stays as it is.
type EmployeeFields struct {
	Kind         *Kind       `json:"kind,omitempty" enum:"PNS,CPNS,PPPK,PPPK_PART_TIME,NON_ASN"`
	NIP          *string     `json:"nip,omitempty" doc:"NIP or NI PPPK"`
	OldNIP       *string     `json:"old_nip,omitempty"`
	NIK          *string     `json:"nik,omitempty" doc:"Of non-ASN and signers alone; never sent back" writeOnly:"true"`
	TitleBefore  *string     `json:"title_before,omitempty"`
	Name         *string     `json:"name,omitempty" doc:"Without titles"`
	TitleAfter   *string     `json:"title_after,omitempty"`
	Sex          *string     `json:"sex,omitempty" enum:"M,F"`
	BirthPlace   *string     `json:"birth_place,omitempty"`
	BirthDay     *civil.Date `json:"birth_day,omitempty"`
	Rank         *string     `json:"rank,omitempty"`
	RankDay      *civil.Date `json:"rank_day,omitempty"`
	Position     *string     `json:"position,omitempty"`
	PositionKind *string     `json:"position_kind,omitempty"`
	PositionDay  *civil.Date `json:"position_day,omitempty"`
	Echelon      *string     `json:"echelon,omitempty"`
	Unit         *string     `json:"unit,omitempty" doc:"Its id"`
	Standing     *string     `json:"standing,omitempty"`
	WorksAt      *string     `json:"works_at,omitempty"`
	Email        *string     `json:"email,omitempty"`
	Phone        *string     `json:"phone,omitempty"`
	Signs        *bool       `json:"signs,omitempty"`
	Guardian     *string     `json:"guardian,omitempty"`
	Consent      *string     `json:"consent,omitempty"`
	ContractFrom *civil.Date `json:"contract_from,omitempty"`
	ContractTo   *civil.Date `json:"contract_to,omitempty"`
}

// onto writes b over e.
func (b EmployeeFields) onto(e *Employee) {
	if b.Unit != nil {
		e.UnitID, e.Unit = UnitID(store.Canonical(*b.Unit)), ""
	}
	lay(&e.Kind, b.Kind)
	lay(&e.Signs, b.Signs)
	for to, from := range map[*string]*string{
		&e.NIP: b.NIP, &e.OldNIP: b.OldNIP, &e.NIK: b.NIK, &e.TitleBefore: b.TitleBefore, &e.BareName: b.Name, &e.TitleAfter: b.TitleAfter,
		&e.Sex: b.Sex, &e.BirthPlace: b.BirthPlace, &e.Rank: b.Rank, &e.Position: b.Position, &e.PositionKind: b.PositionKind, &e.Echelon: b.Echelon,
		&e.Standing: b.Standing, &e.WorksAt: b.WorksAt, &e.Email: b.Email, &e.Phone: b.Phone, &e.Guardian: b.Guardian, &e.Consent: b.Consent,
	} {
		lay(to, from)
	}
	for to, from := range map[*civil.Date]*civil.Date{
		&e.BirthDay: b.BirthDay, &e.RankDay: b.RankDay, &e.PositionDay: b.PositionDay, &e.ContractFrom: b.ContractFrom, &e.ContractTo: b.ContractTo,
	} {
		lay(to, from)
	}
}

// lay writes from over to, unless it is absent.
func lay[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

type employeeRegisterInput struct {
	Slug string `path:"slug" doc:"Government, such as 15-03"`
	Body EmployeeFields
}

type employeeChangeInput struct {
	Slug     string `path:"slug" doc:"Government, such as 15-03"`
	Employee string `path:"employee" format:"uuid"`
	Body     struct {
		Version int    `json:"version" doc:"That was read"`
		Reason  string `json:"reason,omitempty" maxLength:"300" doc:"Such as the decree; required with active"`
		Active  *bool  `json:"active,omitempty" doc:"Ends the service or takes it up again; alone"`
		EmployeeFields
	}
}

// operations declares the JSON operations of employees and units.
func (s *Service) operations(app *web.App) {
	read, register := web.Policy{Door: "read", Perm: authz.EmployeeRead.String()}, web.Policy{Door: "write", Perm: authz.EmployeeRegister.String()}
	const path = "/api/v1/tenants/{slug}/employees"
	web.Operation(app, huma.Operation{OperationID: "list-employees", Method: http.MethodGet, Path: path, Summary: "List employees, 30 at a time"}, read, s.apiList)
	web.Operation(app, huma.Operation{OperationID: "read-employee", Method: http.MethodGet, Path: path + "/{employee}", Summary: "Read an employee"}, read, s.apiOpen)
	web.Operation(app, huma.Operation{OperationID: "list-employee-changes", Method: http.MethodGet, Path: path + "/{employee}/changes", Tags: []string{"employees"},
		Summary: "List what was changed of an employee, the newest first, 100 lines at most"}, read, s.apiHistory)
	web.Operation(app, huma.Operation{OperationID: "register-employee", Method: http.MethodPost, Path: path, Summary: "Register an employee", DefaultStatus: http.StatusCreated}, register, s.apiRegister)
	web.Operation(app, huma.Operation{OperationID: "change-employee", Method: http.MethodPatch, Path: path + "/{employee}", Summary: "Change an employee"}, register, s.apiChange)
	s.unitOperations(app)
}

func (s *Service) apiList(ctx context.Context, in *employeesInput) (*employeesOutput, error) {
	after, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	p, err := s.Search(ctx, Filter{Query: in.Query, Unit: UnitID(store.Canonical(in.Unit)), Kind: Kind(in.Kind), Status: Status(in.Status)}, after)
	if err != nil {
		return nil, err
	}
	out := &employeesOutput{}
	out.Body.Items, out.Body.Next = append([]Employee{}, p.Rows...), p.Next.String()
	return out, nil
}

func (s *Service) apiOpen(ctx context.Context, in *employeeInput) (*employeeOutput, error) {
	e, _, err := s.Find(ctx, ID(store.Canonical(in.Employee)))
	return &employeeOutput{e}, err
}

// A changeView is a line of the history as operations show it.
type changeView struct {
	Version int       `json:"version" doc:"That the change made"`
	At      time.Time `json:"at"`
	By      string    `json:"by,omitempty" doc:"Who did it; absent: a job or the command line"`
	Act     Act       `json:"act" enum:"registered,changed,deactivated,reactivated,moved"`
	Field   string    `json:"field,omitempty" doc:"Absent: the whole"`
	Old     string    `json:"old,omitempty"`
	New     string    `json:"new,omitempty"`
	Reason  string    `json:"reason,omitempty"`
}

type changesOutput struct {
	Body struct {
		Items []changeView `json:"items"`
	}
}

func (s *Service) apiHistory(ctx context.Context, in *employeeInput) (*changesOutput, error) {
	p, err := s.Open(ctx, ID(store.Canonical(in.Employee)))
	if err != nil {
		return nil, err
	}
	out := &changesOutput{}
	out.Body.Items = []changeView{}
	for _, c := range p.Changes {
		out.Body.Items = append(out.Body.Items, changeView{c.Version, c.At, c.By, c.Act, c.Field, c.Old, c.New, c.Reason})
	}
	return out, nil
}

func (s *Service) apiRegister(ctx context.Context, in *employeeRegisterInput) (*employeeOutput, error) {
	e := Employee{Active: true}
	in.Body.onto(&e)
	id, err := s.Register(ctx, e)
	if err != nil {
		return nil, err
	}
	return s.apiOpen(ctx, &employeeInput{in.Slug, string(id)})
}

func (s *Service) apiChange(ctx context.Context, in *employeeChangeInput) (*employeeOutput, error) {
	id, b := ID(store.Canonical(in.Employee)), in.Body
	e, _, err := s.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case b.Active != nil && b.EmployeeFields != (EmployeeFields{}):
		return nil, fault.At("active", "Kirim active sendiri, terpisah dari perubahan data yang lain.")
	case b.Active != nil && *b.Active:
		e, err = s.Reactivate(ctx, id, b.Version, b.Reason)
	case b.Active != nil:
		e, err = s.Deactivate(ctx, id, b.Version, b.Reason)
	default:
		b.onto(&e)
		e, err = s.Change(ctx, id, b.Version, e, b.Reason)
	}
	if err != nil {
		return nil, err
	}
	return &employeeOutput{e}, nil
}

type unitsOutput struct {
	Body struct {
		Items []Unit `json:"items" doc:"By name; at most 5000"`
	}
}

type unitOutput struct{ Body Unit }

type addUnitInput struct {
	Slug string `path:"slug" doc:"Government, such as 15-03"`
	Body struct {
		Name   string     `json:"name"`
		Code   string     `json:"code,omitempty" doc:"Short name"`
		Unor   string     `json:"unor,omitempty" doc:"Its id in SIASN"`
		Parent string     `json:"parent,omitempty" doc:"Absent: directly below the government"`
		From   civil.Date `json:"from,omitzero" doc:"First day; absent: today"`
	}
}

type editUnitInput struct {
	Slug string `path:"slug" doc:"Government, such as 15-03"`
	Unit string `path:"unit" format:"uuid"`
	Body struct {
		Version int         `json:"version" doc:"That was read"`
		Name    *string     `json:"name,omitempty"`
		Code    *string     `json:"code,omitempty"`
		Unor    *string     `json:"unor,omitempty"`
		Parent  *string     `json:"parent,omitempty" doc:"Empty: directly below the government"`
		To      *civil.Date `json:"to,omitempty" doc:"Last day: closes the unit"`
		Reason  string      `json:"reason,omitempty" maxLength:"300"`
	}
}

// unitOperations declares the JSON operations of units.
func (s *Service) unitOperations(app *web.App) {
	manage := web.Policy{Door: "write", Perm: authz.UnitManage.String()}
	const path = "/api/v1/tenants/{slug}/units"
	web.Operation(app, huma.Operation{OperationID: "list-units", Method: http.MethodGet, Path: path, Summary: "List the units"},
		web.Policy{Door: "read", Perm: authz.EmployeeRead.String()}, s.apiUnits)
	web.Operation(app, huma.Operation{OperationID: "add-unit", Method: http.MethodPost, Path: path, Summary: "Add a unit", DefaultStatus: http.StatusCreated}, manage, s.apiAddUnit)
	web.Operation(app, huma.Operation{OperationID: "edit-unit", Method: http.MethodPatch, Path: path + "/{unit}", Summary: "Rename, move or close a unit"}, manage, s.apiEditUnit)
}

func (s *Service) apiUnits(ctx context.Context, _ *struct {
	Slug string `path:"slug" doc:"Government, such as 15-03"`
}) (*unitsOutput, error) {
	tree, err := s.Tree(ctx)
	out := &unitsOutput{}
	out.Body.Items = append([]Unit{}, tree.all...)
	return out, err
}

func (s *Service) apiAddUnit(ctx context.Context, in *addUnitInput) (*unitOutput, error) {
	b := in.Body
	u, err := s.AddUnit(ctx, Unit{Name: b.Name, Code: b.Code, Unor: b.Unor, ParentID: UnitID(store.Canonical(b.Parent)), FromDay: b.From})
	return &unitOutput{u}, err
}

func (s *Service) apiEditUnit(ctx context.Context, in *editUnitInput) (*unitOutput, error) {
	b := in.Body
	edit := Edit{Name: b.Name, Code: b.Code, Unor: b.Unor, Close: b.To, Reason: b.Reason}
	if b.Parent != nil {
		parent := UnitID(store.Canonical(*b.Parent))
		edit.Parent = &parent
	}
	u, err := s.EditUnit(ctx, UnitID(store.Canonical(in.Unit)), b.Version, edit)
	return &unitOutput{u}, err
}
