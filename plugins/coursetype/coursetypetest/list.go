package coursetypetest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// A list is a question about many Qs with an A for each.
type list[Q, A any] struct {
	name     string // "Grade under r"
	ask      func(context.Context, []Q) ([]A, error)
	weigh    func(Q) int // share of what one request may hold
	asked    func(Q) coursetype.Ref
	answered func(A) coursetype.Ref
	bare     func(A) A // without its Ref
}

// heavy is how much one request holds: sessions and scores, as the platform splits.
const heavy = 20_000

// of asks about all qs, then again in reverse, in small pieces and all at once, and
// returns what was answered at first.
func (l list[Q, A]) of(x *examiner, qs []Q) map[coursetype.Ref]A {
	first := map[coursetype.Ref]A{}
	for left := qs; len(left) > 0; {
		n, weight := 0, 0
		for n < min(len(left), coursetype.MaxChunk) && (n == 0 || weight+l.weigh(left[n]) <= heavy) {
			weight += l.weigh(left[n])
			n++
		}
		as, err := put(x, l.ask, left[:n])
		l.keep(x, left[:n], as, err, first)
		left = left[n:]
	}

	back := slices.Clone(qs)
	slices.Reverse(back)
	var mu sync.Mutex
	var asking sync.WaitGroup
	for piece := range slices.Chunk(back, 7) {
		x.report.Asked++
		asking.Go(func() {
			ctx, cancel := context.WithTimeout(x.ctx, Deadline)
			defer cancel()
			as, err := caught(ctx, l.ask, piece)
			mu.Lock()
			defer mu.Unlock()
			l.compare(x, as, err, first)
		})
	}
	asking.Wait()
	return first
}

// keep notes the answers to one request by their Refs.
func (l list[Q, A]) keep(x *examiner, qs []Q, as []A, err error, kept map[coursetype.Ref]A) {
	asked := fmt.Sprintf("%s, %d in one request", l.name, len(qs))
	if err != nil {
		x.broke(answered, asked, "%v", err)
		return
	}
	wanted := map[coursetype.Ref]bool{}
	for _, q := range qs {
		wanted[l.asked(q)] = true
	}
	for _, a := range as {
		if !wanted[l.answered(a)] {
			x.broke(answered, asked, "an answer to a Ref that was not asked about, or a second one")
			continue
		}
		delete(wanted, l.answered(a))
		kept[l.answered(a)] = a
		if leaks(l.bare(a)) {
			x.broke(string(coursetype.RuleWorded), asked, "a text that says a Ref: %+v", l.bare(a))
		}
	}
	if len(wanted) > 0 {
		x.broke(answered, asked, "%d answers", len(as))
	}
}

// compare holds answers to those of before. Who answered with an error at first is
// not held to it twice.
func (l list[Q, A]) compare(x *examiner, as []A, err error, first map[coursetype.Ref]A) {
	asked := l.name + ", in another order, at the same time"
	if err != nil && len(first) > 0 {
		x.broke(same, asked, "%v", err)
	}
	for _, a := range as {
		if before, ok := first[l.answered(a)]; ok && !alike(before, a) {
			x.broke(same, asked, "another answer (-before +now):\n%s", cmp.Diff(before, a, cmpopts.EquateEmpty()))
		}
	}
}

// bounds asks for none, for as many as a request may hold, and for one more.
func (l list[Q, A]) bounds(x *examiner, one func(int) Q) {
	if as, err := put(x, l.ask, nil); err != nil || len(as) > 0 {
		x.broke(answered, l.name+", an empty list", "%d answers, error %v", len(as), err)
	}
	qs := make([]Q, coursetype.MaxChunk+1)
	for i := range qs {
		qs[i] = one(i)
	}
	as, err := put(x, l.ask, qs[:coursetype.MaxChunk])
	l.keep(x, qs[:coursetype.MaxChunk], as, err, map[coursetype.Ref]A{})
	as, err = put(x, l.ask, qs)
	x.mustRefuse(fmt.Sprintf("%s, %d in one request", l.name, len(qs)), len(as), err)
}

// mustRefuse wants an error of the host's fault, worded.
func (x *examiner) mustRefuse(asked string, answers any, err error) {
	switch {
	case err == nil:
		x.broke(refused, asked, "an answer: %v", answers)
	case !refusal(err):
		x.broke(refused, asked, "no *Error of the host's fault: %v", err)
	case leaks(err.Error()):
		x.broke(string(coursetype.RuleWorded), asked, "an error that says a Ref: %v", err)
	}
}

// alike reports whether a and b are the same but for nil and empty lists.
func alike(a, b any) bool { return cmp.Equal(a, b, cmpopts.EquateEmpty()) }
