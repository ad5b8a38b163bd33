package coursetypetest

import (
	"fmt"
	"runtime"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

const (
	few    = 50
	ratio  = 30                   // what is linear takes 10 times as long for 10 times as many
	floor  = 5 * time.Millisecond // less is noise
	memory = 256 << 20            // bytes: where the platform ends a process
)

// cost measures how long and with how much new memory few and many records are
// graded: the best of some tries each, as a busy machine only makes it worse.
func (x *examiner) cost(r coursetype.RuleSet) {
	records := make([]coursetype.Record, coursetype.MaxChunk)
	for i := range records {
		records[i] = compact(r, i)
	}
	short, _ := x.best(r, records[:few], 5)
	long, bytes := x.best(r, records, 3)
	asked := fmt.Sprintf("Grade under %s, %d records", r.Key, len(records))
	if long > Deadline || long > ratio*max(short, floor) {
		x.broke(quick, asked, "an answer after %v, and after %v for %d", long, short, few)
	}
	if bytes > memory {
		x.broke(lean, asked, "%d MiB of new memory", bytes>>20)
	}
}

func (x *examiner) best(r coursetype.RuleSet, records []coursetype.Record, tries int) (took time.Duration, bytes uint64) {
	l := x.grading(r)
	for n := range tries {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begun := time.Now()
		// Errors: told where the same was asked before.
		_, _ = put(x, l.ask, records)
		t := time.Since(begun)
		runtime.ReadMemStats(&after)
		b := after.TotalAlloc - before.TotalAlloc
		if n == 0 || t < took {
			took = t
		}
		if n == 0 || b < bytes {
			bytes = b
		}
	}
	return took, bytes
}
