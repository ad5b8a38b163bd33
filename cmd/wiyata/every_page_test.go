package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/wiyata-id/wiyata/platform/store"
)

// A budget is what the first view of a page may cost: bytes on the wire, and requests.
type budget struct {
	bytes    float64
	requests int
}

// budgetOf is by who reads the page: staff have wires, participants and strangers may not.
func budgetOf(path string) budget {
	switch {
	case strings.HasPrefix(path, "/V/"):
		return budget{15_000, 3}
	case strings.HasPrefix(path, "/t/"), strings.HasPrefix(path, "/operator"), path == "/api":
		return budget{150_000, 15}
	}
	return budget{60_000, 8}
}

// TestEveryPageInChromium looks at each page of the matrix's table as the one for whom
// it is meant, at the moment of the stories when it has something to say: axe in both
// themes, no sideways scrolling from 320 to 1280 pixels, one heading, a language, what
// it weighs, and nothing in the browser's console. A new page is in by its entry there.
func TestEveryPageInChromium(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Run("sqlite_only", func(t *testing.T) {
		started := time.Now()
		axe, err := os.ReadFile("testdata/axe-4.14.1.min.js")
		check(t, err)
		m := newMatrix(t, template.Clone(t, store.SQLite))
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		check(t, err)
		served := make(chan error, 1)
		go func() { served <- m.in.web.Fiber().Listener(listener) }()
		t.Cleanup(func() {
			check(t, m.in.web.Fiber().ShutdownWithTimeout(patience))
			check(t, <-served)
		})
		p := &inspector{phone: newPhone(t, startChromium(t), "http://"+listener.Addr().String(), "inspector"), axe: string(axe)}
		for _, r := range rulings() {
			for _, st := range m.stories {
				key, in := st.plot[r.by]
				if !in {
					continue
				}
				a := m.twin(r, st)
				got := m.ask(a)
				if got.status != r.status {
					t.Fatalf("%s, story %s: %d, want %d: %.300s", r.route, st.name, got.status, r.status, readable(got.body))
				}
				if a.method == http.MethodGet && got.status == http.StatusOK && strings.HasPrefix(got.header.Get("Content-Type"), "text/html") && !p.seenRoute(r.route) {
					p.inspect(key, a.path, m.clients[key])
					p.inspectAsOthers(m, a)
				}
				if r.changes != "" && key != "" && m.clients[key].cookies["session"] != "" {
					m.renew(key)
				}
				m.learn(st)
				if r.then != nil {
					r.then(m, st)
					m.learn(st)
				}
			}
		}
		if len(p.routes) < 20 {
			t.Errorf("only %d pages were looked at", len(p.routes))
		}
		t.Logf("figure: every page in Chromium: %d pages, %d views, %d rules of axe passed, %d violations (%.0f s)",
			len(p.routes), p.visits, p.passed, p.violations, time.Since(started).Seconds())
	})
}

// inspectAsOthers looks at the page of a as everybody else who gets it, once a week.
func (p *inspector) inspectAsOthers(m *matrix, a ask) {
	if !*weekly {
		return
	}
	for _, who := range cast {
		if who.key == a.actor || who.key == "" {
			continue
		}
		other := a
		other.actor = who.key
		if m.ask(other).status == http.StatusOK {
			p.inspect(who.key, a.path, m.clients[who.key])
		}
	}
}

// An inspector is a browser that looks at pages as whoever it is told to be.
type inspector struct {
	*phone
	axe                string
	routes             map[string]bool
	passed, violations int
}

// seenRoute reports whether route was looked at, and notes that it is now.
func (p *inspector) seenRoute(route string) bool {
	seen := p.routes[route]
	if p.routes == nil {
		p.routes = map[string]bool{}
	}
	p.routes[route] = true
	return seen
}

// inspect looks at path with the cookies of c: at a small phone's width with axe in
// both themes, then for what sticks out at other widths.
func (p *inspector) inspect(who, path string, c *client) {
	p.t.Helper()
	p.who = who + " on " + path
	p.do("be "+who, network.ClearBrowserCookies(), network.ClearBrowserCache())
	if c != nil {
		for name, value := range c.cookies {
			p.do("cookie", network.SetCookie(name, value).WithURL(p.base))
		}
	}
	most := budgetOf(path)
	p.mu.Lock()
	p.bytes, p.requests = 0, 0
	p.mu.Unlock()
	p.theme("light")
	p.open(path)
	p.mu.Lock()
	if p.bytes == 0 || p.bytes > most.bytes || p.requests > most.requests {
		p.t.Errorf("%s: first view of %.0f bytes in %d requests, at most %.0f in %d", p.who, p.bytes, p.requests, most.bytes, most.requests)
	}
	p.mu.Unlock()
	p.judge("light")
	p.picture(path, "360")
	p.theme("dark")
	p.judge("dark")
	for _, width := range []int64{320, 768, 1280} {
		var wide struct {
			Width int
			Bad   []string
		}
		p.do("another width", emulation.SetDeviceMetricsOverride(width, 800, 1, false), chromedp.Evaluate(`({
			Width: document.documentElement.scrollWidth,
			Bad: [...document.querySelectorAll('body *')].filter(e => e.getClientRects().length && e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, .tabs'))
				.map(e => e.tagName + ' ' + (e.innerText || '').slice(0, 30)),
		})`, &wide))
		if wide.Width > int(width) || len(wide.Bad) > 0 {
			p.t.Errorf("%s at %d px: %d px wide, %v", p.who, width, wide.Width, wide.Bad)
		}
	}
	p.theme("light")
	p.picture(path, "1280")
	p.do("a small phone again", emulation.SetDeviceMetricsOverride(narrow, 740, 2, true))
}

// shots is where a picture of each page is put, to be looked at by people.
var shots = flag.String("shots", "", "folder for a picture of every page, as a phone and as a desk shows it")

// picture puts the whole page as it stands into the folder of shots.
func (p *inspector) picture(path, width string) {
	p.t.Helper()
	if *shots == "" {
		return
	}
	var png []byte
	p.do("picture", chromedp.FullScreenshot(&png, 100))
	check(p.t, os.MkdirAll(*shots, 0o755))
	name := strings.Trim(strings.NewReplacer("/", "_", "?", "_", "&", "_", "=", "_").Replace(path), "_")
	check(p.t, os.WriteFile(filepath.Join(*shots, fmt.Sprintf("%03d-%.60s-%s.png", len(p.routes), name, width)), png, 0o600))
}

func (p *inspector) theme(name string) {
	p.do(name, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
}

// judge has axe look at the page as it stands.
func (p *inspector) judge(theme string) {
	p.t.Helper()
	const run = `axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => JSON.stringify({
		passed: r.passes.length,
		violations: r.violations.map(v => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')),
	}))`
	var text string
	// The longest page, of all operations, keeps axe busy for seconds.
	ctx, cancel := context.WithTimeout(p.tab, 6*patience)
	defer cancel()
	err := chromedp.Run(ctx, chromedp.Evaluate(p.axe+";0", nil),
		chromedp.Evaluate(run, &text, func(e *cdpruntime.EvaluateParams) *cdpruntime.EvaluateParams { return e.WithAwaitPromise(true) }))
	if err != nil {
		p.fail("axe: %v", err)
	}
	var found struct {
		Passed     int
		Violations []string
	}
	check(p.t, json.Unmarshal([]byte(text), &found))
	p.passed += found.Passed
	p.violations += len(found.Violations)
	if found.Passed == 0 {
		p.t.Errorf("%s, %s: axe found nothing to look at", p.who, theme)
	}
	for _, v := range found.Violations {
		p.t.Errorf("%s, %s: %s", p.who, theme, fmt.Sprintf("%.600s", v))
	}
}
