package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/wiyata-id/wiyata/authz"
)

// TestWords: every text that a page takes from the catalogues has its English there,
// with the same verbs, and the catalogues hold nothing that no page says.
func TestWords(t *testing.T) {
	said := map[string]string{} // text → where
	for _, role := range authz.Roles() {
		said[role.Words()] = "authz/role.go"
	}
	catalogue := map[string]string{}
	check(t, filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2:
			return filepath.SkipDir
		case d.Name() == "en.json":
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return json.Unmarshal(data, &catalogue) // adds to what is there
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if text, ok := fromCatalogue(n, file.Name.Name == "ui"); ok {
					said[text] = path
				}
			case *ast.FuncDecl: // Words names a value on screen, the edge's words a status
				if n.Name.Name == "Words" && file.Name.Name != "web" || n.Name.Name == "words" && file.Name.Name == "web" {
					for _, text := range literals(n.Body) {
						said[text] = path
					}
				}
			}
			return true
		})
		return nil
	}))
	for text, path := range said {
		english, ok := catalogue[text]
		if !ok {
			t.Errorf("%s: no English for %q", path, text)
		} else if verbs(text) != verbs(english) {
			t.Errorf("%s: %q has other verbs than %q", path, english, text)
		}
	}
	for text := range catalogue {
		if said[text] == "" {
			t.Errorf("no page says %q", text)
		}
	}
	t.Logf("%d texts", len(said))
}

// fromCatalogue returns the text of a call of ui.T or ui.N; inside is package ui itself.
func fromCatalogue(call *ast.CallExpr, inside bool) (string, bool) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "ui" {
			name = f.Sel.Name
		}
	case *ast.Ident:
		if inside {
			name = f.Name
		}
	}
	at, ok := map[string]int{"T": 1, "N": 0}[name]
	if !ok || len(call.Args) <= at {
		return "", false
	}
	if found := literals(call.Args[at]); len(found) == 1 {
		return found[0], true
	}
	return "", false
}

// literals are the texts that stand below n.
func literals(n ast.Node) (all []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil && strings.ContainsFunc(text, unicode.IsLetter) {
				all = append(all, text)
			}
		}
		return true
	})
	return all
}

// verbs are the formatting verbs of a text, in order.
func verbs(text string) (all string) {
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '%' {
			i++
			all += text[i : i+1]
		}
	}
	return all
}
