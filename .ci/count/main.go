// Count runs "go test -json …", tells the story while it runs, and ends with one
// line that a script can read: "N passed, N failed, N skipped".
//
// It counts leaves: a test with subtests is counted by them, unless it failed on
// its own account. Three things beyond a failed test fail a run: a skipped test,
// because nothing may skip in silence; a test that was seen on one database engine
// only, because a rule that holds on SQLite alone is no rule; and a run without a
// test. A line with "figure: " in it is passed on, passed or failed. An engine is a path
// element of a subtest's name: TestApprove/full/sqlite. TEST_BEGAN, in seconds since 1970,
// is when the whole run began, where something came before the tests.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

var engines = []string{"sqlite", "postgres"}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: count go test -json …")
		os.Exit(2)
	}
	// An interrupt reaches go test too, being in the same process group; what it
	// still says is counted.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM)

	cmd := exec.Command(os.Args[1], os.Args[2:]...) //nolint:gosec,noctx // its only purpose
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "count:", err)
		os.Exit(2)
	}
	c := newCounter(os.Stdout)
	readErr := c.read(stdout)
	if !c.finish(errors.Join(readErr, cmd.Wait())) {
		os.Exit(1)
	}
}

// An event is one line of go test -json; see "go doc test2json".
type event struct {
	Action  string
	Package string
	Test    string // empty where the event is the package's
	Output  string
	Elapsed float64 // seconds
}

// A name names a test in the whole run; Test is empty for a package.
type name struct{ Package, Test string }

func (n name) String() string { return strings.TrimSpace(n.Package + " " + n.Test) }

type counter struct {
	out    io.Writer
	state  map[name]string // "run", then "pass", "fail" or "skip"
	inner  map[name]bool   // has subtests
	output map[name]*bytes.Buffer
}

func newCounter(out io.Writer) *counter {
	return &counter{out: out, state: map[name]string{}, inner: map[name]bool{}, output: map[name]*bytes.Buffer{}}
}

// read takes the lines of r until its end; a line that is no event is passed on.
func (c *counter) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil || e.Action == "" {
				fmt.Fprintf(c.out, "%s", line)
			} else {
				c.event(e)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (c *counter) event(e event) {
	n := name{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Fprint(c.out, e.Output)
	case "output":
		if _, figure, ok := strings.Cut(e.Output, "figure: "); ok { // what a test wants to be seen even when it passes
			fmt.Fprintln(c.out, "      "+strings.TrimSuffix(figure, "\n"))
		}
		if chatter(e.Output) {
			return
		}
		if c.output[n] == nil {
			c.output[n] = new(bytes.Buffer)
		}
		c.output[n].WriteString(e.Output)
	case "run":
		c.state[n] = "run"
		for up, ok := cutLast(e.Test); ok; up, ok = cutLast(up) {
			c.inner[name{e.Package, up}] = true
		}
	case "pass", "fail", "skip":
		if e.Test != "" || e.Action == "fail" {
			c.state[n] = e.Action
		}
		if e.Action == "fail" {
			c.tell(n)
		}
		delete(c.output, n)
		if e.Test == "" {
			verdict := map[string]string{"pass": "ok  ", "fail": "FAIL", "skip": "none"}[e.Action]
			fmt.Fprintf(c.out, "%s  %s  %.1fs\n", verdict, e.Package, e.Elapsed)
		}
	}
}

// tell prints what n wrote.
func (c *counter) tell(n name) {
	if b := c.output[n]; b != nil && b.Len() > 0 {
		fmt.Fprintf(c.out, "\n=== %s\n%s\n", n, b.Bytes())
	}
}

// chatter reports whether a line only says that a test runs, pauses or goes on.
func chatter(line string) bool { return strings.HasPrefix(line, "=== ") }

// finish prints the summary and reports whether the run is good. end is how go test
// ended.
func (c *counter) finish(end error) bool {
	count := map[string]int{}
	perEngine := map[string]int{}
	seen := map[name]map[string]bool{} // test without its engine → engines
	broken := map[name]bool{}          // what has a failed test below it
	all := slices.SortedFunc(maps.Keys(c.state), func(a, b name) int {
		return strings.Compare(b.Package+"\x00"+b.Test, a.Package+"\x00"+a.Test) // children first
	})
	var notes []string
	for _, n := range all {
		state := c.state[n]
		if state == "run" {
			state = "fail"
			c.tell(n)
			notes = append(notes, "FAIL did not end: "+n.String())
		}
		leaf := n.Test != "" && !c.inner[n]
		if state == "fail" && !broken[n] {
			leaf = true
			notes = append(notes, "FAIL "+n.String())
		}
		if state == "fail" {
			for up, ok := cutLast(n.Test); ok; up, ok = cutLast(up) {
				broken[name{n.Package, up}] = true
			}
			broken[name{n.Package, ""}] = true
		}
		if state == "skip" {
			leaf = true
			notes = append(notes, "SKIP "+n.String())
		}
		if leaf {
			count[state]++
		}
		if engine, rest, ok := cutEngine(n.Test); ok {
			key := name{n.Package, rest}
			if seen[key] == nil {
				seen[key] = map[string]bool{}
			}
			seen[key][engine] = true
			if leaf {
				perEngine[engine]++
			}
		}
	}
	for key, on := range seen {
		if len(on) < len(engines) {
			count["fail"]++
			notes = append(notes, fmt.Sprintf("FAIL on %s only: %s", slices.Collect(maps.Keys(on))[0], key))
		}
	}
	if end != nil && count["fail"] == 0 {
		count["fail"]++
		notes = append(notes, fmt.Sprintf("FAIL go test: %v", end))
	}
	if count["pass"]+count["fail"]+count["skip"] == 0 {
		count["fail"]++
		notes = append(notes, "FAIL no test ran")
	}
	slices.Sort(notes)
	fmt.Fprintln(c.out)
	for _, note := range notes {
		fmt.Fprintln(c.out, note)
	}
	for _, engine := range engines {
		fmt.Fprintf(c.out, "on %s: %d tests\n", engine, perEngine[engine])
	}
	if began, err := strconv.ParseInt(os.Getenv("TEST_BEGAN"), 10, 64); err == nil { // of the whole run, before the tests too
		fmt.Fprintf(c.out, "took %s\n", time.Since(time.Unix(began, 0)).Round(time.Second))
	}
	fmt.Fprintf(c.out, "%d passed, %d failed, %d skipped\n", count["pass"], count["fail"], count["skip"])
	return count["fail"] == 0 && count["skip"] == 0
}

// cutLast cuts the last element off a subtest's name; ok is false for a name without
// parent.
func cutLast(test string) (up string, ok bool) {
	i := strings.LastIndexByte(test, '/')
	return test[:max(i, 0)], i >= 0
}

// cutEngine finds the engine in a test's name and returns the name with "*" in its
// place.
func cutEngine(test string) (engine, rest string, ok bool) {
	elements := strings.Split(test, "/")
	for i, element := range elements {
		bare, number, _ := strings.Cut(element, "#") // go test numbers equal names: sqlite#01
		if i > 0 && slices.Contains(engines, bare) {
			elements[i] = strings.TrimSuffix("*#"+number, "#")
			return bare, strings.Join(elements, "/"), true
		}
	}
	return "", "", false
}
