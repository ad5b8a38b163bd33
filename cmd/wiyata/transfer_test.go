package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// TestTransferPages: whoever registers somebody in service elsewhere is led to ask for
// them, by a form that carries the number and no address does; the other government
// holds, then agrees, and the running jobs move the person.
func TestTransferPages(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := install(t, db)
		const nip = "199207112019032903" // Maya's, of Kota Jambi
		rina, dedi := in.signIn(t, "sarolangun"), in.signIn(t, "kotajambi")
		rina.open("/t/15-03/pegawai/baru").press("Daftarkan pegawai", fields{"nip": nip, "name": "Maya Anggraini", "title_after": "S.IP.", "signs": ""}).want(409).sees("Ajukan mutasi dengan surat keputusannya").missing("Kota Jambi")
		rina.press("Ajukan mutasi masuk", nil).want(200)
		if !strings.Contains(rina.page.body, `value="`+nip+`"`) || !strings.Contains(rina.page.body, `value="Maya Anggraini, S.IP."`) || strings.Contains(rina.page.path, nip) {
			t.Errorf("the form at %s does not carry what was typed", rina.page.path)
		}
		rina.press("Kirim permintaan", fields{"from": rina.option("15.71 "), "decree_number": "824/115", "decree_day": today().String(), "decree_signer": ""}).want(422).sees("Penanda tangan surat keputusan wajib diisi.")
		rina.press("Kirim permintaan", fields{"decree_signer": "Gubernur Jambi", "effective_day": today().String()}).want(200).sees("Permintaan dikirim; menunggu jawaban.", "Menunggu jawaban", "824/115")
		at := rina.page.path
		id := at[strings.LastIndex(at, "/")+1:]

		dedi.open("/t/15-71/mutasi").click("Maya Anggraini, S.IP.").want(200).sees("Kabupaten Sarolangun meminta pegawai ini", "Jangka 14 hari ini ketentuan platform dan belum dikonfirmasi")
		dedi.press("Tahan mutasi", fields{"reason": "Serah terima aset", "until": "2020-01-01"}).want(422).sees("sesudah hari ini")
		if !strings.Contains(dedi.page.body, "Serah terima aset") {
			t.Error("the reason that was typed is lost")
		}
		dedi.press("Tahan mutasi", fields{"reason": "Serah terima aset", "until": soon().String()}).want(200).sees("Mutasi ditahan.", "Serah terima aset")
		rina.open(at).want(200).sees("Ditahan sampai", "Serah terima aset").missing("Mohon penetapan")
		dedi.press("Cabut penahanan", nil).want(200).sees("Penahanan dicabut.")
		dedi.press("Setujui mutasi", nil).want(200).sees("Mutasi disetujui.")
		in.settled(t)
		rina.open(at).want(200).sees("Sudah pindah", "Pegawai tercatat di Kabupaten Sarolangun sejak")
		rina.open("/t/15-03/pegawai?q=" + nip).want(200).sees("Maya Anggraini, S.IP.")
		dedi.open("/t/15-71/mutasi/"+id).want(200).sees("Sudah pindah").click("Buka data pegawai ini").want(200).sees("Nonaktif", "mencatat pindahnya pegawai ini. ", "SK 824/115")
		in.visitor(t).open("/masuk").press("Masuk", fields{"login": "maya@kotajambi.example", "password": sample.Password}).want(200) // the same sign-in
	})
}

// TestTransferPagesDoNotGrow: the lists and a request make as many statements for forty
// requests as for one, and a page shows thirty.
func TestTransferPagesDoNotGrow(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		admin, rina := in.as(t, "sarolangun"), in.signIn(t, "sarolangun")
		ask := func(i int) employee.TransferID {
			asked, err := in.transfers.Ask(admin, employee.Transfer{PartyID: in.government(t, "15.71"), NIP: fmt.Sprintf("1980010120050110%02d", 10+i), Name: fmt.Sprintf("Agus %02d", i),
				DecreeNumber: "1", DecreeDay: today(), DecreeSigner: "Gubernur", EffectiveDay: today()})
			check(t, err)
			return asked.ID
		}
		pages := []string{"/t/15-03/mutasi?arah=keluar", "/t/15-03/mutasi", "/t/15-03/mutasi/" + string(ask(0)), "/t/15-03/penetapan-mutasi", "/api/v1/tenants/15-03/transfers?direction=outgoing"}
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
		for i := range 39 {
			ask(i + 1)
		}
		for i, n := range count() {
			if n != few[i] || n > 20 {
				t.Errorf("%s makes %d statements for few, %d for many", pages[i], few[i], n)
			}
		}
		rina.open(pages[0]).want(200).sees("Agus 39", "Agus 10").missing("Agus 09")
		rina.click("Halaman berikutnya").want(200).sees("Agus 09", "Agus 00").missing("Agus 10")
		t.Logf("statements per page, BEGIN and COMMIT included: %v", few)
	})
}
