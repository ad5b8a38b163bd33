package employee_test

import (
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// TestRenumber: whoever signs in by a NIP that was wrong does so by the right one after its
// correction, and nobody by another's; what is refused changes neither.
func TestRenumber(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		const right, others = "199003152015032903", "198805202014032904"
		o := open(t, db)
		here, there, system := o.in(t, tuban, ""), o.in(t, jambi, ""), authz.AsSystem(t.Context(), 0)
		signsIn := func(nip string) account.ID {
			t.Helper()
			id, err := o.accounts.Known(system, nip)
			if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
				return ""
			}
			check(t, err)
			return id
		}
		id := o.register(t, here, person("Ani", nipAni))
		ani := signsIn(nipAni)
		now, err := o.Change(here, id, 1, person("Ani", right), "NIP diperbaiki")
		check(t, err)
		if now.NIP != right || signsIn(right) != ani || signsIn(nipAni) != "" {
			t.Errorf("after the correction %s signs in by %q and %q", ani, signsIn(right), signsIn(nipAni))
		}
		o.register(t, there, person("Budi", others))
		_, err = o.Change(here, id, 2, person("Ani", others), "")
		refused(t, err, fault.Invalid, "operator platform")
		if signsIn(right) != ani || signsIn(others) == ani {
			t.Error("a refused correction has changed who signs in")
		}
		_, err = o.Change(here, id, 1, person("Ani", nipAni), "") // somebody else was first
		refused(t, err, fault.Conflict)
		if signsIn(right) != ani {
			t.Error("a correction of an old version has changed who signs in")
		}
		check(t, o.accounts.Give(authz.AsSystem(t.Context(), jambi), ani, authz.Organiser, ""))
		_, err = o.Change(here, id, 2, person("Ani", nipAni), "")
		refused(t, err, fault.Invalid, "instansi lain")
		p, err := o.Open(here, id)
		if err != nil || p.Employee.NIP != right || signsIn(right) != ani {
			t.Errorf("of whoever works elsewhere too: %+v, %v", p.Employee, err)
		}
	})
}
