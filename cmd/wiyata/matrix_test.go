package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/migrations"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// A matrix is a product in which nothing happens by itself, its cast and their
// stories: whatever changes, a request has changed.
type matrix struct {
	t        *testing.T
	in       *installation
	raw      *sql.DB // past the policies
	tables   []string
	people   map[string]sample.Person
	stories  []*story
	clients  map[string]*client
	canaries []secret
	csrf     map[string]string

	cases, positives, negatives, leaks int
}

// An ask is one request of the matrix and what is due.
type ask struct {
	relation string // of whoever asks to what is asked for
	actor    string // key, or a part in the story's plot; "" = nobody
	method   string
	path     string
	send     string
	want     int
	bare     bool // without the session's token in the form
}

// TestIsolationMatrix asks every declared route as everybody, about one's own,
// another's and nobody's objects. What is refused must change no row and show no
// canary; and each route must have worked, for whom it is meant, on the same
// objects a moment later: otherwise its refusals say nothing.
func TestIsolationMatrix(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		started := time.Now()
		m := newMatrix(t, db)
		if *without != "" {
			drop(t, m.raw, *without)
		}
		declared := m.in.web.Routes()
		told := map[string]bool{}
		for _, r := range rulings() {
			told[r.route] = true
			i := slices.IndexFunc(declared, func(d web.Route) bool { return d.Method+" "+d.Path == r.route })
			if i < 0 {
				t.Errorf("%s is in the table, and the app does not have it", r.route)
				continue
			}
			m.rule(r, declared[i].Policy.Door)
		}
		for _, d := range declared {
			if !told[d.Method+" "+d.Path] {
				t.Errorf("%s %s has no entry in the table: say who may, and what they see", d.Method, d.Path)
			}
		}
		t.Logf("figure: %d routes, %d cases, %d negatives, %d positives, %d leaks (%.1f s)",
			len(declared), m.cases, m.negatives, m.positives, m.leaks, time.Since(started).Seconds())
	})
}

// newMatrix gathers the cast; story A is told up to its announcement, because one
// of the cast is limited to its batch.
func newMatrix(t *testing.T, db *store.DB) *matrix {
	t.Helper()
	ctx := context.Background()
	m := &matrix{t: t, in: assemble(t, db, slog.New(slog.DiscardHandler)), raw: db.SQL(), stories: stories(),
		people: map[string]sample.Person{}, clients: map[string]*client{}, csrf: map[string]string{}}
	if db.Engine == store.Postgres {
		m.raw = storetest.Superuser(t, db)
	}
	made, err := migrations.Tables()
	check(t, err)
	for _, table := range made {
		if table.Name != "attempt" { // guesses come back with time
			m.tables = append(m.tables, table.Name)
		}
	}
	ids, err := sample.Fill(ctx, m.in.registry, m.in.accounts, m.in.employees, extras())
	check(t, err)
	maps.Copy(m.in.ids, ids)
	for _, p := range append(everybody(), extras()...) {
		m.people[p.Key] = p
	}
	m.appointOperator()
	jambi := authz.AsSystem(ctx, m.in.government(t, "15"))
	check(t, m.in.accounts.Give(jambi, m.in.ids["double"], authz.Organiser, ""))

	guest, err := m.in.host.Guest("bimtek", "1.0.0")
	check(t, err)
	described, err := guest.Describe(ctx)
	check(t, err)
	rules := described.RuleSets[0].Key
	for _, st := range m.stories {
		st.v["announcer"] = map[string]string{"15": "organiser", "13": "sumbar"}[st.v["host"]]
		maps.Copy(st.v, map[string]string{
			"id": fmt.Sprint(m.in.government(t, "35.22")), "act": "nama", "course": "bimtek", "release": "1.0.0", "switch": "nonaktifkan", "rules": rules, "pdf": "%PDF-1.7 {name} %%EOF", "account": string(m.in.ids["settled"]), "verdict": "tangguhkan", "name": st.name, "day": today().String(), "pin": "bimtek 1.0.0 " + rules, "mark1": store.NewID(), "mark2": store.NewID(),
			"login": m.people["sarolangun"].Email, "password": sample.Password, "tenant": fmt.Sprint(m.in.government(t, "35.23")),
			"party1": fmt.Sprint(m.in.government(t, "15.03")), "party2": fmt.Sprint(m.in.government(t, "15.71")),
			"person": m.people[st.seat[0]].Name, "nip": m.people[st.seat[0]].Work.NIP, "person2": m.people[st.seat[1]].Name,
			"nilai": m.remark("nilai", st.seat[0]), "jp": m.remark("jp", st.seat[0]),
		})
	}
	a := m.stories[0]
	organiser := m.as("organiser")
	p, err := m.in.programs.Open(organiser, "Bimtek A", "bimtek", "1.0.0", rules)
	check(t, err)
	b, err := m.in.batches.Publish(organiser, batch.Draft{ProgramID: p, Number: "Angkatan A", Place: "Aula A", Starts: today(), Ends: today(),
		Seats: map[tenants.ID]int{m.in.government(t, "15.03"): 1, m.in.government(t, "15.71"): 1}})
	check(t, err)
	check(t, m.in.accounts.Give(jambi, m.in.ids["limited"], authz.Organiser, string(b.ID)))
	check(t, m.in.accounts.Give(authz.AsSystem(ctx, m.in.government(t, "15.03")), m.in.ids["clerk"], authz.SenderAdmin, string(b.ID)))
	check(t, m.in.accounts.Give(authz.AsSystem(ctx, m.in.government(t, "15.03")), m.in.ids["opd"], authz.SenderAdmin,
		m.one("SELECT unit_id FROM employee WHERE identity_id = '%s'", m.in.ids["citra"])))
	for _, st := range m.stories {
		m.learn(st)
	}
	if a.v["batch"] != string(b.ID) {
		t.Fatalf("story A has batch %q, want %q", a.v["batch"], b.ID)
	}
	for _, who := range cast {
		if who.key != "" {
			c := m.in.visitor(t)
			c.open("/masuk").press("Masuk", fields{"login": m.people[who.key].Email, "password": sample.Password})
			m.clients[who.key] = c // where it leads, the matrix says
		}
	}
	m.renew("double")
	c := m.ask(ask{actor: "double", method: "POST", path: "/pilih", send: "tenant=" + a.v["tenant"]})
	if c.status != http.StatusSeeOther {
		t.Fatalf("choose a tenant: %d", c.status)
	}
	for key := range m.clients {
		m.renew(key)
	}
	return m
}

var hidden = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// renew reads the token for forms off a page: it changes with the session.
func (m *matrix) renew(key string) {
	found := hidden.FindStringSubmatch(m.clients[key].send("GET", "/saya", "", "").page.body)
	if found == nil {
		m.t.Fatalf("%s finds no form on /saya", key)
	}
	m.csrf[key] = found[1]
}

// as is the context of one of the cast, for acts of the story that no route is judged by.
func (m *matrix) as(key string) context.Context {
	a := authz.Actor{Identity: m.in.ids[key]}
	if i := slices.IndexFunc(cast, func(c actor) bool { return c.key == key }); i >= 0 && cast[i].role != "" {
		g, err := m.in.registry.BySlug(cast[i].slug)
		check(m.t, err)
		a.Tenant, a.Grants = g.ID, []authz.Grant{{Role: cast[i].role}}
	}
	return authz.As(context.Background(), a)
}

// one reads one text past the policies, "" when there is none.
func (m *matrix) one(query string, args ...any) (text string) {
	if err := m.raw.QueryRow(fmt.Sprintf(query, args...)).Scan(&text); err != nil && err != sql.ErrNoRows {
		m.t.Fatalf("%s: %v", fmt.Sprintf(query, args...), err)
	}
	return text
}

// learn looks up the ids that the story has reached.
func (m *matrix) learn(st *story) {
	v, host := st.v, m.in.government(m.t, st.v["code"])
	v["decree"] = m.one("SELECT id FROM rule_decree WHERE tenant_id = %d", host)
	v["program"] = m.one("SELECT id FROM program WHERE tenant_id = %d AND title = 'Bimtek %s'", host, st.name)
	v["batch"] = m.one("SELECT id FROM batch WHERE tenant_id = %d AND number = 'Angkatan %s'", host, st.name)
	for name, table := range map[string]string{"week": "work_week", "holiday": "holiday", "office": "signing_office", "term": "office_holder"} {
		v[name] = m.one("SELECT id FROM %s WHERE tenant_id = %d ORDER BY id LIMIT 1", table, host)
	}
	v["feast"] = m.one("SELECT id FROM holiday WHERE tenant_id = %d", tenants.Kemendagri)
	v["employee"] = m.one("SELECT id FROM employee WHERE identity_id = '%s'", m.in.ids[st.seat[0]])
	m.learnEmployee(st)
	m.learnAccess(st)
	m.learnImport(st)
	m.learnTransfer(st)
	if v["batch"] == "" {
		return
	}
	v["session"] = m.one("SELECT id FROM session WHERE batch_id = '%s'", v["batch"])
	v["link"] = m.one("SELECT link FROM session WHERE batch_id = '%s'", v["batch"])
	for i, nth := range []string{"", "2", "3"} {
		if st.seat[i] != "" {
			v["nomination"+nth] = m.one("SELECT id FROM nomination WHERE batch_id = '%s' AND identity_id = '%s'", v["batch"], m.in.ids[st.seat[i]])
		}
		if v["nomination"+nth] != "" {
			v["token"+nth] = m.one("SELECT token FROM certificate WHERE nomination_id = '%s'", v["nomination"+nth])
		}
	}
	v["participant"] = v["nomination"]
	m.canaries = m.secrets()
}

// facts is what every table holds, in short.
func (m *matrix) facts() map[string]string {
	found := map[string]string{}
	for _, table := range m.tables {
		rows, err := m.raw.Query("SELECT " + factsOf(table) + " FROM " + table)
		check(m.t, err)
		columns, err := rows.Columns()
		check(m.t, err)
		var lines []string
		for rows.Next() {
			line := make([]any, len(columns))
			for i := range line {
				line[i] = new(any)
			}
			check(m.t, rows.Scan(line...))
			for i := range line {
				line[i] = *line[i].(*any)
			}
			lines = append(lines, fmt.Sprint(line...))
		}
		check(m.t, rows.Err())
		check(m.t, rows.Close())
		slices.Sort(lines)
		found[table] = fmt.Sprintf("%d rows %x", len(lines), sha256.Sum256([]byte(strings.Join(lines, "\n"))))
	}
	return found
}

// factsOf are the columns of a table that a request may change only by what it does:
// that a session was used is noted whatever it asks for.
func factsOf(table string) string {
	if table == "sign_in" {
		return "hash, id, identity_id, tenant_id, proved_at, second_at"
	}
	return "*"
}

// changed lists the tables that are not as they were.
func (m *matrix) changed(before map[string]string) (tables []string, now map[string]string) {
	now = m.facts()
	for _, table := range m.tables {
		if now[table] != before[table] {
			tables = append(tables, table)
		}
	}
	return tables, now
}

// rule tries a route: in each story first everybody who may not, then who may.
func (m *matrix) rule(r ruling, door string) {
	positives := 0
	before := m.facts()
	for _, st := range m.stories {
		key, in := st.plot[r.by]
		if !in {
			continue
		}
		for _, a := range m.refusals(r, door, st) {
			m.negatives++
			m.judge(r, st, a, m.ask(a))
		}
		var tables []string
		tables, before = m.changed(before)
		if r.logged { // others have read what is theirs, meanwhile
			tables = slices.DeleteFunc(tables, func(t string) bool { return t == "audit_line" })
		}
		if !slices.Equal(sorted(tables), sorted(strings.Fields(r.records))) {
			m.t.Errorf("%s, story %s: refused requests changed %v, want %q", r.route, st.name, tables, r.records)
		}
		if m.suspended(r, st) {
			before = m.facts()
		}
		twin := m.ask(m.twin(r, st))
		m.cases++
		tables, before = m.changed(before)
		worked := twin.status == r.status && slices.Equal(sorted(tables), sorted(strings.Fields(r.changes))) && (r.sees != "" || r.changes != "")
		shown := readable(twin.body) + twin.body + twin.header.Get("Location")
		for _, canary := range strings.Split(r.sees, "|") {
			worked = worked && strings.Contains(shown, st.fill(canary, m.actor(key).slug))
		}
		if !worked {
			m.t.Errorf("%s, story %s: its positive twin by %q got %d, changed %v, and shows %q not: the refusals are void\n%s",
				r.route, st.name, key, twin.status, tables, r.sees, readable(twin.body))
			continue
		}
		stated := "" // a certificate's page says to everybody whose it is, and no more
		if door == "public" {
			stated = st.v["person"]
		}
		m.leak(r, m.twin(r, st), twin, stated)
		positives++
		if door == "platform" && key != "" && m.clients[key].cookies["session"] != "" {
			m.renew(key)
		}
		m.learn(st)
		if r.then != nil {
			r.then(m, st)
			m.learn(st)
			before = m.facts()
		}
	}
	m.positives += positives
	if positives == 0 {
		m.t.Errorf("%s has no positive twin", r.route)
	}
}

func sorted(words []string) []string { return slices.Sorted(slices.Values(words)) }

// judge holds an answer against what is due.
func (m *matrix) judge(r ruling, st *story, a ask, got page) {
	m.cases++
	if got.status != a.want {
		m.t.Errorf("%s, story %s, %s by %q: %s %s = %d, want %d: %.300s", r.route, st.name, a.relation, a.actor, a.method, a.path, got.status, a.want, readable(got.body))
	}
	if to := got.header.Get("Location"); a.actor == "" && got.status == http.StatusSeeOther && !strings.HasPrefix(to, "/masuk") && !strings.HasPrefix(to, "/p/") && !strings.HasPrefix(to, "/V/") && to != "/" {
		m.t.Errorf("%s: nobody is led to %s", r.route, to)
	}
	m.leak(r, a, got, "")
}

// leak finds what this actor may never see.
func (m *matrix) leak(r ruling, a ask, got page, stated string) {
	for _, s := range m.canaries {
		if strings.Contains(got.body, s.text) && !s.seen(a.actor) && s.text != stated {
			m.leaks++
			m.t.Errorf("LEAK: %s, %s: %q is shown %q", r.route, a.relation, a.actor, s.text)
		}
	}
}

// ask sends a and returns the answer.
func (m *matrix) ask(a ask) page {
	c := m.in.visitor(m.t)
	if a.actor != "" {
		c = m.clients[a.actor]
		delete(c.cookies, "flash") // the last page's message is not this one's
	}
	kind, body := "", a.send
	switch {
	case strings.HasPrefix(a.send, "{"):
		kind = fiber.MIMEApplicationJSON
	case strings.HasPrefix(a.send, "file:") && strings.HasPrefix(a.path, "/api/"):
		kind, body = fiber.MIMEOctetStream, strings.TrimPrefix(a.send, "file:")
	case strings.HasPrefix(a.send, "file:"): // content, and after a "|" the other fields
		kind, body = m.upload(a)
	case a.method == http.MethodPost:
		kind = fiber.MIMEApplicationForm
		values := url.Values{}
		for _, pair := range strings.Split(a.send, "&") {
			name, value, _ := strings.Cut(pair, "=")
			values.Set(name, value)
		}
		if !a.bare && a.actor != "" {
			values.Set("_csrf", m.csrf[a.actor])
		}
		body = values.Encode()
	}
	return c.send(a.method, a.path, kind, body).page
}

// upload is a form with a file, which follows "file:".
func (m *matrix) upload(a ask) (kind, body string) {
	var b strings.Builder
	w := multipart.NewWriter(&b)
	if !a.bare && a.actor != "" {
		check(m.t, w.WriteField("_csrf", m.csrf[a.actor]))
	}
	content, others, _ := strings.Cut(strings.TrimPrefix(a.send, "file:"), "|")
	for pair := range strings.SplitSeq(others, "&") {
		name, value, _ := strings.Cut(pair, "=")
		check(m.t, w.WriteField(name, value))
	}
	part, err := w.CreateFormFile("file", "berkas")
	check(m.t, err)
	_, err = io.WriteString(part, content)
	check(m.t, err)
	check(m.t, w.Close())
	return w.FormDataContentType(), b.String()
}

func (m *matrix) actor(key string) actor {
	return cast[slices.IndexFunc(cast, func(a actor) bool { return a.key == key })]
}

// TestUndeclaredRouteFails: a route put past the app, as a page or as an operation,
// is found, and nothing else is. wire refuses to serve with one.
func TestUndeclaredRouteFails(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := assemble(t, db, slog.New(slog.DiscardHandler))
		if left := in.web.Undeclared(); len(left) > 0 {
			t.Fatalf("the product serves %v without a policy", left)
		}
		quiet := func(c *fiber.Ctx) error { return nil }
		in.web.Fiber().Get("/t/:slug/rahasia", quiet)
		in.web.Fiber().Delete("/api/v1/tenants/:slug/batches/:batch", quiet)
		want := []web.Route{
			{Method: "GET", Path: "/t/:slug/rahasia"}, {Method: "HEAD", Path: "/t/:slug/rahasia"}, {Method: "DELETE", Path: "/api/v1/tenants/:slug/batches/:batch"},
		}
		order := func(a, b web.Route) int { return strings.Compare(a.Method+a.Path, b.Method+b.Path) }
		got := in.web.Undeclared()
		slices.SortFunc(got, order)
		slices.SortFunc(want, order)
		if !slices.Equal(got, want) {
			t.Errorf("Undeclared() = %v, want %v", got, want)
		}
	})
}
