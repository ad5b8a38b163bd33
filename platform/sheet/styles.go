package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/platform/fault"
)

const (
	maxStyles  = 65_536    // that a cell can have; Excel allows 65,490
	maxFormats = 500       // written by people; Excel allows some 250. excelize walks them for every cell
	plain      = 163       // a number format that nobody defines: excelize then leaves the value alone
	firstOwn   = 200       // number of the first format that is ours
	maxCode    = 128       // bytes of a format that is followed; excelize parses it for every cell
	lastDay    = 2_958_466 // is the first of the year 10000
)

// styles says what each style of a cell makes of a number: a date that we write
// ourselves, in ISO, or a number format for excelize, without its grouping.
type styles struct {
	formats []string // numbered from firstOwn
	of      []int    // number format of each style
	layouts []string // of package time, of each style that is a date; "" of others
	epoch   time.Time
}

// readStyles reads the number formats of f, which may be nil. Days are counted
// as in Excel for Windows, or from 1904 as Excel for Mac once did.
// Errors: fault.Invalid when they are damaged or absurdly many.
func readStyles(f *zip.File, date1904 bool) (s styles, err error) {
	s.epoch = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		s.epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if f == nil {
		return s, nil
	}
	raw, err := readPart(f)
	if err != nil {
		return s, err
	}
	codes := map[int]string{} // written by people
	var ids []int             // of each cell style
	in := xml.NewDecoder(bytes.NewReader(raw))
	for inside := false; ; {
		token, err := in.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return s, damaged()
		}
		switch e := token.(type) {
		case xml.EndElement:
			inside = inside && e.Name.Local != "cellXfs"
		case xml.StartElement:
			id, code := 0, ""
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "numFmtId":
					id, _ = strconv.Atoi(a.Value)
				case "formatCode":
					code = a.Value
				}
			}
			switch {
			case e.Name.Local == "numFmt":
				codes[id] = code
			case e.Name.Local == "cellXfs":
				inside = true
			case e.Name.Local == "xf" && inside:
				ids = append(ids, id)
			}
		}
		if len(ids) > maxStyles || len(codes) > maxFormats {
			return s, fault.New(fault.Invalid, "Berkas berisi terlalu banyak ragam format. Salin tabelnya sebagai nilai ke buku kerja baru, lalu unggah.")
		}
	}
	numbers := map[string]int{}
	for _, id := range ids {
		code, own := codes[id]
		if !own {
			code, own = builtin[id]
		}
		if !own {
			s.of, s.layouts = append(s.of, id), append(s.layouts, "")
			continue
		}
		code, layout := rewrite(code)
		s.layouts = append(s.layouts, layout)
		if code == "" {
			s.of = append(s.of, plain)
			continue
		}
		if _, ok := numbers[code]; !ok {
			numbers[code] = firstOwn + len(s.formats)
			s.formats = append(s.formats, code)
		}
		s.of = append(s.of, numbers[code])
	}
	return s, nil
}

// xml writes s as the styles of a workbook.
func (s styles) xml() string {
	var b strings.Builder
	b.WriteString(`<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>`)
	for i, code := range s.formats {
		fmt.Fprintf(&b, `<numFmt numFmtId="%d" formatCode="`, firstOwn+i)
		_ = xml.EscapeText(&b, []byte(code)) // a Builder does not fail
		b.WriteString(`"/>`)
	}
	b.WriteString(`</numFmts><cellXfs>`)
	for _, id := range s.of {
		fmt.Fprintf(&b, `<xf numFmtId="%d"/>`, id)
	}
	b.WriteString(`</cellXfs></styleSheet>`)
	return b.String()
}

// builtin holds the number formats of ECMA-376, 18.8.30, that rewrite changes;
// 27–36 and 50–58 are dates and times of East Asia.
var builtin = map[int]string{
	0: "General", 3: "#,##0", 4: "#,##0.00", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
	18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
	27: "yyyy", 28: "yyyy", 29: "yyyy", 30: "yyyy", 31: "yyyy", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: "yyyy",
	37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 49: "@",
	50: "yyyy", 51: "yyyy", 52: "yyyy", 53: "yyyy", 54: "yyyy", 55: "yyyy", 56: "yyyy", 57: "yyyy", 58: "yyyy",
}

var (
	literal  = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`) // what a format shows or means besides its letters
	elapsed  = regexp.MustCompile(`(?i)\[(h+|m+|s+)\]`)
	grouping = regexp.MustCompile(`([#0?]),([#0?])`)
)

// rewrite takes a number format apart: a date or time has the layout it is read
// in, which is ISO whatever its order was. Any other has a code for excelize, ""
// when the number is to stay as it is; its grouping would read as a decimal comma
// and goes.
func rewrite(code string) (fresh, layout string) {
	if len(code) > maxCode || strings.EqualFold(code, "General") || code == "@" {
		return "", ""
	}
	first, _, _ := strings.Cut(code, ";")
	bare := strings.ToLower(literal.ReplaceAllString(first, ""))
	if elapsed.MatchString(first) {
		return code, ""
	}
	bare = strings.ReplaceAll(strings.ReplaceAll(bare, "general", ""), "am/pm", "h")
	day := strings.ContainsAny(bare, "yd") || strings.Contains(bare, "mmm")
	hour := strings.ContainsAny(bare, "h")
	second := strings.ContainsAny(bare, "s")
	switch {
	case day && second:
		return "", time.DateTime
	case day && hour:
		return "", time.DateOnly + " 15:04"
	case day, !hour && !second && strings.Contains(bare, "m"): // the last is a month alone
		return "", time.DateOnly
	case second:
		return "", time.TimeOnly
	case hour:
		return "", "15:04"
	}
	for grouping.MatchString(code) {
		code = grouping.ReplaceAllString(code, "$1$2")
	}
	return code, ""
}

// date writes the day count n in the layout of style, and "" when that is none
// of a date or Excel has no such day.
func (s styles) date(style int, n float64) string {
	if style < 0 || style >= len(s.layouts) || s.layouts[style] == "" || n < 0 || n >= lastDay {
		return ""
	}
	layout := s.layouts[style]
	if n < 61 && s.epoch.Year() < 1904 && strings.HasPrefix(layout, "2006") {
		if n < 1 {
			return ""
		}
		n++ // Excel has a 29 February 1900
	}
	seconds := int(math.Round(n * 24 * 60 * 60))
	return s.epoch.AddDate(0, 0, seconds/86400).Add(time.Duration(seconds%86400) * time.Second).Format(layout)
}
