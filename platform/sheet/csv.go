package sheet

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/wiyata-id/wiyata/platform/fault"
)

// A text is a CSV file being read.
//
// encoding/csv is not used: it drops empty lines, so that its rows are not those
// that a person sees numbered, and it reads a quote that is never closed to the
// end of the file before anybody can refuse it.
type text struct {
	in        *decoder
	separator rune
	limits    Limits
	row       int // that is being read, from 1
	buf       strings.Builder
}

// openText opens r as CSV.
func openText(r io.ReaderAt, size int64, l Limits) (*text, error) {
	c, mark, err := charsetOf(r, size)
	if err != nil {
		return nil, err
	}
	head, err := headOf(io.NewSectionReader(r, mark, min(size-mark, 64<<10)), c)
	if err != nil {
		return nil, err
	}
	t := &text{in: newDecoder(io.NewSectionReader(r, mark, size-mark), c), limits: l}
	first, _, _ := strings.Cut(head, "\n")
	if first = strings.TrimSuffix(first, "\r"); len(first) == 5 && strings.HasPrefix(strings.ToLower(first), "sep=") {
		// Excel's own line: it rules, and is not a row.
		t.separator = rune(first[4])
		for ch := rune(0); ch != '\n'; {
			if ch, err = t.in.next(); err == io.EOF {
				break
			} else if err != nil {
				t.row = 1
				return nil, t.explain(0, err)
			}
		}
		return t, nil
	}
	t.separator = separatorOf(head)
	return t, nil
}

// headOf decodes r, leaving out what is misspelt: the reader comes to it with its row.
func headOf(r io.Reader, c charset) (string, error) {
	var b strings.Builder
	for in := newDecoder(r, c); ; {
		ch, err := in.next()
		switch {
		case err == io.EOF:
			return b.String(), nil
		case errors.Is(err, errSpelling):
		case err != nil:
			return "", err
		default:
			b.WriteRune(ch)
		}
	}
}

// separatorOf tells which of ; tab and , separates the cells of head: the one
// that most lines hold equally often. Names with titles and decimal commas hold
// commas too, but not in the header; so ; and tab win a tie.
func separatorOf(head string) rune {
	best, most := ';', 0
	for _, sep := range ";\t," {
		lines := map[int]int{} // by how often they hold sep
		count, quoted, last := 0, false, sep
		for _, ch := range head + "\n" {
			starts := last == sep || last == '\n' || last == '\r' || last == '"' && !quoted // the last is a doubled quote
			switch {
			case ch == '"' && (quoted || starts):
				quoted = !quoted
			case quoted:
			case ch == sep:
				count++
			case ch == '\n' || ch == '\r':
				if count > 0 {
					lines[count]++
				}
				count = 0
			}
			last = ch
		}
		for _, n := range lines {
			if n > most {
				best, most = sep, n
			}
		}
	}
	return best
}

func (t *text) close() error { return nil }

// next reads the next row, empty or not.
func (t *text) next() (Row, error) {
	t.row++
	var cells []Cell
	for col := 0; ; col++ {
		content, end, err := t.cell(col)
		if err == io.EOF && col == 0 && content == "" {
			return Row{}, io.EOF
		}
		if err != nil && err != io.EOF {
			return Row{}, t.explain(col, err)
		}
		content = unguard(content)
		switch {
		case len(cells) < t.limits.Columns:
			cells = append(cells, Cell{Text: content, Damaged: isScientific(content)})
		case strings.TrimSpace(content) != "":
			return Row{}, tooWide(t.row, col+1, t.limits)
		}
		if end {
			return Row{Number: t.row, Cells: cells}, nil
		}
	}
}

// cell reads one cell and what ends it; end says that this was the row too.
// It returns io.EOF together with the last cell of the file.
func (t *text) cell(col int) (content string, end bool, err error) {
	t.buf.Reset()
	length, quoted := 0, false
	for {
		ch, err := t.in.next()
		if err != nil {
			if err == io.EOF && quoted {
				return "", true, At(t.row, col, "tanda kutip tidak ditutup. Tutup tanda kutipnya, atau hapus.")
			}
			return t.buf.String(), true, err
		}
		switch {
		case ch == 0:
			return "", true, fault.New(fault.Invalid, "Berkas ini bukan tabel. Unggah .xlsx atau .csv.")
		case ch == '"' && length == 0 && !quoted:
			quoted, length = true, 1
			continue
		case ch == '"' && quoted:
			after, err := t.in.next()
			if err != nil && err != io.EOF {
				return "", true, err
			}
			if err == nil && after == '"' {
				break
			}
			quoted = false
			if err == nil {
				t.in.back = after
			}
			continue
		case quoted:
		case ch == t.separator:
			return t.buf.String(), false, nil
		case ch == '\n':
			return t.buf.String(), true, nil
		case ch == '\r':
			if after, err := t.in.next(); err == nil && after != '\n' {
				t.in.back = after
			} else if err != nil && err != io.EOF {
				return "", true, err
			}
			return t.buf.String(), true, nil
		}
		if length++; length > t.limits.Cell+2 { // the quote, and an apostrophe that guards
			return "", true, tooLong(t.row, col, t.limits)
		}
		t.buf.WriteRune(ch)
	}
}

// explain says where err happened when it is about a character.
func (t *text) explain(col int, err error) error {
	if !errors.Is(err, errSpelling) {
		return err
	}
	return At(t.row, col, "ada huruf yang rusak. Simpan ulang dari Excel sebagai CSV UTF-8, lalu unggah kembali.")
}

var scientific = regexp.MustCompile(`^[+-]?\d([.,]\d+)?[Ee]\+\d{2,3}$`)

// isScientific reports whether s is a number as a spreadsheet shortens it. The
// sign of the exponent is always there, which keeps codes like 2E10 apart.
func isScientific(s string) bool {
	return len(s) >= 5 && len(s) < 32 && scientific.MatchString(s)
}

// guard keeps a spreadsheet from taking s for a formula: it puts an apostrophe
// before a text that begins with = + - @ tab or a line break, behind blanks too.
func guard(s string) string {
	if guarded(s) {
		return "'" + s
	}
	return s
}

// unguard takes back what guard did.
func unguard(s string) string {
	if strings.HasPrefix(s, "'") && guarded(s[1:]) {
		return s[1:]
	}
	return s
}

// guarded reports whether guard changes s. A text that looks guarded already is
// guarded again, so that unguard returns every text as it was.
func guarded(s string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "' "))
	return strings.ContainsRune("=+-@\t\r\n", first)
}
