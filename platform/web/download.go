package web

import (
	"fmt"
	"io"
	"os"

	"github.com/gofiber/fiber/v2"
)

// Download answers with a file of that name, which write makes. It is written to the disk
// first, and sent from there: memory holds a part of it, and one that cannot be finished
// is an error page and never half a file.
func Download(c *fiber.Ctx, name, contentType string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp("", "wiyata-download-")
	if err != nil {
		return fmt.Errorf("download: %w", err)
	}
	defer func() {
		if err != nil {
			file.Close()
		}
	}()
	if err := os.Remove(file.Name()); err != nil { // it lives as long as it is open
		return fmt.Errorf("download: %w", err)
	}
	if err := write(file); err != nil {
		return err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("download: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("download: %w", err)
	}
	c.Set(fiber.HeaderContentType, contentType)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	return c.SendStream(file, int(size)) // fasthttp closes it
}
