package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/sample"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

// makeOperator gives id the role of an operator, in tenant 0 where it is held.
func makeOperator(t *testing.T, db *store.DB, id account.ID) {
	t.Helper()
	behind(t, db, fmt.Sprintf("INSERT INTO role_grant (tenant_id, id, identity_id, role, from_day) VALUES (0, '%s', '%s', 'operator', '%s')", store.NewID(), id, today()))
}

// operator acts as one of the cast of the matrix.
func (m *matrix) operator() context.Context {
	return authz.As(context.Background(), authz.Actor{Identity: m.in.ids["operator"], Grants: []authz.Grant{{Role: authz.Operator}}})
}

// record has an operator make a change through the pages: what it becomes is shown for
// review, and nothing is recorded before.
func record(c *client, in *installation, id tenants.ID, act string, typed fields, shown ...string) {
	c.t.Helper()
	path := fmt.Sprintf("/operator/pemerintah/%d/%s", id, act)
	c.open(path).want(200)
	form := url.Values{"_csrf": {hidden.FindStringSubmatch(c.page.body)[1]}}
	for name, value := range typed {
		form.Set(name, value)
	}
	before := in.registry.Find(id)
	c.post(path, form).want(200).sees("Menjadi").sees(shown...)
	if in.registry.Find(id) != before {
		c.t.Error("a review has changed something")
	}
	form.Set("step", "save")
	c.post(path, form).want(200).sees("tercatat")
}

// TestSuspendedGovernment: its people act in it no more, by page or operation, in
// sessions that they had; whom it shares rows with still sees them; sign-in and one's
// own pages work; effects wait, and are carried out when it is reinstated.
func TestSuspendedGovernment(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		l := begin(t, in)
		for _, step := range l.steps() {
			if step.name == "credit" {
				break
			}
			step.do()
		}
		makeOperator(t, db, in.ids["tubanhost"])
		operator := in.signIn(t, "tubanhost")
		sarolangun, jambi := in.government(t, "15.03"), in.government(t, "15")
		record(operator, in, sarolangun, "nonaktif", fields{"ground": "security", "reason": "Akun admin dibobol"}, "karena alasan keamanan")

		why := "Kabupaten Sarolangun sedang dinonaktifkan karena alasan keamanan."
		l.sarolangun.open("/t/15-03/pegawai").want(403).sees(why, "Hubungi operator platform")
		l.sarolangun.call(http.MethodGet, "/api/v1/tenants/15-03/batches/"+l.batch+"/participants/"+store.NewID(), "").want(403).sees(why)
		l.visitor.open("/t/15-03").want(403).sees(why)
		l.sarolangun.open("/saya").want(200)
		in.visitor(t).open("/masuk").want(200)
		again := in.visitor(t)
		again.open("/masuk").press("Masuk", fields{"login": "rina@sarolangun.example", "password": sample.Password}).want(403).sees(why)
		again.open("/saya/jp").want(200)
		l.organiser.open(l.host()+"/peserta").want(200).sees("Andi Saputra", "Kabupaten Sarolangun")
		l.visitor.open(l.verify).want(200).sees("SAH")

		waits := map[tenants.ID]int{}
		for _, row := range waiting(t, in) {
			waits[row.PartyID]++
		}
		if waits[sarolangun] != 1 || len(waits) != 2 {
			t.Fatalf("effects wait for %v, want one for each sender", waits)
		}
		in.start(t)
		eventually(t, "the other sender's effect", func() bool { return len(waiting(t, in)) == 1 })
		if left := waiting(t, in); left[0].PartyID != sarolangun {
			t.Fatalf("what waits is for tenant %d", left[0].PartyID)
		}
		if _, err := in.ledger.List(in.as(t, "sarolangun")); err == nil {
			t.Error("a suspended government reads its ledger")
		}
		record(operator, in, sarolangun, "aktif", fields{"reason": "Sudah aman"}, "Aktif")
		in.queue.Wake()
		in.settled(t)
		l.sarolangun.open("/t/15-03/pegawai").want(200).sees("Andi Saputra")
		if mine, err := in.ledger.Transcript(in.as(t, "andi")); err != nil || len(mine.Credits) != 1 {
			t.Errorf("andi has %d lines (%v), want one", len(mine.Credits), err)
		}

		record(operator, in, jambi, "nonaktif", fields{"ground": "request", "reason": "Surat gubernur"}, "atas permintaan")
		l.organiser.open(l.host()).want(403)
		l.sarolangun.open(l.sender() + "/nilai").want(200).sees("Andi Saputra")
	})
}

// TestOldAddresses: an address with a former code leads to the same place below the
// present one; what is sent there is to be sent again as it was, and machines are told.
func TestOldAddresses(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		c := in.visitor(t)
		for _, tc := range []struct {
			method, path, body string
			status             int
			to                 string
		}{
			{"GET", "/t/91-01/angkatan?tahun=2022&q=a%2Fb+c", "", 301, "/t/93-01/angkatan?tahun=2022&q=a%2Fb+c"},
			{"GET", "/t/92-71", "", 301, "/t/96-71"},
			{"GET", "/t/92-71/a%20b/92-71", "", 301, "/t/96-71/a%20b/92-71"},
			{"POST", "/t/91-01/program", "title=X", 308, "/t/93-01/program"},
			{"GET", "/api/v1/tenants/91-01/batches/x/participants/y?z=1", "", 308, "/api/v1/tenants/93-01/batches/x/participants/y?z=1"},
			{"POST", "/api/v1/tenants/91-01/batches", "{}", 308, "/api/v1/tenants/93-01/batches"},
			{"GET", "/t/91-99/angkatan", "", 404, ""},
		} {
			kind := "application/x-www-form-urlencoded"
			if strings.HasPrefix(tc.path, "/api/") {
				kind = "application/json"
			}
			c.send(tc.method, tc.path, kind, tc.body)
			if to := c.page.header.Get("Location"); c.page.status != tc.status || to != tc.to {
				t.Errorf("%s %s = %d to %q, want %d to %q", tc.method, tc.path, c.page.status, to, tc.status, tc.to)
			}
			if kind == "application/json" && !strings.Contains(c.page.body, "Kode Kabupaten Merauke sekarang 93.01.") {
				t.Errorf("%s is answered %s", tc.path, c.page.body)
			}
		}
	})
}

// TestReportOfThatYear: each province sees the counts of those who stood below it on
// the day that is asked for, and the provinces together always see what the nation does.
func TestReportOfThatYear(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in, ctx := idle(t, db), context.Background()
		regencies := 0
		for _, g := range in.registry.Governments() {
			if g.Kind == tenants.Province || g.Code < "91" {
				continue
			}
			regencies++
			check(t, in.gate.Write(authz.AsSystem(ctx, g.ID), authz.StatFold, "", func(tx *store.Tx) error {
				tx.About("probe", "")
				return stat.Add(ctx, tx, stat.CreditedJP, 2021, 1)
			}))
		}
		sum := func(code string, day civil.Date) (total int) {
			overseer := authz.As(ctx, authz.Actor{Identity: in.ids["overseer"], Tenant: in.government(t, code), Grants: []authz.Grant{{Role: authz.Overseer}}})
			check(t, in.gate.Oversee(overseer, authz.OversightRead, day, store.Subject{Kind: "probe"}, func(tx *store.Tx) error {
				counts, err := stat.Sum(ctx, tx, stat.CreditedJP, 2021)
				for _, c := range counts {
					total += c.N
				}
				return err
			}))
			return total
		}
		for _, tc := range []struct {
			day  civil.Date
			want [6]int // of Papua, Papua Barat, Selatan, Tengah, Pegunungan, Barat Daya
		}{
			{civil.Date{Year: 2021, Month: 12, Day: 31}, [6]int{29, 13, 0, 0, 0, 0}},
			{civil.Date{Year: 2022, Month: 11, Day: 30}, [6]int{9, 13, 4, 8, 8, 0}},
			{civil.Date{}, [6]int{9, 7, 4, 8, 8, 6}},
		} {
			var got [6]int
			total := 0
			for i := range got {
				got[i] = sum(fmt.Sprint(91+i), tc.day)
				total += got[i]
			}
			if nation := sum("LAN", tc.day); got != tc.want || total != nation || nation != regencies {
				t.Errorf("on %s the provinces count %v, want %v; together %d, the nation %d of %d", tc.day, got, tc.want, total, nation, regencies)
			}
		}
	})
}

// TestTenantCommand: the command line lists and changes the registry, by any code that
// a government has had, and says in a sentence what it refuses.
func TestTenantCommand(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		ctx, dsn := context.Background(), addressOf(t, db)
		run := func(args ...string) (string, error) {
			var out strings.Builder
			err := tenant(ctx, append(args, "-database", dsn), &out)
			return out.String(), err
		}
		all, err := run("list", "-json")
		check(t, err)
		if lines := strings.Count(all, "\n"); lines != 549 {
			t.Errorf("%d lines, want 549", lines)
		}
		out, err := run("rename", "-code", "91.01", "-name", "Kabupaten Marauke", "-from", today().String(), "-decree", "PP 1/2026", "-json")
		check(t, err)
		var renamed tenants.Sheet
		check(t, json.Unmarshal([]byte(out), &renamed))
		if renamed.Name != "Kabupaten Marauke" || renamed.Code != "93.01" || renamed.Province != "93" || renamed.From != today().String() {
			t.Errorf("renamed: %+v", renamed)
		}
		for _, step := range []struct{ args, shows string }{
			{"add -kind province -code 54 -name Flores -zone WITA -from 2026-01-31 -decree UU", "Flores"},
			{"move -code 53.08 -to 54.01 -parent 54 -from 2026-01-31 -decree UU", "54.01"},
			{"suspend -code 54.01 -ground request -reason Surat", "dinonaktifkan atas permintaan"},
			{"reinstate -code 54.01 -reason Surat", "Kabupaten Ende"},
		} {
			if out, err := run(strings.Fields(step.args)...); err != nil || !strings.Contains(out, step.shows) {
				t.Errorf("tenant %s: %q, %v", step.args, out, err)
			}
		}
		for args, says := range map[string]string{
			"reinstate -code 54.01 -reason Surat":     "tidak sedang dinonaktifkan",
			"rename -code 31.71 -name X":              "31.71",
			"rename -code 54.01 -from besok":          "-from",
			"sell -code 54.01":                        "tenant list",
			"list -verbose":                           "tenant list",
			"suspend -code 54.01 -ground x -reason y": "Sebab penonaktifan wajib dipilih",
		} {
			if _, err := run(strings.Fields(args)...); err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("tenant %s: %v, want %q", args, err, says)
			}
		}
	})
}
