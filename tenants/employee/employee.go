// Package employee is a government's own register of the people who work for it, and of
// its units (perangkat daerah).
//
// Nobody else reads it: a host sees of an employee what the sender put into the snapshot
// of a nomination. A grant that is limited to a unit reaches the employees of that unit
// and of all below it.
//
// An employment is one row for good. Leaving makes it inactive, coming back active again;
// each change writes a line of its history in the same transaction, and whoever saves
// over somebody else's change is told whose. Somebody is in service in one government at
// a time: marks of NIP and person, of which others may ask, hold that in the whole
// country. Who is refused learns that there is a mark, and not where.
//
// The human behind the row is an identity, once in the installation; registering finds it
// by the NIP or makes it, and never changes one that is there.
//
// A name is kept without its titles; the name as certificates print it is made of both on
// every write. The NIK is kept of non-ASN and of those who sign documents, sealed; it is
// shown by its last four digits, and stands in no list, export, history or log.
package employee

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// An ID identifies an employee within its tenant: a UUIDv7 in text form.
type ID string

// Kind of employment.
type Kind string

const (
	PNS      Kind = "PNS"
	CPNS     Kind = "CPNS"
	PPPK     Kind = "PPPK"
	PPPKPart Kind = "PPPK_PART_TIME"
	NonASN   Kind = "NON_ASN"
)

// Words returns the kind's name on screen, in Indonesian.
func (k Kind) Words() string { return nameIn(Kinds(), string(k)) }

// The two values of Sex.
const (
	Male   = "M"
	Female = "F"
)

// An Employee is a person's employment in one tenant. Ids of ranks, positions and the
// like are BKN's: see the lists in reference.go.
type Employee struct {
	bun.BaseModel `bun:"table:employee" json:"-"`

	TenantID   tenants.ID `bun:",pk" json:"-"`
	ID         ID         `bun:",pk" json:"id"`
	IdentityID account.ID `json:"-"`
	Version    int        `json:"version" doc:"Counts the changes; a change names the version it was made of"`
	Active     bool       `json:"active"`

	Kind   Kind   `json:"kind"`
	NIP    string `bun:"nip,nullzero" json:"nip,omitempty" doc:"18 digits, NIP or NI PPPK"` // "" for non-ASN
	OldNIP string `bun:"old_nip" json:"old_nip,omitempty"`                                  // 9 digits; ""

	Name        string `json:"printed_name" doc:"With titles, as certificates print it"` // made of the next three
	TitleBefore string `json:"title_before,omitempty"`
	BareName    string `json:"name" doc:"Without titles"`
	TitleAfter  string `json:"title_after,omitempty"`
	SortName    string `json:"-"` // BareName folded: the order of lists

	Sex        string     `json:"sex,omitempty"` // M, F; "" unknown
	BirthPlace string     `json:"birth_place,omitempty"`
	BirthDay   civil.Date `json:"birth_day,omitzero"`

	Rank         string     `json:"rank,omitempty" doc:"BKN's golongan; of a PPPK I to XVII"`
	RankDay      civil.Date `json:"rank_day,omitzero"` // since when (TMT)
	Position     string     `json:"position,omitempty"`
	PositionKind string     `json:"position_kind,omitempty" doc:"BKN's jenis jabatan"`
	PositionDay  civil.Date `json:"position_day,omitzero"`
	Echelon      string     `json:"echelon,omitempty" doc:"BKN's eselon"`
	Unit         string     `json:"unit_name,omitempty"` // name of UnitID, or as typed where there is none
	UnitID       UnitID     `bun:",nullzero" json:"unit,omitempty"`
	Standing     string     `json:"standing,omitempty" doc:"BKN's kedudukan hukum; 01 is active"`
	WorksAt      string     `json:"works_at,omitempty"` // where somebody seconded works; "" = here

	Email        string     `json:"email,omitempty"`
	Phone        string     `json:"phone,omitempty"`
	Signs        bool       `json:"signs"` // signs documents
	Guardian     string     `json:"guardian,omitempty"`
	Consent      string     `json:"consent,omitempty"` // reference of the guardian's consent to a minor's data
	ContractFrom civil.Date `json:"contract_from,omitzero"`
	ContractTo   civil.Date `json:"contract_to,omitzero"` // last day

	NIK       string `bun:"-" json:"-"`   // as typed; "" leaves what is stored
	NIKSealed string `bun:"nik" json:"-"` // "" = none
	NIKIndex  string `bun:",nullzero" json:"-"`
}

// Serving reports whether e works here with the standing to be sent to a training.
func (e Employee) Serving() bool {
	return e.Active && (e.Kind == NonASN || e.Standing == ActiveStanding)
}

// Key names what is contended when e is changed.
func (id ID) Key() string { return "employee:" + string(id) }

// Identities reaches the humans of the whole installation, behind another door than the
// register's: wiring hands it over.
type Identities struct {
	// Ensure returns the identity that has nip, made under that name when there is none;
	// for nip "" always a new one. It changes nobody.
	Ensure func(ctx context.Context, name, nip string) (account.ID, error)
	// Renumber has the name under which somebody signs in follow the correction of their NIP.
	Renumber func(ctx context.Context, id account.ID, was, now string) error
	// Names returns the names of those of ids that there are.
	Names func(ctx context.Context, ids []account.ID) (map[account.ID]string, error)
	// IssueCodes makes codes for those of up to 500 people who have no password yet.
	IssueCodes func(ctx context.Context, people []account.ID) ([]account.Issued, error)
	// Resettable says whether the actor may reset the account of id.
	Resettable func(ctx context.Context, id account.ID) (account.Identity, error)
	// Reset takes password and second factor off id, and makes a code.
	Reset func(ctx context.Context, id account.ID, reason string) (account.Issued, error)
}

// Service is what a tenant can do with its employees and units.
type Service struct {
	gate   *authz.Gate
	people Identities
	vault  *vault
}

// New returns the service behind gate. secret is the installation's: with another one
// no stored NIK opens.
func New(gate *authz.Gate, secret [32]byte, people Identities) *Service {
	return &Service{gate, people, newVault(secret)}
}

// Register records e in the tenant acted in, and returns its ID. Its identity is found by
// the NIP or made, unless it names one.
// Errors: fault.Invalid; fault.NotFound for a unit that the actor's grants do not reach;
// fault.Conflict when number or person is registered here, or in service elsewhere.
func (s *Service) Register(ctx context.Context, e Employee) (_ ID, err error) {
	defer fault.Wrap(&err, "register employee")
	// All that can be refused is, before somebody is made who then works nowhere.
	draft := e
	err = s.gate.Read(ctx, authz.EmployeeRegister, func(tx *store.Tx) error {
		draft = e
		return s.prepare(ctx, tx, &draft)
	})
	if err != nil {
		return "", err
	}
	if e.IdentityID == "" {
		if e.IdentityID, err = s.people.Ensure(ctx, draft.BareName, draft.NIP); err != nil {
			return "", err
		}
	}
	err = s.gate.Write(ctx, authz.EmployeeRegister, "employed:"+draft.NIP, func(tx *store.Tx) error {
		added := e
		if err := s.prepare(ctx, tx, &added); err != nil {
			return err
		}
		added.TenantID, added.ID, added.Version = tx.Tenant, ID(tx.NewID()), 1
		e.ID = added.ID
		tx.About("employee", string(added.ID))
		return s.add(ctx, tx, added)
	})
	return e.ID, err
}

// prepare checks e as the tenant acted in has it today, and writes out what follows from
// what was typed: numbers without spaces, the printed name, the unit's name.
// Errors: fault.Invalid; fault.NotFound for a unit out of the actor's reach.
func (s *Service) prepare(ctx context.Context, tx *store.Tx, e *Employee) error {
	if err := e.check(civil.DateOf(tx.Now, civil.WIB)); err != nil {
		return err
	}
	return place(ctx, tx, e)
}

// place checks the unit of e, and writes out its name.
// Errors: fault.Invalid; fault.NotFound for a unit out of the actor's reach.
func place(ctx context.Context, tx *store.Tx, e *Employee) error {
	if e.UnitID == "" {
		if tx.Scope != nil {
			return fault.At("unit", "Pilih perangkat daerah. Peran Anda terbatas pada unit tertentu.")
		}
		return nil
	}
	u, err := findUnit(ctx, tx, e.UnitID)
	switch f := fault.Of(err); {
	case f != nil:
		return fault.At("unit", "Perangkat daerah yang dipilih tidak ada. Pilih dari daftar.")
	case err != nil:
		return err
	case !u.Open() && e.Active:
		return fault.At("unit", "Perangkat daerah ini sudah ditutup. Pilih yang masih ada.")
	}
	e.Unit = u.Name
	return admit(ctx, tx, u.ID)
}

// add stores e, checked, with its words, its first line of history and, if it is active,
// its marks. Errors: fault.Conflict.
func (s *Service) add(ctx context.Context, tx *store.Tx, e Employee) error {
	s.sealNIK(&e)
	if err := unregistered(ctx, tx, e); err != nil {
		return err
	}
	if _, err := tx.NewInsert().Model(&e).Exec(ctx); err != nil {
		return store.Err(err)
	}
	if err := putWords(ctx, tx, e); err != nil {
		return err
	}
	if err := putChanges(ctx, tx, e, Registered, "", []Change{{}}); err != nil {
		return err
	}
	if !e.Active {
		return nil
	}
	if err := count(ctx, tx, Employee{}, e); err != nil {
		return err
	}
	return Enlist(ctx, tx, e)
}

// sealNIK seals the NIK that was typed, and forgets the one of somebody of whom none is kept.
func (s *Service) sealNIK(e *Employee) {
	switch {
	case !e.keepsNIK():
		e.NIKSealed, e.NIKIndex = "", ""
	case e.NIK != "":
		e.NIKSealed, e.NIKIndex = s.vault.Seal(e.TenantID, e.ID, e.NIK), s.vault.Index(e.TenantID, e.NIK)
	}
	e.NIK = ""
}
