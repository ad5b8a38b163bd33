package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// documents are texts of a document, which is in the language of its decree for every
// reader, and names that are the same in all languages.
var documents = []string{
	"Nomor ", "diberikan kepada", " JP · selesai ", "Ditandatangani ", " Pindai kode ini untuk memeriksa keasliannya.",
	"English", "Bahasa Indonesia", "Wiyata", "NIP ",
}

// between is the text between two tags, or after the last one of a literal.
var between = regexp.MustCompile(`>([^<>]*)(?:<|$)`)

// TestNoBareWords: no page says a text beside the catalogues, where only those who read
// Indonesian would understand it.
func TestNoBareWords(t *testing.T) {
	found := 0
	check(t, filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_templ.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			found++
			for _, text := range bare(call) {
				if !slices.Contains(documents, text) {
					t.Errorf("%s: %q", strings.TrimSuffix(path, "_templ.go")+".templ", text)
				}
			}
			return true
		})
		return nil
	}))
	if found < 1000 {
		t.Errorf("only %d calls were looked at", found)
	}
}

// bare returns the texts that call puts on a page as they are.
func bare(call *ast.CallExpr) (texts []string) {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	of, _ := f.X.(*ast.Ident)
	switch {
	case of != nil && of.Name == "templruntime" && f.Sel.Name == "WriteString" && len(call.Args) == 3:
		for _, literal := range literals(call.Args[2]) {
			for _, m := range between.FindAllStringSubmatch(literal, -1) {
				if strings.ContainsFunc(m[1], unicode.IsLetter) {
					texts = append(texts, m[1])
				}
			}
		}
	case of != nil && of.Name == "ui" && ast.IsExported(f.Sel.Name) && f.Sel.Name != "T" && f.Sel.Name != "N":
		for _, arg := range call.Args {
			texts = append(texts, spoken(arg)...)
		}
	}
	return texts
}

// spoken returns the literals in an argument of a component that are words, not names
// of kinds, fields, icons or paths.
func spoken(arg ast.Expr) (texts []string) {
	ast.Inspect(arg, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr: // what it is given is its own matter
			return false
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && !slices.Contains([]string{"Label", "Text", "Hint", "Title"}, key.Name) {
				return false
			}
		case *ast.BasicLit:
			for _, text := range literals(n) {
				first := []rune(text)[0]
				if unicode.IsUpper(first) && strings.ContainsFunc(text, unicode.IsLower) || unicode.IsLetter(first) && strings.Contains(text, " ") {
					texts = append(texts, text)
				}
			}
		}
		return true
	})
	return texts
}
