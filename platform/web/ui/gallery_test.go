package ui_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// gallery serves every component, as three kinds of people meet them: staff at
// /t/53-01/ruang, a participant at /t/53-02/hari-ini, oversight at /t/53/peta.
func gallery() *web.App {
	app := web.New(web.Config{
		BaseURL: "http://127.0.0.1:8099",
		Log:     slog.New(slog.DiscardHandler),
		Authenticate: func(ctx context.Context, _, slug string) (context.Context, *web.View, error) {
			return ctx, person(slug), nil
		},
	})
	show := func(path string, page templ.Component) {
		app.Get(path, web.Policy{Door: "public"}, func(c *fiber.Ctx) error { return web.Render(c, 200, page) })
	}
	show("/t/:slug/ruang", workspace())
	show("/t/:slug/hari-ini", today())
	show("/t/:slug/peta", oversight())
	show("/masuk", signIn())
	app.Get("/rusak", web.Policy{Door: "public"}, func(*fiber.Ctx) error { return io.ErrUnexpectedEOF })
	app.Get("/penuh", web.Policy{Door: "public"}, func(*fiber.Ctx) error {
		return fault.New(fault.Conflict, "Kuota pengirim sudah penuh (12 peserta). Pindahkan ke daftar tunggu.")
	})
	return app
}

func person(slug string) *web.View {
	switch slug {
	case "53-01":
		return &web.View{
			Person: "Yohanes Bria Seran", Tenant: "Pemerintah Kabupaten Kupang", Slug: slug, Role: "Panitia", Switch: "/instansi",
			Menu: []web.Link{
				{Path: "/t/53-01", Label: "Beranda", Icon: "home"},
				{Path: "/t/53-01/kalender", Label: "Kalender", Icon: "calendar"},
				{Path: "/t/53-01/ruang", Label: "Angkatan", Icon: "school"},
				{Path: "/t/53-01/usulan", Label: "Usulan peserta", Icon: "inbox"},
				{Path: "/t/53-01/pegawai", Label: "Pegawai", Icon: "users"},
				{Path: "/t/53-01/laporan", Label: "Laporan", Icon: "chart"},
				{Path: "/t/53-01/pengaturan", Label: "Pengaturan", Icon: "settings"},
			},
		}
	case "53-02":
		return &web.View{
			Person: "Maria Dolorosa Tokan", Tenant: "BPSDMD Provinsi NTT", Slug: slug, Role: "Peserta", Theme: ui.NewTheme("#A13626", "ketupat"),
			Bottom: []web.Link{
				{Path: "/t/53-02/hari-ini", Label: "Hari ini", Icon: "home"},
				{Path: "/t/53-02/belajar", Label: "Belajar", Icon: "book"},
				{Path: "/t/53-02/tugas", Label: "Tugas", Icon: "tasks"},
				{Path: "/t/53-02/jp", Label: "Riwayat JP", Icon: "award"},
			},
		}
	case "53":
		return &web.View{
			Person: "Ratna", Tenant: "Provinsi Nusa Tenggara Timur", Slug: slug, Role: "Pengawas", ReadOnly: true, Theme: ui.NewTheme("#2B8FA3", "parang"),
			Menu: []web.Link{{Path: "/t/53/peta", Label: "Peta", Icon: "map"}, {Path: "/t/53/peringkat", Label: "Peringkat", Icon: "chart"}},
		}
	}
	return &web.View{}
}

// TestGallery wants every page of the gallery whole and free of what the content
// policy would refuse. GALLERY=1 serves it on 127.0.0.1:8099 instead, to be looked
// at, until interrupted.
func TestGallery(t *testing.T) {
	app := gallery()
	if os.Getenv("GALLERY") != "" {
		ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt)
		defer stop()
		listener, err := net.Listen("tcp", "127.0.0.1:8099")
		if err != nil {
			t.Fatal(err)
		}
		if err := app.Run(ctx, listener); err != nil {
			t.Fatal(err)
		}
		return
	}
	inline := regexp.MustCompile(`(?i)<script|<style|\son[a-z]+=|\sstyle=|javascript:`)
	for _, path := range []string{"/t/53-01/ruang", "/t/53-02/hari-ini", "/t/53/peta", "/masuk", "/rusak", "/penuh", "/tidak-ada"} {
		res, err := app.Fiber().Test(httptest.NewRequest("GET", path, nil))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		body := string(b)
		if found := inline.FindString(body); found != "" {
			t.Errorf("%s: %q in the page; the content policy refuses it", path, found)
		}
		if !strings.Contains(body, `<main id="content"`) || !strings.HasSuffix(body, "</html>") {
			t.Errorf("%s: not a whole page:\n%s", path, body)
		}
		if strings.Count(body, "<h1>") != 1 {
			t.Errorf("%s: %d h1, want 1", path, strings.Count(body, "<h1>"))
		}
	}
}
