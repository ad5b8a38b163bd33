package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/plugins/host"
)

// TestOperatorsCatalogue: an operator sees what is installed and what it may, stops a
// version with a reason and lets it run again, by page and by operation; others do not.
func TestOperatorsCatalogue(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		makeOperator(t, db, in.ids["tubanhost"])
		c := in.signIn(t, "tubanhost")
		const page, api = "/operator/jenis-pelatihan", "/api/v1/operator/guests"
		c.open(page).want(200).sees("bimtek versi 1.0.0", "uji versi 1.0.0", "Penyedia wiyata", "Menunggu")
		c.open(page+"/uji/1.0.0").want(200).sees("tanpa jaringan, tanpa berkas, tanpa nama peserta", "golongan, tanggal mulai pengangkatan, riwayat pelatihan jenis yang sama",
			"Uji 2020", "Terkonfirmasi", "Uji 2015", "Perlu konfirmasi", "Berjalan", "1 kali dimulai")
		c.open(page + "/uji/1.0.0/nonaktifkan").want(200)
		c.press("Nonaktifkan versi ini", fields{"reason": " "}).want(422).sees("Alasan wajib diisi.", "Prosesnya dihentikan")
		c.press("Nonaktifkan versi ini", fields{"reason": "Salah <hitung>"}).want(200).sees("Versi ini dinonaktifkan.", "Nonaktif sejak", "Salah <hitung>", "0 di antaranya gagal dijawab").missing("Uji 2020")
		c.open(page).want(200).sees("Nonaktif sejak")
		in.signIn(t, "organiser").open("/t/15/jenis-pelatihan").want(200).sees("Tidak menjawab")
		c.call("GET", api+"/uji/1.0.0", "").want(200).sees(`"state":"disabled"`, `"answers":false`)
		c.call("PATCH", api+"/uji/1.0.0", `{"enabled":true,"reason":"Sudah benar"}`).want(204)
		c.call("PATCH", api+"/uji/7.0.0", `{"enabled":true,"reason":"Sudah benar"}`).want(404)
		c.call("GET", api, "").want(200).sees(`"course":"uji","version":"1.0.0","vendor":"wiyata","enabled":true,"reason":"Sudah benar"`)
		manifest, err := os.ReadFile(filepath.Join(guestDir, "uji@1.0.0", "manifest.json"))
		check(t, err)
		sum := fmt.Sprintf("%x", sha256.Sum256(manifest))
		c.call("GET", api+"/uji/1.0.0", "").want(200).sees(`"answers":true`, `"key":"uji-2020"`, publicKey(guestSeed), sum, `"key_revoked":false`)

		for _, who := range []string{"organiser", "head", "admin15"} {
			ctx := in.as(t, who)
			_, err := in.installed.List(ctx)
			wants(t, "list by "+who, err, fault.Forbidden)
			_, err = in.installed.Find(ctx, "uji", "1.0.0")
			wants(t, "find by "+who, err, fault.Forbidden)
			wants(t, "switch by "+who, in.installed.Switch(ctx, "uji", "1.0.0", false, "Coba"), fault.Forbidden)
		}
		_, err = in.guests.RevokeKey(authz.AsSystem(context.Background(), 0), publicKey(guestSeed), "Kunci bocor")
		check(t, err)
		c.open(page+"/uji/1.0.0").want(200).sees("dicabut", "Kunci bocor")
		for _, g := range in.host.List() {
			if g.State == host.Disabled {
				t.Errorf("%s is disabled in the end", g.ID())
			}
		}
	})
}
