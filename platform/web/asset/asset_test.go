package asset_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/web/asset"
)

func load(t *testing.T, path, accept, match string) (*http.Response, []byte) {
	t.Helper()
	app := fiber.New()
	app.Get(asset.Prefix+"*", asset.Handle)
	req := httptest.NewRequest("GET", path, nil)
	req.Header.Set("Accept-Encoding", accept)
	req.Header.Set("If-None-Match", match)
	res, err := app.Test(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, b
}

func TestHandle(t *testing.T) {
	path := asset.Path("app.css")
	_, raw := load(t, path, "", "")
	for accept, want := range map[string]string{
		"": "", "identity": "", "gzip": "gzip", "gzip, deflate, br": "br", "br;q=0, gzip;q=0.5": "gzip", "br;q=0.0": "",
	} {
		res, body := load(t, path, accept, "")
		var r io.Reader = bytes.NewReader(body)
		switch want {
		case "br":
			r = brotli.NewReader(r)
		case "gzip":
			z, err := gzip.NewReader(r)
			if err != nil {
				t.Fatal(err)
			}
			r = z
		}
		plain, err := io.ReadAll(r)
		if err != nil || res.Header.Get("Content-Encoding") != want || !bytes.Equal(plain, raw) {
			t.Errorf("Accept-Encoding %q: %q, %d bytes, %v", accept, res.Header.Get("Content-Encoding"), len(plain), err)
		}
		if h := res.Header; h.Get("Cache-Control") != "public, max-age=31536000, immutable" || h.Get("Vary") != "Accept-Encoding" || h.Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("headers %v", h)
		}
	}
	res, _ := load(t, path, "br", "")
	if again, body := load(t, path, "br", res.Header.Get("ETag")); again.StatusCode != 304 || len(body) != 0 {
		t.Errorf("unchanged: status %d, %d bytes", again.StatusCode, len(body))
	}
	for _, path := range []string{"/a/manifest.json", "/a/app.css", "/a/../asset.go", "/a/", path[:len(path)-4] + ".css.gz"} {
		if res, _ := load(t, path, "", ""); res.StatusCode != 404 {
			t.Errorf("%s: status %d, want 404", path, res.StatusCode)
		}
	}
}

// TestBudget holds the style sheet to UX's ceiling, with room for more pages.
func TestBudget(t *testing.T) {
	for name, limit := range map[string]int{"app.css": 8 << 10, "icons.svg": 3 << 10} {
		if _, body := load(t, asset.Path(name), "gzip", ""); len(body) > limit {
			t.Errorf("%s: %d bytes compressed, limit %d", name, len(body), limit)
		}
	}
}

// TestIcons wants each icon that a component or its caller names to exist.
func TestIcons(t *testing.T) {
	_, body := load(t, asset.Path("icons.svg"), "", "")
	named := regexp.MustCompile(`@Icon\("([^"]+)"\)`)
	files, err := filepath.Glob("../ui/*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal("no components found", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(string(body), `<symbol id="`+m[1]+`"`) {
				t.Errorf("%s: no icon %q", f, m[1])
			}
		}
	}
}
