package web

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
)

const openAPIPath = "/api/v1/openapi.json"

// openAPI puts huma on the same app. Its own documents, schemas and links are off:
// they load from a CDN, build themselves unguarded on first use, and name hosts
// that are not ours.
func (a *App) openAPI() {
	cfg := huma.DefaultConfig("Wiyata", "1")
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", "", nil
	cfg.Servers = []*huma.Server{{URL: a.origin}}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "The token of a session."},
		"session": {Type: "apiKey", In: "cookie", Name: cookieName(sessionCookie, a.cfg.Secure), Description: "Set by signing in at /masuk."},
	}
	cfg.Transformers = []huma.Transformer{keepRefusal}
	a.api = humafiber.New(a.fiber, cfg)

	document := sync.OnceValues(func() ([]byte, error) { return json.Marshal(a.api.OpenAPI()) })
	a.own(openAPIPath, func(c *fiber.Ctx) error {
		body, err := document()
		if err != nil {
			return fmt.Errorf("openapi: %w", err)
		}
		c.Set(fiber.HeaderContentType, "application/openapi+json")
		return c.Send(body)
	})
}

// Operation declares a JSON operation. Whatever goes wrong, in huma or in h, goes
// to the same place as the errors of pages and leaves as problem+json.
func Operation[I, O any](a *App, op huma.Operation, p Policy, h func(context.Context, *I) (*O, error)) {
	path := strings.NewReplacer("{", ":", "}", "").Replace(op.Path)
	p.API = true
	op.MaxBodyBytes = max(p.Body, bodyLimit) + 1 // huma refuses this many; what is more, admit has refused
	a.declare(op.Method, path, p)
	if p.Door != "public" {
		op.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	}
	if len(op.Tags) == 0 {
		op.Tags = []string{collection(op.Path)}
	}
	if len(op.Errors) == 0 {
		op.Errors = []int{401, 403, 404, 409, 422, 429, 503}
	}
	enter := func(ctx huma.Context, next func(huma.Context)) {
		r := requestFrom(ctx.Context())
		r.route = path
		if r.failed = r.checkSlug(ctx.Param("slug")); r.failed == nil && r.token == "" && p.Door != "public" {
			r.failed = fault.New(fault.Unauthenticated, "Operasi ini hanya untuk yang sudah masuk. Sertakan cookie sesi atau token.") // before huma tells a stranger what a body lacks
		}
		if r.failed == nil {
			r.failed = p.admit(ctx.Context())
		}
		if r.failed == nil {
			next(ctx)
		}
	}
	op.Middlewares = append(huma.Middlewares{enter}, op.Middlewares...)
	huma.Register(a.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err != nil {
			requestFrom(ctx).failed = err // huma would print its text to the client
		}
		return out, err
	})
}

// collection returns what a path is about, its last part that is no parameter:
// "marks" of ".../sessions/{session}/marks".
func collection(path string) string {
	parts := strings.Split(path, "/")
	for i := len(parts) - 1; i > 0; i-- {
		if parts[i] != "" && parts[i][0] != '{' {
			return parts[i]
		}
	}
	return "api"
}

// keepRefusal notes an error that huma is about to write, so that fail writes it
// instead. It is a transformer because huma's other way is a package variable.
func keepRefusal(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	r := requestFrom(ctx.Context())
	if !ok || r.failed != nil {
		return v, nil //nolint:nilerr // the request keeps its error, which is told in its place
	}
	p := about(m.Status, "")
	for _, e := range m.Errors {
		if e == nil {
			continue
		}
		at := e.Location
		if at == "" {
			at = "body"
		}
		p.Errors = append(p.Errors, detail{Location: at, Message: indonesian(e.Message)})
	}
	r.failed = p
	return v, nil
}
