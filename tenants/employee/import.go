package employee

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// A Run is one import of a list of employees. The file is kept, sealed, until the next
// one; its rows are staged, each with its verdict, and that is the dry run: what is
// applied later are the staged rows and nothing else. A row that the register has
// outrun meanwhile is not applied, and says so.
type Run struct {
	bun.BaseModel `bun:"table:import_run"`

	TenantID   tenants.ID      `bun:",pk" json:"-"`
	ID         RunID           `bun:",pk" json:"id"`
	State      RunState        `json:"state"`
	Mode       Mode            `json:"mode,omitempty"`
	Sheet      string          `json:"sheet,omitempty"`
	Size       int64           `json:"size"` // bytes of the file
	HeaderRow  int             `json:"header_row"`
	Titles     []string        `bun:",type:jsonb" json:"titles"`
	Columns    Mapping         `bun:",type:jsonb" json:"columns"` // field → column, from 0
	Counts     map[Verdict]int `bun:",type:jsonb" json:"counts"`
	Ignored    int             `json:"ignored"` // rows that are none of the table
	Note       string          `json:"note,omitempty"`
	LastLine   int             `json:"-"` // up to which it is applied
	Added      int             `json:"added"`
	Changed    int             `json:"changed"`
	StartedBy  account.ID      `bun:",nullzero" json:"-"`
	StartedAt  time.Time       `json:"started_at"`
	DecidedBy  account.ID      `bun:",nullzero" json:"-"`
	DecidedAt  time.Time       `bun:",nullzero" json:"decided_at,omitzero"`
	FinishedAt time.Time       `bun:",nullzero" json:"finished_at,omitzero"`
}

// A RunID identifies a Run within its tenant: a UUIDv7 in text form.
type RunID string

// A RunState is where a Run stands.
type RunState string

const (
	Staging  RunState = "staging"  // rows are read and compared
	Staged   RunState = "staged"   // to be decided
	Applying RunState = "applying" // into the register
	Done     RunState = "done"
	Failed   RunState = "failed" // the file could not be read, or another import has come instead
)

// A Verdict is what becomes, or would become, of a row.
type Verdict string

const (
	Fresh     Verdict = "new"
	Differs   Verdict = "changed"
	Same      Verdict = "same"
	Duplicate Verdict = "duplicate" // of a row above it
	Rejected  Verdict = "rejected"
	Elsewhere Verdict = "transfer" // in service elsewhere
)

// Verdicts lists them in the order of the result page.
func Verdicts() []Entry {
	return []Entry{
		{string(Fresh), ui.N("Baru")}, {string(Differs), ui.N("Berubah")}, {string(Same), ui.N("Sama")},
		{string(Duplicate), ui.N("Ganda")}, {string(Rejected), ui.N("Ditolak")}, {string(Elsewhere), ui.N("Perlu mutasi")},
	}
}

// A Mode says what is done when not all rows can be applied.
type Mode string

const (
	AllOrNothing Mode = "all"
	ValidRows    Mode = "valid"
)

// Due is how many rows are to be applied.
func (r Run) Due() int { return r.Counts[Fresh] + r.Counts[Differs] }

// Refused is how many rows cannot be applied as they are.
func (r Run) Refused() int { return r.Counts[Duplicate] + r.Counts[Rejected] + r.Counts[Elsewhere] }

// Live reports whether r is being worked on.
func (r Run) Live() bool { return r.State == Staging || r.State == Applying }

// A Row is one of the file as it was compared with the register.
type Row struct {
	bun.BaseModel `bun:"table:import_row"`

	TenantID   tenants.ID      `bun:",pk" json:"-"`
	ID         string          `bun:",pk" json:"-"`
	RunID      RunID           `json:"-"`
	Line       int             `json:"line"` // of the file
	Verdict    Verdict         `json:"verdict"`
	Field      string          `json:"field,omitempty"`
	Cause      string          `json:"cause,omitempty"`
	Cure       string          `json:"cure,omitempty"`
	Name       string          `json:"name"`
	NIP        string          `bun:"nip" json:"nip,omitempty"`
	EmployeeID ID              `json:"-"`
	IdentityID account.ID      `json:"-"`
	Version    int             `json:"-"`
	Words      string          `json:"-"`
	Data       json.RawMessage `bun:",type:jsonb" json:"-"` // the employee as it is to be stored: column → text
	Diff       []Difference    `bun:",type:jsonb" json:"changes,omitempty"`

	// Of Data, what is asked for while the row is applied.
	BareName string `bun:",scanonly" json:"-"`
	Kind     Kind   `bun:",scanonly" json:"-"`
	Sex      string `bun:",scanonly" json:"-"`
	NIKIndex string `bun:",scanonly" json:"-"`

	met bool // IdentityID was there already
}

// A Difference is a field that a row changes, as stored.
type Difference struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Shown is d as people read it.
func (d Difference) Shown(ctx context.Context) (label, from, to string) {
	for _, f := range fields() {
		if f.name == d.Field {
			return ui.T(ctx, f.label), f.shown(ctx, d.Old), f.shown(ctx, d.New)
		}
	}
	return d.Field, d.Old, d.New
}

const (
	// FileLimit is how large a file may be, in bytes.
	FileLimit = 32 << 20
	// atOnce is how many rows are applied, and how many bytes staged, while the person waits.
	atOnceRows, atOnceBytes = 500, 512 << 10
	// wholeLimit is how many rows one transaction may apply.
	wholeLimit = 20_000
)

// limits of a file: 200,000 people, with what stands above and below them.
var limits = sheet.Limits{Bytes: FileLimit, Rows: 200_100}

// EffectImport is the outbox effect that goes on with a run: its key is the run and the
// state to leave.
const EffectImport = "employee_import"

// Imports brings lists of employees into the register.
type Imports struct {
	*Service
	meet func(ctx context.Context, about string, all []account.Newcomer) (map[account.ID]account.ID, error)
	wake func()
}

// NewImports returns the imports of s. meet makes identities, behind another door: of
// whose NIP has one already it returns that one by the ID that was proposed. wake asks
// for the jobs.
func NewImports(s *Service, meet func(context.Context, string, []account.Newcomer) (map[account.ID]account.ID, error), wake func()) *Imports {
	return &Imports{s, meet, wake}
}

// importKey names what is contended when an import of the tenant acted in goes on.
func importKey(ctx context.Context) string {
	a, _ := authz.ActorFrom(ctx)
	return fmt.Sprintf("import:%d", a.Tenant)
}

// Stage takes in the file, whose table is on sheet ("" = the first), and compares its
// rows with the register; a large one goes on in a job. The import before it is dropped.
// Errors: fault.Invalid for what is no table; fault.Conflict while another import runs.
func (s *Imports) Stage(ctx context.Context, file io.ReaderAt, size int64, name string) (run Run, err error) {
	defer fault.Wrap(&err, "stage import")
	if err := s.gate.Check(ctx, authz.EmployeeImport); err != nil {
		return Run{}, err
	}
	table, err := sheet.Open(file, size, name, limits)
	if err != nil {
		return Run{}, err
	}
	defer table.Close()
	header, err := sheet.FindHeader(table, sought())
	if err != nil && (fault.Of(err) == nil || header.Row == 0) {
		return Run{}, err
	}
	run = Run{State: Staging, Sheet: table.Sheet, Size: size, HeaderRow: header.Row, Titles: header.Titles, Columns: mappingOf(header), Counts: map[Verdict]int{}}
	if run, err = s.begin(ctx, run); err != nil {
		return Run{}, err
	}
	if err := s.keep(ctx, run, file, size); err != nil {
		return Run{}, err
	}
	return s.hasten(ctx, run, size <= atOnceBytes)
}

// hasten goes on with run at once when it is small, else in a job.
func (s *Imports) hasten(ctx context.Context, run Run, small bool) (Run, error) {
	if !small {
		s.wake()
		return run, nil
	}
	if err := s.advance(ctx, run.ID); err != nil {
		return Run{}, err
	}
	return s.find(ctx, run.ID)
}

// begin records run, and drops what was staged before.
func (s *Imports) begin(ctx context.Context, run Run) (_ Run, err error) {
	started := run
	err = s.gate.Write(ctx, authz.EmployeeImport, importKey(ctx), func(tx *store.Tx) error {
		run = started
		if err := tx.Whole(); err != nil {
			return err
		}
		if err := supersede(ctx, tx); err != nil {
			return err
		}
		run.TenantID, run.ID, run.StartedBy, run.StartedAt = tx.Tenant, RunID(tx.NewID()), tx.Actor, tx.Now
		if known, err := remembered(ctx, tx, fingerprint(run.Titles)); err != nil {
			return err
		} else if known != nil && known.check(len(run.Titles)) == nil {
			run.Columns = known
		}
		tx.About("import", string(run.ID))
		if _, err := tx.NewInsert().Model(&run).Exec(ctx); err != nil {
			if store.Duplicate(err) {
				return busy()
			}
			return err
		}
		return jobs.Put(ctx, tx, EffectImport, jobs.Effect{Party: tx.Tenant, Key: run.key()})
	})
	return run, err
}

func busy() error {
	return fault.New(fault.Conflict, "Satu impor lain sedang berjalan di instansi Anda. Tunggu sampai selesai, lalu unggah lagi.")
}

// key names what the job is to do with r next.
func (r Run) key() string { return string(r.ID) + ":" + string(r.State) }

// Remap reads the file of run id again with other columns, and remembers them for files
// with the same titles.
// Errors: fault.NotFound; fault.Invalid; fault.Conflict when it is not to be decided.
func (s *Imports) Remap(ctx context.Context, id RunID, m Mapping) (run Run, err error) {
	defer fault.Wrap(&err, "remap import %s", id)
	err = s.gate.Write(ctx, authz.EmployeeImport, importKey(ctx), func(tx *store.Tx) error {
		if run, err = findRun(ctx, tx, id); err != nil {
			return err
		}
		tx.About("import", string(id))
		if run.State != Staged {
			return settled()
		}
		if err := m.check(len(run.Titles)); err != nil {
			return err
		}
		if err := remember(ctx, tx, fingerprint(run.Titles), m); err != nil {
			return err
		}
		if err := dropRows(ctx, tx); err != nil {
			return err
		}
		run.Columns, run.State, run.Counts, run.Note = m, Staging, map[Verdict]int{}, ""
		if err := saveRun(ctx, tx, run, Staged); err != nil {
			return err
		}
		return jobs.Put(ctx, tx, EffectImport, jobs.Effect{Party: tx.Tenant, Key: run.key()})
	})
	if err != nil {
		return Run{}, err
	}
	return s.hasten(ctx, run, run.Size <= atOnceBytes)
}

func settled() error {
	return fault.New(fault.Conflict, "Impor ini sedang berjalan atau sudah selesai. Muat ulang halamannya.")
}

// Apply brings the staged rows of run id into the register; many of them in a job.
// Errors: fault.NotFound; fault.Invalid for an unknown mode; fault.Conflict when it is not
// to be decided, when there is nothing to do, and when all are wanted and some are refused.
func (s *Imports) Apply(ctx context.Context, id RunID, mode Mode) (run Run, err error) {
	defer fault.Wrap(&err, "apply import %s", id)
	err = s.gate.Write(ctx, authz.EmployeeImport, importKey(ctx), func(tx *store.Tx) error {
		if run, err = findRun(ctx, tx, id); err != nil {
			return err
		}
		tx.About("import", string(id))
		if err := run.decide(mode); err != nil {
			return err
		}
		run.State, run.Mode, run.DecidedBy, run.DecidedAt, run.Note = Applying, mode, tx.Actor, tx.Now, ""
		if err := saveRun(ctx, tx, run, Staged); err != nil {
			return err
		}
		return jobs.Put(ctx, tx, EffectImport, jobs.Effect{Party: tx.Tenant, Key: run.key()})
	})
	if err != nil {
		return Run{}, err
	}
	return s.hasten(ctx, run, run.Due() <= atOnceRows)
}

// decide says whether r can be applied in mode. Errors: fault.Invalid, fault.Conflict.
func (r Run) decide(mode Mode) error {
	switch {
	case mode != AllOrNothing && mode != ValidRows:
		return fault.At("mode", "Pilih semua atau tidak sama sekali, atau impor yang sah saja.")
	case r.State != Staged:
		return settled()
	case r.Due() == 0:
		return fault.New(fault.Conflict, "Tidak ada baris yang perlu diimpor. Daftar pegawai sudah sama dengan berkas ini.")
	case mode == AllOrNothing && r.Refused() > 0:
		return fault.At("mode", "Masih ada %d baris yang tidak dapat diimpor. Perbaiki berkasnya, atau pilih impor yang sah saja.", r.Refused())
	case mode == AllOrNothing && r.Due() > wholeLimit:
		return fault.At("mode", "Semua atau tidak sama sekali berlaku sampai %s baris. Bagi berkasnya, atau pilih impor yang sah saja.", dots(wholeLimit))
	}
	return nil
}

// Latest returns the newest run of the tenant acted in; ok is false when there is none.
func (s *Imports) Latest(ctx context.Context) (run Run, ok bool, err error) {
	defer fault.Wrap(&err, "latest import")
	err = s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		var all []Run
		err := tx.NewSelect().Model(&all).Where("tenant_id = ?", tx.Tenant).Order("id DESC").Limit(1).Scan(ctx)
		if ok = len(all) > 0; ok {
			run = all[0]
		}
		return err
	})
	return run, ok, err
}

// A Result is what a page shows of a run.
type Result struct {
	Run  Run
	Ills []Ill
	Rows []Row
	Next int // line after which the next rows stand; 0 on the last page

	Compared int // rows so far, while it is staged
}

// An Ill is what ails a number of rows, and its cure.
type Ill struct {
	Verdict Verdict `json:"verdict"`
	Field   string  `json:"field"`
	Cause   string  `json:"-"` // of the first
	Cure    string  `json:"cure"`
	N       int     `json:"n"`
	First   int     `json:"first"` // line
}

// Open returns run id with its ills and up to 50 rows of a verdict, "" for all, after a line.
// Errors: fault.NotFound; fault.Invalid for an unknown verdict.
func (s *Imports) Open(ctx context.Context, id RunID, v Verdict, after int) (r Result, err error) {
	defer fault.Wrap(&err, "open import %s", id)
	if _, ok := lookUp(Verdicts(), string(v)); !ok && v != "" {
		return Result{}, fault.At("verdict", "Hasil ini tidak dikenal. Pilih dari daftar.")
	}
	err = s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) error {
		if r.Run, err = findRun(ctx, tx, id); err != nil {
			return err
		}
		if r.Run.State == Staging {
			so, err := counted(ctx, tx, id)
			for _, n := range so {
				r.Compared += n
			}
			return err
		}
		if r.Ills, err = ills(ctx, tx, id); err != nil {
			return err
		}
		r.Rows, err = stagedRows(ctx, tx, id, v, after, resultSize+1)
		if r.Next = 0; len(r.Rows) > resultSize {
			r.Rows = r.Rows[:resultSize]
			r.Next = r.Rows[resultSize-1].Line
		}
		return err
	})
	return r, err
}

// resultSize is how many rows a page shows.
const resultSize = 50

// find returns run id. Errors: fault.NotFound.
func (s *Imports) find(ctx context.Context, id RunID) (run Run, err error) {
	err = s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) error {
		run, err = findRun(ctx, tx, id)
		return err
	})
	return run, err
}

// Work is the handler of EffectImport: it goes on with the run that row names, for a
// stretch. The run's own state makes each step happen once.
func (s *Imports) Work(ctx context.Context, row jobs.Row) (err error) {
	defer fault.Wrap(&err, "work on import %s", row.Key)
	if _, _, err := s.finish(ctx); err != nil { // what is compared has its words and marks
		return err
	}
	id, state := RunID(row.Key[:min(36, len(row.Key))]), RunState(row.Key[min(37, len(row.Key)):])
	if err := s.advance(ctx, id); err != nil {
		return err
	}
	run, err := s.find(ctx, id)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	if run.State == state && run.Live() {
		s.wake()
		return nil
	}
	return s.gate.Write(ctx, authz.EmployeeImport, "", func(tx *store.Tx) error {
		tx.About("import", string(id))
		_, err := jobs.Done(ctx, tx, row)
		return err
	})
}

// stretch is how long a job works before it lets others.
const stretch = 2 * time.Second

// Run stages the file to the end, for whoever waits for it: the command line.
// Errors: as of Stage; fault.Invalid when the file breaks off.
func (s *Imports) Run(ctx context.Context, file io.ReaderAt, size int64, name string) (run Run, err error) {
	if run, err = s.Stage(ctx, file, size, name); err != nil {
		return Run{}, err
	}
	return s.until(ctx, run)
}

// Finish applies run id to the end. Errors: as of Apply.
func (s *Imports) Finish(ctx context.Context, id RunID, mode Mode) (run Run, err error) {
	if run, err = s.Apply(ctx, id, mode); err != nil {
		return Run{}, err
	}
	return s.until(ctx, run)
}

// until goes on with run until it is not live any more.
func (s *Imports) until(ctx context.Context, run Run) (_ Run, err error) {
	for run.Live() {
		if err := s.advance(ctx, run.ID); err != nil {
			return Run{}, err
		}
		if run, err = s.find(ctx, run.ID); err != nil {
			return Run{}, err
		}
	}
	return run, nil
}

// advance goes on with run id until it waits for a decision, is done, or the stretch is over.
func (s *Imports) advance(ctx context.Context, id RunID) error {
	run, err := s.find(ctx, id)
	if err != nil {
		return err
	}
	if run.State == Staging {
		return s.stage(ctx, run)
	}
	within, cancel := context.WithTimeout(ctx, stretch)
	defer cancel()
	if run.State == Applying {
		return s.apply(ctx, within, run)
	}
	return nil
}

// today is the day of tx where employees are registered.
func today(tx *store.Tx) civil.Date { return civil.DateOf(tx.Now, civil.WIB) }
