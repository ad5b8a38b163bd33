package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

const (
	base    = "https://pelatihan.example.go.id"
	good    = "token-of-yohanes"
	expired = "token-of-last-year"
)

// site is an app with one route of each kind, and what it logged.
type site struct {
	*web.App
	log *bytes.Buffer
}

type name struct {
	Body struct {
		Name  string `json:"name" minLength:"3"`
		Seats int    `json:"seats,omitempty" maximum:"40"`
	}
}

type echo struct {
	Body struct {
		Name string `json:"name"`
	}
}

type tenantKey struct{}

func newSite(t *testing.T, secure bool) *site {
	t.Helper()
	log := new(bytes.Buffer)
	a := web.New(web.Config{
		BaseURL: base, Secure: secure, Log: slog.New(slog.NewTextHandler(log, nil)),
		Authenticate: func(ctx context.Context, token, slug string) (context.Context, *web.View, error) {
			switch {
			case token == expired:
				return nil, nil, fault.New(fault.Unauthenticated, "Sesi sudah berakhir. Masuk lagi.")
			case slug == "tidak-ada":
				return nil, nil, fault.Missing()
			}
			v := &web.View{Slug: slug}
			if token != "" {
				v.Person = "Yohanes"
				v.Menu = []web.Link{{Path: "/t/" + slug, Label: "Beranda"}, {Path: "/t/" + slug + "/angkatan", Label: "Angkatan"}}
			}
			return context.WithValue(ctx, tenantKey{}, slug), v, nil
		},
	})
	public := web.Policy{Door: "public"}
	page := func(c *fiber.Ctx) error { return web.Render(c, 200, ui.Page("Beranda")) }
	a.Get("/", public, page)
	a.Get("/masuk", public, page)
	a.Get("/t/:slug", public, page)
	a.Get("/t/:slug/angkatan/:id", public, page)
	a.Get("/t/:slug/angkatanku", public, page)
	a.Post("/t/:slug/galat/:kind", public, func(c *fiber.Ctx) error { return failure(c.Params("kind")) })
	a.Post("/t/:slug/simpan", web.Policy{Door: "write", Perm: "thing.edit"}, func(c *fiber.Ctx) error {
		return web.Done(c, "/t/"+c.Params("slug"), "Tersimpan.")
	})
	a.Post("/masuk", web.Policy{Door: "platform"}, func(c *fiber.Ctx) error {
		web.SignIn(c, good, time.Now().Add(time.Hour))
		return web.Done(c, c.Query("lanjut"), "Selamat datang.")
	})
	a.Post("/keluar", web.Policy{Door: "self"}, func(c *fiber.Ctx) error {
		web.SignOut(c)
		return web.Done(c, "/", "")
	})
	a.Get("/galat/:kind", public, func(c *fiber.Ctx) error { return failure(c.Params("kind")) })
	tenants := "/api/v1/tenants/{slug}"
	web.Operation(a, huma.Operation{OperationID: "echo", Method: "POST", Path: tenants + "/echo"},
		web.Policy{Door: "write", Perm: "thing.edit"}, func(_ context.Context, in *name) (*echo, error) {
			out := new(echo)
			out.Body.Name = in.Body.Name
			return out, nil
		})
	web.Operation(a, huma.Operation{OperationID: "fail", Method: "GET", Path: "/api/v1/fail/{kind}"},
		public, func(_ context.Context, in *struct {
			Kind string `path:"kind"`
		}) (*echo, error) {
			return nil, failure(in.Kind)
		})
	return &site{App: a, log: log}
}

// failure is an error of each kind that handlers return.
func failure(kind string) error {
	switch kind {
	case "panic":
		panic("index out of range")
	case "internal":
		return errors.New(`read employee: invalid input "Maria Tokan" near 199003122015032003`)
	case "late":
		return context.DeadlineExceeded
	case "field":
		return fault.At("name", "Nama wajib diisi.")
	}
	return fault.New(fault.Kind(kind), "Kalimat untuk %s.", kind)
}

// do sends a request; headers are pairs.
func (s *site) do(t *testing.T, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	res, err := s.Fiber().Test(req, 5000)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

func TestRoutes(t *testing.T) {
	s := newSite(t, true)
	if got := s.Undeclared(); len(got) != 0 {
		t.Fatalf("Undeclared() = %v, want none", got)
	}
	s.Fiber().Get("/belakang", func(c *fiber.Ctx) error { return nil })
	want := []web.Route{{Method: "GET", Path: "/belakang"}, {Method: "HEAD", Path: "/belakang"}}
	if diff := cmp.Diff(want, s.Undeclared()); diff != "" {
		t.Errorf("Undeclared() (-want +got):\n%s", diff)
	}
	last := s.Routes()[len(s.Routes())-2]
	if diff := cmp.Diff(web.Route{Method: "POST", Path: "/api/v1/tenants/:slug/echo",
		Policy: web.Policy{Door: "write", Perm: "thing.edit", API: true}}, last); diff != "" {
		t.Errorf("operation (-want +got):\n%s", diff)
	}
	for _, p := range []web.Policy{{}, {Door: "window"}, {Door: "write"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Get accepted the policy %+v", p)
				}
			}()
			s.Get("/baru", p, func(*fiber.Ctx) error { return nil })
		}()
	}
}

func TestHeaders(t *testing.T) {
	s := newSite(t, true)
	for _, path := range []string{"/", "/livez", "/readyz", "/tidak-ada", "/galat/internal", "/galat/panic", "/api/v1/openapi.json", "/api/v1/fail/conflict", "/t/tidak-ada"} {
		res, _ := s.do(t, "GET", path, "")
		for _, h := range []string{"Content-Security-Policy", "Strict-Transport-Security", "X-Request-Id", "Referrer-Policy"} {
			if res.Header.Get(h) == "" {
				t.Errorf("GET %s: no %s", path, h)
			}
		}
		if h := res.Header; h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("GET %s: headers %v", path, h)
		}
	}
	res, _ := newSite(t, false).do(t, "GET", "/", "")
	if res.Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS on an installation without TLS")
	}
}

func TestOpenAPI(t *testing.T) {
	_, body := newSite(t, true).do(t, "GET", "/api/v1/openapi.json", "")
	var doc struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]any
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil || doc.OpenAPI != "3.1.0" || doc.Paths["/api/v1/tenants/{slug}/echo"] == nil {
		t.Errorf("openapi %q, paths %v, %v", doc.OpenAPI, doc.Paths, err)
	}
}

// TestDocs: the page tells of each operation what the document says, and loads nothing
// but our own style.
func TestDocs(t *testing.T) {
	body := ""
	for _, path := range []string{"/api", "/api?bagian=echo", "/api?bagian=fail"} {
		res, page := newSite(t, true).do(t, "GET", path, "")
		if res.StatusCode != 200 || strings.Contains(page, "<script") || strings.Contains(strings.ReplaceAll(page, base, ""), "https://") {
			t.Errorf("status %d, or something from elsewhere:\n%s", res.StatusCode, page)
		}
		body += page
	}
	if res, _ := newSite(t, true).do(t, "GET", "/api?bagian=none", ""); res.StatusCode != 404 {
		t.Errorf("an unknown chapter: %d", res.StatusCode)
	}
	for _, text := range []string{
		`<a href="/api?bagian=echo">echo</a>`, `<a href="/api?bagian=fail">fail</a>`, `<b>POST</b> <code>/api/v1/tenants/{slug}/echo</code>`, `<b>GET</b> <code>/api/v1/fail/{kind}</code>`,
		"<code>kind</code>", "<code>name</code>", "paling sedikit 3 karakter", "<code>seats</code>", "paling besar 40", "<b>200</b>", "<b>422</b>",
	} {
		if !strings.Contains(body, text) {
			t.Errorf("the page does not show %s:\n%s", text, body)
		}
	}
	if strings.Count(body, "Terbuka untuk siapa saja.") != 1 {
		t.Error("one operation of two is open to anybody")
	}
}

func TestLocal(t *testing.T) {
	for path, want := range map[string]string{
		"/t/53-01?a=1": "/t/53-01?a=1", "": "/", "//evil.example": "/", `/\evil.example`: "/",
		"https://evil.example": "/", "/a\tb": "/", "/a\r\nSet-Cookie: x": "/", "t": "/",
	} {
		if got := web.Local(path); got != want {
			t.Errorf("Local(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestReady(t *testing.T) {
	var down error
	a := web.New(web.Config{
		BaseURL: base, Log: slog.New(slog.DiscardHandler),
		Authenticate: func(context.Context, string, string) (context.Context, *web.View, error) { panic("health asks nobody") },
		Ready:        func(context.Context) error { return down },
	})
	s := &site{App: a}
	for _, tc := range []struct {
		path string
		down error
		want int
	}{{"/readyz", nil, 200}, {"/readyz", errors.New("no database"), 503}, {"/livez", errors.New("no database"), 200}} {
		down = tc.down
		if res, body := s.do(t, "GET", tc.path, ""); res.StatusCode != tc.want || strings.Contains(body, "database") {
			t.Errorf("%s with %v: %d %q, want %d", tc.path, tc.down, res.StatusCode, body, tc.want)
		}
	}
	if got := a.Link("/v/7"); got != base+"/v/7" {
		t.Errorf("Link = %q", got)
	}
}

func TestRun(t *testing.T) {
	for _, before := range []time.Duration{0, 50 * time.Millisecond} { // 0: it ends before it serves
		ctx, cancel := context.WithTimeout(t.Context(), before)
		if err := newSite(t, false).Run(ctx, listen(t)); err != nil {
			t.Errorf("Run ended after %v: %v", before, err)
		}
		cancel()
	}
	closed := listen(t)
	closed.Close()
	if err := newSite(t, false).Run(t.Context(), closed); err == nil {
		t.Error("Run on a closed listener gave no error")
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}
