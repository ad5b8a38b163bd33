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
	tries  = 8
	memory = 256 << 20 // bytes: where the platform ends a process
)

// cost measures how long and with how much new memory few and many records are
// graded. A busy machine only makes it worse: the best of some tries counts, and there
// are as many as tries may be needed to be within bounds.
func (x *examiner) cost(r coursetype.RuleSet) {
	records := make([]coursetype.Record, coursetype.MaxChunk)
	for i := range records {
		records[i] = compact(r, i)
	}
	short, _ := x.measure(r, records[:few])
	long, bytes := x.measure(r, records)
	within := func() bool { return long <= Deadline && long <= ratio*max(short, floor) && bytes <= memory }
	for n := 1; n < tries && (n < 3 || !within()); n++ {
		took, _ := x.measure(r, records[:few])
		short = min(short, took)
		took, b := x.measure(r, records)
		long, bytes = min(long, took), min(bytes, b)
	}
	asked := fmt.Sprintf("Grade under %s, %d records", r.Key, len(records))
	if long > Deadline || long > ratio*max(short, floor) {
		x.broke(quick, asked, "an answer after %v, and after %v for %d", long, short, few)
	}
	if bytes > memory {
		x.broke(lean, asked, "%d MiB of new memory", bytes>>20)
	}
}

func (x *examiner) measure(r coursetype.RuleSet, records []coursetype.Record) (took time.Duration, bytes uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := time.Now()
	// Errors: told where the same was asked before.
	_, _ = put(x, x.grading(r).ask, records)
	took = time.Since(begun)
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc
}
