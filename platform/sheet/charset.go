package sheet

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A charset is how a text file spells its characters.
type charset int

const (
	utf8Text charset = iota
	utf16LE
	utf16BE
	windows1252
)

// errSpelling says that the next bytes are no character of the file's charset.
var errSpelling = errors.New("invalid character")

// charsetOf returns the charset of r and the length of its byte order mark.
//
// Without a mark a file is UTF-8 if it can be. One that cannot be, and holds no
// character of several bytes either, is Windows-1252: that is what Excel's plain
// "CSV" is in Indonesia, and one é or ’ in a name is enough to show it. A file
// with both is UTF-8 that was damaged on its way; reading it as Windows-1252
// would turn José into JosÃ© in silence, so it stays UTF-8 and its reader
// refuses the cell.
func charsetOf(r io.ReaderAt, size int64) (c charset, mark int64, err error) {
	head := make([]byte, min(size, 3))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return 0, 0, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return utf8Text, 3, nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return utf16LE, 2, nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return utf16BE, 2, nil
	}
	long, wrong := false, false
	for in := bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 64<<10); !long || !wrong; {
		ch, n, err := in.ReadRune()
		switch {
		case err == io.EOF && wrong && !long:
			return windows1252, 0, nil
		case err == io.EOF:
			return utf8Text, 0, nil
		case err != nil:
			return 0, 0, err
		case n > 1:
			long = true
		case ch == utf8.RuneError:
			wrong = true
		}
	}
	return utf8Text, 0, nil
}

// A decoder reads the characters of a text file.
type decoder struct {
	in      *bufio.Reader
	charset charset
	back    rune // to be returned again, or -1
}

func newDecoder(r io.Reader, c charset) *decoder {
	return &decoder{in: bufio.NewReaderSize(r, 64<<10), charset: c, back: -1}
}

// next returns the next character. Errors: io.EOF; errSpelling.
func (d *decoder) next() (rune, error) {
	if ch := d.back; ch >= 0 {
		d.back = -1
		return ch, nil
	}
	switch d.charset {
	case windows1252:
		b, err := d.in.ReadByte()
		if err != nil {
			return 0, err
		}
		if 0x80 <= b && b < 0xA0 {
			if ch := cp1252[b-0x80]; ch != 0 {
				return ch, nil
			}
			return 0, errSpelling
		}
		return rune(b), nil
	case utf8Text:
		ch, n, err := d.in.ReadRune()
		if err == nil && n == 1 && ch == utf8.RuneError {
			return 0, errSpelling
		}
		return ch, err
	case utf16LE, utf16BE:
	}
	high, err := d.unit()
	if err != nil || !utf16.IsSurrogate(high) {
		return high, err
	}
	low, err := d.unit()
	if err != nil && err != io.EOF {
		return 0, err
	}
	if ch := utf16.DecodeRune(high, low); ch != utf8.RuneError {
		return ch, nil
	}
	return 0, errSpelling
}

// unit reads one unit of UTF-16.
func (d *decoder) unit() (rune, error) {
	var b [2]byte
	if _, err := io.ReadFull(d.in, b[:]); err == io.ErrUnexpectedEOF {
		return 0, errSpelling
	} else if err != nil {
		return 0, err
	}
	if d.charset == utf16LE {
		return rune(binary.LittleEndian.Uint16(b[:])), nil
	}
	return rune(binary.BigEndian.Uint16(b[:])), nil
}

// cp1252 holds the characters 0x80–0x9F of Windows-1252; 0 where it has none.
var cp1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}
