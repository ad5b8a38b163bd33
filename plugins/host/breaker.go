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
	b.failures = append(slices.DeleteFunc(b.failures, func(t time.Time) bool {
		return now.Sub(t) >= time.Hour
	}), now)
	b.open = b.open || len(b.failures) >= 3
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
