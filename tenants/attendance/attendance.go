// Package attendance records who was there.
//
// A mark is taken through Append: one idempotent statement, keyed by an id that
// the client made, which stores it only while the session is open. Closing and
// sealing are two writes. Closing touches only the session's row and so waits for
// the marks that are on their way; after it no mark can be stored. Sealing then
// reads the marks, which can no longer grow, and keeps their hash. Only sealed
// marks count.
package attendance

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/nomination"
	"github.com/wiyata-id/wiyata/tenants/schedule"
)

// A Presence is what a mark says.
type Presence string

const (
	Present Presence = "present"
	Absent  Presence = "absent"
)

// Words returns the presence's name on screen.
func (p Presence) Words() string {
	switch p {
	case Present:
		return "Hadir"
	case Absent:
		return "Tidak hadir"
	}
	return string(p)
}

// A Mark is the presence of one participant at one session.
type Mark struct {
	bun.BaseModel `bun:"table:mark"`

	TenantID     tenants.ID `bun:",pk"` // host
	ID           string     `bun:",pk"` // made by the client: sending it twice is harmless
	PartyID      tenants.ID // sender
	IdentityID   account.ID
	BatchID      batch.ID
	SessionID    schedule.ID
	NominationID nomination.ID
	Presence     Presence
	Source       string // "committee"
	MarkedBy     account.ID
	At           time.Time
}

// Seal returns what a session is sealed with: the hash over its marks in the order
// of their ids, hex SHA-256.
func Seal(marks []Mark) string {
	h := sha256.New()
	for _, m := range slices.SortedFunc(slices.Values(marks), func(a, b Mark) int { return strings.Compare(a.ID, b.ID) }) {
		fmt.Fprintf(h, "%s %s %s %s %d\n", m.ID, m.NominationID, m.Presence, m.MarkedBy, m.At.UnixMilli())
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Service is what can be done with attendance.
type Service struct {
	gate     *authz.Gate
	registry *tenants.Registry
}

// New returns the service behind gate.
func New(gate *authz.Gate, registry *tenants.Registry) *Service { return &Service{gate, registry} }

// Begin opens a scheduled session for marks.
// Errors: fault.NotFound; fault.Conflict when it is not scheduled.
func (s *Service) Begin(ctx context.Context, b batch.ID, id schedule.ID) (err error) {
	defer fault.Wrap(&err, "open session %s", id)
	return s.gate.Write(ctx, authz.AttendanceClose, b.Key(), func(tx *store.Tx) error {
		return advance(ctx, tx, b, id, schedule.Scheduled, schedule.Open, "")
	})
}

// Mark records the presence of participant n at an open session. id is the
// client's; the same id again changes nothing and is no error.
// Errors: fault.Invalid (id, presence); fault.Conflict when the session is not open,
// n has no seat, or n is marked under another id.
func (s *Service) Mark(ctx context.Context, b batch.ID, session schedule.ID, n nomination.ID, presence Presence, id string) (err error) {
	defer fault.Wrap(&err, "mark nomination %s at session %s", n, session)
	if _, err := uuid.Parse(id); err != nil || len(id) != 36 {
		return fault.At("id", "Nomor catatan harus UUID.")
	}
	if presence != Present && presence != Absent {
		return fault.At("presence", "Presensi harus \"present\" (hadir) atau \"absent\" (tidak hadir).")
	}
	for _, of := range []string{string(b), string(session), string(n)} {
		if _, err := uuid.Parse(of); err != nil {
			return fault.Missing() // else SQLite, which takes any text for an id, would call it a conflict
		}
	}
	return s.gate.Append(ctx, authz.AttendanceMark, authz.Statement{
		Insert: func(tx *store.Tx) (sql.Result, error) {
			if err := tx.Within(string(b)); err != nil {
				return nil, err
			}
			return insertWhileOpen(ctx, tx, b, session, n, presence, id)
		},
		Stored: func(tx *store.Tx) (bool, error) { return stored(ctx, tx, session, n, presence, id) },
		Closed: "Presensi tidak dicatat: sesi sedang tidak dibuka, orang ini bukan peserta atau Anda sendiri, atau sudah tercatat. Muat ulang daftar hadir.",
	})
}

// Close ends the taking of marks and then seals those that are there. A session
// that was closed but not yet sealed is sealed.
// Errors: fault.NotFound; fault.Conflict when it was not open.
func (s *Service) Close(ctx context.Context, b batch.ID, id schedule.ID) (err error) {
	defer fault.Wrap(&err, "close session %s", id)
	err = s.gate.Write(ctx, authz.AttendanceClose, b.Key(), func(tx *store.Tx) error {
		return advance(ctx, tx, b, id, schedule.Open, schedule.Closed, "")
	})
	if err != nil && !errors.Is(err, fault.Conflict) {
		return err
	}
	return s.gate.Write(ctx, authz.AttendanceClose, b.Key(), func(tx *store.Tx) error {
		marks, err := ofSession(ctx, tx, b, id)
		if err != nil {
			return err
		}
		tx.Because(fmt.Sprintf("%d marks", len(marks)))
		return advance(ctx, tx, b, id, schedule.Closed, schedule.Sealed, Seal(marks))
	})
}

// advance moves a session of a batch within the actor's scope to its next state.
func advance(ctx context.Context, tx *store.Tx, b batch.ID, id schedule.ID, from, to schedule.State, seal string) error {
	if _, err := batch.Hosted(ctx, tx, b); err != nil {
		return err
	}
	if _, err := schedule.Find(ctx, tx, batch.Ref{Host: tx.Tenant, ID: b}, id); err != nil {
		return err
	}
	tx.About("session", string(id))
	return schedule.Advance(ctx, tx, b, id, from, to, seal, tx.Now)
}

// A Roll is the list of a session: its participants and what is marked.
type Roll struct {
	Batch        batch.Batch
	Session      schedule.Session
	Participants []nomination.Nomination
	Marks        map[nomination.ID]Mark
}

// Roll returns the list of session id of a batch that the tenant acted in hosts.
// Errors: fault.NotFound.
func (s *Service) Roll(ctx context.Context, b batch.ID, id schedule.ID) (r Roll, err error) {
	defer fault.Wrap(&err, "roll of session %s", id)
	err = s.gate.Read(ctx, authz.AttendanceMark, func(tx *store.Tx) error {
		if r.Batch, err = batch.Hosted(ctx, tx, b); err != nil {
			return err
		}
		if r.Session, err = schedule.Find(ctx, tx, batch.Ref{Host: tx.Tenant, ID: b}, id); err != nil {
			return err
		}
		if r.Participants, err = nomination.Seated(ctx, tx, b); err != nil {
			return err
		}
		marks, err := ofSession(ctx, tx, b, id)
		r.Marks = map[nomination.ID]Mark{}
		for _, m := range marks {
			r.Marks[m.NominationID] = m
		}
		return err
	})
	return r, err
}
