package host

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.opentelemetry.io/otel"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

func TestNotStarted(t *testing.T) {
	t.Parallel()
	bare := func(name string) { // a folder of its own, with no program in it
		if err := os.RemoveAll(filepath.Join(kennel, name+"@1.0.0", "guest")); err != nil {
			t.Fatal(err)
		}
	}
	altered := self("altered", func(m *Manifest) { m.Files["guest"] = strings.Repeat("0", 64) })
	link := self("link")
	bare("link")
	if err := os.Symlink(os.Args[0], filepath.Join(kennel, "link@1.0.0", "guest")); err != nil {
		t.Fatal(err)
	}
	vanished := self("vanished")
	bare("vanished")
	forged := self("forged")
	forged.signature[0]++
	for _, tc := range []struct {
		name  string
		entry Entry
		want  string
	}{
		{"altered", altered, "berbeda dari yang didaftarkan"},
		{"symbolic link", link, "berbeda dari yang didaftarkan"},
		{"absent", vanished, "berkasnya tidak ada di peladen ini"},
		{"signed by nobody", forged, "berbeda dari yang didaftarkan"},
		{"dies at once", self("stillborn"), "gagal dijalankan"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l := defaults()
			l.backoff = 0
			h := newHost([]Entry{tc.entry}, Config{Folder: kennel, Log: slog.New(slog.DiscardHandler)}, l)
			defer closeHost(t, h)
			ct, err := h.Guest(tc.entry.Name, "1.0.0")
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{tc.want, tc.want, tc.want, "dinonaktifkan"} {
				if _, err := one(t.Context(), ct); !errors.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), want) {
					t.Errorf("Grade: %v, want %q", err, want)
				}
			}
			if s := h.List()[0]; s.Starts != 0 || s.PID != 0 {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	_, ct, _ := run(t, "env")
	as, err := ct.Eligible(t.Context(), coursetype.EligibleRequest{RuleSet: "r", Candidates: []coursetype.Candidate{{Ref: "p1"}}})
	if err != nil {
		t.Fatal(err)
	}
	const want = "GOMEMLIMIT GOTRACEBACK LANG PLUGIN_CLIENT_CERT PLUGIN_MAX_PORT PLUGIN_MIN_PORT " +
		"PLUGIN_PROTOCOL_VERSIONS PLUGIN_UNIX_SOCKET_DIR TMPDIR TZ WIYATA_GUEST"
	if got := as[0].Flags[0].Reason.ID; got != want {
		t.Errorf("a guest sees\n%s, want\n%s", got, want)
	}
}

// TestConfined reads from the kernel what a running guest may.
func TestConfined(t *testing.T) {
	t.Parallel()
	h, ct, _ := run(t, "good", func(l *limits) { l.memory = 256 << 20 })
	mustAnswer(t, ct)
	pid := h.List()[0].PID
	who := os.Geteuid()
	if who == 0 {
		who = nobody
	}
	for file, want := range map[string][]string{
		"limits": {
			`Max file size +0 +0`, `Max core file size +0 +0`, `Max open files +256 +256`,
			`Max processes +2048 +2048`, `Max data size +536870912 +536870912`,
		},
		"status": {`NoNewPrivs:\t1`, `Seccomp:\t2`, fmt.Sprintf(`Uid:\t%d\t%[1]d\t%[1]d\t%[1]d`, who)},
		"stat":   {`^\d+ \(.*\) \w( -?\d+){15} 19 `}, // the 19th: nice
	} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !regexp.MustCompile(w).Match(text) {
				t.Errorf("%s of a guest is not %q:\n%s", file, w, text)
			}
		}
	}
	if memory, threads := taken(pid); memory < 1<<20 || threads < 2 {
		t.Errorf("taken: %d bytes, %d threads", memory, threads)
	}
}

func TestBusy(t *testing.T) {
	t.Parallel()
	h, ct, _ := run(t, "good", func(l *limits) { l.call = 100 * time.Millisecond })
	g := h.order[0]
	for range cap(g.slots) {
		g.slots <- struct{}{}
		g.line <- struct{}{}
	}
	if _, err := one(t.Context(), ct); !errors.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "sibuk") {
		t.Errorf("no place in flight: %v", err)
	}
	for len(g.line) < cap(g.line) {
		g.line <- struct{}{}
	}
	if _, err := one(t.Context(), ct); !errors.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "sibuk") {
		t.Errorf("no place in line: %v", err)
	}
	if cap(g.slots) != 8 || cap(g.line) != 24 {
		t.Errorf("places: %d in flight, %d in all", cap(g.slots), cap(g.line))
	}
}

func TestMemory(t *testing.T) {
	t.Parallel()
	h, ct, log := run(t, "hog", func(l *limits) { l.memory, l.sample = 512<<20, 20*time.Millisecond })
	if _, err := one(t.Context(), ct); !errors.Is(err, fault.Unavailable) {
		t.Errorf("Grade: %v", err)
	}
	if !strings.Contains(log.String(), `"reason":"memory"`) {
		t.Errorf("not killed for its memory: %s", log)
	}
	if _, err := ct.Describe(t.Context()); err != nil || h.List()[0].Starts < 2 {
		t.Errorf("%v, %+v", err, h.List()[0])
	}
}

func TestStderr(t *testing.T) {
	t.Parallel()
	h, ct, log := run(t, "chatty")
	mustAnswer(t, ct)
	closeHost(t, h)
	records, lines := 0, 0
	for _, l := range strings.Split(strings.TrimSpace(log.String()), "\n") {
		var r struct {
			Msg   string `json:"msg"`
			Lines int    `json:"lines"`
		}
		if err := json.Unmarshal([]byte(l), &r); err != nil {
			t.Fatal(err)
		}
		if r.Msg == "guest wrote to stderr" {
			records, lines = records+1, lines+r.Lines
		}
	}
	if records == 0 || records > 60 || lines < 1000 {
		t.Errorf("%d records of %d lines", records, lines)
	}
	if strings.Contains(log.String(), "Budi") {
		t.Error("the log repeats what the guest wrote")
	}
	kept, dropped, err := h.Log("chatty", "1.0.0")
	if err != nil || len(kept) != tailLines || kept[0].Text != `{"@level":"error","@message":"Budi 198501012010011001"}` || dropped < 1000 {
		t.Errorf("%d lines kept for the operator, %d dropped, %v", len(kept), dropped, err)
	}
	if _, _, err := h.Log("chatty", "9.9.9"); !errors.Is(err, fault.NotFound) {
		t.Errorf("lines of nobody: %v", err)
	}
}

// TestNoOrphan: a host that is killed takes its guests along.
func TestNoOrphan(t *testing.T) {
	t.Parallel()
	tmp, err := os.MkdirTemp("", "wy") //nolint:usetesting // short: sockets; a killed host cannot tidy up
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	if err := os.Chmod(tmp, 0o711); err != nil {
		t.Fatal(err)
	}
	helper := exec.Command(os.Args[0])
	helper.Env = append(os.Environ(), "WIYATA_HELPER_HOST="+kennel, "TMPDIR="+tmp)
	out, err := helper.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := helper.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	dead := watchDeath(t, pid)
	if err := helper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	dead()
	_ = helper.Wait() // signal: killed
}

// TestClose: nothing is left, neither a process nor on disk, even when the guest is stopped.
func TestClose(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"good", "stopped"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, ct, _ := run(t, name)
			mustAnswer(t, ct)
			base := h.base
			if _, err := os.Stat(base); err != nil {
				t.Fatal(err)
			}
			pid := h.List()[0].PID
			wait := watchDeath(t, pid)
			if name == "stopped" {
				if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
					t.Fatal(err)
				}
			}
			closeHost(t, h)
			wait()
			if _, err := os.Stat(base); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is left: %v", base, err)
			}
			if _, err := one(t.Context(), ct); !errors.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "dihentikan") {
				t.Errorf("asked after Close: %v", err)
			}
			closeHost(t, h) // again, without harm
		})
	}
}

// TestTrace: one trace runs from the host's span into the guest's.
func TestTrace(t *testing.T) {
	exporter := tracetest.NewInMemoryExporter()
	spans := sdk.NewTracerProvider(sdk.WithSyncer(exporter))
	otel.SetTracerProvider(spans)
	_, ct, _ := run(t, "good")
	ctx, root := spans.Tracer("test").Start(t.Context(), "root")
	if _, err := one(ctx, ct); err != nil {
		t.Fatal(err)
	}
	root.End()
	for _, s := range exporter.GetSpans() {
		for _, a := range s.Attributes {
			if a.Key != "guest.traceparent" {
				continue
			}
			part := strings.Split(a.Value.AsString(), "-")
			if part[1] != root.SpanContext().TraceID().String() || part[2] == s.SpanContext.SpanID().String() {
				t.Errorf("guest's span is %v, root %s", part, root.SpanContext().TraceID())
			}
			if s.Parent.SpanID() != root.SpanContext().SpanID() {
				t.Errorf("parent of the call is %s", s.Parent.SpanID())
			}
			return
		}
	}
	t.Error("no span knows the guest's")
}
