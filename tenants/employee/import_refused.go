package employee

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
)

// Refused writes the rows of run id that cannot be applied as XLSX: as they came, behind
// the reason of each. A NIK is left out, as it is everywhere.
// Errors: fault.NotFound.
func (s *Imports) Refused(ctx context.Context, id RunID, w io.Writer) (err error) {
	defer fault.Wrap(&err, "refused rows of import %s", id)
	run, err := s.find(ctx, id)
	if err != nil {
		return err
	}
	why := map[int]string{}
	err = s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) error {
		var all []Row
		err := tx.NewSelect().Model(&all).Column("line", "field", "cause", "cure").
			Where("tenant_id = ? AND run_id = ? AND verdict IN (?)", tx.Tenant, id, bun.List([]Verdict{Duplicate, Rejected, Elsewhere})).Scan(ctx)
		for _, r := range all {
			why[r.Line] = r.Told()
		}
		return err
	})
	if err != nil {
		return err
	}
	titles := []sheet.Title{{Text: "Alasan", Width: 60}}
	for _, t := range run.Titles {
		titles = append(titles, sheet.Title{Text: t})
	}
	out, err := sheet.NewWriter(w, sheet.XLSX, titles)
	if err != nil {
		return err
	}
	if err := s.copyRefused(ctx, run, why, out); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

func (s *Imports) copyRefused(ctx context.Context, run Run, why map[int]string, out *sheet.Writer) error {
	if len(why) == 0 {
		return nil
	}
	table, err := s.rows(ctx, run)
	if err != nil {
		return err
	}
	defer table.Close()
	nik, hidden := run.Columns["nik"]
	for {
		row, err := table.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		reason, ok := why[row.Number]
		if !ok {
			continue
		}
		cells := []string{reason}
		for i := range run.Titles {
			text := row.At(i).Text
			if hidden && i == nik {
				text = ""
			}
			cells = append(cells, text)
		}
		if err := out.Write(cells...); err != nil {
			return err
		}
	}
}

// Told is what is wrong with r and what to do, as "Baris 42, kolom NIP: …".
func (r Row) Told() string {
	if r.Cause == "" {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("Baris %d, kolom %s: %s %s", r.Line, heading(r.Field), r.Cause, r.Cure))
}
