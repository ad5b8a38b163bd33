package host

import (
	"slices"
	"time"
)

// A breaker remembers the failures of a guest and decides about restarts.
type breaker struct {
	failures []time.Time // of the last hour, oldest first
	open     bool        // three failures within an hour: no more starts
}

// fail notes a failure.
func (b *breaker) fail(now time.Time) {
	b.failures = b.failures[len(b.failures)-b.recent(now):]
	b.failures = append(b.failures, now)
	b.open = b.open || len(b.failures) >= 3
}

// recent is how many failures lie within the hour before now.
func (b *breaker) recent(now time.Time) (n int) {
	for _, t := range slices.Backward(b.failures) {
		if now.Sub(t) >= time.Hour {
			break
		}
		n++
	}
	return n
}

// delay returns how long the next start has to wait: nothing after a first
// failure, backoff after the second of two within a minute. There is no third.
func (b *breaker) delay(now time.Time, backoff time.Duration) time.Duration {
	n := len(b.failures)
	if n < 2 || b.failures[n-1].Sub(b.failures[n-2]) > time.Minute {
		return 0
	}
	return max(0, backoff-now.Sub(b.failures[n-1]))
}
