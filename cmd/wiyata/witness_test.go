package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/certificate"
)

// witnessed writes the heads of in down twice, with a change between, and returns the
// folder and the file of the key.
func witnessed(t *testing.T, in *installation) (folder, key string) {
	t.Helper()
	ctx, seed := context.Background(), bytes.Repeat([]byte{7}, 32)
	signer, err := certificate.NewSigner(seed)
	check(t, err)
	folder, key = t.TempDir(), filepath.Join(t.TempDir(), "signing.key")
	check(t, os.WriteFile(key, []byte(hex.EncodeToString(seed)+"\n"), 0o600))
	w := authz.NewWitness(in.sealer, folder, signer.Attest)
	check(t, w.Write(ctx))
	_, err = in.programs.Open(in.as(t, "organiser"), "Bimtek", "bimtek", "1.0.0", "bimtek-umum")
	check(t, err)
	check(t, w.Write(ctx))
	check(t, w.Write(ctx)) // nothing moved: nothing is written
	// A second process goes on behind the last line, over what a crash left of one.
	torn, err := os.OpenFile(headsFile(t, folder), os.O_APPEND|os.O_WRONLY, 0)
	check(t, err)
	_, err = torn.WriteString(`{"at":"2026-`)
	check(t, err)
	check(t, torn.Close())
	check(t, authz.NewWitness(in.sealer, folder, signer.Attest).Write(ctx))
	if n := len(lines(t, folder)); n != 3 {
		t.Fatalf("%d lines of heads, want 3", n)
	}
	return folder, key
}

func headsFile(t *testing.T, folder string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "heads-*.jsonl"))
	check(t, err)
	if len(paths) != 1 {
		t.Fatalf("files of heads: %v", paths)
	}
	return paths[0]
}

func lines(t *testing.T, folder string) []string {
	t.Helper()
	data, err := os.ReadFile(headsFile(t, folder))
	check(t, err)
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// TestHeadsOutside: with the heads that were written down, verify audit finds a chain
// that was cut short with its head set back, a chain written anew, and a file of heads
// that was changed; without them it finds none of these.
func TestHeadsOutside(t *testing.T) {
	const jambi = "(SELECT tenant_id FROM tenant_era WHERE code = '15')"
	cut := []string{
		"DELETE FROM audit_line WHERE tenant_id = " + jambi + " AND seq = (SELECT seq FROM audit_head WHERE tenant_id = " + jambi + ")",
		"UPDATE audit_head SET seq = seq - 1, hash = (SELECT hash FROM audit_line l WHERE l.tenant_id = audit_head.tenant_id AND l.seq = audit_head.seq - 1) WHERE tenant_id = " + jambi,
	}
	for _, tc := range []struct {
		name   string
		tamper []string // of the database
		file   func(lines []string) []string
		want   string
	}{
		{"untouched", nil, nil, ""},
		{"cut short, head set back", cut, nil, "rantai lebih pendek daripada kepala yang tercatat di luar"},
		{"whole chain gone", []string{"DELETE FROM audit_line WHERE tenant_id = " + jambi, "DELETE FROM audit_head WHERE tenant_id = " + jambi}, nil, "rantai lebih pendek"},
		{"record changed", cut, func(l []string) []string {
			for i := range l {
				l[i] = strings.Replace(l[i], `"seq":`, `"seq":1`, 1)
			}
			return l
		}, "bukan catatan yang ditandatangani"},
		{"record taken out", nil, func(l []string) []string { return append(l[:1:1], l[2:]...) }, "tidak menyambung"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			template.Each(t, func(t *testing.T, db *store.DB) {
				in := idle(t, db)
				folder, key := witnessed(t, in)
				for _, statement := range tc.tamper {
					behind(t, db, statement)
				}
				if tc.file != nil {
					check(t, os.WriteFile(headsFile(t, folder), []byte(strings.Join(tc.file(lines(t, folder)), "\n")+"\n"), 0o600))
				}
				if findings, err := verified(t, db, "audit"); err != nil {
					t.Errorf("the chain alone does not fit any more, the test shows nothing: %v", findings)
				}
				findings, _ := verified(t, db, "audit", "-heads", folder, "-signing-key", key)
				got := strings.Join(findings, "\n")
				if tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
					t.Errorf("findings\n%s\nwant %q", got, tc.want)
				}
			})
		})
	}
}

// TestHeadsAtShutdown: a process that ends has written its heads down.
func TestHeadsAtShutdown(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in, folder := idle(t, db), t.TempDir()
		signer, err := certificate.NewSigner(make([]byte, 32))
		check(t, err)
		in.witness = authz.NewWitness(in.sealer, folder, signer.Attest)
		ctx, stop := context.WithCancel(context.Background())
		stop()
		check(t, in.work(ctx))
		_, heads, err := authz.VerifyHeads(context.Background(), db, folder, signer.Attested)
		if err != nil || heads == 0 {
			t.Errorf("%d heads written down (%v)", heads, err)
		}
	})
}
