package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/wiyata-id/wiyata/platform/fault"
)

const (
	maxParts = 10_000  // files in the zip
	maxList  = 4 << 20 // bytes read to find them
	maxSmall = 8 << 20 // bytes of a part that lists things: sheets, relations, styles
)

// A book is what an XLSX says of its sheets.
type book struct {
	parts    map[string]*zip.File // by lower-case path
	tabs     []tab
	date1904 bool
	styles   *zip.File // nil when there are none
	texts    *zip.File // shared strings; nil when there are none
}

// A tab is one sheet of cells.
type tab struct {
	name    string
	visible bool
	part    *zip.File
}

// openBook reads the lists of an XLSX, none of its cells.
// Errors: fault.Invalid for another kind of zip, and for damage.
func openBook(r io.ReaderAt, size int64) (*book, error) {
	in := &capped{r, maxList}
	z, err := zip.NewReader(in, size)
	if err != nil {
		return nil, unzipErr(err)
	}
	in.left = math.MaxInt64
	b := &book{parts: map[string]*zip.File{}}
	if len(z.File) > maxParts {
		return nil, fault.New(fault.Invalid, "Berkas .xlsx berisi lebih dari %s bagian. Salin tabelnya ke buku kerja baru, lalu unggah.", dots(maxParts))
	}
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return nil, locked()
		}
		// The name is a key and never a path on disk, whatever it says.
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		if b.parts[name] != nil {
			return nil, damaged()
		}
		b.parts[name] = f
	}
	at := "xl/workbook.xml"
	if top, err := b.relations(""); err != nil {
		return nil, err
	} else if r, ok := top.ofKind("/officeDocument"); ok {
		at = r.path
	}
	if f := b.parts[at]; f == nil || strings.HasSuffix(at, ".bin") || strings.HasPrefix(at, "word/") {
		return nil, notWorkbook(b.parts)
	}
	return b, b.read(at)
}

// A capped reads r until left bytes were read; the rest is no zip. It keeps a list of
// millions of parts, which zip takes into memory whole, from being read.
type capped struct {
	r    io.ReaderAt
	left int64
}

func (c *capped) ReadAt(p []byte, at int64) (int, error) {
	if int64(len(p)) > c.left {
		return 0, zip.ErrFormat
	}
	c.left -= int64(len(p))
	return c.r.ReadAt(p, at)
}

// read reads the workbook part at path at.
func (b *book) read(at string) error {
	var doc struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	raw, err := readPart(b.parts[at])
	if err != nil {
		return err
	}
	if xml.Unmarshal(raw, &doc) != nil {
		return damaged()
	}
	b.date1904 = doc.Properties.Date1904 == "1" || doc.Properties.Date1904 == "true"
	related, err := b.relations(at)
	if err != nil {
		return err
	}
	for _, s := range doc.Sheets {
		for _, a := range s.Attrs {
			r := related[a.Value]
			if a.Name.Local != "id" || !strings.HasSuffix(r.kind, "/worksheet") {
				continue // a chart has a tab too
			}
			if b.parts[r.path] == nil {
				return damaged()
			}
			b.tabs = append(b.tabs, tab{s.Name, s.State == "" || s.State == "visible", b.parts[r.path]})
		}
	}
	if r, ok := related.ofKind("/styles"); ok {
		b.styles = b.parts[r.path]
	}
	if r, ok := related.ofKind("/sharedStrings"); ok {
		b.texts = b.parts[r.path]
	}
	return nil
}

// choose returns the tab called name, or the first visible one for "".
// Errors: fault.Invalid when there is none.
func (b *book) choose(name string) (tab, error) {
	for _, t := range b.tabs {
		if name == "" && t.visible || name != "" && strings.EqualFold(t.name, name) {
			return t, nil
		}
	}
	if name == "" {
		return tab{}, fault.New(fault.Invalid, "Berkas tidak punya lembar yang terlihat. Tampilkan lembarnya di Excel, simpan, lalu unggah kembali.")
	}
	return tab{}, fault.New(fault.Invalid, "Lembar “%s” tidak ada dalam berkas. Pilih salah satu: %s.", name, strings.Join(b.visible(), ", "))
}

// visible names the sheets that a person sees.
func (b *book) visible() (names []string) {
	for _, t := range b.tabs {
		if t.visible {
			names = append(names, t.name)
		}
	}
	return names
}

// A relation says which part an identifier means.
type relation struct{ kind, path string }

type relations map[string]relation

func (r relations) ofKind(suffix string) (relation, bool) {
	for _, one := range r {
		if strings.HasSuffix(one.kind, suffix) {
			return one, true
		}
	}
	return relation{}, false
}

// relations reads what the part at path of points to; of "" is the package itself.
func (b *book) relations(of string) (relations, error) {
	dir, file := path.Split(of)
	f := b.parts[dir+"_rels/"+file+".rels"]
	if f == nil {
		return nil, nil
	}
	var doc struct {
		Relations []struct {
			ID     string `xml:"Id,attr"`
			Kind   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	raw, err := readPart(f)
	if err != nil {
		return nil, err
	}
	if xml.Unmarshal(raw, &doc) != nil {
		return nil, damaged()
	}
	all := relations{}
	for _, r := range doc.Relations {
		target := strings.ReplaceAll(r.Target, `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = "/" + dir + target
		}
		all[r.ID] = relation{r.Kind, strings.ToLower(path.Clean(target)[1:])}
	}
	return all, nil
}

// readPart returns the content of a small part. Errors: fault.Invalid when it is
// not small or damaged.
func readPart(f *zip.File) ([]byte, error) {
	if f.UncompressedSize64 > maxSmall {
		return nil, tooBig(maxSmall)
	}
	in, err := f.Open()
	if err != nil {
		return nil, unzipErr(err)
	}
	defer in.Close()
	b, err := io.ReadAll(in) // zip ends a part that is longer than it said
	return b, unzipErr(err)
}

// tooBig is told of an XLSX that is larger than n bytes when unpacked.
func tooBig(n int64) error {
	return fault.New(fault.Invalid, "Isi berkas .xlsx lebih besar dari %s setelah dibuka. Bagi menjadi beberapa berkas, atau simpan sebagai CSV.", mebibytes(n))
}

// repack writes into dir the XLSX that excelize reads: the sheet t and the shared
// texts as they are, still packed, and the rest written by us. Nothing else of
// the file is ever unpacked, so what it holds besides can do no harm.
func (b *book) repack(dir string, t tab, s styles) (name string, err error) {
	name = filepath.Join(dir, "sheet.xlsx")
	out, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	defer func() {
		if e := out.Close(); err == nil {
			err = e
		}
	}()
	z := zip.NewWriter(out)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
		{"_rels/.rels", relationsXML(officeDocument, "xl/workbook.xml")},
		{"xl/workbook.xml", fmt.Sprintf(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="%t"/><sheets><sheet name="%s" sheetId="1" r:id="rId0"/></sheets></workbook>`, b.date1904, onlySheet)},
		{"xl/_rels/workbook.xml.rels", relationsXML(worksheet, "worksheets/sheet1.xml", sharedStrings, "/xl/sharedStrings.xml", stylesheet, "styles.xml")},
		{"xl/styles.xml", s.xml()},
	} {
		w, err := z.Create(part.name)
		if err == nil {
			_, err = io.WriteString(w, part.text)
		}
		if err != nil {
			return "", err
		}
	}
	if err := copyPart(z, "xl/worksheets/sheet1.xml", t.part); err != nil {
		return "", err
	}
	if b.texts != nil {
		if err := copyPart(z, "xl/sharedStrings.xml", b.texts); err != nil {
			return "", err
		}
	}
	return name, z.Close()
}

// copyPart copies f into z under name without unpacking it.
func copyPart(z *zip.Writer, name string, f *zip.File) error {
	in, err := f.OpenRaw()
	if err != nil {
		return unzipErr(err)
	}
	w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: f.Method, CRC32: f.CRC32, CompressedSize64: f.CompressedSize64, UncompressedSize64: f.UncompressedSize64})
	if err != nil {
		return err
	}
	if n, err := io.Copy(w, in); err != nil || uint64(n) != f.CompressedSize64 { //nolint:gosec // a count is never negative
		return unzipErr(err)
	}
	return nil
}

const (
	onlySheet = "sheet"

	kinds          = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	officeDocument = kinds + "officeDocument"
	worksheet      = kinds + "worksheet"
	sharedStrings  = kinds + "sharedStrings"
	stylesheet     = kinds + "styles"
)

// relationsXML writes pairs of kind and target.
func relationsXML(pairs ...string) string {
	var b bytes.Buffer
	b.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s" Target="%s"/>`, i/2, pairs[i], pairs[i+1]) //nolint:gosec // they come in pairs
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}
