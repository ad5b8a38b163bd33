package web

import (
	"sync"
	"time"

	"github.com/wiyata-id/wiyata/platform/fault"
)

// burst is for how long a tenant may ask for what its rate gives at once.
const burst = 10 * time.Second

// buckets hold how many requests each tenant has left, so that one that floods takes its
// own time and nobody else's. A request draws when its session or token has turned out
// good for the tenant: a stranger empties no bucket. Each process has its own, which costs
// no statement: behind n of them a tenant has n times the rate.
type buckets struct {
	rate  int // requests of a tenant in a second; 0 = no limit
	clock func() time.Time

	mu   sync.Mutex
	full map[string]time.Time // by slug: when the bucket is full again; as many as there are tenants
}

func newBuckets(rate int, clock func() time.Time) *buckets {
	if clock == nil {
		clock = time.Now
	}
	return &buckets{rate: rate, clock: clock, full: map[string]time.Time{}}
}

// left refuses when the bucket of slug is empty, and takes nothing: a flood is sent away
// before the database is asked who it is.
// Errors: fault.Limited.
func (b *buckets) left(slug string) error { return b.draw(slug, false) }

// take takes one request from the bucket of slug. Errors: fault.Limited.
func (b *buckets) take(slug string) error { return b.draw(slug, true) }

func (b *buckets) draw(slug string, take bool) error {
	if b.rate == 0 || slug == "" {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock()
	full := b.full[slug]
	if full.Before(now) {
		full = now
	}
	full = full.Add(time.Second / time.Duration(b.rate))
	if wait := full.Sub(now) - burst; wait > 0 {
		wait = (wait + time.Second - 1).Truncate(time.Second)
		return fault.Later(fault.Limited, wait, "Batas permintaan instansi ini, %d per detik, sedang terlampaui. Coba lagi dalam %d detik.", b.rate, int(wait/time.Second))
	}
	if take {
		b.full[slug] = full
	}
	return nil
}
