package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/telemetry"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// signInPath is where people go who have to sign in first.
const signInPath = "/masuk"

// A problem is what is told of an error: RFC 9457 for machines, a page for people.
type problem struct {
	Type     string   `json:"type"`
	Title    string   `json:"title"`
	Status   int      `json:"status"`
	Detail   string   `json:"detail"`
	Instance string   `json:"instance"` // reference code of the request
	Errors   []detail `json:"errors,omitempty"`

	internal bool // to be logged
	lost     bool // nobody knows where it was to go; a machine sent it
}

// A detail is one wrong input.
type detail struct {
	Location string `json:"location"` // "body.name", "query.limit"
	Message  string `json:"message"`
}

func (p problem) Error() string { return p.Detail }

// Moved is what Authenticate answers to a slug that is not the tenant's any more. Pages
// are led to the same path below the new one; machines are told as well.
type Moved struct {
	Slug string // the new one
	Text string // one Indonesian sentence
}

func (m *Moved) Error() string { return m.Text }

// moved leads to the new address. A form is sent there again by the browser, as it
// was: 308 keeps method and body.
func moved(c *fiber.Ctx, r *request, m *Moved) error {
	to := strings.Replace(c.Path(), "/"+r.slug, "/"+m.Slug, 1) // the slug is the first part that can be it
	if query := c.Request().URI().QueryString(); len(query) > 0 {
		to += "?" + string(query)
	}
	switch {
	case isAPI(c):
		c.Location(Local(to))
		p := about(fiber.StatusPermanentRedirect, m.Text)
		p.Instance = r.id
		return sendProblem(c, p)
	case safe(c.Method()):
		return c.Redirect(Local(to), fiber.StatusMovedPermanently)
	}
	return c.Redirect(Local(to), fiber.StatusPermanentRedirect)
}

// fail answers a request with an error. It is the only place that renders and the
// only place that logs one. Fiber calls it directly for what it refuses before
// routing: too large, too slow, not HTTP.
func (a *App) fail(c *fiber.Ctx, err error) error {
	r := of(c)
	a.headers(c, r)
	var elsewhere *Moved
	if errors.As(err, &elsewhere) {
		return moved(c, r, elsewhere)
	}
	p := judge(c, err)
	if p.Status == fiber.StatusRequestEntityTooLarge {
		p = a.tooLarge(c)
	}
	p.Instance = r.id
	var aside *detour
	if p.internal {
		a.report(c, r, p.Status, err)
	}
	c.Response().ResetBody()
	c.Response().Header.Del(fiber.HeaderContentDisposition)
	retryAfter(c, err)
	switch {
	case isAPI(c), p.lost:
		return sendProblem(c, p)
	case errors.As(err, &aside):
		to := a.lead(c, aside.to)
		if !safe(c.Method()) { // the page says that nothing was stored yet
			to += map[bool]string{true: "&", false: "?"}[strings.Contains(to, "?")] + unsent
		}
		return c.Redirect(to, fiber.StatusSeeOther)
	case p.Status == fiber.StatusUnauthorized && c.Path() != signInPath:
		return c.Redirect(a.signIn(c), fiber.StatusSeeOther)
	}
	page := ui.Failure{Status: p.Status, Title: p.Title, Text: p.Detail, Back: a.back(c)}
	if p.internal {
		page.Reference = r.id
	}
	if err := Render(c, p.Status, ui.FailurePage(page)); err != nil {
		return c.Status(p.Status).SendString(p.Title + "\n\n" + p.Detail + "\n\n" + r.id)
	}
	return nil
}

// judge says what an error means to whoever asked.
func judge(c *fiber.Ctx, err error) problem {
	var told problem
	var refused *fiber.Error
	if f := fault.Of(err); f != nil {
		p := about(statusOf(f.Kind), f.Text)
		if f.Field != "" {
			p.Errors = []detail{{Location: location(c, f.Field), Message: f.Text}}
		}
		return p
	}
	switch {
	case errors.As(err, &told):
		return told
	case errors.As(err, &refused) && refused.Code < 500:
		return about(refused.Code, "")
	case errors.As(err, &refused) && refused.Code == fiber.StatusBadGateway:
		return about(fiber.StatusBadRequest, "") // Fiber's word for a client whose line broke
	case errors.Is(err, context.DeadlineExceeded):
		p := about(fiber.StatusServiceUnavailable, "Permintaan ini terlalu lama dikerjakan dan dihentikan. Coba lagi sebentar lagi.")
		p.internal = true
		return p
	}
	p := about(fiber.StatusInternalServerError, "")
	p.internal = true
	return p
}

func statusOf(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return fiber.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return fiber.StatusUnauthorized
	case fault.Forbidden:
		return fiber.StatusForbidden
	case fault.NotFound:
		return fiber.StatusNotFound
	case fault.Conflict:
		return fiber.StatusConflict
	case fault.Unavailable:
		return fiber.StatusServiceUnavailable
	case fault.Limited:
		return fiber.StatusTooManyRequests
	}
	return fiber.StatusInternalServerError
}

// about returns the problem of a status, with its usual text when there is none.
func about(status int, text string) problem {
	title, usual := words(status)
	if text == "" {
		text = usual
	}
	return problem{Type: "about:blank", Title: title, Status: status, Detail: text}
}

// words returns the title of a status, and what is said when nothing more is known.
func words(status int) (title, text string) {
	switch status {
	case fiber.StatusPermanentRedirect:
		return "Alamat berubah", "Alamat ini sudah berubah. Gunakan alamat yang baru."
	case fiber.StatusBadRequest:
		return "Permintaan tidak terbaca", "Isi permintaan tidak dapat dibaca. Periksa bentuknya, lalu kirim lagi."
	case fiber.StatusUnauthorized:
		return "Belum masuk", "Anda belum masuk. Masuk dahulu, lalu ulangi."
	case fiber.StatusForbidden:
		return "Tidak berhak", "Anda tidak berhak melakukan ini. Mintalah kepada admin instansi Anda."
	case fiber.StatusNotFound:
		return "Tidak ditemukan", "Data yang dicari tidak ditemukan. Periksa kembali alamatnya."
	case fiber.StatusMethodNotAllowed:
		return "Cara tidak dikenal", "Alamat ini tidak menerima cara permintaan itu."
	case fiber.StatusNotAcceptable:
		return "Bentuk tidak tersedia", "Jawaban hanya tersedia dalam bentuk JSON."
	case fiber.StatusRequestTimeout:
		return "Terlalu lama", "Permintaan terlalu lama sampai. Periksa jaringan, lalu coba lagi."
	case fiber.StatusConflict:
		return "Belum dapat dilakukan", "Keadaan data sudah berubah. Muat ulang, lalu ulangi."
	case fiber.StatusRequestEntityTooLarge:
		return "Terlalu besar", "Yang dikirim terlalu besar, paling banyak 1 MB tanpa Content-Length. Sebutkan panjangnya, atau perkecil isinya."
	case fiber.StatusUnsupportedMediaType:
		return "Bentuk tidak diterima", "Kirim isi permintaan sebagai application/json."
	case fiber.StatusUnprocessableEntity:
		return "Isian perlu diperbaiki", "Ada isian yang belum benar. Perbaiki, lalu kirim lagi."
	case fiber.StatusTooManyRequests:
		return "Terlalu sering", "Terlalu banyak permintaan. Tunggu sebentar, lalu coba lagi."
	case fiber.StatusRequestHeaderFieldsTooLarge:
		return "Terlalu besar", "Alamat atau cookie terlalu panjang. Hapus cookie situs ini, lalu masuk lagi."
	case fiber.StatusServiceUnavailable:
		return "Belum dapat dilayani", "Layanan yang diperlukan sedang tidak menjawab. Coba lagi sebentar lagi."
	}
	if status < 500 {
		return "Permintaan ditolak", "Permintaan ini tidak dapat diterima. Periksa, lalu kirim lagi."
	}
	return "Terjadi gangguan", "Ada gangguan di pihak kami, dan sudah tercatat. Coba lagi; bila berulang, sampaikan kode rujukan ini kepada admin."
}

// location tells a client where the input of a fault was.
func location(c *fiber.Ctx, field string) string {
	if safe(c.Method()) {
		return "query." + field
	}
	return "body." + field
}

func sendProblem(c *fiber.Ctx, p problem) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if p.Status == fiber.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	c.Set(fiber.HeaderContentType, "application/problem+json")
	return c.Status(p.Status).Send(body)
}

// signIn returns where to sign in, and to come back from afterwards.
func (a *App) signIn(c *fiber.Ctx) string { return a.lead(c, signInPath) }

// lead returns the page to, which leads back to this one afterwards. A form cannot
// be sent again, so its page is what one comes back to.
func (a *App) lead(c *fiber.Ctx, to string) string {
	next := c.OriginalURL()
	if !safe(c.Method()) {
		next = a.back(c)
	}
	if next = Local(next); next == "/" {
		return to
	}
	return to + "?lanjut=" + url.QueryEscape(next)
}

// back returns the page of this installation that the person came from, or "/".
func (a *App) back(c *fiber.Ctx) string {
	from, err := url.Parse(c.Get(fiber.HeaderReferer))
	if err != nil || from.Host != a.host || from.RequestURI() == c.OriginalURL() && safe(c.Method()) {
		return "/"
	}
	return Local(from.RequestURI())
}

// unsent marks a detour from a form, which has to be sent again.
const unsent = "belum=1"

// Refused answers a form with its page, on which text says why it was refused; what is
// no fault stays an error.
func Refused(c *fiber.Ctx, err error, page func(text string) templ.Component) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	retryAfter(c, err)
	return Render(c, statusOf(f.Kind), page(f.Text))
}

// retryAfter says in the answer's head after how many seconds another try is worth it,
// when err knows.
func retryAfter(c *fiber.Ctx, err error) {
	if f := fault.Of(err); f != nil && f.Wait > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int((f.Wait+time.Second-1)/time.Second)))
	}
}

// report writes the one log line of an internal error.
func (a *App) report(c *fiber.Ctx, r *request, status int, err error) {
	attrs := []slog.Attr{
		slog.String("request", r.id),
		slog.String("route", r.label(c)),
		slog.Int("status", status),
		slog.String("error", scrub(err.Error())),
	}
	if id := telemetry.TraceID(c.UserContext()); id != "" {
		attrs = append(attrs, slog.String("trace", id))
	}
	var crashed *crash
	if errors.As(err, &crashed) {
		attrs = append(attrs, slog.String("stack", string(crashed.stack)))
	}
	a.cfg.Log.LogAttrs(c.UserContext(), slog.LevelError, "request failed", attrs...)
}

// Values reach error texts through drivers ("invalid input syntax: \"Maria\"") in
// quotes or as long numbers; neither is worth a personal datum in a log.
var values = regexp.MustCompile(`"[^"]*"|'[^']*'|\d{10,}`)

const errorLimit = 500 // bytes of an error's text in the log

func scrub(text string) string {
	text = values.ReplaceAllString(text, "…")
	if len(text) > errorLimit {
		text = text[:errorLimit]
		for !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
	}
	return text
}
