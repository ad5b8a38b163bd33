// Package grading is the way from sealed marks to a decreed outcome.
//
// The course type computes, in its own process: records in, an outcome out that
// explains every number. The explanation is kept, and the total must follow from
// it alone. Then people decide: the evaluation meeting recommends, and the head of
// the certifying body sets the outcome by decree. Who graded may not recommend.
package grading

import (
	"context"
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
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/attendance"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/nomination"
	"github.com/wiyata-id/wiyata/tenants/schedule"
)

// An Outcome is what became of one participant.
type Outcome struct {
	bun.BaseModel `bun:"table:outcome"`

	TenantID     tenants.ID `bun:",pk"` // host
	ID           string     `bun:",pk"`
	PartyID      tenants.ID // sender
	IdentityID   account.ID
	BatchID      batch.ID
	NominationID nomination.ID

	State    coursetype.State      // computed by the guest
	Total    coursetype.Hundredths // of 100.00
	JP       int                   `bun:"jp"` // lesson hours to credit
	Lines    []coursetype.Line     `bun:"type:jsonb"`
	Reason   string
	GradedBy account.ID
	GradedAt time.Time

	// Of one that the release before has computed, these are empty.
	Hours     []coursetype.Hours `bun:"type:jsonb"` // from which JP follows
	Grade     string             // key, "" without
	GradeName coursetype.Text    `bun:"type:jsonb"`
	Gates     []Gate             `bun:"type:jsonb"`
	Missing   []coursetype.Text  `bun:"type:jsonb"` // names of the components without an input

	Recommended   coursetype.State // "" until the meeting has met
	RecommendedBy account.ID       `bun:",nullzero"`
	RecommendedAt time.Time        `bun:",nullzero"`

	Decreed      coursetype.State // "" until decreed; what counts
	DecreeNumber string
	DecreeDay    civil.Date
	DecreedBy    account.ID `bun:",nullzero"`
	DecreedAt    time.Time  `bun:",nullzero"`
}

// A Gate says whether the participant may go on after a phase, and how it is called.
type Gate struct {
	coursetype.Standing
	Name coursetype.Text // of the phase
}

// explained is what the guest computed, with the names that rules gives to its keys: the
// page that shows it asks no guest.
func explained(o coursetype.Outcome, rules coursetype.RuleSet) Outcome {
	kept := Outcome{
		State: o.State, Total: o.Total, JP: o.JP, Lines: o.Lines, Reason: o.Reason.ID, Grade: o.Grade,
		Hours: append([]coursetype.Hours{}, o.Hours...), Gates: []Gate{}, Missing: []coursetype.Text{},
	}
	for _, g := range rules.Grades {
		if g.Key == o.Grade {
			kept.GradeName = g.Name
		}
	}
	for _, standing := range o.Gates {
		for _, p := range rules.Phases {
			if p.Key == standing.Phase {
				kept.Gates = append(kept.Gates, Gate{standing, p.Name})
			}
		}
	}
	for _, leaf := range rules.Leaves() {
		if slices.Contains(o.Missing, leaf.Key) {
			kept.Missing = append(kept.Missing, leaf.Name)
		}
	}
	return kept
}

// Decided returns o as the course type answered it, with the state that was decreed: what
// a certificate is worded from.
func (o Outcome) Decided(ref coursetype.Ref) coursetype.Outcome {
	d := coursetype.Outcome{
		Ref: ref, State: o.Decreed, Total: o.Total, Grade: o.Grade, JP: o.JP, Lines: o.Lines, Hours: o.Hours,
	}
	for _, g := range o.Gates {
		d.Gates = append(d.Gates, g.Standing)
	}
	return d
}

// Service is what can be done with outcomes.
type Service struct {
	gate     *authz.Gate
	registry *tenants.Registry
	host     *host.Host
}

// New returns the service behind gate, with the guests that host runs.
func New(gate *authz.Gate, registry *tenants.Registry, host *host.Host) *Service {
	return &Service{gate, registry, host}
}

// facts are what a batch is graded from.
type facts struct {
	batch    batch.Batch
	seated   []nomination.Nomination
	sessions []schedule.Session
	marks    []attendance.Mark
}

// gather reads the facts and says what is still missing. Errors: fault.Conflict.
func gather(ctx context.Context, tx *store.Tx, b batch.ID) (f facts, err error) {
	if f.batch, err = batch.Hosted(ctx, tx, b); err != nil {
		return f, err
	}
	if f.seated, err = nomination.Seated(ctx, tx, b); err != nil {
		return f, err
	}
	if f.sessions, err = schedule.Of(ctx, tx, batch.Ref{Host: tx.Tenant, ID: b}); err != nil {
		return f, err
	}
	if f.marks, err = attendance.OfBatch(ctx, tx, b); err != nil {
		return f, err
	}
	switch {
	case len(f.seated) == 0:
		return f, fault.New(fault.Conflict, "Belum ada peserta yang diterima pada angkatan ini.")
	case len(f.sessions) == 0:
		return f, fault.New(fault.Conflict, "Belum ada sesi pada angkatan ini. Jadwalkan dan sahkan presensinya terlebih dahulu.")
	}
	for _, s := range f.sessions {
		if s.State != schedule.Sealed {
			return f, fault.New(fault.Conflict, "Presensi sesi \"%s\" belum disahkan. Tutup dan sahkan sesi itu terlebih dahulu.", s.Title)
		}
	}
	return f, nil
}

// same reports whether g was gathered from the same participants and seals as f.
func (f facts) same(g facts) bool {
	if len(f.seated) != len(g.seated) || len(f.sessions) != len(g.sessions) {
		return false
	}
	for i := range f.seated {
		if f.seated[i].ID != g.seated[i].ID {
			return false
		}
	}
	for i := range f.sessions {
		if f.sessions[i].ID != g.sessions[i].ID || f.sessions[i].Seal != g.sessions[i].Seal {
			return false
		}
	}
	return true
}

// request is what the guest is asked: opaque references, hours and presence, nothing of who it is.
func (f facts) request() coursetype.GradeRequest {
	present := map[nomination.ID]map[schedule.ID]bool{}
	for _, m := range f.marks {
		if present[m.NominationID] == nil {
			present[m.NominationID] = map[schedule.ID]bool{}
		}
		present[m.NominationID][m.SessionID] = m.Presence == attendance.Present
	}
	r := coursetype.GradeRequest{RuleSet: f.batch.RuleSet, Settings: f.batch.Settings}
	for _, n := range f.seated {
		record := coursetype.Record{Ref: coursetype.Ref(n.ID)}
		for _, s := range f.sessions {
			record.Sessions = append(record.Sessions, coursetype.Presence{
				Session: coursetype.Ref(s.ID), Day: civil.DateOf(s.Starts, f.batch.Zone).String(), JP: s.JP, Present: present[n.ID][s.ID],
			})
		}
		r.Records = append(r.Records, record)
	}
	return r
}

// Grade has the guest compute the outcome of every participant of batch b. Until
// the outcomes are recommended it can be done again, and replaces them.
// Errors: fault.NotFound; fault.Conflict when a session is not sealed, or the
// outcomes are recommended; fault.Unavailable when the guest does not answer.
func (s *Service) Grade(ctx context.Context, b batch.ID) (err error) {
	defer fault.Wrap(&err, "grade batch %s", b)
	var before facts
	err = s.gate.Read(ctx, authz.OutcomeGrade, func(tx *store.Tx) (err error) {
		before, err = gather(ctx, tx, b)
		return err
	})
	if err != nil {
		return err
	}
	guest, err := s.host.Guest(before.batch.CourseType, before.batch.Version)
	if err != nil {
		return err
	}
	described, err := guest.Describe(ctx)
	if err != nil {
		return err
	}
	rules, _ := described.RuleSet(before.batch.RuleSet) // without it the guest refuses the question
	answers, err := guest.Grade(ctx, before.request())
	if err != nil {
		return err
	}
	byRef := map[coursetype.Ref]coursetype.Outcome{}
	for _, a := range answers {
		byRef[a.Ref] = a
	}
	return s.gate.Write(ctx, authz.OutcomeGrade, b.Key(), func(tx *store.Tx) error {
		now, err := gather(ctx, tx, b)
		if err != nil {
			return err
		}
		if err := now.batch.Changeable(); err != nil {
			return err
		}
		if !now.same(before) {
			return fault.New(fault.Conflict, "Peserta atau presensi berubah selagi dinilai. Ulangi penilaian.")
		}
		outcomes := make([]Outcome, len(now.seated))
		for i, n := range now.seated {
			o := explained(byRef[coursetype.Ref(n.ID)], rules)
			o.TenantID, o.ID, o.PartyID, o.IdentityID, o.BatchID, o.NominationID = tx.Tenant, tx.NewID(), n.PartyID, n.IdentityID, b, n.ID
			o.GradedBy, o.GradedAt = tx.Actor, tx.Now
			outcomes[i] = o
		}
		tx.About("batch", string(b))
		return replace(ctx, tx, outcomes)
	})
}

// covers says whether all are the outcomes of exactly these facts.
// Errors: fault.Conflict when somebody was seated or marks were sealed since.
func (f facts) covers(all []Outcome) error {
	stale := len(all) != len(f.seated)
	for _, s := range f.sessions {
		for _, o := range all {
			stale = stale || o.GradedAt.Before(s.SealedAt)
		}
	}
	if stale {
		return fault.New(fault.Conflict, "Peserta atau presensi berubah sejak dinilai. Hitung ulang nilainya terlebih dahulu.")
	}
	return nil
}

// Recommend records that the evaluation meeting follows the computed outcomes of
// batch b. From then on its participants and its timetable stay as they are.
// Errors: fault.Forbidden for who graded or takes part; fault.Conflict when a result
// is missing or out of date, nothing is graded, or it is done.
func (s *Service) Recommend(ctx context.Context, b batch.ID) (err error) {
	defer fault.Wrap(&err, "recommend outcomes of batch %s", b)
	return s.gate.Write(ctx, authz.OutcomeRecommend, b.Key(), func(tx *store.Tx) error {
		all, err := graded(ctx, tx, b)
		if err != nil {
			return err
		}
		for _, o := range all {
			if err := authz.Apart(o.GradedBy, tx.Actor, "Rekomendasi diberikan oleh orang lain, bukan yang menilai. Minta kepala badan memutuskannya."); err != nil {
				return err
			}
			switch {
			case o.IdentityID == tx.Actor:
				return oneself()
			case o.Recommended != "":
				return fault.New(fault.Conflict, "Hasil angkatan ini sudah direkomendasikan.")
			case o.State == coursetype.NoResult:
				return fault.New(fault.Conflict, "Ada peserta yang belum mempunyai hasil. Lengkapi nilainya terlebih dahulu.")
			}
		}
		now, err := gather(ctx, tx, b)
		if err != nil {
			return err
		}
		if err := now.covers(all); err != nil {
			return err
		}
		tx.About("batch", string(b))
		if err := batch.Freeze(ctx, tx, b); err != nil {
			return err
		}
		return recommend(ctx, tx, b)
	})
}

// Decree sets the recommended outcomes of batch b by the decree number of day.
// Errors: fault.Invalid (number, day); fault.Conflict when nothing is recommended, or it is done.
func (s *Service) Decree(ctx context.Context, b batch.ID, number string, day civil.Date) (err error) {
	defer fault.Wrap(&err, "decree outcomes of batch %s", b)
	if number, err = fault.Text("number", "Nomor keputusan", number, 120); err != nil {
		return err
	}
	if day.IsZero() {
		return fault.At("day", "Tanggal keputusan wajib diisi.")
	}
	return s.gate.Write(ctx, authz.OutcomeDecree, b.Key(), func(tx *store.Tx) error {
		run, err := batch.Hosted(ctx, tx, b)
		if err != nil {
			return err
		}
		all, err := graded(ctx, tx, b)
		if err != nil {
			return err
		}
		ended := map[account.ID]coursetype.State{}
		for _, o := range all {
			ended[o.IdentityID] = o.Recommended
			switch {
			case o.IdentityID == tx.Actor:
				return oneself()
			case o.Recommended == "":
				return fault.New(fault.Conflict, "Hasil angkatan ini belum direkomendasikan rapat evaluasi.")
			case o.Decreed != "":
				return fault.New(fault.Conflict, "Kelulusan angkatan ini sudah ditetapkan dengan keputusan nomor %s.", o.DecreeNumber)
			}
		}
		tx.About("batch", string(b))
		tx.Because(number)
		if err := nomination.Complete(ctx, tx, run, ended); err != nil {
			return err
		}
		return decree(ctx, tx, b, number, day)
	})
}

// oneself refuses to decide about oneself.
func oneself() error {
	return fault.New(fault.Forbidden, "Anda sendiri peserta angkatan ini. Minta pejabat lain memutuskan hasilnya.")
}

// graded returns the outcomes of a batch within the actor's scope.
// Errors: fault.NotFound for the batch; fault.Conflict when it is not graded yet.
func graded(ctx context.Context, tx *store.Tx, b batch.ID) ([]Outcome, error) {
	if _, err := batch.Hosted(ctx, tx, b); err != nil {
		return nil, err
	}
	all, err := Of(ctx, tx, batch.Ref{Host: tx.Tenant, ID: b})
	if err == nil && len(all) == 0 {
		err = fault.New(fault.Conflict, "Angkatan ini belum dinilai.")
	}
	return all, err
}

// A Result is an outcome with whose it is.
type Result struct {
	Outcome     Outcome
	Participant nomination.Nomination
}

// List returns the results of a batch that the tenant acted in may see: all of
// them for the host, those of its own people for a sender.
func (s *Service) List(ctx context.Context, in batch.Ref) (b batch.Batch, results []Result, err error) {
	defer fault.Wrap(&err, "list outcomes of batch %s", in)
	err = s.gate.Read(ctx, authz.OutcomeRead, func(tx *store.Tx) error {
		if b, err = batch.Reached(ctx, tx, in); err != nil {
			return err
		}
		results, err = Results(ctx, tx, in)
		return err
	})
	return b, results, err
}
