package oversight

import (
	"bytes"
	_ "embed"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

//go:embed en.json
var english []byte

// Routes declares the pages and operations of overseers.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	oversee := web.Policy{Door: "oversee", Perm: authz.OversightRead.String()}
	app.Get("/t/:slug/pengawasan", oversee, s.handleSummary)
	app.Get("/t/:slug/pengawasan/pegawai", oversee, s.handleHeadcounts)
	app.Get("/t/:slug/pengawasan/pegawai/unduh", oversee, s.handleExport)
	s.operations(app)
}

func (s *Service) handleSummary(c *fiber.Ctx) error {
	sum, err := s.Summary(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, summaryPage(c.Params("slug"), sum))
}

// asked reads the day and the province of the address.
// Errors: fault.Invalid (tanggal) for what is no day.
func asked(c *fiber.Ctx) (day civil.Date, province string, err error) {
	if text := c.Query("tanggal"); text != "" {
		if day, err = civil.ParseDate(text); err != nil {
			return day, "", fault.At("tanggal", "Ini bukan tanggal. Tulis misalnya 2026-11-22.")
		}
	}
	return day, c.Query("provinsi"), nil
}

func (s *Service) handleHeadcounts(c *fiber.Ctx) error {
	day, province, err := asked(c)
	var r Report
	if err == nil {
		r, err = s.Headcounts(c.UserContext(), day, province)
	} else if !s.gate.May(c.UserContext(), authz.OversightRead) {
		r, err = s.Headcounts(c.UserContext(), day, province) // who may not, hears that first
	}
	if wrong := fault.Of(err); wrong != nil && wrong.Kind == fault.Invalid {
		return web.Render(c, fiber.StatusUnprocessableEntity, headcountPage(c.Params("slug"), r, c.Query("tanggal"), province, wrong.Text))
	}
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, headcountPage(c.Params("slug"), r, r.Day.String(), province, ""))
}

func (s *Service) handleExport(c *fiber.Ctx) error {
	day, province, err := asked(c)
	if err != nil {
		return err
	}
	r, err := s.Headcounts(c.UserContext(), day, province)
	if err != nil {
		return err
	}
	format, kind := sheet.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	if c.Query("format") == "csv" {
		format, kind = sheet.CSV, "text/csv; charset=utf-8"
	}
	ctx := c.UserContext()
	titles := []sheet.Title{{Text: ui.T(ctx, "Kode")}, {Text: ui.T(ctx, "Pemerintah daerah"), Width: 36}, {Text: ui.T(ctx, "Jumlah"), Number: true}}
	for _, e := range employments {
		titles = append(titles, sheet.Title{Text: e.name, Number: true})
	}
	titles = append(titles,
		sheet.Title{Text: ui.T(ctx, "Laki-laki"), Number: true}, sheet.Title{Text: ui.T(ctx, "Perempuan"), Number: true}, sheet.Title{Text: ui.T(ctx, "Tidak diketahui"), Number: true},
		sheet.Title{Text: ui.T(ctx, "Melapor"), Number: true}, sheet.Title{Text: ui.T(ctx, "Dari"), Number: true},
		sheet.Title{Text: ui.T(ctx, "Keadaan pada")}, sheet.Title{Text: ui.T(ctx, "Dihitung"), Width: 24})
	var b bytes.Buffer
	t, err := sheet.NewWriter(&b, format, titles)
	if err != nil {
		return err
	}
	at := civil.DateOf(r.At, civil.WIB).String() + " " + civil.Clock(r.At, civil.WIB)
	for _, row := range r.Rows {
		cells := []string{row.Government.Code, row.Government.Name}
		add := func(n int) {
			text := "" // no data is an empty cell, never zero
			if row.Known() {
				text = strconv.Itoa(n)
			}
			cells = append(cells, text)
		}
		add(row.Total())
		for _, e := range employments {
			add(row.Kind(e.kind))
		}
		for _, sex := range []stat.Sex{stat.Male, stat.Female, ""} {
			add(row.Sex(sex))
		}
		cells = append(cells, strconv.Itoa(row.Reporting), strconv.Itoa(row.Of), r.Day.String(), at)
		if err := t.Write(cells...); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	c.Attachment("pegawai-" + fileOf(r.Above) + "-" + r.Day.String() + "." + string(format))
	c.Set(fiber.HeaderContentType, kind)
	return c.Send(b.Bytes())
}

// fileOf is how a file names whose rows it holds.
func fileOf(above tenants.Government) string {
	if above.ID == 0 {
		return "nasional"
	}
	return above.Slug
}
