package tenants

import (
	"context"
	_ "embed"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

//go:embed en.json
var english []byte

const operatorBase = "/operator/pemerintah"

// Routes declares the pages and operations of the operator.
func (o *Operator) Routes(app *web.App) {
	app.Words(english)
	manage := web.Policy{Door: "platform", Perm: authz.TenantManage.String()}
	app.Get(operatorBase, manage, o.handleList)
	app.Get(operatorBase+"/baru", manage, o.handleAddition)
	app.Post(operatorBase+"/baru", manage, o.handleAdd)
	app.Get(operatorBase+"/:id", manage, o.handleShow)
	app.Get(operatorBase+"/:id/:act", manage, o.handleForm)
	app.Post(operatorBase+"/:id/:act", manage, o.handleChange)
	o.operations(app)
}

// acts are the changes by their place in addresses.
var acts = map[string]Act{"nama": Renamed, "pindah": Moved, "nonaktif": Suspended, "aktif": Reinstated}

// A filter is what a list of governments is narrowed to; "" narrows nothing.
type filter struct {
	text     string // in code, name or BKN's code
	kind     Kind
	province string // code
	after    string // code with which the page before ended
}

// pageSize is how many governments a page lists.
const pageSize = 100

// page returns the next governments of a list in the order of codes, and the address of
// the page after them, "" after the last.
func (f filter) page(all []Government) (shown []Government, next string) {
	shown = slices.DeleteFunc(slices.Clone(all), func(g Government) bool { return g.Code <= f.after })
	if len(shown) <= pageSize {
		return shown, ""
	}
	shown = shown[:pageSize]
	query := url.Values{"q": {f.text}, "jenis": {string(f.kind)}, "provinsi": {f.province}, "sesudah": {shown[pageSize-1].Code}}
	return shown, operatorBase + "?" + query.Encode()
}

// of returns those of all that f lets through.
func (f filter) of(all []Government) []Government {
	text := strings.ToLower(strings.TrimSpace(f.text))
	return slices.DeleteFunc(slices.Clone(all), func(g Government) bool {
		return f.kind != "" && g.Kind != f.kind ||
			f.province != "" && g.Code != f.province && !strings.HasPrefix(g.Code, f.province+".") ||
			text != "" && !strings.Contains(strings.ToLower(g.Code+" "+g.Name+" "+g.BKN), text)
	})
}

func (o *Operator) handleList(c *fiber.Ctx) error {
	all, err := o.List(c.UserContext())
	if err != nil {
		return err
	}
	f := filter{c.Query("q"), Kind(c.Query("jenis")), c.Query("provinsi"), c.Query("sesudah")}
	found := f.of(all)
	shown, next := f.page(found)
	return web.Render(c, fiber.StatusOK, listPage(shown, len(found), next, f, provinces(c.UserContext(), all)))
}

// provinces are the provinces among all as choices, after the choice of none.
func provinces(ctx context.Context, all []Government) []ui.Option {
	options := []ui.Option{{Value: "", Label: ui.T(ctx, "Semua provinsi")}}
	for _, g := range all {
		if g.Kind == Province {
			options = append(options, ui.Option{Value: g.Code, Label: g.Code + " " + g.Name})
		}
	}
	return options
}

// idOf reads the tenant of the request's address. Errors: fault.NotFound.
func idOf(c *fiber.Ctx) (ID, error) {
	id, err := strconv.ParseInt(c.Params("id"), 10, 32)
	if err != nil {
		return 0, fault.Missing()
	}
	return ID(id), nil
}

func (o *Operator) handleShow(c *fiber.Ctx) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	r, err := o.Show(c.UserContext(), id)
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, showPage(r, o.registry))
}

// A sheet is a form of the operator, before its review.
type sheet struct {
	title, above, action, back string
	fields                     []ui.FieldSpec
	refused                    string // what is wrong with the whole, "" for nothing
}

// problems lists the fields that were refused.
func (s sheet) problems() (list []ui.Pair) {
	for _, f := range s.fields {
		if f.Error != "" {
			list = append(list, ui.Pair{Name: f.Name, Value: f.Error})
		}
	}
	return list
}

// filled is the sheet with what was typed, and with what is wrong with it.
func (s sheet) filled(c *fiber.Ctx, err error) sheet {
	f := fault.Of(err)
	for i := range s.fields {
		s.fields[i].Value = c.FormValue(s.fields[i].Name)
		if f != nil && f.Field == s.fields[i].Name {
			s.fields[i].Error, f = f.Text, nil
		}
	}
	if f != nil {
		s.refused = f.Text
	}
	return s
}

// typed are the fields as they were sent, to be sent again.
func (s sheet) typed(c *fiber.Ctx) (list []ui.Pair) {
	for _, f := range s.fields {
		list = append(list, ui.Pair{Name: f.Name, Value: c.FormValue(f.Name)})
	}
	return list
}

// refusal answers with the sheet as it was typed, unless err is none of its fields'.
func (s sheet) refusal(c *fiber.Ctx, err error) error {
	switch {
	case errors.Is(err, fault.Invalid):
		return web.Render(c, fiber.StatusUnprocessableEntity, formPage(s.filled(c, err)))
	case errors.Is(err, fault.Conflict):
		return web.Render(c, fiber.StatusConflict, formPage(s.filled(c, err)))
	}
	return err
}

// day reads an input of a form; the zero date when it is none.
func day(c *fiber.Ctx, name string) civil.Date {
	d, _ := civil.ParseDate(c.FormValue(name)) // that it is missing, the rule tells
	return d
}

// basis are the last fields of every sheet: what the act rests on.
func basis(ctx context.Context, need string) []ui.FieldSpec {
	return []ui.FieldSpec{
		{Name: "decree", Label: ui.T(ctx, "Dasar hukum"), Hint: ui.T(ctx, "Jenis, nomor, dan tahun, misalnya UU 29/2022"), Required: need == "decree", MaxLength: 200, Autocomplete: "off"},
		{Name: "reason", Label: ui.T(ctx, "Alasan"), Hint: ui.T(ctx, "Tercatat dalam jejak audit"), Required: need == "reason", MaxLength: 200, Autocomplete: "off"},
	}
}

// kinds are the kinds of tenants as choices.
func kinds(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: string(Province), Label: ui.T(ctx, "Provinsi")}, {Value: string(Regency), Label: ui.T(ctx, "Kabupaten")},
		{Value: string(City), Label: ui.T(ctx, "Kota")}, {Value: string(National), Label: ui.T(ctx, "Lembaga nasional")},
	}
}

func additionSheet(ctx context.Context) sheet {
	zones := []ui.Option{{Value: "WIB", Label: "WIB"}, {Value: "WITA", Label: "WITA"}, {Value: "WIT", Label: "WIT"}}
	return sheet{title: ui.T(ctx, "Tambah pemerintah"), above: ui.T(ctx, "Pemerintah"), action: operatorBase + "/baru", back: operatorBase, fields: append([]ui.FieldSpec{
		{Name: "kind", Label: ui.T(ctx, "Jenis"), Type: "select", Required: true, Options: kinds(ctx)},
		{Name: "name", Label: ui.T(ctx, "Nama"), Hint: ui.T(ctx, "Dengan jenisnya, misalnya Kabupaten Merauke"), Required: true, MaxLength: 100, Autocomplete: "off"},
		{Name: "code", Label: ui.T(ctx, "Kode Kemendagri"), Hint: ui.T(ctx, "Misalnya 93, 93.01, atau 96.71"), Required: true, MaxLength: 20, Autocomplete: "off"},
		{Name: "parent", Label: ui.T(ctx, "Kode provinsi"), Hint: ui.T(ctx, "Hanya untuk kabupaten dan kota"), InputMode: "numeric", MaxLength: 2, Autocomplete: "off"},
		{Name: "bkn", Label: ui.T(ctx, "Kode BKN"), Hint: ui.T(ctx, "Empat angka; bukan turunan kode Kemendagri"), InputMode: "numeric", MaxLength: 4, Autocomplete: "off"},
		{Name: "zone", Label: ui.T(ctx, "Zona waktu"), Type: "select", Required: true, Options: zones},
		{Name: "from", Label: ui.T(ctx, "Berlaku mulai"), Type: "date", Required: true},
	}, basis(ctx, "decree")...)}
}

func (o *Operator) handleAddition(c *fiber.Ctx) error {
	if _, err := o.List(c.UserContext()); err != nil { // an empty form, but not for everybody
		return err
	}
	return web.Render(c, fiber.StatusOK, formPage(additionSheet(c.UserContext())))
}

func (o *Operator) handleAdd(c *fiber.Ctx) error {
	a := Addition{
		Kind: Kind(c.FormValue("kind")), Zone: civil.Zone(c.FormValue("zone")), Code: strings.TrimSpace(c.FormValue("code")), BKN: strings.TrimSpace(c.FormValue("bkn")),
		Name: c.FormValue("name"), Parent: strings.TrimSpace(c.FormValue("parent")), From: day(c, "from"), Decree: c.FormValue("decree"), Reason: c.FormValue("reason"),
	}
	s := additionSheet(c.UserContext())
	if c.FormValue("step") == "save" {
		g, err := o.Add(c.UserContext(), a)
		if err != nil {
			return s.refusal(c, err)
		}
		return web.Done(c, pathOf(g.ID), ui.T(c.UserContext(), "%s tercatat.", g.Name))
	}
	g, err := o.ReviewAddition(c.UserContext(), a)
	if err != nil {
		return s.refusal(c, err)
	}
	if c.FormValue("step") == "edit" {
		return web.Render(c, fiber.StatusOK, formPage(s.filled(c, nil)))
	}
	return web.Render(c, fiber.StatusOK, reviewPage(s, nil, o.facts(c.UserContext(), g), s.typed(c)))
}

// pathOf is the page of a government.
func pathOf(id ID) string { return operatorBase + "/" + strconv.Itoa(int(id)) }

// changeSheet is the form of act on r, with what holds now where that helps.
func changeSheet(ctx context.Context, r Record, act string) sheet {
	s := sheet{above: r.Name, action: pathOf(r.ID) + "/" + act, back: pathOf(r.ID)}
	from := ui.FieldSpec{Name: "from", Label: ui.T(ctx, "Berlaku mulai"), Hint: ui.T(ctx, "Boleh lampau: laporan sebelum tanggal ini tetap memakai keadaan lama"), Type: "date", Required: true}
	last := r.Eras[len(r.Eras)-1]
	need := "reason"
	switch acts[act] { //nolint:exhaustive // what is not named takes nothing here
	case Renamed:
		s.title, need = ui.T(ctx, "Ganti nama"), "decree"
		s.fields = []ui.FieldSpec{{Name: "name", Label: ui.T(ctx, "Nama baru"), Value: last.Name, Required: true, MaxLength: 100, Autocomplete: "off"}, from}
	case Moved:
		s.title, need = ui.T(ctx, "Pindah provinsi atau kode"), "decree"
		s.fields = []ui.FieldSpec{
			{Name: "code", Label: ui.T(ctx, "Kode baru"), Hint: ui.T(ctx, "Alamat dengan kode lama, %s, akan mengarah ke kode baru", last.Code), Required: true, MaxLength: 5, Autocomplete: "off"},
			{Name: "parent", Label: ui.T(ctx, "Kode provinsi"), Required: true, InputMode: "numeric", MaxLength: 2, Autocomplete: "off"}, from,
		}
	case Suspended:
		s.title = ui.T(ctx, "Nonaktifkan")
		var grounds []ui.Option
		for _, g := range Grounds() {
			grounds = append(grounds, ui.Option{Value: string(g), Label: ui.T(ctx, g.Words())})
		}
		s.fields = []ui.FieldSpec{{Name: "ground", Label: ui.T(ctx, "Sebab"), Hint: ui.T(ctx, "Ditampilkan kepada orang-orang instansi ini"), Type: "radio", Required: true, Options: grounds}}
	case Reinstated:
		s.title = ui.T(ctx, "Aktifkan kembali")
	}
	s.fields = append(s.fields, basis(ctx, need)...)
	return s
}

// sheetOf reads the government and the act of the request's address.
// Errors: fault.NotFound.
func (o *Operator) sheetOf(c *fiber.Ctx) (Record, Act, sheet, error) {
	act, known := acts[c.Params("act")]
	id, err := idOf(c)
	if err != nil {
		return Record{}, "", sheet{}, err
	}
	r, err := o.Show(c.UserContext(), id)
	if err == nil && !known {
		err = fault.Missing()
	}
	if err != nil {
		return Record{}, "", sheet{}, err
	}
	return r, act, changeSheet(c.UserContext(), r, c.Params("act")), nil
}

func (o *Operator) handleForm(c *fiber.Ctx) error {
	_, _, s, err := o.sheetOf(c)
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, formPage(s))
}

func (o *Operator) handleChange(c *fiber.Ctx) error {
	r, act, s, err := o.sheetOf(c)
	if err != nil {
		return err
	}
	change := Change{
		Act: act, Name: c.FormValue("name"), Code: strings.TrimSpace(c.FormValue("code")), Parent: strings.TrimSpace(c.FormValue("parent")), From: day(c, "from"),
		Ground: Ground(c.FormValue("ground")), Decree: c.FormValue("decree"), Reason: c.FormValue("reason"),
	}
	if c.FormValue("step") == "save" {
		g, err := o.Change(c.UserContext(), r.ID, change)
		if err != nil {
			return s.refusal(c, err)
		}
		return web.Done(c, pathOf(g.ID), ui.T(c.UserContext(), "Perubahan %s tercatat.", g.Name))
	}
	last, next, err := o.Review(c.UserContext(), r.ID, change)
	if err != nil {
		return s.refusal(c, err)
	}
	if c.FormValue("step") == "edit" {
		return web.Render(c, fiber.StatusOK, formPage(s.filled(c, nil)))
	}
	ctx := c.UserContext()
	switch act {
	case Suspended:
		next.Suspended.Ground = change.Ground
	case Reinstated:
		next.Suspended = Suspension{}
	default: // the others show nothing of a suspension
	}
	return web.Render(c, fiber.StatusOK, reviewPage(s, o.facts(ctx, last), o.facts(ctx, next), s.typed(c)))
}
