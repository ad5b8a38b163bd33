package main

import (
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
)

// TestSettingsPages: a colour is tried before it is stored; two who have read the same
// version see both of theirs; the look and the language reach a visitor.
func TestSettingsPages(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		const page = "/t/15/pengaturan"
		first, second := in.signIn(t, "admin15"), in.signIn(t, "admin15")
		first.open(page).want(200).press("Periksa warna saja", fields{"accent": "1f4276"}).want(200).sees("Warna ini terlalu gelap", "#1F4276", ": 1")
		first.press("Periksa warna saja", fields{"accent": "biru"}).want(422).sees("Warna \"biru\" tidak dikenal")
		second.open(page).missing("/gaya/")

		first.open(page).press("Simpan & pratinjau", fields{"body": "BPSDM Satu", "accent": "#2B8FA3", "motif": "pilin", "help": "0741 40000"}).want(200).sees("Pengaturan disimpan", "BPSDM Satu", "0741 40000")
		if !strings.Contains(first.page.body, `href="/gaya/2b8fa3-`) || !strings.Contains(first.page.body, `class="weave pilin"`) {
			t.Error("the page after saving has not the colour and the weave that were saved")
		}
		second.press("Simpan & pratinjau", fields{"body": "BPSDM Dua", "language": "en"}).want(409).sees("sudah disimpan orang lain", "Tersimpan sekarang", "BPSDM Satu", "Isian Anda", "BPSDM Dua")
		second.press("Simpan & pratinjau", fields{}).want(200).sees("BPSDM Dua")

		visitor := in.visitor(t)
		visitor.open("/t/15").want(200).sees("BPSDM Dua", "Running and coming", "No training is scheduled yet")
		if visitor.page.path != "/p/15" || !strings.Contains(visitor.page.body, `<html lang="en"`) {
			t.Errorf("a visitor is led to %s", visitor.page.path)
		}
		visitor.cookies["lang"] = "id"
		visitor.open("/p/15").sees("Berjalan dan akan datang").missing("Running and coming")
		in.visitor(t).open("/p/35-23").want(200).sees("Kabupaten Tuban", "Berjalan dan akan datang").missing("/gaya/")

		first.open(page + "/hari-kerja?mulai=2017-09-25&selesai=2017-10-04").want(200).sees("8 work days") // the tenant's pages are English now
		first.open(page + "/hari-kerja?mulai=2017-09-25&selesai=kemarin").want(422)
		first.open(page + "/hari-libur?tahun=2027").want(200).sees("Selasa, 17 Agustus 2027")
	})
}
