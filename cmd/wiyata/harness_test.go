package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/platform/telemetry"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/certificate"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/migrations"
	"github.com/wiyata-id/wiyata/tenants/program"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// template is a database with the governments and the people; guestDir holds the
// real bimtek, built for these tests; spans is every span of the process.
var (
	template = storetest.Template{Prepare: populate, Guard: storetest.NewGuard(migrations.Tables)}
	guestDir string
	spans    = tracetest.NewInMemoryExporter()
)

func TestMain(m *testing.M) {
	host.Launch()
	if os.Getenv(asBinary) != "" {
		main()
		return
	}
	code := 1
	func() {
		dir, err := os.MkdirTemp("", "wiyata-guests-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		defer template.Remove()
		guestDir = dir
		buildGuest(dir, "bimtek", "1.0.0", filepath.Join("..", "..", "plugins", "bimtek"))
		buildGuest(dir, "uji", "1.0.0", filepath.Join("testdata", "uji"))
		stop, err := telemetry.Start(context.Background(), "", spans)
		if err != nil {
			panic(err)
		}
		defer stop(context.Background())
		code = m.Run()
		fmt.Println("figure: statement guard:", template.Guard)
	}()
	os.Exit(code)
}

// TestEveryStatementIsGuarded: the guard sees the statements of a story on both
// engines, its seals and its template included, and finds all of them tied to rows in
// reach. It prints what it has seen up to here; TestMain prints the whole.
func TestEveryStatementIsGuarded(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		b, nominated := published(t, in, "I", 1, 1)
		_, err := in.nominations.Approve(in.as(t, "organiser"), b.ID, nominated[0].ID)
		check(t, err)
		check(t, in.sealer.Seal(context.Background()))
		distinct, unguarded := template.Guard.Counts(db.Engine)
		if distinct < 20 || unguarded > 0 {
			t.Errorf("%d distinct statements on %s, %d unguarded", distinct, db.Engine, unguarded)
		}
		t.Logf("statement guard: %v", template.Guard)
	})
}

// guestSeed signs the guests of these tests.
var guestSeed = make([]byte, 32)

// buildGuest builds the program in source into dir as the catalogue wants it.
func buildGuest(dir, name, version, source string) {
	folder := filepath.Join(dir, name+"@"+version)
	check := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	check(os.Mkdir(folder, 0o755))
	build := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(folder, name), "./"+source)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("build %s: %v\n%s", name, err, out))
	}
	manifest, err := os.ReadFile(filepath.Join(source, "manifest.json"))
	check(err)
	check(os.WriteFile(filepath.Join(folder, "manifest.json"), manifest, 0o600))
	_, err = host.Sign(folder, guestSeed)
	check(err)
}

// others are people beside the sample's: a host elsewhere with its own sender.
func others() []sample.Person {
	return []sample.Person{
		{Key: "sumbar", Name: "Zulfikar", Email: "zulfikar@sumbar.example", Code: "13", Role: authz.Organiser},
		{Key: "tuban", Name: "Wahyu", Email: "wahyu@tuban.example", Code: "35.23", Role: authz.SenderAdmin},
		{Key: "tubanhost", Name: "Endang", Email: "endang@tuban.example", Code: "35.23", Role: authz.Organiser},
	}
}

// everybody lists who is in a test's database.
func everybody() []sample.Person { return append(sample.People(), others()...) }

// populate prepares a database and creates everybody, once per test binary:
// passwords are slow by intention.
func populate(ctx context.Context, db *store.DB) error {
	if err := prepare(ctx, db); err != nil {
		return err
	}
	registry := &tenants.Registry{}
	gate, err := openGate(db, registry)
	if err != nil {
		return err
	}
	loaded, err := tenants.Load(authz.AsSystem(ctx, 0), gate, today())
	if err != nil {
		return err
	}
	*registry = *loaded
	if err := installOwn(ctx, host.NewCatalogue(gate), guestDir, publicKey(guestSeed)); err != nil {
		return err
	}
	accounts := account.New(gate, registry, account.Config{Ties: ties()})
	if _, err = sample.Fill(ctx, registry, accounts, registerOf(gate, accounts), everybody()); err != nil {
		return err
	}
	entries, err := host.NewCatalogue(gate).List(authz.AsSystem(ctx, 0))
	if err != nil {
		return err
	}
	guests := host.New(entries, host.Config{Folder: guestDir, Log: slog.New(slog.DiscardHandler)})
	defer guests.Close(ctx)
	return offer(ctx, gate, registry, guests, "15", "35.23")
}

// offer enables every installed course type in the governments of codes, with all that it
// asks for.
func offer(ctx context.Context, gate *authz.Gate, registry *tenants.Registry, guests *host.Host, codes ...string) error {
	for _, code := range codes {
		g, err := registry.ByCode(code)
		if err != nil {
			return err
		}
		in := authz.As(ctx, authz.Actor{Tenant: g.ID, Identity: store.IdentityID(store.NewID()), Grants: []authz.Grant{{Role: authz.Organiser}}})
		programs := program.New(gate, guests)
		all, _, err := programs.Courses(in)
		if err != nil {
			return err
		}
		for _, c := range all {
			fields := make([]coursetype.Field, len(c.More))
			for i, a := range c.More {
				fields[i] = a.Field
			}
			if err := programs.Enable(in, c.Key, c.Version, fields); err != nil {
				return err
			}
		}
	}
	return nil
}

// registerOf is the register of employees as wire connects it, under a secret of tests.
func registerOf(gate *authz.Gate, accounts *account.Service) *employee.Service {
	return employee.New(gate, [32]byte{}, identities(accounts))
}

// installation is a running product for a test.
type installation struct {
	*product
	ids map[string]account.ID // of the people, by key
}

// install connects and runs a product on db, with its people.
func install(t testing.TB, db *store.DB) *installation {
	t.Helper()
	in := assemble(t, db, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})))
	in.start(t)
	return in
}

// start runs jobs and the sealer until the end of the test.
func (in *installation) start(t testing.TB) {
	running, stop := context.WithCancel(context.Background())
	worked := make(chan error, 1)
	go func() { worked <- in.work(running) }()
	t.Cleanup(func() {
		stop()
		if err := <-worked; err != nil {
			t.Errorf("jobs: %v", err)
		}
	})
}

// assemble connects a product on db, with its people; nothing runs in it by itself.
func assemble(t testing.TB, db *store.DB, log *slog.Logger) *installation {
	t.Helper()
	ctx := context.Background()
	signer, err := certificate.NewSigner(make([]byte, 32))
	check(t, err)
	p, err := wire(ctx, parts{db: db, plugins: guestDir, keys: keys{signer: signer}, baseURL: "http://wiyata.test", log: log})
	check(t, err)
	t.Cleanup(func() {
		closing, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		p.host.Close(closing)
	})
	ids := map[string]account.ID{}
	check(t, db.View(ctx, store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) error {
		for _, who := range everybody() {
			var id account.ID
			if err := tx.NewRaw("SELECT id FROM identity WHERE email = ?", who.Email).Scan(ctx, &id); err != nil {
				return err
			}
			ids[who.Key] = id
		}
		return nil
	}))
	return &installation{p, ids}
}

// government returns the ID behind a code.
func (in *installation) government(t testing.TB, code string) tenants.ID {
	t.Helper()
	g, err := in.registry.ByCode(code)
	check(t, err)
	return g.ID
}

// as returns the context of a person acting in their government, for calls of Services.
func (in *installation) as(t testing.TB, key string) context.Context {
	t.Helper()
	for _, p := range everybody() {
		if p.Key == key && p.Role != "" {
			return authz.As(context.Background(), authz.Actor{
				Identity: in.ids[key], Tenant: in.government(t, p.Code), Grants: []authz.Grant{{Role: p.Role}},
			})
		}
	}
	return authz.As(context.Background(), authz.Actor{Identity: in.ids[key]})
}

// settled waits until the outbox is empty.
func (in *installation) settled(t testing.TB) {
	t.Helper()
	eventually(t, "the outbox to empty", func() bool {
		var n int
		err := in.db.View(context.Background(), store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) error {
			return tx.NewRaw("SELECT count(*) FROM outbox").Scan(context.Background(), &n)
		})
		check(t, err)
		return n == 0
	})
}

// client is a person's browser, without scripts: it reads pages, follows links and
// sends the forms that it finds on them.
type client struct {
	t       testing.TB
	in      *installation
	cookies map[string]string
	page    page
	report  func(method, path string, status int) // nil, or told of each request
	trace   string                                // traceparent to send, "" = none
}

// page is an answer.
type page struct {
	path   string
	status int
	body   string
	header http.Header
}

// visitor is a browser in which nobody is signed in.
func (in *installation) visitor(t testing.TB) *client {
	return &client{t: t, in: in, cookies: map[string]string{}}
}

// signIn is the browser of a person who has just signed in by the form.
func (in *installation) signIn(t testing.TB, key string) *client {
	t.Helper()
	for _, p := range everybody() {
		if p.Key == key {
			c := in.visitor(t)
			c.open("/masuk").press("Masuk", fields{"login": p.Email, "password": sample.Password}).want(200)
			return c
		}
	}
	t.Fatalf("nobody is called %q", key)
	return nil
}

// send makes one request, with the cookies of the browser, and keeps what comes back.
func (c *client) send(method, path, contentType, body string) *client {
	c.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.Host = "wiyata.test"
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if c.trace != "" {
		req.Header.Set("Traceparent", c.trace)
	}
	for name, value := range c.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	resp, err := c.in.web.Fiber().Test(req, -1)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	check(c.t, err)
	for _, cookie := range resp.Cookies() {
		if cookie.Value == "" || cookie.MaxAge < 0 {
			delete(c.cookies, cookie.Name)
		} else {
			c.cookies[cookie.Name] = cookie.Value
		}
	}
	c.page = page{path: path, status: resp.StatusCode, body: string(text), header: resp.Header}
	if c.report != nil {
		c.report(method, path, resp.StatusCode)
	}
	return c
}

// open reads a page and follows where it leads.
func (c *client) open(path string) *client {
	c.t.Helper()
	c.send(http.MethodGet, path, "", "")
	return c.follow()
}

func (c *client) follow() *client {
	c.t.Helper()
	for n := 0; c.page.status == http.StatusSeeOther; n++ {
		if n == 5 {
			c.t.Fatalf("%s leads in circles", c.page.path)
		}
		c.send(http.MethodGet, c.page.header.Get("Location"), "", "")
	}
	return c
}

// post sends a form and follows where it leads.
func (c *client) post(path string, form url.Values) *client {
	c.t.Helper()
	c.send(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode())
	return c.follow()
}

// call sends a JSON operation.
func (c *client) call(method, path, body string) *client {
	c.t.Helper()
	kind := ""
	if body != "" {
		kind = "application/json"
	}
	return c.send(method, path, kind, body)
}

// want demands a status.
func (c *client) want(status int) *client {
	c.t.Helper()
	if c.page.status != status {
		c.t.Fatalf("%s: status %d, want %d\n%s", c.page.path, c.page.status, status, readable(c.page.body))
	}
	return c
}

// sees demands texts on the page; missing demands their absence.
func (c *client) sees(texts ...string) *client {
	c.t.Helper()
	for _, text := range texts {
		if !strings.Contains(readable(c.page.body), text) {
			c.t.Fatalf("%s does not show %q:\n%s", c.page.path, text, readable(c.page.body))
		}
	}
	return c
}

func (c *client) missing(texts ...string) *client {
	c.t.Helper()
	for _, text := range texts {
		if strings.Contains(c.page.body, text) {
			c.t.Fatalf("%s shows %q:\n%s", c.page.path, text, readable(c.page.body))
		}
	}
	return c
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
