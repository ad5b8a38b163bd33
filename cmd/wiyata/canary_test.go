package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/telemetry"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// locked is a buffer that many may write.
type locked struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Tracks are what an installation tells of its people beside their pages.
type tracks struct {
	log    *locked
	errors map[string]string // bodies of refusals and failures by who got them and where
}

// texts is the tracks as they stand, by source.
func (tr *tracks) texts() map[string]string {
	var traced strings.Builder
	for _, s := range spans.GetSpans() {
		fmt.Fprintln(&traced, s.Name, s.Status.Description, s.Attributes, s.Events)
	}
	scraped := httptest.NewRecorder()
	telemetry.Metrics().ServeHTTP(scraped, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	all := map[string]string{"log": tr.log.String(), "spans": traced.String(), "metrics": scraped.Body.String()}
	for at, body := range tr.errors {
		all["error "+at] = body
	}
	return all
}

// leaks names the sources in which a canary sings; own are canaries that the bodies
// of one person may show.
func leaks(texts map[string]string, canaries []string, own map[string][]string) (found []string) {
	for source, text := range texts {
		who, _, _ := strings.Cut(strings.TrimPrefix(source, "error "), " ")
		for _, canary := range canaries {
			if strings.Contains(text, canary) && !slices.Contains(own[who], canary) {
				found = append(found, source+": "+canary)
			}
		}
	}
	slices.Sort(found)
	return found
}

// TestNoCanarySings tells the whole line, with all that can be refused in it and then
// with a database that fails, and looks for its people in the log, at its loudest, in
// the spans, in the metrics and in every answer that is an error.
func TestNoCanarySings(t *testing.T) {
	const wrong = "kata-sandi-salah-ketik"
	template.Each(t, func(t *testing.T, db *store.DB) {
		tr := &tracks{log: new(locked), errors: map[string]string{}}
		spans.Reset()
		in := assemble(t, db, slog.New(slog.NewJSONHandler(tr.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
		in.start(t)

		canaries, own := []string{sample.Password, wrong, "ruang-arsip"}, map[string][]string{}
		for _, p := range everybody() {
			name, _, _ := strings.Cut(p.Name, ",")
			canaries, own[p.Key] = append(canaries, name, p.Email), []string{name}
			if p.Work != nil {
				canaries = append(canaries, p.Work.NIP)
			}
		}
		l := begin(t, in)
		typed := regexp.MustCompile(` value="[^"]*"`) // a form shows again what was typed into it
		for key, c := range map[string]*client{
			"organiser": l.organiser, "head": l.head, "sarolangun": l.sarolangun, "kotajambi": l.kotajambi, "andi": l.andi, "budi": l.budi,
			"maya": l.maya, "overseer": l.lan, "tuban": l.tuban, "sumbar": l.sumbar, "nobody": l.visitor,
		} {
			c.report = func(method, path string, status int) {
				if status < 400 {
					return
				}
				if strings.Contains(c.page.body, wrong) || strings.Contains(c.page.body, sample.Password) {
					t.Errorf("%s %s shows a password", method, path)
				}
				tr.errors[fmt.Sprintf("%s %s %s %d", key, method, path, len(tr.errors))] = typed.ReplaceAllString(c.page.body, "")
			}
		}
		for _, step := range l.steps() {
			step.do()
		}
		andi := people("andi")
		v, o := l.visitor, l.organiser
		v.send(http.MethodPost, "/masuk", "application/x-www-form-urlencoded", url.Values{"login": {andi.Work.NIP}, "password": {wrong}}.Encode())
		v.send(http.MethodPost, "/masuk?"+url.Values{"login": {andi.Email}, "password": {wrong}}.Encode(), "application/x-www-form-urlencoded", "")
		for _, path := range []string{"/V/" + andi.Work.NIP, "/" + url.PathEscape(andi.Name), "/t/" + andi.Work.NIP + "/pegawai", "/saya?nama=" + url.QueryEscape(andi.Name),
			"/api/v1/tenants/15/batches/" + andi.Work.NIP + "/participants/" + andi.Work.NIP} {
			v.send(http.MethodGet, path, "", "")
			o.send(http.MethodGet, path, "", "")
		}
		o.call(http.MethodPost, "/api/v1/tenants/15/batches", `{"program_id":"`+andi.Work.NIP+`","number":7,"place":"`+andi.Name+`","starts":"`+andi.Email+`"}`)
		broken := 0
		administer(t, db, "ALTER TABLE nomination RENAME TO gone")
		for _, path := range []string{l.host() + "/peserta", l.host() + "/nilai"} {
			if o.send(http.MethodGet, path, "", ""); o.page.status == http.StatusInternalServerError {
				broken++
			}
		}
		administer(t, db, "ALTER TABLE gone RENAME TO nomination")
		if logged := strings.Count(tr.log.String(), "request failed"); broken != 2 || logged < 2 {
			t.Errorf("%d pages failed and %d are logged, want 2", broken, logged)
		}

		texts := tr.texts()
		for _, leak := range leaks(texts, canaries, own) {
			t.Error(leak)
		}
		for _, label := range regexp.MustCompile(`[{,]([a-z_]+)="([^"]*)"`).FindAllStringSubmatch(texts["metrics"], -1) {
			known := strings.Fields("le door outcome pool state guest kind http_request_method http_response_status_class http_route")
			if !slices.Contains(known, label[1]) || strings.Contains(label[2], "15-03") || strings.Contains(label[2], l.batch) {
				t.Errorf("label %s=%q on the metrics", label[1], label[2])
			}
		}
		if lines, traced := strings.Count(texts["log"], "\n"), len(spans.GetSpans()); lines < 10 || traced < 100 || len(tr.errors) < 10 {
			t.Errorf("searched %d lines of log, %d spans and %d errors: too few to mean anything", lines, traced, len(tr.errors))
		} else {
			t.Logf("%d canaries looked for in %d lines of log, %d spans, %d errors", len(canaries), lines, traced, len(tr.errors))
		}

		// The control: one that is planted is found, wherever it is.
		planted := "Kenari " + string(db.Engine)
		in.log.Debug("planted", "name", planted)
		_, end := telemetry.Span(context.Background(), "planted", "name", planted)
		end(nil)
		telemetry.Job(context.Background(), planted, nil, 0)
		tr.errors["nobody GET /"] = "<p>" + planted + "</p>"
		want := []string{"error nobody GET /: " + planted, "log: " + planted, "metrics: " + planted, "spans: " + planted}
		if found := leaks(tr.texts(), []string{planted}, nil); !slices.Equal(found, want) {
			t.Errorf("planted ones found: %q, want %q", found, want)
		}
	})
}

// people returns one of everybody.
func people(key string) sample.Person {
	all := everybody()
	return all[slices.IndexFunc(all, func(p sample.Person) bool { return p.Key == key })]
}
