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
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// What users are told, after "Jenis pelatihan X versi 1.0.0 ".
const (
	notStarted = "gagal dijalankan. Coba lagi; bila berulang, hubungi pengelola platform."
	altered    = "ditolak karena berkasnya berbeda dari yang didaftarkan. Minta pengelola platform memasangnya ulang."
	absent     = "tidak dapat dijalankan karena berkasnya tidak ada di peladen ini. Minta pengelola platform menyalinnya ke sana."
	unserved   = "memakai kontrak yang tidak lagi dilayani. Minta pengelola platform memasang versi yang lebih baru."
	failed     = "gagal menjawab. Coba lagi; bila berulang, hubungi pengelola platform."
	late       = "tidak menjawab tepat waktu. Coba lagi sebentar lagi."
	untrue     = "memberi jawaban yang tidak sah sehingga ditolak. Laporkan kepada pengelola platform."
)

// replace puts something else in the place of a guest's program.
func replace(t *testing.T, name string, with func(path string) error) {
	t.Helper()
	path := filepath.Join(kennel, name+"@1.0.0", "guest")
	if err := errors.Join(os.RemoveAll(path), with(path)); err != nil {
		t.Fatal(err)
	}
}

// readme puts a text beside the program of the guest "text", and returns its SHA-256.
func readme(t *testing.T) string {
	t.Helper()
	text := []byte("Bacalah aku.")
	if err := os.WriteFile(filepath.Join(kennel, "text@1.0.0", "readme"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// TestZoo: whatever a guest does, who needs it is told one sentence, who does not need
// it notices nothing, and nothing is left of it.
func TestZoo(t *testing.T) {
	zoo := []struct {
		name, why string
		cage      func(t *testing.T, e *Entry) // what is done to its files and entry
		want      string                       // "" = its answer is taken
	}{
		{"swapped", "its program was exchanged", func(t *testing.T, _ *Entry) {
			replace(t, "swapped", func(path string) error { return os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755) })
		}, altered},
		{"miscounted", "the manifest has another sum", func(_ *testing.T, e *Entry) {
			*e = self("miscounted", func(m *Manifest) { m.Files["guest"] = strings.Repeat("0", 64) })
		}, altered},
		{"linked", "its program is a symbolic link", func(t *testing.T, _ *Entry) {
			replace(t, "linked", func(path string) error { return os.Symlink(os.Args[0], path) })
		}, altered},
		{"linkedhome", "its folder is a symbolic link", func(t *testing.T, _ *Entry) {
			home := filepath.Join(kennel, "linkedhome@1.0.0")
			if err := errors.Join(os.RemoveAll(home+".away"), os.Rename(home, home+".away"), os.Symlink(home+".away", home)); err != nil {
				t.Fatal(err)
			}
		}, altered},
		{"piped", "its program is a pipe", func(t *testing.T, _ *Entry) {
			replace(t, "piped", func(path string) error { return syscall.Mkfifo(path, 0o644) })
		}, altered},
		{"unsigned", "nobody signed it", func(_ *testing.T, e *Entry) { e.signature = nil }, altered},
		{"foreign", "another vendor signed it", func(_ *testing.T, e *Entry) {
			e.signature = ed25519.Sign(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32)), e.raw)
		}, altered},
		{"edited", "its manifest was changed after it was signed", func(_ *testing.T, e *Entry) { e.raw = append(e.raw, ' ') }, altered},
		{"absent", "its files are not here", func(t *testing.T, _ *Entry) {
			if err := os.RemoveAll(filepath.Join(kennel, "absent@1.0.0")); err != nil {
				t.Fatal(err)
			}
		}, absent},
		{"futuristic", "its manifest names another contract", func(_ *testing.T, e *Entry) {
			*e = self("futuristic", func(m *Manifest) { m.Contract = Contract() + 7 })
		}, unserved},
		{"text", "its program is no program", func(t *testing.T, e *Entry) {
			*e = self("text", func(m *Manifest) { m.Program, m.Files = "readme", map[string]string{"readme": readme(t)} })
		}, notStarted},
		{"stillborn", "it dies at once", nil, notStarted},
		{"mute", "it never says where it listens", nil, notStarted},
		{"babbler", "it talks before the handshake", nil, notStarted},
		{"relic", "it speaks another contract", nil, notStarted},
		{"ghost", "it listens nowhere", nil, notStarted},
		{"crasher", "it dies over each question", nil, failed},
		{"panic", "it panics, and would tell a name", nil, failed},
		{"hang", "it never answers", nil, late},
		{"sleeper", "it stops itself (SIGSTOP)", nil, late},
		{"drip", "it seems to answer, for ever", nil, late},
		{"spinner", "it spins on all cores", nil, late},
		{"gigabyte", "it answers 1 GB", nil, failed},
		{"huge", "it answers 5 MB", nil, failed},
		{"crowd", "it answers for ten million", nil, failed},
		{"queue", "it answers for 300,000, in one message", nil, failed},
		{"giant", "its numbers are out of range", nil, untrue},
		{"debtor", "it credits -8 JP", nil, untrue},
		{"liar", "its sum is wrong", nil, untrue},
		{"mumbler", "its text is no UTF-8", nil, failed},
		{"null", "its text has a NUL", nil, untrue},
		{"verbose", "its text is too long", nil, untrue},
		{"forger", "it answers for somebody else", nil, untrue},
		{"twice", "it answers twice for one", nil, untrue},
		{"silent", "it answers for nobody", nil, untrue},
		{"busybody", "it asks for more than its manifest", nil, untrue},
		{"flood", "it floods the log", nil, ""},
		{"forkbomb", "it makes processes without end", nil, failed},
		{"parent", "it makes a child", nil, failed},
		{"runaway", "it makes a child that leaves the group", nil, failed},
		{"threads", "it makes threads without end", nil, failed},
		{"hog", "it takes memory without end", nil, failed},
		{"spy", "it looks for what is not its own", nil, ""},
		{"fickle", "it answers differently the second time", nil, ""},
		{"weathercock", "it describes itself differently the second time", nil, ""},
	}
	var others, wrong, left atomic.Int64
	canaries := 0
	t.Run("beast", func(t *testing.T) {
		for _, tc := range zoo {
			t.Run(tc.name, func(t *testing.T) {
				t.Parallel()
				e := self(tc.name)
				if tc.cage != nil {
					tc.cage(t, &e)
				}
				l := defaults()
				l.call, l.start, l.backoff = 4*time.Second, 30*time.Second, time.Millisecond
				l.memory = 512 << 20
				switch tc.name {
				case "mute":
					l.start = 2 * time.Second
				case "hog", "gigabyte", "crowd", "queue", "threads": // at the lowest priority it takes them a while
					l.call = 30 * time.Second
				}
				h := newHost([]Entry{e, self("good")}, Config{Folder: kennel, Log: slog.New(slog.DiscardHandler)}, l)
				defer closeHost(t, h)

				// Its neighbour is asked all the time.
				good, err := h.Guest("good", "1.0.0")
				if err != nil {
					t.Fatal(err)
				}
				neighbours, stop := context.WithCancel(t.Context())
				asked := make(chan struct{})
				go func() {
					defer close(asked)
					for neighbours.Err() == nil {
						o, err := one(context.WithoutCancel(neighbours), good)
						if others.Add(1); err != nil || o.Total != 87_50 {
							wrong.Add(1)
							t.Errorf("its neighbour: %+v, %v", o, err)
							return
						}
					}
				}()

				ct, err := h.Guest(tc.name, "1.0.0")
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				o, err := one(t.Context(), ct)
				took := time.Since(began)
				stop()
				<-asked
				said := ""
				if f := fault.Of(err); f != nil {
					said = f.Text
				}
				want := tc.want
				if want != "" {
					want = "Jenis pelatihan " + tc.name + " versi 1.0.0 " + want
				}
				if said != want || want == "" && (err != nil || o.Total != 87_50) || want != "" && !errors.Is(err, fault.Unavailable) {
					t.Errorf("%s: a user reads\n%q (%v), want\n%q", tc.why, said, err, want)
				}
				if most := 2*l.call + l.start; took > most {
					t.Errorf("%s: it took %v", tc.why, took)
				}
				switch tc.name {
				case "spy":
					canaries = spied(t, ct)
				case "fickle": // what its first answer was, its own rules say: the other one is refused
					_, err = one(t.Context(), ct)
				case "weathercock":
					_, err = ct.Describe(t.Context())
				}
				if f := fault.Of(err); (tc.name == "fickle" || tc.name == "weathercock") && (f == nil || !strings.HasSuffix(f.Text, untrue)) {
					t.Errorf("%s: %v", tc.why, err)
				}
				closeHost(t, h)
				for n := range 500 { // the rest of a group dies a moment after its leader
					found := alive(tc.name + "@1.0.0")
					if len(found) == 0 {
						break
					}
					if n == 499 {
						left.Add(int64(len(found)))
						t.Errorf("%s: it left %v", tc.why, found)
					}
					<-time.After(10 * time.Millisecond)
				}
			})
		}
	})
	t.Logf("figure: zoo: %d hostile guests; %d questions of neighbours, %d failed; %d canaries seen; %d processes left",
		len(zoo), others.Load(), wrong.Load(), canaries, left.Load())
}

// spied asks the spy what it could come to, among it things that are this process's own.
func spied(t *testing.T, ct coursetype.CourseType) int {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "canary")
	if err := errors.Join(os.WriteFile(file, []byte("canary"), 0o644), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	at := target{File: file, Secret: "postgres://secret", Host: os.Getpid()}
	for network, address := range map[string]string{"unix": "@wiyata-canary-" + fmt.Sprint(os.Getpid()), "tcp": "127.0.0.1:0"} {
		l, err := net.Listen(network, address)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if network == "unix" {
			at.Unix = l.Addr().String()
		} else {
			at.TCP = l.Addr().String()
		}
	}
	question, err := json.Marshal(at)
	if err != nil {
		t.Fatal(err)
	}
	as, err := ct.Eligible(t.Context(), coursetype.EligibleRequest{RuleSet: "r", Candidates: []coursetype.Candidate{{Ref: "p1", Kind: string(question)}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(as[0].Flags) == 0 {
		return 0
	}
	seen := strings.Split(as[0].Flags[0].Reason.ID, "; ")
	t.Errorf("the spy came to %q", seen)
	return len(seen)
}

// alive lists the processes that are called name.
func alive(name string) (pids []string) {
	all, _ := filepath.Glob("/proc/[0-9]*/cmdline") // the pattern is one
	for _, path := range all {
		if line, err := os.ReadFile(path); err == nil && bytes.HasPrefix(line, []byte(name)) {
			pids = append(pids, filepath.Base(filepath.Dir(path)))
		}
	}
	return pids
}
