package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestCounter(t *testing.T) {
	for _, tc := range []struct {
		name   string
		events string // "action test", one per line; the package is p
		end    error
		ok     bool
		last   string
		says   string // stands somewhere in the output
	}{
		{"good", "run A\npass A\npass", nil, true, "1 passed, 0 failed, 0 skipped", "ok    p"},
		{"parents are counted by their leaves", "run A\nrun A/x\nrun A/y\npass A/x\npass A/y\npass A\npass", nil, true, "2 passed, 0 failed, 0 skipped", ""},
		{"failed leaf", "run A\nrun A/x\noutput A/x:x.go:1: boom\nfail A/x\nfail A\nfail", errors.New("exit status 1"), false, "0 passed, 1 failed, 0 skipped", "x.go:1: boom"},
		{"parent fails by itself", "run A\nrun A/x\npass A/x\nfail A\nfail", nil, false, "1 passed, 1 failed, 0 skipped", "FAIL p A"},
		{"skip fails", "run A\nskip A\npass", nil, false, "0 passed, 0 failed, 1 skipped", "SKIP p A"},
		{"output of good tests is dropped", "run A\noutput A:noise\npass A\npass", nil, true, "1 passed, 0 failed, 0 skipped", ""},
		{"package without tests", "skip\nrun A\npass A\npass", nil, true, "1 passed, 0 failed, 0 skipped", "none  p"},
		{"package does not build", "fail", errors.New("exit status 1"), false, "0 passed, 1 failed, 0 skipped", "FAIL p"},
		{"go test fails without a word", "run A\npass A\npass", errors.New("exit status 2"), false, "1 passed, 1 failed, 0 skipped", "exit status 2"},
		{"nothing ran", "skip", nil, false, "0 passed, 1 failed, 0 skipped", "no test ran"},
		{"test does not end", "run A\noutput A:stuck here\npass", nil, false, "0 passed, 1 failed, 0 skipped", "stuck here"},
		{"both engines", "run A\nrun A/sqlite\npass A/sqlite\nrun A/postgres\npass A/postgres\npass A\npass", nil, true, "2 passed, 0 failed, 0 skipped", "on postgres: 1 tests"},
		{"one engine only", "run A\nrun A/sqlite\npass A/sqlite\npass A\npass", nil, false, "1 passed, 1 failed, 0 skipped", "FAIL on sqlite only: p A/*"},
		{"a case below the engine on one only", "run A\nrun A/sqlite\nrun A/sqlite/x\npass A/sqlite/x\npass A/sqlite\nrun A/postgres\npass A/postgres\npass A\npass", nil, false, "2 passed, 1 failed, 0 skipped", "FAIL on sqlite only: p A/*/x"},
		{"equal names are numbered", "run A\nrun A/sqlite#01\npass A/sqlite#01\nrun A/postgres#01\npass A/postgres#01\npass A\npass", nil, true, "2 passed, 0 failed, 0 skipped", "on sqlite: 1 tests"},
		{"an engine is a whole element", "run A\nrun A/no-sqlite\npass A/no-sqlite\npass A\npass", nil, true, "1 passed, 0 failed, 0 skipped", "on sqlite: 0 tests"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var in, out strings.Builder
			for line := range strings.Lines(tc.events) {
				head, text, _ := strings.Cut(strings.TrimSpace(line), ":")
				action, test, _ := strings.Cut(head, " ")
				fmt.Fprintf(&in, `{"Action":%q,"Package":"p","Test":%q,"Output":%q}`+"\n", action, test, text)
			}
			c := newCounter(&out)
			if err := c.read(strings.NewReader(in.String())); err != nil {
				t.Fatal(err)
			}
			ok := c.finish(tc.end)
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if last := lines[len(lines)-1]; ok != tc.ok || last != tc.last || !strings.Contains(out.String(), tc.says) || strings.Contains(out.String(), "noise") {
				t.Errorf("finish = %t, want %t; last line %q, want %q; want %q in:\n%s", ok, tc.ok, last, tc.last, tc.says, out.String())
			}
		})
	}
}

func TestReadPassesOtherLines(t *testing.T) {
	var out strings.Builder
	c := newCounter(&out)
	if err := c.read(strings.NewReader("go: downloading\n{\"ImportPath\":\"p\",\"Action\":\"build-output\",\"Output\":\"p.go:1: bad\\n\"}\nend")); err != nil {
		t.Fatal(err)
	}
	if want := "go: downloading\np.go:1: bad\nend"; out.String() != want {
		t.Errorf("read wrote %q, want %q", out.String(), want)
	}
}
