package web

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

const (
	sessionCookie = "session"
	flashCookie   = "flash"
	flashLife     = time.Minute
	flashLimit    = 1000 // bytes of text; a cookie holds 4 KB
)

// cookie sets name, readable by no script and sent to no other site. The __Host-
// prefix makes browsers refuse one that a neighbouring host has set.
func cookie(c *fiber.Ctx, name, value string, expires time.Time) {
	secure := of(c).secure
	c.Cookie(&fiber.Cookie{
		Name: cookieName(name, secure), Value: value, Path: "/", Expires: expires,
		Secure: secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

func cookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

func dropCookie(c *fiber.Ctx, name string) { cookie(c, name, "", time.Unix(1, 0)) }

// SignIn sets the session cookie. Give it a token made after the person was
// recognised, and a new one whenever what they may do changes: a cookie from
// before then is worth nothing.
func SignIn(c *fiber.Ctx, token string, expires time.Time) {
	of(c).token = token
	cookie(c, sessionCookie, token, expires)
}

// SignOut drops the session cookie. Ending the session is the caller's.
func SignOut(c *fiber.Ctx) {
	of(c).token = ""
	dropCookie(c, sessionCookie)
}

// Token returns the session token of the request, or "".
func Token(c *fiber.Ctx) string { return of(c).token }

// TokenFrom is Token for operations.
func TokenFrom(ctx context.Context) string { return requestFrom(ctx).token }

// Bearer reports whether the token of the request came with an Authorization header,
// which only operations take: a program's token is good there and nowhere else.
func Bearer(ctx context.Context) bool { return requestFrom(ctx).bearer }

// tokenOf reads what a request identifies itself with: the cookie, or for
// operations an Authorization: Bearer header, which then stands alone.
func tokenOf(c *fiber.Ctx, r *request) string {
	if isAPI(c) {
		if h := c.Get(fiber.HeaderAuthorization); h != "" {
			kind, token, _ := strings.Cut(h, " ")
			if !strings.EqualFold(kind, "Bearer") {
				return ""
			}
			r.bearer = true
			return strings.TrimSpace(token)
		}
	}
	return c.Cookies(cookieName(sessionCookie, r.secure))
}

// authenticate puts the actor and the shell's view into the request's context. A
// token that is no longer good is dropped, and the request goes on as nobody's:
// public pages stay open to people whose session has ended.
func (a *App) authenticate(c *fiber.Ctx) error {
	r := of(c)
	r.token, r.slug = tokenOf(c, r), slugOf(c.Path())
	if r.token != "" {
		if err := a.buckets.left(r.slug); err != nil {
			return err
		}
	}
	ctx, view, err := a.cfg.Authenticate(c.UserContext(), r.token, r.slug)
	if r.token != "" && errors.Is(err, fault.Unauthenticated) {
		if r.token = ""; !isAPI(c) {
			dropCookie(c, sessionCookie)
		}
		ctx, view, err = a.cfg.Authenticate(c.UserContext(), "", r.slug)
	}
	if err == nil && r.token != "" {
		err = a.buckets.take(r.slug)
	}
	if err != nil {
		return err
	}
	shown := View{}
	if view != nil {
		shown = *view
	}
	shown.Path = c.Path()
	if lang := c.Cookies(cookieName(langCookie, r.secure)); lang != "" {
		shown.Lang, r.chosen = lang, true
	}
	r.english = a.english
	if shown.Lang = language(shown.Lang); shown.Lang == "en" {
		shown.Words = a.english
	}
	shown.Flash = flash(c, r)
	if r.token != "" {
		shown.CSRF = csrfToken(r.token)
	}
	shown.Menu, shown.Bottom = mark(shown.Menu, shown.Path, r.slug), mark(shown.Bottom, shown.Path, r.slug)
	c.SetUserContext(ui.WithView(ctx, &shown))
	return c.Next()
}

// mark returns links with the one marked that path lies under: the longest match,
// and a front page, under which everything lies, only when it is path itself. The
// caller's slice is left alone, it may serve every request.
func mark(links []Link, path, slug string) []Link {
	best := -1
	for i, l := range links {
		if l.Current {
			return links
		}
		front := l.Path == "/" || l.Path == "/t/"+slug
		under := path == l.Path || !front && strings.HasPrefix(path, l.Path+"/")
		if under && (best < 0 || len(l.Path) > len(links[best].Path)) {
			best = i
		}
	}
	if best < 0 {
		return links
	}
	links = slices.Clone(links)
	links[best].Current = true
	return links
}

// Done answers a form that did its work: it leads to path, where message is shown
// once. The message travels in the person's own browser, signed with their
// session and good for a minute.
func Done(c *fiber.Ctx, path, message string) error {
	if message != "" {
		if len(message) > flashLimit {
			message = strings.ToValidUTF8(message[:flashLimit], "") + "…"
		}
		until := time.Now().Add(flashLife)
		body := strconv.FormatInt(until.Unix(), 10) + "." + base64.RawURLEncoding.EncodeToString([]byte(message))
		cookie(c, flashCookie, body+"."+mac(of(c).token, "flash."+body), until)
	}
	return c.Redirect(Local(path), fiber.StatusSeeOther)
}

// flash returns the message that the last page left for this one, or "".
func flash(c *fiber.Ctx, r *request) string {
	raw := c.Cookies(cookieName(flashCookie, r.secure))
	i := strings.LastIndexByte(raw, '.')
	if i < 0 || !hmac.Equal([]byte(raw[i+1:]), []byte(mac(r.token, "flash."+raw[:i]))) {
		return ""
	}
	until, text, _ := strings.Cut(raw[:i], ".")
	seconds, err := strconv.ParseInt(until, 10, 64)
	if err != nil || time.Now().Unix() > seconds {
		return ""
	}
	message, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return ""
	}
	return string(message)
}

func dropFlash(c *fiber.Ctx) { dropCookie(c, flashCookie) }
