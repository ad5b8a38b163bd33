package employee_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/migrations"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

var template = storetest.Template{Guard: storetest.NewGuard(migrations.Tables), Prepare: func(ctx context.Context, db *store.DB) error {
	if err := migrations.Up(ctx, db.SQL(), db.Engine); err != nil {
		return err
	}
	return tenants.Seed(authz.AsSystem(ctx, 0), gateTo(db))
}}

func TestMain(m *testing.M) {
	code := m.Run()
	template.Remove()
	os.Exit(code)
}

func gateTo(db *store.DB) *authz.Gate {
	policy, err := authz.LoadPolicy()
	if err != nil {
		panic(err)
	}
	return authz.New(db, policy, authz.Relations{})
}

// Governments of the tests.
const (
	tuban tenants.ID = 100 + iota
	jambi
)

// An office is the register, and who works with it.
type office struct {
	*employee.Service
	db       *store.DB
	accounts *account.Service
	rina     account.ID
}

func open(t testing.TB, db *store.DB) office {
	t.Helper()
	gate := gateTo(db)
	accounts := account.New(gate, &tenants.Registry{}, account.Config{Ties: account.Ties{Places: employee.Places}})
	o := office{db: db, accounts: accounts, Service: employee.New(gate, [32]byte{7}, employee.Identities{Ensure: accounts.Ensure, Renumber: accounts.Renumber, Names: accounts.Names})}
	var err error
	o.rina, err = accounts.Create(authz.AsSystem(t.Context(), 0), account.Identity{Name: "Rina Marlina"}, "")
	check(t, err)
	return o
}

// in acts in a government, as rina, with a grant that limit narrows; "" = not.
func (o office) in(t *testing.T, g tenants.ID, limit string) context.Context {
	return authz.As(t.Context(), authz.Actor{Identity: o.rina, Tenant: g, Grants: []authz.Grant{{Role: authz.TenantAdmin, Limit: limit}}})
}

func (o office) register(t *testing.T, ctx context.Context, e employee.Employee) employee.ID {
	t.Helper()
	id, err := o.Register(ctx, e)
	check(t, err)
	return id
}

// count asks past the doors' permissions, in a tenant.
func (o office) count(t *testing.T, g tenants.ID, from string) (n int) {
	t.Helper()
	check(t, o.db.View(t.Context(), store.Reach{Door: store.DoorRead, Tenant: g}, func(tx *store.Tx) error {
		return tx.NewRaw("SELECT count(*) FROM "+from+" AND tenant_id = ?", g).Scan(t.Context(), &n)
	}))
	return n
}

const (
	nipAni  = "199003152015032901"
	nipBudi = "198805202014031902"
)

func person(name, nip string) employee.Employee {
	return employee.Employee{Kind: employee.PNS, NIP: nip, BareName: name, Position: "Analis", Unit: "BKPSDM", Active: true}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t testing.TB, err error, want error, texts ...string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("%v, want %v", err, want)
	}
	for _, text := range texts {
		if !strings.Contains(fault.Of(err).Text, text) {
			t.Errorf("%q does not say %q", fault.Of(err).Text, text)
		}
	}
}

// TestRegister: a NIP that is known brings its identity, which is not changed; who is in
// service anywhere is refused, and the refusal names no place and leaves nothing behind.
func TestRegister(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		here, there := o.in(t, tuban, ""), o.in(t, jambi, "")
		id := o.register(t, here, person("Ani", "19900315 201503 2 901"))
		p, err := o.Open(here, id)
		check(t, err)
		if p.Employee.NIP != nipAni || p.Employee.Version != 1 || len(p.Changes) != 1 || p.Changes[0].By != "Rina Marlina" || p.Changes[0].Act != employee.Registered {
			t.Errorf("registered: %+v", p)
		}
		_, err = o.Register(here, person("Ani", nipAni))
		refused(t, err, fault.Conflict, "sudah terdaftar di instansi Anda")
		_, err = o.Register(there, person("Orang Lain", nipAni))
		refused(t, err, fault.Conflict, "Ajukan mutasi")
		if text := fault.Of(err).Text; strings.ContainsAny(text, "0123456789") || strings.Contains(text, "Tuban") {
			t.Errorf("the refusal tells where: %s", text)
		}
		if n := o.count(t, jambi, "employee WHERE TRUE"); n != 0 {
			t.Errorf("%d rows are left behind", n)
		}
		_, err = o.Deactivate(here, id, 1, "Pindah")
		check(t, err)
		again := o.register(t, there, person("Nama Lain", nipAni))
		moved, err := o.Open(there, again)
		check(t, err)
		if moved.Employee.IdentityID != p.Employee.IdentityID {
			t.Error("one NIP has two identities")
		}
		names, err := o.accounts.Names(t.Context(), []account.ID{p.Employee.IdentityID})
		check(t, err)
		if names[p.Employee.IdentityID] != "Ani" {
			t.Errorf("the identity is called %q", names[p.Employee.IdentityID])
		}
		_, err = o.Reactivate(here, id, 2, "Kembali")
		refused(t, err, fault.Conflict, "Ajukan mutasi")
		_, err = o.Register(here, person("Ani", nipAni))
		refused(t, err, fault.Conflict, "sedang nonaktif")
		_, err = o.Open(there, id)
		refused(t, err, fault.NotFound)
	})
}

// TestRegisterTwice: of governments that register one person at the same moment, in
// processes of their own, one has them.
func TestRegisterTwice(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		offices := []office{o, o}
		if db.Engine == store.Postgres { // a second process: it knows nothing of the first one's keys
			second, err := store.Open(t.Context(), storetest.Address(t, db), time.Now)
			check(t, err)
			t.Cleanup(func() { second.Close() })
			offices[1] = open(t, second)
		}
		const rounds = 8
		for round := range rounds {
			nip := "19900315201503" + "2" + string(rune('1'+round)) + "01"
			done := make(chan error, len(offices))
			for i, at := range offices {
				ctx := at.in(t, tuban+tenants.ID(i), "")
				go func() {
					_, err := at.Register(ctx, person("Ani", nip))
					done <- err
				}()
			}
			won := 0
			for range offices {
				err := <-done
				switch {
				case err == nil:
					won++
				case !errors.Is(err, fault.Conflict):
					t.Errorf("round %d: %v", round, err)
				}
			}
			if won != 1 {
				t.Errorf("round %d: %d governments have the person in service", round, won)
			}
		}
	})
}

// TestChange: every change is told, by whom and why; who saves over another's is told whose.
func TestChange(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		ctx := o.in(t, tuban, "")
		id := o.register(t, ctx, person("Ani", nipAni))
		typed := person("Ani Lestari", nipAni)
		typed.Position, typed.Signs, typed.NIK, typed.BirthDay = "Kepala", true, "1503011503900001", civil.Date{Year: 1990, Month: 3, Day: 16}
		now, err := o.Change(ctx, id, 1, typed, "SK 800/1")
		check(t, err)
		if now.Version != 2 || now.NIK != "" || now.NIKSealed == "" || strings.Contains(now.NIKSealed, typed.NIK) {
			t.Errorf("changed: %+v", now)
		}
		p, err := o.Open(ctx, id)
		check(t, err)
		if p.NIK != "•••• •••• •••• 0001" || len(p.Warnings) != 1 {
			t.Errorf("NIK %q, warnings %v", p.NIK, p.Warnings)
		}
		var told []string
		for _, c := range p.Changes {
			told = append(told, c.By+" "+string(c.Act)+" "+c.Field+": "+c.Old+" > "+c.New+" ("+c.Reason+")")
		}
		if diff := cmp.Diff([]string{
			"Rina Marlina changed name: Ani > Ani Lestari (SK 800/1)",
			"Rina Marlina changed birth_day:  > 1990-03-16 (SK 800/1)",
			"Rina Marlina changed position: Analis > Kepala (SK 800/1)",
			"Rina Marlina changed signs:  > yes (SK 800/1)",
			"Rina Marlina changed nik:  >  (SK 800/1)",
			"Rina Marlina registered :  >  ()",
		}, told); diff != "" {
			t.Errorf("history (-want +got):\n%s", diff)
		}
		_, err = o.Change(ctx, id, 1, typed, "")
		refused(t, err, fault.Conflict, "oleh Rina Marlina pada ", "WIB")
		typed.NIK = ""
		if now, err = o.Change(ctx, id, 2, typed, ""); err != nil || now.Version != 2 || now.NIKSealed == "" {
			t.Errorf("saved as it was: version %d, %v", now.Version, err)
		}
		typed.Signs = false
		if now, err = o.Change(ctx, id, 2, typed, ""); err != nil || now.NIKSealed != "" || now.NIKIndex != "" {
			t.Errorf("the NIK of who signs no more stays: %v", err)
		}
		other := o.register(t, ctx, person("Budi", nipBudi))
		_, err = o.Change(ctx, other, 1, person("Budi", nipAni), "")
		refused(t, err, fault.Conflict, "NIP ini sudah terdaftar")
		if found, err := o.Search(ctx, employee.Filter{Query: "lesta"}, store.Cursor{}); err != nil || len(found.Rows) != 1 {
			t.Errorf("found by the new name: %v, %v", found.Rows, err)
		}
		// A new number is taken at once; the old one, that was wrong, is anybody's.
		_, err = o.Change(ctx, id, now.Version, person("Ani", "199003152015032903"), "NIP diperbaiki")
		check(t, err)
		o.register(t, o.in(t, jambi, ""), person("Ayu", nipAni))
		_, err = o.Register(o.in(t, jambi, ""), person("Ani", "199003152015032903"))
		refused(t, err, fault.Conflict, "Ajukan mutasi")
	})
}

// TestNIKOnce: the same NIK is not kept of two, though nobody can read it.
func TestNIKOnce(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		ctx := o.in(t, tuban, "")
		guest := employee.Employee{Kind: employee.NonASN, BareName: "Ayu", NIK: "1503011503900001", Active: true}
		id := o.register(t, ctx, guest)
		_, err := o.Register(ctx, guest)
		refused(t, err, fault.Conflict, "NIK ini sudah tercatat")
		o.register(t, o.in(t, jambi, ""), guest) // another government knows nothing of it
		e, err := o.Deactivate(ctx, id, 1, "Selesai magang")
		check(t, err)
		_, err = o.Deactivate(ctx, id, e.Version, "Selesai magang")
		refused(t, err, fault.Conflict)
		_, err = o.Reactivate(ctx, id, e.Version, " ")
		refused(t, err, fault.Invalid, "Alasan")
		if _, err = o.Reactivate(ctx, id, e.Version, "Magang lagi"); err != nil {
			t.Error(err)
		}
	})
}

// TestHeadcount: after every act the counts come to what the rows come to.
func TestHeadcount(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		ctx := o.in(t, tuban, "")
		come := func(act string, want stat.Heads) {
			t.Helper()
			var rows, counts stat.Heads
			check(t, db.View(ctx, store.Reach{Door: store.DoorRead, Tenant: tuban}, func(tx *store.Tx) (err error) {
				rows, err = employee.Census(ctx, tx)
				return err
			}))
			check(t, db.View(ctx, store.Reach{Door: store.DoorOversee, Tree: []store.TenantID{tuban}}, func(tx *store.Tx) error {
				all, err := stat.Headcounts(ctx, tx, civil.Date{Year: 2099, Month: 1, Day: 1})
				counts = all[tuban]
				return err
			}))
			maps.DeleteFunc(counts, func(_ stat.Group, n int) bool { return n == 0 })
			for what, got := range map[string]stat.Heads{"rows": rows, "counts": counts} {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: %s (-want +got):\n%s", act, what, diff)
				}
			}
		}
		women, men, candidates := stat.Group{Employment: "PNS", Sex: stat.Female}, stat.Group{Employment: "PNS", Sex: stat.Male}, stat.Group{Employment: "CPNS", Sex: stat.Male}
		e := person("Ani", nipAni)
		id := o.register(t, ctx, e)
		o.register(t, ctx, person("Budi", nipBudi))
		come("registered", stat.Heads{women: 1, men: 1})
		for version, step := range []struct {
			name string
			do   func(version int) (employee.Employee, error)
			want stat.Heads
		}{
			{"another position", func(version int) (employee.Employee, error) {
				e.Position = "Kepala"
				return o.Change(ctx, id, version, e, "")
			}, stat.Heads{women: 1, men: 1}},
			{"another group", func(version int) (employee.Employee, error) {
				e.Sex, e.Kind = employee.Male, employee.CPNS
				return o.Change(ctx, id, version, e, "")
			}, stat.Heads{candidates: 1, men: 1}},
			{"gone", func(version int) (employee.Employee, error) { return o.Deactivate(ctx, id, version, "Pindah") }, stat.Heads{men: 1}},
			{"changed while away", func(version int) (employee.Employee, error) {
				e.Kind = employee.PNS
				return o.Change(ctx, id, version, e, "")
			}, stat.Heads{men: 1}},
			{"back", func(version int) (employee.Employee, error) { return o.Reactivate(ctx, id, version, "Kembali") }, stat.Heads{men: 2}},
		} {
			_, err := step.do(version + 1)
			check(t, err)
			come(step.name, step.want)
		}
	})
}
