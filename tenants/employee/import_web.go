package employee

import (
	"bytes"
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// Routes declares the pages and operations of imports.
func (s *Imports) Routes(app *web.App) {
	read := web.Policy{Door: "read", Perm: authz.EmployeeImport.String()}
	write := web.Policy{Door: "write", Perm: authz.EmployeeImport.String()}
	upload := write
	upload.Body = FileLimit + 1<<20 // and what a form puts around it
	app.Get("/t/:slug/pegawai/impor", read, s.handleUploadForm)
	app.Post("/t/:slug/pegawai/impor", upload, s.handleUpload)
	app.Get("/t/:slug/pegawai/impor/:run", read, s.handleResult)
	app.Post("/t/:slug/pegawai/impor/:run/kolom", write, s.handleRemap)
	app.Post("/t/:slug/pegawai/impor/:run/terapkan", write, s.handleApply)
	app.Get("/t/:slug/pegawai/impor/:run/ditolak", read, s.handleRefused)
	s.operations(app)
}

func importPath(slug string) string { return "/t/" + slug + "/pegawai/impor" }

func (s *Imports) handleUploadForm(c *fiber.Ctx) error {
	return s.uploadForm(c, fiber.StatusOK, "")
}

func (s *Imports) uploadForm(c *fiber.Ctx, status int, wrong string) error {
	latest, ok, err := s.Latest(c.UserContext())
	if err != nil {
		return err
	}
	if !ok {
		latest = Run{}
	}
	return web.Render(c, status, uploadPage(importPath(c.Params("slug")), latest, wrong))
}

func (s *Imports) handleUpload(c *fiber.Ctx) error {
	run, err := s.upload(c)
	if f := fault.Of(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		status := fiber.StatusUnprocessableEntity
		if f.Kind == fault.Conflict {
			status = fiber.StatusConflict
		}
		return s.uploadForm(c, status, f.Text)
	}
	if err != nil {
		return err
	}
	return web.Done(c, importPath(c.Params("slug"))+"/"+string(run.ID), "")
}

// upload stages the file of a form. Its name says nothing to us.
func (s *Imports) upload(c *fiber.Ctx) (Run, error) {
	header, err := c.FormFile("file")
	if err != nil || header.Size == 0 {
		if err := s.gate.Check(c.UserContext(), authz.EmployeeImport); err != nil {
			return Run{}, err
		}
		return Run{}, fault.At("file", "Pilih berkas .xlsx atau .csv yang berisi daftar pegawai.")
	}
	file, err := header.Open()
	if err != nil {
		return Run{}, err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return Run{}, err
	}
	return s.Stage(c.UserContext(), bytes.NewReader(data), int64(len(data)), c.FormValue("sheet"))
}

// A result is what the page of a run shows.
type result struct {
	Result
	Path    string
	Verdict Verdict // shown alone; "" = all
	Later   bool    // not the first page
	Wrong   string  // with what was sent
	Mode    Mode
	Columns Mapping
}

func (s *Imports) handleResult(c *fiber.Ctx) error {
	return s.result(c, nil, nil, "")
}

// result shows run, with what was sent when that was refused.
func (s *Imports) result(c *fiber.Ctx, refused *fault.Error, typed Mapping, mode Mode) error {
	after, _ := strconv.Atoi(c.Query("setelah"))
	v := result{Path: importPath(c.Params("slug")) + "/" + c.Params("run"), Verdict: Verdict(c.Query("hasil")), Later: after > 0, Mode: mode}
	var err error
	if v.Result, err = s.Open(c.UserContext(), web.ID[RunID](c, "run"), v.Verdict, max(after, 0)); err != nil {
		return err
	}
	if v.Columns = typed; typed == nil {
		v.Columns = v.Run.Columns
	}
	status := fiber.StatusOK
	if refused != nil {
		v.Wrong, status = refused.Text, fiber.StatusUnprocessableEntity
		if refused.Kind == fault.Conflict {
			status = fiber.StatusConflict
		}
	}
	if v.Run.Live() {
		c.Set("Refresh", "3") // seconds
	}
	return web.Render(c, status, resultPage(v))
}

func (s *Imports) handleRemap(c *fiber.Ctx) error {
	m := Mapping{}
	for _, column := range columns() {
		if i, err := strconv.Atoi(c.FormValue(column.key)); err == nil {
			m[column.key] = i
		}
	}
	run, err := s.Remap(c.UserContext(), web.ID[RunID](c, "run"), m)
	return s.decided(c, run, err, m, "", ui.T(c.UserContext(), "Berkas dibaca ulang dengan kolom yang Anda pilih."))
}

func (s *Imports) handleApply(c *fiber.Ctx) error {
	mode := Mode(c.FormValue("mode"))
	run, err := s.Apply(c.UserContext(), web.ID[RunID](c, "run"), mode)
	message := ""
	if run.State == Done {
		message = ui.T(c.UserContext(), "Impor selesai: %s pegawai baru, %s diubah.", dots(run.Added), dots(run.Changed))
	}
	return s.decided(c, run, err, nil, mode, message)
}

// decided leads back to the run, or shows it with what was wrong.
func (s *Imports) decided(c *fiber.Ctx, run Run, err error, typed Mapping, mode Mode, message string) error {
	if f := fault.Of(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		return s.result(c, f, typed, mode)
	}
	if err != nil {
		return err
	}
	return web.Done(c, importPath(c.Params("slug"))+"/"+string(run.ID), message)
}

func (s *Imports) handleRefused(c *fiber.Ctx) error {
	var b bytes.Buffer
	if err := s.Refused(c.UserContext(), web.ID[RunID](c, "run"), &b); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="pegawai-ditolak.xlsx"`)
	return c.Send(b.Bytes())
}
