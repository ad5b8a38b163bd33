package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants/attendance"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/nomination"
	"github.com/wiyata-id/wiyata/tenants/schedule"
)

// held is a batch of n seats whose nominees are seated and have attended a sealed session.
func held(t *testing.T, in *installation, number string, seats, n int) (batch.Batch, []nomination.Nomination) {
	t.Helper()
	organiser := in.as(t, "organiser")
	b, nominated := published(t, in, number, seats, n)
	for _, p := range nominated {
		_, err := in.nominations.Approve(organiser, b.ID, p.ID)
		check(t, err)
	}
	session(t, in, b, nominated)
	return b, nominated
}

// session adds a session of one hour to b, which all attend, and seals it.
func session(t *testing.T, in *installation, b batch.Batch, present []nomination.Nomination) {
	t.Helper()
	organiser := in.as(t, "organiser")
	from, _ := b.Span()
	id, err := in.schedules.Schedule(organiser, b.ID, schedule.Slot{Title: "Sesi", Starts: from, Ends: from.Add(time.Hour)})
	check(t, err)
	check(t, in.attendance.Begin(organiser, b.ID, id))
	for _, p := range present {
		check(t, in.attendance.Mark(organiser, b.ID, id, p.ID, attendance.Present, store.NewID()))
	}
	check(t, in.attendance.Close(organiser, b.ID, id))
}

// TestCreditAgain: effects of the same kind for the same tenant are carried out
// again and again, not only the first time.
func TestCreditAgain(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := install(t, db)
		organiser, head := in.as(t, "organiser"), in.as(t, "head")
		for round := 1; round <= 3; round++ {
			b, people := held(t, in, fmt.Sprint("Angkatan ", round), 1, 1)
			check(t, in.grading.Grade(organiser, b.ID))
			check(t, in.grading.Recommend(head, b.ID))
			check(t, in.grading.Decree(head, b.ID, "800/1", today()))
			check(t, in.nominations.ConfirmName(authz.As(t.Context(), authz.Actor{Identity: people[0].IdentityID}), b.TenantID, people[0].ID))
			_, err := in.certificates.Generate(organiser, b.ID)
			check(t, err)
			_, err = in.certificates.Sign(head, b.ID)
			check(t, err)
			in.settled(t)
			credits, err := in.ledger.List(in.as(t, "sarolangun"))
			check(t, err)
			if len(credits) != round {
				t.Fatalf("%d credits after round %d", len(credits), round)
			}
		}
	})
}

// TestOutcomesFollowFacts: outcomes can be computed again until they are
// recommended; they are not recommended when somebody was seated or a session sealed
// since; and from then on nobody is seated and nothing is scheduled.
func TestOutcomesFollowFacts(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		organiser, head := in.as(t, "organiser"), in.as(t, "head")
		b, nominated := published(t, in, "I", 2, 2)
		_, err := in.nominations.Approve(organiser, b.ID, nominated[0].ID)
		check(t, err)
		session(t, in, b, nominated[:1])
		check(t, in.grading.Grade(organiser, b.ID))

		_, err = in.nominations.Approve(organiser, b.ID, nominated[1].ID)
		check(t, err)
		if err := in.grading.Recommend(head, b.ID); !errors.Is(err, fault.Conflict) {
			t.Errorf("recommended without the one who was seated since: %v", err)
		}
		check(t, in.grading.Grade(organiser, b.ID))
		session(t, in, b, nominated)
		if err := in.grading.Recommend(head, b.ID); !errors.Is(err, fault.Conflict) {
			t.Errorf("recommended without the session that was sealed since: %v", err)
		}
		check(t, in.grading.Grade(organiser, b.ID))
		_, results, err := in.grading.List(organiser, batch.Ref{Host: b.TenantID, ID: b.ID})
		check(t, err)
		if len(results) != 2 || results[0].Outcome.JP != 2 || results[1].Outcome.State != coursetype.Failed {
			t.Fatalf("computed again: %+v", results)
		}
		check(t, in.grading.Recommend(head, b.ID))

		from, _ := b.Span()
		_, late := in.schedules.Schedule(organiser, b.ID, schedule.Slot{Title: "Sesi", Starts: from, Ends: from.Add(time.Hour)})
		_, seat := in.nominations.Approve(organiser, b.ID, nominated[1].ID)
		for what, err := range map[string]error{"grade": in.grading.Grade(organiser, b.ID), "recommend": in.grading.Recommend(head, b.ID), "schedule": late, "approve": seat} {
			if !errors.Is(err, fault.Conflict) {
				t.Errorf("%s after the recommendation = %v, want a conflict", what, err)
			}
		}
	})
}

// TestNobodyDecidesOnThemselves: who takes part neither verifies, marks, recommends
// nor decrees in their own case.
func TestNobodyDecidesOnThemselves(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		organiser, head := in.as(t, "organiser"), in.as(t, "head")
		b, nominated := published(t, in, "I", 1, 1)
		jambi := in.government(t, "15")
		self := func(role authz.Role) authz.Actor {
			return authz.Actor{Identity: nominated[0].IdentityID, Tenant: jambi, Grants: []authz.Grant{{Role: role}}}
		}
		asOrganiser, asHead := authz.As(t.Context(), self(authz.Organiser)), authz.As(t.Context(), self(authz.Head))
		refused := func(what string, err error, want error) {
			t.Helper()
			if !errors.Is(err, want) {
				t.Errorf("%s oneself = %v, want %v", what, err, want)
			}
		}
		_, err := in.nominations.Approve(asOrganiser, b.ID, nominated[0].ID)
		refused("verifying", err, fault.Forbidden)
		_, err = in.nominations.Approve(organiser, b.ID, nominated[0].ID)
		check(t, err)
		from, _ := b.Span()
		id, err := in.schedules.Schedule(organiser, b.ID, schedule.Slot{Title: "Sesi", Starts: from, Ends: from.Add(time.Hour)})
		check(t, err)
		check(t, in.attendance.Begin(organiser, b.ID, id))
		refused("marking", in.attendance.Mark(asOrganiser, b.ID, id, nominated[0].ID, attendance.Present, store.NewID()), fault.Conflict)
		check(t, in.attendance.Mark(organiser, b.ID, id, nominated[0].ID, attendance.Present, store.NewID()))
		check(t, in.attendance.Close(organiser, b.ID, id))
		check(t, in.grading.Grade(organiser, b.ID))
		refused("recommending", in.grading.Recommend(asHead, b.ID), fault.Forbidden)
		check(t, in.grading.Recommend(head, b.ID))
		refused("decreeing", in.grading.Decree(asHead, b.ID, "800/1", today()), fault.Forbidden)
	})
}

// TestPublishOperation: what the API takes and answers, and what it refuses by name.
func TestPublishOperation(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		o := in.signIn(t, "organiser")
		guest := in.host.List()[0]
		id, err := in.programs.Open(in.as(t, "organiser"), "Bimtek", guest.Name, guest.Version, "bimtek-umum")
		check(t, err)
		body := func(number, starts, quota string) string {
			return fmt.Sprintf(`{"program_id":%q,"number":"%s","place":"Aula","starts":%q,"ends":"2026-12-02","quota":[%s]}`, strings.ToUpper(string(id)), number, starts, quota)
		}
		one := `{"sender":"15.03","seats":2}`
		for _, tc := range []struct {
			name, body string
			status     int
			says       string
		}{
			{"published", body("Angkatan I", "2026-12-01", one), http.StatusCreated, `"quota":[{"sender":"15.03","seats":2}]`},
			{"number taken, with a space", body(" Angkatan I ", "2026-12-01", one), http.StatusConflict, "Beri nomor lain"},
			{"sender twice", body("II", "2026-12-01", one+","+one), http.StatusUnprocessableEntity, "lebih dari sekali"},
			{"beyond all numbers", body("II", "2026-12-01", `{"sender":"15.03","seats":9223372036854775807}`), http.StatusUnprocessableEntity, "seats"},
			{"too many together", body("II", "2026-12-01", `{"sender":"15.03","seats":150},{"sender":"15.71","seats":150}`), http.StatusUnprocessableEntity, "paling banyak 200"},
			{"no government", body("II", "2026-12-01", `{"sender":"15-03","seats":1}`), http.StatusUnprocessableEntity, "15-03"},
			{"a national body", body("II", "2026-12-01", `{"sender":"LAN","seats":1}`), http.StatusUnprocessableEntity, "Lembaga Administrasi Negara"},
			{"no day", body("II", "2026-02-30", one), http.StatusUnprocessableEntity, "starts"},
			{"backwards", body("II", "2026-12-03", one), http.StatusUnprocessableEntity, "mendahului"},
			{"nothing to store", body(`II\u0000`, "2026-12-01", one), http.StatusUnprocessableEntity, "number"},
		} {
			o.call(http.MethodPost, "/api/v1/tenants/15/batches", tc.body)
			if o.page.status != tc.status || !strings.Contains(o.page.body, tc.says) {
				t.Errorf("%s: %d, want %d with %q\n%s", tc.name, o.page.status, tc.status, tc.says, o.page.body)
			}
		}
	})
}
