package employee

import (
	_ "embed"
	"io"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

//go:embed en.json
var english []byte

// Routes declares the pages and operations of a tenant's employees and units.
func (s *Service) Routes(app *web.App) {
	app.Words(english)
	read := web.Policy{Door: "read", Perm: authz.EmployeeRead.String()}
	register := web.Policy{Door: "write", Perm: authz.EmployeeRegister.String()}
	app.Get("/t/:slug/pegawai", read, s.handleList)
	app.Get("/t/:slug/pegawai/baru", web.Policy{Door: "read", Perm: authz.EmployeeRegister.String()}, s.handleNew)
	app.Post("/t/:slug/pegawai", register, s.handleRegister)
	app.Post("/t/:slug/pegawai/unduh", web.Policy{Door: "write", Perm: authz.EmployeeExport.String(), StepUp: true}, s.handleExport)
	s.accessRoutes(app)
	app.Get("/t/:slug/pegawai/:employee", read, s.handleOpen)
	app.Get("/t/:slug/pegawai/:employee/ubah", web.Policy{Door: "read", Perm: authz.EmployeeRegister.String()}, s.handleEdit)
	app.Post("/t/:slug/pegawai/:employee", register, s.handleChange)
	app.Post("/t/:slug/pegawai/:employee/status", register, s.handleTurn)
	s.unitRoutes(app)
	s.operations(app)
}

// filterFrom reads a filter off an address or a form.
func filterFrom(value func(string, ...string) string) Filter {
	return Filter{Query: value("q"), Unit: UnitID(store.Canonical(value("unit"))), Kind: Kind(value("kind")), Status: Status(value("status"))}
}

// address is f as it stands in an address.
func (f Filter) address(path string, after store.Cursor) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Query, "unit": string(f.Unit), "kind": string(f.Kind), "status": string(f.Status), "cursor": after.String()} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// hidden is f as hidden inputs of a form.
func (f Filter) hidden() []ui.Pair {
	return []ui.Pair{{Name: "q", Value: f.Query}, {Name: "unit", Value: string(f.Unit)}, {Name: "kind", Value: string(f.Kind)}, {Name: "status", Value: string(f.Status)}}
}

// A listing is what the page of the list shows.
type listing struct {
	Page
	Filter                Filter
	Path                  string
	Later                 bool // not the first page
	MayRegister, MayWrite bool // may register; may export
	MayImport, MayInvite  bool
	Fault                 *fault.Error // why no codes were made; nil
}

func (s *Service) handleList(c *fiber.Ctx) error {
	after, err := store.ParseCursor(c.Query("cursor"))
	if err != nil {
		return err
	}
	return s.list(c, filterFrom(c.Query), after, nil)
}

// list shows the employees whom f lets through, and why no codes were made for them.
func (s *Service) list(c *fiber.Ctx, f Filter, after store.Cursor, refused *fault.Error) (err error) {
	v := listing{Filter: f, Path: "/t/" + c.Params("slug") + "/pegawai", Later: after != store.Cursor{}, Fault: refused}
	if v.Page, err = s.Search(c.UserContext(), v.Filter, after); err != nil {
		return err
	}
	status := fiber.StatusOK
	if refused != nil {
		status = fiber.StatusUnprocessableEntity
	}
	v.MayRegister = s.gate.May(c.UserContext(), authz.EmployeeRegister)
	v.MayImport = s.gate.MayWhole(c.UserContext(), authz.EmployeeImport)
	v.MayWrite = s.gate.May(c.UserContext(), authz.EmployeeExport)
	v.MayInvite = s.gate.MayWhole(c.UserContext(), authz.AccountInvite)
	return web.Render(c, status, listPage(v))
}

func (s *Service) handleNew(c *fiber.Ctx) error {
	if err := s.gate.Check(c.UserContext(), authz.EmployeeRegister); err != nil {
		return err
	}
	tree, err := s.Tree(c.UserContext())
	if err != nil {
		return err
	}
	blank := Employee{Kind: PNS, Standing: ActiveStanding, UnitID: UnitID(store.Canonical(c.Query("unit")))}
	return web.Render(c, fiber.StatusOK, formPage(formOf(c.Params("slug"), blank, tree)))
}

func (s *Service) handleRegister(c *fiber.Ctx) error {
	f := typedIn(c)
	e, err := f.read()
	if err == nil {
		e.Active = true
		e.ID, err = s.Register(c.UserContext(), e)
	}
	if err != nil {
		return s.again(c, f, err)
	}
	return web.Done(c, pathOf(f.Slug, e.ID), ui.T(c.UserContext(), "Pegawai terdaftar."))
}

// again shows a form that was refused, with all that was typed; other errors it leaves.
func (s *Service) again(c *fiber.Ctx, f form, err error) error {
	f.Fault = fault.Of(err)
	if f.Fault == nil || f.Fault.Kind != fault.Invalid && f.Fault.Kind != fault.Conflict {
		return err
	}
	if f.Tree, err = s.Tree(c.UserContext()); err != nil {
		return err
	}
	f.MayAsk = s.gate.MayWhole(c.UserContext(), authz.EmployeeTransfer)
	status := fiber.StatusUnprocessableEntity
	if f.Fault.Kind == fault.Conflict {
		status = fiber.StatusConflict
	}
	return web.Render(c, status, formPage(f))
}

func (s *Service) handleOpen(c *fiber.Ctx) error {
	p, err := s.Open(c.UserContext(), web.ID[ID](c, "employee"))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, openPage(c.Params("slug"), p, s.gate.May(c.UserContext(), authz.EmployeeRegister), s.gate.MayWhole(c.UserContext(), authz.AccountInvite)))
}

func (s *Service) handleEdit(c *fiber.Ctx) error {
	if err := s.gate.Check(c.UserContext(), authz.EmployeeRegister); err != nil {
		return err
	}
	e, nik, err := s.Find(c.UserContext(), web.ID[ID](c, "employee"))
	if err != nil {
		return err
	}
	tree, err := s.Tree(c.UserContext())
	if err != nil {
		return err
	}
	f := formOf(c.Params("slug"), e, tree)
	f.NIK = nik
	return web.Render(c, fiber.StatusOK, formPage(f))
}

func (s *Service) handleChange(c *fiber.Ctx) error {
	f := typedIn(c)
	f.ID, f.Version = web.ID[ID](c, "employee"), versionFrom(c)
	e, err := f.read()
	if err == nil {
		_, err = s.Change(c.UserContext(), f.ID, f.Version, e, f.Values["reason"])
	}
	if err != nil && fault.Of(err) != nil {
		stored, nik, missing := s.Find(c.UserContext(), f.ID) // whoever may not see them is told nothing else
		if missing != nil {
			return missing
		}
		f.Name, f.NIK = stored.Name, nik
	}
	if err != nil {
		return s.again(c, f, err)
	}
	return web.Done(c, f.path(), ui.T(c.UserContext(), "Perubahan tersimpan."))
}

// versionFrom is the version that the form was made of; none is no version of anything.
func versionFrom(c *fiber.Ctx) int {
	version, _ := strconv.Atoi(c.FormValue("version"))
	return version
}

func (s *Service) handleTurn(c *fiber.Ctx) error {
	id, done := web.ID[ID](c, "employee"), ui.N("Pegawai dinonaktifkan.")
	turn := s.Deactivate
	if c.FormValue("active") != "" {
		turn, done = s.Reactivate, ui.N("Pegawai aktif kembali.")
	}
	if _, err := turn(c.UserContext(), id, versionFrom(c), c.FormValue("reason")); err != nil {
		return err
	}
	return web.Done(c, pathOf(c.Params("slug"), id), ui.T(c.UserContext(), done))
}

// unitRoutes declares the pages of units.
func (s *Service) unitRoutes(app *web.App) {
	read := web.Policy{Door: "read", Perm: authz.EmployeeRead.String()}
	manage := web.Policy{Door: "write", Perm: authz.UnitManage.String()}
	app.Get("/t/:slug/unit", read, s.handleUnits)
	app.Post("/t/:slug/unit", manage, s.handleAddUnit)
	app.Get("/t/:slug/unit/:unit", read, s.handleUnit)
	app.Post("/t/:slug/unit/:unit", manage, s.handleEditUnit)
	app.Post("/t/:slug/unit/:unit/tutup", manage, s.handleClose)
}

// A branch is what the pages of units show: the tree, or a unit with what is below it.
type branch struct {
	Slug   string
	Tree   Tree
	At     Unit // the zero one: the whole tree
	May    bool
	Values map[string]string // typed
	Form   string            // that was refused: "add", "edit", "close"; "" = none
	Fault  *fault.Error
}

func (s *Service) branchOf(c *fiber.Ctx) (b branch, err error) {
	b = branch{Slug: c.Params("slug"), May: s.gate.MayWhole(c.UserContext(), authz.UnitManage),
		Values: map[string]string{"parent": store.Canonical(c.Query("parent"))}}
	if b.Tree, err = s.Tree(c.UserContext()); err != nil {
		return b, err
	}
	if id := web.ID[UnitID](c, "unit"); id != "" {
		u, ok := b.Tree.Find(id)
		if !ok {
			return b, fault.Missing()
		}
		b.At = u
		b.Values = map[string]string{"name": u.Name, "code": u.Code, "unor": u.Unor, "parent": string(u.ParentID)}
	}
	return b, nil
}

func (s *Service) handleUnits(c *fiber.Ctx) error {
	b, err := s.branchOf(c)
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, unitsPage(b))
}

func (s *Service) handleUnit(c *fiber.Ctx) error {
	b, err := s.branchOf(c)
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, unitPage(b))
}

// unitAgain shows the page of a form that was refused, with all that was typed; other
// errors it leaves.
func (s *Service) unitAgain(c *fiber.Ctx, form string, err error) error {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return err
	}
	b, err := s.branchOf(c)
	if err != nil {
		return err
	}
	b.Form, b.Fault = form, f
	for _, name := range []string{"name", "code", "unor", "parent", "from", "to", "reason", "decree"} {
		b.Values[name] = c.FormValue(name)
	}
	status := fiber.StatusUnprocessableEntity
	if f.Kind == fault.Conflict {
		status = fiber.StatusConflict
	}
	if b.At.ID == "" {
		return web.Render(c, status, unitsPage(b))
	}
	return web.Render(c, status, unitPage(b))
}

// unitDay reads a day of a form; "" is none. Errors: fault.Invalid.
func unitDay(c *fiber.Ctx, name string) (d civil.Date, err error) {
	if err := d.UnmarshalText([]byte(c.FormValue(name))); err != nil {
		return d, fault.At(name, "Tanggal ini tidak ada di kalender. Pilih tanggal yang benar, atau kosongkan.")
	}
	return d, nil
}

func (s *Service) handleAddUnit(c *fiber.Ctx) error {
	from, err := unitDay(c, "from")
	u := Unit{Name: c.FormValue("name"), Code: c.FormValue("code"), Unor: c.FormValue("unor"), ParentID: web.FormID[UnitID](c, "parent"), FromDay: from}
	if err == nil {
		u, err = s.AddUnit(c.UserContext(), u)
	}
	if err != nil {
		return s.unitAgain(c, "add", err)
	}
	return web.Done(c, unitPath(c.Params("slug"), u.ID), ui.T(c.UserContext(), "Perangkat daerah ditambahkan."))
}

func unitPath(slug string, id UnitID) string { return "/t/" + slug + "/unit/" + string(id) }

// edit changes the unit of the address.
func (s *Service) edit(c *fiber.Ctx, form string, e Edit, done string) error {
	id := web.ID[UnitID](c, "unit")
	if _, err := s.EditUnit(c.UserContext(), id, versionFrom(c), e); err != nil {
		return s.unitAgain(c, form, err)
	}
	return web.Done(c, unitPath(c.Params("slug"), id), ui.T(c.UserContext(), done))
}

func (s *Service) handleEditUnit(c *fiber.Ctx) error {
	name, code, unor, parent := c.FormValue("name"), c.FormValue("code"), c.FormValue("unor"), web.FormID[UnitID](c, "parent")
	return s.edit(c, "edit", Edit{Name: &name, Code: &code, Unor: &unor, Parent: &parent, Reason: c.FormValue("reason")}, ui.N("Perubahan tersimpan."))
}

func (s *Service) handleClose(c *fiber.Ctx) error {
	last, err := unitDay(c, "to")
	if err == nil && last.IsZero() {
		err = fault.At("to", "Isi hari terakhir perangkat daerah ini.")
	}
	if err != nil {
		return s.unitAgain(c, "close", err)
	}
	return s.edit(c, "close", Edit{Close: &last, Reason: c.FormValue("decree")}, ui.N("Perangkat daerah ditutup."))
}

func (s *Service) handleExport(c *fiber.Ctx) error {
	format := sheet.Format(c.FormValue("format"))
	filter := filterFrom(func(name string, _ ...string) string { return c.FormValue(name) })
	kind := "text/csv; charset=utf-8"
	if format == sheet.XLSX {
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return web.Download(c, "pegawai-"+c.Params("slug")+"."+string(format), kind, func(w io.Writer) error {
		return s.Export(c.UserContext(), filter, format, w)
	})
}

// typedIn is what a request sends for the form.
func typedIn(c *fiber.Ctx) form {
	f := form{Slug: c.Params("slug"), Values: map[string]string{}}
	for _, part := range fields() {
		f.Values[part.name] = c.FormValue(part.name)
	}
	for _, name := range []string{"nik", "reason"} {
		f.Values[name] = c.FormValue(name)
	}
	return f
}
