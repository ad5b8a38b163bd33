// Package host runs course types as guests: processes of their own, which the
// platform does not trust.
//
// Nothing runs unless the catalogue names it with its SHA-256. A guest starts at
// the first question: its program is copied to a private directory while it is
// hashed, and the copy is run, without the host's environment, in a process group
// of its own that dies with the host. Every question has a deadline, and at most
// eight are in flight per guest. Questions are pure, so one that is lost because
// the process died is asked once more of the next process. A guest that hangs, or
// grows past its memory, is killed: its crash, hang or lie costs one answer, never
// the host.
//
// After a death the first restart is immediate, the second within a minute waits a
// second, and three failures within an hour disable the guest until the host is
// started again.
//
// Answers are checked before anyone sees them (answer.go): one per asked Ref, sums
// that add up, text of bounded length. What breaks that is fault.Unavailable.
//
// It runs on Linux only: process groups, pidfds and the parent-death signal.
package host

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// A State is where a guest stands.
type State string

const (
	Idle     State = "idle"     // not asked yet, or its process is gone; the next question starts it
	Starting State = "starting" // or waiting out the delay after a failure
	Running  State = "running"
	Disabled State = "disabled" // failed three times within an hour
)

// A Status is an installed guest as it stands.
type Status struct {
	Entry
	State  State
	PID    int // of its process; 0 unless Running
	Starts int // how often its process came up since New
}

// limits bound what a guest may take.
type limits struct {
	call    time.Duration // a question, a place in the queue, a ping, a stop: each
	start   time.Duration // from copy to first ping
	flight  int           // questions in flight per guest
	queue   int           // questions waiting per guest
	memory  int64         // resident set, bytes
	sample  time.Duration // between looks at the resident set
	ping    time.Duration // between pings
	backoff time.Duration // delay after the second failure within a minute
}

func defaults() limits {
	return limits{
		call: 5 * time.Second, start: 10 * time.Second, flight: 8, queue: 16,
		memory: 256 << 20, sample: 200 * time.Millisecond, ping: 10 * time.Second, backoff: time.Second,
	}
}

// Host runs the guests of one catalogue.
type Host struct {
	log    *slog.Logger
	limits limits
	order  []*guest
	guests map[string]*guest // by name@version

	life  context.Context // ends when Close begins
	end   context.CancelFunc
	lives sync.WaitGroup // goroutines that attend processes

	// forks runs on one thread that lives as long as the Host: the parent-death
	// signal is tied to the thread that forked, and would kill a guest whose
	// thread the Go runtime retires.
	forks chan func()
	stop  sync.Once

	mu   sync.Mutex
	base string // private directory of all guests; "" until the first starts
	next int    // number of the next guest's directory in base
}

// New returns a Host of the given guests. It starts none of them. The caller
// closes it.
func New(entries []Entry, log *slog.Logger) *Host { return newHost(entries, log, defaults()) }

func newHost(entries []Entry, log *slog.Logger, l limits) *Host {
	life, end := context.WithCancel(context.Background())
	h := &Host{
		log: log, limits: l, guests: map[string]*guest{},
		life: life, end: end, forks: make(chan func()),
	}
	for _, e := range entries {
		g := &guest{
			entry: e, host: h,
			slots: make(chan struct{}, l.flight),
			line:  make(chan struct{}, l.flight+l.queue),
		}
		h.order = append(h.order, g)
		h.guests[e.Name+"@"+e.Version] = g
	}
	go func() { // ends in Close
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		for f := range h.forks {
			f()
		}
	}()
	return h
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
	g, ok := h.guests[name+"@"+version]
	if !ok {
		return nil, fault.New(fault.Unavailable,
			"Jenis pelatihan %s versi %s tidak terpasang. Minta pengelola platform memasangnya.", name, version)
	}
	return handle{g}, nil
}

// List returns all guests in the catalogue's order.
func (h *Host) List() []Status {
	list := make([]Status, len(h.order))
	for i, g := range h.order {
		list[i] = g.status()
	}
	return list
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
	return dir, os.Mkdir(dir, 0o700)
}
