// Package schedule is the timetable of a batch: its sessions.
//
// A session's meeting link is for those who sit in the batch, their senders and
// the host; a session is therefore a joined row, and reading it begins with
// Tx.Join. Lesson hours of a session are at most its minutes divided by 45,
// rounded down; an organiser may give less, never more.
package schedule

import (
	"context"
	"net/url"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/nomination"
)

// An ID identifies a session within its host: a UUIDv7 in text form.
type ID string

// A State is where a session stands.
type State string

const (
	Scheduled State = "scheduled"
	Open      State = "open"   // attendance is taken
	Closed    State = "closed" // no mark is taken any more; not yet sealed
	Sealed    State = "sealed" // the marks count, and can no longer be added to
)

// Words returns the state's name on screen.
func (s State) Words() string {
	switch s {
	case Scheduled:
		return "Terjadwal"
	case Open:
		return "Presensi dibuka"
	case Closed:
		return "Ditutup"
	case Sealed:
		return "Disahkan"
	}
	return string(s)
}

// minutesPerJP is the length of a lesson hour (JP).
const minutesPerJP = 45

// A Session is a slot in the timetable of a batch.
type Session struct {
	bun.BaseModel `bun:"table:session"`

	TenantID tenants.ID `bun:",pk"` // host
	ID       ID         `bun:",pk"`
	BatchID  batch.ID
	Title    string
	Starts   time.Time // UTC
	Ends     time.Time
	JP       int    `bun:"jp"` // lesson hours
	Link     string // https://…, "" when in the room
	State    State
	Seal     string    // SHA-256 over the sealed marks, "" before
	SealedAt time.Time `bun:",nullzero"`
}

// A Slot is what an organiser schedules.
type Slot struct {
	Title  string
	Starts time.Time
	Ends   time.Time
	JP     int // 0 = as many as the minutes give
	Link   string
}

// MaxJP returns how many lesson hours the minutes from starts to ends give.
func MaxJP(starts, ends time.Time) int {
	return int(ends.Sub(starts).Minutes()) / minutesPerJP
}

// check completes s and says what is wrong with it, within batch b. Errors: fault.Invalid.
func (s *Slot) check(b batch.Batch) (err error) {
	if s.Title, err = fault.Text("title", "Judul sesi", s.Title, 200); err != nil {
		return err
	}
	from, to := b.Span()
	most := MaxJP(s.Starts, s.Ends)
	if s.JP == 0 {
		s.JP = most
	}
	switch {
	case !s.Ends.After(s.Starts):
		return fault.At("ends", "Jam selesai harus setelah jam mulai.")
	case s.Starts.Before(from) || s.Ends.After(to):
		return fault.At("starts", "Sesi harus berada di dalam masa angkatan, %s.", b.Days())
	case s.JP < 1 || s.JP > most:
		return fault.At("jp", "Lama sesi hanya cukup untuk %d JP (45 menit per JP). Kurangi JP atau perpanjang sesi.", most)
	}
	if s.Link != "" {
		u, err := url.Parse(s.Link)
		if err != nil || u.Scheme != "https" || u.Host == "" || len(s.Link) > 500 {
			return fault.At("link", "Tautan rapat harus alamat https:// yang lengkap, paling panjang 500 karakter.")
		}
	}
	return nil
}

// Service is what can be done with a timetable.
type Service struct {
	gate     *authz.Gate
	registry *tenants.Registry
}

// New returns the service behind gate.
func New(gate *authz.Gate, registry *tenants.Registry) *Service { return &Service{gate, registry} }

// Schedule adds a session to batch b of the tenant acted in.
// Errors: fault.Invalid; fault.NotFound.
func (s *Service) Schedule(ctx context.Context, b batch.ID, slot Slot) (_ ID, err error) {
	defer fault.Wrap(&err, "schedule session of batch %s", b)
	var id ID
	err = s.gate.Write(ctx, authz.SessionSchedule, b.Key(), func(tx *store.Tx) error {
		run, err := batch.Changeable(ctx, tx, b)
		if err != nil {
			return err
		}
		if err := slot.check(run); err != nil {
			return err
		}
		id = ID(tx.NewID())
		tx.About("session", string(id))
		_, err = tx.NewInsert().Model(&Session{
			TenantID: tx.Tenant, ID: id, BatchID: b, Title: slot.Title, Starts: civil.Instant(slot.Starts),
			Ends: civil.Instant(slot.Ends), JP: slot.JP, Link: slot.Link, State: Scheduled,
		}).Exec(ctx)
		return store.Err(err)
	})
	return id, err
}

// List returns the sessions of a batch to its host and to senders who have a seat in it.
// Errors: fault.NotFound.
func (s *Service) List(ctx context.Context, in batch.Ref) (b batch.Batch, all []Session, err error) {
	defer fault.Wrap(&err, "list sessions of batch %s", in)
	err = s.gate.Read(ctx, authz.SessionRead, func(tx *store.Tx) error {
		if b, err = batch.Reached(ctx, tx, in); err != nil {
			return err
		}
		all, err = Of(ctx, tx, in)
		return err
	})
	return b, all, err
}

// A Seat is a batch in which the person who asks is seated or nominated, with
// the sessions that they may see: none while they wait.
type Seat struct {
	Nomination nomination.Nomination
	Batch      batch.Batch
	Sessions   []Session
}

// Mine returns the seats of the person who asks, newest first.
func (s *Service) Mine(ctx context.Context) (seats []Seat, err error) {
	defer fault.Wrap(&err, "list own seats")
	err = s.gate.Self(ctx, 0, func(tx *store.Tx) error {
		all, batches, err := nomination.OfPerson(ctx, tx)
		if err != nil {
			return err
		}
		seats = make([]Seat, len(all))
		var seated []batch.Ref
		for i, n := range all {
			seats[i] = Seat{Nomination: n, Batch: batches[n.BatchID]}
			if n.State == nomination.Approved {
				seated = append(seated, batch.Ref{Host: n.TenantID, ID: n.BatchID})
			}
		}
		sessions, err := ofMany(ctx, tx, seated)
		if err != nil {
			return err
		}
		for i := range seats {
			seats[i].Sessions = sessions[seats[i].Nomination.BatchID]
		}
		return nil
	})
	return seats, err
}

// Show returns one session of a batch to the person who sits in it.
// Errors: fault.NotFound.
func (s *Service) Show(ctx context.Context, in batch.Ref, id ID) (b batch.Batch, found Session, err error) {
	defer fault.Wrap(&err, "show session %s", id)
	err = s.gate.Self(ctx, 0, func(tx *store.Tx) error {
		if b, err = batch.Find(ctx, tx, in.Host, in.ID); err != nil {
			return err
		}
		if err := tx.Join(ctx, in.Joined()); err != nil {
			return err
		}
		found, err = Find(ctx, tx, in, id)
		return err
	})
	return b, found, err
}
