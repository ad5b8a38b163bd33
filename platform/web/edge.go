package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/telemetry"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// deadline is what a request has. Fiber does not tell a handler that the client
// has gone, so without it a forgotten request would run for ever.
const deadline = 30 * time.Second

// contentPolicy is what a page may do: nothing inline, nothing from elsewhere.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// request is what the edge knows of the request it is serving.
type request struct {
	id      string   // reference code that a person can read out on the phone
	route   string   // template of the route that serves it; "" when none does
	token   string   // session token, or an API token; "" when there is none
	bearer  bool     // token came with an Authorization header
	slug    string   // tenant that was authenticated for; "" for none
	secure  bool     // Config.Secure
	chosen  bool     // the reader has chosen a language
	english ui.Words // that the app has
	failed  error    // of an operation: huma has no way to return it
}

type requestKey struct{}

// of returns the state of c's request; outside the edge, a fresh one.
func of(c *fiber.Ctx) *request { return requestFrom(c.UserContext()) }

func requestFrom(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{id: reference()}
}

// checkSlug refuses a slug that is not the one the actor was authenticated for.
func (r *request) checkSlug(slug string) error {
	if slug != r.slug {
		return fault.Missing()
	}
	return nil
}

// Reference returns the code under which the log knows the request.
func Reference(c *fiber.Ctx) string { return of(c).id }

// edge is the outermost layer: reference code, trace, deadline, headers, and the
// only caller of fail for a request that was routed.
func (a *App) edge(c *fiber.Ctx) (err error) {
	r := &request{id: reference(), secure: a.cfg.Secure}
	ctx := context.WithValue(c.UserContext(), requestKey{}, r)
	ctx, end := telemetry.Server(ctx, c.Method(), func(name string) string { return c.Get(name) })
	defer func() { end(c.Response().StatusCode(), r.template()) }()
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	c.SetUserContext(ctx)

	a.headers(c, r)
	if err := a.next(c, r); err != nil {
		return a.fail(c, err)
	}
	return nil
}

// label names the request for traces and logs, without its raw path: that can
// hold a token or a name.
func (r *request) label(c *fiber.Ctx) string { return c.Method() + " " + r.template() }

func (r *request) template() string {
	if r.route == "" {
		return "(no route)"
	}
	return r.route
}

// A crash is a panic on its way to the log.
type crash struct {
	value any
	stack []byte
}

func (e *crash) Error() string { return fmt.Sprintf("panic: %v", e.value) }

func (a *App) next(c *fiber.Ctx, r *request) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &crash{value: v, stack: debug.Stack()}
		}
	}()
	if err := c.Next(); err != nil {
		return err
	}
	return r.failed
}

// headers sets what every answer carries. Only assets and themes are ever stored by a cache.
func (a *App) headers(c *fiber.Ctx, r *request) {
	c.Set("X-Request-Id", r.id)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentSecurityPolicy, contentPolicy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
	if a.cfg.Secure {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
	}
}

// reference returns ten characters without look-alikes, as "7KQ2M-4XPRT".
func reference() string {
	const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ7K" // 32: a byte's low five bits choose one
	var b [10]byte
	rand.Read(b[:])
	for i := range b {
		b[i] = letters[b[i]&31]
	}
	return string(b[:5]) + "-" + string(b[5:])
}

// isAPI reports whether machines are asking.
func isAPI(c *fiber.Ctx) bool { return strings.HasPrefix(c.Path(), "/api/") }

// slugOf returns the tenant that a path names, or "".
func slugOf(path string) string {
	for _, prefix := range []string{"/t/", "/api/v1/tenants/"} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			slug, _, _ := strings.Cut(rest, "/")
			return slug
		}
	}
	return ""
}
