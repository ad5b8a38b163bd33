package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
)

// TestTenantRate: a tenant that floods is told when to come again, and another is served in
// full all the time; whoever is not signed in there takes nothing from it.
func TestTenantRate(t *testing.T) {
	now, asked := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC), 0
	app := web.New(web.Config{
		BaseURL: base, Log: slog.New(slog.DiscardHandler), TenantRate: 5, Clock: func() time.Time { return now },
		Authenticate: func(ctx context.Context, token, slug string) (context.Context, *web.View, error) {
			asked++
			switch {
			case token == expired:
				return nil, nil, fault.New(fault.Unauthenticated, "Sesi sudah berakhir. Masuk lagi.")
			case token == "token-of-a-stranger" && slug != "":
				return nil, nil, fault.Missing()
			}
			return ctx, &web.View{Slug: slug}, nil
		},
	})
	page := func(c *fiber.Ctx) error { return c.SendString("ok") }
	app.Get("/saya", web.Policy{Door: "public"}, page)
	app.Get("/t/:slug/x", web.Policy{Door: "public"}, page)
	app.Get("/api/v1/tenants/:slug/x", web.Policy{Door: "public"}, page)
	ask := func(path, token string) *http.Response {
		t.Helper()
		req := httptest.NewRequest(http.MethodGet, path, nil)
		if token != "" {
			req.AddCookie(&http.Cookie{Name: "session", Value: token})
		}
		res, err := app.Fiber().Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return res
	}
	served := func(n int, path, token string) (ok int) {
		for range n {
			if ask(path, token).StatusCode == http.StatusOK {
				ok++
			}
		}
		return ok
	}
	served(200, "/t/15-03/x", "")
	served(200, "/t/15-03/x", expired)
	served(200, "/t/15-03/x", "token-of-a-stranger")
	if got := served(60, "/t/15-03/x", good); got != 50 {
		t.Errorf("after strangers have come, %d of 60 requests were served, want 10 s worth of 5", got)
	}
	before := asked
	res := ask("/api/v1/tenants/15-03/x", good)
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "1" || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		t.Errorf("a program of a tenant that floods = %d, %v", res.StatusCode, res.Header)
	}
	if asked != before {
		t.Error("a flood is authenticated")
	}
	if got := served(50, "/t/15-71/x", good); got != 50 {
		t.Errorf("another tenant is served %d of 50 meanwhile", got)
	}
	for _, path := range []string{"/saya", "/t/15-03/x"} { // of no tenant; as a visitor
		token := map[string]string{"/saya": good}[path]
		if res := ask(path, token); res.StatusCode != http.StatusOK {
			t.Errorf("%s = %d", path, res.StatusCode)
		}
	}
	now = now.Add(2 * time.Second)
	if got := served(20, "/t/15-03/x", good); got != 10 {
		t.Errorf("two seconds later %d of 20 are served, want 10", got)
	}
}
