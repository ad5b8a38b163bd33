package host

import (
	"context"
	"fmt"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// A handle is the CourseType that callers see: it splits, asks, checks and puts
// in order.
type handle struct{ guest *guest }

// maxWeight bounds a chunk beside coursetype.MaxChunk, in sessions and scores: a
// request stays well below coursetype.MaxMessage.
const maxWeight = 20_000

// Describe returns the guest's description, checked.
func (h handle) Describe(ctx context.Context) (coursetype.Description, error) {
	d, err := h.guest.described(ctx, true)
	if err != nil {
		return coursetype.Description{}, err
	}
	return *d, nil
}

// Check returns what the guest finds wrong with a batch.
func (h handle) Check(ctx context.Context, q coursetype.CheckRequest) ([]coursetype.Finding, error) {
	if _, err := h.guest.rules(ctx, q.RuleSet); err != nil {
		return nil, err
	}
	found, err := ask(ctx, h.guest, func(ctx context.Context, ct coursetype.CourseType) ([]coursetype.Finding, error) {
		return ct.Check(ctx, q)
	})
	if err != nil {
		return nil, err
	}
	if len(found) > coursetype.MaxList {
		return nil, h.guest.lied(fmt.Errorf("%d findings", len(found)))
	}
	for i, f := range found {
		if err := coursetype.VerifyFinding(f); err != nil {
			return nil, h.guest.lied(fmt.Errorf("finding %d: %w", i, err))
		}
	}
	return found, nil
}

// Plan returns the timetable that the guest proposes.
func (h handle) Plan(ctx context.Context, q coursetype.PlanRequest) (coursetype.Plan, error) {
	rules, err := h.guest.rules(ctx, q.RuleSet)
	if err != nil {
		return coursetype.Plan{}, err
	}
	p, err := ask(ctx, h.guest, func(ctx context.Context, ct coursetype.CourseType) (coursetype.Plan, error) {
		return ct.Plan(ctx, q)
	})
	if err != nil {
		return coursetype.Plan{}, err
	}
	if err := rules.VerifyPlan(q.Days, p); err != nil {
		return coursetype.Plan{}, h.guest.lied(err)
	}
	return p, nil
}

// Eligible returns one answer per candidate, in their order. What the guest did not
// ask for in its description is not sent.
func (h handle) Eligible(ctx context.Context, q coursetype.EligibleRequest) ([]coursetype.Eligibility, error) {
	if _, err := h.guest.rules(ctx, q.RuleSet); err != nil {
		return nil, err
	}
	asks := h.guest.description.Load().Asks
	return list[coursetype.Candidate, coursetype.Eligibility]{
		weigh:    func(c coursetype.Candidate) int { return 1 + len(c.Past) },
		asked:    func(c coursetype.Candidate) coursetype.Ref { return c.Ref },
		answered: func(e coursetype.Eligibility) coursetype.Ref { return e.Ref },
		check:    func(_ coursetype.Candidate, e coursetype.Eligibility) error { return coursetype.VerifyEligibility(e) },
		ask: func(ctx context.Context, ct coursetype.CourseType, chunk []coursetype.Candidate) ([]coursetype.Eligibility, error) {
			part := q
			part.Candidates = minimal(chunk, asks)
			return ct.Eligible(ctx, part)
		},
	}.of(ctx, h.guest, q.Candidates)
}

// minimal returns the candidates with nothing but what is asked for.
func minimal(all []coursetype.Candidate, asks []coursetype.Ask) []coursetype.Candidate {
	sent := make([]coursetype.Candidate, len(all))
	for i, c := range all {
		sent[i] = coursetype.Candidate{Ref: c.Ref, Kind: c.Kind, Active: c.Active}
		for _, a := range asks {
			switch a.Field {
			case coursetype.FieldRank:
				sent[i].Rank = c.Rank
			case coursetype.FieldSince:
				sent[i].Since = c.Since
			case coursetype.FieldHistory:
				sent[i].Past = c.Past
			}
		}
	}
	return sent
}

// Grade returns one outcome per record, in their order.
func (h handle) Grade(ctx context.Context, q coursetype.GradeRequest) ([]coursetype.Outcome, error) {
	rules, err := h.guest.rules(ctx, q.RuleSet)
	if err != nil {
		return nil, err
	}
	return list[coursetype.Record, coursetype.Outcome]{
		weigh:    func(r coursetype.Record) int { return 1 + len(r.Sessions) + len(r.Scores) },
		asked:    func(r coursetype.Record) coursetype.Ref { return r.Ref },
		answered: func(o coursetype.Outcome) coursetype.Ref { return o.Ref },
		check:    rules.VerifyOutcome,
		ask: func(ctx context.Context, ct coursetype.CourseType, chunk []coursetype.Record) ([]coursetype.Outcome, error) {
			part := q
			part.Records = chunk
			return ct.Grade(ctx, part)
		},
	}.of(ctx, h.guest, q.Records)
}

// Certify returns one certificate per graduate, in their order.
func (h handle) Certify(ctx context.Context, q coursetype.CertifyRequest) ([]coursetype.Certificate, error) {
	if _, err := h.guest.rules(ctx, q.RuleSet); err != nil {
		return nil, err
	}
	return list[coursetype.Graduate, coursetype.Certificate]{
		weigh:    func(g coursetype.Graduate) int { return 1 + 10*(len(g.Outcome.Lines)+len(g.Outcome.Hours)) },
		asked:    func(g coursetype.Graduate) coursetype.Ref { return g.Ref },
		answered: func(c coursetype.Certificate) coursetype.Ref { return c.Ref },
		check:    coursetype.VerifyCertificate,
		ask: func(ctx context.Context, ct coursetype.CourseType, chunk []coursetype.Graduate) ([]coursetype.Certificate, error) {
			part := q
			part.Graduates = chunk
			return ct.Certify(ctx, part)
		},
	}.of(ctx, h.guest, q.Graduates)
}

// A list is a question about many Qs with an A for each.
type list[Q, A any] struct {
	weigh    func(Q) int // share of maxWeight
	asked    func(Q) coursetype.Ref
	answered func(A) coursetype.Ref
	check    func(Q, A) error // errors: what is wrong with the answer
	ask      func(context.Context, coursetype.CourseType, []Q) ([]A, error)
}

// of asks g about all qs, chunk by chunk. Errors: see Host.Guest; internal when a
// Ref is empty or asked twice.
func (l list[Q, A]) of(ctx context.Context, g *guest, qs []Q) ([]A, error) {
	refs := make(map[coursetype.Ref]bool, len(qs))
	for _, q := range qs {
		if ref := l.asked(q); ref == "" || refs[ref] {
			return nil, fmt.Errorf("ask %s: ref %q is empty or asked twice", g.entry.Name, ref)
		}
		refs[l.asked(q)] = true
	}
	answers := make([]A, 0, len(qs))
	for len(qs) > 0 {
		chunk := qs[:l.fits(qs)]
		qs = qs[len(chunk):]
		got, err := ask(ctx, g, func(ctx context.Context, ct coursetype.CourseType) ([]A, error) {
			return l.ask(ctx, ct, chunk)
		})
		if err != nil {
			return nil, err
		}
		sorted, err := l.match(chunk, got)
		if err != nil {
			return nil, g.lied(err)
		}
		answers = append(answers, sorted...)
	}
	return answers, nil
}

// fits returns how many of qs go into one chunk: at least one.
func (l list[Q, A]) fits(qs []Q) int {
	weight := 0
	for i, q := range qs[:min(len(qs), coursetype.MaxChunk)] {
		if weight += l.weigh(q); weight > maxWeight && i > 0 {
			return i
		}
	}
	return min(len(qs), coursetype.MaxChunk)
}

// match checks the answers and returns them in the order asked. Errors: a Ref that
// is unknown, answered twice or not at all; an answer that does not hold.
func (l list[Q, A]) match(chunk []Q, got []A) ([]A, error) {
	if len(got) != len(chunk) {
		return nil, fmt.Errorf("%d answers to %d questions", len(got), len(chunk))
	}
	byRef := make(map[coursetype.Ref]A, len(got))
	for _, a := range got {
		byRef[l.answered(a)] = a
	}
	sorted := make([]A, len(chunk))
	for i, q := range chunk {
		a, ok := byRef[l.asked(q)]
		if !ok { // as many answers as questions: then one is unknown or there twice
			return nil, fmt.Errorf("question %d has no answer", i)
		}
		if err := l.check(q, a); err != nil {
			return nil, fmt.Errorf("answer %d: %w", i, err)
		}
		sorted[i] = a
	}
	return sorted, nil
}

// lied is what becomes of an answer that does not hold.
func (g *guest) lied(breach error) error {
	return g.unavailable(breach, "memberi jawaban yang tidak sah sehingga ditolak. Laporkan kepada pengelola platform.")
}
