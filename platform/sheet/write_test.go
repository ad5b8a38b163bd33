package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
)

// written writes rows under titles.
func written(t testing.TB, f sheet.Format, titles []sheet.Title, rows ...[]string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := sheet.NewWriter(&b, f, titles)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Write(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var titles = []sheet.Title{{Text: "NIP", Width: 20}, {Text: "Nama"}, {Text: "JP", Number: true}}

func TestWriteCSV(t *testing.T) {
	got := written(t, sheet.CSV, titles,
		[]string{"199003172015041001", "Budi \"Bud\"; S.H.", "1.5"},
		[]string{"=1+1", "+62812", "-2"},
		[]string{"@x", "\t=x", "-"},
		[]string{"\r\n=x", " =x"},
		[]string{"-1", "'=x", ""},
	)
	same(t, got, "\ufeffNIP;Nama;JP\r\n"+
		"199003172015041001;\"Budi \"\"Bud\"\"; S.H.\";\"1,5\"\r\n"+
		"\"'=1+1\";\"'+62812\";\"-2\"\r\n"+
		"\"'@x\";\"'\t=x\";\"'-\"\r\n"+
		"\"'\r\n=x\";\"' =x\";\r\n"+
		"\"'-1\";\"''=x\";\r\n")
}

func TestWriteXLSX(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	content := written(t, sheet.XLSX, titles, []string{"199003172015041001", "=1+1", "1.5"}, []string{"", "@x", "-"}, []string{"1"})
	got, err := texts(t, content, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, "1: NIP|Nama|JP\n2: 199003172015041001|=1+1|1.5\n3: |@x|-\n4: 1\n")
	z, err := zip.NewReader(strings.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`state="frozen"`, `ySplit="1"`, `topLeftCell="A2"`, `<c r="C2"><v>1.5</v></c>`, `<cols><col min="1" max="1" width="20" customWidth="1" style="1"/><col min="2"`} {
		if !bytes.Contains(raw, []byte(want)) {
			t.Errorf("no %s in %s", want, raw)
		}
	}
	if bytes.Contains(raw, []byte("<f>")) || bytes.Count(raw, []byte("inlineStr")) != 8 {
		t.Errorf("texts are not typed as texts: %s", raw)
	}
}

func TestWriteRefuses(t *testing.T) {
	w, err := sheet.NewWriter(io.Discard, sheet.XLSX, titles)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write("", strings.Repeat("é", 32_767)); err != nil {
		t.Errorf("a cell as long as Excel allows: %v", err)
	}
	refused(t, w.Write("", strings.Repeat("é", 32_768)), "Baris 3, kolom B: isi sel lebih dari 32.767 karakter tidak muat dalam .xlsx. Unduh CSV.")
	if err := w.Close(); !errors.Is(err, fault.Invalid) {
		t.Errorf("a table with a refused row is closed with %v", err)
	}
	if _, err := sheet.NewWriter(io.Discard, "pdf", titles); err == nil {
		t.Error("an unknown format is written")
	}
	w, err = sheet.NewWriter(io.Discard, sheet.CSV, titles)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write("1", "2", "3", "4"); err == nil || fault.Of(err) != nil {
		t.Errorf("four cells below three titles: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if err := w.Write("1"); err == nil {
		t.Error("a closed table is written to")
	}
}

// full takes n bytes and no more.
type full struct{ n int }

var errFull = errors.New("disk is full")

func (f *full) Write(p []byte) (int, error) {
	if f.n -= len(p); f.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteErrorsAreReturned(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
		for _, room := range []int{0, 1, 500, 3000} {
			w, err := sheet.NewWriter(&full{room}, f, titles)
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < 20_000 && err == nil; i++ {
				err = w.Write(fmt.Sprint(i*7919), "x", "2")
			}
			if closed := w.Close(); !errors.Is(closed, errFull) {
				t.Errorf("%s with room for %d bytes: %v, then %v", f, room, err, closed)
			}
		}
	}
	nothingLeft(t)
}

// Every text comes back as it was written, in both formats. A table of texts has
// characters that XML has and neither format's limits.
func TestRoundTrip(t *testing.T) {
	text := rapid.OneOf(
		rapid.StringMatching(`[=+@'\-]{0,3}[ \t;,"\r\na-z0-9_é😀]{0,12}`),
		rapid.StringMatching(`_x00[0-9A-F]{2}_?`),
		rapid.StringMatching(`[0-9]{1,20}(\.[0-9]+)?`),
		rapid.Just("1.99003E+17x"),
	)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(rt, "columns")
		head := make([]sheet.Title, n)
		for i := range head {
			head[i].Text = fmt.Sprintf("k%d", i)
		}
		rows := rapid.SliceOfN(rapid.SliceOfN(text, n, n), 0, 6).Draw(rt, "rows")
		for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
			content := written(t, f, head, rows...)
			r, err := sheet.Open(strings.NewReader(content), int64(len(content)), "", sheet.Limits{})
			if err != nil {
				rt.Fatal(err)
			}
			for i, want := range append([][]string{titlesOf(head)}, rows...) {
				if strings.TrimSpace(strings.Join(want, "")) == "" {
					continue // is no row
				}
				got, err := r.Next()
				if err != nil || got.Number != i+1 {
					rt.Fatalf("%s: row %d, %v, want row %d", f, got.Number, err, i+1)
				}
				for col, s := range want {
					c := got.At(col)
					if c.Text != s && !(c.Text == "" && strings.TrimSpace(s) == "") || c.Damaged || c.Formula {
						rt.Fatalf("%s: row %d, column %d: %+v, want %q", f, i+1, col, c, s)
					}
				}
			}
			if row, err := r.Next(); err != io.EOF {
				rt.Fatalf("%s: one more row %v, %v", f, row, err)
			}
			if err := r.Close(); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

func titlesOf(head []sheet.Title) (texts []string) {
	for _, h := range head {
		texts = append(texts, h.Text)
	}
	return texts
}
