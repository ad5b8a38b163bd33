package host

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode"
)

const (
	tailLines = 100 // kept per guest
	tailWidth = 500 // bytes of a line
	tailRate  = 100 // lines per second, and at once; the rest is dropped and counted

	paceBytes = 1 << 20 // per second, and at once, that are read from a pipe of a guest
	paceEach  = 64      // bytes that a write counts beside its own: to handle it costs too

	meterBurst = 10 // records at once
	meterRate  = 1  // records per second
)

// A bucket gives out so many tokens per second, and at most burst at once.
type bucket struct {
	tokens float64
	last   time.Time
}

func (b *bucket) fill(now time.Time, rate, burst float64) {
	if b.last.IsZero() {
		b.tokens, b.last = burst, now
	}
	b.tokens = min(burst, b.tokens+now.Sub(b.last).Seconds()*rate)
	b.last = now
}

// A tail keeps the last lines that a guest wrote, over all its processes.
type tail struct {
	mu      sync.Mutex
	kept    []Line
	dropped int
	rate    bucket
}

// add keeps a line; false when it is dropped because there were too many.
func (t *tail) add(now time.Time, text []byte) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rate.fill(now, tailRate, tailRate)
	if t.rate.tokens < 1 {
		t.dropped++
		return false
	}
	t.rate.tokens--
	if len(t.kept) == tailLines {
		t.kept = append(t.kept[:0], t.kept[1:]...)
	}
	t.kept = append(t.kept, Line{now.UTC(), clean(text)})
	return true
}

func (t *tail) drop(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dropped += n
}

func (t *tail) lines() (all []Line, dropped int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Line(nil), t.kept...), t.dropped
}

// clean makes a stranger's text fit to be shown.
func clean(text []byte) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsGraphic(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(string(text), "�"))
}

// A pacer makes whoever writes wait once it is more than paceBytes per second: a flood
// costs the guest its time, and not the host's.
type pacer struct {
	mu    sync.Mutex
	spent bucket
}

// Write drops b, and waits: at most some 60 ms, for what is read at once is 64 KiB. It never fails.
func (p *pacer) Write(b []byte) (int, error) {
	p.mu.Lock()
	p.spent.fill(time.Now(), paceBytes, paceBytes)
	p.spent.tokens -= float64(len(b) + paceEach)
	debt := -p.spent.tokens / paceBytes // seconds
	p.mu.Unlock()
	if debt > 0 {
		time.Sleep(time.Duration(debt * float64(time.Second)))
	}
	return len(b), nil
}

// A paced reader reads no faster than its pacer allows.
type paced struct {
	io.ReadCloser
	pacer pacer
}

func (p *paced) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b[:min(len(b), 64<<10)])
	if n > 0 {
		_, _ = p.pacer.Write(b[:n]) // never fails
	}
	return n, err
}

// A meter takes what a guest writes to stderr: its text goes into the tail, for the
// operator alone, because it may hold anything; the log is told how many lines and
// bytes, in a burst of ten records, then one per second; what comes between is added to
// the next record.
type meter struct {
	log  *slog.Logger
	tail *tail
	pace pacer

	mu      sync.Mutex
	open    []byte // of a line whose end has not come
	records bucket
	lines   int
	bytes   int
}

func newMeter(log *slog.Logger, t *tail) *meter { return &meter{log: log, tail: t} }

// Write counts p. It never fails.
func (m *meter) Write(p []byte) (int, error) {
	now := time.Now()
	m.mu.Lock()
	m.lines += bytes.Count(p, []byte{'\n'})
	m.bytes += len(p)
	m.cut(now, p)
	m.records.fill(now, meterRate, meterBurst)
	if m.lines > 0 && m.records.tokens >= 1 {
		m.records.tokens--
		m.record()
	}
	m.mu.Unlock()
	return m.pace.Write(p)
}

// cut puts the lines of p into the tail. m.mu is held.
func (m *meter) cut(now time.Time, p []byte) {
	for {
		line, rest, ended := bytes.Cut(p, []byte{'\n'})
		m.open = append(m.open, line[:min(len(line), tailWidth-len(m.open))]...)
		if !ended {
			return
		}
		if p = rest; !m.tail.add(now, m.open) { // nor will what follows be kept
			m.tail.drop(bytes.Count(p, []byte{'\n'}))
			p = p[bytes.LastIndexByte(p, '\n')+1:]
		}
		m.open = m.open[:0]
	}
}

// flush tells what has been counted and not told.
func (m *meter) flush() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.open) > 0 {
		m.tail.add(time.Now(), m.open)
		m.open = nil
	}
	if m.bytes > 0 {
		m.record()
	}
}

func (m *meter) record() {
	m.log.Warn("guest wrote to stderr", "lines", m.lines, "bytes", m.bytes)
	m.lines, m.bytes = 0, 0
}
