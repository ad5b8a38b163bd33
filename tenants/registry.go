package tenants

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// A Registry is the table of governments in memory: as it stands today, and, for the
// tree of other days, with all its eras. Its content is replaced whole (Reload, Keep):
// whoever holds the Registry asks the new one from then on. Each answer is of one state.
type Registry struct{ now *present }

// A present is what a Registry and its copies answer from.
type present struct {
	tree  atomic.Pointer[tree]
	clock atomic.Pointer[func() time.Time] // nil: today is the day of the tree
}

// A tree is one state of the registry, seen from one day. It does not change.
type tree struct {
	today   civil.Date
	version int // number of the last change that is in it
	eras    []Government
	byID    map[ID]Government
	bySlug  map[string]Government // the era that has the slug today, or else had it last
	order   []ID                  // by code
}

// newTree looks at eras from today. They come in the order of codes, and leave so.
func newTree(today civil.Date, version int, eras []Government) *tree {
	t := &tree{today: today, version: version, eras: eras, byID: map[ID]Government{}, bySlug: map[string]Government{}}
	for _, g := range eras {
		if g.on(today) {
			t.byID[g.ID], t.bySlug[g.Slug] = g, g
			t.order = append(t.order, g.ID)
		}
	}
	for _, g := range eras {
		if held, ok := t.bySlug[g.Slug]; !g.To.IsZero() && g.To.String() <= today.String() && (!ok || !held.on(today) && held.To.String() < g.To.String()) {
			t.bySlug[g.Slug] = g
		}
	}
	return t
}

// Load reads the registry as it stands on today; Follow lets it go with the days.
func Load(ctx context.Context, gate *authz.Gate, today civil.Date) (r *Registry, err error) {
	r = NewRegistry(today, nil)
	return r, r.Reload(ctx, gate)
}

// NewRegistry returns the registry of the given eras, in their order, as it stands
// on today.
func NewRegistry(today civil.Date, eras []Government) *Registry {
	r := &Registry{now: &present{}}
	r.now.tree.Store(newTree(today, 0, eras))
	return r
}

// Follow has r answer as of the day, in WIB, on which it is asked.
func (r *Registry) Follow(clock func() time.Time) { r.now.clock.Store(&clock) }

// at is the present state; a Registry that was never loaded is empty.
func (r *Registry) at() *tree {
	if r.now == nil {
		return &tree{}
	}
	t := r.now.tree.Load()
	clock := r.now.clock.Load()
	if clock == nil {
		return t
	}
	today := civil.DateOf((*clock)(), civil.WIB)
	if today == t.today {
		return t
	}
	next := newTree(today, t.version, t.eras)
	r.now.tree.CompareAndSwap(t, next) // whoever reloaded meanwhile turns the day at the next question
	return next
}

// Reload reads the registry again, whole.
func (r *Registry) Reload(ctx context.Context, gate *authz.Gate) (err error) {
	defer fault.Wrap(&err, "load governments")
	var all []Government
	var seq int
	err = gate.Platform(authz.AsSystem(ctx, 0), authz.TenantLoad, "", func(tx *store.Tx) (err error) {
		if seq, err = version(ctx, tx); err != nil {
			return err
		}
		all, err = listEras(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for {
		held := r.now.tree.Load()
		if seq < held.version {
			return nil // a later state has come in the meantime
		}
		if r.now.tree.CompareAndSwap(held, newTree(held.today, seq, all)) {
			return nil
		}
	}
}

// Keep follows the changes that other processes make until ctx ends: each pause it
// asks for the last one, and reads the registry again when it is new.
func (r *Registry) Keep(ctx context.Context, gate *authz.Gate, pause time.Duration, log *slog.Logger) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := r.refresh(ctx, gate); err != nil && ctx.Err() == nil {
			log.Error("governments not read again", "error", err)
		}
	}
}

// refresh reloads r when there is a change that it does not have.
func (r *Registry) refresh(ctx context.Context, gate *authz.Gate) error {
	var seq int
	err := gate.Platform(authz.AsSystem(ctx, 0), authz.TenantLoad, "", func(tx *store.Tx) (err error) {
		seq, err = version(ctx, tx)
		return err
	})
	if err != nil || seq == r.now.tree.Load().version {
		return err
	}
	return r.Reload(ctx, gate)
}

// Find returns the government id; the zero Government when there is none.
func (r *Registry) Find(id ID) Government { return r.at().byID[id] }

// ever is Find, also for a government that is none yet.
func (r *Registry) ever(id ID) Government {
	t := r.at()
	if g, ok := t.byID[id]; ok {
		return g
	}
	if i := slices.IndexFunc(t.eras, func(g Government) bool { return g.ID == id }); i >= 0 {
		return t.eras[i]
	}
	return Government{}
}

// BySlug returns the government with that slug, or which had it last: its own Slug may
// be another one. A slug that was given on is its present holder's.
// Errors: fault.NotFound.
func (r *Registry) BySlug(slug string) (Government, error) {
	t := r.at()
	if era, ok := t.bySlug[slug]; ok {
		if g, ok := t.byID[era.ID]; ok {
			return g, nil
		}
	}
	return Government{}, fault.Missing()
}

// ByCode returns the government with that code, such as "15.03", or which had it last.
// Errors: fault.NotFound.
func (r *Registry) ByCode(code string) (Government, error) {
	if era := r.at().bySlug[slugOf(code)]; !strings.EqualFold(era.Code, code) {
		return Government{}, fault.Missing()
	}
	return r.BySlug(slugOf(code))
}

// All lists every tenant in the order of codes.
func (r *Registry) All() []Government {
	t := r.at()
	all := make([]Government, len(t.order))
	for i, id := range t.order {
		all[i] = t.byID[id]
	}
	return all
}

// Governments lists the regional governments, without the national bodies.
func (r *Registry) Governments() []Government {
	return slices.DeleteFunc(r.All(), func(g Government) bool { return g.Kind == National })
}

// Below lists who stood under id on asOf, the zero date for today: a province's
// regencies and cities with itself; nation is true for a national body, which stands
// above all. A report of last year is of last year's tree.
func (r *Registry) Below(id ID, asOf civil.Date) (tree []ID, nation bool) {
	t := r.at()
	if asOf.IsZero() {
		asOf = t.today
	}
	for _, g := range t.eras {
		switch {
		case !g.on(asOf):
		case g.ID == id && g.Kind == National:
			return nil, true
		case g.ID == id || g.Parent == id:
			tree = append(tree, g.ID)
		}
	}
	if !slices.Contains(tree, id) {
		return nil, false // there was no such government then
	}
	return tree, false
}

// On lists every tenant as it stood on day, in the order of its codes of that day.
func (r *Registry) On(day civil.Date) (all []Government) {
	for _, g := range r.at().eras {
		if g.on(day) {
			all = append(all, g)
		}
	}
	return all
}

// Today is the day as of which r stands.
func (r *Registry) Today() civil.Date { return r.at().today }

// Closed says why nobody acts in the tenant now; nil when it is not suspended.
// Errors: fault.Forbidden.
func (r *Registry) Closed(id ID) error {
	g := r.Find(id)
	if g.Suspended.Ground == "" {
		return nil
	}
	return fault.New(fault.Forbidden, "%s sedang dinonaktifkan %s. Hubungi operator platform untuk mengaktifkannya kembali; data tetap tersimpan.", g.Name, g.Suspended.Ground.Words())
}
