// Package asset holds what browsers load besides pages: style sheet and icons.
//
// Sources are written by hand in src. The generator bundles and minifies them into
// dist under names that carry the hash of their content, compressed beforehand;
// dist is committed and embedded, so a build needs neither Node nor a network.
// Since a name never changes its content, browsers keep it for a year.
package asset

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

//go:generate go run ./build

// Prefix is the path below which assets are served.
const Prefix = "/a/"

//go:embed dist
var dist embed.FS

// A file is one asset in the encodings it is served in.
type file struct {
	kind          string // content type
	etag          string
	raw, gzip, br []byte
}

// bundle is what dist holds.
type bundle struct {
	names map[string]string // "app.css" → "app-1a2b3c4d.css"
	files map[string]file   // by hashed name
}

// load reads dist once. A dist that does not agree with its manifest cannot be
// built by the generator, so it is a mistake of the program.
var load = sync.OnceValue(func() bundle {
	b := bundle{files: map[string]file{}}
	if err := json.Unmarshal(read("manifest.json"), &b.names); err != nil {
		panic(fmt.Sprintf("asset: manifest: %v", err))
	}
	for _, name := range b.names {
		hash := strings.TrimSuffix(name[strings.LastIndexByte(name, '-')+1:], path.Ext(name))
		b.files[name] = file{
			kind: kind(path.Ext(name)),
			etag: `"` + hash + `"`,
			raw:  read(name), gzip: read(name + ".gz"), br: read(name + ".br"),
		}
	}
	return b
})

// kind is fixed here: the machine's own table of types must not decide.
func kind(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	panic("asset: no content type for " + ext)
}

func read(name string) []byte {
	b, err := dist.ReadFile("dist/" + name)
	if err != nil {
		panic(fmt.Sprintf("asset: %v", err))
	}
	return b
}

// Path returns where the named source is served: "app.css" is "/a/app-1a2b3c4d.css".
// It panics on a name that does not exist.
func Path(name string) string {
	hashed, ok := load().names[name]
	if !ok {
		panic("asset: no such file: " + name)
	}
	return Prefix + hashed
}

// Handle serves a file of dist by the hashed name in the route's wildcard.
func Handle(c *fiber.Ctx) error {
	f, ok := load().files[c.Params("*")]
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderETag, f.etag)
	if strings.Contains(c.Get(fiber.HeaderIfNoneMatch), f.etag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, f.kind)
	body := f.raw
	switch {
	case accepts(c, "br"):
		body = f.br
		c.Set(fiber.HeaderContentEncoding, "br")
	case accepts(c, "gzip"):
		body = f.gzip
		c.Set(fiber.HeaderContentEncoding, "gzip")
	}
	return c.Send(body)
}

// accepts reports whether the client takes the encoding, that is names it and
// does not give it the weight zero.
func accepts(c *fiber.Ctx, encoding string) bool {
	for part := range strings.SplitSeq(c.Get(fiber.HeaderAcceptEncoding), ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q := strings.ReplaceAll(weight, " ", "")
			return q != "q=0" && !strings.HasPrefix(q, "q=0.0")
		}
	}
	return false
}
