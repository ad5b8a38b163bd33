package employee

// A person moves between governments by a decree. The new one asks the one that the
// decree names; whether the person works there it is not told: the answer to a right
// and to a wrong guess is the same, and a government sees only requests for people whom
// it has in service. It agrees, or holds with a reason; when it lets a term pass, the
// decree suffices once the new government's province says so.
//
// The move itself is two writes in two tenants (transfer_move.go): at no instant is the
// person in service twice.

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

const (
	// decreeTerm is after how many days the decree suffices. It is ours: no regulation
	// that we know of names one, and an office has yet to confirm it.
	decreeTerm = 14
	// furthest is how many days ahead a move or the end of a hold may lie: beyond it a
	// year was mistyped.
	furthest = 366
)

// A TransferID identifies a request within the government that asks: a UUIDv7 in text form.
type TransferID string

// A TransferState is where a request stands.
type TransferState string

const (
	TransferAsked     TransferState = "asked"     // not yet answered
	TransferHeld      TransferState = "held"      // by the old government, with a reason
	TransferAgreed    TransferState = "agreed"    // by the old government
	TransferRuled     TransferState = "ruled"     // the authority says that the decree suffices
	TransferLeft      TransferState = "left"      // in service nowhere, until the next job
	TransferDone      TransferState = "done"      // in service in the new government
	TransferWithdrawn TransferState = "withdrawn" // by the new government
	TransferVoid      TransferState = "void"      // nobody to be moved: see Note
)

// Words returns the state's name on screen.
func (s TransferState) Words() string {
	switch s {
	case TransferAsked:
		return "Menunggu jawaban"
	case TransferHeld:
		return "Ditahan"
	case TransferAgreed:
		return "Disetujui"
	case TransferRuled:
		return "Ditetapkan"
	case TransferLeft:
		return "Sedang dipindahkan"
	case TransferDone:
		return "Sudah pindah"
	case TransferWithdrawn:
		return "Ditarik"
	case TransferVoid:
		return "Tidak dapat dijalankan"
	}
	return string(s)
}

// A Transfer is one government's request to another for one person.
type Transfer struct {
	bun.BaseModel `bun:"table:transfer" json:"-"`

	TenantID     tenants.ID    `bun:",pk" json:"-"` // the new government, which asks
	ID           TransferID    `bun:",pk" json:"id"`
	PartyID      tenants.ID    `json:"-"` // the old one, as the decree has it
	To           string        `bun:"-" json:"to" doc:"Code of the government that asks"`
	From         string        `bun:"-" json:"from" doc:"Code of the government that the decree names"`
	NIP          string        `bun:"nip" json:"nip"`
	Name         string        `json:"name" doc:"With titles, as the asker typed it"`
	DecreeNumber string        `json:"decree_number"`
	DecreeDay    civil.Date    `json:"decree_day"`
	DecreeSigner string        `json:"decree_signer"`
	EffectiveDay civil.Date    `json:"effective_day" doc:"First day in the new government"`
	Letter       string        `json:"letter,omitempty"`
	AskedBy      account.ID    `json:"-"`
	AskedAt      time.Time     `json:"asked_at"`
	State        TransferState `json:"state"`
	HeldReason   string        `json:"held_reason,omitempty"`
	HeldUntil    civil.Date    `json:"held_until,omitzero"`
	DecidedBy    account.ID    `bun:",nullzero" json:"-"` // of the old government
	DecidedAt    time.Time     `bun:",nullzero" json:"decided_at,omitzero"`
	Ruling       string        `json:"ruling,omitempty" doc:"What the authority has decided, and why"`
	RuledBy      tenants.ID    `bun:",nullzero" json:"-"`
	RuledAt      time.Time     `bun:",nullzero" json:"ruled_at,omitzero"`
	Note         string        `json:"note,omitempty" doc:"Why it came to nothing"`
	MoverID      account.ID    `bun:",nullzero" json:"-"` // the person, once they have left
	LeftAt       time.Time     `bun:",nullzero" json:"left_at,omitzero"`
	DoneAt       time.Time     `bun:",nullzero" json:"done_at,omitzero"`
}

// pending reports whether the old government's answer is still to come.
func (t Transfer) pending() bool { return t.State == TransferAsked || t.State == TransferHeld }

// sure reports whether the move is decided, and waits for its day.
func (t Transfer) sure() bool { return t.State == TransferAgreed || t.State == TransferRuled }

// begins is the first moment of the move's day in zone.
func (t Transfer) begins(zone civil.Zone) time.Time { return t.EffectiveDay.At(0, 0, zone) }

// appealDay is the first day on which the asker may turn to its authority. A hold does
// not stop the clock.
func (t Transfer) appealDay() civil.Date {
	return later(civil.DateOf(t.AskedAt, civil.WIB), decreeTerm)
}

// later is the day so many days after d.
func later(d civil.Date, days int) civil.Date {
	return civil.DateOf(d.At(12, 0, civil.WIB).AddDate(0, 0, days), civil.WIB)
}

// check says what is wrong with a request that is made on day. Errors: fault.Invalid.
func (t *Transfer) check(day civil.Date) (err error) {
	n, err := ParseNIP(t.NIP)
	if err != nil {
		return err
	}
	t.NIP = n.Digits
	for _, f := range []struct {
		name, label string
		text        *string
		most        int
	}{{"name", "Nama pegawai", &t.Name, 200}, {"decree_number", "Nomor surat keputusan", &t.DecreeNumber, 100}, {"decree_signer", "Penanda tangan surat keputusan", &t.DecreeSigner, 200}} {
		if *f.text, err = fault.Text(f.name, f.label, *f.text, f.most); err != nil {
			return err
		}
	}
	if t.Letter = strings.TrimSpace(t.Letter); t.Letter != "" {
		if t.Letter, err = fault.Text("letter", "Nomor surat permintaan", t.Letter, 100); err != nil {
			return err
		}
	}
	switch {
	case t.DecreeDay.Year < 1990:
		return fault.At("decree_day", "Isi tanggal surat keputusan mutasi.")
	case t.DecreeDay.String() > day.String():
		return fault.At("decree_day", "Tanggal surat keputusan belum tiba. Periksa tanggalnya.")
	case t.EffectiveDay.Year < 1990:
		return fault.At("effective_day", "Isi tanggal mulai bertugas (TMT) menurut surat keputusan.")
	case t.EffectiveDay.String() > later(day, furthest).String():
		return fault.At("effective_day", "Tanggal mulai bertugas lebih dari setahun lagi. Periksa tahunnya.")
	}
	return nil
}

// An AnswerKind is what the old government says.
type AnswerKind string

const (
	Agree AnswerKind = "agree"
	Hold  AnswerKind = "hold"
	Lift  AnswerKind = "lift" // the hold
)

// An Answer is the old government's.
type Answer struct {
	Kind   AnswerKind
	Reason string     // of a hold
	Until  civil.Date // of a hold: its last day
}

// answer applies a to t, on day. Errors: fault.Invalid; fault.Forbidden for whoever
// asked, and for the person themselves; fault.Conflict when it is decided.
func (t *Transfer) answer(a Answer, mover, by account.ID, at time.Time) (err error) {
	if err := authz.Apart(t.AskedBy, by, "Permintaan mutasi dijawab oleh orang lain, bukan pengajunya. Minta rekan Anda menjawab."); err != nil {
		return err
	}
	if err := authz.Apart(mover, by, "Mutasi diri sendiri diputuskan oleh orang lain. Minta rekan Anda menjawab."); err != nil {
		return err
	}
	if !t.pending() {
		return fault.New(fault.Conflict, "Permintaan mutasi ini sudah diputuskan atau ditarik. Muat ulang halamannya.")
	}
	day := civil.DateOf(at, civil.WIB)
	switch a.Kind {
	case Agree:
		t.State, t.HeldReason, t.HeldUntil = TransferAgreed, "", civil.Date{}
	case Hold:
		if t.HeldReason, err = fault.Text("reason", "Alasan penahanan", a.Reason, 500); err != nil {
			return err
		}
		if a.Until.String() <= day.String() || a.Until.String() > later(day, furthest).String() {
			return fault.At("until", "Isi hari terakhir penahanan: sesudah hari ini, paling lama setahun.")
		}
		t.State, t.HeldUntil = TransferHeld, a.Until
	case Lift:
		if t.State != TransferHeld {
			return fault.New(fault.Conflict, "Permintaan mutasi ini tidak sedang ditahan. Muat ulang halamannya.")
		}
		t.State, t.HeldReason, t.HeldUntil = TransferAsked, "", civil.Date{}
	default:
		return fault.At("decision", "Jawaban tidak dikenal. Pilih setujui, tahan, atau cabut penahanan.")
	}
	t.DecidedBy, t.DecidedAt = by, at
	return nil
}

// withdraw takes t back. Errors: fault.Conflict when the move has begun.
func (t *Transfer) withdraw() error {
	if !t.pending() && !t.sure() {
		return fault.New(fault.Conflict, "Permintaan mutasi ini sudah berjalan atau sudah berakhir. Muat ulang halamannya.")
	}
	t.State = TransferWithdrawn
	return nil
}

// Transfers is what governments can do about people who move between them.
type Transfers struct {
	gate     *authz.Gate
	register *Service
	registry *tenants.Registry
	wake     func()
}

// NewTransfers returns the service that moves people of register. wake asks the job
// queue to look into the outbox.
func NewTransfers(register *Service, registry *tenants.Registry, wake func()) *Transfers {
	return &Transfers{register.gate, register, registry, wake}
}

// key names what is contended by whoever changes t's requests, its own and those to it.
func transferKey(tx tenants.ID) string { return "transfer:" + itoa(tx) }

// Ask makes a request of the tenant acted in, and returns it as stored. Whether the
// person is in service where the decree says is not looked at: the answer is the same.
// Errors: fault.Invalid; fault.Conflict when the person is in service here, or asked for already.
func (s *Transfers) Ask(ctx context.Context, typed Transfer) (t Transfer, err error) {
	defer fault.Wrap(&err, "ask for a transfer")
	actor, _ := authz.ActorFrom(ctx)
	err = s.gate.Write(ctx, authz.EmployeeTransfer, transferKey(actor.Tenant), func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		t = typed
		if err := t.check(civil.DateOf(tx.Now, civil.WIB)); err != nil {
			return err
		}
		switch s.registry.Find(t.PartyID).ID {
		case 0:
			return fault.At("from", "Pilih instansi asal yang disebut surat keputusan.")
		case tx.Tenant:
			return fault.At("from", "Instansi asal adalah instansi Anda sendiri. Pilih instansi yang disebut surat keputusan.")
		}
		here, err := withNIP(ctx, tx, t.NIP)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(here, func(e Employee) bool { return e.Active }) {
			return fault.New(fault.Conflict, "Pegawai dengan NIP ini sudah aktif di instansi Anda. Cari datanya pada daftar pegawai.")
		}
		t.TenantID, t.ID, t.State = tx.Tenant, TransferID(tx.NewID()), TransferAsked
		t.AskedBy, t.AskedAt = tx.Actor, tx.Now
		tx.About("transfer", string(t.ID))
		tx.Because(t.DecreeNumber)
		return insertTransfer(ctx, tx, t)
	})
	if f := fault.Of(err); f != nil && f.Text == store.TextDuplicate {
		err = fault.New(fault.Conflict, "Mutasi pegawai dengan NIP ini sudah Anda ajukan. Buka permintaan itu, atau tarik dahulu.")
	}
	return s.named(t), err
}

// named fills in the codes of the governments.
func (s *Transfers) named(t Transfer) Transfer {
	t.To, t.From = s.registry.Find(t.TenantID).Code, s.registry.Find(t.PartyID).Code
	return t
}

// Decide answers request id to the tenant acted in. What is agreed is carried out by
// jobs on its day.
// Errors: fault.NotFound, also for a person who is not in service here; as of answer;
// fault.Conflict also when the person has been promised to another government.
func (s *Transfers) Decide(ctx context.Context, id TransferID, a Answer) (t Transfer, err error) {
	defer fault.Wrap(&err, "decide transfer %s", id)
	actor, _ := authz.ActorFrom(ctx)
	err = s.gate.Write(ctx, authz.EmployeeTransfer, transferKey(actor.Tenant), func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		if t, err = askedOf(ctx, tx, id); err != nil {
			return err
		}
		here, err := withNIP(ctx, tx, t.NIP)
		if err != nil {
			return err
		}
		was, mover := t.State, account.ID("")
		if len(here) > 0 {
			mover = here[0].IdentityID
		}
		if err := t.answer(a, mover, tx.Actor, tx.Now); err != nil {
			return err
		}
		tx.About("transfer", string(id))
		tx.Because(t.HeldReason)
		if t.State != TransferAgreed {
			return saveTransfer(ctx, tx, t, was)
		}
		promised, err := promisedElsewhere(ctx, tx, t)
		if err != nil {
			return err
		}
		if promised {
			return fault.New(fault.Conflict, "Mutasi pegawai ini ke instansi lain sudah disetujui. Minta instansi itu menarik permintaannya dahulu.")
		}
		if err := saveTransfer(ctx, tx, t, was); err != nil {
			return err
		}
		tx.After(s.wake)
		return s.putLeave(ctx, tx, t)
	})
	return s.named(t), err
}

// putLeave has the old government's job end the employment once the day has come.
func (s *Transfers) putLeave(ctx context.Context, tx *store.Tx, t Transfer) error {
	return jobs.Put(ctx, tx, EffectLeave, jobs.Effect{Party: t.PartyID, Key: string(t.ID), NotBefore: t.begins(s.zone(t.PartyID))})
}

func (s *Transfers) zone(id tenants.ID) civil.Zone {
	if z := s.registry.Find(id).Zone; z != "" {
		return z
	}
	return civil.WIB
}

// Withdraw takes back request id of the tenant acted in.
// Errors: fault.NotFound; fault.Conflict when the move has begun.
func (s *Transfers) Withdraw(ctx context.Context, id TransferID) (t Transfer, err error) {
	defer fault.Wrap(&err, "withdraw transfer %s", id)
	actor, _ := authz.ActorFrom(ctx)
	err = s.gate.Write(ctx, authz.EmployeeTransfer, transferKey(actor.Tenant), func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		if t, err = ownTransfer(ctx, tx, id); err != nil {
			return err
		}
		was := t.State
		if err := t.withdraw(); err != nil {
			return err
		}
		tx.About("transfer", string(id))
		return saveTransfer(ctx, tx, t, was)
	})
	return s.named(t), err
}

// A Direction tells apart the lists of requests.
type Direction string

const (
	Incoming Direction = "incoming" // to the tenant acted in
	Outgoing Direction = "outgoing" // of it
)

// A TransferPage is a part of a list of requests.
type TransferPage struct {
	Rows []Transfer
	Next store.Cursor // zero on the last page
}

// List returns the requests of one direction, newest first, from behind after on.
// Errors: fault.Invalid for another direction.
func (s *Transfers) List(ctx context.Context, d Direction, after store.Cursor) (p TransferPage, err error) {
	defer fault.Wrap(&err, "list transfers")
	if d != Incoming && d != Outgoing {
		return p, fault.At("direction", "Arah permintaan tidak dikenal. Pilih yang masuk atau yang keluar.")
	}
	err = s.gate.Read(ctx, authz.EmployeeTransfer, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		all, err := listTransfers(ctx, tx, d, after)
		p.Rows, p.Next = store.Cut(all, pageSize, func(t Transfer) store.Cursor { return store.Cursor{ID: string(t.ID)} })
		return err
	})
	for i := range p.Rows {
		p.Rows[i] = s.named(p.Rows[i])
	}
	return p, err
}

// A TransferView is a request as a page shows it.
type TransferView struct {
	Transfer
	Asked    bool // of the tenant acted in, which has the person
	Employee ID   // there; "" when Asked is not
	Appeals  []Appeal
	Overdue  bool // the asker may turn to its authority
}

// Open returns request id of the tenant acted in, or to it. Errors: fault.NotFound.
func (s *Transfers) Open(ctx context.Context, id TransferID) (v TransferView, err error) {
	defer fault.Wrap(&err, "open transfer %s", id)
	err = s.gate.Read(ctx, authz.EmployeeTransfer, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		v = TransferView{}
		own, err := ownTransfers(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(own) > 0 {
			v.Transfer = own[0]
			v.Overdue = v.pending() && civil.DateOf(tx.Now, civil.WIB).String() >= v.appealDay().String()
			v.Appeals, err = appealsOf(ctx, tx, id)
			v.Overdue = v.Overdue && !slices.ContainsFunc(v.Appeals, func(a Appeal) bool { return a.State == AppealAsked })
			return err
		}
		v.Asked = true
		if v.Transfer, err = askedOf(ctx, tx, id); err != nil {
			return err
		}
		here, err := withNIP(ctx, tx, v.NIP)
		if len(here) > 0 {
			v.Employee = here[0].ID
		}
		return err
	})
	v.Transfer = s.named(v.Transfer)
	return v, err
}

// badge is the kind of badge of a state.
func (s TransferState) badge() string {
	switch s { //nolint:exhaustive // what is not named takes nothing here
	case TransferAgreed, TransferRuled, TransferDone:
		return "good"
	case TransferHeld, TransferVoid:
		return "warn"
	case TransferAsked, TransferLeft:
		return "info"
	}
	return ""
}

// Why a request came to nothing; translated where they are shown.
var (
	noteNotThere  = ui.N("Pegawai tidak tercatat aktif di instansi asal pada tanggal mutasi.")
	noteMoved     = ui.N("Pegawai ini lebih dahulu pindah ke instansi lain. Periksa surat keputusannya.")
	noteElsewhere = ui.N("Pegawai ini sudah tercatat aktif di instansi lain sebelum mutasi selesai.")
)
