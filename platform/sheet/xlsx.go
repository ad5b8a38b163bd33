package sheet

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
)

// inMemory is how many bytes of a sheet, and of its shared texts, excelize keeps
// in memory; what is longer it unpacks into the workbook's directory.
const inMemory = 4 << 20

// A workbook is one sheet of an XLSX being read, twice side by side: excelize
// gives the texts, the scanner what excelize does not tell.
type workbook struct {
	name  string   // of the sheet
	names []string // of the sheets a person sees

	styles styles
	limits Limits
	dir    string // for what does not fit in memory; removed by close
	file   *excelize.File
	rows   *excelize.Rows
	part   io.ReadCloser
	scan   *scanner
	at     int // row that excelize is at, from 1
}

// openWorkbook opens the sheet called name in r, or the first visible one.
// Errors: fault.Invalid.
func openWorkbook(r io.ReaderAt, size int64, name string, l Limits) (w *workbook, err error) {
	b, err := openBook(r, size)
	if err != nil {
		return nil, err
	}
	t, err := b.choose(name)
	if err != nil {
		return nil, err
	}
	unpacked, limit := t.part.UncompressedSize64, uint64(l.Unpacked) //nolint:gosec // a limit is never negative
	if b.texts != nil && unpacked <= limit {
		unpacked += min(b.texts.UncompressedSize64, limit+1) // both can lie: no overflow
	}
	if unpacked > limit {
		return nil, tooBig(l.Unpacked)
	}
	texts := 0
	if b.texts != nil {
		if texts, err = b.countTexts(); err != nil {
			return nil, err
		}
	}
	s, err := readStyles(b.styles, b.date1904)
	if err != nil {
		return nil, err
	}
	w = &workbook{name: t.name, names: b.visible(), styles: s, limits: l}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	if w.dir, err = os.MkdirTemp("", "wiyata-sheet-"); err != nil {
		return w, err
	}
	packed, err := b.repack(w.dir, t, s)
	if err != nil {
		return w, err
	}
	if w.part, err = t.part.Open(); err != nil {
		return w, unzipErr(err)
	}
	w.scan = newScanner(w.part, texts)
	return w, w.start(packed)
}

// countTexts looks through the shared texts.
func (b *book) countTexts() (int, error) {
	in, err := b.texts.Open()
	if err != nil {
		return 0, unzipErr(err)
	}
	defer in.Close()
	return countTexts(in)
}

// start opens the file packed with excelize.
func (w *workbook) start(packed string) (err error) {
	defer noPanic(&err)
	w.file, err = excelize.OpenFile(packed, excelize.Options{
		UnzipSizeLimit:    w.limits.Unpacked + 2*maxSmall, // what we wrote ourselves is far below that
		UnzipXMLSizeLimit: min(inMemory, w.limits.Unpacked),
		TmpDir:            w.dir,
	})
	if err != nil {
		return unzipErr(err)
	}
	w.rows, err = w.file.Rows(onlySheet)
	return err
}

// next reads the next row that the file has.
func (w *workbook) next() (Row, error) {
	number, marks, err := w.scan.next()
	if err != nil {
		return Row{}, err
	}
	for _, m := range marks {
		// excelize makes a cell of each column before it.
		if m.filled && m.col >= w.limits.Columns {
			return Row{}, tooWide(number, m.col+1, w.limits)
		}
	}
	texts, err := w.columns(number)
	if err != nil {
		return Row{}, err
	}
	row := Row{Number: number, Cells: make([]Cell, len(texts))}
	for i, s := range texts {
		row.Cells[i] = Cell{Text: s, Damaged: isScientific(s)}
	}
	for _, m := range marks {
		if m.col >= len(row.Cells) {
			break
		}
		c := &row.Cells[m.col]
		c.Formula = m.formula
		if day := w.styles.date(m.style, m.number); m.numeric && day != "" {
			c.Text, c.Damaged = day, false
		}
		if m.number >= safe || m.number <= -safe {
			// What its format shows has digits that were never typed: a NIP ending in 000.
			c.Damaged, c.Text = true, strconv.FormatFloat(m.number, 'E', 5, 64)
		}
	}
	return row, nil
}

// columns returns the texts of the row of that number. Errors: fault.Invalid.
func (w *workbook) columns(number int) (texts []string, err error) {
	defer noPanic(&err)
	for w.at < number {
		if !w.rows.Next() {
			return nil, damaged()
		}
		w.at++
		if texts, err = w.rows.Columns(); err != nil {
			return nil, fmt.Errorf("%w (%w)", damaged(), err)
		}
	}
	return texts, nil
}

// noPanic turns a panic of excelize, which indexes by what it reads, into the
// fault of a damaged file.
func noPanic(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w (excelize: %v)", damaged(), p)
	}
}

func (w *workbook) close() error {
	var errs []error
	if w.rows != nil {
		errs = append(errs, w.rows.Close())
	}
	if w.file != nil {
		errs = append(errs, w.file.Close())
	}
	if w.part != nil {
		_ = w.part.Close() // tells only that the part was not read to its end
	}
	if w.dir != "" {
		errs = append(errs, os.RemoveAll(w.dir))
	}
	if err := errors.Join(errs...); err != nil && fault.Of(err) == nil {
		return fmt.Errorf("close workbook: %w", err)
	}
	return nil
}
