package employee

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// An AppealID identifies an appeal within the government that asks.
type AppealID string

// An AppealState is where an appeal stands.
type AppealState string

const (
	AppealAsked   AppealState = "asked"
	AppealGranted AppealState = "granted" // the decree suffices
	AppealRefused AppealState = "refused"
)

// Words returns the state's name on screen.
func (s AppealState) Words() string {
	switch s {
	case AppealAsked:
		return "Menunggu penetapan"
	case AppealGranted:
		return "Dikabulkan"
	case AppealRefused:
		return "Ditolak"
	}
	return string(s)
}

// badge is the kind of badge of a state.
func (s AppealState) badge() string {
	return map[AppealState]string{AppealAsked: "info", AppealGranted: "good", AppealRefused: "warn"}[s]
}

// An Appeal asks the new government's authority, its province, to say that the decree
// suffices. It carries what the authority needs: it does not see the transfer.
type Appeal struct {
	bun.BaseModel `bun:"table:transfer_appeal" json:"-"`

	TenantID     tenants.ID  `bun:",pk" json:"-"` // the new government
	ID           AppealID    `bun:",pk" json:"id"`
	PartyID      tenants.ID  `json:"-"` // the authority
	TransferID   TransferID  `json:"-"`
	FromID       tenants.ID  `json:"-"` // the old government
	To           string      `bun:"-" json:"to" doc:"Code of the government that asks"`
	From         string      `bun:"-" json:"from" doc:"Code of the government that the decree names"`
	NIP          string      `bun:"nip" json:"nip"`
	Name         string      `json:"name"`
	DecreeNumber string      `json:"decree_number"`
	DecreeDay    civil.Date  `json:"decree_day"`
	DecreeSigner string      `json:"decree_signer"`
	EffectiveDay civil.Date  `json:"effective_day"`
	HeldReason   string      `json:"held_reason,omitempty" doc:"What the old government has said"`
	Reason       string      `json:"reason"`
	Letter       string      `json:"letter"`
	AskedBy      account.ID  `json:"-"`
	AskedAt      time.Time   `json:"asked_at"`
	State        AppealState `json:"state"`
	Decision     string      `json:"decision,omitempty" doc:"Reason of the decision"`
	DecidedBy    account.ID  `bun:",nullzero" json:"-"`
	DecidedAt    time.Time   `bun:",nullzero" json:"decided_at,omitzero"`
}

// decide grants or refuses a. Errors: fault.Invalid without a reason; fault.Forbidden for
// whoever asked; fault.Conflict when it is decided.
func (a *Appeal) decide(grant bool, reason string, by account.ID, at time.Time) (err error) {
	if err := authz.Apart(a.AskedBy, by, "Permohonan diputuskan oleh orang lain, bukan pengajunya. Minta rekan Anda memutuskan."); err != nil {
		return err
	}
	if a.State != AppealAsked {
		return fault.New(fault.Conflict, "Permohonan ini sudah diputuskan. Muat ulang halamannya.")
	}
	if a.Decision, err = fault.Text("reason", "Pertimbangan", reason, 500); err != nil {
		return err
	}
	if a.State = AppealRefused; grant {
		a.State = AppealGranted
	}
	a.DecidedBy, a.DecidedAt = by, at
	return nil
}

// authority is whom a government asks: a regency or city its province, all others the
// ministry of home affairs; 0 for the ministry itself.
func (s *Transfers) authority(id tenants.ID) tenants.ID {
	switch g := s.registry.Find(id); {
	case g.Parent != 0:
		return g.Parent
	case id == tenants.Kemendagri:
		return 0
	}
	return tenants.Kemendagri
}

// rules reports whether others ask government id.
func (s *Transfers) rules(id tenants.ID) bool {
	return id == tenants.Kemendagri || s.registry.Find(id).Kind == tenants.Province
}

// Appeal asks the authority of the tenant acted in about its request id.
// Errors: fault.Invalid; fault.NotFound; fault.Conflict before the term has passed, when
// the request is decided, and when an appeal is open.
func (s *Transfers) Appeal(ctx context.Context, id TransferID, reason, letter string) (a Appeal, err error) {
	defer fault.Wrap(&err, "appeal about transfer %s", id)
	actor, _ := authz.ActorFrom(ctx)
	err = s.gate.Write(ctx, authz.EmployeeTransfer, transferKey(actor.Tenant), func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		t, err := ownTransfer(ctx, tx, id)
		if err != nil {
			return err
		}
		if a, err = s.appeal(t, tx.Now); err != nil {
			return err
		}
		if a.Reason, err = fault.Text("reason", "Alasan permohonan", reason, 500); err != nil {
			return err
		}
		if a.Letter, err = fault.Text("letter", "Nomor surat permohonan", letter, 100); err != nil {
			return err
		}
		a.ID, a.AskedBy, a.AskedAt = AppealID(tx.NewID()), tx.Actor, tx.Now
		tx.About("transfer_appeal", string(a.ID))
		tx.Because(a.Reason)
		return insertAppeal(ctx, tx, a)
	})
	if f := fault.Of(err); f != nil && f.Text == store.TextDuplicate {
		err = fault.New(fault.Conflict, "Permohonan penetapan sudah diajukan. Tunggu keputusannya.")
	}
	return s.signed(a), err
}

// appeal is one about t, at the given time, without its reason. Errors: fault.Conflict.
func (s *Transfers) appeal(t Transfer, at time.Time) (Appeal, error) {
	authority := s.authority(t.TenantID)
	switch {
	case !t.pending():
		return Appeal{}, fault.New(fault.Conflict, "Permintaan mutasi ini sudah diputuskan atau ditarik. Muat ulang halamannya.")
	case civil.DateOf(at, civil.WIB).String() < t.appealDay().String():
		return Appeal{}, fault.New(fault.Conflict, "Instansi asal masih dapat menjawab. Permohonan penetapan dapat diajukan mulai %s.", t.appealDay().Short())
	case authority == 0:
		return Appeal{}, fault.New(fault.Conflict, "Tidak ada instansi di atas Kementerian Dalam Negeri untuk dimohon. Hubungi instansi asal.")
	}
	return Appeal{
		TenantID: t.TenantID, PartyID: authority, TransferID: t.ID, FromID: t.PartyID, NIP: t.NIP, Name: t.Name, State: AppealAsked,
		DecreeNumber: t.DecreeNumber, DecreeDay: t.DecreeDay, DecreeSigner: t.DecreeSigner, EffectiveDay: t.EffectiveDay, HeldReason: t.HeldReason,
	}, nil
}

// signed fills in the codes of the governments.
func (s *Transfers) signed(a Appeal) Appeal {
	a.To, a.From = s.registry.Find(a.TenantID).Code, s.registry.Find(a.FromID).Code
	return a
}

// An AppealPage is a part of the list of appeals.
type AppealPage struct {
	Rows []Appeal
	Next store.Cursor // zero on the last page
}

// Appeals returns the appeals to the tenant acted in, newest first, from behind after on.
func (s *Transfers) Appeals(ctx context.Context, after store.Cursor) (p AppealPage, err error) {
	defer fault.Wrap(&err, "list appeals")
	err = s.gate.Read(ctx, authz.EmployeeTransfer, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		all, err := listAppeals(ctx, tx, after)
		p.Rows, p.Next = store.Cut(all, pageSize, func(a Appeal) store.Cursor { return store.Cursor{ID: string(a.ID)} })
		return err
	})
	for i := range p.Rows {
		p.Rows[i] = s.signed(p.Rows[i])
	}
	return p, err
}

// OpenAppeal returns an appeal to the tenant acted in. Errors: fault.NotFound.
func (s *Transfers) OpenAppeal(ctx context.Context, id AppealID) (a Appeal, err error) {
	defer fault.Wrap(&err, "open appeal %s", id)
	err = s.gate.Read(ctx, authz.EmployeeTransfer, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		a, err = appealTo(ctx, tx, id)
		return err
	})
	return s.signed(a), err
}

// Rule decides an appeal to the tenant acted in. A job of the asker copies the decision.
// Errors: fault.NotFound; as of decide.
func (s *Transfers) Rule(ctx context.Context, id AppealID, grant bool, reason string) (a Appeal, err error) {
	defer fault.Wrap(&err, "decide appeal %s", id)
	actor, _ := authz.ActorFrom(ctx)
	err = s.gate.Write(ctx, authz.EmployeeTransfer, transferKey(actor.Tenant), func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		if a, err = appealTo(ctx, tx, id); err != nil {
			return err
		}
		if err := a.decide(grant, reason, tx.Actor, tx.Now); err != nil {
			return err
		}
		tx.About("transfer_appeal", string(id))
		tx.Because(a.Decision)
		if err := saveDecision(ctx, tx, a); err != nil {
			return err
		}
		tx.After(s.wake)
		return jobs.Put(ctx, tx, EffectRuled, jobs.Effect{Party: a.TenantID, Key: string(a.ID)})
	})
	return s.signed(a), err
}
