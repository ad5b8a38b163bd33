package sheet_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/sheet"
)

const (
	columns = 12
	// bound is the live heap that reading or writing may add, whatever the length
	// of the table. Its 2.4 million cells take 38 MiB as empty strings alone.
	bound = 24 << 20
)

// live returns the bytes of the heap that are in use.
func live() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A table as long as the limits allow is written and read with a heap that does
// not grow with it.
func TestHeapDoesNotFollowTheTable(t *testing.T) {
	rows := 200_000
	if testing.Short() {
		rows = 20_000
	}
	head := make([]sheet.Title, columns)
	for i := range head {
		head[i].Text = fmt.Sprintf("Kolom %d", i+1)
	}
	for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
		t.Run(string(f), func(t *testing.T) {
			file, err := os.Create(filepath.Join(t.TempDir(), "tabel"))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			before, peak, began := live(), int64(0), time.Now()
			watch := func(row int) {
				if row%(rows/5) == 0 {
					peak = max(peak, live()-before)
				}
			}
			w, err := sheet.NewWriter(file, f, head)
			if err != nil {
				t.Fatal(err)
			}
			cells := make([]string, columns)
			for i := range rows - 1 {
				for col := range cells {
					cells[col] = fmt.Sprintf("%d sel %d", i*7919+col, col)
				}
				if err := w.Write(cells...); err != nil {
					t.Fatal(err)
				}
				watch(i)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			size, err := file.Seek(0, io.SeekEnd)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s of %d rows × %d: %.1f MiB written in %v, live heap +%.1f MiB", f, rows, columns, float64(size)/(1<<20), time.Since(began).Round(time.Millisecond), float64(peak)/(1<<20))
			if peak > bound {
				t.Errorf("writing takes %d bytes of heap", peak)
			}

			before, peak, began = live(), 0, time.Now()
			r, err := sheet.Open(file, size, "", sheet.Limits{Unpacked: 512 << 20})
			if err != nil {
				t.Fatal(err)
			}
			opened := time.Since(began)
			n := 0
			for ; ; n++ {
				row, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if len(row.Cells) != columns {
					t.Fatalf("row %d has %d cells", row.Number, len(row.Cells))
				}
				watch(n)
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			t.Logf("read in %v, opened in %v, live heap +%.1f MiB", time.Since(began).Round(time.Millisecond), opened.Round(time.Millisecond), float64(peak)/(1<<20))
			if n != rows {
				t.Errorf("%d rows are read of %d", n, rows)
			}
			if peak > bound {
				t.Errorf("reading takes %d bytes of heap", peak)
			}
		})
	}
}

// Excel writes each text once and points to it. Texts too many for memory are
// read from disk, and are the same.
func TestManySharedTexts(t *testing.T) {
	const rows = 20_000
	var cells, shared strings.Builder
	n := 0
	for i := range rows {
		fmt.Fprintf(&cells, `<row r="%d">`, i+1)
		for range columns {
			fmt.Fprintf(&cells, `<c t="s"><v>%d</v></c>`, n)
			fmt.Fprintf(&shared, `<si><t>teks %d</t></si>`, n)
			n++
		}
		cells.WriteString("</row>")
	}
	p := parts(cells.String(), nil, nil)
	for i, name := range p {
		if name == "xl/sharedStrings.xml" {
			p[i+1] = `<sst` + ns + `>` + shared.String() + `</sst>`
		}
	}
	content := zipped(t, p...)
	p, cells, shared = nil, strings.Builder{}, strings.Builder{} //nolint:ineffassign,wastedassign // lets them go before the memory is measured
	before, peak, began := live(), int64(0), time.Now()
	r, err := open(t, content, "", sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		row, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := row.At(columns-1).Text, fmt.Sprintf("teks %d", i*columns+columns-1); len(row.Cells) != columns || got != want {
			t.Fatalf("row %d: %q, want %q", row.Number, got, want)
		}
		if i == rows/2 {
			peak = live() - before
		}
	}
	t.Logf("%d rows × %d shared texts read in %v, live heap +%.1f MiB", rows, columns, time.Since(began).Round(time.Millisecond), float64(peak)/(1<<20))
	if peak > bound {
		t.Errorf("reading takes %d bytes of heap", peak)
	}
}
