package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/attendance"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/nomination"
	"github.com/wiyata-id/wiyata/tenants/schedule"
)

// published is a batch of Provinsi Jambi with seats for Sarolangun, today, in
// which n of Sarolangun's people are nominated.
func published(t testing.TB, in *installation, number string, seats, n int) (batch.Batch, []nomination.Nomination) {
	t.Helper()
	ctx := context.Background()
	organiser, admin := in.as(t, "organiser"), in.as(t, "sarolangun")
	guest := in.host.List()[0]
	programID, err := in.programs.Open(organiser, "Bimtek "+number, guest.Name, guest.Version, "bimtek-umum")
	check(t, err)
	b, err := in.batches.Publish(organiser, batch.Draft{
		ProgramID: programID, Number: number, Place: "Aula", Starts: today(), Ends: today(),
		Seats: map[tenants.ID]int{in.government(t, "15.03"): seats},
	})
	check(t, err)
	var all []nomination.Nomination
	for i := range n {
		name := fmt.Sprintf("Pegawai %s %d", number, i)
		id, err := in.accounts.Create(authz.AsSystem(ctx, 0), account.Identity{Name: name}, "")
		check(t, err)
		e, err := in.employees.Register(admin, employee.Employee{IdentityID: id, Kind: employee.NonASN, Name: name, Active: true})
		check(t, err)
		nominated, err := in.nominations.Propose(admin, batch.Ref{Host: b.TenantID, ID: b.ID}, e)
		check(t, err)
		all = append(all, nominated)
	}
	return b, all
}

// atOnce runs act for 0 ≤ i < n at the same time and returns their errors.
func atOnce(n int, act func(i int) error) []error {
	errs := make([]error, n)
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			errs[i] = act(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return errs
}

// TestEightApprovalsForOneSeat: whoever comes at the same time, one gets the seat
// and the others hear that the quota is full. A second product on the same
// database shares no queue with the first: there only the database decides.
func TestEightApprovalsForOneSeat(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := install(t, db)
		gates := []*nomination.Service{in.nominations, in.nominations}
		if db.Engine == store.Postgres {
			other, err := store.Open(context.Background(), storetest.Address(t, db), time.Now)
			check(t, err)
			defer other.Close()
			gate, err := openGate(other, in.registry)
			check(t, err)
			gates[1] = nomination.New(gate, in.registry, in.host)
		}
		b, nominated := published(t, in, "I", 1, 8)
		organiser := in.as(t, "organiser")
		seated := 0
		for i, err := range atOnce(len(nominated), func(i int) error {
			_, err := gates[i%2].Approve(organiser, b.ID, nominated[i].ID)
			return err
		}) {
			switch {
			case err == nil:
				seated++
			case !errors.Is(err, fault.Conflict):
				t.Errorf("approval %d = %v, want a conflict", i, err)
			}
		}
		_, all, err := in.nominations.List(organiser, batch.Ref{Host: b.TenantID, ID: b.ID})
		check(t, err)
		held := 0
		for _, n := range all {
			if n.State == nomination.Approved {
				held++
			}
		}
		if seated != 1 || held != 1 {
			t.Errorf("%d approvals succeeded and %d seats are held, want one", seated, held)
		}
	})
}

// TestRetriesAreRare: whoever decides on one batch at the same time queues before the
// database, so next to nothing is run twice. Two nodes share no queue: what the same
// work costs there is printed beside it.
func TestRetriesAreRare(t *testing.T) {
	const people, most = 24, 0.2 // retries per commit
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		organiser := in.as(t, "organiser")
		approve := func(number string, nodes ...*store.DB) (commits, retries int64) {
			b, waiting := published(t, in, number, people, people)
			services := make([]*nomination.Service, len(nodes))
			for i, node := range nodes {
				gate, err := openGate(node, in.registry)
				check(t, err)
				services[i] = nomination.New(gate, in.registry, in.host)
				c, r := node.Tally()
				commits, retries = commits-c, retries-r
			}
			for i, err := range atOnce(people, func(i int) error {
				_, err := services[i%len(nodes)].Approve(organiser, b.ID, waiting[i].ID)
				return err
			}) {
				if err != nil {
					t.Errorf("approval %d = %v", i, err)
				}
			}
			for _, node := range nodes {
				c, r := node.Tally()
				commits, retries = commits+c, retries+r
			}
			return commits, retries
		}
		commits, retries := approve("I", db)
		if commits != people || float64(retries) > most*float64(commits) {
			t.Errorf("%d retries of %d commits, want at most %.1f per commit", retries, commits, most)
		}
		t.Logf("one node: %d retries of %d commits", retries, commits)
		if db.Engine == store.Postgres {
			other, err := store.Open(context.Background(), storetest.Address(t, db), time.Now)
			check(t, err)
			defer other.Close()
			commits, retries := approve("II", db, other)
			t.Logf("two nodes: %d retries of %d commits", retries, commits)
		}
	})
}

// TestMarkRacesSeal: marks that race the closing of their session are stored
// before the seal or refused, never stored after it. The seal covers exactly
// those that are there at the end.
func TestMarkRacesSeal(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := install(t, db)
		organiser := in.as(t, "organiser")
		stored, refused := 0, 0
		for round := range 8 {
			b, nominated := published(t, in, fmt.Sprintf("R%d", round), 6, 6)
			for _, n := range nominated {
				_, err := in.nominations.Approve(organiser, b.ID, n.ID)
				check(t, err)
			}
			from, _ := b.Span()
			session, err := in.schedules.Schedule(organiser, b.ID, schedule.Slot{Title: "Sesi", Starts: from.Add(8 * time.Hour), Ends: from.Add(10 * time.Hour)})
			check(t, err)
			check(t, in.attendance.Begin(organiser, b.ID, session))
			accepted := 0
			for i, err := range atOnce(len(nominated)+1, func(i int) error {
				if i == len(nominated) {
					return in.attendance.Close(organiser, b.ID, session)
				}
				return in.attendance.Mark(organiser, b.ID, session, nominated[i].ID, attendance.Present, store.NewID())
			}) {
				switch {
				case i == len(nominated):
					check(t, err)
				case err == nil:
					accepted++
				case errors.Is(err, fault.Conflict):
					refused++
				default:
					t.Errorf("mark %d = %v", i, err)
				}
			}
			stored += accepted
			// Whatever happens now, the session is sealed: the last mark is refused.
			late := in.attendance.Mark(organiser, b.ID, session, nominated[0].ID, attendance.Absent, store.NewID())
			if !errors.Is(late, fault.Conflict) {
				t.Errorf("a mark after the seal = %v, want a conflict", late)
			}
			roll, err := in.attendance.Roll(organiser, b.ID, session)
			check(t, err)
			if roll.Session.State != schedule.Sealed || len(roll.Marks) != accepted {
				t.Errorf("session %s with %d marks, %d were accepted", roll.Session.State, len(roll.Marks), accepted)
			}
			if got := attendance.Seal(slices.Collect(maps.Values(roll.Marks))); got != roll.Session.Seal {
				t.Errorf("seal %s, the marks give %s", roll.Session.Seal, got)
			}
		}
		t.Logf("%d marks came before the close, %d after", stored, refused)
	})
}

// TestCloseWaitsForMarks holds the window open in which a mark could slip behind the
// seal: a mark that has found its session open is stopped before it is stored, the
// session is closed, and only then the mark goes on. Closing must have waited.
func TestCloseWaitsForMarks(t *testing.T) {
	template.OnPostgres(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		in := install(t, db)
		organiser := in.as(t, "organiser")
		b, nominated := published(t, in, "I", 1, 1)
		_, err := in.nominations.Approve(organiser, b.ID, nominated[0].ID)
		check(t, err)
		from, _ := b.Span()
		session, err := in.schedules.Schedule(organiser, b.ID, schedule.Slot{Title: "Sesi", Starts: from, Ends: from.Add(time.Hour)})
		check(t, err)
		check(t, in.attendance.Begin(organiser, b.ID, session))

		// A trigger stops every mark at an advisory lock that this test holds.
		super := storetest.Superuser(t, db)
		_, err = super.Exec(`CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
			CREATE TRIGGER stop BEFORE INSERT ON mark FOR EACH ROW EXECUTE FUNCTION stop()`)
		check(t, err)
		held, err := super.Conn(ctx)
		check(t, err)
		defer held.Close()
		_, err = held.ExecContext(ctx, "SELECT pg_advisory_lock(1)")
		check(t, err)
		waiting := func(what string) bool {
			var n int
			check(t, super.QueryRow("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = $1", what).Scan(&n))
			return n > 0
		}
		marked, closed := make(chan error, 1), make(chan error, 1)
		go func() {
			marked <- in.attendance.Mark(organiser, b.ID, session, nominated[0].ID, attendance.Present, store.NewID())
		}()
		eventually(t, "the mark to stop", func() bool { return waiting("advisory") })
		go func() { closed <- in.attendance.Close(organiser, b.ID, session) }()
		eventually(t, "the closing to wait or to be through", func() bool { return waiting("transactionid") || len(closed) > 0 })
		_, err = held.ExecContext(ctx, "SELECT pg_advisory_unlock(1)")
		check(t, err)
		check(t, <-marked)
		check(t, <-closed)
		roll, err := in.attendance.Roll(organiser, b.ID, session)
		check(t, err)
		if got := attendance.Seal(slices.Collect(maps.Values(roll.Marks))); len(roll.Marks) != 1 || got != roll.Session.Seal {
			t.Errorf("%d marks, whose seal is %s; the session is sealed with %s", len(roll.Marks), got, roll.Session.Seal)
		}
	})
}

// eventually waits until ok, and gives up after ten seconds.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// TestLimitedGrant: an organiser of batch A alone finds no batch B, wherever it
// looks, and works in A.
func TestLimitedGrant(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := install(t, db)
		a, inA := published(t, in, "A", 1, 1)
		b, inB := published(t, in, "B", 1, 1)
		jambi := in.government(t, "15")
		limited := authz.As(context.Background(), authz.Actor{
			Identity: in.ids["tubanhost"], Tenant: jambi, Grants: []authz.Grant{{Role: authz.Organiser, Limit: string(a.ID)}},
		})
		for _, tc := range []struct {
			name string
			act  func(batch.Batch, nomination.Nomination) error
		}{
			{"open", func(b batch.Batch, _ nomination.Nomination) error {
				_, err := in.batches.Open(limited, b.ID)
				return err
			}},
			{"nominations", func(b batch.Batch, _ nomination.Nomination) error {
				_, _, err := in.nominations.List(limited, batch.Ref{Host: jambi, ID: b.ID})
				return err
			}},
			{"participant", func(b batch.Batch, n nomination.Nomination) error {
				_, err := in.nominations.Open(limited, batch.Ref{Host: jambi, ID: b.ID}, n.ID)
				return err
			}},
			{"approve", func(b batch.Batch, n nomination.Nomination) error {
				_, err := in.nominations.Approve(limited, b.ID, n.ID)
				return err
			}},
			{"sessions", func(b batch.Batch, _ nomination.Nomination) error {
				_, _, err := in.schedules.List(limited, batch.Ref{Host: jambi, ID: b.ID})
				return err
			}},
			{"schedule", func(b batch.Batch, _ nomination.Nomination) error {
				from, _ := b.Span()
				_, err := in.schedules.Schedule(limited, b.ID, schedule.Slot{Title: "Sesi", Starts: from, Ends: from.Add(time.Hour)})
				return err
			}},
			{"outcomes", func(b batch.Batch, _ nomination.Nomination) error {
				_, _, err := in.grading.List(limited, batch.Ref{Host: jambi, ID: b.ID})
				return err
			}},
			{"certificates", func(b batch.Batch, _ nomination.Nomination) error {
				_, _, err := in.certificates.List(limited, batch.Ref{Host: jambi, ID: b.ID})
				return err
			}},
		} {
			if err := tc.act(a, inA[0]); err != nil {
				t.Errorf("%s in batch A = %v", tc.name, err)
			}
			if err := tc.act(b, inB[0]); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s in batch B = %v, want not found", tc.name, err)
			}
		}
		list, err := in.batches.List(limited)
		check(t, err)
		if len(list) != 1 || list[0].ID != a.ID {
			t.Errorf("the list shows %d batches, want A alone", len(list))
		}
		if _, err := in.batches.Publish(limited, batch.Draft{
			ProgramID: a.ProgramID, Number: "C", Place: "Aula", Starts: today(), Ends: today(), Seats: map[tenants.ID]int{in.government(t, "15.03"): 1},
		}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("publishing with a limited grant = %v, want forbidden", err)
		}
	})
}

// TestExplanationsAddUp: with one of two sessions missed, the stored total follows
// from the stored lines alone, and differs from that of who came to both.
func TestExplanationsAddUp(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := install(t, db)
		organiser := in.as(t, "organiser")
		b, nominated := published(t, in, "I", 2, 2)
		for _, n := range nominated {
			_, err := in.nominations.Approve(organiser, b.ID, n.ID)
			check(t, err)
		}
		from, _ := b.Span()
		for i, present := range [][]attendance.Presence{{attendance.Present, attendance.Present}, {attendance.Present, attendance.Absent}} {
			starts := from.Add(time.Duration(8+4*i) * time.Hour)
			session, err := in.schedules.Schedule(organiser, b.ID, schedule.Slot{Title: fmt.Sprintf("Sesi %d", i+1), Starts: starts, Ends: starts.Add(135 * time.Minute)})
			check(t, err)
			check(t, in.attendance.Begin(organiser, b.ID, session))
			for j, p := range present {
				check(t, in.attendance.Mark(organiser, b.ID, session, nominated[j].ID, p, store.NewID()))
			}
			check(t, in.attendance.Close(organiser, b.ID, session))
		}
		check(t, in.grading.Grade(organiser, b.ID))
		_, results, err := in.grading.List(organiser, batch.Ref{Host: b.TenantID, ID: b.ID})
		check(t, err)
		want := []struct {
			total coursetype.Hundredths
			state coursetype.State
			jp    int
		}{{10000, coursetype.Passed, 6}, {5000, coursetype.Failed, 0}}
		if len(results) != len(want) {
			t.Fatalf("%d results, want %d", len(results), len(want))
		}
		for i, r := range results {
			o := r.Outcome
			if o.Total != want[i].total || o.State != want[i].state || o.JP != want[i].jp {
				t.Errorf("outcome %d = %s %s %d JP, want %+v", i, o.State, o.Total, o.JP, want[i])
			}
			if got := coursetype.Total(o.Lines); got != o.Total || len(o.Lines) == 0 {
				t.Errorf("lines give %s, the total says %s", got, o.Total)
			}
		}
	})
}
