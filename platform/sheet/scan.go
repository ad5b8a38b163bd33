package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/wiyata-id/wiyata/platform/fault"
)

const (
	maxTag    = 64 << 10  // bytes of one XML tag
	maxInside = 32 << 10  // bytes of XML that make one cell, or one shared text; excelize is quadratic in them
	maxTexts  = 1_000_000 // shared texts of a workbook; excelize takes some 48 bytes of each
	lastRow   = 1 << 20   // of a sheet of Excel
	lastCol   = 1 << 14
	safe      = 1e15 // from here on Excel keeps no last digit: it computes with 15
)

// A mark is what the XML of a cell tells and excelize keeps to itself.
type mark struct {
	col     int // from 0
	style   int
	filled  bool // holds a value or a formula, which may show nothing
	number  float64
	numeric bool // number is its value
	formula bool
}

// A scanner walks over the XML of a sheet before excelize does. It marks cells,
// and it refuses what excelize would not survive or not notice: giant cells,
// rows and cells out of order, indices of no shared text, a file cut short.
type scanner struct {
	in    *bufio.Reader
	texts int // shared texts there are
	row   int // last one seen, from 1
	ended bool

	name     string // of the last tag, without its namespace
	tag      []byte // its inside, after the name
	opens    bool
	closes   bool
	inside   int    // bytes since a cell or text began
	value    []byte // characters since the last tag, as far as they can be a number
	keep     bool   // characters in value
	marks    []mark
	oversize error // that a long inside is refused with
}

func newScanner(r io.Reader, texts int) *scanner {
	return &scanner{in: bufio.NewReaderSize(r, 32<<10), texts: texts}
}

// next returns the number of the next row and its cells, which it reuses.
// Errors: io.EOF after the last row; fault.Invalid.
func (s *scanner) next() (int, []mark, error) {
	if s.ended {
		return 0, nil, io.EOF
	}
	for {
		if err := s.token(); err != nil {
			return 0, nil, err
		}
		switch {
		case s.name == "sheetData" && s.closes:
			s.ended = true
			return 0, nil, io.EOF
		case s.name == "row" && s.opens:
			return s.cells()
		}
	}
}

// cells reads the row whose tag was read.
func (s *scanner) cells() (int, []mark, error) {
	number := s.row + 1
	if r := s.attr("r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < number || n > lastRow {
			return 0, nil, damaged()
		}
		number = n
	}
	s.row, s.marks = number, s.marks[:0]
	for col := 0; !(s.name == "row" && s.closes); {
		if err := s.token(); err != nil {
			return 0, nil, err
		}
		if s.name == "row" && s.opens {
			return 0, nil, damaged()
		}
		if s.name != "c" || !s.opens {
			continue
		}
		if r := s.attr("r"); r != "" {
			n := column(r)
			if n < col {
				return 0, nil, damaged()
			}
			col = n
		}
		if col >= lastCol {
			return 0, nil, damaged()
		}
		m, err := s.cell(col)
		if err != nil {
			return 0, nil, err
		}
		s.marks = append(s.marks, m)
		col++
	}
	return number, s.marks, nil
}

// cell reads the cell in column col, whose tag was read.
func (s *scanner) cell(col int) (mark, error) {
	m, kind := mark{col: col}, s.attr("t")
	m.style, _ = strconv.Atoi(s.attr("s")) // 0 is the style of a cell that names none
	s.inside = 0
	s.oversize = At(s.row, col, "isi sel terlalu besar. Ringkas isinya dan hapus ragam hurufnya.")
	for !(s.name == "c" && s.closes) {
		s.keep = (s.name == "v" || s.name == "t") && s.opens && !s.closes
		if err := s.token(); err != nil {
			return m, err
		}
		m.filled = m.filled || s.name == "f" || len(s.value) > 0
		switch {
		case s.name == "f":
			m.formula = true
		case s.name == "v" && s.closes && kind == "s":
			i, err := strconv.Atoi(strings.TrimSpace(string(s.value)))
			if len(s.value) > 0 && (err != nil || i < 0 || i >= s.texts) {
				return m, damaged()
			}
		case s.name == "v" && s.closes && (kind == "" || kind == "n"):
			n, err := strconv.ParseFloat(string(s.value), 64)
			if math.IsNaN(n) || math.IsInf(n, 0) {
				return m, damaged()
			}
			m.number, m.numeric = n, err == nil
		}
	}
	s.inside = 0
	s.oversize = nil
	return m, nil
}

// countTexts returns how many shared texts r holds. Errors: fault.Invalid when
// one of them is too large, when they are too many, or r is cut short.
func countTexts(r io.Reader) (n int, err error) {
	s := newScanner(r, 0)
	tooBig := fault.New(fault.Invalid, "Berkas berisi teks yang terlalu besar. Ringkas sel yang sangat panjang, atau simpan sebagai CSV.")
	for {
		if err := s.token(); err != nil {
			return 0, err
		}
		switch {
		case s.name == "sst" && s.closes:
			return n, nil
		case s.name == "si" && s.closes:
			s.oversize = nil
			if s.opens {
				n++
			}
		case s.name == "si":
			n, s.inside, s.oversize = n+1, 0, tooBig
		}
		if n > maxTexts {
			return 0, fault.New(fault.Invalid, "Berkas berisi lebih dari %s teks yang berbeda. Simpan sebagai CSV, atau bagi menjadi beberapa berkas.", dots(maxTexts))
		}
	}
}

// token reads up to the end of the next tag. Errors: fault.Invalid.
func (s *scanner) token() error {
	s.value = s.value[:0]
	for {
		part, err := s.in.ReadSlice('<')
		s.inside += len(part)
		if s.oversize != nil && s.inside > maxInside {
			return s.oversize
		}
		if s.keep && len(s.value) < 64 {
			s.value = append(s.value, bytes.TrimSuffix(part, []byte("<"))...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return unzipErr(err)
		}
		skipped, err := s.skip()
		if err != nil {
			return err
		}
		if !skipped {
			return s.read()
		}
	}
}

// skip passes over a comment, a CDATA section or an instruction.
func (s *scanner) skip() (bool, error) {
	head, err := s.in.Peek(3)
	if err != nil {
		return false, unzipErr(err)
	}
	var end string
	switch {
	case head[0] == '?':
		end = "?>"
	case string(head) == "!--":
		end = "-->"
	case string(head) == "![C":
		end = "]]>"
	case head[0] == '!': // a DTD: OOXML has none
		return false, fault.New(fault.Invalid, "Berkas .xlsx berisi deklarasi DOCTYPE, yang tidak pernah ditulis Excel. Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah kembali.")
	default:
		return false, nil
	}
	for at := 0; at < len(end); {
		b, err := s.in.ReadByte()
		if err != nil {
			return false, unzipErr(err)
		}
		s.inside++
		switch {
		case b == end[at]:
			at++
		case at == 2 && b == end[0]: // "--->" and "]]]>"
		case b == end[0]:
			at = 1
		default:
			at = 0
		}
	}
	return true, nil
}

// read reads the tag whose "<" was read.
func (s *scanner) read() error {
	s.tag = s.tag[:0]
	for quote := byte(0); ; {
		b, err := s.in.ReadByte()
		if err != nil {
			return unzipErr(err)
		}
		switch {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == '>':
			s.inside += len(s.tag)
			return s.split()
		}
		if len(s.tag) >= maxTag {
			return damaged()
		}
		s.tag = append(s.tag, b)
	}
}

// split takes the tag apart.
func (s *scanner) split() error {
	in := s.tag
	s.opens, s.closes = true, false
	if len(in) > 0 && in[0] == '/' {
		s.opens, s.closes, in = false, true, in[1:]
	} else if len(in) > 0 && in[len(in)-1] == '/' {
		s.closes, in = true, in[:len(in)-1]
	}
	end := bytes.IndexAny(in, " \t\r\n")
	if end < 0 {
		end = len(in)
	}
	name := in[:end]
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	if len(name) == 0 {
		return damaged()
	}
	s.name, s.tag = known(name), in[end:]
	return nil
}

// known returns the names that the scanner asks for, without a copy of each.
func known(name []byte) string {
	for _, n := range [...]string{"c", "v", "f", "row", "is", "t", "si", "sst", "sheetData"} {
		if string(name) == n {
			return n
		}
	}
	return "another"
}

// attr returns the attribute name of the last tag, or "". Its value stands as
// it is in the XML: those that are asked for hold no entities.
func (s *scanner) attr(name string) string {
	rest := s.tag
	for {
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return ""
		}
		key := bytes.TrimSpace(rest[:eq])
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return ""
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return ""
		}
		if string(key) == name {
			return string(rest[1 : 1+end])
		}
		rest = rest[end+2:]
	}
}

// column returns the column of a cell's name, from 0: 28 for AC7. A name that is
// none gives lastCol.
func column(ref string) int {
	col := 0
	for i := range len(ref) {
		switch ch := ref[i] &^ 0x20; { // upper case
		case 'A' <= ch && ch <= 'Z':
			if col = col*26 + int(ch-'A') + 1; col > lastCol {
				return lastCol
			}
		case i > 0 && '0' <= ref[i] && ref[i] <= '9':
			return col - 1
		default:
			return lastCol
		}
	}
	return lastCol
}
