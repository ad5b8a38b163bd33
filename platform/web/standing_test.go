package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
)

// TestStanding: a half session comes to what says so, a stale one not to what asks for
// fresh proof; people are led, programs are told.
func TestStanding(t *testing.T) {
	standings := map[string]web.Standing{"half": {Half: true, Fresh: true}, "stale": {}, "fresh": {Fresh: true}}
	a := web.New(web.Config{BaseURL: base, Log: slog.New(slog.DiscardHandler),
		Authenticate: func(ctx context.Context, token, _ string) (context.Context, *web.View, error) {
			return web.WithStanding(ctx, standings[token]), nil, nil
		}})
	done := func(c *fiber.Ctx) error { return c.SendString("ok") }
	a.Get("/umum", web.Policy{Door: "public"}, done)
	a.Get("/saya", web.Policy{Door: "self"}, done)
	a.Get("/saya/peran", web.Policy{Door: "self", StepUp: true}, done)
	a.Get("/masuk/pasang", web.Policy{Door: "self", Half: true}, done)
	web.Operation(a, huma.Operation{OperationID: "token", Method: http.MethodPost, Path: "/api/v1/token"}, web.Policy{Door: "self", StepUp: true},
		func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	s := &site{App: a}
	for _, tc := range []struct{ token, method, path, want string }{
		{"half", "GET", "/umum", "200"}, {"half", "GET", "/masuk/pasang", "200"}, {"half", "GET", "/saya", "303 /masuk/dua-langkah?lanjut=%2Fsaya"},
		{"half", "POST", "/api/v1/token", "403 Sesi ini belum lengkap"},
		{"stale", "GET", "/saya", "200"}, {"stale", "GET", "/saya/peran", "303 /masuk/ulang?lanjut=%2Fsaya%2Fperan"},
		{"stale", "POST", "/api/v1/token", "403 Tindakan ini meminta kata sandi"},
		{"fresh", "GET", "/saya/peran", "200"}, {"fresh", "POST", "/api/v1/token", "204"},
	} {
		res, body := s.do(t, tc.method, tc.path, "{}", "Cookie", "session="+tc.token, "Content-Type", "application/json")
		status, says, _ := strings.Cut(tc.want, " ")
		if res.Status[:3] != status || !strings.Contains(res.Header.Get("Location")+body, says) {
			t.Errorf("%s: %s %s = %s to %q: %s, want %s", tc.token, tc.method, tc.path, res.Status, res.Header.Get("Location"), body, tc.want)
		}
	}
}

// TestVisit: what is kept of a browser and its address.
func TestVisit(t *testing.T) {
	s := newSite(t, true)
	s.Get("/kunjungan", web.Policy{Door: "public"}, func(c *fiber.Ctx) error {
		return c.SendString(web.Device(c) + "|" + web.Network(c) + "|" + web.Mark(c))
	})
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36":           "Chrome di Android",
		"Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36":     "Samsung Internet di Android",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0":    "Edge di Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile Safari/604.1": "Safari di iPhone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0":                                                           "Firefox di Linux",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15":            "Safari di macOS",
		"curl/8.9": "", "<script>alert(1)</script> Windows": "Windows",
	} {
		if _, body := s.do(t, "GET", "/kunjungan", "", "User-Agent", agent, "Cookie", "__Host-device=tanda"); body != want+"|0.0.0.0/24|tanda" {
			t.Errorf("%s\n= %s, want %s", agent, body, want)
		}
	}
	for address, want := range map[string]string{"203.0.113.77": "203.0.113.0/24", "::ffff:203.0.113.77": "203.0.113.0/24", "2001:db8:7:9::1": "2001:db8:7::/48", "fe80::1%eth0": "fe80::/48", "x": ""} {
		if diff := cmp.Diff(want, web.NetworkOf(address)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
}

// TestRetryAfter: what passes by itself says when, on an operation as on a page.
func TestRetryAfter(t *testing.T) {
	s := newSite(t, true)
	s.Get("/ramai", web.Policy{Door: "public"}, func(*fiber.Ctx) error {
		return fault.Later(fault.Limited, 90*time.Second+time.Millisecond, "Coba lagi nanti.")
	})
	s.Get("/penuh", web.Policy{Door: "public"}, func(*fiber.Ctx) error { return fault.Later(fault.Unavailable, 3*time.Second, "Coba lagi nanti.") })
	for path, want := range map[string][2]string{"/ramai": {"429", "91"}, "/penuh": {"503", "3"}, "/galat/conflict": {"409", ""}} {
		if res, _ := s.do(t, "GET", path, ""); res.Status[:3] != want[0] || res.Header.Get("Retry-After") != want[1] {
			t.Errorf("%s: %s, Retry-After %q, want %v", path, res.Status, res.Header.Get("Retry-After"), want)
		}
	}
}
