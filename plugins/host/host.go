// Package host runs course types as guests: processes of their own, which the
// platform does not trust.
//
// Nothing runs unless the catalogue has it: installed by the operator, signed by its
// vendor, every file known by its SHA-256. A guest starts at the first question: its
// program is copied into sealed memory while it is hashed, and the copy is run, without
// the host's environment, in a process group of its own that dies with the host, behind
// a launcher that takes from it what it does not need (launch.go). Every question has a
// deadline, and at most eight are in flight per guest. Questions are pure, so one that
// is lost because the process died is asked once more of the next process. A guest that
// hangs, or grows past its memory, is killed: its crash, hang or lie costs one answer,
// never the host.
//
// After a death the first restart is immediate, the second within a minute waits a
// second, and three failures within an hour disable the guest, on all nodes, until an
// operator enables it again. What an operator kills has not failed.
//
// Answers are checked before anyone sees them (answer.go): one per asked Ref, sums
// that add up, text of bounded length. What breaks that is fault.Unavailable.
//
// Guests of other vendors run in development only: what keeps them from each other and
// from the host's files is not there yet on every kernel, so production refuses them.
//
// It runs on Linux only: process groups, pidfds and the parent-death signal.
package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/telemetry"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// A State is where a guest stands.
type State string

const (
	Idle     State = "idle"     // not asked yet, or its process is gone; the next question starts it
	Starting State = "starting" // or waiting out the delay after a failure
	Running  State = "running"
	Disabled State = "disabled" // by an operator, or because it failed three times within an hour: see Entry.Reason
)

// A Status is an installed guest as it stands on this node.
type Status struct {
	Entry
	Current  bool // the highest enabled version of its name: new programs begin with it
	State    State
	PID      int       // of its process; 0 unless Running
	Since    time.Time // when its process came up; zero unless Running
	Memory   int64     // resident bytes when last looked at; 0 unless Running
	Starts   int       // how often its process came up since New
	Failures int       // deaths and failed starts within the last hour
	Calls    int       // questions since New
	Errors   int       // of these, how many it is to blame for
}

// A Line is what a guest wrote to stderr: a stranger's text, cut and cleaned.
type Line struct {
	At   time.Time
	Text string
}

// Config is how a Host runs guests.
type Config struct {
	Folder     string // holds a folder NAME@VERSION per guest
	Production bool   // refuse guests of other vendors
	Log        *slog.Logger
}

// limits bound what a guest may take.
type limits struct {
	call    time.Duration // a question, a place in the queue, a ping, a stop: each
	start   time.Duration // from copy to first ping
	flight  int           // questions in flight per guest
	queue   int           // questions waiting per guest
	memory  int64         // resident set, bytes
	threads int           // of its process
	sample  time.Duration // between looks at the resident set and the threads
	ping    time.Duration // between pings
	backoff time.Duration // delay after the second failure within a minute
}

func defaults() limits {
	return limits{
		call: 5 * time.Second, start: 10 * time.Second, flight: 8, queue: 16,
		memory: 256 << 20, threads: 128, sample: 100 * time.Millisecond, ping: 30 * time.Second, backoff: time.Second,
	}
}

// Host runs the guests of a catalogue.
type Host struct {
	config Config
	log    *slog.Logger
	limits limits

	life  context.Context // ends when Close begins
	end   context.CancelFunc
	lives sync.WaitGroup // goroutines that attend processes

	// forks runs on one thread that lives as long as the Host: the parent-death
	// signal is tied to the thread that forked, and would kill a guest whose
	// thread the Go runtime retires.
	forks chan func()
	stop  sync.Once

	failed chan struct{} // tells Follow that a guest was disabled for its failures
	forget func()        // of the metrics

	mu     sync.Mutex
	order  []*guest
	guests map[string]*guest // by name@version
	base   string            // private directory of all guests; "" until the first starts
	next   int               // number of the next guest's directory in base
}

// New returns a Host of the given guests. It starts none of them. The caller
// closes it, and may have it Follow the catalogue.
func New(entries []Entry, c Config) *Host { return newHost(entries, c, defaults()) }

func newHost(entries []Entry, c Config, l limits) *Host {
	life, end := context.WithCancel(context.Background())
	h := &Host{
		config: c, log: c.Log, limits: l, guests: map[string]*guest{},
		life: life, end: end, forks: make(chan func()), failed: make(chan struct{}, 1),
	}
	h.set(entries)
	h.forget = telemetry.Guests(h.memory)
	go func() { // ends in Close
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		for f := range h.forks {
			f()
		}
	}()
	return h
}

// set takes over what the catalogue says: new guests, and who may run.
func (h *Host) set(entries []Entry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	order := make([]*guest, 0, len(entries))
	for _, e := range entries {
		g := h.guests[e.ID()]
		if g == nil {
			g = &guest{
				entry: e, listed: e, host: h, tail: &tail{},
				slots: make(chan struct{}, h.limits.flight),
				line:  make(chan struct{}, h.limits.flight+h.limits.queue),
			}
			h.guests[e.ID()] = g
		}
		g.list(e)
		order = append(order, g)
	}
	h.order = order
}

// Follow keeps h at what c says until ctx ends: it asks each pause, and tells c at once
// which guests have failed too often.
func (h *Host) Follow(ctx context.Context, c *Catalogue, pause time.Duration) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-h.failed:
		}
		if err := h.Refresh(ctx, c); err != nil && ctx.Err() == nil {
			h.log.Error("catalogue of guests not read again", "error", err)
		}
	}
}

// Refresh tells c which guests have failed too often, and takes over what c says.
// Errors: those of c; then h stays as it was, and the next Refresh tells again.
func (h *Host) Refresh(ctx context.Context, c *Catalogue) error {
	ctx = authz.AsSystem(ctx, 0)
	for _, g := range h.all() {
		if !g.untold() {
			continue
		}
		if err := c.Disable(ctx, g.entry.Name, g.entry.Version, failedOften); err != nil {
			return err
		}
		g.told()
	}
	entries, err := c.List(ctx)
	if err != nil {
		return err
	}
	h.set(entries)
	return nil
}

func (h *Host) all() []*guest {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.order
}

func (h *Host) find(name, version string) *guest {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.guests[name+"@"+version]
}

// Guest returns the course type of that name and version; it need not be running.
// Its methods split lists into chunks, check every answer and return answers in
// the order asked.
//
// Errors: fault.Unavailable when that version is not installed. The methods'
// errors: fault.Invalid when the guest refuses the question (Field "rule_set" for
// an unknown rule-set); fault.Unavailable when it does not answer in time, is
// busy, disabled or gives an answer that is not valid; the context's when that is
// cancelled.
func (h *Host) Guest(name, version string) (coursetype.CourseType, error) {
	g := h.find(name, version)
	if g == nil {
		return nil, fault.New(fault.Unavailable,
			"Jenis pelatihan %s versi %s tidak terpasang. Minta pengelola platform memasangnya.", name, version)
	}
	return handle{g}, nil
}

// List returns all guests by name, the highest version first.
func (h *Host) List() []Status {
	all := h.all()
	list, current := make([]Status, len(all)), map[string]bool{}
	for i, g := range all {
		list[i] = g.status()
		if list[i].Enabled && !current[g.entry.Name] {
			list[i].Current, current[g.entry.Name] = true, true
		}
	}
	return list
}

// Log returns the last lines that a guest wrote to stderr on this node, the oldest
// first, and how many were dropped because it wrote too much. Errors: fault.NotFound.
func (h *Host) Log(name, version string) (lines []Line, dropped int, err error) {
	g := h.find(name, version)
	if g == nil {
		return nil, 0, fault.Missing()
	}
	lines, dropped = g.tail.lines()
	return lines, dropped, nil
}

// memory is the resident set of all running guests, by name.
func (h *Host) memory() map[string]int64 {
	sum := map[string]int64{}
	for _, s := range h.List() {
		sum[s.Name] += s.Memory
	}
	return sum
}

// Close kills all guests with their process groups and waits until they are gone.
// Questions in flight fail. Errors: the context's, when it ends first; the guests
// are killed all the same.
func (h *Host) Close(ctx context.Context) error {
	h.end() // kills every process: see spawn
	gone := make(chan struct{})
	go func() { // ends with the last process, which is killed already
		h.lives.Wait()
		h.stop.Do(func() { close(h.forks) })
		close(gone)
	}()
	select {
	case <-gone:
	case <-ctx.Done():
		return fmt.Errorf("close guests: %w", ctx.Err())
	}
	h.forget()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.base == "" {
		return nil
	}
	err := os.RemoveAll(h.base)
	h.base = ""
	return err
}

// begin runs f as a goroutine that Close waits for; false when Close has begun.
func (h *Host) begin(f func()) bool {
	h.mu.Lock() // so that no life begins after Close waits
	defer h.mu.Unlock()
	if h.life.Err() != nil {
		return false
	}
	h.lives.Go(f)
	return true
}

// fork runs f on the thread that forks.
func (h *Host) fork(f func() error) error {
	done := make(chan error, 1)
	h.forks <- func() { done <- f() }
	return <-done
}

// room makes a new private directory (0700) for one process. Its path is short:
// a Unix socket in it must stay below 104 bytes.
func (h *Host) room() (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.base == "" {
		tmp := os.TempDir()
		if len(tmp) > 40 {
			tmp = "/tmp"
		}
		base, err := os.MkdirTemp(tmp, "wiyata-guests-")
		if err != nil {
			return "", err
		}
		h.base = base
	}
	h.next++
	dir := filepath.Join(h.base, strconv.Itoa(h.next))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	if who := credential(); who != nil { // as root: somebody else's way leads through base
		return dir, errors.Join(os.Chmod(h.base, 0o711), os.Chown(dir, int(who.Uid), int(who.Gid)))
	}
	return dir, nil
}
