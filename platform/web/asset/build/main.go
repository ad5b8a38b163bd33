// Command build makes ../dist from ../src: style sheets and scripts bundled and
// minified by esbuild, icons put together into one sprite, each under a name with
// its hash and beside its compressed forms. It runs in the asset folder (go
// generate) and gives the same bytes every time.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	if err := build("src", "dist"); err != nil {
		fmt.Fprintln(os.Stderr, "asset:", err)
		os.Exit(1)
	}
}

func build(src, dist string) error {
	if err := os.RemoveAll(dist); err != nil {
		return err
	}
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	names := map[string]string{}
	for _, pattern := range []string{"*.css", "*.js"} {
		sources, err := filepath.Glob(filepath.Join(src, pattern))
		if err != nil {
			return err
		}
		for _, s := range sources {
			body, err := bundle(s)
			if err != nil {
				return err
			}
			if err := write(dist, filepath.Base(s), body, names); err != nil {
				return err
			}
		}
	}
	pictures, err := filepath.Glob(filepath.Join(src, "*.svg"))
	if err != nil {
		return err
	}
	for _, s := range pictures {
		body, err := os.ReadFile(s)
		if err != nil {
			return err
		}
		if err := write(dist, filepath.Base(s), body, names); err != nil {
			return err
		}
	}
	body, err := sprite(filepath.Join(src, "icons"))
	if err != nil {
		return err
	}
	if err := write(dist, "icons.svg", body, names); err != nil {
		return err
	}
	manifest, err := json.MarshalIndent(names, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dist, "manifest.json"), append(manifest, '\n'), 0o644)
}

// bundle returns a style sheet or script with its imports, minified for browsers
// from Chrome 90 and Safari 14 on.
func bundle(source string) ([]byte, error) {
	r := api.Build(api.BuildOptions{
		EntryPoints:       []string{source},
		Bundle:            true,
		MinifySyntax:      true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		LegalComments:     api.LegalCommentsNone,
		Engines:           []api.Engine{{Name: api.EngineChrome, Version: "90"}, {Name: api.EngineSafari, Version: "14"}},
	})
	for _, m := range append(r.Errors, r.Warnings...) {
		return nil, fmt.Errorf("%s: %s", source, m.Text)
	}
	return r.OutputFiles[0].Contents, nil
}

var (
	drawing = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)
	gaps    = regexp.MustCompile(`\s*\n\s*`)
)

// sprite returns one SVG with a symbol for each icon of dir; stroke and size are
// the style sheet's.
func sprite(dir string) ([]byte, error) {
	icons, err := filepath.Glob(filepath.Join(dir, "*.svg"))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for _, icon := range icons {
		text, err := os.ReadFile(icon)
		if err != nil {
			return nil, err
		}
		m := drawing.FindSubmatch(text)
		if m == nil {
			return nil, errors.New(icon + ": not an SVG drawing")
		}
		id := strings.TrimSuffix(filepath.Base(icon), ".svg")
		fmt.Fprintf(&b, `<symbol id="%s" viewBox="0 0 24 24">%s</symbol>`, id, gaps.ReplaceAll(m[1], nil))
	}
	b.WriteString(`</svg>`)
	return bytes.ReplaceAll(b.Bytes(), []byte(" />"), []byte("/>")), nil
}

// write puts body into dist under its hashed name, raw and compressed.
func write(dist, name string, body []byte, names map[string]string) error {
	sum := sha256.Sum256(body)
	ext := filepath.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:6]) + ext
	names[name] = hashed

	var gz, br bytes.Buffer
	g, err := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	if err != nil {
		return err
	}
	b := brotli.NewWriterLevel(&br, brotli.BestCompression)
	_, gerr := g.Write(body)
	_, berr := b.Write(body)
	if err := errors.Join(gerr, berr, g.Close(), b.Close()); err != nil {
		return err
	}
	path := filepath.Join(dist, hashed)
	return errors.Join(
		os.WriteFile(path, body, 0o644),
		os.WriteFile(path+".gz", gz.Bytes(), 0o644),
		os.WriteFile(path+".br", br.Bytes(), 0o644),
	)
}
