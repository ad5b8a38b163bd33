package employee

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
)

const (
	exportRows  = 100_000 // of a file: more than the largest government has
	exportChunk = 500     // rows read at a time
)

// Export writes the employees whom f lets through and the actor's grants reach to w, as
// the list has them, with all that is known but the NIK. That it was done is in the audit
// trail before the first row is read.
// Errors: fault.Invalid, also for more than 100,000 rows; fault.Forbidden when the grants
// are limited to no unit.
func (s *Service) Export(ctx context.Context, f Filter, format sheet.Format, w io.Writer) (err error) {
	defer fault.Wrap(&err, "export employees")
	if err := f.check(); err != nil {
		return err
	}
	if format != sheet.XLSX && format != sheet.CSV {
		return fault.At("format", "Bentuk berkas tidak dikenal. Pilih XLSX atau CSV.")
	}
	err = s.gate.Write(ctx, authz.EmployeeExport, "", func(tx *store.Tx) error {
		var tree Tree
		q, err := f.apply(ctx, tx, tx.NewSelect().Model((*Employee)(nil)), &tree)
		if err != nil {
			return err
		}
		n, err := q.Count(ctx)
		if err != nil {
			return err
		}
		if n > exportRows {
			return fault.New(fault.Invalid, "Daftar ini berisi %s baris, sedangkan satu berkas paling banyak %s. Persempit saringannya.", dots(int(n)), dots(exportRows))
		}
		tx.About("employee_export", string(f.Unit))
		tx.Because(fmt.Sprintf("%s, %d rows, kind %q, status %q, query %q", format, n, f.Kind, f.Status, f.Query))
		return nil
	})
	if err != nil {
		return err
	}
	table, err := sheet.NewWriter(w, format, exportTitles())
	if err != nil {
		return err
	}
	if err := s.exportRows(ctx, f, table); err != nil {
		table.Close() // gives up what was begun
		return err
	}
	return table.Close()
}

// exportRows writes them chunk by chunk, each as it stands then.
func (s *Service) exportRows(ctx context.Context, f Filter, table *sheet.Writer) error {
	for after := (store.Cursor{}); ; {
		var p Page
		err := s.gate.Read(ctx, authz.EmployeeExport, func(tx *store.Tx) (err error) {
			p, err = search(ctx, tx, f, after, exportChunk)
			return err
		})
		if err != nil {
			return err
		}
		for _, e := range p.Rows {
			if err := table.Write(exportCells(e)...); err != nil {
				return err
			}
		}
		if after = p.Next; after == (store.Cursor{}) {
			return nil
		}
	}
}

// exported are the fields of a file: what others work with.
func exported() (all []field) {
	for _, f := range fields() {
		switch f.name {
		case "signs", "guardian", "consent":
		default:
			all = append(all, f)
		}
	}
	return all
}

func exportTitles() []sheet.Title {
	all := []sheet.Title{{Text: "Nama di sertifikat", Width: 32}}
	for _, f := range exported() {
		width := 0
		switch f.name {
		case "nip", "unit", "position", "name":
			width = 24
		}
		all = append(all, sheet.Title{Text: f.label, Width: width})
	}
	return append(all, sheet.Title{Text: "Status"})
}

func exportCells(e Employee) []string {
	cells := []string{e.Name}
	for _, f := range exported() {
		text := f.text(e)
		if f.list != nil {
			text = nameIn(f.list, text)
		}
		cells = append(cells, text)
	}
	status := "Nonaktif"
	if e.Active {
		status = "Aktif"
	}
	return append(cells, status)
}

// dots writes n as Indonesia does: 100.000.
func dots(n int) string {
	text := fmt.Sprint(n)
	var b strings.Builder
	for i, digit := range text {
		if i > 0 && (len(text)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(digit)
	}
	return b.String()
}
