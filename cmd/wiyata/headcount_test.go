package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

// counted adds n people of g to the government with that code, from day on.
func counted(t *testing.T, in *installation, code, day string, g stat.Group, n int) {
	t.Helper()
	ctx := context.Background()
	at, err := civil.ParseDate(day)
	check(t, err)
	check(t, in.db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: in.government(t, code)}, "", func(tx *store.Tx) error {
		return stat.AddHeadcount(ctx, tx, g, at, n)
	}))
}

// TestHeadcountPages: the nation by province, drilled into; a province sees its own; as
// of an earlier day; what is not known is not zero; as table and as JSON; and each look
// stands in the overseer's own trail, before what is shown.
func TestHeadcountPages(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		ctx, in := context.Background(), idle(t, db)
		part := stat.Group{Employment: "PPPK_PART_TIME"}
		counted(t, in, "15", "2025-03-01", part, 12_345)
		counted(t, in, "15", "2026-01-01", part, -12_345) // all gone: zero, and not unknown
		counted(t, in, "35", "2025-03-01", stat.Group{Employment: "PNS", Sex: stat.Female}, 1)

		const page = "/t/lan/pengawasan/pegawai"
		c := in.signIn(t, "overseer")
		c.open(page).want(200).sees("1. Provinsi Jambi 3 3 0 0 0 0 2 1 0 3 dari 12", "2. Provinsi Jawa Timur 1 1", "Provinsi Aceh tanpa data", "0 dari 24",
			"Arti angka ini", "bukan nol", "WIB. Bahwa Anda melihat", "Pemerintah daerah melapor 4 dari 546")
		if n := strings.Count(c.page.body, `<li class="c`); n != 38 {
			t.Errorf("the map has %d tiles", n)
		}
		c.open(page+"?tanggal=2025-06-30").want(200).sees("1. Provinsi Jambi 12.345 0 0 0 12.345 0 0 0 12.345 1 dari 12", "Keadaan 30 Juni 2025")
		c.open(page+"?provinsi=15").want(200).sees("Jumlah pegawai di Provinsi Jambi", "1. Kabupaten Sarolangun 2", "2. Kota Jambi 1", "3. Provinsi Jambi 0 0", "Kabupaten Kerinci tanpa data").missing("Jawa Timur")
		c.open(page + "?provinsi=15.03").want(404)
		c.open(page + "?tanggal=2999-01-01").want(422).sees("Tanggal ini belum tiba.")
		c.open(page + "?tanggal=kemarin").want(422).sees("Ini bukan tanggal.")
		if !strings.Contains(c.page.body, `value="kemarin"`) {
			t.Error("what was typed is gone")
		}

		rows := table(t, c.open(page+"/unduh?format=csv&provinsi=15").want(200).page.body)
		if len(rows) != 13 || strings.Join(rows[1][:4], ";") != "15.03;Kabupaten Sarolangun;2;2" || rows[12][2] != "" {
			t.Errorf("the table has %d rows: %v", len(rows), rows)
		}
		if xlsx := table(t, c.open(page+"/unduh?provinsi=15").want(200).page.body); len(xlsx) != len(rows) || xlsx[1][1] != rows[1][1] {
			t.Errorf("XLSX has the rows %v", xlsx)
		}
		var out struct {
			Day  string
			Rows []struct {
				Code  string
				Total *int
			}
		}
		c.call("GET", "/api/v1/tenants/lan/oversight/headcounts?day=2025-06-30", "").want(200)
		check(t, json.Unmarshal([]byte(c.page.body), &out))
		if len(out.Rows) != 38 || out.Day != "2025-06-30" || *out.Rows[0].Total != 12_345 || out.Rows[37].Total != nil {
			t.Errorf("JSON: %+v", out)
		}

		check(t, in.accounts.Give(authz.AsSystem(ctx, in.government(t, "15")), in.ids["head"], authz.Overseer, ""))
		c = in.signIn(t, "head")
		c.open("/t/15/pengawasan/pegawai").want(200).sees("Jumlah pegawai di Provinsi Jambi", "1. Kabupaten Sarolangun 2").missing("Jawa Timur")
		c.open("/t/15/pengawasan/pegawai?provinsi=35").want(404)

		var objects []string
		check(t, db.View(ctx, store.Reach{Door: store.DoorRead, Tenant: in.government(t, "15")}, func(tx *store.Tx) error {
			return tx.NewRaw("SELECT object FROM audit_line WHERE tenant_id = ? AND permission = 'oversight:read' AND kind = 'headcount' AND actor = ? AND role = 'overseer' ORDER BY id",
				tx.Tenant, in.ids["head"]).Scan(ctx, &objects)
		}))
		if diff := cmp.Diff([]string{today().String(), today().String() + " 35"}, objects); diff != "" {
			t.Errorf("lines of the province's overseer (-want +got):\n%s", diff)
		}
	})
}
