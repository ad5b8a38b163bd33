// Package nomination decides which employees attend which batch.
//
// A sender proposes its own employees; the host verifies and approves while the
// sender's seats last; who does not fit waits. A nomination carries a snapshot of
// the fields that the host needs, so the host never reads the sender's register.
// Who proposed it may not verify it. An approved nomination is a seat: it claims
// the person's time in the whole country, and it is what lets the person and the
// sender see the batch's links.
//
// The batch's course type is asked whether somebody may come, and told no more of them
// than the batch's host has agreed to and its pages say. Whom it flags is proposed with a
// reason and a letter, which both governments see. That a training is held once in a
// lifetime the platform holds itself, by what was decreed anywhere: a guest is not trusted
// with it, and nobody learns where.
package nomination

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/claim"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// An ID identifies a nomination within its host: a UUIDv7 in text form.
type ID string

// A State is where a nomination stands.
type State string

const (
	Proposed State = "proposed" // by the sender; not yet decided
	Waiting  State = "waiting"  // eligible, beyond the sender's seats
	Approved State = "approved" // holds a seat
)

// Words returns the state's name on screen.
func (s State) Words() string {
	switch s {
	case Proposed:
		return "Diusulkan"
	case Waiting:
		return "Cadangan"
	case Approved:
		return "Diterima"
	}
	return string(s)
}

// A Snapshot is what the host needs of an employee, as it was when proposed.
type Snapshot struct {
	Name     string `json:"name"` // with titles, as the certificate will print it
	NIP      string `json:"nip,omitempty"`
	Kind     string `json:"kind"`
	Position string `json:"position"`
	Unit     string `json:"unit"`
}

// A Nomination proposes one employee of a sender for one batch of a host.
type Nomination struct {
	bun.BaseModel `bun:"table:nomination"`

	TenantID        tenants.ID  `bun:",pk" json:"-"` // host
	ID              ID          `bun:",pk" json:"id"`
	PartyID         tenants.ID  `json:"-"`              // government that sends
	Sender          string      `bun:"-" json:"sender"` // code of PartyID; filled by Open
	IdentityID      account.ID  `json:"-"`              // the person
	BatchID         batch.ID    `json:"batch_id"`
	EmployeeID      employee.ID `json:"-"`
	Snapshot        Snapshot    `bun:"type:jsonb" json:"person"`
	State           State       `json:"state"`
	ProposedBy      account.ID  `json:"-"`
	ProposedAt      time.Time   `json:"proposed_at"`
	DecidedBy       account.ID  `bun:",nullzero" json:"-"`
	DecidedAt       time.Time   `bun:",nullzero" json:"decided_at,omitzero"`        // zero while undecided
	NameConfirmedAt time.Time   `bun:",nullzero" json:"name_confirmed_at,omitzero"` // by the person; zero = not yet

	Flags  []coursetype.Flag `bun:"type:jsonb" json:"-"` // what the course type found unusual
	Reason string            `json:"reason,omitempty"`   // why the sender proposes all the same; "" without flags
	Letter string            `json:"letter,omitempty"`   // number of the letter in which it says so
}

// approve seats n, where taken of the sender's seats are held already.
// Errors: fault.Forbidden when by proposed n; fault.Conflict when n is decided or
// the sender's quota is full.
func (n *Nomination) approve(zone civil.Zone, seats int, taken int64, by account.ID, at time.Time) error {
	if err := authz.Apart(n.ProposedBy, by, "Usulan diverifikasi oleh orang lain, bukan pengusulnya. Minta rekan Anda memverifikasi."); err != nil {
		return err
	}
	switch {
	case by == n.IdentityID:
		return fault.New(fault.Forbidden, "Usulan atas diri sendiri diverifikasi oleh orang lain. Minta rekan Anda memverifikasi.")
	case n.State == Approved:
		return fault.New(fault.Conflict, "Usulan ini sudah diterima pada %s. Muat ulang halaman.", civil.Format(n.DecidedAt, zone))
	case taken >= int64(seats):
		return fault.New(fault.Conflict, "Kuota pengirim sudah penuh (%d kursi). Biarkan usulan ini di daftar cadangan.", seats)
	}
	n.State, n.DecidedBy, n.DecidedAt = Approved, by, at
	return nil
}

// Service is what can be done with nominations.
type Service struct {
	gate     *authz.Gate
	registry *tenants.Registry
	host     *host.Host
}

// New returns the service behind gate, with the guests that host runs.
func New(gate *authz.Gate, registry *tenants.Registry, host *host.Host) *Service {
	return &Service{gate, registry, host}
}

// Propose nominates an employee of the tenant acted in for a batch of another. It
// waits when the sender's seats are spoken for.
// Errors: fault.NotFound for batch or employee; fault.Invalid when the course type
// does not admit the employee, or flags something that asks for a Plea; fault.Conflict
// when the sender has no seats there, the employee is nominated already, or has been
// through a training that is held once; fault.Unavailable.
func (s *Service) Propose(ctx context.Context, in batch.Ref, id employee.ID) (Nomination, error) {
	return s.Plead(ctx, in, id, Plea{})
}

// Plead is Propose of somebody whom the course type may flag, with why.
func (s *Service) Plead(ctx context.Context, in batch.Ref, id employee.ID, why Plea) (n Nomination, err error) {
	defer fault.Wrap(&err, "propose employee for batch %s", in)
	var b batch.Batch
	var e employee.Employee
	var before []coursetype.Past
	err = s.gate.Read(ctx, authz.NominationPropose, func(tx *store.Tx) (err error) {
		if err := tx.Whole(); err != nil {
			return err
		}
		if b, err = batch.Find(ctx, tx, in.Host, in.ID); err != nil {
			return err
		}
		if e, err = employee.Find(ctx, tx, id); err != nil {
			return err
		}
		before, err = past(ctx, tx, b.CourseType, e.IdentityID)
		return err
	})
	if err != nil {
		return Nomination{}, err
	}
	if err := once(b, before); err != nil {
		return Nomination{}, err
	}
	flags, err := s.eligible(ctx, b, e, before)
	if err != nil {
		return Nomination{}, err
	}
	if why, err = why.heard(flags); err != nil {
		return Nomination{}, err
	}
	err = s.gate.Write(ctx, authz.NominationPropose, in.ID.Key(), func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		now, err := employee.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if now.Version != e.Version {
			return fault.New(fault.Conflict, "Data pegawai baru saja berubah. Ulangi pengusulan.")
		}
		seats, err := batch.Seats(ctx, tx, b, tx.Tenant)
		if err != nil {
			return err
		}
		if seats == 0 {
			return fault.New(fault.Conflict, "Instansi Anda tidak mendapat kuota pada angkatan ini. Hubungi penyelenggara.")
		}
		live, err := countLive(ctx, tx, b, tx.Tenant)
		if err != nil {
			return err
		}
		n = Nomination{
			TenantID: b.TenantID, ID: ID(tx.NewID()), PartyID: tx.Tenant, IdentityID: e.IdentityID, BatchID: b.ID, EmployeeID: e.ID,
			Snapshot: Snapshot{Name: e.Name, NIP: e.NIP, Kind: string(e.Kind), Position: e.Position, Unit: e.Unit},
			Flags:    flags, Reason: why.Reason, Letter: why.Letter,
			State: Proposed, ProposedBy: tx.Actor, ProposedAt: tx.Now,
		}
		if live >= int64(seats) {
			n.State = Waiting
		}
		tx.About("nomination", string(n.ID))
		tx.Because(why.Letter)
		return insert(ctx, tx, n)
	})
	if f := fault.Of(err); f != nil && f.Text == store.TextDuplicate {
		return Nomination{}, fault.New(fault.Conflict, "Pegawai ini sudah diusulkan untuk angkatan yang sama.")
	}
	return n, err
}

// Approve seats nomination id of batch b, which the tenant acted in hosts.
// Errors: fault.NotFound; fault.Forbidden for its proposer; fault.Conflict when it
// is decided, the sender's quota is full, or the person's time is taken.
func (s *Service) Approve(ctx context.Context, b batch.ID, id ID) (n Nomination, err error) {
	defer fault.Wrap(&err, "approve nomination %s", id)
	err = s.gate.Write(ctx, authz.NominationVerify, b.Key(), func(tx *store.Tx) error {
		run, err := batch.Changeable(ctx, tx, b)
		if err != nil {
			return err
		}
		if n, err = find(ctx, tx, b, id); err != nil {
			return err
		}
		seats, err := batch.Seats(ctx, tx, run, n.PartyID)
		if err != nil {
			return err
		}
		taken, err := countSeated(ctx, tx, run, n.PartyID)
		if err != nil {
			return err
		}
		if err := n.approve(run.Zone, seats, taken, tx.Actor, tx.Now); err != nil {
			return err
		}
		if run.OnceOnly { // somewhere else it may have ended since
			before, err := past(ctx, tx, run.CourseType, n.IdentityID)
			if err != nil {
				return err
			}
			if err := once(run, before); err != nil {
				return err
			}
		}
		from, to := run.Span()
		if err := claim.Take(ctx, tx, claim.Person(n.IdentityID), b.Key(), from, to); err != nil {
			return err
		}
		tx.About("nomination", string(id))
		return saveDecision(ctx, tx, n)
	})
	return n, err
}

// List returns the nominations of a batch that the tenant acted in may see: all
// of them for the host, its own people for a sender.
func (s *Service) List(ctx context.Context, in batch.Ref) (b batch.Batch, all []Nomination, err error) {
	defer fault.Wrap(&err, "list nominations of batch %s", in)
	err = s.gate.Read(ctx, authz.NominationRead, func(tx *store.Tx) error {
		if b, err = batch.Reached(ctx, tx, in); err != nil {
			return err
		}
		all, err = OfBatch(ctx, tx, in)
		return err
	})
	return b, all, err
}

// Open returns one participant or nominee of a batch that the tenant acted in
// hosts, or to which it sends that person. Errors: fault.NotFound.
func (s *Service) Open(ctx context.Context, in batch.Ref, id ID) (n Nomination, err error) {
	defer fault.Wrap(&err, "open nomination %s", id)
	err = s.gate.Read(ctx, authz.NominationRead, func(tx *store.Tx) error {
		if err := tx.Within(string(in.ID)); err != nil {
			return err
		}
		n, err = visible(ctx, tx, in, id)
		n.Sender = s.registry.Find(n.PartyID).Code
		return err
	})
	return n, err
}

// Mine returns the nominations of the person who asks, everywhere, newest first,
// with their batches.
func (s *Service) Mine(ctx context.Context) (all []Nomination, batches map[batch.ID]batch.Batch, err error) {
	defer fault.Wrap(&err, "list own nominations")
	err = s.gate.Self(ctx, 0, func(tx *store.Tx) (err error) {
		all, batches, err = OfPerson(ctx, tx)
		return err
	})
	return all, batches, err
}

// ConfirmName records that the person's name and titles in nomination id of host
// are right as the certificate will print them.
// Errors: fault.NotFound when it is not theirs; fault.Conflict without a seat.
func (s *Service) ConfirmName(ctx context.Context, host tenants.ID, id ID) (err error) {
	defer fault.Wrap(&err, "confirm name in nomination %s", id)
	return s.gate.Self(ctx, host, func(tx *store.Tx) error {
		n, err := own(ctx, tx, id)
		if err != nil {
			return err
		}
		if n.State != Approved {
			return fault.New(fault.Conflict, "Nama baru dapat dikonfirmasi setelah Anda diterima sebagai peserta.")
		}
		tx.About("nomination", string(id))
		return saveConfirmation(ctx, tx, n, tx.Now)
	})
}
