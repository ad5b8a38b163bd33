package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

// finished is an installation in which the demo's story has been told to its end.
func finished(t *testing.T, db *store.DB) *installation {
	t.Helper()
	ctx, in := context.Background(), idle(t, db)
	check(t, tell(ctx, in.product, in.ids))
	check(t, deliver(ctx, in.product))
	return in
}

// verified runs a verification with -json and returns its findings, as JSON each.
func verified(t *testing.T, db *store.DB, what string, args ...string) (findings []string, err error) {
	t.Helper()
	var out bytes.Buffer
	err = verifyTo(context.Background(), append([]string{what, "--json", "-database", addressOf(t, db)}, args...), &out)
	var said struct {
		Checked  int
		Findings []json.RawMessage
	}
	if e := json.Unmarshal(out.Bytes(), &said); e != nil {
		t.Fatalf("verify %s printed %q (%v), and ended with %v", what, out.String(), e, err)
	}
	if said.Checked == 0 {
		t.Errorf("verify %s has checked nothing", what)
	}
	for _, f := range said.Findings {
		findings = append(findings, string(f))
	}
	if (err == nil) != (len(findings) == 0) {
		t.Errorf("verify %s ended with %v and %d findings", what, err, len(findings))
	}
	return findings, err
}

// TestVerifyRollups: an untouched story fits, folded or not; one corrupted delta, fold
// or fact of each kind is found, and named by tenant, measure and dimensions.
func TestVerifyRollups(t *testing.T) {
	const sarolangun = `(SELECT tenant_id FROM tenant_era WHERE code = '15.03')`
	for _, tc := range []struct {
		name, tamper string
		folded       bool
		want         string // of a finding; "" = none. %d is Sarolangun
		only         bool   // it is the only finding
	}{
		{"untouched", "", false, "", true},
		{"untouched and folded", "", true, "", true},
		{"delta changed", "UPDATE stat_delta SET n = n + 5 WHERE kind = 'credited_jp' AND tenant_id = " + sarolangun, false,
			`"tenant":%d,"measure":"credited_jp","year":2026,"expected":4,"found":9,"folded":0`, true},
		{"delta lost", "DELETE FROM stat_delta WHERE kind = 'certificates' AND tenant_id = " + sarolangun, false,
			`"tenant":%d,"measure":"certificates","year":2026,"expected":1,"found":0,"folded":0`, true},
		{"delta of another group", "UPDATE stat_delta SET dims = 'PNS/F' WHERE kind = 'headcount' AND tenant_id = " + sarolangun, false,
			`"tenant":%d,"measure":"headcount","dims":"PNS/F","expected":0,"found":2,"folded":0`, false},
		{"fold changed", "UPDATE stat_delta SET n = n - 1 WHERE kind = 'headcount' AND tenant_id = " + sarolangun, true,
			`"tenant":%d,"measure":"headcount","dims":"PNS/M","expected":2,"found":1,"folded":1`, true},
		{"fold of another day", "UPDATE stat_delta SET day = '2020-01-01' WHERE kind = 'headcount' AND tenant_id = " + sarolangun, true,
			`"tenant":%d,"measure":"headcount","dims":"PNS/M","year":2026,"expected":0,"found":2,"folded":2,"what":"lipatan bukan`, true},
		{"fact changed: an employee", "UPDATE employee SET kind = 'CPNS' WHERE name LIKE 'Andi%' AND tenant_id = " + sarolangun, true,
			`"tenant":%d,"measure":"headcount","dims":"CPNS/M","expected":1,"found":0,"folded":0`, false},
		{"fact changed: a credit", "UPDATE credit SET jp = 40 WHERE tenant_id = " + sarolangun, true,
			`"tenant":%d,"measure":"credit","dims":"certificate:`, false},
		{"fact lost: who has left", "UPDATE employee SET active = false WHERE name LIKE 'Budi%' AND tenant_id = " + sarolangun, true,
			`"tenant":%d,"measure":"headcount","dims":"PNS/M","expected":1,"found":2,"folded":2`, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			template.Each(t, func(t *testing.T, db *store.DB) {
				in := finished(t, db)
				if tc.folded {
					check(t, in.folder.Fold(context.Background()))
				}
				if tc.tamper != "" {
					behind(t, db, tc.tamper)
				}
				findings, _ := verified(t, db, "rollups")
				got := strings.Join(findings, "\n")
				if tc.want == "" && got != "" {
					t.Fatalf("an untouched story drifts:\n%s", got)
				}
				want := tc.want
				if strings.Contains(want, "%d") {
					want = fmt.Sprintf(want, in.government(t, "15.03"))
				}
				if !strings.Contains(got, want) || tc.only && len(findings) > 1 {
					t.Errorf("findings\n%s\nwant %s", got, want)
				}
			})
		})
	}
}

// TestVerifyTenancy: an untouched story breaks no wall; each kind of row that does is
// found and named.
func TestVerifyTenancy(t *testing.T) {
	id := store.NewID()
	for _, tc := range []struct {
		name, tamper, want string
	}{
		{"untouched", "", ""},
		{"own row of no tenant", "INSERT INTO unit (tenant_id, id, name, code, from_day, version) VALUES (9999, '" + id + "', 'x', '', '2026-11-22', 1)", "unit (tenant_id 9999, id "},
		{"count of no tenant", "UPDATE stat_delta SET tenant_id = 9999 WHERE kind = 'headcount'", "stat_delta (tenant_id 9999, id "},
		{"effect of no party", "INSERT INTO outbox (tenant_id, id, party_id, kind, key, created_at) VALUES (1, '" + id + "', 9999, 'x', 'x', '2026-11-22')",
			"outbox (tenant_id 1, id " + id + "): party_id menunjuk instansi yang tidak ada"},
		{"grant to nobody", "INSERT INTO role_grant (tenant_id, id, identity_id, role, from_day) VALUES (1, '" + id + "', '" + id + "', 'head', '2026-11-22')",
			"role_grant (tenant_id 1, id " + id + "): identity_id menunjuk orang yang tidak ada"},
		{"child of another's parent", "UPDATE outcome SET batch_id = '" + id + "'", "outcome (tenant_id "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			template.Each(t, func(t *testing.T, db *store.DB) {
				finished(t, db)
				if tc.tamper != "" {
					behind(t, db, tc.tamper)
				}
				raw := db.SQL()
				if db.Engine == store.Postgres {
					raw = storetest.Superuser(t, db)
				}
				found, checks, err := migrations.VerifyTenancy(context.Background(), raw, db.Engine)
				check(t, err)
				var said []string
				for _, b := range found {
					said = append(said, b.String())
				}
				got := strings.Join(said, "\n")
				if tc.want == "" && got != "" || !strings.Contains(got, tc.want) || checks < 40 {
					t.Errorf("%d checks, findings\n%s\nwant %q", checks, got, tc.want)
				}
			})
		})
	}
}

// TestVerifyTenancyReadsTheCatalogue: a policy that is gone, open or strange, a table
// that does not force them, and a serving role that could walk past.
func TestVerifyTenancyReadsTheCatalogue(t *testing.T) {
	for _, tc := range []struct{ name, tamper, want string }{
		{"dropped", "DROP POLICY credit_select_party ON credit", "credit: policy credit_select_party tidak ada"},
		{"open", "ALTER POLICY credit_select_party ON credit USING (true)", "credit: policy credit_select_party membuka semua baris"},
		{"strange", "CREATE POLICY side_door ON claim FOR SELECT USING (source = '')", "claim: policy side_door tidak dikenal"},
		{"not forced", "ALTER TABLE batch NO FORCE ROW LEVEL SECURITY", "batch: row-level security tidak dipaksakan"},
		{"owner serves", "ALTER TABLE claim OWNER TO wiyata_app", "peran wiyata_app dapat melewati"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			template.OnPostgres(t, func(t *testing.T, db *store.DB) {
				super := storetest.Superuser(t, db)
				_, err := super.Exec(tc.tamper)
				check(t, err)
				found, _, err := migrations.VerifyTenancy(context.Background(), super, db.Engine)
				check(t, err)
				if len(found) != 1 || !strings.Contains(found[0].String(), tc.want) {
					t.Errorf("found %v, want %q", found, tc.want)
				}
			})
		})
	}
	template.OnPostgres(t, func(t *testing.T, db *store.DB) {
		_, _, err := migrations.VerifyTenancy(context.Background(), db.SQL(), db.Engine)
		if err == nil || !strings.Contains(err.Error(), "one tenant at a time") {
			t.Errorf("the serving role verifies the walls that hold it: %v", err)
		}
	})
}

// TestVerifySpeaks: without -json findings are sentences, and an unknown word is refused.
func TestVerifySpeaks(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		idle(t, db)
		behind(t, db, "UPDATE stat_delta SET n = 7 WHERE dims = 'PNS/M'")
		var out bytes.Buffer
		err := verifyTo(context.Background(), []string{"rollups", "-database", addressOf(t, db)}, &out)
		if err == nil || !strings.Contains(out.String(), "headcount PNS/M: jumlah tercatat tidak cocok dengan data (seharusnya") || !strings.Contains(out.String(), "549 instansi diperiksa") {
			t.Errorf("verify rollups = %v:\n%s", err, out.String())
		}
		if err := verifyTo(context.Background(), []string{"everything"}, &out); err == nil {
			t.Error("an unknown verification was run")
		}
	})
}
