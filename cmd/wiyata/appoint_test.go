package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

var codeShown = regexp.MustCompile(`[0-9A-Z]{4}(-[0-9A-Z]{4}){3}`)

// TestOperatorAppoints: an operator appoints a government's first administrator, who
// comes in with the code and gives roles; a role that is not theirs to appoint is
// refused, with what was typed kept.
func TestOperatorAppoints(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		makeOperator(t, db, in.ids["tubanhost"])
		operator := in.signIn(t, "tubanhost")
		operator.open(fmt.Sprintf("/operator/pemerintah/%d", in.government(t, "35.22"))).click("Tunjuk pejabat").want(200).sees("Kabupaten Bojonegoro")
		operator.press("Tunjuk pejabat", fields{"login": "sri@bojonegoro.example", "name": "Sri Wahyuni", "role": "tenant_admin", "reason": ""}).want(422).sees("Alasan")
		if !strings.Contains(operator.page.body, `value="sri@bojonegoro.example"`) {
			t.Error("what was typed is lost")
		}
		operator.press("Tunjuk pejabat", fields{"reason": "SK Bupati 1/2026"}).want(200).sees("Kode untuk Sri Wahyuni", "Kabupaten Bojonegoro")
		code := codeShown.FindString(operator.page.body)
		if code == "" {
			t.Fatal("no code is shown")
		}
		sri := in.visitor(t)
		sri.open("/aktivasi").press("Aktifkan dan masuk", fields{"code": code, "password": "kata sandi baru sri", "again": "kata sandi baru sri"})
		sri.open("/t/35-22/akses").want(200).sees("Sri Wahyuni", "Admin instansi")
		sri.open("/operator/penunjukan/1").want(403)
	})
}

// TestNationalHolidays: what an operator or the command line registers for the nation
// holds in every government, and only there where it was registered it is taken back.
func TestNationalHolidays(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in, ctx, dsn := idle(t, db), context.Background(), addressOf(t, db)
		makeOperator(t, db, in.ids["tubanhost"])
		operator := in.signIn(t, "tubanhost")
		const page = "/operator/hari-libur?tahun=2027"
		operator.open(page).want(200).sees("Proklamasi Kemerdekaan").press("Catat hari libur", fields{"day": "2027-03-10", "name": "Idulfitri (contoh)", "kind": "holiday", "decree": ""}).want(422).sees("Dasar hari libur")
		operator.press("Catat hari libur", fields{"decree": "SKB contoh"}).want(200).sees("Hari libur dicatat.", "Idulfitri (contoh)")
		operator.press("Catat hari libur", fields{"day": "2027-03-10", "name": "Lagi", "kind": "leave", "decree": "SKB contoh"}).want(409).sees("sudah terdaftar")
		run := func(args ...string) (string, error) {
			var out strings.Builder
			err := holidayCmd(ctx, append(args, "-database", dsn), &out)
			return out.String(), err
		}
		_, err := run("add", "-day", "2027-03-11", "-name", "Cuti Idulfitri (contoh)", "-kind", "leave", "-decree", "SKB contoh", "-checked")
		check(t, err)
		if _, err := run("add", "-day", "2027-03-11", "-name", "Dua kali", "-kind", "leave", "-decree", "SKB contoh"); err == nil || !strings.Contains(err.Error(), "sudah terdaftar") {
			t.Errorf("a second time: %v", err)
		}
		out, err := run("list", "-year", "2027")
		check(t, err)
		if !strings.Contains(out, "2027-03-10") || !strings.Contains(out, "Cuti Idulfitri (contoh)") || strings.Count(out, "\n") != 7 {
			t.Errorf("list:\n%s", out)
		}
		admin := in.signIn(t, "admin15")
		admin.open("/t/15/pengaturan/hari-libur?tahun=2027").want(200).sees("Idulfitri (contoh)", "Cuti Idulfitri (contoh)")
		if strings.Contains(admin.page.body, "/hapus") {
			t.Error("a government may take back the nation's days off")
		}
		operator.open(page).press("Hapus", nil).want(200).sees("Hari libur dihapus.")
		var who, as string
		check(t, db.View(ctx, store.Reach{Door: store.DoorRead, Tenant: tenants.Kemendagri}, func(tx *store.Tx) error {
			return tx.NewRaw("SELECT actor, role FROM audit_line WHERE tenant_id = ? ORDER BY id LIMIT 1", tenants.Kemendagri).Scan(ctx, &who, &as)
		}))
		if who != string(in.ids["tubanhost"]) || as != "almanac" {
			t.Errorf("the trail says that %q did it as %q", who, as)
		}
	})
}

// TestCodesFromTheRegister: an administrator lets a unit's people in, prints or
// downloads their codes, and resets one of them, all from the register; who lets people
// in without seeing the register does not see it here either.
func TestCodesFromTheRegister(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		admin, rina := in.as(t, "sarolangun"), in.signIn(t, "sarolangun")
		u, err := in.employees.AddUnit(admin, employee.Unit{Name: "Puskesmas Batang Asai"})
		check(t, err)
		id, err := in.employees.Register(admin, employee.Employee{Kind: employee.NonASN, BareName: "Tuti", UnitID: u.ID, Active: true})
		check(t, err)
		_, err = in.employees.Register(admin, employee.Employee{Kind: employee.NonASN, BareName: "Udin", UnitID: u.ID, Active: true})
		check(t, err)
		rina.open("/t/15-03/unit/"+string(u.ID)).click("Lihat pegawainya").press("Buat kode aktivasi", nil).want(200).sees("Tuti", "Udin", "Hanya ditampilkan sekali").missing("Andi Saputra")
		if codes := codeShown.FindAllString(rina.page.body, -1); len(codes) != 2 || codes[0] == codes[1] {
			t.Fatalf("codes: %v", codes)
		}
		rina.click("Kembali ke pegawai").press("Buat kode, sebagai XLSX", nil).want(200)
		if got := rina.page.header.Get("Content-Disposition"); got != `attachment; filename="kode-aktivasi.xlsx"` {
			t.Errorf("comes as %s", got)
		}
		rina.open("/t/15-03/pegawai/"+string(id)).press("Buat kode aktivasi", nil).want(200).sees("Tuti").missing("Udin")
		tuti, password := in.visitor(t), "kata sandi baru tuti"
		tuti.open("/aktivasi").press("Aktifkan dan masuk", fields{"code": codeShown.FindString(rina.page.body), "password": password, "again": password})
		tuti.open("/saya").want(200)
		rina.open("/t/15-03/pegawai/"+string(id)).press("Buat kode aktivasi", nil).want(200).sees("Tidak perlu")
		rina.open("/t/15-03/pegawai/"+string(id)).click("Atur ulang akun").want(200).press("Atur ulang akun Tuti", fields{"reason": ""}).want(422)
		rina.press("Atur ulang akun Tuti", fields{"reason": "Datang sendiri dengan KTP"}).want(200).sees("Tuti")
		if tuti.open("/saya"); !strings.HasPrefix(tuti.page.path, "/masuk") {
			t.Errorf("a session has outlived the reset: %s", tuti.page.path)
		}
		_, err = in.employees.Codes(in.as(t, "organiser"), employee.Filter{})
		if err == nil {
			t.Error("an organiser makes codes")
		}
	})
}
