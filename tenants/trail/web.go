package trail

import (
	"bytes"
	_ "embed"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

//go:embed en.json
var english []byte

// Routes declares the pages and operations of the trail.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	read := web.Policy{Door: "read", Perm: authz.AuditRead.String()}
	app.Get("/t/:slug/jejak-audit", read, s.handleList)
	app.Get("/t/:slug/jejak-audit/periksa", read, s.handleVerify)
	app.Get("/t/:slug/jejak-audit/unduh", read, s.handleExport)
	s.operations(app)
}

// asked is a filter as it stands in an address.
type asked struct{ person, kind, from, to, before string }

// values are a's, for links that keep it.
func (a asked) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"orang": a.person, "jenis": a.kind, "dari": a.from, "sampai": a.to} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// path is page below the trail of slug, with a and more names and values.
func (a asked) path(slug, page string, more ...string) string {
	v := a.values()
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	path := "/t/" + slug + "/jejak-audit" + page
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path
}

// filter reads a. Errors: fault.Invalid (dari, sampai) for what is no day.
func (a asked) filter() (f Filter, err error) {
	f = Filter{Actor: store.IdentityID(store.Canonical(a.person)), Kind: a.kind, Before: store.Canonical(a.before)}
	if a.from != "" {
		if f.From, err = civil.ParseDate(a.from); err != nil {
			return f, fault.At("dari", "Hari pertama bukan tanggal. Tulis misalnya 2026-11-22.")
		}
	}
	if a.to != "" {
		if f.To, err = civil.ParseDate(a.to); err != nil {
			return f, fault.At("sampai", "Hari terakhir bukan tanggal. Tulis misalnya 2026-11-22.")
		}
	}
	return f, nil
}

func askedOf(c *fiber.Ctx) asked {
	return asked{c.Query("orang"), c.Query("jenis"), c.Query("dari"), c.Query("sampai"), c.Query("sebelum")}
}

func (s *Service) handleList(c *fiber.Ctx) error {
	a := askedOf(c)
	f, err := a.filter()
	var p Page
	if err == nil {
		p, err = s.List(c.UserContext(), f)
	} else if e := s.gate.Check(c.UserContext(), authz.AuditRead); e != nil {
		return e
	}
	if wrong := fault.Of(err); wrong != nil && wrong.Kind == fault.Invalid {
		return web.Render(c, fiber.StatusUnprocessableEntity, listPage(c.Params("slug"), a, p, wrong))
	}
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, listPage(c.Params("slug"), a, p, &fault.Error{}))
}

func (s *Service) handleVerify(c *fiber.Ctx) error {
	check, err := s.Verify(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, checkPage(c.Params("slug"), check))
}

func (s *Service) handleExport(c *fiber.Ctx) error {
	format, kind := sheet.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	if c.Query("format") == "csv" {
		format, kind = sheet.CSV, "text/csv; charset=utf-8"
	}
	f, err := askedOf(c).filter()
	if err != nil {
		return err
	}
	f.Before = ""
	p, err := s.Export(c.UserContext(), f)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	var b bytes.Buffer
	t, err := sheet.NewWriter(&b, format, []sheet.Title{
		{Text: ui.T(ctx, "Waktu"), Width: 24}, {Text: ui.T(ctx, "Siapa"), Width: 28}, {Text: ui.T(ctx, "Sebagai"), Width: 28}, {Text: ui.T(ctx, "Tindakan"), Width: 36},
		{Text: ui.T(ctx, "Alasan"), Width: 30}, {Text: ui.T(ctx, "Izin yang dipakai"), Width: 22}, {Text: ui.T(ctx, "Jenis"), Width: 14}, {Text: ui.T(ctx, "Objek"), Width: 38},
		{Text: ui.T(ctx, "Nomor segel"), Number: true}, {Text: ui.T(ctx, "Segel"), Width: 60},
	})
	if err != nil {
		return err
	}
	for _, e := range p.Entries {
		seq := ""
		if e.Seq > 0 {
			seq = number(e.Seq)
		}
		at := civil.DateOf(e.At, p.Zone).String() + " " + civil.Clock(e.At, p.Zone)
		if err := t.Write(at, ui.T(ctx, e.Who()), as(ctx, e), ui.T(ctx, e.Deed()), e.Reason, e.Permission, e.Kind, e.Object, seq, e.Hash); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, kind)
	c.Attachment("jejak-audit-" + strings.ToLower(c.Params("slug")) + "." + string(format))
	c.Set(fiber.HeaderContentType, kind)
	return c.Send(b.Bytes())
}
