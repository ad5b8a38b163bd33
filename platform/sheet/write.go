package sheet

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
)

const (
	maxText  = 32_767             // UTF-16 units in a cell of Excel; excelize cuts what is longer without a word
	maxWidth = 60                 // of a column, in digits
	unquoted = "\t\r\n \",;'=+-@" // is what a CSV cell without quotes has none of
)

// A Title heads a column that is written.
type Title struct {
	Text   string
	Number bool // its cells are numbers, with a decimal point; what is none is written as text
	Width  int  // in digits, XLSX only; 0 follows Text
}

// A Writer writes one table. It serves one goroutine.
//
// CSV is what Excel opens on a double click in Indonesia: UTF-8 with its mark,
// cells separated by ; and decimals by a comma. A text that a spreadsheet would
// take for a formula gets an apostrophe, which this package's Reader takes back.
// Excel turns digits of CSV into numbers, so that an 18-digit NIP is lost to
// whoever opens the file there: lists for people are XLSX, where it is text.
type Writer struct {
	titles []Title
	rows   int // written, with the header
	err    error
	out    sink
}

// A sink writes rows of len(titles) cells.
type sink interface {
	write(cells []string, header bool) error
	close() error // and flush, when no write has failed
	abandon()     // and leave nothing behind
}

// NewWriter writes a table with these titles to w. Whatever happens, the Writer
// must be closed; the table is whole only when Close returns nil.
func NewWriter(w io.Writer, f Format, titles []Title) (t *Writer, err error) {
	defer fault.Wrap(&err, "write table")
	t = &Writer{titles: titles}
	switch f {
	case CSV:
		t.out, err = newTextSink(w, titles)
	case XLSX:
		t.out, err = newBookSink(w, titles)
	default:
		err = fmt.Errorf("format %q is not known", f)
	}
	if err != nil {
		return nil, err
	}
	head := make([]string, len(titles))
	for i, title := range titles {
		head[i] = title.Text
	}
	if err := t.write(head, true); err != nil {
		t.out.abandon()
		return nil, err
	}
	return t, nil
}

// Write writes a row; cells that are left out are empty.
// Errors: fault.Invalid for a cell or a table that XLSX cannot hold.
func (t *Writer) Write(cells ...string) (err error) {
	defer fault.Wrap(&err, "write table")
	if len(cells) > len(t.titles) {
		return fmt.Errorf("row %d has %d cells below %d titles", t.rows+1, len(cells), len(t.titles))
	}
	return t.write(cells, false)
}

func (t *Writer) write(cells []string, header bool) error {
	if t.err == nil {
		t.rows++
		t.err = t.out.write(cells, header)
	}
	return t.err
}

// Close ends the table and writes what is still held back. It leaves w open.
func (t *Writer) Close() (err error) {
	defer fault.Wrap(&err, "write table")
	if t.err != nil {
		t.out.abandon()
		return t.err
	}
	t.err = errors.New("table is closed")
	return t.out.close()
}

// A textSink writes CSV.
type textSink struct {
	out    *bufio.Writer
	titles []Title
}

func newTextSink(w io.Writer, titles []Title) (*textSink, error) {
	s := &textSink{bufio.NewWriterSize(w, 64<<10), titles}
	_, err := s.out.WriteString("\ufeff")
	return s, err
}

func (s *textSink) write(cells []string, header bool) error {
	for i := range s.titles {
		cell := ""
		if i < len(cells) {
			cell = strings.ReplaceAll(strings.ToValidUTF8(cells[i], "\ufffd"), "\x00", "\ufffd") // as XLSX does
		}
		if _, ok := parse(cell); ok && s.titles[i].Number && !header {
			cell = strings.Replace(cell, ".", ",", 1)
		} else {
			cell = guard(cell)
		}
		if strings.ContainsAny(cell, unquoted) {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		if i > 0 {
			s.out.WriteByte(';')
		}
		s.out.WriteString(cell)
	}
	_, err := s.out.WriteString("\r\n") // a bufio.Writer keeps its first error
	return err
}

func (s *textSink) close() error { return s.out.Flush() }
func (s *textSink) abandon()     {}

// A bookSink writes XLSX. excelize keeps rows in its directory until close,
// which packs them straight into out.
type bookSink struct {
	dir    string
	file   *excelize.File
	rows   *excelize.StreamWriter
	titles []Title
	row    int // written last, from 1
	text   int // style of a cell that stays text when it is edited
	head   int // style of the header
}

func newBookSink(w io.Writer, titles []Title) (s *bookSink, err error) {
	s = &bookSink{titles: titles}
	defer func() {
		if err != nil {
			s.abandon()
		}
	}()
	if s.dir, err = os.MkdirTemp("", "wiyata-sheet-"); err != nil {
		return nil, err
	}
	s.file = excelize.NewFile(excelize.Options{TmpDir: s.dir})
	// excelize would pack into a buffer first; that buffer stays empty.
	s.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	if s.rows, err = s.file.NewStreamWriter("Sheet1"); err != nil {
		return nil, err
	}
	if s.text, err = s.file.NewStyle(&excelize.Style{NumFmt: 49}); err != nil {
		return nil, err
	}
	if s.head, err = s.file.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}}); err != nil {
		return nil, err
	}
	for i := len(titles) - 1; i >= 0; i-- { // excelize puts each column before the others, and Excel wants them in order
		t := titles[i]
		width := t.Width
		if width == 0 {
			width = len([]rune(t.Text)) + 4
		}
		if err = s.rows.SetColWidth(i+1, i+1, float64(min(width, maxWidth))); err != nil {
			return nil, err
		}
		if !t.Number {
			if err = s.rows.SetColStyle(i+1, i+1, s.text); err != nil {
				return nil, err
			}
		}
	}
	return s, s.rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func (s *bookSink) write(cells []string, header bool) error {
	if s.row == lastRow {
		return fault.New(fault.Invalid, "Tabel lebih dari %s baris tidak muat dalam .xlsx. Persempit saringannya, atau unduh CSV.", dots(lastRow))
	}
	s.row++
	values := make([]any, len(cells))
	for i, cell := range cells {
		if n, ok := parse(cell); ok && s.titles[i].Number && !header {
			values[i] = n
			continue
		}
		if len(cell) > maxText && len(utf16.Encode([]rune(cell))) > maxText {
			return At(s.row, i, "isi sel lebih dari %s karakter tidak muat dalam .xlsx. Unduh CSV.", dots(maxText))
		}
		style := s.text
		if header {
			style = s.head
		}
		if cell != "" {
			values[i] = excelize.Cell{StyleID: style, Value: cell}
		}
	}
	return s.rows.SetRow("A"+strconv.Itoa(s.row), values)
}

func (s *bookSink) close() error {
	defer s.abandon()
	if err := s.rows.Flush(); err != nil {
		return err
	}
	return s.file.Write(io.Discard)
}

func (s *bookSink) abandon() {
	if s.file != nil {
		_ = s.file.Close() // removes from dir what is removed with it
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir) // the table is written or lost by now
	}
}

// parse reads s as a number that a spreadsheet keeps whole.
func parse(s string) (float64, bool) {
	if strings.Trim(s, "0123456789.-") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && math.Abs(n) < safe
}
