// Package web is the edge: the Fiber app, and everything around a request that is
// the same for every page and every operation.
//
// It knows no domain. A slice hands it a path, a Policy and a handler; wiring
// hands it the function that turns a session token into an actor. What is decided
// here, once:
//
//   - A route without a declared Policy does not exist: Undeclared finds what
//     slipped past, and a test wants that list empty.
//   - Handlers return errors. One function (fail.go) renders and logs them, as a
//     page for people and as RFC 9457 problems below /api/.
//   - No state stays in the process. Session, CSRF token and flash message hang on
//     the session token, so any number of nodes can stand behind a proxy.
//   - Absolute links are made from Config.BaseURL only, never from a header.
//   - A tenant asks as often as Config.TenantRate lets it, and takes nobody's turn (limit.go).
//   - A body is as large as its route's Policy lets it be, before it is read (body.go).
//
// A request passes, in this order: recover, reference code, trace, deadline,
// security headers (edge.go); assets and health; origin check, JSON check (guard.go);
// authentication (session.go); CSRF, which hangs on a session that is good; the
// handler.
package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"
	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/asset"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// View is what the shell shows around a page; Link is a line of its menus.
type (
	View = ui.View
	Link = ui.Link
)

// ViewFrom returns what the shell shows in ctx, never nil.
func ViewFrom(ctx context.Context) *View { return ui.ViewFrom(ctx) }

// A Policy declares who may come through a route. Every route has one.
type Policy struct {
	Door string // "public", "platform", "self", "read", "write", "append" or "oversee"
	Perm string // permission that the Service behind the route asks for; "" for public, platform and self
	Body int64  // most bytes of a body, a whole number of MiB; 0 = 1 MiB
	API  bool   // set by Operation

	StepUp bool // asks for a password or code given within the last ten minutes
	Half   bool // open to a session that still lacks its second factor; public routes always are
}

// A Route is a declared route. Path is in Fiber's form ("/t/:slug/x/:id"), for
// operations too.
type Route struct {
	Method, Path string
	Policy       Policy
}

// Config is what the app needs from the outside.
type Config struct {
	BaseURL string   // "https://…" or "http://127.0.0.1:8080"; absolute links are made from it only
	Secure  bool     // cookies with Secure and the __Host- prefix, and HSTS
	Proxies []string // addresses or CIDR blocks of proxies whose X-Real-IP is believed

	// Authenticate returns ctx with the actor in it, and what the shell shows.
	// Token "" is nobody; slug "" is a page without a tenant. When it answers
	// fault.Unauthenticated to a token, the cookie is dropped and it is asked
	// again about nobody; when it answers Moved, the request is led to the new slug.
	Authenticate func(ctx context.Context, token, slug string) (context.Context, *View, error)

	TenantRate int              // requests that a tenant's people and programs may make in a second; 0 = any number
	Clock      func() time.Time // that TenantRate goes by; nil = the machine's

	Ready func(context.Context) error // nil, or what /readyz asks; wait no longer than ctx
	Log   *slog.Logger
}

const (
	readTimeout  = 15 * time.Second
	writeTimeout = 60 * time.Second
	idleTimeout  = 60 * time.Second
	stopTimeout  = 20 * time.Second // how long Run waits for requests in flight
	headerLimit  = 16 << 10         // bytes; cookies and a long return path fit
)

// App is the web application. Declare every route before Run.
type App struct {
	cfg      Config
	origin   string // scheme://host of BaseURL
	host     string
	fiber    *fiber.App
	api      huma.API
	routes   []Route
	known    map[string]bool // "GET /path" of all that was declared, the app's own included
	english  ui.Words
	buckets  *buckets
	draining atomic.Bool
}

// New returns an app that serves assets, health and the OpenAPI document. It
// panics when BaseURL is not an absolute http or https address, and when
// Authenticate or Log is missing.
func New(cfg Config) *App {
	if cfg.Authenticate == nil || cfg.Log == nil {
		panic("web: Config needs Authenticate and Log")
	}
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		panic(fmt.Sprintf("web: BaseURL %q is not an absolute http(s) address", cfg.BaseURL))
	}
	a := &App{cfg: cfg, origin: base.Scheme + "://" + base.Host, host: base.Host, known: map[string]bool{}, english: ui.Words{}, buckets: newBuckets(cfg.TenantRate, cfg.Clock)}
	a.fiber = fiber.New(fiber.Config{
		AppName:                 "Wiyata",
		DisableStartupMessage:   true,
		Immutable:               true, // otherwise a Params string that outlives its request turns into another tenant's
		CaseSensitive:           true, // a path means one thing: the slug is read from it before routing
		ReadTimeout:             readTimeout,
		WriteTimeout:            writeTimeout,
		IdleTimeout:             idleTimeout,
		BodyLimit:               bodyLimit,
		ReadBufferSize:          headerLimit,
		EnableTrustedProxyCheck: true, // no proxy named: no forwarded header is believed
		TrustedProxies:          cfg.Proxies,
		ProxyHeader:             "X-Real-Ip",
		// A form is parsed by who wants it, after it was let through.
		DisablePreParseMultipartForm: true,
		ErrorHandler:                 a.fail,
	})
	a.fiber.Server().HeaderReceived = a.admit
	a.fiber.Use(a.edge)
	a.own("/livez", func(c *fiber.Ctx) error { return c.SendString("ok") })
	a.own("/readyz", a.ready)
	a.own(asset.Prefix+"*", asset.Handle)
	a.own(ui.StylePrefix+"*", style)
	a.openAPI()
	a.fiber.Use(a.sameOrigin, a.jsonOnly, a.authenticate, a.csrf)
	a.languages()
	a.document()
	return a
}

// own adds a route of the app itself: anyone may ask, and nobody is authenticated.
func (a *App) own(path string, h fiber.Handler) {
	a.known[fiber.MethodGet+" "+path] = true
	a.fiber.Get(path, func(c *fiber.Ctx) error {
		of(c).route = path
		return h(c)
	})
}

// Get declares a page. It answers HEAD as well.
func (a *App) Get(path string, p Policy, h fiber.Handler) {
	a.declare(fiber.MethodGet, path, p)
	a.fiber.Get(path, a.enter(path, p, h))
}

// Post declares what a form is sent to.
func (a *App) Post(path string, p Policy, h fiber.Handler) {
	a.declare(fiber.MethodPost, path, p)
	a.fiber.Post(path, a.enter(path, p, h))
}

// declare panics on a Policy that says nothing and on a path declared twice: both
// are mistakes of the program, found when it starts.
func (a *App) declare(method, path string, p Policy) {
	switch p.Door {
	case "public", "platform", "self":
	case "read", "write", "append", "oversee":
		if p.Perm == "" {
			panic(fmt.Sprintf("web: %s %s: door %q needs a permission", method, path, p.Door))
		}
	default:
		panic(fmt.Sprintf("web: %s %s: no such door %q", method, path, p.Door))
	}
	if p.Body != 0 && (p.Body < bodyLimit || p.Body%bodyLimit != 0) {
		panic(fmt.Sprintf("web: %s %s: a body of %d bytes is no whole number of MiB", method, path, p.Body))
	}
	key := method + " " + path
	if a.known[key] {
		panic("web: declared twice: " + key)
	}
	a.known[key] = true
	a.routes = append(a.routes, Route{Method: method, Path: path, Policy: p})
}

// enter names the route for traces and logs, and refuses a slug other than the one
// that was authenticated, and a session that has not come far enough.
func (a *App) enter(path string, p Policy, h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		r := of(c)
		r.route = path
		if err := r.checkSlug(c.Params("slug")); err != nil {
			return err
		}
		if err := p.admit(c.UserContext()); err != nil {
			return err
		}
		return h(c)
	}
}

// Routes returns the declared routes in the order of their declaration.
func (a *App) Routes() []Route { return append([]Route(nil), a.routes...) }

// Undeclared returns what Fiber serves without a Policy.
func (a *App) Undeclared() []Route {
	var found []Route
	for _, r := range a.fiber.GetRoutes(true) {
		declared := a.known[r.Method+" "+r.Path] ||
			r.Method == fiber.MethodHead && a.known[fiber.MethodGet+" "+r.Path]
		if !declared {
			found = append(found, Route{Method: r.Method, Path: r.Path})
		}
	}
	return found
}

// Fiber returns the app below, for tests.
func (a *App) Fiber() *fiber.App { return a.fiber }

// Link returns the absolute address of a path of this installation.
func (a *App) Link(path string) string { return a.origin + Local(path) }

// Run serves on listener until ctx ends, then lets requests in flight finish.
func (a *App) Run(ctx context.Context, listener net.Listener) error {
	served := make(chan error, 1)
	go func() { served <- a.fiber.Listener(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	a.draining.Store(true) // proxies look elsewhere
	err := a.fiber.ShutdownWithTimeout(stopTimeout)
	listener.Close() // for a Shutdown that came before Serve had the listener
	if e := <-served; e != nil && !errors.Is(e, net.ErrClosed) {
		err = errors.Join(err, e)
	}
	if err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	return nil
}

// ready answers 503 while the app stops or something it needs does not answer.
func (a *App) ready(c *fiber.Ctx) error {
	if a.draining.Load() {
		return c.Status(fiber.StatusServiceUnavailable).SendString("stopping")
	}
	if a.cfg.Ready != nil {
		ctx, cancel := context.WithTimeout(c.UserContext(), 2*time.Second)
		defer cancel()
		if err := a.cfg.Ready(ctx); err != nil {
			return c.Status(fiber.StatusServiceUnavailable).SendString("not ready")
		}
	}
	return c.SendString("ok")
}

// Render answers with page. A page that fails half-way is an error, never half a page.
//
// Pages leave uncompressed, and a proxy must not compress them either: they hold the
// CSRF token beside texts that a stranger can choose (a search, a path to come back
// to), and the length of a compressed page tells such a text when it has guessed a
// part of the token (BREACH). Assets, which hold no secret, are compressed when built.
func Render(c *fiber.Ctx, status int, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(c.UserContext(), &b); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	if ViewFrom(c.UserContext()).Flash != "" {
		dropFlash(c) // it has been shown
	}
	c.Type("html", "utf-8")
	return c.Status(status).Send(b.Bytes())
}

// ID reads the id in the named part of the request's address, in the one spelling in
// which ids are stored.
func ID[T ~string](c *fiber.Ctx, name string) T { return T(store.Canonical(c.Params(name))) }

// FormID is ID for an input of a form.
func FormID[T ~string](c *fiber.Ctx, name string) T { return T(store.Canonical(c.FormValue(name))) }

// Local returns path when it leads to a page of this installation, else "/". Give
// it every path that came from outside before anybody is sent there.
func Local(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return "/"
	}
	if strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	return path
}
