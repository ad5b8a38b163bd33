// Package sheet reads and writes tables as CSV and XLSX, row by row, and knows
// nothing of what the tables say.
//
// What a file is follows from its first bytes, never from its name. A row is
// read, used and forgotten: memory holds one row and not the file. A person sent
// the file, so every refusal is a sentence that names row, column and cure, and
// a row has the number that the person's spreadsheet program shows beside it.
//
// Cells are text. A number that a spreadsheet has cut (1.99003E+17 for an
// 18-digit NIP) is not repaired, because its digits are gone: it is marked
// Damaged. Dates of XLSX come as 2026-11-22, numbers with a decimal point and
// without grouping: what a cell shows otherwise depends on the machine it is
// shown on, and the file does not say which.
//
// Files are hostile until read. Limits bounds what is read at all, and excelize,
// which trusts what it opens, is given only parts that were looked through.
package sheet

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/wiyata-id/wiyata/platform/fault"
)

// A Format is a kind of file that holds a table.
type Format string

const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Limits bounds what Open reads; a zero field stands for its default.
type Limits struct {
	Rows     int   // that hold anything; 200,000
	Columns  int   // up to the last one that holds anything; 200
	Cell     int   // characters; 4,000
	Bytes    int64 // of the file; 64 MiB
	Unpacked int64 // of the parts of an XLSX that are read; 64 MiB
}

func (l Limits) orDefaults() Limits {
	if l.Rows == 0 {
		l.Rows = 200_000
	}
	if l.Columns == 0 {
		l.Columns = 200
	}
	if l.Cell == 0 {
		l.Cell = 4_000
	}
	if l.Bytes == 0 {
		l.Bytes = 64 << 20
	}
	if l.Unpacked == 0 {
		l.Unpacked = 64 << 20
	}
	return l
}

// A Cell is what a person sees in one box of the table.
type Cell struct {
	Text    string
	Damaged bool // a long number whose last digits a spreadsheet has lost; Text is like 1.99003E+17
	Formula bool // Text is the result that was saved with the file
}

// A Row is a row that holds anything.
type Row struct {
	Number int    // from 1, as the spreadsheet program shows it
	Cells  []Cell // up to the last one that holds anything
}

// At returns the cell in column col, from 0; beyond the row's end it is empty.
func (r Row) At(col int) Cell {
	if col < 0 || col >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[col]
}

// A Reader reads the rows of one table. It serves one goroutine.
type Reader struct {
	Format Format
	Sheet  string   // that is read; "" in CSV
	Sheets []string // that a person can see, in the order of their tabs; nil in CSV

	source source
	limits Limits
	rows   int   // that the source has given
	ahead  []Row // that FindHeader has read and Next still returns
	err    error // that ended the source
}

// A source yields every row of a file, empty ones too if it likes, and io.EOF.
type source interface {
	next() (Row, error)
	close() error
}

// Open reads the table in r, which is size bytes long, from its start. In a file of several sheets
// it takes the one named sheet, or the first that is visible when sheet is "".
// The Reader must be closed; r must stay open until then.
// Errors: fault.Invalid for a file that is no table, is damaged or is too large.
func Open(r io.ReaderAt, size int64, sheet string, l Limits) (t *Reader, err error) {
	defer fault.Wrap(&err, "open table")
	l = l.orDefaults()
	if size > l.Bytes {
		return nil, fault.New(fault.Invalid, "Berkas lebih besar dari %s. Bagi menjadi beberapa berkas.", mebibytes(l.Bytes))
	}
	format, err := sniff(r, size)
	if err != nil {
		return nil, err
	}
	t = &Reader{Format: format, limits: l}
	if format == CSV {
		t.source, err = openText(r, size, l)
		return t, err
	}
	x, err := openWorkbook(r, size, sheet, l)
	if err != nil {
		return nil, err
	}
	t.source, t.Sheet, t.Sheets = x, x.name, x.names
	return t, nil
}

// Next returns the next row that holds anything, and io.EOF after the last.
// Errors: fault.Invalid for what the limits or the format do not allow.
func (t *Reader) Next() (Row, error) {
	if len(t.ahead) > 0 {
		row := t.ahead[0]
		t.ahead = t.ahead[1:]
		return row, nil
	}
	return t.read()
}

// read takes the next row from the source.
func (t *Reader) read() (Row, error) {
	for t.err == nil {
		var row Row
		if row, t.err = t.source.next(); t.err != nil {
			break
		}
		for n := len(row.Cells); n > 0 && strings.TrimSpace(row.Cells[n-1].Text) == ""; n-- {
			row.Cells = row.Cells[:n-1]
		}
		if len(row.Cells) == 0 {
			continue
		}
		t.rows++
		if t.err = t.check(row); t.err == nil {
			return row, nil
		}
	}
	if t.err != io.EOF {
		return Row{}, fmt.Errorf("read table: %w", t.err)
	}
	return Row{}, io.EOF
}

// check holds row against the limits. Errors: fault.Invalid.
func (t *Reader) check(row Row) error {
	if t.rows > t.limits.Rows {
		return fault.New(fault.Invalid, "Baris %d: tabel berisi lebih dari %s baris. Bagi menjadi beberapa berkas.", row.Number, dots(t.limits.Rows))
	}
	if n := len(row.Cells); n > t.limits.Columns {
		return tooWide(row.Number, n, t.limits)
	}
	for i, c := range row.Cells {
		if len(c.Text) > t.limits.Cell && utf8.RuneCountInString(c.Text) > t.limits.Cell {
			return tooLong(row.Number, i, t.limits)
		}
	}
	return nil
}

// Close ends the reading and removes what it left on disk. It may be called again.
func (t *Reader) Close() error {
	if t.source == nil {
		return nil
	}
	s := t.source
	t.source, t.ahead, t.err = nil, nil, errors.New("table is closed")
	return s.close()
}

func tooWide(row, columns int, l Limits) error {
	return fault.New(fault.Invalid, "Baris %d, kolom %s: tabel lebih dari %s kolom. Hapus kolom yang tidak diperlukan.", row, Letter(columns-1), dots(l.Columns))
}

func tooLong(row, col int, l Limits) error {
	return At(row, col, "isi sel lebih dari %s karakter. Ringkas isinya, dan periksa tanda kutip yang tidak ditutup.", dots(l.Cell))
}

// damaged is told of a file that breaks its own format.
func damaged() error {
	return fault.New(fault.Invalid, "Berkas rusak atau tidak lengkap. Buka di aplikasi asalnya, simpan ulang sebagai .xlsx, lalu unggah kembali.")
}

// At returns a fault of the cell in row number row and column col (from 0), its
// text formatted like fmt.Sprintf behind "Baris 42, kolom C: ".
func At(row, col int, format string, args ...any) error {
	return fault.New(fault.Invalid, "Baris %d, kolom %s: %s", row, Letter(col), fmt.Sprintf(format, args...))
}

// Letter returns the name of column col, from 0: A, Z, AA.
func Letter(col int) string {
	name := ""
	for col++; col > 0; col = (col - 1) / 26 {
		name = string(rune('A'+(col-1)%26)) + name
	}
	return name
}

// dots writes n as Indonesians do: 200.000.
func dots(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

func mebibytes(n int64) string {
	if n < 1<<20 {
		return dots(int(n)) + " bita"
	}
	return dots(int(n>>20)) + " MB"
}
