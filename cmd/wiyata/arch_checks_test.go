package main_test

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// foreignImports finds the packages of ours that s may not import.
func foreignImports(s *source) (found []string) {
	allowed, known := reach(s)
	if !known {
		found = append(found, s.path+": no such slice in the order; give it its place there")
	}
	for _, spec := range s.file.Imports {
		to, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module+"/")
		if !ours || slices.ContainsFunc(allowed, func(folder string) bool {
			return to == folder || folder != "tenants" && under(to, folder) // the root slice is not its folder
		}) {
			continue
		}
		found = append(found, s.at(spec, "imports "+to))
	}
	return found
}

// reach returns the folders of ours that s may import; known is false in a slice that
// has no place in the order. A test may also import the migrations: the real schema is
// the only one.
func reach(s *source) (folders []string, known bool) {
	dir := s.dir()
	elements := strings.Split(dir, "/")
	everything := []string{"platform", "authz", "plugins/coursetype", "plugins/host", "tenants", "tenants/migrations", "tenants/sample"}
	for _, slice := range order {
		everything = append(everything, "tenants/"+slice)
	}
	switch {
	case under(dir, "platform"):
		folders = []string{"platform"}
		if s.test() {
			folders = append(folders, "tenants/migrations")
		}
		return folders, true
	case under(dir, "authz"):
		folders = []string{"platform", "authz"}
		if s.test() {
			folders = append(folders, "tenants/migrations")
		}
		return folders, true
	case under(dir, ".ci"): // what measures the product from outside
		return []string{"platform", "authz", "tenants/migrations"}, true
	case under(dir, "plugins/coursetype"):
		return []string{"plugins/coursetype"}, true
	case under(dir, "plugins/host"):
		folders = []string{"platform", "authz", "plugins/coursetype", "plugins/host"}
		if s.test() {
			folders = append(folders, "tenants/migrations")
		}
		return folders, true
	case under(dir, "plugins"):
		return []string{"plugins/coursetype", path.Join(elements[:min(2, len(elements))]...)}, true
	case under(dir, "tenants/migrations"):
		folders = []string{"platform/store", "tenants/migrations"}
		if s.test() {
			folders = append(folders, "platform")
		}
		return folders, true
	case under(dir, "tenants/sample"), under(dir, "cmd"):
		return everything, true
	case under(dir, "tenants"):
		folders = []string{"platform", "authz", "tenants"}
		if s.test() {
			folders = append(folders, "tenants/migrations", "tenants/sample")
		}
		if dir == "tenants" {
			return folders, true
		}
		at := slices.Index(order, elements[1])
		for _, slice := range order[:at+1] {
			folders = append(folders, "tenants/"+slice)
		}
		if at >= slices.Index(order, "program") {
			folders = append(folders, "plugins/host", "plugins/coursetype")
		}
		return folders, at >= 0
	}
	return nil, true
}

// A home is where a library may be imported.
type home func(*source) bool

func in(folders ...string) home { return func(s *source) bool { return under(s.dir(), folders...) } }

// files are those of tenants with one of the names, and their tests.
func files(names ...string) home {
	return func(s *source) bool {
		base := strings.TrimSuffix(strings.TrimSuffix(path.Base(s.path), ".go"), "_test")
		_, kind, _ := strings.Cut(base, "_") // a slice with several ideas has a file for each: access_web.go
		return under(s.dir(), "tenants") && (slices.Contains(names, base) || slices.Contains(names, kind))
	}
}

func either(homes ...home) home {
	return func(s *source) bool {
		return slices.ContainsFunc(homes, func(h home) bool { return h(s) })
	}
}

// homes: a library with all below it, and where it lives. A longer path has its own
// line beside that of its parent, and must keep both.
var homes = []struct {
	library string
	home    home
}{
	{"github.com/gofiber", either(in("platform/web", "cmd"), files("web", "api"))},
	{"github.com/valyala/fasthttp", either(in("platform/web", "cmd"), files("web", "api"))},
	{"github.com/danielgtaylor/huma", either(in("platform/web", "cmd"), files("web", "api"))},
	{"github.com/casbin", in("authz")},
	{"github.com/hashicorp/go-plugin", in("plugins")},
	{"google.golang.org/grpc", in("plugins", "platform/telemetry")}, // telemetry: OTLP travels over it
	{"google.golang.org/protobuf", in("plugins")},
	{"go.opentelemetry.io", func(s *source) bool { // a test may read what was traced
		return in("platform/telemetry", "plugins/coursetype")(s) || strings.HasSuffix(s.path, "_test.go") && in("cmd", "plugins/host")(s)
	}},
	{"github.com/prometheus", in("platform/telemetry")},
	{"github.com/uptrace/bun", func(s *source) bool {
		return in("platform/store", "platform/jobs", "authz", "tenants")(s) && !files("web", "api")(s)
	}},
	{"github.com/uptrace/bun/dialect", func(s *source) bool { // the test of the queue's odd pair opens its own transaction
		return in("platform/store")(s) || s.path == "tenants/migrations/migrations_test.go"
	}},
	{"github.com/jackc", in("platform/store")},
	{"github.com/pquerna/otp", func(s *source) bool { return in("tenants/account")(s) || s.test() && in("cmd")(s) }}, // a test has a phone
	{"github.com/xuri/excelize", in("platform/sheet")},
	{"modernc.org/sqlite", in("platform/store")},
	{"github.com/pressly/goose", in("platform/store", "tenants/migrations")},
	{"github.com/riverqueue", in("platform/jobs", "tenants/migrations")},
	{"github.com/evanw/esbuild", in("platform/web")},
	{"github.com/chromedp", in("platform/web", "cmd")},
}

func strayLibraries(s *source) (found []string) {
	for _, spec := range s.file.Imports {
		for _, h := range homes {
			if p := strings.Trim(spec.Path.Value, `"`); under(p, h.library) && !h.home(s) {
				found = append(found, s.at(spec, "imports "+p))
			}
		}
	}
	return found
}

func clocks(s *source) []string {
	if s.test() || !under(s.dir(), "tenants") {
		return nil
	}
	return append(
		s.mentions("time", func(name string) bool { return name == "Now" }),
		s.mentions("github.com/google/uuid", func(name string) bool { return strings.HasPrefix(name, "New") })...)
}

func inits(s *source) (found []string) {
	if s.generated() {
		return nil
	}
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			found = append(found, s.at(f, "func init"))
		}
	}
	return found
}

func skips(s *source) (found []string) {
	local := s.local("testing")
	if local == "" {
		return nil
	}
	var params []string // of a type of package testing
	ast.Inspect(s.file, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncType); ok {
			for _, p := range f.Params.List {
				if sel, ok := deref(p.Type).(*ast.SelectorExpr); ok && isIdent(sel.X, local) {
					for _, id := range p.Names {
						params = append(params, id.Name)
					}
				}
			}
		}
		return true
	})
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(sel.Sel.Name, "Skip") && sel.Sel.Name != "Skipped" && slices.Contains(params, lastName(sel.X)) {
			found = append(found, s.at(sel, lastName(sel.X)+"."+sel.Sel.Name))
		}
		return true
	})
	return found
}

func deref(e ast.Expr) ast.Expr {
	if star, ok := e.(*ast.StarExpr); ok {
		return star.X
	}
	return e
}

func sleeps(s *source) []string {
	if !s.test() && !strings.HasSuffix(s.dir(), "test") { // storetest, coursetypetest
		return nil
	}
	return s.mentions("time", func(name string) bool { return name == "Sleep" })
}

func rawPages(s *source) []string {
	return s.mentions("github.com/a-h/templ", func(name string) bool { return name == "Raw" })
}

func databases(s *source) (found []string) {
	opens := func(name string) bool { return name == "DB" || strings.HasPrefix(name, "Open") }
	if s.test() || under(s.dir(), "tenants/migrations", "tenants/sample") {
		return nil
	}
	if under(s.dir(), "tenants") {
		found = s.mentions(module+"/platform/store", opens)
	}
	if !under(s.dir(), "platform/store", "platform/jobs") { // River takes a *sql.DB
		found = append(found, s.mentions("database/sql", opens)...)
	}
	return found
}

func long(s *source) []string {
	if s.generated() || s.lines <= 500 {
		return nil
	}
	return []string{fmt.Sprintf("%s: %d lines", s.path, s.lines)}
}

func uncommented(folder []*source) []string {
	first := ""
	for _, s := range folder {
		if s.test() || s.generated() {
			continue
		}
		if s.file.Doc.Text() != "" {
			return nil
		}
		first = s.path
	}
	if first == "" {
		return nil
	}
	return []string{path.Dir(first) + ": no package comment"}
}

// rawRoutes finds routes put on a Fiber app, group or router by hand: on a variable,
// parameter or field whose type says so, or that was made by fiber.New or Group.
func rawRoutes(folder []*source) (found []string) {
	if under(folder[0].dir(), "platform/web") {
		return nil
	}
	registers := strings.Fields("Get Post Put Patch Delete Head Options Connect Trace All Add Use Group Static Mount Route")
	var routers []string
	for _, s := range folder {
		local := s.local("github.com/gofiber/fiber/v2")
		if local == "" {
			continue
		}
		isRouter := func(e ast.Expr) bool {
			sel, ok := deref(e).(*ast.SelectorExpr)
			return ok && isIdent(sel.X, local) && slices.Contains([]string{"App", "Router", "Group"}, sel.Sel.Name)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field:
				if isRouter(n.Type) {
					for _, id := range n.Names {
						routers = append(routers, id.Name)
					}
				}
			case *ast.ValueSpec:
				if n.Type != nil && isRouter(n.Type) {
					for _, id := range n.Names {
						routers = append(routers, id.Name)
					}
				}
			case *ast.AssignStmt:
				for i, right := range n.Rhs {
					call, ok := right.(*ast.CallExpr)
					if !ok || i >= len(n.Lhs) {
						continue
					}
					sel, ok := call.Fun.(*ast.SelectorExpr)
					if ok && (isIdent(sel.X, local) && sel.Sel.Name == "New" || sel.Sel.Name == "Group" && slices.Contains(routers, lastName(sel.X))) {
						routers = append(routers, lastName(n.Lhs[i]))
					}
				}
			}
			return true
		})
	}
	for _, s := range folder {
		if s.test() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if ok && slices.Contains(registers, sel.Sel.Name) && slices.Contains(routers, lastName(sel.X)) {
				found = append(found, s.at(call, lastName(sel.X)+"."+sel.Sel.Name))
			}
			return true
		})
	}
	return found
}

// guestsBehindDoors finds a guest asked inside a closure that a door of the Gate was
// given, in the closure itself or in a function of the same package that it calls.
// Functions are known by name alone, so two of one name count as one.
func guestsBehindDoors(folder []*source) (found []string) {
	doors := strings.Fields("Read Write Bookkeep Append Self Oversee Public Platform")
	asking := map[string]bool{} // functions of the package that ask a guest
	for grew := true; grew; {
		grew = false
		for _, s := range folder {
			for _, d := range s.file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if ok && f.Body != nil && !asking[f.Name.Name] && asksGuest(s, f.Body, asking) != nil {
					asking[f.Name.Name], grew = true, true
				}
			}
		}
	}
	for _, s := range folder {
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains(doors, sel.Sel.Name) || !strings.EqualFold(lastName(sel.X), "gate") {
				return true
			}
			for _, arg := range call.Args {
				if f, ok := arg.(*ast.FuncLit); ok {
					if at := asksGuest(s, f.Body, asking); at != nil {
						found = append(found, s.at(at, "asks a guest inside gate."+sel.Sel.Name))
					}
				} else if asking[lastName(arg)] {
					found = append(found, s.at(arg, lastName(arg)+" asks a guest inside gate."+sel.Sel.Name))
				}
			}
			return true
		})
	}
	return found
}

// asksGuest returns the first call in body that asks a guest, or calls a function of
// the package that does; nil if there is none.
func asksGuest(s *source, body ast.Node, asking map[string]bool) (at ast.Node) {
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || at != nil {
			return at == nil
		}
		name := lastName(call.Fun)
		sel, method := call.Fun.(*ast.SelectorExpr)
		if method && slices.ContainsFunc(s.file.Imports, func(spec *ast.ImportSpec) bool { return isIdent(sel.X, localName(spec)) }) {
			return true // a function of another package
		}
		switch name {
		case "Guest", "Describe", "Eligible", "Grade", "Certify":
			ok = method
		case "Check", "Plan": // common words: only on what is called a guest
			ok = method && strings.Contains(strings.ToLower(lastName(sel.X)), "guest")
		default:
			ok = false
		}
		if ok || asking[name] {
			at = call
		}
		return true
	})
	return at
}
