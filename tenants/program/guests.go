package program

import (
	"context"
	"slices"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/host"
)

// Guests is what the operator of the platform can do with the installed course types. How
// they run it tells of this node alone; which of them may, holds for all nodes.
type Guests struct {
	catalogue *host.Catalogue
	host      *host.Host
}

// NewGuests returns the service of what catalogue has and host runs.
func NewGuests(catalogue *host.Catalogue, host *host.Host) *Guests { return &Guests{catalogue, host} }

// A Guest is an installed version of a course type, as its operator may look into it.
type Guest struct {
	host.Status
	Signer      host.Key                // with which its manifest was signed; zero when the catalogue has lost it
	Description *coursetype.Description // nil when it does not answer
	Silent      string                  // why it does not; "" of one that is disabled, which is not asked
	Log         []host.Line             // what it wrote to stderr, the oldest first
	Dropped     int                     // lines that were too many to keep
}

// List returns all installed versions by name, the highest first.
func (s *Guests) List(ctx context.Context) (all []host.Status, err error) {
	defer fault.Wrap(&err, "list guests as they run")
	if _, err := s.catalogue.List(ctx); err != nil { // whether the asker may
		return nil, err
	}
	return s.host.List(), nil
}

// Find returns one version. It asks the guest what it offers, which starts it when it is
// enabled and does not run. Errors: fault.NotFound.
func (s *Guests) Find(ctx context.Context, name, version string) (g Guest, err error) {
	defer fault.Wrap(&err, "look into guest %s@%s", name, version)
	keys, err := s.catalogue.Keys(ctx)
	if err != nil {
		return g, err
	}
	found := func() bool {
		all := s.host.List()
		i := slices.IndexFunc(all, func(x host.Status) bool { return x.Name == name && x.Version == version })
		if i >= 0 {
			g.Status = all[i]
		}
		return i >= 0
	}
	if !found() {
		return g, fault.Missing()
	}
	if g.State != host.Disabled {
		d, err := describe(ctx, s.host, name, version)
		switch f := fault.Of(err); {
		case err == nil:
			g.Description = &d
		case f != nil && f.Kind == fault.Unavailable:
			g.Silent = f.Text
		default:
			return g, err
		}
		found() // the answer has changed how it stands
	}
	if at := slices.IndexFunc(keys, func(k host.Key) bool { return k.Key == g.Key }); at >= 0 {
		g.Signer = keys[at]
	}
	g.Log, g.Dropped, err = s.host.Log(name, version)
	return g, err
}

// Switch lets a version run, or stops it, on all nodes, and has this node follow at once.
// Errors: fault.Invalid without a reason; fault.NotFound.
func (s *Guests) Switch(ctx context.Context, name, version string, on bool, reason string) (err error) {
	defer fault.Wrap(&err, "switch guest %s@%s", name, version)
	act := s.catalogue.Disable
	if on {
		act = s.catalogue.Enable
	}
	if err := act(ctx, name, version, reason); err != nil {
		return err
	}
	return s.host.Refresh(ctx, s.catalogue)
}
