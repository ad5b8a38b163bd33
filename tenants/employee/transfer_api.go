package employee

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

type transferListInput struct {
	Slug      string `path:"slug" doc:"Government, such as 15-03"`
	Direction string `query:"direction" enum:"incoming,outgoing" doc:"Without it the incoming ones"`
	Cursor    string `query:"cursor" doc:"next of the page before"`
}

type transferListOutput struct {
	Body struct {
		Items []Transfer `json:"items"`
		Next  string     `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one"`
	}
}

type transferOutput struct{ Body Transfer }

type askInput struct {
	Slug string `path:"slug" doc:"Government that asks, such as 15-03"`
	Body struct {
		From         string     `json:"from" doc:"Code of the government that the decree names, such as 15.71"`
		NIP          string     `json:"nip"`
		Name         string     `json:"name" doc:"With titles"`
		DecreeNumber string     `json:"decree_number"`
		DecreeDay    civil.Date `json:"decree_day"`
		DecreeSigner string     `json:"decree_signer"`
		EffectiveDay civil.Date `json:"effective_day" doc:"First day in the new government"`
		Letter       string     `json:"letter,omitempty"`
	}
}

type transferInput struct {
	Slug     string `path:"slug" doc:"Government, such as 15-03"`
	Transfer string `path:"transfer" format:"uuid"`
}

type decideInput struct {
	Slug     string `path:"slug" doc:"Government, such as 15-03"`
	Transfer string `path:"transfer" format:"uuid"`
	Body     struct {
		Decision AnswerKind `json:"decision" enum:"agree,hold,lift"`
		Reason   string     `json:"reason,omitempty" doc:"Of a hold"`
		Until    civil.Date `json:"until,omitempty" doc:"Of a hold: its last day"`
	}
}

type appealInput struct {
	Slug     string `path:"slug" doc:"Government, such as 15-03"`
	Transfer string `path:"transfer" format:"uuid"`
	Body     struct {
		Reason string `json:"reason"`
		Letter string `json:"letter" doc:"Number of the letter"`
	}
}

type appealListInput struct {
	Slug   string `path:"slug" doc:"Province, or kemendagri"`
	Cursor string `query:"cursor" doc:"next of the page before"`
}

type appealListOutput struct {
	Body struct {
		Items []Appeal `json:"items"`
		Next  string   `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one"`
	}
}

type ruleInput struct {
	Slug   string `path:"slug" doc:"Province, or kemendagri"`
	Appeal string `path:"appeal" format:"uuid"`
	Body   struct {
		Granted bool   `json:"granted" doc:"The decree suffices"`
		Reason  string `json:"reason"`
	}
}

type appealOutput struct{ Body Appeal }

// operations declares the JSON operations of transfers.
func (s *Transfers) operations(app *web.App) {
	read, write := web.Policy{Door: "read", Perm: authz.EmployeeTransfer.String()}, web.Policy{Door: "write", Perm: authz.EmployeeTransfer.String()}
	const path = "/api/v1/tenants/{slug}/transfers"
	const appeals = "/api/v1/tenants/{slug}/transfer-appeals"
	web.Operation(app, huma.Operation{OperationID: "list-transfers", Method: http.MethodGet, Path: path, Summary: "List requests to move a person, 30 at a time"}, read, s.apiList)
	web.Operation(app, huma.Operation{OperationID: "ask-for-transfer", Method: http.MethodPost, Path: path, Summary: "Ask another government for a person", DefaultStatus: http.StatusCreated}, write, s.apiAsk)
	web.Operation(app, huma.Operation{OperationID: "read-transfer", Method: http.MethodGet, Path: path + "/{transfer}", Summary: "Read a request"}, read, s.apiOpen)
	web.Operation(app, huma.Operation{OperationID: "decide-transfer", Method: http.MethodPost, Path: path + "/{transfer}/decision", Summary: "Answer a request: agree, hold, lift the hold", DefaultStatus: http.StatusOK}, write, s.apiDecide)
	web.Operation(app, huma.Operation{OperationID: "withdraw-transfer", Method: http.MethodPost, Path: path + "/{transfer}/withdrawal", Summary: "Take a request back", DefaultStatus: http.StatusOK}, write, s.apiWithdraw)
	web.Operation(app, huma.Operation{OperationID: "appeal-transfer", Method: http.MethodPost, Path: path + "/{transfer}/appeal", Summary: "Ask the authority to let the decree suffice", DefaultStatus: http.StatusCreated}, write, s.apiAppeal)
	web.Operation(app, huma.Operation{OperationID: "list-transfer-appeals", Method: http.MethodGet, Path: appeals, Summary: "List appeals to an authority, 30 at a time"}, read, s.apiAppeals)
	web.Operation(app, huma.Operation{OperationID: "decide-transfer-appeal", Method: http.MethodPost, Path: appeals + "/{appeal}/decision", Summary: "Grant or refuse an appeal", DefaultStatus: http.StatusOK}, write, s.apiRule)
}

func (s *Transfers) apiList(ctx context.Context, in *transferListInput) (*transferListOutput, error) {
	after, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	direction := Incoming
	if in.Direction != "" {
		direction = Direction(in.Direction)
	}
	p, err := s.List(ctx, direction, after)
	if err != nil {
		return nil, err
	}
	out := &transferListOutput{}
	out.Body.Items, out.Body.Next = append([]Transfer{}, p.Rows...), p.Next.String()
	return out, nil
}

func (s *Transfers) apiAsk(ctx context.Context, in *askInput) (*transferOutput, error) {
	b := in.Body
	from, err := s.registry.ByCode(b.From)
	if err != nil {
		return nil, fault.At("from", "Instansi asal tidak dikenal. Tulis kodenya, misalnya 15.71.")
	}
	return transferOf(s.Ask(ctx, Transfer{
		PartyID: from.ID, NIP: b.NIP, Name: b.Name, DecreeNumber: b.DecreeNumber, DecreeDay: b.DecreeDay, DecreeSigner: b.DecreeSigner,
		EffectiveDay: b.EffectiveDay, Letter: b.Letter,
	}))
}

func transferOf(t Transfer, err error) (*transferOutput, error) {
	if err != nil {
		return nil, err
	}
	return &transferOutput{t}, nil
}

func (s *Transfers) apiOpen(ctx context.Context, in *transferInput) (*transferOutput, error) {
	v, err := s.Open(ctx, TransferID(store.Canonical(in.Transfer)))
	return transferOf(v.Transfer, err)
}

func (s *Transfers) apiDecide(ctx context.Context, in *decideInput) (*transferOutput, error) {
	return transferOf(s.Decide(ctx, TransferID(store.Canonical(in.Transfer)), Answer{Kind: in.Body.Decision, Reason: in.Body.Reason, Until: in.Body.Until}))
}

func (s *Transfers) apiWithdraw(ctx context.Context, in *transferInput) (*transferOutput, error) {
	return transferOf(s.Withdraw(ctx, TransferID(store.Canonical(in.Transfer))))
}

func appealOf(a Appeal, err error) (*appealOutput, error) {
	if err != nil {
		return nil, err
	}
	return &appealOutput{a}, nil
}

func (s *Transfers) apiAppeal(ctx context.Context, in *appealInput) (*appealOutput, error) {
	return appealOf(s.Appeal(ctx, TransferID(store.Canonical(in.Transfer)), in.Body.Reason, in.Body.Letter))
}

func (s *Transfers) apiAppeals(ctx context.Context, in *appealListInput) (*appealListOutput, error) {
	after, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	p, err := s.Appeals(ctx, after)
	if err != nil {
		return nil, err
	}
	out := &appealListOutput{}
	out.Body.Items, out.Body.Next = append([]Appeal{}, p.Rows...), p.Next.String()
	return out, nil
}

func (s *Transfers) apiRule(ctx context.Context, in *ruleInput) (*appealOutput, error) {
	return appealOf(s.Rule(ctx, AppealID(store.Canonical(in.Appeal)), in.Body.Granted, in.Body.Reason))
}
