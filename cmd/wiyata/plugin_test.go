package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/platform/telemetry"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
)

// vendorSeed and otherSeed are the private keys of two vendors.
var (
	vendorSeed = bytes.Repeat([]byte{1}, 32)
	otherSeed  = bytes.Repeat([]byte{2}, 32)
)

// TestPluginCommand tells the life of a vendor's guest on the command line: what is
// refused says in one line what is wrong and the cure.
func TestPluginCommand(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		t.Setenv("WIYATA_DATABASE", addressOf(t, db))
		dir := t.TempDir()
		made := func(vendor, name, version string, seed []byte) string {
			folder, err := madeGuest(dir, vendor, name, version, seed)
			check(t, err)
			return folder
		}
		key := filepath.Join(dir, "key")
		check(t, os.WriteFile(key, []byte(strings.Repeat("01", 32)), 0o600))
		swapped := made("pt-guna", "swapped", "1.0.0", vendorSeed)
		check(t, os.WriteFile(filepath.Join(swapped, "guest"), []byte("1.0.1"), 0o600))
		unsigned := made("pt-guna", "unsigned", "1.0.0", vendorSeed)
		check(t, os.Remove(filepath.Join(unsigned, "manifest.sig")))
		first := made("pt-guna", "prajab", "1.2.0", vendorSeed)
		for _, tc := range []struct {
			args string
			want string // of what is said; "" = nothing
			fail bool
		}{
			{"", "plugin what?", true},
			{"key", "plugin what?", true},
			{"add", "plugin what?", true},
			{"list extra", "plugin what?", true},
			{"key add -vendor pt-guna -key 12", "64 angka heksadesimal", true},
			{"key add -vendor PT -key " + publicKey(vendorSeed), `Nama penyedia "PT" tidak sah`, true},
			{"add " + first, "pt-guna tidak punya kunci", true},
			{"key add -vendor pt-guna -key " + publicKey(vendorSeed), "", false},
			{"key add -vendor pt-guna -key " + publicKey(vendorSeed), "", false}, // again, without harm
			{"key add -vendor pt-lain -key " + publicKey(vendorSeed), "sudah terdaftar untuk penyedia pt-guna", true},
			{"key add -vendor pt-lain -key " + publicKey(otherSeed), "", false},
			{"sign -key /nowhere " + first, "there is no file /nowhere", true},
			{"sign -key " + key + " " + first, publicKey(vendorSeed), false},
			{"add " + first, "prajab@1.2.0 dari pt-guna terpasang", false},
			{"add " + first, "prajab@1.2.0 dari pt-guna terpasang", false}, // again, without harm
			{"add " + swapped, "hilang atau berbeda dari manifesnya", true},
			{"add " + unsigned, "manifest.sig tidak ada", true},
			{"add " + made("pt-guna", "latsar", "1.0.0", otherSeed), "Tanda tangan latsar@1.0.0 bukan milik penyedia pt-guna", true},
			{"add " + made("pt-lain", "prajab", "1.3.0", otherSeed), "Nama prajab sudah dipakai penyedia pt-guna", true},
			{"add " + made("pt-guna", "prajab", "1.1.9", vendorSeed), "prajab@1.1.9 lebih rendah daripada versi 1.2.0", true},
			{"add " + made("pt-guna", "prajab", "1.10.0", vendorSeed), "terpasang", false}, // side by side
			{"disable prajab@1.10.0", "Alasan wajib diisi", true},
			{"disable -reason Salah prajab@9.9.9", "prajab@9.9.9 tidak terpasang", true},
			{"disable -reason Keliru prajab@1.10.0", "", false},
			{"list", "nonaktif: Keliru", false},
			{"list -json", `"name":"prajab","version":"1.10.0","vendor":"pt-guna","contract":0,"asks":[],"key":"` + publicKey(vendorSeed) + `","enabled":false,"reason":"Keliru"`, false},
			{"enable -reason Diperbaiki prajab@1.10.0", "", false},
			{"key revoke -key " + publicKey(vendorSeed), "Alasan wajib diisi", true},
			{"key revoke -reason Bocor -key 00", "tidak terdaftar", true},
			{"key revoke -reason Bocor -key " + publicKey(vendorSeed), "prajab@1.2.0 ditandatangani dengan kunci ini dan tetap berjalan", false},
			{"key revoke -reason Bocor -key " + publicKey(vendorSeed), "sudah dicabut", true},
			{"add " + made("pt-guna", "prajab", "2.0.0", vendorSeed), "pt-guna tidak punya kunci", true},
			{"key list", ": Bocor", false},
			{"key list -json", `"reason":"Bocor"`, false},
		} {
			var out bytes.Buffer
			err := pluginCmd(t.Context(), strings.Fields(tc.args), &out)
			said := out.String()
			if err != nil {
				said = err.Error()
			}
			if (err != nil) != tc.fail || !strings.Contains(said, tc.want) || tc.want == "" && said != "" {
				t.Errorf("plugin %s: %v, said %q, want %q", tc.args, err, said, tc.want)
			}
			if err != nil && !strings.Contains(said, "what?") && strings.Contains(said, "\n") {
				t.Errorf("plugin %s says more than a line: %q", tc.args, said)
			}
		}
		var acts, reasons int
		administerRow(t, db, `SELECT count(*), sum(CASE WHEN reason <> '' THEN 1 ELSE 0 END) FROM audit_line WHERE kind IN ('guest', 'vendor_key')`, &acts, &reasons)
		if acts < 8 || reasons < 5 {
			t.Errorf("%d acts in the trail, %d with a reason", acts, reasons)
		}
	})
}

// administerRow reads one row as whoever may read everything.
func administerRow(t *testing.T, db *store.DB, query string, into ...any) {
	t.Helper()
	super := db.SQL()
	if db.Engine == store.Postgres {
		super = storetest.Superuser(t, db)
	}
	check(t, super.QueryRow(query).Scan(into...))
}

// TestGuestManagers: nobody but operators and the machine may touch the catalogue.
func TestGuestManagers(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		operator := authz.As(context.Background(), authz.Actor{Identity: in.ids["head"], Grants: []authz.Grant{{Role: authz.Operator}}})
		if all, err := in.guests.List(operator); err != nil || len(all) != 2 { // bimtek, and one of tests
			t.Errorf("an operator sees %d guests, %v", len(all), err)
		}
		for _, who := range []string{"organiser", "head", "admin15", "sarolangun"} {
			ctx := in.as(t, who)
			_, list := in.guests.List(ctx)
			_, keys := in.guests.Keys(ctx)
			_, add := in.guests.Add(ctx, filepath.Join(guestDir, "bimtek@1.0.0"))
			_, revoke := in.guests.RevokeKey(ctx, publicKey(guestSeed), "Coba")
			for act, err := range map[string]error{
				"List": list, "Keys": keys, "Add": add, "RevokeKey": revoke,
				"AddKey": in.guests.AddKey(ctx, "x", publicKey(otherSeed)), "Disable": in.guests.Disable(ctx, "bimtek", "1.0.0", "Coba"),
			} {
				if !errors.Is(err, fault.Forbidden) {
					t.Errorf("%s by %s: %v", act, who, err)
				}
			}
		}
	})
}

// TestNodesFollow: two nodes on one database. What one operator switches off is off on
// both; a guest that fails too often on one is disabled on both, with its reason, until
// it is enabled again.
func TestNodesFollow(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		a, b := idle(t, db), idle(t, db)
		ctx, system := context.Background(), authz.AsSystem(context.Background(), 0)
		ask := func(in *installation) error {
			guest, err := in.host.Guest("bimtek", "1.0.0")
			check(t, err)
			_, err = guest.Describe(ctx)
			return err
		}
		refresh := func() {
			t.Helper()
			check(t, a.host.Refresh(ctx, a.guests))
			check(t, b.host.Refresh(ctx, b.guests))
		}
		check(t, ask(a))
		check(t, ask(b))
		check(t, a.guests.Disable(system, "bimtek", "1.0.0", "Salah hitung"))
		refresh()
		for name, in := range map[string]*installation{"a": a, "b": b} {
			if err := ask(in); !errors.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "dinonaktifkan oleh pengelola") {
				t.Errorf("node %s: %v", name, err)
			}
			eventually(t, "its process to end", func() bool { return in.host.List()[0].PID == 0 })
			if s := in.host.List()[0]; s.State != host.Disabled || s.Reason != "Salah hitung" || s.Current || s.Failures != 0 {
				t.Errorf("node %s: %+v", name, s)
			}
		}
		check(t, a.guests.Enable(system, "bimtek", "1.0.0", "Sudah benar"))
		refresh()
		check(t, ask(a))
		check(t, ask(b))

		metrics := httptest.NewRecorder()
		telemetry.Metrics().ServeHTTP(metrics, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		for _, want := range []string{`guest_starts_total{guest="bimtek"}`, `guest_memory_bytes{guest="bimtek"}`} {
			if !strings.Contains(metrics.Body.String(), want) {
				t.Errorf("no %s among the metrics", want)
			}
		}

		// Without its files it fails, three times.
		guestless := host.New(must(a.guests.List(system)), host.Config{Folder: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		defer guestless.Close(ctx)
		lost, err := guestless.Guest("bimtek", "1.0.0")
		check(t, err)
		for range 3 {
			if _, err := lost.Describe(ctx); !errors.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "tidak ada di peladen ini") {
				t.Errorf("without its files: %v", err)
			}
		}
		following, stop := context.WithTimeout(ctx, 10*time.Second)
		defer stop()
		done := make(chan struct{})
		go func() { guestless.Follow(following, a.guests, time.Hour); close(done) }()
		eventually(t, "the catalogue to know", func() bool { return !must(a.guests.List(system))[0].Enabled })
		stop()
		<-done
		refresh()
		if s := a.host.List()[0]; s.State != host.Disabled || s.Reason != "Gagal tiga kali dalam satu jam." {
			t.Errorf("the other node: %+v", s)
		}
		check(t, a.guests.Enable(system, "bimtek", "1.0.0", "Berkas disalin"))
		check(t, guestless.Refresh(ctx, a.guests))
		if s := guestless.List()[0]; s.State != host.Idle || s.Failures != 0 {
			t.Errorf("enabled again: %+v", s)
		}
	})
}

// TestForeignGuest: production refuses guests of other vendors.
func TestForeignGuest(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		gate, err := openGate(db, &tenants.Registry{})
		check(t, err)
		system, dir, guests := authz.AsSystem(context.Background(), 0), t.TempDir(), host.NewCatalogue(gate)
		folder, err := madeGuest(dir, "pt-guna", "prajab", "1.0.0", vendorSeed)
		check(t, err)
		check(t, guests.AddKey(system, "pt-guna", publicKey(vendorSeed)))
		_, err = guests.Add(system, folder)
		check(t, err)
		for production, want := range map[bool]string{true: "berasal dari penyedia luar", false: "gagal dijalankan"} {
			h := host.New(must(guests.List(system)), host.Config{Folder: dir, Production: production, Log: slog.New(slog.DiscardHandler)})
			guest, err := h.Guest("prajab", "1.0.0")
			check(t, err)
			if _, err := guest.Describe(context.Background()); !errors.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), want) {
				t.Errorf("production %v: %v", production, err)
			}
			check(t, h.Close(context.Background()))
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
