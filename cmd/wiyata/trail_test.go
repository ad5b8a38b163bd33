package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
)

// audited is an installation whose story is told and sealed, and the browser of the
// organiser in Jambi, who has been made its auditor as well.
func audited(t *testing.T, db *store.DB) (*installation, *client) {
	t.Helper()
	ctx, in := context.Background(), finished(t, db)
	check(t, in.accounts.Give(authz.AsSystem(ctx, in.government(t, "15")), in.ids["organiser"], authz.Role("auditor"), ""))
	check(t, in.sealer.Seal(ctx))
	return in, in.signIn(t, "organiser")
}

// TestTrailPage: the tenant's own lines as sentences with names, newest first, by
// pages; filters; nothing of another tenant; the same as table and as JSON.
func TestTrailPage(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in, c := audited(t, db)
		const page = "/t/15/jejak-audit"
		c.open(page).want(200).sees("Yusuf Hadi menyetujui usulan peserta", "Nurhayati menandatangani sertifikat", "sebagai Kepala badan",
			"Sistem mengubah peran seseorang", "Andi Saputra, S.E. mengonfirmasi nama untuk sertifikat", "Disegel", "nomination:verify")
		c.missing("Rina Marlina", "mengusulkan peserta") // who proposed did so in Sarolangun's name
		if first, last := strings.Index(c.page.body, "menandatangani sertifikat"), strings.Index(c.page.body, "membuka program"); first > last {
			t.Error("the oldest line comes first")
		}
		c.open(page+"?jenis=nomination").want(200).sees("menyetujui usulan peserta", "mengonfirmasi nama").missing("menandatangani sertifikat")
		c.open(page+"?orang="+string(in.ids["head"])).want(200).sees("menandatangani sertifikat", "Tampilkan semua orang").missing("menyetujui usulan")
		c.open(page + "?dari=" + today().String() + "&sampai=" + today().String()).want(200).sees("menandatangani sertifikat")
		c.open(page + "?sampai=2020-01-01").want(200).sees("Tidak ada tindakan yang cocok.")
		c.open(page + "?dari=kemarin").want(422).sees("Hari pertama bukan tanggal.")
		c.open(page + "?dari=2026-02-01&sampai=2026-01-01").want(422).sees("Hari terakhir mendahului hari pertama.")
		if !strings.Contains(c.page.body, `value="2026-02-01"`) {
			t.Error("what was typed is gone")
		}

		for n := range 60 {
			_, err := in.programs.Open(in.as(t, "organiser"), fmt.Sprintf("Bimtek %d", n), "bimtek", "1.0.0", "bimtek-umum")
			check(t, err)
		}
		c.open(page).want(200).sees("Belum disegel").missing("menyetujui usulan peserta")
		at := strings.Index(c.page.body, "sebelum=")
		if at < 0 {
			t.Fatal("no way to older lines")
		}
		c.open(page + "?" + c.page.body[at:at+len("sebelum=")+36]).want(200).sees("menyetujui usulan peserta")

		file := c.open(page + "/unduh?format=csv&jenis=nomination").want(200).page
		rows := table(t, file.body)
		if len(rows) != 5 || !strings.Contains(strings.Join(rows[0], ";"), "Siapa;Sebagai;Tindakan") || !strings.Contains(strings.Join(rows[4], ";"), "Yusuf Hadi;Penyelenggara;menyetujui usulan peserta") {
			t.Errorf("the table has %d rows: %v", len(rows), rows)
		}
		if got := table(t, c.open(page+"/unduh?jenis=nomination").want(200).page.body); len(got) != len(rows) {
			t.Errorf("XLSX has %d rows, CSV %d", len(got), len(rows))
		}

		var out struct {
			Lines []struct{ ID, Name, Permission string }
			Next  string
		}
		c.call("GET", "/api/v1/tenants/15/audit-lines?"+url.Values{"kind": {"nomination"}}.Encode(), "").want(200)
		check(t, json.Unmarshal([]byte(c.page.body), &out))
		if len(out.Lines) != 4 || out.Next != "" || out.Lines[3].Name != "Yusuf Hadi" {
			t.Errorf("JSON: %+v", out)
		}
		c.call("GET", "/api/v1/tenants/15/audit-lines", "").want(200)
		check(t, json.Unmarshal([]byte(c.page.body), &out))
		if len(out.Lines) != 50 || out.Next != out.Lines[49].ID {
			t.Errorf("%d lines and next %q", len(out.Lines), out.Next)
		}
		c.call("GET", "/api/v1/tenants/15/audit-lines?from=kemarin", "").want(422)
	})
}

// table reads a table that was downloaded.
func table(t *testing.T, body string) (rows [][]string) {
	t.Helper()
	r, err := sheet.Open(strings.NewReader(body), int64(len(body)), "", sheet.Limits{})
	check(t, err)
	defer r.Close()
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows
		}
		check(t, err)
		var cells []string
		for _, c := range row.Cells {
			cells = append(cells, c.Text)
		}
		rows = append(rows, cells)
	}
}

// TestTrailCheck: the button says that the chain is whole, and that it is not once a
// line has been changed, cut off or left open; of another tenant's chain it says nothing.
func TestTrailCheck(t *testing.T) {
	const jambi = "(SELECT tenant_id FROM tenant_era WHERE code = '15')"
	for _, tc := range []struct{ name, tamper, want string }{
		{"untouched", "", "UTUH"},
		{"line changed", "UPDATE audit_line SET object = 'lain' WHERE seq = 2 AND tenant_id = " + jambi, "TIDAK COCOK"},
		{"tail cut off", "DELETE FROM audit_line WHERE seq = (SELECT seq FROM audit_head WHERE tenant_id = " + jambi + ") AND tenant_id = " + jambi, "TIDAK COCOK"},
		{"head gone", "DELETE FROM audit_head WHERE tenant_id = " + jambi, "TIDAK COCOK"},
		{"left open", "UPDATE audit_line SET at = '2020-01-01 00:00:00+00:00' WHERE hash IS NULL AND tenant_id = " + jambi, "TIDAK COCOK"},
		{"another's line changed", "UPDATE audit_line SET object = 'lain' WHERE seq = 2 AND tenant_id = (SELECT tenant_id FROM tenant_era WHERE code = '15.03')", "UTUH"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			template.Each(t, func(t *testing.T, db *store.DB) {
				in, c := audited(t, db)
				_, err := in.programs.Open(in.as(t, "organiser"), "Bimtek", "bimtek", "1.0.0", "bimtek-umum") // not sealed yet
				check(t, err)
				if tc.tamper != "" {
					behind(t, db, tc.tamper)
				}
				c.open("/t/15/jejak-audit/periksa").want(200).sees(tc.want)
				var out struct{ Findings []json.RawMessage }
				c.call("GET", "/api/v1/tenants/15/audit-lines/verification", "").want(200)
				check(t, json.Unmarshal([]byte(c.page.body), &out))
				if (len(out.Findings) == 0) != (tc.want == "UTUH") {
					t.Errorf("JSON: %s", c.page.body)
				}
			})
		})
	}
}
