package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/nomination"
	"github.com/wiyata-id/wiyata/tenants/program"
)

var everyField = []coursetype.Field{coursetype.FieldRank, coursetype.FieldSince, coursetype.FieldHistory}

// past the policies.
func past(t *testing.T, db *store.DB, statement string) {
	t.Helper()
	raw := db.SQL()
	if db.Engine == store.Postgres {
		raw = storetest.Superuser(t, db)
	}
	_, err := raw.ExecContext(context.Background(), statement)
	check(t, err)
}

// wants demands a kind of error, nil for none.
func wants(t *testing.T, what string, err, kind error) {
	t.Helper()
	if kind == nil && err != nil || kind != nil && !errors.Is(err, kind) {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
}

// TestOffering: a program opens under what its government offers and has agreed to, and
// nothing else; what does not answer is named, and the page stays.
func TestOffering(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		organiser, c := in.as(t, "organiser"), in.signIn(t, "organiser")
		opens := func(what string, kind error) {
			t.Helper()
			_, err := in.programs.Open(organiser, what, "uji", "1.0.0", "uji-2020")
			wants(t, what, err, kind)
		}
		const page = "/t/15/jenis-pelatihan"
		opens("offered", nil)
		c.open(page).want(200).sees("Pelatihan uji", "CPNS, PNS", "Peraturan Uji 1/2020", "Golongan II dan III terpisah.", "Disetujui").missing("Uji 2015")
		c.open(page+"?tanggal=2019-06-01").want(200).sees("Uji 2015", "Naskahnya belum ditemukan.", "Perlu konfirmasi").missing("Uji 2020")
		c.open("/t/15/program?tanggal=2019-06-01").want(200).sees("– Uji 2015").missing("– Uji 2020")

		wants(t, "agreed to something else", in.programs.Enable(organiser, "uji", "1.0.0", everyField[:2]), fault.Conflict)
		wants(t, "by somebody else", in.programs.Enable(in.as(t, "head"), "uji", "1.0.0", everyField), fault.Forbidden)
		past(t, db, `UPDATE course_type SET asks = '["rank"]' WHERE key = 'uji'`) // an older version asked for less
		opens("asks for more", fault.Conflict)
		c.open(page).want(200).sees("Menunggu persetujuan", "Belum disetujui")
		c.press("Setujui datanya dan aktifkan Pelatihan uji", nil).want(200)
		opens("agreed anew", nil)
		c.press("Nonaktifkan Pelatihan uji", nil).want(200).sees("tetap berjalan")
		opens("not offered", fault.Conflict)
		wants(t, "ended twice", in.programs.Disable(organiser, "uji"), fault.NotFound)

		system := authz.AsSystem(context.Background(), 0)
		check(t, in.guests.Disable(system, "uji", "1.0.0", "Uji"))
		check(t, in.host.Refresh(system, in.guests))
		c.open(page).want(200).sees("Jenis pelatihan uji versi 1.0.0", "Tidak menjawab", "Bimbingan teknis")
		c.open("/t/15/program").want(200).sees("Bimbingan teknis")
	})
}

// ofUji opens a program of the trial course type.
func ofUji(t *testing.T, in *installation, as context.Context) program.ID {
	t.Helper()
	id, err := in.programs.Open(as, "Pelatihan uji", "uji", "1.0.0", "uji-2020")
	check(t, err)
	return id
}

// TestSettings: the form asks what the course type's schema says, names every field that
// is refused, by the server or by the guest, and keeps what was typed.
func TestSettings(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		id, c := ofUji(t, in, in.as(t, "organiser")), in.signIn(t, "organiser")
		sender := fmt.Sprint(in.government(t, "15.03"))
		typed := fields{"number": "Angkatan X", "place": "Aula Uji", "starts": today().String(), "ends": today().String(), "sender1": sender, "seats1": "2"}
		c.open("/t/15/angkatan/baru?program="+string(id)).want(200).sees("Kelas golongan", "Golongan II", "Banyak kelompok", "Bila tidak pada hari pertama.", "Diasramakan")
		typed["settings.golongan"], typed["settings.kelompok"], typed["settings.pembukaan"] = "", "9", "2026-02-30"
		c.press("Umumkan angkatan", typed).want(422).sees("Kelas golongan wajib diisi.", "Banyak kelompok harus bilangan bulat antara 1 dan 8.", "Pembukaan harus tanggal yang ada di kalender.", "Ada 3 yang perlu diperbaiki")
		for _, kept := range []string{`value="Aula Uji"`, `value="Angkatan X"`, `value="9"`} {
			if !strings.Contains(c.page.body, kept) {
				t.Errorf("what was typed is lost: %s", kept)
			}
		}
		typed["settings.golongan"], typed["settings.kelompok"], typed["settings.pembukaan"] = "III", "3", ""
		c.press("Umumkan angkatan", typed).want(422).sees("Kelompok lebih banyak daripada peserta.")
		typed["settings.kelompok"], typed["settings.asrama"] = "2", "1"
		c.press("Umumkan angkatan", typed).want(200).sees("Perhatikan: Siapkan asrama.", "Kelas golongan", "Golongan III", "Ya", "golongan, tanggal mulai pengangkatan")

		form := url.Values{"program": {string(id)}, "number": {"Angkatan Y"}, "place": {"Aula"}, "starts": {"2019-12-31"}, "ends": {"2019-12-31"}, "sender1": {sender}, "seats1": {"1"},
			"settings.golongan": {"II"}, "settings.kelompok": {"1"}, "_csrf": {hidden.FindStringSubmatch(c.open("/t/15/angkatan/baru").page.body)[1]}}
		c.post("/t/15/angkatan", form).want(422).sees("baru berlaku mulai 1 Januari 2020")

		publish := func(settings string) *client {
			return c.call("POST", "/api/v1/tenants/15/batches", `{"program_id":"`+string(id)+`","number":"Angkatan Z","place":"Aula","starts":"`+today().String()+`","ends":"`+today().String()+`","quota":[{"sender":"15.03","seats":4}]`+settings+`}`)
		}
		publish("").want(422).sees("settings.golongan")
		publish(`,"settings":{"golongan":"II","kelompok":"2"}`).want(422).sees("settings.kelompok")
		publish(`,"settings":{"golongan":"II","kelompok":2,"lain":1}`).want(422).sees("settings.lain")
		publish(`,"settings":{"golongan":"II","kelompok":2}`).want(201).sees(`"once_only":true`)
	})
}

// cpns registers a candidate civil servant of Sarolangun who began on since.
func cpns(t *testing.T, in *installation, nip string, since civil.Date) employee.ID {
	t.Helper()
	id, err := in.employees.Register(in.as(t, "sarolangun"), employee.Employee{Kind: employee.CPNS, NIP: nip, BareName: "Calon Pegawai", Rank: "31", RankDay: since, Active: true})
	check(t, err)
	return id
}

// ujiBatch announces a batch of the trial course type.
func ujiBatch(t *testing.T, in *installation, as context.Context, number string, seats int, days int) batch.Batch {
	t.Helper()
	b, err := in.batches.Publish(as, batch.Draft{ProgramID: ofUji(t, in, as), Number: number, Place: "Aula", Starts: today().Add(days), Ends: today().Add(days),
		Seats: map[tenants.ID]int{in.government(t, "15.03"): seats},
		Settings: func(s coursetype.Schema) (coursetype.Settings, error) {
			return program.Fitting(s, map[string]any{"golongan": "III", "kelompok": 1})
		}})
	check(t, err)
	return b
}

// TestLateAndOnce: a CPNS past the first year comes with a reason and a letter; and who
// has been through a training that is held once does not come again, whoever held it.
func TestLateAndOnce(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		organiser, head, sender := in.as(t, "organiser"), in.as(t, "head"), in.as(t, "sarolangun")
		late := cpns(t, in, "199801012023011901", today().Add(-500))
		first := ujiBatch(t, in, organiser, "I", 2, 0)
		ref := batch.Ref{Host: first.TenantID, ID: first.ID}

		c := in.signIn(t, "sarolangun")
		page := "/t/15-03/kiriman/15/" + string(first.ID)
		c.open(page).want(200).sees("diberi tahu tanpa nama dan NIP: golongan, tanggal mulai pengangkatan, riwayat pelatihan jenis yang sama.")
		c.press("Usulkan", fields{"employee": string(late)}).want(422).sees("Pegawai ini ditandai: Lewat satu tahun sejak TMT "+today().Add(-500).String(), "nomor surat")
		c.press("Usulkan", fields{"employee": string(late), "reason": "Anggaran baru tersedia"}).want(422).sees("Nomor surat wajib diisi.", "Anggaran baru tersedia")
		c.press("Usulkan", fields{"employee": string(late), "reason": "Anggaran baru tersedia", "letter": "800/77"}).want(200).sees("Ditandai", "Anggaran baru tersedia (surat nomor 800/77)")
		in.signIn(t, "organiser").open("/t/15/angkatan/"+string(first.ID)+"/peserta").want(200).sees("Ditandai", "Lewat satu tahun", "800/77")

		// Two waits that end differently: one is asked again at approval.
		elsewhere := ujiBatch(t, in, in.as(t, "tubanhost"), "I", 1, 30)
		second, err := in.nominations.Plead(sender, batch.Ref{Host: elsewhere.TenantID, ID: elsewhere.ID}, late, nomination.Plea{Reason: "Cadangan", Letter: "800/78"})
		check(t, err)

		_, all, err := in.nominations.List(organiser, ref)
		check(t, err)
		_, err = in.nominations.Approve(organiser, first.ID, all[0].ID)
		check(t, err)
		session(t, in, first, all)
		check(t, in.grading.Grade(organiser, first.ID))
		in.signIn(t, "organiser").open("/t/15/angkatan/"+string(first.ID)+"/nilai").want(200).sees("Predikat", "Sangat memuaskan", "Hari hadir", "1 hari", "4,00", "Sekali hitung.")
		check(t, in.grading.Recommend(head, first.ID))
		check(t, in.grading.Decree(head, first.ID, "800/1", today()))

		_, err = in.nominations.Approve(in.as(t, "tubanhost"), elsewhere.ID, second.ID)
		wants(t, "a second approval", err, fault.Conflict)
		third := ujiBatch(t, in, in.as(t, "tubanhost"), "II", 1, 60)
		_, err = in.nominations.Plead(sender, batch.Ref{Host: third.TenantID, ID: third.ID}, late, nomination.Plea{Reason: "Ulang", Letter: "800/79"})
		wants(t, "a second training", err, fault.Conflict)
		if f := fault.Of(err); f == nil || strings.Contains(f.Text, "Jambi") || strings.Contains(f.Text, "Tuban") {
			t.Errorf("it tells where: %v", f)
		}
		_, err = in.nominations.Propose(sender, batch.Ref{Host: third.TenantID, ID: third.ID}, cpns(t, in, "199801012026091902", today().Add(-60)))
		wants(t, "somebody else", err, nil)
		check(t, in.nominations.ConfirmName(authz.As(t.Context(), authz.Actor{Identity: all[0].IdentityID}), first.TenantID, all[0].ID))
		_, err = in.certificates.Generate(organiser, first.ID)
		check(t, err)
		_, err = in.certificates.Sign(head, first.ID)
		check(t, err)
		mine, err := in.certificates.Mine(authz.As(t.Context(), authz.Actor{Identity: all[0].IdentityID}))
		check(t, err)
		if mine[0].Statement != "lulus dengan predikat sm" || mine[0].JP != 4 {
			t.Errorf("the certificate is worded from %q, %d JP", mine[0].Statement, mine[0].JP)
		}
	})
}

// TestConfirmation: a rule-set that its course type calls unconfirmed is marked until the
// head has laid its decree before the government and somebody else has confirmed it; LAN's
// word outranks it, in every government.
func TestConfirmation(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		organiser, head := in.as(t, "organiser"), in.as(t, "head")
		b, _ := published(t, in, "I", 1, 0)
		host, sender := in.signIn(t, "organiser"), in.signIn(t, "sarolangun")
		marked := func(text string) {
			t.Helper()
			host.open("/t/15/angkatan/" + string(b.ID)).want(200).sees(text)
			host.open("/t/15/angkatan/" + string(b.ID) + "/sertifikat").want(200).sees(text)
			sender.open("/t/15-03/kiriman/15/" + string(b.ID)).want(200).sees(text)
		}
		marked("angkanya perlu konfirmasi.")
		d := program.Decree{CourseType: "bimtek", RuleSet: "bimtek-umum", Number: "10/2018", Day: today(), File: pdf}
		for what, change := range map[string]func(*program.Decree){
			"number": func(d *program.Decree) { d.Number = " " }, "day": func(d *program.Decree) { d.Day = civil.Date{} }, "file": func(d *program.Decree) { d.File = nil },
			"file ": func(d *program.Decree) { d.File = append(make([]byte, 5<<20), pdf...) }, "file  ": func(d *program.Decree) { d.File = []byte("PK naskah %%EOF") },
			"file   ": func(d *program.Decree) { d.File = []byte("%PDF-1.7 setengah") },
		} {
			wrong := d
			change(&wrong)
			err := in.programs.Declare(head, wrong)
			if f := fault.Of(err); f == nil || f.Field != strings.TrimSpace(what) {
				t.Errorf("%s: %v", what, err)
			}
		}
		verified := d
		verified.CourseType, verified.RuleSet = "uji", "uji-2020"
		wants(t, "nothing to confirm", in.programs.Declare(head, verified), fault.NotFound)
		wants(t, "by an organiser", in.programs.Declare(organiser, d), fault.Forbidden)
		check(t, in.programs.Declare(head, d))
		marked("angkanya perlu konfirmasi.")
		decree := func(as context.Context) string {
			all, err := in.programs.Doubts(as)
			check(t, err)
			for _, d := range all {
				if d.Rules.Key == "bimtek-umum" {
					return d.Decree.ID
				}
			}
			return ""
		}
		wants(t, "by the same person", in.programs.Confirm(head, decree(head)), fault.Forbidden)
		_, err := in.programs.Text(in.as(t, "tubanhost"), decree(head))
		wants(t, "another government's", err, fault.NotFound)
		host.open("/t/15/ketentuan").want(200).sees("Nomor 10/2018", "Perlu konfirmasi").press("Ketentuan cocok dengan naskah", nil).want(200).sees("Dikonfirmasi instansi")
		wants(t, "again", in.programs.Confirm(organiser, decree(head)), fault.Conflict)
		wants(t, "another text", in.programs.Declare(head, d), fault.Conflict)
		marked("dikonfirmasi instansi penyelenggara")
		host.open("/t/15/program").want(200).sees("Dikonfirmasi instansi")

		there, err := in.registry.ByCode("LAN")
		check(t, err)
		lan := func(role authz.Role) context.Context {
			return authz.As(context.Background(), authz.Actor{Identity: store.IdentityID(store.NewID()), Tenant: there.ID, Grants: []authz.Grant{{Role: role}}})
		}
		check(t, in.programs.Declare(lan(authz.Head), d))
		check(t, in.programs.Confirm(lan(authz.Organiser), decree(lan(authz.Head))))
		marked("dikonfirmasi LAN.")
		host.open("/t/15/jenis-pelatihan").want(200).sees("Dikonfirmasi LAN")
	})
}

// TestDecreeOperations: a program lays a decree before its government and another person's
// confirms it, as the pages do.
func TestDecreeOperations(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		head, organiser := in.signIn(t, "head"), in.signIn(t, "organiser")
		const api = "/api/v1/tenants/15"
		body := func(file []byte) string {
			sent, err := json.Marshal(map[string]string{"course": "bimtek", "rule_set": "bimtek-umum", "number": "10/2018", "day": today().String(), "file": base64.StdEncoding.EncodeToString(file)})
			check(t, err)
			return string(sent)
		}
		head.call("POST", api+"/decrees", body([]byte("PK"))).want(422).sees("bukan PDF yang utuh")
		organiser.call("POST", api+"/decrees", body(pdf)).want(403)
		head.call("POST", api+"/decrees", body(append(append([]byte{}, pdf...), append(make([]byte, 4<<20), "%%EOF"...)...))).want(204) // more than other routes take
		head.call("POST", api+"/decrees", body(pdf)).want(204)
		organiser.call("GET", api+"/unconfirmed-rule-sets", "").want(200).sees(`"number":"10/2018"`).missing("confirmed_at")
		var listed struct {
			RuleSets []struct {
				Course string
				Decree struct{ ID string }
			} `json:"rule_sets"`
		}
		check(t, json.Unmarshal([]byte(organiser.page.body), &listed))
		for _, r := range listed.RuleSets {
			if r.Decree.ID != "" {
				head.call("POST", api+"/decrees/"+r.Decree.ID+"/confirmation", "{}").want(403)
				organiser.call("POST", api+"/decrees/"+r.Decree.ID+"/confirmation", "{}").want(204)
				organiser.call("POST", api+"/decrees/"+r.Decree.ID+"/confirmation", "{}").want(409)
			}
		}
		organiser.call("GET", api+"/unconfirmed-rule-sets", "").want(200).sees(`"confirmed_at"`, `"confirmed_by"`)
	})
}
