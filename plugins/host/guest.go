package host

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/telemetry"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// A guest is one entry of the catalogue with the process that answers for it.
type guest struct {
	entry Entry // as it was first listed; its manifest never changes
	host  *Host
	tail  *tail
	line  chan struct{} // a place per question, in flight or waiting
	slots chan struct{} // a place per question in flight

	description atomic.Pointer[coursetype.Description] // the first that was valid

	mu      sync.Mutex
	listed  Entry // as the catalogue has it now
	current *life // nil when no process runs or is being started
	breaker breaker
	heard   bool // the catalogue knows that breaker is open
	starts  int
	calls   int
	errors  int
}

// A life is a process from the decision to start it until its death. process and
// err are set before up is closed.
type life struct {
	up      chan struct{}
	process *process
	err     error
}

func (g *guest) status() Status {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := Status{
		Entry: g.listed, State: Idle, Starts: g.starts, Calls: g.calls, Errors: g.errors,
		Failures: g.breaker.recent(time.Now()),
	}
	switch {
	case g.breaker.open:
		s.State, s.Enabled = Disabled, false
		if s.Reason == "" || !g.heard {
			s.Reason = failedOften
		}
	case !g.listed.Enabled:
		s.State = Disabled
	case g.current == nil:
	default:
		s.State = Starting
		if p := g.current.running(); p != nil {
			s.State, s.PID, s.Since, s.Memory = Running, p.pid, p.since, p.memory.Load()
		}
	}
	return s
}

// running returns the process of l once it is up; nil before, and when it never came up.
func (l *life) running() *process {
	select {
	case <-l.up:
		return l.process
	default:
		return nil
	}
}

// failedOften is the reason of a guest that the host itself disables.
const failedOften = "Gagal tiga kali dalam satu jam."

// list takes over what the catalogue says of g. Who is enabled again begins anew.
func (g *guest) list(e Entry) {
	g.mu.Lock()
	was := g.listed.Enabled
	g.listed = e
	if !was && e.Enabled {
		g.breaker, g.heard = breaker{}, false
	}
	g.mu.Unlock()
	if was && !e.Enabled {
		g.pardon("disabled")
	}
}

// untold reports whether g has failed too often and the catalogue does not know.
func (g *guest) untold() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.breaker.open && !g.heard
}

// told notes that the catalogue has g as disabled.
func (g *guest) told() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.heard, g.listed.Enabled = true, false
}

// pardon kills g's process, if one runs, without counting it as a failure.
func (g *guest) pardon(reason string) {
	g.mu.Lock()
	l := g.current
	g.mu.Unlock()
	if l == nil {
		return
	}
	if p := l.running(); p != nil {
		p.pardoned.Store(true)
		p.kill(reason)
	}
}

// ask puts one question to g and returns its answer. A question that is lost
// because the process died is asked once more. Errors: see Host.Guest.
func ask[A any](ctx context.Context, g *guest, question func(context.Context, coursetype.CourseType) (A, error)) (a A, err error) {
	asked := time.Now()
	defer func() {
		telemetry.Question(ctx, g.entry.Name, err, time.Since(asked))
		g.count(err)
	}()
	leave, err := g.enter(ctx)
	if err != nil {
		return a, err
	}
	defer leave()
	for again := true; ; again = false {
		p, err := g.process(ctx)
		if err != nil {
			return a, err
		}
		limited, cancel := context.WithTimeout(ctx, g.host.limits.call)
		a, err = question(limited, p.guest)
		late := struck(limited, err)
		cancel()
		var said *coursetype.Error
		switch {
		case err == nil:
			return a, nil
		case errors.As(err, &said):
			return a, g.refused(said)
		case ctx.Err() != nil:
			return a, g.abandoned(ctx)
		case late:
			p.kill("no answer in time")
			return a, g.unavailable(err, "tidak menjawab tepat waktu. Coba lagi sebentar lagi.")
		case !again || !p.lost(ctx, err):
			return a, g.unavailable(err, "gagal menjawab. Coba lagi; bila berulang, hubungi pengelola platform.")
		}
	}
}

// count counts a question that was answered with err.
func (g *guest) count(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls++
	if errors.Is(err, fault.Unavailable) {
		g.errors++
	}
}

// struck reports whether err came of ctx's deadline. The guest's end knows the
// deadline too and may hang up a little before ours strikes: then it is waited for,
// so that whoever set it is blamed.
func struck(ctx context.Context, err error) bool {
	const early = 100 * time.Millisecond
	if until, ok := ctx.Deadline(); ok && status.Code(err) == codes.DeadlineExceeded && time.Until(until) < early {
		<-ctx.Done()
	}
	return ctx.Err() != nil
}

// enter takes a place in flight, waiting in line for at most limits.call. The
// returned function gives it back.
func (g *guest) enter(ctx context.Context) (leave func(), err error) {
	const busy = "sedang sibuk. Coba lagi sebentar lagi."
	select {
	case g.line <- struct{}{}:
	default:
		return nil, g.unavailable(nil, busy)
	}
	leave = func() { <-g.slots; <-g.line }
	select {
	case g.slots <- struct{}{}: // as a rule
		return leave, nil
	default:
	}
	patience := time.NewTimer(g.host.limits.call)
	defer patience.Stop()
	select {
	case g.slots <- struct{}{}:
		return leave, nil
	case <-patience.C:
		err = g.unavailable(nil, busy)
	case <-ctx.Done():
		err = g.abandoned(ctx)
	}
	<-g.line
	return nil, err
}

// process returns the running process, starting one when there is none. Everybody
// who asks meanwhile waits for the same start, which goes on when they give up.
func (g *guest) process(ctx context.Context) (*process, error) {
	g.mu.Lock()
	l := g.current
	if l == nil {
		if err := g.barred(); err != nil {
			g.mu.Unlock()
			return nil, err
		}
		l = &life{up: make(chan struct{})}
		wait := g.breaker.delay(time.Now(), g.host.limits.backoff)
		if !g.host.begin(func() { g.live(l, wait) }) {
			g.mu.Unlock()
			return nil, g.closing()
		}
		g.current = l
	}
	g.mu.Unlock()
	select {
	case <-l.up:
		return l.process, l.err
	case <-ctx.Done():
		return nil, g.abandoned(ctx)
	}
}

// live starts a process after the given delay and attends it until it is dead.
func (g *guest) live(l *life, wait time.Duration) {
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-g.host.life.Done():
			g.end(l, g.closing())
			return
		}
	}
	p, err := g.host.spawn(g)
	if err != nil {
		g.host.log.Error("guest not started", "guest", g.entry.Name, "version", g.entry.Version, "error", err)
		text := "gagal dijalankan. Coba lagi; bila berulang, hubungi pengelola platform."
		switch {
		case errors.Is(err, errAltered):
			text = "ditolak karena berkasnya berbeda dari yang didaftarkan. Minta pengelola platform memasangnya ulang."
		case errors.Is(err, errAbsent):
			text = "tidak dapat dijalankan karena berkasnya tidak ada di peladen ini. Minta pengelola platform menyalinnya ke sana."
		}
		g.end(l, g.unavailable(err, text))
		return
	}
	g.mu.Lock()
	g.starts++
	l.process = p
	starts, wanted := g.starts, g.listed.Enabled
	close(l.up)
	g.mu.Unlock()
	telemetry.GuestStarted(context.Background(), g.entry.Name)
	if !wanted { // disabled while it started
		g.pardon("disabled")
	}
	p.log.Info("guest started", "pid", p.pid, "starts", starts)
	p.watch()
	g.end(l, nil)
	close(p.gone)
	p.clean()
}

// end notes that l is over: with err when it never came up. Unless the host is
// closing, that is a failure.
func (g *guest) end(l *life, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.current = nil
	if err != nil {
		l.err = err
		close(l.up)
	}
	if g.host.life.Err() != nil || l.process != nil && l.process.pardoned.Load() {
		return
	}
	g.breaker.fail(time.Now())
	if g.breaker.open {
		g.host.log.Error("guest disabled", "guest", g.entry.Name, "version", g.entry.Version)
		select {
		case g.host.failed <- struct{}{}:
		default: // Follow has been told already
		}
	}
}

// lost reports whether err means that the process died under a question, and
// returns when it is known to be dead. A process whose connection broke while it
// lives is killed: it is of no more use.
func (p *process) lost(ctx context.Context, err error) bool {
	switch status.Code(err) {
	case codes.Unavailable, codes.Canceled:
		grace := time.NewTimer(100 * time.Millisecond) // the connection breaks a little before the death is known
		defer grace.Stop()
		select {
		case <-p.exited:
		case <-grace.C:
			p.kill("connection lost")
		}
	default:
		select {
		case <-p.exited:
		default:
			return false
		}
	}
	select {
	case <-p.gone:
		return true
	case <-ctx.Done():
		return false
	}
}

// unavailable names g, what is wrong with it and the cure. cause, or nil, is for
// the log.
func (g *guest) unavailable(cause error, text string) error {
	f := fault.New(fault.Unavailable, "Jenis pelatihan %s versi %s %s", g.entry.Name, g.entry.Version, text)
	if cause == nil {
		return f
	}
	return &caused{fault: f, cause: cause}
}

// barred says why g is not to be started; nil when it may be. g.mu is held.
func (g *guest) barred() error {
	switch {
	case g.breaker.open:
		return g.unavailable(nil, "dinonaktifkan karena gagal tiga kali dalam satu jam. Hubungi pengelola platform.")
	case !g.listed.Enabled:
		return g.unavailable(nil, "dinonaktifkan oleh pengelola platform. Tanyakan kepadanya kapan dapat dipakai lagi.")
	case g.entry.checkContract() != nil:
		return g.unavailable(nil, "memakai kontrak yang tidak lagi dilayani. Minta pengelola platform memasang versi yang lebih baru.")
	case g.host.config.Production && g.entry.Vendor != Own:
		return g.unavailable(nil, "berasal dari penyedia luar dan belum dapat dijalankan dengan aman di sini. Pilih jenis pelatihan bawaan platform.")
	}
	return nil
}

func (g *guest) closing() error {
	return g.unavailable(nil, "sedang dihentikan bersama platform. Coba lagi sebentar lagi.")
}

// abandoned is what becomes of a question whose asker stops waiting.
func (g *guest) abandoned(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return g.unavailable(ctx.Err(), "tidak menjawab tepat waktu. Coba lagi sebentar lagi.")
	}
	return ctx.Err()
}

// refused translates what the guest itself said. Its text is a stranger's: cut
// and cleaned.
func (g *guest) refused(said *coursetype.Error) error {
	if said.Fault() == coursetype.FaultGuest {
		return g.unavailable(said, "gagal menjawab. Coba lagi; bila berulang, hubungi pengelola platform.")
	}
	text := strings.ToValidUTF8(said.Text[:min(len(said.Text), coursetype.MaxText)], "")
	field := ""
	if said.Kind == coursetype.UnknownRuleSet {
		field = "rule_set"
	}
	return &caused{cause: said, fault: fault.At(field,
		"Jenis pelatihan %s versi %s menolak permintaan: %s", g.entry.Name, g.entry.Version, text)}
}

// caused is a fault with its cause: users are told the one, the log both.
type caused struct{ fault, cause error }

func (c *caused) Error() string   { return c.fault.Error() + " (" + c.cause.Error() + ")" }
func (c *caused) Unwrap() []error { return []error{c.fault, c.cause} }
