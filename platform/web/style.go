package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// style serves the style sheet of a theme. Its address carries the hash of its content,
// so it is stored for as long as an asset; nothing is read for it.
func style(c *fiber.Ctx) error {
	css, ok := ui.Style(c.Params("*"))
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return c.SendString(css)
}
