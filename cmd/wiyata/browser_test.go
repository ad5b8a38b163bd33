package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/certificate"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

const (
	chromium = "/usr/bin/chromium"
	narrow   = 360              // CSS pixels: the width of a small phone
	patience = 10 * time.Second // for one step
)

// listening runs a product on a loopback port of its own.
func listening(t *testing.T, db *store.DB) (*installation, string) {
	t.Helper()
	ctx := context.Background()
	signer, err := certificate.NewSigner(make([]byte, 32))
	check(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	base := "http://" + listener.Addr().String()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	p, err := wire(ctx, parts{db: db, plugins: guestDir, keys: keys{signer: signer}, baseURL: base, log: log})
	check(t, err)
	t.Cleanup(func() {
		closing, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		p.host.Close(closing)
	})
	in := &installation{product: p}
	in.start(t)
	served := make(chan error, 1)
	go func() { served <- p.web.Fiber().Listener(listener) }()
	t.Cleanup(func() { check(t, errors.Join(p.web.Fiber().ShutdownWithTimeout(patience), <-served)) })
	return in, base
}

// startChromium starts one browser for all phones of a test.
func startChromium(t *testing.T) context.Context {
	t.Helper()
	if _, err := os.Stat(chromium); err != nil {
		t.Fatalf("no browser at %s: .ci/setup installs it", chromium)
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(chromium), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun}
	for _, flag := range []string{
		"disable-background-networking", "disable-component-update", "disable-sync",
		// Everybody has a window, and only one is in front: the others must not doze.
		"disable-background-timer-throttling", "disable-backgrounding-occluded-windows", "disable-renderer-backgrounding",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...) // a profile of its own, thrown away
	t.Cleanup(end)
	// Chromium sends events that are younger than the library: it says so, and goes on.
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(func() {
		check(t, chromedp.Cancel(ctx)) // asks it to quit and waits, so that the profile goes too
		cancel()
	})
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("start %s: %v", chromium, err)
	}
	return ctx
}

// phone is somebody's: its own cookies and cache, 360 pixels wide.
type phone struct {
	t      *testing.T
	who    string
	base   string
	tab    context.Context
	seen   view // of the last page looked at
	visits int  // pages looked at

	mu       sync.Mutex
	pending  map[network.RequestID]string // addresses, by request
	bytes    float64                      // on the wire since the last weigh
	requests int                          // since then
	errors   []string                     // what the browser's console complained of
}

// view is what a page looks like.
type view struct {
	Path, Lang, Text string
	Headings, Width  int
	Wide             []string // elements that stick out
	Small            []string // buttons too small for a thumb
	Nameless         []string // inputs without a label
}

const look = `(() => {
	const name = e => e.tagName.toLowerCase() + (e.className ? '.' + e.className : '') + ' ' + (e.innerText || '').slice(0, 30)
	const shown = e => e.getClientRects().length > 0
	const all = s => [...document.querySelectorAll(s)].filter(shown)
	const scrolls = e => e.closest('.scroll, .tabs')
	return {
		Path: location.pathname, Lang: document.documentElement.lang, Text: document.body.innerText.replace(/\s+/g, ' '),
		Headings: document.querySelectorAll('h1').length, Width: document.documentElement.scrollWidth,
		Wide: all('body *').filter(e => e.getBoundingClientRect().right > screen.width + 1 && !scrolls(e)).map(name),
		Small: all('button, .button, .bar a, .tabs a').filter(e => e.getBoundingClientRect().height < 44).map(name),
		Nameless: all('input, select, textarea').filter(e => !e.labels.length).map(name),
	}
})()`

// newPhone opens a browser context for somebody who has never been here.
func newPhone(t *testing.T, chrome context.Context, base, who string) *phone {
	t.Helper()
	direct := cdp.WithExecutor(chrome, chromedp.FromContext(chrome).Browser)
	private, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(direct)
	check(t, err)
	window, err := target.CreateTarget("about:blank").WithBrowserContextID(private).WithNewWindow(true).Do(direct)
	check(t, err)
	tab, closeTab := chromedp.NewContext(chrome, chromedp.WithTargetID(window))
	t.Cleanup(closeTab)
	p := &phone{t: t, who: who, base: base, tab: tab, pending: map[network.RequestID]string{}}
	chromedp.ListenTarget(tab, p.hear)
	// Not under a deadline: the tab would close with it.
	err = chromedp.Run(tab, network.Enable(), emulation.SetDeviceMetricsOverride(narrow, 740, 2, true), emulation.SetTouchEmulationEnabled(true))
	if err != nil {
		t.Fatalf("%s: open a tab: %v", who, err)
	}
	return p
}

// hear keeps what matters of the browser's events.
func (p *phone) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.Contains(e.Request.URL, "/a/emblem-") { // the tab's icon: Chromium often keeps its end to itself
			p.pending[e.RequestID] = e.Request.URL
			p.requests++
		}
	case *network.EventLoadingFinished:
		p.bytes += e.EncodedDataLength
		delete(p.pending, e.RequestID)
	case *network.EventLoadingFailed:
		delete(p.pending, e.RequestID)
	case *runtime.EventExceptionThrown:
		p.errors = append(p.errors, e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			p.errors = append(p.errors, fmt.Sprintf("console: %v", e.Args))
		}
	case *cdplog.EventEntryAdded: // violations of the content policy among them
		if e.Entry.Level == cdplog.LevelError {
			p.errors = append(p.errors, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// do runs actions within one step's patience.
func (p *phone) do(what string, actions ...chromedp.Action) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		p.fail("%s: %v", what, err)
	}
}

// fail says where the person stands and what they see.
func (p *phone) fail(format string, args ...any) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, 2*time.Second)
	defer cancel()
	url, text := "?", "?"
	if chromedp.Run(ctx, chromedp.Location(&url), chromedp.Text("body", &text, chromedp.ByQuery)) != nil {
		text = "(no answer; before that:) " + p.seen.Text
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.t.Fatalf("%s: %s\nat %s, unanswered %v\nsees: %s", p.who, fmt.Sprintf(format, args...), url, p.pending, strings.Join(strings.Fields(text), " "))
}

// arrive does what leads to another page, waits until that is there and looks at it.
func (p *phone) arrive(what string, actions ...chromedp.Action) *phone {
	p.t.Helper()
	p.mu.Lock()
	clear(p.pending) // what a page still asks for when it is left may never be answered
	p.mu.Unlock()
	p.do(what, append([]chromedp.Action{chromedp.Evaluate("window.here = true", nil)}, actions...)...)
	p.await(what+": the next page", func(ctx context.Context) bool {
		var there bool
		err := chromedp.Run(ctx, chromedp.Evaluate("!window.here && document.readyState === 'complete'", &there))
		p.mu.Lock()
		defer p.mu.Unlock()
		return err == nil && there && len(p.pending) == 0
	})
	return p.examine()
}

// await polls until ok; an error in between is a page that is going away.
func (p *phone) await(what string, ok func(context.Context) bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok(ctx) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.fail("waited in vain for %s", what)
		}
	}
}

// examine demands what every page owes a small phone.
func (p *phone) examine() *phone {
	p.t.Helper()
	p.seen = view{}
	p.do("look", chromedp.Evaluate(look, &p.seen))
	p.visits++
	v := p.seen
	for _, bad := range []struct {
		is   bool
		what string
	}{
		{v.Width > narrow, fmt.Sprintf("is %d px wide, and scrolls sideways: %v", v.Width, v.Wide)},
		{len(v.Wide) > 0, fmt.Sprintf("is cut off at the right: %v", v.Wide)},
		{v.Lang != "id", fmt.Sprintf("lang=%q", v.Lang)},
		{v.Headings != 1, fmt.Sprintf("has %d h1", v.Headings)},
		{len(v.Small) > 0, fmt.Sprintf("has buttons lower than 44 px: %v", v.Small)},
		{len(v.Nameless) > 0, fmt.Sprintf("has inputs without a label: %v", v.Nameless)},
	} {
		if bad.is {
			p.t.Errorf("%s: %s %s", p.who, v.Path, bad.what)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.errors {
		p.t.Errorf("%s: %s: the browser complains: %s", p.who, v.Path, e)
	}
	p.errors = nil
	return p
}

// open types an address.
func (p *phone) open(path string) *phone {
	p.t.Helper()
	return p.arrive("open "+path, chromedp.Navigate(p.base+path))
}

// press taps the button with exactly this label; follow, the first link of the page
// whose text begins so. A tap lands where the finger would: whatever lies above gets it.
func (p *phone) press(label string) *phone {
	p.t.Helper()
	return p.arrive("press "+label, tap(fmt.Sprintf(`//button[normalize-space()=%q]`, label)))
}

func (p *phone) follow(label string) *phone {
	p.t.Helper()
	return p.arrive("follow "+label, tap(fmt.Sprintf(`//main//a[starts-with(normalize-space(), %q)]`, label)))
}

// menu opens the list at the top and follows a line of it; bar is the one at the thumb.
func (p *phone) menu(label string) *phone {
	p.t.Helper()
	p.do("open the menu", tap(`//nav[contains(@class, "rail")]//summary`))
	return p.arrive("menu "+label, tap(fmt.Sprintf(`//details//a[normalize-space()=%q]`, label)))
}

func (p *phone) bar(label string) *phone {
	p.t.Helper()
	return p.arrive("bar "+label, tap(fmt.Sprintf(`//nav[contains(@class, "bar")]//a[normalize-space()=%q]`, label)))
}

func tap(path string) chromedp.Action {
	return chromedp.Click(path, chromedp.BySearch, chromedp.NodeVisible)
}

// fill types into inputs by name; a day is set, since typing one depends on the language.
func (p *phone) fill(typed fields) *phone {
	p.t.Helper()
	for name, value := range typed {
		input := fmt.Sprintf(`main [name=%q]`, name)
		if _, err := time.Parse(time.DateOnly, value); err == nil {
			p.do("set "+name, chromedp.SetValue(input, value, chromedp.ByQuery))
			continue
		}
		p.do("type "+name, chromedp.SendKeys(input, value, chromedp.ByQuery, chromedp.NodeVisible))
	}
	return p
}

// choose picks the choice that begins with label.
func (p *phone) choose(name, label string) *phone {
	p.t.Helper()
	var value string
	p.do("read the choices of "+name, chromedp.Evaluate(fmt.Sprintf(
		`[...document.querySelectorAll('main [name=%q] option')].find(o => o.text.startsWith(%q))?.value ?? ''`, name, label), &value))
	if value == "" {
		p.fail("%s has no choice %q", name, label)
	}
	p.do("choose "+label, chromedp.SetValue(fmt.Sprintf(`main [name=%q]`, name), value, chromedp.ByQuery))
	return p
}

// sees demands texts on the page; missing demands their absence.
func (p *phone) sees(texts ...string) *phone {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.seen.Text, text) {
			p.fail("does not see %q", text)
		}
	}
	return p
}

func (p *phone) missing(texts ...string) *phone {
	p.t.Helper()
	for _, text := range texts {
		if strings.Contains(p.seen.Text, text) {
			p.fail("sees %q", text)
		}
	}
	return p
}

// weigh opens path with an empty cache and demands that at most limit bytes travel.
func (p *phone) weigh(path string, limit float64) *phone {
	p.t.Helper()
	p.do("empty the cache", network.ClearBrowserCache())
	p.mu.Lock()
	p.bytes = 0
	p.mu.Unlock()
	p.open(path)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.t.Logf("first view of %-10s %6.0f bytes, at most %6.0f", path[:min(len(path), 10)], p.bytes, limit)
	if p.bytes == 0 || p.bytes > limit {
		p.t.Errorf("%s weighs %.0f bytes on first view, at most %.0f", path, p.bytes, limit)
	}
	return p
}

// enter signs somebody in, from the front page, by typing.
func enter(t *testing.T, chrome context.Context, base, key string) *phone {
	t.Helper()
	people := sample.People()
	who := people[slices.IndexFunc(people, func(p sample.Person) bool { return p.Key == key })]
	p := newPhone(t, chrome, base, who.Name)
	p.open("/").sees("satu benang dari usulan sampai JP diakui").follow("Masuk")
	return p.fill(fields{"login": who.Email, "password": sample.Password}).press("Masuk")
}

// TestLineInChromium tells the line with thumbs: real pages in a real browser on a
// small phone. On one engine only, since a browser does not know which it is; the
// subtest's name keeps it out of the count per engine.
func TestLineInChromium(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Run("sqlite_only", func(t *testing.T) {
		in, base := listening(t, template.Clone(t, store.SQLite))
		chrome := startChromium(t)
		const training, link = "Bimtek Arsip Digital", "https://rapat.example/ruang-arsip"

		organiser := enter(t, chrome, base, "organiser")
		organiser.sees("Belum ada angkatan").menu("Program")
		organiser.fill(fields{"title": training}).press("Buka program").sees(training, "Perlu konfirmasi").follow(training)
		organiser.fill(fields{"place": "Aula BPSDM", "starts": today().String(), "ends": today().String(), "seats1": "1", "seats2": "1"})
		organiser.choose("sender1", "15.03 ").choose("sender2", "15.71 ").press("Umumkan angkatan").sees("Kabupaten Sarolangun", "Kota Jambi")

		sarolangun := enter(t, chrome, base, "sarolangun")
		sarolangun.follow(training).choose("employee", "Andi").press("Usulkan").sees("Andi Saputra, S.E. diusulkan", "Diusulkan")
		sarolangun.choose("employee", "Budi").press("Usulkan").sees("Cadangan")
		kotajambi := enter(t, chrome, base, "kotajambi")
		kotajambi.follow(training).missing("Andi", "Budi").choose("employee", "Maya").press("Usulkan").sees("Diusulkan")

		organiser.follow("Peserta").press("Setujui Andi Saputra, S.E.").sees("diterima sebagai peserta").press("Setujui Maya Anggraini, S.IP.")
		organiser.follow("Jadwal").fill(fields{"title": "Tata kelola arsip", "link": link}).press("Jadwalkan").sees("4 JP", link)
		andi := enter(t, chrome, base, "andi")
		andi.sees(training, "Diterima").follow("Tata kelola arsip").sees(link)
		budi := enter(t, chrome, base, "budi")
		budi.sees(training, "Cadangan").missing(link, "Tata kelola arsip")

		organiser.follow("Buka daftar hadir").press("Buka presensi").sees("Presensi dibuka")
		organiser.press("Hadir").sees("Presensi tercatat").press("Hadir").press("Tutup dan sahkan sesi").sees("Disahkan")
		organiser.follow("Kembali ke jadwal").follow("Nilai").press("Hitung nilai").sees("Hitungan: Lulus", "100,00")
		head := enter(t, chrome, base, "head")
		head.follow(training).follow("Nilai").press("Rekomendasikan hasil").sees("Rekomendasi: Lulus")
		head.fill(fields{"number": "800/123/BPSDM", "day": today().String()}).press("Tetapkan kelulusan").sees("Keputusan: Lulus", "800/123/BPSDM")

		maya := enter(t, chrome, base, "maya")
		for _, p := range []*phone{andi.bar("Hari ini"), maya} {
			p.press("Nama dan gelar sudah benar").sees("terkonfirmasi")
		}
		organiser.follow("Sertifikat").press("Buat sertifikat").sees("2 sertifikat dibuat", "/BIMTEK/00001")
		head.follow("Sertifikat").press("Tanda tangani 2 sertifikat").sees("2 sertifikat diterbitkan", "Terbit")

		andi.bar("Sertifikat").follow(training).sees("Andi Saputra, S.E.", "bukan tanda tangan elektronik")
		verify := "/V/" + andi.seen.Path[strings.LastIndex(andi.seen.Path, "/")+1:]
		stranger := newPhone(t, chrome, base, "stranger")
		stranger.weigh(verify, 15_000).sees("SAH", "Andi Saputra, S.E.", "4 JP").missing("199003152015031901", "TIDAK")
		andi.follow("Buka halaman pemeriksaan").sees("SAH")

		in.settled(t)
		andi.weigh("/saya", 60_000).bar("Riwayat JP").sees("4 dari 20 JP", "Kurang 16 JP", training)
		budi.bar("Riwayat JP").sees("Belum ada JP")
		sarolangun.menu("JP pegawai").sees("/BIMTEK/00001").missing("00002")
		lan := enter(t, chrome, base, "overseer")
		lan.sees("JP diakui 8", "Sertifikat 2").missing("Andi", "Maya")

		pages := 0
		for _, p := range []*phone{organiser, sarolangun, kotajambi, andi, budi, maya, head, stranger, lan} {
			pages += p.visits
		}
		t.Logf("%d pages looked at", pages)
	})
}
