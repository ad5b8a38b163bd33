// Durability measures whether what was acknowledged is kept.
//
// A writer is a process of its own, on the real store and the real Gate, with the
// doors Write and Append. It is told over a pipe what to write, by id, and answers
// each id once it is committed; the parent keeps the ledger of what was sent and
// what was acknowledged. Then something is taken away, and the ledger is held
// against the database:
//
//   - the process, by kill -9 at some moment of writing: a test of this package, on
//     both engines, in each test run;
//   - the power, under SQLite: `make durability`, which needs root and loop devices.
//     The database lies on ext4 in an image; the writer is stopped in its tracks and
//     the image is copied past every cache, which is what a disk would hold whose
//     machine has lost its power. The copy is mounted and recovered.
//
// Nothing may be lost, altered, doubled or there without having been sent, and what
// had no answer is sent again under its id and is then there once. A harness that
// cannot see a loss proves nothing: under a cut of power a control with
// synchronous=OFF, which only this harness can set, must lose something. (kill -9
// alone loses nothing even then: the kernel still has the pages.)
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "durability:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 3 && args[0] == "writer":
		return writer(args[1], args[2], os.Stdin, os.Stdout)
	case len(args) == 2 && args[0] == "power":
		cycles, err := strconv.Atoi(args[1])
		if err != nil || cycles < 1 {
			return fmt.Errorf("%q is no number of cycles", args[1])
		}
		return power(ctx, cycles)
	}
	return fmt.Errorf("usage: durability power CYCLES")
}
