package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"mime"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
)

// safe reports whether method changes nothing.
func safe(method string) bool {
	return method == fiber.MethodGet || method == fiber.MethodHead || method == fiber.MethodOptions
}

// sameOrigin refuses to change anything for a page of another site. Browsers say
// where a request comes from (Sec-Fetch-Site; older ones Origin); what says
// nothing is no browser, and carries nobody's cookies against their will.
func (a *App) sameOrigin(c *fiber.Ctx) error {
	if safe(c.Method()) {
		return c.Next()
	}
	site, origin := c.Get("Sec-Fetch-Site"), c.Get(fiber.HeaderOrigin)
	ok := site == "same-origin" || site == "none"
	if site == "" {
		ok = origin == "" || origin == a.origin
	}
	if !ok {
		return fault.New(fault.Forbidden, "Permintaan ini datang dari situs lain dan ditolak. Ulangi dari halaman aslinya.")
	}
	return c.Next()
}

// jsonOnly keeps forms of other sites away from operations: a form cannot send
// JSON, or a bare file, without the browser asking us first.
func (a *App) jsonOnly(c *fiber.Ctx) error {
	bare := c.Method() == fiber.MethodDelete && len(c.Body()) == 0 // no form can send that
	if isAPI(c) && !safe(c.Method()) && !bare {
		if kind, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType)); err != nil || kind != fiber.MIMEApplicationJSON && kind != fiber.MIMEOctetStream {
			return fiber.ErrUnsupportedMediaType
		}
	}
	return c.Next()
}

// csrf wants, in every form sent with a session, the token that hangs on that
// session. Whoever has no session has nothing that a forged form could use.
func (a *App) csrf(c *fiber.Ctx) error {
	r := of(c)
	if safe(c.Method()) || isAPI(c) || r.token == "" {
		return c.Next()
	}
	sent := c.Get("X-CSRF-Token")
	if sent == "" {
		sent = formValue(c, "_csrf")
	}
	if !hmac.Equal([]byte(sent), []byte(csrfToken(r.token))) {
		return fault.New(fault.Forbidden, "Halaman ini sudah terlalu lama terbuka. Muat ulang halamannya, lalu ulangi.")
	}
	return c.Next()
}

// formValue reads the body only: Fiber's FormValue would take the query first.
func formValue(c *fiber.Ctx, name string) string {
	if v := c.Request().PostArgs().Peek(name); len(v) > 0 {
		return string(v)
	}
	if form, err := c.MultipartForm(); err == nil {
		if v := form.Value[name]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// csrfToken derives the token from the session token, which a forger does not
// have; nothing needs to be stored, and a new session has a new one.
func csrfToken(session string) string { return mac(session, "csrf") }

// mac returns the keyed hash of text for one use of a session token.
func mac(session, text string) string {
	h := hmac.New(sha256.New, []byte(session))
	h.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
