package employee

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
)

const (
	stageRows = 2_000     // that are compared and stored in one go
	pieceSize = 256 << 10 // bytes of the file in one row
)

// keep stores the file of run, sealed, piece by piece.
func (s *Imports) keep(ctx context.Context, run Run, file io.ReaderAt, size int64) error {
	buf := make([]byte, pieceSize)
	for n := 0; int64(n)*pieceSize < size; n++ {
		part := buf[:min(pieceSize, size-int64(n)*pieceSize)]
		if _, err := file.ReadAt(part, int64(n)*pieceSize); err != nil && err != io.EOF {
			return err
		}
		p := piece{TenantID: run.TenantID, ID: store.NewID(), RunID: run.ID, N: n}
		p.Data = s.vault.Seal(run.TenantID, p.owner(), string(part))
		if err := s.append(ctx, &p); err != nil {
			return err
		}
	}
	return nil
}

// owner is what the seal of p is bound to.
func (p piece) owner() ID { return ID(fmt.Sprintf("%s/%d", p.RunID, p.N)) }

// append stores rows, each once: what is there already is left as it is. Like the marks
// of a session, they are their own record; the run's line in the audit trail tells of them.
func (s *Imports) append(ctx context.Context, rows any) error {
	return s.gate.Append(ctx, authz.EmployeeImport, authz.Statement{
		Insert: func(tx *store.Tx) (sql.Result, error) {
			return tx.NewInsert().Model(rows).On("CONFLICT DO NOTHING").Exec(ctx)
		},
		Stored: func(*store.Tx) (bool, error) { return true, nil },
	})
}

// appendRows is append for staged rows.
func (s *Imports) appendRows(ctx context.Context, rows []Row) error {
	return s.gate.Append(ctx, authz.EmployeeImport, authz.Statement{
		Insert: func(tx *store.Tx) (sql.Result, error) { return putRows(ctx, tx, rows) },
		Stored: func(*store.Tx) (bool, error) { return true, nil },
	})
}

// file returns the file of run.
func (s *Imports) file(ctx context.Context, run Run) ([]byte, error) {
	var data bytes.Buffer
	for n := 0; int64(n)*pieceSize < run.Size; n++ {
		var p piece
		err := s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) error {
			p = piece{}
			return store.Err(tx.NewSelect().Model(&p).Where("tenant_id = ? AND run_id = ? AND n = ?", tx.Tenant, run.ID, n).Scan(ctx))
		})
		if err != nil {
			return nil, err
		}
		part, err := s.vault.Open(run.TenantID, p.owner(), p.Data)
		if err != nil {
			return nil, err
		}
		data.WriteString(part)
	}
	return data.Bytes(), nil
}

// rows reads the table of run from its first row on.
func (s *Imports) rows(ctx context.Context, run Run) (*sheet.Reader, error) {
	data, err := s.file(ctx, run)
	if err != nil {
		return nil, err
	}
	table, err := sheet.Open(bytes.NewReader(data), int64(len(data)), run.Sheet, limits)
	if err != nil {
		return nil, err
	}
	if h, err := sheet.FindHeader(table, sought()); err != nil && (fault.Of(err) == nil || h.Row == 0) {
		table.Close()
		return nil, err
	}
	return table, nil
}

// stage reads the file of run and stores each row with its verdict. Begun again, it goes
// on behind the last row that is stored.
func (s *Imports) stage(ctx context.Context, run Run) error {
	ignored, err := s.stageRows(ctx, run)
	note := ""
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		note, err = f.Text, nil // what is wrong with the file stays wrong
	}
	if err != nil {
		return err
	}
	return s.gate.Write(ctx, authz.EmployeeImport, importKey(ctx), func(tx *store.Tx) error {
		now, err := findRun(ctx, tx, run.ID)
		if err != nil {
			return err
		}
		tx.About("import", string(run.ID))
		if now.State != Staging {
			return nil // another run of the job was faster
		}
		if now.State, now.Ignored, now.Note = Staged, ignored, note; note != "" {
			now.State = Failed
			now.Counts = map[Verdict]int{}
			if err := dropRows(ctx, tx); err != nil {
				return err
			}
			return saveRun(ctx, tx, now, Staging)
		}
		if now.Counts, err = counted(ctx, tx, run.ID); err != nil {
			return err
		}
		return saveRun(ctx, tx, now, Staging)
	})
}

func (s *Imports) stageRows(ctx context.Context, run Run) (ignored int, err error) {
	if run.Columns.complete() != nil {
		return 0, nil // a person says first which column is which
	}
	table, err := s.rows(ctx, run)
	if err != nil {
		return 0, err
	}
	defer table.Close()
	c := comparison{run: run, seen: map[uint64]int32{}}
	err = s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) (err error) {
		if err := tx.NewSelect().Model((*Row)(nil)).ColumnExpr("coalesce(max(line), 0)").Where("tenant_id = ? AND run_id = ?", tx.Tenant, run.ID).Scan(ctx, &c.behind); err != nil {
			return err
		}
		c.tree, err = Units(ctx, tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	c.index()
	store := newStorer(func(rows []Row) error { return s.appendRows(ctx, rows) })
	defer func() { _ = store.wait() }() // its error is told below, or is not the first
	var chunk []given
	for {
		row, err := table.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, err
		}
		g, ok := run.Columns.read(row, run.Titles)
		if !ok {
			ignored++
			continue
		}
		if g.earlier = c.first(g); g.line <= c.behind {
			continue
		}
		if chunk = append(chunk, g); len(chunk) == stageRows {
			if err := s.judge(ctx, &c, chunk, store); err != nil {
				return 0, err
			}
			chunk = chunk[:0]
		}
	}
	if err := s.judge(ctx, &c, chunk, store); err != nil {
		return 0, err
	}
	return ignored, store.wait()
}

// A storer stores rows while the next ones are compared: one stretch at a time, in order,
// so that what is stored is always the beginning of the file.
type storer struct {
	put  func([]Row) error
	busy chan error // holds the outcome of the stretch before; nil while there is none
}

func newStorer(put func([]Row) error) *storer { return &storer{put: put} }

// store waits for the stretch before and begins with rows. Errors: of the one before.
func (s *storer) store(rows []Row) error {
	if err := s.wait(); err != nil {
		return err
	}
	done := make(chan error, 1)
	s.busy = done
	go func() { done <- s.put(rows) }()
	return nil
}

// wait waits until all is stored. Whoever has begun with a storer calls it at the end.
func (s *storer) wait() error {
	if s.busy == nil {
		return nil
	}
	err := <-s.busy
	s.busy = nil
	return err
}

// A comparison is what is known of a file while its rows are compared.
type comparison struct {
	run    Run
	behind int              // line up to which rows are stored already
	seen   map[uint64]int32 // number → line that has it first
	tree   Tree
	unors  map[string]Unit // by the id in SIASN
	named  map[string]Unit // open units by name, in small letters; those of one name alone
}

func (c *comparison) index() {
	c.unors, c.named = map[string]Unit{}, map[string]Unit{}
	twice := map[string]bool{}
	for _, u := range c.tree.byID {
		if !u.Open() {
			continue
		}
		if u.Unor != "" {
			c.unors[u.Unor] = u
		}
		name := strings.ToLower(u.Name)
		if _, there := c.named[name]; there {
			twice[name] = true
		}
		c.named[name] = u
	}
	for name := range twice {
		delete(c.named, name)
	}
}

// first returns the line above g's that has the same number, 0 when g is the first.
func (c *comparison) first(g given) int {
	digits := g.number()
	if digits == "" {
		return 0
	}
	n := uint64(0)
	for _, d := range digits {
		n = n*10 + uint64(d-'0') //nolint:gosec // a digit
	}
	if len(digits) == nikLength {
		n |= 1 << 63 // a NIP of 18 digits stays below
	}
	if line, there := c.seen[n]; there {
		return int(line)
	}
	c.seen[n] = int32(g.line) //nolint:gosec // a file has at most some 200,000 rows
	return 0
}

// number is the whole number by which g knows its employee: 18 digits of a NIP, or 16 of
// a NIK where there is no NIP; "" when there is none.
func (g given) number() string {
	for _, f := range []struct {
		key    string
		length int
	}{{"nip", nipLength}, {"nik", nikLength}} {
		if text := g.texts[f.key]; text != "" {
			digits := strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r
				}
				return -1
			}, text)
			if len(digits) != f.length || g.lost == f.key {
				return ""
			}
			return digits
		}
	}
	return ""
}
