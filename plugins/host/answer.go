package host

import (
	"context"
	"errors"
	"reflect"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// What is checked of an answer is what the contract promises (package coursetype,
// verify.go). The errors are for the log and name no person: Refs stay out.

// described returns what g says of itself, checked. It asks each time it is told to
// look afresh, and holds the guest to its first answer: within a version it never
// changes. Errors: see Host.Guest.
func (g *guest) described(ctx context.Context, afresh bool) (*coursetype.Description, error) {
	first := g.description.Load()
	if first != nil && !afresh {
		return first, nil
	}
	d, err := ask(ctx, g, func(ctx context.Context, ct coursetype.CourseType) (coursetype.Description, error) {
		return ct.Describe(ctx)
	})
	if err != nil {
		return nil, err
	}
	if d.Key != g.entry.Name || d.Version != g.entry.Version {
		return nil, g.lied(errors.New("describes itself as another course type or version"))
	}
	if err := errors.Join(d.Verify(), g.entry.checkAsks(d)); err != nil {
		return nil, g.lied(err)
	}
	if g.description.CompareAndSwap(nil, &d) {
		return &d, nil
	}
	if first = g.description.Load(); !reflect.DeepEqual(*first, d) {
		return nil, g.lied(errors.New("describes itself otherwise than before"))
	}
	return first, nil
}

// rules returns the rule-set of that key as g described it. Errors: see Host.Guest.
func (g *guest) rules(ctx context.Context, key string) (coursetype.RuleSet, error) {
	d, err := g.described(ctx, false)
	if err != nil {
		return coursetype.RuleSet{}, err
	}
	r, ok := d.RuleSet(key)
	if !ok {
		return r, fault.At("rule_set", "Ketentuan %q tidak ada pada jenis pelatihan %s versi %s. Pilih dari daftar ketentuannya.",
			key, g.entry.Name, g.entry.Version)
	}
	return r, nil
}
