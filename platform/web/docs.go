package web

import (
	"cmp"
	"context"
	_ "embed"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

const docsPath = "/api"

//go:embed en.json
var docsEnglish []byte

// document declares the API's page.
func (a *App) document() {
	a.Words(docsEnglish)
	a.Get(docsPath, Policy{Door: "public"}, a.docs)
}

// A chapter of the API's page: operations with one tag.
type chapter struct {
	tag        string
	operations []operation
}

// An operation as the page shows it.
type operation struct {
	id, method, path, summary, text string

	open       bool // to anybody
	parameters []part
	body       []part
	answers    []reply
}

// A part is a parameter or a property: "quota[].seats".
type part struct {
	name, kind, text string

	required bool
}

type reply struct {
	status, text string
	body         []part // of success; every error has the one shape
}

// docs shows the OpenAPI document to people: without a script and without another
// site, as everything here. It lists all operations, and tells all about those of the
// chapter that "bagian" names: all about all would be a page too heavy.
func (a *App) docs(c *fiber.Ctx) error {
	all := chapters(c.UserContext(), a.api.OpenAPI())
	if wanted := c.Query("bagian"); wanted != "" {
		i := slices.IndexFunc(all, func(each chapter) bool { return each.tag == wanted })
		if i < 0 {
			return fault.Missing()
		}
		return Render(c, fiber.StatusOK, chapterPage(all[i]))
	}
	return Render(c, fiber.StatusOK, docsPage(a.origin, all))
}

// chapters reads doc: by tag, then path, then method.
func chapters(ctx context.Context, doc *huma.OpenAPI) []chapter {
	tagged := map[string][]operation{}
	for path, item := range doc.Paths {
		for method, op := range map[string]*huma.Operation{
			"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete,
		} {
			if op == nil || op.Hidden {
				continue
			}
			for _, tag := range op.Tags {
				tagged[tag] = append(tagged[tag], describe(ctx, doc, method, path, op))
			}
		}
	}
	var all []chapter
	for _, tag := range slices.Sorted(maps.Keys(tagged)) {
		slices.SortFunc(tagged[tag], func(a, b operation) int {
			return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method))
		})
		all = append(all, chapter{tag, tagged[tag]})
	}
	return all
}

func describe(ctx context.Context, doc *huma.OpenAPI, method, path string, op *huma.Operation) operation {
	o := operation{id: op.OperationID, method: method, path: path, summary: op.Summary, text: op.Description, open: len(op.Security) == 0}
	for _, p := range op.Parameters {
		if p.Schema != nil {
			o.parameters = append(o.parameters, part{p.Name, p.In + " " + kindOf(p.Schema), textOf(ctx, p.Description, p.Schema), p.Required})
		}
	}
	if op.RequestBody != nil {
		o.body = contents(ctx, doc, op.RequestBody.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		r := reply{status: status, text: op.Responses[status].Description}
		if strings.HasPrefix(status, "2") {
			r.body = contents(ctx, doc, op.Responses[status].Content)
		}
		o.answers = append(o.answers, r)
	}
	return o
}

func contents(ctx context.Context, doc *huma.OpenAPI, content map[string]*huma.MediaType) []part {
	media, ok := content[fiber.MIMEApplicationJSON]
	if !ok || media.Schema == nil {
		return nil
	}
	return properties(ctx, doc, "", media.Schema, nil)
}

// properties lists the properties of s and of what lies in them, under names that
// lead there from the top. within are the schemas on the way: one that holds itself
// is told once.
func properties(ctx context.Context, doc *huma.OpenAPI, prefix string, s *huma.Schema, within []string) (all []part) {
	if s.Ref != "" {
		if slices.Contains(within, s.Ref) {
			return nil
		}
		within = append(within, s.Ref)
		if s = doc.Components.Schemas.SchemaFromRef(s.Ref); s == nil {
			return nil
		}
	}
	if s.Type == huma.TypeArray && s.Items != nil {
		return properties(ctx, doc, prefix+"[]", s.Items, within)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property, full := s.Properties[name], name
		if prefix != "" {
			full = prefix + "." + name
		}
		shown := property
		if target := doc.Components.Schemas.SchemaFromRef(property.Ref); property.Ref != "" && target != nil {
			shown = target
		}
		all = append(all, part{full, kindOf(shown), textOf(ctx, property.Description, shown), slices.Contains(s.Required, name)})
		all = append(all, properties(ctx, doc, full, property, within)...)
	}
	return all
}

// kindOf names the type of a value: "string (date)", "array".
func kindOf(s *huma.Schema) string {
	if s.Format != "" {
		return s.Type + " (" + s.Format + ")"
	}
	return s.Type
}

// textOf says what a value means and what bounds it.
func textOf(ctx context.Context, description string, s *huma.Schema) string {
	var texts []string
	if description = cmp.Or(description, s.Description); description != "" {
		texts = append(texts, description)
	}
	if len(s.Enum) > 0 {
		var values []string
		for _, v := range s.Enum {
			if text, ok := v.(string); ok {
				values = append(values, text)
			}
		}
		texts = append(texts, ui.T(ctx, "salah satu dari %s", strings.Join(values, ", ")))
	}
	if s.Minimum != nil {
		texts = append(texts, ui.T(ctx, "paling kecil %v", *s.Minimum))
	}
	if s.Maximum != nil {
		texts = append(texts, ui.T(ctx, "paling besar %v", *s.Maximum))
	}
	if s.MinLength != nil {
		texts = append(texts, ui.T(ctx, "paling sedikit %d karakter", *s.MinLength))
	}
	if s.MaxLength != nil {
		texts = append(texts, ui.T(ctx, "paling banyak %d karakter", *s.MaxLength))
	}
	if s.MinItems != nil {
		texts = append(texts, ui.T(ctx, "paling sedikit %d butir", *s.MinItems))
	}
	if s.MaxItems != nil {
		texts = append(texts, ui.T(ctx, "paling banyak %d butir", *s.MaxItems))
	}
	return strings.Join(texts, "; ")
}
