package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
)

// inFlight bounds how many orders wait for an answer.
const inFlight = 64

// A session is one life of a writer.
type session struct {
	ledger *ledger
	cmd    *exec.Cmd
	in     io.WriteCloser
	free   chan struct{} // a token per order that may still be sent
	acks   chan struct{} // one per answer, as they come
	ended  chan struct{} // closed when the writer's last answer has been read
	fed    chan struct{} // closed when feed has ended
}

// start starts a writer on dsn. It is this program, in another role.
func start(ctx context.Context, l *ledger, dsn, synchronous string) (*session, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &session{
		ledger: l, cmd: exec.CommandContext(ctx, self, "writer", dsn, synchronous),
		free: make(chan struct{}, inFlight), acks: make(chan struct{}, inFlight), ended: make(chan struct{}),
	}
	for range inFlight {
		s.free <- struct{}{}
	}
	s.cmd.Stderr = os.Stderr
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go s.listen(out)
	return s, nil
}

// listen keeps the answers. Only a whole line is one.
func (s *session) listen(out io.Reader) {
	defer close(s.ended)
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		s.ledger.mu.Lock()
		if word == "ack" {
			s.ledger.acked[rest] = true
		} else {
			s.ledger.nacks = append(s.ledger.nacks, rest)
		}
		s.ledger.mu.Unlock()
		s.free <- struct{}{}
		select {
		case s.acks <- struct{}{}:
		default: // nobody counts
		}
	}
}

// send hands one order over; it is in the ledger before the writer can have seen it.
func (s *session) send(o order) error {
	select {
	case <-s.free:
	case <-s.ended:
		return errors.New("the writer has gone")
	}
	s.ledger.mu.Lock()
	s.ledger.sent[o.id] = o
	s.ledger.mu.Unlock()
	_, err := io.WriteString(s.in, o.line())
	return err
}

// feed sends new orders, through both doors in turn, until the writer has gone.
func (s *session) feed() {
	s.fed = make(chan struct{})
	go s.keepFeeding()
}

func (s *session) keepFeeding() {
	defer close(s.fed)
	for n := 0; ; n++ {
		o := order{door: "write", id: store.NewID(), payload: random()}
		if n%2 == 1 {
			o.door = "append"
		}
		if s.send(o) != nil {
			return
		}
	}
}

// random is a payload that no other row has.
func random() string {
	var b [100]byte
	_, _ = rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}

// after waits for n answers.
func (s *session) after(ctx context.Context, n int) error {
	for range n {
		select {
		case <-s.acks:
		case <-s.ended:
			return errors.New("the writer ended by itself")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// sometime waits until the writer is in the midst of it: some hundred answers, and an
// odd time beyond the last.
func (s *session) sometime(ctx context.Context) error {
	if err := s.after(ctx, 1+mathrand.IntN(400)); err != nil {
		return err
	}
	<-time.After(time.Duration(mathrand.Int64N(int64(5 * time.Millisecond))))
	return nil
}

// kill ends the writer with SIGKILL and reads what it had said by then.
func (s *session) kill() {
	_ = s.cmd.Process.Kill() // it may have gone
	<-s.ended
	s.in.Close()
	_ = s.cmd.Wait() // killed: it says so
	<-s.fed
}

// settle sends what had no answer again, under its id, and lets the writer end.
func settle(ctx context.Context, l *ledger, dsn string) error {
	s, err := start(ctx, l, dsn, "full")
	if err != nil {
		return err
	}
	for _, o := range l.unknown() {
		if err := s.send(o); err != nil {
			break // Wait says why
		}
	}
	s.in.Close()
	<-s.ended
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("writer: %w", err)
	}
	if len(l.nacks) > 0 {
		return fmt.Errorf("%d writes were refused, such as %s", len(l.nacks), l.nacks[0])
	}
	if left := l.unknown(); len(left) > 0 {
		return fmt.Errorf("%d writes still have no answer", len(left))
	}
	return nil
}
