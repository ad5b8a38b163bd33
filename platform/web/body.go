package web

import (
	"bytes"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/wiyata-id/wiyata/platform/web/ui"
)

const (
	bodyLimit = 1 << 20 // bytes that a route takes unless its Policy says more

	// slowest is the line that a body may come over, in bytes per second: a larger body
	// has more time, and nobody holds a connection by sending one byte now and then.
	slowest = 64 << 10
)

// admit sets how large the body of a request may be, once its header is there and
// before any of the body is read: whoever is not asked for a file cannot make us hold
// one. A body that does not announce its length, which no browser's form does, is
// taken up to bodyLimit on every route.
func (a *App) admit(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if header.ContentLength() <= bodyLimit {
		return fasthttp.RequestConfig{} // what every route takes
	}
	path, _, _ := bytes.Cut(header.RequestURI(), []byte("?"))
	limit := a.limit(string(header.Method()), string(path))
	if limit == bodyLimit {
		return fasthttp.RequestConfig{}
	}
	return fasthttp.RequestConfig{
		MaxRequestBodySize: int(limit),
		ReadTimeout:        max(readTimeout, time.Duration(limit/slowest)*time.Second),
	}
}

// limit returns the most bytes that the route of method and path takes.
func (a *App) limit(method, path string) int64 {
	for _, r := range a.routes { // the first that fits serves it
		if r.Method == method && fiber.RoutePatternMatch(path, r.Path, fiber.Config{CaseSensitive: true}) {
			return max(r.Policy.Body, bodyLimit)
		}
	}
	return bodyLimit
}

// tooLarge is told of a body that is refused. Of one that came in chunks fasthttp has
// forgotten by now where it was to go.
func (a *App) tooLarge(c *fiber.Ctx) problem {
	p := about(fiber.StatusRequestEntityTooLarge, "")
	p.lost = safe(c.Method())
	if limit := a.limit(c.Method(), c.Path()); !p.lost {
		p.Detail = ui.T(c.UserContext(), "Yang dikirim terlalu besar, paling banyak %d MB. Perkecil berkasnya, lalu kirim lagi.", limit>>20)
	}
	return p
}
