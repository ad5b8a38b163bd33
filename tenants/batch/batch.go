// Package batch is one run of a program: who may send how many, when and where.
//
// A published batch can be read by everybody; it holds no personal data and no
// link. Seats are given per sender. The batch keeps the guest's version, the rule-set,
// the settings and what of candidates the guest may be told, as they were when it was
// published, for ever.
package batch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/program"
)

// An ID identifies a batch within its host: a UUIDv7 in text form.
type ID string

// Key names what writers of a batch contend for.
func (id ID) Key() string { return "batch:" + string(id) }

// A Batch is one run of a program.
type Batch struct {
	bun.BaseModel `bun:"table:batch"`

	TenantID    tenants.ID `bun:",pk" json:"-"` // host
	ID          ID         `bun:",pk" json:"id"`
	PublishedAt time.Time  `bun:",nullzero" json:"published_at"` // UTC
	ProgramID   program.ID `json:"program_id"`
	Title       string     `json:"title"`
	Number      string     `json:"number"` // "Angkatan I"
	Year        int        `json:"year"`
	Place       string     `json:"place"`
	Zone        civil.Zone `json:"zone"`
	Starts      civil.Date `json:"starts"`
	Ends        civil.Date `json:"ends"` // last day
	program.Pin `bun:",embed"`
	FrozenAt    time.Time `bun:",nullzero" json:"frozen_at,omitzero"` // since its outcomes are recommended

	Settings coursetype.Settings `json:"-"`                     // as the course type's schema wants them
	Asks     []coursetype.Field  `bun:"type:jsonb" json:"asks"` // personal data of candidates that its host has agreed to hand over
	OnceOnly bool                `json:"once_only"`             // who passed or failed such a training never comes again

	ConfirmedBy tenants.ID `bun:",scanonly" json:"-"` // who answers for an unconfirmed rule-set: LAN, the host; 0 = nobody; read by Find

	Warnings []string `bun:"-" json:"warnings,omitempty"` // of Publish: what the course type finds unusual
	Quota    []Quota  `bun:"-" json:"quota,omitempty"`
}

// A Quota is how many seats a sender has.
type Quota struct {
	bun.BaseModel `bun:"table:quota" json:"-"`

	TenantID    tenants.ID `bun:",pk" json:"-"`
	ID          string     `bun:",pk" json:"-"`
	PublishedAt time.Time  `bun:",nullzero" json:"-"`
	BatchID     ID         `json:"-"`
	PartyID     tenants.ID `json:"-"`
	Sender      string     `bun:"-" json:"sender"` // code of PartyID, "15.03"
	Seats       int        `json:"seats"`
}

// Span is the time that the batch takes of a person: from its first day's
// beginning to its last day's end, in its zone. UTC, end exclusive.
func (b Batch) Span() (from, to time.Time) {
	return b.Starts.At(0, 0, b.Zone), b.Ends.At(24, 0, b.Zone)
}

// Days prints when the batch runs.
func (b Batch) Days() string {
	if b.Starts == b.Ends {
		return b.Starts.Long()
	}
	return b.Starts.Short() + " – " + b.Ends.Short()
}

// Changeable says whether participants and timetable can still change.
// Errors: fault.Conflict since the outcomes are recommended.
func (b Batch) Changeable() error {
	if b.FrozenAt.IsZero() {
		return nil
	}
	return fault.New(fault.Conflict, "Hasil angkatan ini sudah direkomendasikan pada %s; peserta dan jadwalnya tidak dapat diubah lagi.", civil.Format(b.FrozenAt, b.Zone))
}

// A Draft is what an organiser announces.
type Draft struct {
	ProgramID program.ID
	Number    string // "Angkatan I"
	Place     string
	Starts    civil.Date
	Ends      civil.Date
	Seats     map[tenants.ID]int // per sender

	// Settings makes the batch's settings of the schema that its course type has for them,
	// as they were typed or sent; nil = none were. Errors: program.Wrong.
	Settings func(coursetype.Schema) (coursetype.Settings, error)
}

// seats are how many people can come.
func (d Draft) seats() (n int) {
	for _, seats := range d.Seats {
		n += seats
	}
	return n
}

// check trims what was typed and says what is wrong with d. Errors: fault.Invalid.
func (d *Draft) check(registry *tenants.Registry) (err error) {
	if d.Number, err = fault.Text("number", "Nomor angkatan", d.Number, 60); err != nil {
		return err
	}
	if d.Place, err = fault.Text("place", "Tempat pelaksanaan", d.Place, 200); err != nil {
		return err
	}
	switch {
	case d.Starts.IsZero() || d.Ends.IsZero():
		return fault.At("starts", "Tanggal mulai dan selesai wajib diisi.")
	case d.Starts.Year < firstYear || d.Ends.Year > lastYear:
		return fault.At("starts", "Tahun pelaksanaan harus antara %d dan %d.", firstYear, lastYear)
	case d.Ends.String() < d.Starts.String():
		return fault.At("ends", "Tanggal selesai mendahului tanggal mulai. Periksa kembali keduanya.")
	case len(d.Seats) == 0:
		return fault.At("quota", "Isi kuota untuk sedikitnya satu pengirim.")
	}
	total := 0
	for party, seats := range d.Seats {
		switch g := registry.Find(party); {
		case g.ID == 0:
			return fault.At("quota", "Pengirim belum dipilih. Pilih pemerintah daerah dari daftar, atau kosongkan kuotanya.")
		case g.Kind == tenants.National:
			return fault.At("quota", "%s bukan pemerintah daerah dan tidak mengirim peserta. Pilih pengirim lain.", g.Name)
		}
		if seats < 1 || seats > MaxTotal {
			return fault.At("quota", "Kuota %s harus antara 1 dan %d kursi.", registry.Find(party).Name, MaxTotal)
		}
		total += seats
	}
	if total > MaxTotal {
		return fault.At("quota", "Kuota seluruh pengirim %d kursi, paling banyak %d. Bagi menjadi beberapa angkatan.", total, MaxTotal)
	}
	return nil
}

const (
	MaxTotal            = 200 // seats of a batch: what one decision reads and writes at once
	firstYear, lastYear = 2000, 2100
)

// Service is what can be done with batches.
type Service struct {
	gate     *authz.Gate
	registry *tenants.Registry
	settings *tenants.Settings
	host     *host.Host
}

// New returns the service behind gate, with the guests that host runs.
func New(gate *authz.Gate, registry *tenants.Registry, settings *tenants.Settings, host *host.Host) *Service {
	return &Service{gate, registry, settings, host}
}

// Publish announces a batch of a program of the tenant acted in, with seats per sender. The
// course type is asked first what is wrong with it.
// Errors: fault.Invalid, as program.Wrong where there is more than one; fault.NotFound for
// the program; fault.Conflict when the program has that number in that year, or its course
// type is not offered any more; fault.Unavailable.
func (s *Service) Publish(ctx context.Context, d Draft) (b Batch, err error) {
	defer fault.Wrap(&err, "publish batch")
	if err := d.check(s.registry); err != nil {
		return Batch{}, err
	}
	var p program.Program
	err = s.gate.Read(ctx, authz.BatchPublish, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		p, err = program.Find(ctx, tx, d.ProgramID)
		return err
	})
	if err != nil {
		return Batch{}, err
	}
	held, err := s.consult(ctx, p, d)
	if err != nil {
		return Batch{}, err
	}
	err = s.gate.Write(ctx, authz.BatchPublish, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		if _, err := program.Find(ctx, tx, d.ProgramID); err != nil { // pinned: it has not changed
			return err
		}
		agreed, err := program.Offering(ctx, tx, p.CourseType, held.asks)
		if err != nil {
			return err
		}
		b = Batch{
			TenantID: tx.Tenant, ID: ID(tx.NewID()), PublishedAt: tx.Now, ProgramID: p.ID, Title: p.Title,
			Number: d.Number, Year: d.Starts.Year, Place: d.Place, Zone: s.registry.Find(tx.Tenant).Zone,
			Starts: d.Starts, Ends: d.Ends, Pin: p.Pin, Settings: held.settings, Asks: agreed, OnceOnly: held.rules.OnceOnly, Warnings: held.warnings,
		}
		tx.About("batch", string(b.ID))
		for party, seats := range d.Seats {
			b.Quota = append(b.Quota, Quota{TenantID: tx.Tenant, ID: tx.NewID(), PublishedAt: tx.Now, BatchID: b.ID, PartyID: party, Sender: s.registry.Find(party).Code, Seats: seats})
		}
		slices.SortFunc(b.Quota, func(x, y Quota) int { return int(x.PartyID - y.PartyID) })
		return insert(ctx, tx, b)
	})
	if f := fault.Of(err); f != nil && f.Text == store.TextDuplicate {
		return Batch{}, fault.New(fault.Conflict, "%s tahun %d dari program ini sudah ada. Beri nomor lain.", d.Number, d.Starts.Year)
	}
	return b, err
}

// programs lists what can be announced.
func (s *Service) programs(ctx context.Context) (all []program.Program, err error) {
	err = s.gate.Read(ctx, authz.ProgramOpen, func(tx *store.Tx) (err error) {
		if err := tx.Whole(); err != nil {
			return err
		}
		all, err = program.Offered(ctx, tx)
		return err
	})
	return all, err
}

// List returns up to 50 batches that the tenant acted in hosts, newest first.
func (s *Service) List(ctx context.Context) (all []Batch, err error) {
	defer fault.Wrap(&err, "list batches")
	err = s.gate.Read(ctx, authz.BatchRead, func(tx *store.Tx) (err error) {
		all, err = Latest(ctx, tx)
		return err
	})
	return all, err
}

// Invited returns up to 50 batches in which the tenant acted in has seats, newest first.
func (s *Service) Invited(ctx context.Context) (all []Batch, err error) {
	defer fault.Wrap(&err, "list invitations")
	err = s.gate.Read(ctx, authz.BatchRead, func(tx *store.Tx) (err error) {
		all, err = Sent(ctx, tx)
		return err
	})
	return all, err
}

// Open returns batch id that the tenant acted in hosts, with its quotas.
// Errors: fault.NotFound.
func (s *Service) Open(ctx context.Context, id ID) (b Batch, err error) {
	defer fault.Wrap(&err, "open batch %s", id)
	err = s.gate.Read(ctx, authz.BatchRead, func(tx *store.Tx) (err error) {
		if b, err = Hosted(ctx, tx, id); err != nil {
			return err
		}
		b.Quota, err = quotas(ctx, tx, b)
		return err
	})
	return b, err
}

// Hosted returns batch id of the tenant acted in, within the actor's scope.
// Errors: fault.NotFound.
func Hosted(ctx context.Context, tx *store.Tx, id ID) (Batch, error) {
	if err := tx.Within(string(id)); err != nil {
		return Batch{}, err
	}
	return Find(ctx, tx, tx.Tenant, id)
}

// Reached returns the published batch in of whatever host, within the actor's scope.
// Errors: fault.NotFound.
func Reached(ctx context.Context, tx *store.Tx, in Ref) (Batch, error) {
	if err := tx.Within(string(in.ID)); err != nil {
		return Batch{}, err
	}
	return Find(ctx, tx, in.Host, in.ID)
}

// Changeable returns batch id of the tenant acted in, within the actor's scope, for
// an act that changes its participants or its timetable.
// Errors: fault.NotFound; fault.Conflict once its outcomes are recommended.
func Changeable(ctx context.Context, tx *store.Tx, id ID) (Batch, error) {
	b, err := Hosted(ctx, tx, id)
	if err == nil {
		err = b.Changeable()
	}
	return b, err
}

// Ref names a batch across tenants.
type Ref struct {
	Host tenants.ID
	ID   ID
}

// Joined is r as Tx.Join takes it.
func (r Ref) Joined() store.BatchRef { return store.BatchRef{Host: r.Host, Batch: string(r.ID)} }

// String is for logs and errors.
func (r Ref) String() string { return fmt.Sprintf("%s of tenant %d", r.ID, r.Host) }
