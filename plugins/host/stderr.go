package host

import (
	"bytes"
	"log/slog"
	"sync"
	"time"
)

// A meter logs that a guest wrote to stderr, how many lines and bytes: never the
// text, which may hold anything. It is a token bucket: a burst of ten records, then
// one per second; what comes between is added to the next record.
type meter struct {
	log *slog.Logger

	mu     sync.Mutex
	tokens float64
	last   time.Time // when tokens was computed
	lines  int
	bytes  int
}

const (
	meterBurst = 10
	meterRate  = 1 // records per second
)

func newMeter(log *slog.Logger) *meter {
	return &meter{log: log, tokens: meterBurst, last: time.Now()}
}

// Write counts p. It never fails.
func (m *meter) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lines += bytes.Count(p, []byte{'\n'})
	m.bytes += len(p)
	now := time.Now()
	m.tokens = min(meterBurst, m.tokens+now.Sub(m.last).Seconds()*meterRate)
	m.last = now
	if m.lines > 0 && m.tokens >= 1 {
		m.tokens--
		m.record()
	}
	return len(p), nil
}

// flush logs what has been counted and not told.
func (m *meter) flush() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bytes > 0 {
		m.record()
	}
}

func (m *meter) record() {
	m.log.Warn("guest wrote to stderr", "lines", m.lines, "bytes", m.bytes)
	m.lines, m.bytes = 0, 0
}
