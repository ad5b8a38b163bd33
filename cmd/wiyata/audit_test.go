package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
)

// behind runs a statement past the Gate and the policies, as somebody with the
// database's own password would.
func behind(t *testing.T, db *store.DB, statement string) {
	t.Helper()
	target := db.SQL()
	if db.Engine == store.Postgres {
		target = storetest.Superuser(t, db)
	}
	result, err := target.Exec(statement)
	check(t, err)
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%s changed %d rows (%v)", statement, n, err)
	}
}

// TestVerifyAudit: an untouched trail verifies; one altered, missing or forged line,
// or a head that was moved, is found.
func TestVerifyAudit(t *testing.T) {
	for _, tc := range []struct {
		name, tamper, want string
	}{
		{"untouched", "", ""},
		{"altered reason", "UPDATE audit_line SET reason = 'lain' WHERE seq = 2 AND tenant_id <> 0", "isi baris tidak cocok"},
		{"altered actor", "UPDATE audit_line SET actor = NULL WHERE permission = 'nomination:verify'", "isi baris tidak cocok"},
		{"line removed", "DELETE FROM audit_line WHERE seq = 1 AND tenant_id <> 0", "baris hilang"},
		{"tail removed", "DELETE FROM audit_line WHERE tenant_id = 0 AND seq = (SELECT max(seq) FROM audit_line WHERE tenant_id = 0)", "kepala rantai"},
		{"head removed", "DELETE FROM audit_head WHERE tenant_id <> 0", "kepala rantai"},
		{"head moved", "UPDATE audit_head SET hash = 'x' WHERE tenant_id = 0", "kepala rantai"},
		{"unsealed for long", "UPDATE audit_line SET seq = NULL, hash = NULL, at = '2020-01-01 00:00:00+00:00' WHERE tenant_id = 0 AND seq = (SELECT max(seq) FROM audit_line WHERE tenant_id = 0)", "belum disegel"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			template.Each(t, func(t *testing.T, db *store.DB) {
				ctx := context.Background()
				in := idle(t, db)
				b, nominated := published(t, in, "I", 2, 2)
				for _, n := range nominated {
					_, err := in.nominations.Approve(in.as(t, "organiser"), b.ID, n.ID)
					check(t, err)
				}
				check(t, in.sealer.Seal(ctx))
				if tc.tamper != "" {
					behind(t, db, tc.tamper)
				}
				findings, lines, err := authz.VerifyAudit(ctx, db)
				check(t, err)
				if lines < 20 {
					t.Errorf("%d lines read, the story writes more", lines)
				}
				var texts []string
				for _, f := range findings {
					texts = append(texts, f.What)
				}
				if got := strings.Join(texts, "; "); tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
					t.Errorf("findings %q, want %q", got, tc.want)
				}
			})
		})
	}
}

// TestApplicationCannotRewriteTheTrail: with the application's own rights a sealed
// line can neither be changed nor removed.
func TestApplicationCannotRewriteTheTrail(t *testing.T) {
	template.OnPostgres(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		in := idle(t, db)
		check(t, in.sealer.Seal(ctx))
		for _, statement := range []string{
			"UPDATE audit_line SET reason = 'lain'", "DELETE FROM audit_line", "UPDATE audit_line SET hash = NULL", "TRUNCATE audit_line",
		} {
			err := db.Update(ctx, store.Reach{Door: store.DoorSeal}, "", func(tx *store.Tx) error {
				result, err := tx.NewRaw(statement).Exec(ctx)
				if err != nil {
					return nil //nolint:nilerr // refused, as it should be
				}
				if n, err := result.RowsAffected(); err != nil || n > 0 {
					t.Errorf("%s changed %d rows (%v)", statement, n, err)
				}
				return nil
			})
			if err != nil {
				t.Logf("%s: %v", statement, err)
			}
		}
	})
}

// TestVerifyCommand: the command line says the same, and fails when something is wrong.
func TestVerifyCommand(t *testing.T) {
	for _, tc := range []struct{ what, wrong string }{
		{"audit", "UPDATE audit_line SET object = 'lain' WHERE tenant_id = 0 AND seq = 3"},
		{"outbox", `INSERT INTO outbox (tenant_id, id, party_id, kind, key, created_at, attempts, not_before) VALUES
			(15, '0198f3a0-0000-7000-8000-000000000001', 16, 'credit', 'x', '2026-11-02 05:00:00+00:00', 10, '2026-11-02 08:00:00+00:00')`},
	} {
		t.Run(tc.what, func(t *testing.T) {
			template.Each(t, func(t *testing.T, db *store.DB) {
				in := idle(t, db)
				check(t, in.sealer.Seal(context.Background()))
				dsn := addressOf(t, db)
				if err := verify(context.Background(), []string{tc.what, "-database", dsn}); err != nil {
					t.Errorf("verify %s = %v", tc.what, err)
				}
				behind(t, db, tc.wrong)
				if err := verify(context.Background(), []string{tc.what, "-database", dsn}); err == nil {
					t.Errorf("verify %s found nothing wrong", tc.what)
				}
			})
		})
	}
}

// addressOf is where a command of the operator finds db.
func addressOf(t *testing.T, db *store.DB) string {
	t.Helper()
	if db.Engine == store.Postgres {
		return storetest.Address(t, db)
	}
	var seq int
	var name, path string
	check(t, db.SQL().QueryRow("PRAGMA database_list").Scan(&seq, &name, &path))
	return "sqlite:" + path
}

// idle is an installation whose jobs and sealer do not run by themselves.
func idle(t *testing.T, db *store.DB) *installation {
	t.Helper()
	return assemble(t, db, slog.New(slog.DiscardHandler))
}
