package employee_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// A bureau is an office that can move people, and its governments by code.
type bureau struct {
	office
	*employee.Transfers
	registry *tenants.Registry
	asker    account.ID // somebody beside rina, so that nobody answers their own request
}

func openBureau(t *testing.T, db *store.DB) bureau {
	t.Helper()
	gate := gateTo(db)
	registry, err := tenants.Load(authz.AsSystem(t.Context(), 0), gate, civil.DateOf(time.Now(), civil.WIB))
	check(t, err)
	o := open(t, db)
	b := bureau{office: o, registry: registry, Transfers: employee.NewTransfers(o.Service, registry, func() {})}
	b.asker, err = o.accounts.Create(authz.AsSystem(t.Context(), 0), account.Identity{Name: "Slamet"}, "")
	check(t, err)
	return b
}

func (b bureau) government(t testing.TB, code string) tenants.ID {
	t.Helper()
	g, err := b.registry.ByCode(code)
	check(t, err)
	return g.ID
}

// asks acts in a government as whoever makes requests; rina answers them.
func (b bureau) asks(g tenants.ID) context.Context {
	return authz.As(context.Background(), authz.Actor{Identity: b.asker, Tenant: g, Grants: []authz.Grant{{Role: authz.SenderAdmin}}})
}

func (b bureau) answers(g tenants.ID) context.Context {
	return authz.As(context.Background(), authz.Actor{Identity: b.rina, Tenant: g, Grants: []authz.Grant{{Role: authz.SenderAdmin}}})
}

// today is the day by which the databases of the tests go.
func today() civil.Date { return civil.DateOf(time.Now(), civil.WIB) }

func later(days int) civil.Date {
	return civil.DateOf(time.Now().AddDate(0, 0, days), civil.WIB)
}

func request(from tenants.ID, nip string) employee.Transfer {
	return employee.Transfer{PartyID: from, NIP: nip, Name: "Ani Lestari, S.E.", DecreeNumber: "800/12/BKD", DecreeDay: today(), DecreeSigner: "Gubernur", EffectiveDay: today()}
}

// waiting lists the effects of a kind, due or not.
func (b bureau) waiting(t testing.TB, kind string) (rows []jobs.Row) {
	t.Helper()
	check(t, b.db.View(context.Background(), store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) error {
		return tx.NewSelect().Model(&rows).Where("kind = ?", kind).Order("id").Scan(context.Background())
	}))
	return rows
}

// run hands the effects of a kind to their handler, once, and returns its refusals.
func (b bureau) run(t testing.TB, kind string) (errs []error) {
	t.Helper()
	for _, row := range b.waiting(t, kind) {
		if err := b.Handlers()[kind](authz.AsSystem(context.Background(), row.PartyID), row); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// raw is the database past the policies.
func (b bureau) raw(t testing.TB) *sql.DB {
	t.Helper()
	if b.db.Engine == store.Postgres {
		return storetest.Superuser(t, b.db)
	}
	return b.db.SQL()
}

// active counts in how many governments somebody with that number is in service, and
// checks that the marks say the same.
func (b bureau) active(t testing.TB, raw *sql.DB, nip string) (n int) {
	t.Helper()
	var marks int
	check(t, raw.QueryRow(fmt.Sprintf("SELECT count(*) FROM employee WHERE active AND nip = '%s'", nip)).Scan(&n))
	check(t, raw.QueryRow(fmt.Sprintf("SELECT count(*) FROM employed WHERE subject = 'nip:%s'", nip)).Scan(&marks))
	if marks != n {
		t.Fatalf("%d are in service and %d marked so", n, marks)
	}
	return n
}

// TestTransfer: a person moves by two jobs, is one human before and after, in service
// nowhere between them, and neither government sees what the other has.
func TestTransfer(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		b := openBureau(t, db)
		raw := b.raw(t)
		old, fresh := b.government(t, "15.71"), b.government(t, "15.03")
		id := b.register(t, b.answers(old), person("Ani Lestari", nipAni))
		before, err := b.office.Open(b.answers(old), id)
		check(t, err)
		_, err = b.Register(b.asks(fresh), person("Ani Lestari", nipAni))
		refused(t, err, fault.Conflict, "Ajukan mutasi")
		for _, g := range []tenants.ID{old, fresh} {
			check(t, b.accounts.Give(authz.AsSystem(t.Context(), g), before.Employee.IdentityID, authz.Organiser, ""))
		}

		asked, err := b.Ask(b.asks(fresh), request(old, "19900315 201503 2 901"))
		check(t, err)
		_, err = b.Ask(b.asks(fresh), request(old, nipAni))
		refused(t, err, fault.Conflict, "sudah Anda ajukan")
		_, err = b.Decide(b.asks(old), asked.ID, employee.Answer{Kind: employee.Agree})
		refused(t, err, fault.Forbidden, "bukan pengajunya")
		for _, g := range []tenants.ID{fresh, b.government(t, "15"), b.government(t, "15.01")} {
			_, err = b.Decide(b.answers(g), asked.ID, employee.Answer{Kind: employee.Agree})
			refused(t, err, fault.NotFound)
		}
		_, err = b.Decide(b.answers(old), asked.ID, employee.Answer{Kind: employee.Hold, Reason: "Menunggu serah terima", Until: later(3)})
		check(t, err)
		_, err = b.Appeal(b.asks(fresh), asked.ID, "Lama", "800/1")
		refused(t, err, fault.Conflict, "masih dapat menjawab")
		if _, err = b.Decide(b.answers(old), asked.ID, employee.Answer{Kind: employee.Lift}); err != nil {
			t.Fatal(err)
		}
		_, err = b.Decide(b.answers(old), asked.ID, employee.Answer{Kind: employee.Agree})
		check(t, err)
		_, err = b.Decide(b.answers(old), asked.ID, employee.Answer{Kind: employee.Agree})
		refused(t, err, fault.Conflict, "sudah diputuskan")

		leave := b.waiting(t, employee.EffectLeave)
		if len(leave) != 1 || leave[0].PartyID != old {
			t.Fatalf("effects: %+v", leave)
		}
		if errs := b.run(t, employee.EffectLeave); len(errs) > 0 {
			t.Fatal(errs)
		}
		// Here the process dies: the person is in service nowhere, and the next run goes on.
		if n := b.active(t, raw, nipAni); n != 0 {
			t.Fatalf("in service in %d governments between the steps", n)
		}
		check(t, b.Leave(authz.AsSystem(t.Context(), old), leave[0])) // delivered again
		for g, want := range map[tenants.ID]int{old: 0, fresh: 1} {   // their roles where they were are over
			if n := b.count(t, g, fmt.Sprintf("role_grant WHERE withdrawn_at IS NULL AND identity_id = '%s'", before.Employee.IdentityID)); n != want {
				t.Errorf("%d roles in government %d, want %d", n, g, want)
			}
		}
		_, err = b.Withdraw(b.asks(fresh), asked.ID)
		refused(t, err, fault.Conflict, "sudah berjalan")
		arrive := b.waiting(t, employee.EffectArrive)
		if len(arrive) != 1 {
			t.Fatalf("effects: %+v", arrive)
		}
		for range 2 {
			check(t, b.Arrive(authz.AsSystem(t.Context(), fresh), arrive[0]))
		}
		if n := b.active(t, raw, nipAni); n != 1 {
			t.Fatalf("in service in %d governments", n)
		}

		found, err := b.Search(b.asks(fresh), employee.Filter{Query: nipAni}, store.Cursor{})
		check(t, err)
		if len(found.Rows) != 1 {
			t.Fatalf("registered %d times", len(found.Rows))
		}
		now := found.Rows[0]
		if now.IdentityID != before.Employee.IdentityID || now.Name != "Ani Lestari, S.E." || now.TitleAfter != "S.E." || now.Kind != employee.PNS {
			t.Errorf("registered: %+v", now)
		}
		left, err := b.office.Open(b.answers(old), id) // what was recorded stays readable where it was
		check(t, err)
		if last := left.Changes[0]; left.Employee.Active || last.Act != employee.Moved || last.Actor != "" || !strings.Contains(last.Reason, "SK 800/12/BKD") {
			t.Errorf("left: %+v", left)
		}
		_, err = b.office.Open(b.answers(old), now.ID)
		refused(t, err, fault.NotFound)
		_, err = b.office.Open(b.asks(fresh), id)
		refused(t, err, fault.NotFound)
		for _, g := range []tenants.ID{old, fresh} {
			v, err := b.Open(b.answers(g), asked.ID)
			check(t, err)
			if v.State != employee.TransferDone || v.Asked != (g == old) || v.From != "15.71" || v.To != "15.03" {
				t.Errorf("request seen by %d: %+v", g, v)
			}
		}

		// And back: the row that is there is taken up again.
		back, err := b.Ask(b.asks(old), request(fresh, nipAni))
		check(t, err)
		_, err = b.Decide(b.answers(fresh), back.ID, employee.Answer{Kind: employee.Agree})
		check(t, err)
		for _, kind := range []string{employee.EffectLeave, employee.EffectArrive} {
			if errs := b.run(t, kind); len(errs) > 0 {
				t.Fatal(errs)
			}
		}
		again, err := b.office.Open(b.answers(old), id)
		check(t, err)
		if n := b.active(t, raw, nipAni); n != 1 || !again.Employee.Active || again.Changes[0].Act != employee.Reactivated {
			t.Errorf("back: %+v, in service in %d", again.Employee, n)
		}
	})
}

// TestTransferTellsNothing: whoever names the wrong government gets the same answer as
// for the right one, and the wrong one sees nothing; nor does anybody else.
func TestTransferTellsNothing(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		b := openBureau(t, db)
		old, fresh, wrong := b.government(t, "15.71"), b.government(t, "15.03"), b.government(t, "35.23")
		b.register(t, b.answers(old), person("Ani Lestari", nipAni))
		guess, err := b.Ask(b.asks(fresh), request(wrong, nipAni))
		check(t, err)
		right, err := b.Ask(b.asks(b.government(t, "15.01")), request(old, nipAni))
		check(t, err)
		if guess.State != right.State || guess.Note != right.Note {
			t.Errorf("a wrong guess is told %+v, a right one %+v", guess, right)
		}
		for g, want := range map[tenants.ID]int{wrong: 0, old: 1, fresh: 0} {
			p, err := b.List(b.answers(g), employee.Incoming, store.Cursor{})
			check(t, err)
			if len(p.Rows) != want {
				t.Errorf("government %d sees %d requests, want %d", g, len(p.Rows), want)
			}
		}
		_, err = b.Open(b.answers(wrong), guess.ID)
		refused(t, err, fault.NotFound)
		_, err = b.Decide(b.answers(wrong), guess.ID, employee.Answer{Kind: employee.Hold, Reason: "Siapa?", Until: later(3)})
		refused(t, err, fault.NotFound)
		_, err = b.Open(b.answers(b.government(t, "15.02")), right.ID)
		refused(t, err, fault.NotFound)
		mine, err := b.List(b.asks(fresh), employee.Outgoing, store.Cursor{})
		check(t, err)
		if len(mine.Rows) != 1 || mine.Rows[0].ID != guess.ID {
			t.Errorf("own requests: %+v", mine.Rows)
		}
		if _, err := b.Withdraw(b.asks(fresh), guess.ID); err != nil {
			t.Error(err)
		}
		if _, err := b.Ask(b.asks(fresh), request(wrong, nipAni)); err != nil {
			t.Errorf("asked again after a withdrawal: %v", err)
		}
	})
}

// TestTransferFirstAgreedWins: of two governments that ask for one person one gets them,
// and the other a sentence.
func TestTransferFirstAgreedWins(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		b := openBureau(t, db)
		old, first, second := b.government(t, "15.71"), b.government(t, "15.03"), b.government(t, "15.01")
		b.register(t, b.answers(old), person("Ani Lestari", nipAni))
		var ids [2]employee.TransferID
		for i, g := range []tenants.ID{first, second} {
			asked, err := b.Ask(b.asks(g), request(old, nipAni))
			check(t, err)
			ids[i] = asked.ID
		}
		_, err := b.Decide(b.answers(old), ids[0], employee.Answer{Kind: employee.Agree})
		check(t, err)
		_, err = b.Decide(b.answers(old), ids[1], employee.Answer{Kind: employee.Agree})
		refused(t, err, fault.Conflict, "ke instansi lain sudah disetujui")
		for _, kind := range []string{employee.EffectLeave, employee.EffectArrive} {
			if errs := b.run(t, kind); len(errs) > 0 {
				t.Fatal(errs)
			}
		}
		v, err := b.Open(b.asks(second), ids[1])
		check(t, err)
		if v.State != employee.TransferVoid || !strings.Contains(v.Note, "lebih dahulu pindah") {
			t.Errorf("the second request: %+v", v.Transfer)
		}
	})
}

// TestTransferByDecree: once the term has passed, the province lets the decree suffice;
// the old government is not asked again, and its decision is copied.
func TestTransferByDecree(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		b := openBureau(t, db)
		raw := b.raw(t)
		old, fresh, province := b.government(t, "35.23"), b.government(t, "15.03"), b.government(t, "15")
		b.register(t, b.answers(old), person("Ani Lestari", nipAni))
		ahead := request(old, nipAni)
		ahead.EffectiveDay = later(5)
		asked, err := b.Ask(b.asks(fresh), ahead)
		check(t, err)
		age := func(days int) {
			at := civil.Instant(time.Now().AddDate(0, 0, -days)).Format("2006-01-02 15:04:05-07:00")
			_, err := raw.Exec(fmt.Sprintf("UPDATE transfer SET asked_at = '%s' WHERE id = '%s'", at, asked.ID))
			check(t, err)
		}
		age(13)
		_, err = b.Appeal(b.asks(fresh), asked.ID, "Tidak dijawab", "800/1")
		refused(t, err, fault.Conflict, "masih dapat menjawab")
		age(14)
		decide := func(grant bool) {
			a, err := b.Appeal(b.asks(fresh), asked.ID, "Tidak dijawab", "800/1")
			check(t, err)
			_, err = b.Appeal(b.asks(fresh), asked.ID, "Tidak dijawab", "800/1")
			refused(t, err, fault.Conflict, "sudah diajukan")
			for _, g := range []tenants.ID{old, b.government(t, "35")} { // the old one and its province have no say
				_, err = b.Rule(b.answers(g), a.ID, true, "Setuju")
				refused(t, err, fault.NotFound)
			}
			_, err = b.Rule(b.asks(province), a.ID, grant, "Surat keputusan sah")
			refused(t, err, fault.Forbidden)
			_, err = b.Rule(b.answers(province), a.ID, grant, " ")
			refused(t, err, fault.Invalid, "Pertimbangan")
			_, err = b.Rule(b.answers(province), a.ID, grant, "Surat keputusan sah")
			check(t, err)
			_, err = b.Rule(b.answers(province), a.ID, grant, "Surat keputusan sah")
			refused(t, err, fault.Conflict, "sudah diputuskan")
			if errs := b.run(t, employee.EffectRuled); len(errs) > 0 {
				t.Fatal(errs)
			}
		}
		decide(false)
		v, err := b.Open(b.answers(old), asked.ID)
		check(t, err)
		if v.State != employee.TransferAsked || v.Ruling == "" {
			t.Errorf("after a refusal: %+v", v.Transfer)
		}
		decide(true)
		v, err = b.Open(b.asks(fresh), asked.ID)
		check(t, err)
		if v.State != employee.TransferRuled || v.RuledBy != province || len(v.Appeals) != 2 {
			t.Errorf("after the ruling: %+v", v)
		}
		// Not before its day.
		leave := b.waiting(t, employee.EffectLeave)
		if len(leave) != 1 || !leave[0].NotBefore.After(time.Now()) {
			t.Fatalf("effects: %+v", leave)
		}
		for _, err := range b.run(t, employee.EffectLeave) {
			refused(t, err, fault.Conflict, "baru berlaku")
		}
		if n := b.active(t, raw, nipAni); n != 1 {
			t.Errorf("in service in %d governments before the day", n)
		}
		_, err = raw.Exec(fmt.Sprintf("UPDATE transfer SET effective_day = '%s' WHERE id = '%s'", today(), asked.ID))
		check(t, err)
		for _, kind := range []string{employee.EffectLeave, employee.EffectArrive} {
			if errs := b.run(t, kind); len(errs) > 0 {
				t.Fatal(errs)
			}
		}
		found, err := b.Search(b.asks(fresh), employee.Filter{Query: nipAni}, store.Cursor{})
		check(t, err)
		if len(found.Rows) != 1 {
			t.Errorf("the decree has moved nobody")
		}
	})
}

// TestAsk: what is typed wrongly is refused by the name of its field.
func TestAsk(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		b := openBureau(t, db)
		old, fresh := b.government(t, "15.71"), b.government(t, "15.03")
		for field, spoil := range map[string]func(r *employee.Transfer){
			"nip":           func(r *employee.Transfer) { r.NIP = "1" },
			"name":          func(r *employee.Transfer) { r.Name = " " },
			"from":          func(r *employee.Transfer) { r.PartyID = fresh },
			"decree_number": func(r *employee.Transfer) { r.DecreeNumber = "" },
			"decree_day":    func(r *employee.Transfer) { r.DecreeDay = later(2) },
			"decree_signer": func(r *employee.Transfer) { r.DecreeSigner = "" },
			"effective_day": func(r *employee.Transfer) { r.EffectiveDay = later(400) },
			"letter":        func(r *employee.Transfer) { r.Letter = strings.Repeat("x", 101) },
		} {
			r := request(old, nipAni)
			spoil(&r)
			_, err := b.Ask(b.asks(fresh), r)
			if f := fault.Of(err); f == nil || f.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		nowhere := request(999999, nipAni)
		_, err := b.Ask(b.asks(fresh), nowhere)
		refused(t, err, fault.Invalid, "instansi asal")
		b.register(t, b.answers(fresh), person("Ani", nipAni))
		_, err = b.Ask(b.asks(fresh), request(old, nipAni))
		refused(t, err, fault.Conflict, "aktif di instansi Anda")
		limited := authz.As(t.Context(), authz.Actor{Identity: b.asker, Tenant: fresh, Grants: []authz.Grant{{Role: authz.SenderAdmin, Limit: "01890000-0000-7000-8000-000000000000"}}})
		_, err = b.Ask(limited, request(old, nipBudi))
		refused(t, err, fault.Forbidden)
		_, err = b.Ask(b.in(t, fresh, ""), request(old, nipBudi))
		check(t, err)
	})
}

// TestAuthority: a regency asks its province, a province and a national body the
// ministry, and the ministry nobody.
func TestAuthority(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		b := openBureau(t, db)
		raw := b.raw(t)
		old := b.government(t, "35.23")
		for i, tc := range []struct{ asker, authority string }{{"15.03", "15"}, {"15.71", "15"}, {"15", "KEMENDAGRI"}, {"LAN", "KEMENDAGRI"}, {"KEMENDAGRI", ""}} {
			asked, err := b.Ask(b.asks(b.government(t, tc.asker)), request(old, fmt.Sprintf("1990031520150329%02d", i+10)))
			check(t, err)
			_, err = raw.Exec(fmt.Sprintf("UPDATE transfer SET asked_at = '2026-01-05 05:00:00+00:00' WHERE id = '%s'", asked.ID))
			check(t, err)
			a, err := b.Appeal(b.asks(b.government(t, tc.asker)), asked.ID, "Tidak dijawab", "800/1")
			if tc.authority == "" {
				refused(t, err, fault.Conflict, "Tidak ada instansi di atas")
				continue
			}
			check(t, err)
			p, err := b.Appeals(b.answers(b.government(t, tc.authority)), store.Cursor{})
			check(t, err)
			if !slices.ContainsFunc(p.Rows, func(seen employee.Appeal) bool { return seen.ID == a.ID && seen.To == tc.asker }) {
				t.Errorf("%s does not see the appeal of %s", tc.authority, tc.asker)
			}
		}
	})
}
