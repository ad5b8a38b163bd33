package host

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// kennel is the folder with all animals; vendor signs them. body is the SHA-256 of
// the test binary.
var (
	kennel string
	vendor = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	body   = sync.OnceValue(func() string {
		f, err := os.Open(os.Args[0])
		if err != nil {
			panic(err)
		}
		defer f.Close()
		sum := sha256.New()
		if _, err := io.Copy(sum, f); err != nil {
			panic(err)
		}
		return hex.EncodeToString(sum.Sum(nil))
	})
)

// self returns the test binary as the guest of that name, installed in the kennel;
// change, if any, alters its manifest before it is signed.
func self(name string, change ...func(*Manifest)) Entry {
	m := Manifest{Vendor: Own, Name: name, Version: "1.0.0", Program: "guest", Files: map[string]string{"guest": body()}}
	for _, c := range change {
		c(&m)
	}
	raw, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	dir := filepath.Join(kennel, m.ID())
	if err := os.Mkdir(dir, 0o755); err == nil {
		if err := os.Link(os.Args[0], filepath.Join(dir, "guest")); err != nil {
			panic(err)
		}
	}
	return Entry{
		Manifest: m, Key: hex.EncodeToString(vendor.Public().(ed25519.PublicKey)), Enabled: true,
		raw: raw, signature: ed25519.Sign(vendor, raw),
	}
}

// run returns a host of one animal, with limits for a test on a busy machine
// unless changed, and a pointer to its log.
func run(t testing.TB, name string, change ...func(*limits)) (*Host, coursetype.CourseType, *journal) {
	t.Helper()
	l := defaults()
	l.call, l.start, l.backoff = 20*time.Second, 30*time.Second, time.Millisecond
	l.memory = 2 << 30 // the race detector's shadow counts
	for _, c := range change {
		c(&l)
	}
	log := &journal{}
	h := newHost([]Entry{self(name)}, Config{Folder: kennel, Log: slog.New(slog.NewJSONHandler(log, nil))}, l)
	t.Cleanup(func() { closeHost(t, h) })
	ct, err := h.Guest(name, "1.0.0")
	if err != nil {
		t.Fatal(err)
	}
	return h, ct, log
}

func closeHost(t testing.TB, h *Host) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		t.Error(err)
	}
}

// journal keeps what was logged.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

// one asks for the grade of one record with score 87.50.
func one(ctx context.Context, ct coursetype.CourseType) (coursetype.Outcome, error) {
	os, err := ct.Grade(ctx, coursetype.GradeRequest{RuleSet: "r", Records: []coursetype.Record{
		{Ref: "p1", Scores: []coursetype.Score{{Component: "c", Value: 87_50}}}}})
	if err != nil {
		return coursetype.Outcome{}, err
	}
	return os[0], nil
}

// mustAnswer wants the right grade.
func mustAnswer(t *testing.T, ct coursetype.CourseType) coursetype.Outcome {
	t.Helper()
	o, err := one(t.Context(), ct)
	if err != nil || o.Total != 87_50 || o.Ref != "p1" {
		t.Fatalf("Grade = %+v, %v", o, err)
	}
	return o
}

// watchDeath returns a function that waits for the death of process pid.
func watchDeath(t *testing.T, pid int) (wait func()) {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatalf("process %d: %v", pid, err)
	}
	return func() {
		t.Helper()
		defer unix.Close(fd)
		for {
			n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 20_000)
			if errors.Is(err, unix.EINTR) {
				continue
			}
			if n != 1 || err != nil {
				t.Errorf("process %d still lives: %v", pid, err)
			}
			return
		}
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	h, _, _ := run(t, "good")
	for _, v := range [][2]string{{"bimtek", "1.0.0"}, {"good", "1.0.1"}} {
		_, err := h.Guest(v[0], v[1])
		f := fault.Of(err)
		if !errors.Is(err, fault.Unavailable) || !strings.HasPrefix(f.Text, "Jenis pelatihan "+v[0]+" versi "+v[1]+" tidak terpasang") {
			t.Errorf("Guest(%v) = %v", v, err)
		}
	}
	if s := h.List()[0]; s.State != Idle || s.Starts != 0 || s.PID != 0 {
		t.Errorf("started before it was asked: %+v", s)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	h, ct, _ := run(t, "good")
	if d, err := ct.Describe(t.Context()); err != nil || d.Key != "good" || d.RuleSets[0].Components[0].Weight != 100_00 {
		t.Errorf("Describe = %+v, %v", d, err)
	}
	mustAnswer(t, ct)

	// Three chunks, answered in reverse, come back in order.
	q := coursetype.EligibleRequest{RuleSet: "r"}
	for i := range 2*coursetype.MaxChunk + 1 {
		q.Candidates = append(q.Candidates, coursetype.Candidate{Ref: coursetype.Ref(fmt.Sprint("p", i)), Kind: "PNS"})
	}
	as, err := ct.Eligible(t.Context(), q)
	if err != nil || len(as) != len(q.Candidates) {
		t.Fatalf("Eligible = %d answers, %v", len(as), err)
	}
	for i, a := range as {
		if a.Ref != q.Candidates[i].Ref || !a.OK {
			t.Fatalf("answer %d is %+v", i, a)
		}
	}

	cs, err := ct.Certify(t.Context(), coursetype.CertifyRequest{RuleSet: "r", Graduates: []coursetype.Graduate{{Ref: "p1"}}})
	if err != nil || len(cs) != 1 || cs[0].Class != "T" {
		t.Errorf("Certify = %+v, %v", cs, err)
	}
	if as, err := ct.Eligible(t.Context(), coursetype.EligibleRequest{RuleSet: "r"}); err != nil || len(as) != 0 {
		t.Errorf("no candidates: %v, %v", as, err)
	}
	if _, err := ct.Certify(t.Context(), coursetype.CertifyRequest{RuleSet: "r", Graduates: make([]coursetype.Graduate, 2)}); err == nil || fault.Of(err) != nil {
		t.Errorf("a Ref asked twice: %v, want internal", err)
	}
	if s := h.List()[0]; s.State != Running || s.Starts != 1 || s.PID == 0 {
		t.Errorf("%+v", s)
	}
}

// TestKilled: a guest killed under load costs no answer.
func TestKilled(t *testing.T) {
	t.Parallel()
	h, ct, log := run(t, "good")
	mustAnswer(t, ct)
	pid := h.List()[0].PID
	dead := watchDeath(t, pid)

	var asking sync.WaitGroup
	begun := make(chan struct{}, 400)
	for range 4 {
		asking.Go(func() {
			for range 100 {
				o, err := one(t.Context(), ct)
				if err != nil || o.Total != 87_50 {
					t.Errorf("Grade = %+v, %v", o, err)
				}
				begun <- struct{}{}
			}
		})
	}
	for range 50 {
		<-begun
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	dead()
	asking.Wait()
	mustAnswer(t, ct)
	if s := h.List()[0]; s.Starts != 2 || s.PID == pid || s.State != Running {
		t.Errorf("%+v", s)
	}
	if !strings.Contains(log.String(), `"msg":"guest died"`) {
		t.Errorf("its death is not in the log: %s", log)
	}
}

// TestCrashes: each process dies on its third question; the third death within an
// hour is the last.
func TestCrashes(t *testing.T) {
	t.Parallel()
	h, ct, _ := run(t, "crash")
	for range 6 { // 2 of the first, and 2 (one asked again) of each of the next two
		mustAnswer(t, ct)
	}
	for range 2 {
		_, err := one(t.Context(), ct)
		if f := fault.Of(err); !errors.Is(err, fault.Unavailable) || !strings.Contains(f.Text, "crash versi 1.0.0 dinonaktifkan") {
			t.Fatalf("after three crashes: %v", err)
		}
	}
	if s := h.List()[0]; s.State != Disabled || s.Starts != 3 || s.PID != 0 {
		t.Errorf("%+v", s)
	}
}

func TestHang(t *testing.T) {
	t.Parallel()
	h, ct, _ := run(t, "hang", func(l *limits) { l.call = 2 * time.Second })
	if _, err := ct.Describe(t.Context()); err != nil {
		t.Fatal(err)
	}

	// A caller who is in a hurry leaves, and the guest lives on.
	hurry, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := one(hurry, ct); !errors.Is(err, fault.Unavailable) {
		t.Errorf("in a hurry: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := one(gone, ct); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	dead := watchDeath(t, h.List()[0].PID)

	// The host's own deadline kills it, and the next question has an answer.
	if _, err := one(t.Context(), ct); !errors.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "tepat waktu") {
		t.Errorf("hanging: %v", err)
	}
	dead()
	if _, err := ct.Describe(t.Context()); err != nil {
		t.Error(err)
	}
	if s := h.List()[0]; s.Starts != 2 {
		t.Errorf("%+v", s)
	}
}

func TestStopped(t *testing.T) {
	t.Parallel()
	h, ct, _ := run(t, "good", func(l *limits) { l.call, l.ping = 2*time.Second, 100*time.Millisecond })
	mustAnswer(t, ct)
	pid := h.List()[0].PID
	dead := watchDeath(t, pid)
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	dead() // by the ping
	mustAnswer(t, ct)
}

func TestRefusedAnswers(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{ // animal, what the log is told
		"liar":     "its lines sum to",
		"stranger": "question 0 has no answer",
		"twice":    "2 answers to 1 questions",
		"silent":   "0 answers to 1 questions",
		"verbose":  "text of 2001 bytes",
		"huge":     "larger than max",
		"panic":    "internal",
		"broken":   "internal",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, ct, _ := run(t, name)
			_, err := one(t.Context(), ct)
			if f := fault.Of(err); !errors.Is(err, fault.Unavailable) || !strings.HasPrefix(f.Text, "Jenis pelatihan "+name+" versi 1.0.0 ") {
				t.Fatalf("Grade: %v", err)
			}
			if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "Budi") {
				t.Errorf("cause: %v", err)
			}
			if _, err := ct.Describe(t.Context()); err != nil || h.List()[0].Starts != 1 {
				t.Errorf("the guest does not live on: %v, %+v", err, h.List()[0])
			}
		})
	}
}

func TestGuestRefuses(t *testing.T) {
	t.Parallel()
	_, ct, _ := run(t, "choosy")
	_, err := one(t.Context(), ct)
	f := fault.Of(err)
	if !errors.Is(err, fault.Invalid) || f.Field != "rule_set" || !strings.Contains(f.Text, `Ketentuan "r" tidak dikenal.`) {
		t.Errorf("Grade: %v", err)
	}
	var e *coursetype.Error
	if !errors.As(err, &e) || e.Fault() != coursetype.FaultHost {
		t.Errorf("cause of %v", err)
	}
}

// TestStruck: the guest's end may hang up a moment before the host's deadline strikes;
// a guest that claims a deadline which is not due is no late one.
func TestStruck(t *testing.T) {
	t.Parallel()
	early := status.Error(codes.DeadlineExceeded, "stream terminated by RST_STREAM")
	for _, tc := range []struct {
		name string
		left time.Duration
		err  error
		want bool
	}{
		{"a moment early", 50 * time.Millisecond, early, true},
		{"long before", time.Hour, early, false},
		{"another error", 50 * time.Millisecond, status.Error(codes.Unavailable, "EOF"), false},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), tc.left)
		if got := struck(ctx, tc.err); got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
		cancel()
	}
}
