package employee_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// TestTransferGoneElsewhere: a decree that names the wrong government moves nobody, and
// whoever has been registered between the two steps stays where they are.
func TestTransferGoneElsewhere(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		b := openBureau(t, db)
		raw := b.raw(t)
		old, fresh, third := b.government(t, "15.71"), b.government(t, "15.03"), b.government(t, "35.23")
		id := b.register(t, b.answers(old), person("Ani Lestari", nipAni))
		agreed := func() employee.TransferID {
			asked, err := b.Ask(b.asks(fresh), request(old, nipAni))
			check(t, err)
			_, err = b.Decide(b.answers(old), asked.ID, employee.Answer{Kind: employee.Agree})
			check(t, err)
			return asked.ID
		}
		note := func(id employee.TransferID, want string) {
			t.Helper()
			v, err := b.Open(b.asks(fresh), id)
			check(t, err)
			if v.State != employee.TransferVoid || !strings.Contains(v.Note, want) {
				t.Errorf("%s: %+v", want, v.Transfer)
			}
		}
		retired := agreed()
		_, err := b.Deactivate(b.answers(old), id, 1, "Pensiun")
		check(t, err)
		if errs := b.run(t, employee.EffectLeave); len(errs) > 0 {
			t.Fatal(errs)
		}
		note(retired, "tidak tercatat aktif")
		_, err = b.Reactivate(b.answers(old), id, 2, "Keliru")
		check(t, err)

		overtaken := agreed()
		if errs := b.run(t, employee.EffectLeave); len(errs) > 0 {
			t.Fatal(errs)
		}
		b.register(t, b.asks(third), person("Ani Lestari", nipAni))
		if errs := b.run(t, employee.EffectArrive); len(errs) > 0 {
			t.Fatal(errs)
		}
		note(overtaken, "aktif di instansi lain")
		if n := b.active(t, raw, nipAni); n != 1 {
			t.Errorf("in service in %d governments", n)
		}
	})
}

// TestTransferProperty: whatever two governments and the one that has the person do, in
// whatever order, with effects delivered once, twice or late, the person is in service in
// one government at most, and in exactly one when all effects are done; the headcounts of all
// governments add up to the people there are.
func TestTransferProperty(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		b := openBureau(t, db)
		raw := b.raw(t)
		places := []tenants.ID{b.government(t, "15.71"), b.government(t, "15.03"), b.government(t, "15.01")}
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			round++
			nip := fmt.Sprintf("199003152015%02d2%03d", 1+round/900%12, 1+round%900)
			b.register(t, b.answers(places[0]), person("Ani", nip))
			var ids []employee.TransferID
			var delivered []jobs.Row
			steps := rapid.SliceOfN(rapid.IntRange(0, 999), 1, 14).Draw(rt, "steps")
			for _, step := range steps {
				at, kind := places[step%3], step/3%7
				var id employee.TransferID
				if len(ids) > 0 {
					id = ids[step/21%len(ids)]
				}
				var err error
				switch kind {
				case 0, 1:
					var asked employee.Transfer
					if asked, err = b.Ask(b.asks(at), request(places[step/3%2], nip)); err == nil {
						ids = append(ids, asked.ID)
					}
				case 2:
					_, err = b.Decide(b.answers(at), id, employee.Answer{Kind: employee.Agree})
				case 3:
					_, err = b.Decide(b.answers(at), id, employee.Answer{Kind: employee.Hold, Reason: "Ditahan", Until: later(2)})
				case 4:
					_, err = b.Withdraw(b.asks(at), id)
				case 5:
					rows := b.waiting(t, []string{employee.EffectLeave, employee.EffectArrive}[step/21%2])
					if len(rows) > 0 {
						delivered = append(delivered, rows[0])
						err = b.Handlers()[rows[0].Kind](authz.AsSystem(context.Background(), rows[0].PartyID), rows[0])
					}
				case 6:
					if len(delivered) > 0 { // again
						row := delivered[step/21%len(delivered)]
						err = b.Handlers()[row.Kind](authz.AsSystem(context.Background(), row.PartyID), row)
					}
				}
				if err != nil && fault.Of(err) == nil {
					rt.Fatalf("step %d: %v", step, err)
				}
				if n := b.active(t, raw, nip); n > 1 {
					rt.Fatalf("in service in %d governments after %v", n, steps)
				}
			}
			for _, kind := range []string{employee.EffectLeave, employee.EffectArrive} {
				if errs := b.run(t, kind); len(errs) > 0 {
					rt.Fatal(errs)
				}
			}
			var humans int
			check(t, raw.QueryRow(fmt.Sprintf("SELECT count(DISTINCT identity_id) FROM employee WHERE nip = '%s'", nip)).Scan(&humans))
			if n := b.active(t, raw, nip); n != 1 || humans != 1 {
				rt.Fatalf("in service in %d governments, as %d humans, after %v", n, humans, steps)
			}
			var heads, serving int
			check(t, raw.QueryRow("SELECT coalesce(sum(n), 0), (SELECT count(*) FROM employee WHERE active) FROM stat_delta WHERE kind = 'headcount'").Scan(&heads, &serving))
			if heads != serving || serving != round {
				rt.Fatalf("%d heads are counted of %d people, and %d are in service, after %v", heads, round, serving, steps)
			}
		})
	})
}
