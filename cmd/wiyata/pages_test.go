package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/attendance"
	"github.com/wiyata-id/wiyata/tenants/schedule"
)

// TestPagesDoNotGrow: the statements behind a page are as many for six people and
// three batches as for one of each.
func TestPagesDoNotGrow(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		organiser, head := in.as(t, "organiser"), in.as(t, "head")
		// run tells of a batch of n people, up to its certificates, and returns its pages.
		run := func(number string, n int) (pages []string) {
			b, nominated := published(t, in, number, n, n)
			from, _ := b.Span()
			var session schedule.ID
			for i := range n {
				var err error
				session, err = in.schedules.Schedule(organiser, b.ID, schedule.Slot{Title: fmt.Sprint("Sesi ", i), Starts: from, Ends: from.Add(time.Hour)})
				check(t, err)
				check(t, in.attendance.Begin(organiser, b.ID, session))
				if i == 0 {
					for _, p := range nominated {
						_, err := in.nominations.Approve(organiser, b.ID, p.ID)
						check(t, err)
					}
				}
				for _, p := range nominated {
					check(t, in.attendance.Mark(organiser, b.ID, session, p.ID, attendance.Present, store.NewID()))
				}
				check(t, in.attendance.Close(organiser, b.ID, session))
			}
			check(t, in.grading.Grade(organiser, b.ID))
			check(t, in.grading.Recommend(head, b.ID))
			base, sent := "/t/15/angkatan/"+string(b.ID), "/t/15-03/kiriman/15/"+string(b.ID)
			return []string{
				base, base + "/peserta", base + "/jadwal", base + "/kehadiran/" + string(session), base + "/nilai", base + "/sertifikat",
				sent, sent + "/jadwal", sent + "/nilai", sent + "/sertifikat", "/t/15/angkatan", "/t/15/program", "/t/15-03/kiriman", "/t/15-03/pegawai",
			}
		}
		host, sender := in.signIn(t, "organiser"), in.signIn(t, "sarolangun")
		count := func(pages []string) (statements []int) {
			for i, path := range pages {
				c := host
				if i >= 6 && path[:7] != "/t/15/a" && path[:7] != "/t/15/p" {
					c = sender
				}
				spans.Reset()
				c.open(path).want(200)
				_, n := cost()
				statements = append(statements, n)
			}
			return statements
		}
		few := run("Satu", 1)
		small := count(few)
		many := run("Banyak", 6)
		for i, n := range count(many) {
			if n != small[i] {
				t.Errorf("%s makes %d statements for one, %d for six", many[i], small[i], n)
			}
			if n > 24 {
				t.Errorf("%s makes %d statements", many[i], n)
			}
		}
		t.Logf("statements per page, BEGIN and COMMIT included: %v", small)
	})
}

// TestNumberBeyondTenants: a form's number that is too large for a tenant is no other
// tenant's; cut to 32 bits, these would be one that may be chosen.
func TestNumberBeyondTenants(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		beyond := func(code string) string { return strconv.Itoa(int(in.government(t, code)) + 1<<32) }
		o := in.signIn(t, "organiser")
		for _, choice := range []struct {
			tenant string
			want   int
		}{{beyond("15"), http.StatusUnprocessableEntity}, {strconv.Itoa(int(in.government(t, "15"))), http.StatusOK}} {
			form := url.Values{"tenant": {choice.tenant}, "_csrf": {hidden.FindStringSubmatch(o.open("/saya").page.body)[1]}}
			o.post("/pilih", form).want(choice.want)
		}
		o.open("/t/15/program").press("Buka program", fields{"title": "Bimtek Arsip"}).want(http.StatusOK)
		for sender, want := range map[string]int{beyond("15.03"): http.StatusUnprocessableEntity, strconv.Itoa(int(in.government(t, "15.03"))): http.StatusOK} {
			o.open("/t/15/angkatan/baru").press("Umumkan angkatan", fields{
				"number": "Angkatan I", "place": "Aula", "starts": today().String(), "ends": today().String(), "sender1": sender, "seats1": "1",
			}).want(want)
		}
	})
}
