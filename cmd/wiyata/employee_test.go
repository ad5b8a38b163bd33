package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// TestEmployeePages: an administrator puts up a unit, registers somebody into it,
// corrects them, and finds them again; what is refused comes back as it was typed.
func TestEmployeePages(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		rina := in.signIn(t, "sarolangun")
		rina.open("/t/15-03/unit").press("Tambah", fields{"name": "Dinas Kesehatan", "code": "Dinkes"}).want(200).sees("Dinas Kesehatan", "Perangkat daerah ditambahkan.")
		rina.press("Simpan perubahan", fields{"name": "BKPSDM"}).want(409).sees("sudah ada di tempat itu").press("Simpan perubahan", fields{"name": "Dinas Kesehatan Daerah"}).want(200)
		rina.click("Daftarkan pegawai").want(200)
		unit := rina.option("Dinas Kesehatan Daerah")
		typed := fields{"kind": "PPPK", "nip": "19910708 202321 2 00", "name": "Lina <b>Wati</b>", "title_after": "A.Md.Keb.", "unit": unit, "signs": "", "rank": "IX", "birth_day": "1991-07-09", "position": "=1+1"}
		rina.press("Daftarkan pegawai", typed).want(422).sees("NIP harus 18 digit, ini 17 digit", "Ada 1 yang perlu diperbaiki")
		if !strings.Contains(rina.page.body, `value="Lina &lt;b&gt;Wati&lt;/b&gt;"`) || rina.option("Dinas Kesehatan Daerah") != unit {
			t.Error("what was typed is lost")
		}
		rina.press("Daftarkan pegawai", fields{"nip": "19910708 202321 2 905", "signs": ""}).want(200).sees(
			"Pegawai terdaftar.", "Lina <b>Wati</b>, A.Md.Keb.", "Tanggal lahir berbeda dari NIP, yang menyebut 8 Juli 1991.", "Rina Marlina mendaftarkan pegawai ini.")
		at := rina.page.path
		rina.click("Ubah data").press("Simpan perubahan", fields{"signs": "1", "nik": "1503014807910001", "name": "Lina Wati", "reason": "KTP"}).want(200).sees(
			"•••• •••• •••• 0001", "Rina Marlina mengubah Nama dari Lina <b>Wati</b> menjadi Lina Wati.", "mengubah NIK").missing("1503014807910001")
		rina.click("Ubah data").want(200).missing("1503014807910001")
		stale := rina.page
		rina.press("Simpan perubahan", fields{"phone": "0812 0000 0905"}).want(200).sees("Rina Marlina mengisi Telepon: 081200000905.")
		rina.page = stale
		rina.press("Simpan perubahan", fields{"phone": "0812 0000 0999"}).want(409).sees("sudah diubah oleh Rina Marlina pada")
		if !strings.Contains(rina.page.body, "0812 0000 0999") {
			t.Error("what was typed is lost in the conflict")
		}
		rina.open("/t/15-03/pegawai?q=lin+wat&kind=PPPK&unit="+unit).want(200).sees("Lina Wati, A.Md.Keb.", "IX").missing("Andi Saputra")
		rina.open("/t/15-03/pegawai?q=zz").want(200).sees("Tidak ada pegawai yang cocok")
		rina.open(at).press("Nonaktifkan pegawai", fields{"reason": "Kontrak berakhir"}).want(200).sees("Nonaktif", "menonaktifkan pegawai ini. ", "Kontrak berakhir")
		rina.open("/t/15-03/pegawai?q=lina").want(200).missing("Lina Wati")
		rina.open("/t/15-03/pegawai?q=lina&status=inactive").want(200).sees("Lina Wati")

		for _, format := range []string{"XLSX", "CSV"} {
			rina.open("/t/15-03/pegawai?status=all").press(format, nil).want(200)
			if got := rina.page.header.Get("Content-Disposition"); got != `attachment; filename="pegawai-15-03.`+strings.ToLower(format)+`"` {
				t.Errorf("%s comes as %s", format, got)
			}
			table, err := sheet.Open(strings.NewReader(rina.page.body), int64(len(rina.page.body)), "", sheet.Limits{})
			check(t, err)
			found := map[string]string{} // name → NIP and position
			for {
				row, err := table.Next()
				if err == io.EOF {
					break
				}
				check(t, err)
				found[row.At(0).Text] = row.At(2).Text + " " + row.At(12).Text
				for _, c := range row.Cells {
					if c.Formula || strings.Contains(c.Text, "150301") {
						t.Errorf("%s holds %+v", format, c)
					}
				}
			}
			check(t, table.Close())
			if found["Lina Wati, A.Md.Keb."] != "199107082023212905 =1+1" || found["Andi Saputra, S.E."] != "199003152015031901 Analis Kebijakan Ahli Pertama" || len(found) != 4 {
				t.Errorf("%s holds %q", format, found)
			}
			if format == "CSV" && !bytes.Contains([]byte(rina.page.body), []byte(`'=1+1`)) {
				t.Error("a formula stands open in the CSV")
			}
		}
		rina.open("/t/15-03/pegawai?cursor=x").want(422).sees("Mulai lagi dari halaman pertama")
	})
}

// TestEmployeePagesDoNotGrow: the pages of the register make as many statements for
// sixty people and nine units as for a few, and a page shows thirty.
func TestEmployeePagesDoNotGrow(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		admin, rina := in.as(t, "sarolangun"), in.signIn(t, "sarolangun")
		u, err := in.employees.AddUnit(admin, employee.Unit{Name: "Badan"})
		check(t, err)
		id, err := in.employees.Register(admin, employee.Employee{Kind: employee.NonASN, BareName: "Aan", UnitID: u.ID, Active: true})
		check(t, err)
		pages := []string{"/t/15-03/pegawai", "/t/15-03/pegawai?q=a&unit=" + string(u.ID), "/t/15-03/pegawai/baru", "/t/15-03/pegawai/" + string(id), "/t/15-03/pegawai/" + string(id) + "/ubah",
			"/t/15-03/unit", "/t/15-03/unit/" + string(u.ID), "/api/v1/tenants/15-03/employees", "/api/v1/tenants/15-03/employees/" + string(id), "/api/v1/tenants/15-03/units"}
		count := func() (statements []int) {
			for _, path := range pages {
				spans.Reset()
				rina.open(path).want(200)
				_, n := cost()
				statements = append(statements, n)
			}
			return statements
		}
		few := count()
		for i := range 60 {
			_, err := in.employees.Register(admin, employee.Employee{Kind: employee.NonASN, BareName: fmt.Sprintf("Agus %02d", i), UnitID: u.ID, Active: true})
			check(t, err)
			e := employee.Employee{Kind: employee.NonASN, BareName: "Aan", UnitID: u.ID, Position: fmt.Sprint(i)}
			_, err = in.employees.Change(admin, id, i+1, e, "")
			check(t, err)
			if i%8 == 0 {
				_, err := in.employees.AddUnit(admin, employee.Unit{Name: fmt.Sprint("Bidang ", i), ParentID: u.ID})
				check(t, err)
			}
		}
		for i, n := range count() {
			if n != few[i] || n > 20 {
				t.Errorf("%s makes %d statements for few, %d for many", pages[i], few[i], n)
			}
		}
		rina.open("/t/15-03/pegawai?q=agus").want(200)
		if n := strings.Count(rina.page.body, "/t/15-03/pegawai/01"); n != 30 {
			t.Errorf("a page shows %d people", n)
		}
		rina.click("Halaman berikutnya").want(200).sees("Agus 30", "Agus 59").missing("Agus 29")
		t.Logf("statements per page, BEGIN and COMMIT included: %v", few)
	})
}
