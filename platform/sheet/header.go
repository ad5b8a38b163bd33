package sheet

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/wiyata-id/wiyata/platform/fault"
)

// headerRows is how many rows FindHeader looks at: titles, letterhead and notes
// stand above a header, but no more than this.
const headerRows = 30

// A Column is one that the caller looks for.
type Column struct {
	Key      string   // by which the caller asks for it
	Names    []string // it may have in a file, the usual one first; case, blanks, dots and underscores do not matter
	Required bool     // a table without it cannot be read
}

// title is how the column is called when a person is told of it.
func (c Column) title() string { return c.Names[0] }

// A Header is the row that names the columns.
type Header struct {
	Row    int      // its number; 0 when no row names any column
	Titles []string // as they stand there

	columns []Column
	at      map[string]int // key → column, from 0
}

// FindHeader reads t up to its header: of the first 30 rows the one that names
// most columns, the upper one when two name as many. Next then returns the rows
// below it.
//
// Errors: fault.Invalid when no row names a column, when required columns are
// missing, or when one is there twice. The Header then holds what was found, for
// a page on which a person says which column is which; Next goes on all the same.
func FindHeader(t *Reader, columns []Column) (Header, error) {
	var rows []Row
	best, most := Header{columns: columns}, 0
	below := 0 // index in rows of the first row below best
	for len(rows) < headerRows {
		row, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil && fault.Of(err) != nil && most > 0 {
			break // Next tells of it when the rows above it are read
		}
		if err != nil {
			return best, err
		}
		rows = append(rows, row)
		if h := headerOf(row, columns); len(h.at) > most {
			best, most, below = h, len(h.at), len(rows)
		}
	}
	for below < len(rows) && most > 0 && (best.repeated(rows[below]) || isNumbering(rows[below])) {
		below++
	}
	t.ahead = append(slices.Clone(rows[below:]), t.ahead...)
	return best, best.check()
}

// headerOf returns what row names of columns.
func headerOf(row Row, columns []Column) Header {
	h := Header{Row: row.Number, columns: columns, at: map[string]int{}}
	places := map[string]int{} // normalised title → its first column
	for i, c := range row.Cells {
		h.Titles = append(h.Titles, c.Text)
		n := normal(c.Text)
		if _, there := places[n]; !there && n != "" {
			places[n] = i
		}
	}
	for _, c := range columns {
		for _, name := range c.Names {
			if i, ok := places[normal(name)]; ok {
				h.at[c.Key] = i
				break
			}
		}
	}
	return h
}

// check refuses a header that does not say for each column where it is.
func (h Header) check() error {
	if h.Row == 0 {
		return fault.New(fault.Invalid, "Baris judul kolom tidak ditemukan dalam %d baris pertama. Beri kolom judul: %s.", headerRows, join(h.wanted()))
	}
	if missing := h.Missing(); len(missing) > 0 {
		return fault.New(fault.Invalid, "Baris %d: kolom %s tidak ada. Tambahkan kolomnya atau sesuaikan judulnya.", h.Row, join(missing))
	}
	for _, c := range h.columns {
		if twice := h.named(c); len(twice) > 1 {
			return fault.New(fault.Invalid, "Baris %d: kolom %s ada lebih dari satu (%s). Hapus atau ganti judul yang tidak dipakai.", h.Row, c.title(), letters(twice))
		}
	}
	return nil
}

// Missing returns the required columns that the header does not name.
func (h Header) Missing() (missing []Column) {
	for _, c := range h.required() {
		if _, ok := h.at[c.Key]; !ok {
			missing = append(missing, c)
		}
	}
	return missing
}

func (h Header) required() (required []Column) {
	for _, c := range h.columns {
		if c.Required {
			required = append(required, c)
		}
	}
	return required
}

// wanted returns the required columns, or all when none is.
func (h Header) wanted() []Column {
	if required := h.required(); len(required) > 0 {
		return required
	}
	return h.columns
}

// named returns all columns that c's names are written above.
func (h Header) named(c Column) (at []int) {
	for i, title := range h.Titles {
		if n := normal(title); n != "" && slices.ContainsFunc(c.Names, func(name string) bool { return normal(name) == n }) {
			at = append(at, i)
		}
	}
	return at
}

// Column returns where the column with that key is, from 0, and -1 when the file has none.
func (h Header) Column(key string) int {
	if i, ok := h.at[key]; ok {
		return i
	}
	return -1
}

// Cell returns the cell of row in the column with that key; it is empty when the file has none.
func (h Header) Cell(row Row, key string) Cell { return row.At(h.Column(key)) }

// Holds reports whether row has anything in a required column. Places, dates and
// signatures below a table do not; nor does the header that an export repeats on each page.
func (h Header) Holds(row Row) bool {
	if h.repeated(row) {
		return false
	}
	for _, c := range h.required() {
		if strings.TrimSpace(h.Cell(row, c.Key).Text) != "" {
			return true
		}
	}
	return false
}

// Fault returns a fault of row number row in the column with that key, its text
// formatted like fmt.Sprintf behind "Baris 42, kolom C (NIP): ".
func (h Header) Fault(row int, key, format string, args ...any) error {
	where, title := "", key
	if i := h.Column(key); i >= 0 {
		where, title = Letter(i)+" ", "("+strings.TrimSpace(h.Titles[i])+")"
	}
	return fault.At(key, "Baris %d, kolom %s%s: "+format, append([]any{row, where, title}, args...)...)
}

// repeated reports whether row is the header once more.
func (h Header) repeated(row Row) bool {
	for _, i := range h.at {
		if normal(row.At(i).Text) != normal(h.Titles[i]) {
			return false
		}
	}
	return len(h.at) > 0
}

// isNumbering reports whether row counts the columns, as official tables do
// below their header: (1) (2) (3).
func isNumbering(row Row) bool {
	n := 0
	for _, c := range row.Cells {
		if s := strings.Trim(c.Text, " ()"); s != "" {
			if n++; s != strconv.Itoa(n) {
				return false
			}
		}
	}
	return n >= 3
}

// normal reduces a title to its letters and digits in lower case: "No. Pegawai",
// "no_pegawai" and "NoPegawai" are one.
func normal(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func join(columns []Column) string {
	var names []string
	for _, c := range columns {
		names = append(names, c.title())
	}
	return strings.Join(names, ", ")
}

func letters(columns []int) string {
	var names []string
	for _, i := range columns {
		names = append(names, Letter(i))
	}
	return strings.Join(names, " dan ")
}
