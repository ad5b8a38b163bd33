package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/pquerna/otp/totp"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/certificate"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// guarded is an installation that asks weighty roles for a second factor.
func guarded(t *testing.T, db *store.DB) *installation {
	t.Helper()
	in := assemble(t, db, slog.New(slog.DiscardHandler))
	signer, err := certificate.NewSigner(make([]byte, 32))
	check(t, err)
	p, err := wire(context.Background(), parts{db: db, plugins: guestDir, keys: keys{signer: signer}, second: true, baseURL: "http://wiyata.test", log: in.log})
	check(t, err)
	t.Cleanup(func() {
		closing, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		p.host.Close(closing)
	})
	return &installation{p, in.ids}
}

// enter types a person's name and password.
func (c *client) enter(key string) *client {
	c.t.Helper()
	i := slices.IndexFunc(everybody(), func(p sample.Person) bool { return p.Key == key })
	return c.open("/masuk").press("Masuk", fields{"login": everybody()[i].Email, "password": sample.Password})
}

var shownKey = regexp.MustCompile(`<code class="key">([A-Z2-7 ]+)</code>`)

// setUp sets up the second factor that the page asks for, and returns the phone.
func (c *client) setUp(clock func() time.Time) (code func() string, recovery []string) {
	c.t.Helper()
	found := shownKey.FindStringSubmatch(c.page.body)
	if found == nil {
		c.t.Fatalf("%s offers no key:\n%s", c.page.path, readable(c.page.body))
	}
	used := map[string]bool{}
	code = func() string { // each once; a phone whose clock is ahead by a step has another
		for _, at := range []time.Duration{0, 30 * time.Second} {
			now, err := totp.GenerateCode(strings.ReplaceAll(found[1], " ", ""), clock().Add(at))
			check(c.t, err)
			if !used[now] {
				used[now] = true
				return now
			}
		}
		c.t.Fatal("no code is left that was not used")
		return ""
	}
	c.press("Pasang", fields{"code": code()}).want(200).sees("Kode pemulihan")
	recovery = regexp.MustCompile(`[A-Z2-7]{5}-[A-Z2-7]{5}`).FindAllString(c.page.body, -1)
	return code, recovery
}

// TestFixation: what a browser brought to a sign-in is worth nothing afterwards, and
// what it had before a step is dead after it.
func TestFixation(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := guarded(t, db)
		ctx := context.Background()
		dead := func(when, token string) {
			t.Helper()
			if _, err := in.accounts.Authenticate(ctx, token); err == nil {
				t.Errorf("the token from before %s is alive", when)
			}
		}
		c := in.visitor(t)
		planted := strings.Repeat("A", 43)
		c.cookies["session"], c.cookies["device"] = planted, planted
		c.enter("overseer").want(200).sees("Pasang langkah kedua")
		dead("sign-in", planted)
		if c.cookies["session"] == planted {
			t.Error("a planted token was adopted")
		}
		half := c.cookies["session"]
		code, recovery := c.setUp(time.Now)
		dead("setting up", half)
		if mark := c.cookies["device"]; mark == planted || mark == "" {
			t.Errorf("the device's mark is %q", mark)
		}
		again := in.visitor(t)
		again.enter("overseer").sees("Langkah kedua")
		half = again.cookies["session"]
		again.press("Lanjutkan", fields{"code": code()}).want(200)
		dead("the second factor", half)
		whole := again.cookies["session"]
		again.enter("overseer")
		dead("signing in again", whole)
		again.press("Lanjutkan", fields{"code": recovery[0]}).want(200)
		again.enter("overseer").press("Lanjutkan", fields{"code": recovery[0]}).want(422).sees("Kode tidak cocok atau sudah dipakai")

		d := in.signIn(t, "organiser")
		before := d.cookies["session"]
		d.open("/masuk/ulang").press("Konfirmasi", fields{"secret": sample.Password}).want(200)
		dead("the proof", before)
	})
}

// TestHalfReach asks every route with a session that lacks its second factor: those
// below are open, and every other one leads to it, or says so to programs.
func TestHalfReach(t *testing.T) {
	open := strings.Fields(`POST:/masuk POST:/keluar GET:/masuk/dua-langkah POST:/masuk/dua-langkah
		GET:/masuk/dua-langkah/pasang POST:/masuk/dua-langkah/pasang GET:/masuk/ulang POST:/masuk/ulang POST:/aktivasi POST:/aktivasi/tanpa-akses`)
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := guarded(t, db)
		c := in.visitor(t).enter("overseer")
		form := "_csrf=" + url.QueryEscape(hidden.FindStringSubmatch(c.page.body)[1])
		var reached []string
		closed := 0
		for _, r := range in.web.Routes() {
			if r.Policy.Half {
				reached = append(reached, r.Method+":"+r.Path)
				continue
			}
			if r.Policy.Door == "public" {
				continue // shown to anybody; a half session is nobody there
			}
			closed++
			path := strings.NewReplacer(":slug", "lan", ":host", "15", ":token", "AAAAAAAAAAAAAAAAAAAAAAAAAA").Replace(r.Path)
			path = regexp.MustCompile(`:\w+`).ReplaceAllString(path, "01890000-0000-7000-8000-000000000000")
			kind, body := "", ""
			switch {
			case r.Policy.API && r.Method != http.MethodGet && r.Method != http.MethodDelete:
				kind, body = fiber.MIMEApplicationJSON, "{}"
			case r.Method == http.MethodPost:
				kind, body = fiber.MIMEApplicationForm, form
			}
			c.send(r.Method, path, kind, body)
			to := c.page.header.Get("Location")
			if r.Policy.API && c.page.status != http.StatusForbidden || !r.Policy.API && (c.page.status != http.StatusSeeOther || !strings.HasPrefix(to, "/masuk/dua-langkah")) {
				t.Errorf("%s %s: a half session gets %d, %s", r.Method, r.Path, c.page.status, to)
			}
		}
		if !slices.Equal(sorted(reached), sorted(open)) {
			t.Errorf("open to half sessions are\n%v, reviewed are\n%v", sorted(reached), sorted(open))
		}
		t.Logf("figure: a half session: %d routes closed, %d open", closed, len(reached))

		c.send("GET", "/", "", "").want(200)
		ctx, view, err := in.authenticate(context.Background(), c.cookies["session"], "")
		if _, ok := authz.ActorFrom(ctx); ok || err != nil || len(view.Menu)+len(view.Bottom) > 0 || view.Switch != "" {
			t.Errorf("a half session acts as somebody, or is shown a menu: %+v, %v", view, err)
		}
		c.open("/masuk/dua-langkah").sees("Pasang langkah kedua")
		c.setUp(time.Now)
		c.open("/t/lan/pengawasan").want(200)
	})
}

// TestUnsafeRoutes: no route that changes something takes a form without the session's
// token, nor anything from another site.
func TestUnsafeRoutes(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := assemble(t, db, slog.New(slog.DiscardHandler))
		c, asked := in.signIn(t, "organiser"), 0
		for _, r := range in.web.Routes() {
			if r.Method == http.MethodGet {
				continue
			}
			path := regexp.MustCompile(`:\w+`).ReplaceAllString(strings.ReplaceAll(r.Path, ":slug", "15"), "01890000-0000-7000-8000-000000000000")
			kind := fiber.MIMEApplicationForm
			if r.Policy.API {
				kind = fiber.MIMEApplicationJSON
			}
			for name, head := range map[string][2]string{
				"another site's page": {"Sec-Fetch-Site", "cross-site"}, "a neighbour's page": {"Sec-Fetch-Site", "same-site"}, "another origin": {"Origin", "http://evil.test"},
				"no token": {"Sec-Fetch-Site", "same-origin"}, "a form to an operation": {"Sec-Fetch-Site", "same-origin"},
			} {
				want := http.StatusForbidden
				req := httptest.NewRequest(r.Method, path, strings.NewReader("{}"))
				req.Host = "wiyata.test"
				req.Header.Set("Content-Type", kind)
				switch {
				case name == "no token" && r.Policy.API, name == "a form to an operation" && !r.Policy.API:
					continue // the token is for forms, and they are their own test
				case name == "a form to an operation":
					req.Header.Set("Content-Type", fiber.MIMEApplicationForm)
					want = http.StatusUnsupportedMediaType
				}
				req.Header.Set(head[0], head[1])
				req.AddCookie(&http.Cookie{Name: "session", Value: c.cookies["session"]})
				res, err := in.web.Fiber().Test(req, -1)
				check(t, err)
				check(t, res.Body.Close())
				if asked++; res.StatusCode != want {
					t.Errorf("%s %s from %s = %d, want %d", r.Method, r.Path, name, res.StatusCode, want)
				}
			}
		}
		c.open("/saya").want(200) // none of it ended the session
		t.Logf("figure: %d forged requests refused", asked)
	})
}

// TestEnumeration: the answer to whoever may not come in is the same to the byte, and
// its head too, whether the name exists or not.
func TestEnumeration(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := assemble(t, db, slog.New(slog.DiscardHandler))
		system := authz.AsSystem(context.Background(), 0)
		for _, key := range []string{"tanpa", "henti"} { // without a password; suspended
			password := map[string]string{"henti": sample.Password}[key]
			id, err := in.accounts.Create(system, account.Identity{Name: key, Email: key + "@jambi.example"}, password)
			check(t, err)
			if key == "henti" {
				check(t, in.accounts.Suspend(system, id, "Berhenti"))
			}
		}
		var want string
		for i, who := range []string{"siapa@jambi.example", "yusuf@jambi.example", "tanpa@jambi.example", "henti@jambi.example"} {
			password := sample.Password
			if i == 1 {
				password = "salah-sekali-lagi"
			}
			c := in.visitor(t)
			c.send("POST", "/masuk", fiber.MIMEApplicationForm, url.Values{"login": {who}, "password": {password}}.Encode()).want(401)
			head := c.page.header.Clone()
			head.Del("X-Request-Id")
			head.Del("Date")
			got := fmt.Sprint(head) + strings.ReplaceAll(c.page.body, who, "…")
			if i == 0 {
				want = got
			}
			if got != want {
				t.Errorf("%s can be told from an unknown name:\n%s\n%s", who, got, want)
			}
		}
	})
}

// TestLimitedPage: who has guessed too often is told until when, as a page and in its
// head, keeps what was typed, and comes in from a device of theirs.
func TestLimitedPage(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := assemble(t, db, slog.New(slog.DiscardHandler))
		home := in.signIn(t, "organiser")
		c := in.visitor(t)
		for range 10 {
			c.open("/masuk").press("Masuk", fields{"login": "yusuf@jambi.example", "password": "salah"}).want(401)
		}
		c.press("Masuk", fields{"login": "yusuf@jambi.example", "password": "salah"}).want(429).sees("Coba lagi setelah pukul", "WIB")
		if c.page.header.Get("Retry-After") == "" || !strings.Contains(c.page.body, `value="yusuf@jambi.example"`) {
			t.Errorf("Retry-After %q on\n%s", c.page.header.Get("Retry-After"), readable(c.page.body))
		}
		delete(home.cookies, "session")
		home.enter("organiser").want(200)
	})
}

// TestStepUp: a route that asks for fresh proof leads there and back, and tells programs.
func TestStepUp(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Now()
		clock := func() time.Time { return now }
		in := assemble(t, store.Clocked(db, clock), slog.New(slog.DiscardHandler))
		c := in.signIn(t, "organiser")
		c.open("/masuk/dua-langkah/pasang").want(200)
		now = now.Add(11 * time.Minute)
		c.send("GET", "/masuk/dua-langkah/pasang?lanjut=%2Fsaya", "", "").want(303)
		if to := c.page.header.Get("Location"); to != "/masuk/ulang?lanjut=%2Fmasuk%2Fdua-langkah%2Fpasang%3Flanjut%3D%252Fsaya" {
			t.Errorf("stale: led to %s", to)
		}
		c.follow().want(200).press("Konfirmasi", fields{"secret": "salah"}).want(422).sees("Kata sandi tidak cocok")
		c.press("Konfirmasi", fields{"secret": sample.Password}).want(200).sees("Pindai")
		code, _ := c.setUp(clock)

		now = now.Add(11 * time.Minute)
		send := func() *client { // from the page of the account's security
			form := c.csrf("/saya/keamanan")
			req := httptest.NewRequest("POST", "/saya/keamanan/dua-langkah/lepas", strings.NewReader(form))
			req.Host = "wiyata.test"
			req.Header.Set("Content-Type", fiber.MIMEApplicationForm)
			req.Header.Set("Referer", "http://wiyata.test/saya/keamanan")
			req.Header.Set("Sec-Fetch-Site", "same-origin")
			req.AddCookie(&http.Cookie{Name: "session", Value: c.cookies["session"]})
			res, err := in.web.Fiber().Test(req, -1)
			check(t, err)
			check(t, res.Body.Close())
			c.page.status, c.page.header = res.StatusCode, res.Header
			return c
		}
		send().want(303)
		if to := c.page.header.Get("Location"); to != "/masuk/ulang?lanjut=%2Fsaya%2Fkeamanan&belum=1" {
			t.Errorf("a form when stale: led to %s", to)
		}
		c.follow().sees("Isian tadi belum tersimpan").press("Konfirmasi", fields{"secret": code()}).want(200).sees("kirim sekali lagi", "Keamanan akun")
		if send().want(303); c.page.header.Get("Location") != "/saya/keamanan" {
			t.Errorf("a form when fresh: led to %s", c.page.header.Get("Location"))
		}
		c.open("/saya/keamanan").sees("Belum terpasang")
	})
}
