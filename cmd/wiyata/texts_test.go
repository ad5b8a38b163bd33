package main

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files again")

// TestTexts keeps all that users are told when something goes wrong in one file,
// to be read by people who know how an office speaks: each is a sentence with a
// full stop. `go test ./cmd/wiyata -run Texts -update` writes it again.
func TestTexts(t *testing.T) {
	const golden = "testdata/texts.golden"
	var texts []string
	for _, root := range []string{"authz", "platform", "plugins", "tenants", "cmd"} {
		err := filepath.WalkDir(filepath.Join("..", "..", root), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					texts = append(texts, told(call)...)
				}
				return true
			})
			return nil
		})
		check(t, err)
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	for _, text := range texts {
		if end := text[len(text)-1]; end != '.' && end != 's' { // %s ends with the guest's own sentence
			t.Errorf("no sentence: %q", text)
		}
	}
	if *update {
		check(t, os.MkdirAll(filepath.Dir(golden), 0o755))
		check(t, os.WriteFile(golden, []byte(strings.Join(texts, "\n")+"\n"), 0o644))
	}
	want, err := os.ReadFile(golden)
	check(t, err)
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(want)), "\n"), texts); diff != "" {
		t.Errorf("texts (-golden +code):\n%s", diff)
	}
}

// told returns the text of a call of fault.New, fault.At or of a function that makes
// a fault in the same way.
func told(call *ast.CallExpr) []string {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	at, ok := map[string]int{"New": 1, "At": 1, "wrong": 0, "Apart": 2, "Later": 2}[name]
	if !ok || len(call.Args) <= at {
		return nil
	}
	literal, ok := call.Args[at].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return nil
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil || !strings.Contains(text, " ") {
		return nil
	}
	return []string{text}
}
