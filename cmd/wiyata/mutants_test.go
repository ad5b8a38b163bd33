package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/migrations"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// A policy is one line of the second wall.
type policy struct {
	table, name, verb string
	clause            string // "USING (…)" or "WITH CHECK (…)"
}

// policies reads them all from the catalogue.
func policies(t *testing.T, super *sql.DB) (all []policy) {
	t.Helper()
	rows, err := super.Query(`SELECT tablename, policyname, cmd,
		CASE cmd WHEN 'INSERT' THEN 'WITH CHECK (' || with_check || ')' ELSE 'USING (' || qual || ')' END ||
		CASE cmd WHEN 'UPDATE' THEN ' WITH CHECK (' || coalesce(with_check, qual) || ')' ELSE '' END
		FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2`)
	check(t, err)
	defer rows.Close()
	for rows.Next() {
		var p policy
		check(t, rows.Scan(&p.table, &p.name, &p.verb, &p.clause))
		all = append(all, p)
	}
	check(t, rows.Err())
	if len(all) == 0 {
		t.Fatal("the database has no policies")
	}
	return all
}

// guests starts the course types that db has once, for all mutants.
func guests(t *testing.T, db *store.DB) *host.Host {
	t.Helper()
	gate, err := openGate(db, &tenants.Registry{})
	check(t, err)
	entries, err := host.NewCatalogue(gate).List(authz.AsSystem(context.Background(), 0))
	check(t, err)
	h := host.New(entries, host.Config{Folder: guestDir, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		h.Close(ctx)
	})
	return h
}

// TestEachPolicyIsNeeded drops one policy after another and wants the probe suite
// to fail each time: a policy that nothing misses is one that no test holds, or
// that another one hides.
func TestEachPolicyIsNeeded(t *testing.T) {
	template.OnPostgres(t, func(t *testing.T, db *store.DB) {
		ctx, h := context.Background(), guests(t, db)
		super := storetest.Superuser(t, db)
		all := policies(t, super)
		if err := probe(ctx, db, super, h); err != nil {
			t.Fatalf("the probe suite is red with all policies in place: %v", err)
		}
		started, killed := time.Now(), atomic.Int32{}
		t.Run("dropped", func(t *testing.T) {
			for _, p := range all {
				t.Run(p.name, func(t *testing.T) {
					t.Parallel()
					db := template.Clone(t, store.Postgres)
					super := storetest.Superuser(t, db)
					_, err := super.Exec(fmt.Sprintf("DROP POLICY %s ON %s", p.name, p.table))
					check(t, err)
					err = probe(ctx, db, super, h)
					if err == nil || errors.Is(err, fault.Unavailable) || errors.Is(err, context.DeadlineExceeded) {
						t.Fatalf("nothing misses it: %v", err)
					}
					killed.Add(1)
					t.Logf("killed: %v", err)
				})
			}
		})
		t.Logf("figure: %d policies, %d killed (%.1f s)", len(all), killed.Load(), time.Since(started).Seconds())
	})
}

// A stranger is somebody at a door who has nothing to do with the story.
type stranger struct {
	name  string
	reach store.Reach
	at    []string // tables or "verb table" that are this door's own, and so no stranger's
}

// strangers stand before every door. Nobody works for Bojonegoro (35.22), and the
// province above it has no count below it.
func strangers(t *testing.T, p *product) []stranger {
	t.Helper()
	elsewhere, err := p.registry.ByCode("35.22")
	check(t, err)
	province, err := p.registry.ByCode("51")
	check(t, err)
	tree, _ := p.registry.Below(province.ID, today())
	nobody := store.IdentityID(store.NewID())
	made, err := migrations.Tables()
	check(t, err)
	system := []string{"SELECT outbox", "SELECT api_token", "UPDATE role_grant"} // what the jobs sweep, programs show, and operators hold
	for _, table := range made {
		if table.Class == "platform" {
			system = append(system, table.Name)
		}
	}
	return []stranger{
		{"read", store.Reach{Door: store.DoorRead, Tenant: elsewhere.ID}, nil},
		{"write", store.Reach{Door: store.DoorWrite, Tenant: elsewhere.ID}, nil},
		{"append", store.Reach{Door: store.DoorAppend, Tenant: elsewhere.ID}, nil},
		{"self", store.Reach{Door: store.DoorSelf, Actor: nobody}, nil},
		{"self at home", store.Reach{Door: store.DoorSelf, Actor: nobody, Home: elsewhere.ID}, nil},
		{"public", store.Reach{Door: store.DoorPublic, Token: "AAAAAAAAAAAAAAAAAAAAAAAAAA"}, nil},
		{"oversee", store.Reach{Door: store.DoorOversee, Tree: tree}, nil},
		{"platform", store.Reach{Door: store.DoorPlatform}, system},
		{"seal", store.Reach{Door: store.DoorSeal}, []string{"SELECT audit_line", "audit_head"}}, // a sealed line is out of its reach as well,
	}
}

// attack returns the statement by which a stranger does p's verb to any row of its
// table: none of them reads a column, so no other verb's policy can stand in.
func attack(t *testing.T, super *sql.DB, p policy) string {
	t.Helper()
	one := func(query string, args ...any) (text string) {
		check(t, super.QueryRow(query, args...).Scan(&text))
		return text
	}
	published := one(`SELECT count(*) FROM information_schema.columns WHERE table_name = $1 AND column_name = 'published_at'`, p.table) == "1"
	switch {
	case p.verb == "SELECT" && published: // what is published, everybody reads
		return "SELECT count(*) FROM " + p.table + " WHERE published_at IS NULL"
	case p.verb == "SELECT":
		return "SELECT count(*) FROM " + p.table
	case p.verb == "DELETE":
		return "DELETE FROM " + p.table
	case p.verb == "UPDATE":
		column := one(`SELECT column_name FROM information_schema.columns c WHERE table_schema = 'public' AND table_name = $1
			AND data_type IN ('text', 'integer', 'bigint', 'timestamp with time zone') AND column_name NOT IN ('tenant_id', 'party_id')
			AND has_column_privilege('wiyata_app', 'public.' || table_name, column_name, 'UPDATE') ORDER BY data_type LIKE 'timestamp%', ordinal_position DESC LIMIT 1`, p.table)
		value := "'7'"
		if strings.HasSuffix(column, "_at") {
			value = "now()"
		}
		return fmt.Sprintf("UPDATE %s SET %s = %s", p.table, column, value)
	}
	// A copy of a row of the story, under another key; of a tenant's, not of the platform's own.
	columns := one(`SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`, p.table)
	key := one(`SELECT a.attname || ' ' || a.atttypid::regtype FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid
		AND a.attnum = i.indkey[i.indnkeyatts - 1] WHERE i.indrelid = $1::regclass AND i.indisprimary`, p.table)
	column, kind, _ := strings.Cut(key, " ")
	fresh := map[string]string{"uuid": store.NewID(), "text": store.NewID(), "integer": "99999", "date": "1944-08-17"}[kind]
	values := one(`SELECT string_agg(CASE WHEN e.field = $1 THEN quote_literal($2::text) ELSE quote_nullable(e.content) END, ', ' ORDER BY e.nth)
		FROM (SELECT * FROM `+p.table+` x ORDER BY to_jsonb(x)->>'tenant_id' = '0' NULLS FIRST, 1, 2 LIMIT 1) r, LATERAL json_each_text(to_json(r)) WITH ORDINALITY AS e (field, content, nth)`, column, fresh)
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", p.table, columns, values)
}

// reached is how many rows of the statement a stranger reaches; a refusal by
// policy is none. Nothing is kept.
func reached(t *testing.T, db *store.DB, who stranger, p policy, statement string) (n int64) {
	t.Helper()
	ctx, undo := context.Background(), errors.New("undo")
	err := db.Single(ctx, who.reach, func(tx *store.Tx) error {
		if p.verb == "SELECT" {
			if err := tx.QueryRowContext(ctx, statement).Scan(&n); err != nil {
				return err
			}
			return undo
		}
		result, err := tx.ExecContext(ctx, statement)
		if err != nil {
			return err
		}
		if n, err = result.RowsAffected(); err != nil {
			return err
		}
		return undo
	})
	var pg interface{ SQLState() string }
	if errors.As(err, &pg) && pg.SQLState() == "42501" { // insufficient privilege: the policy said no
		return 0
	}
	if pg != nil && pg.SQLState() == "23505" { // two rows were to become the same: both were reached
		return 2
	}
	if !errors.Is(err, undo) {
		t.Fatalf("%s: %v", statement, err)
	}
	return n
}

// TestLooseningIsCaught opens one policy after another to everybody (USING true):
// strangers, who reach no row before, must then reach some at every door that is
// not the table's own. So the first half is not true for want of rows or of rights.
func TestLooseningIsCaught(t *testing.T) {
	template.OnPostgres(t, func(t *testing.T, db *store.DB) {
		ctx, h := context.Background(), guests(t, db)
		super := storetest.Superuser(t, db)
		check(t, probe(ctx, db, super, h))
		p, err := connect(ctx, db, h)
		check(t, err)
		_, err = p.accounts.SignIn(ctx, account.Credentials{Login: "wahyu@tuban.example", Password: sample.Password}, account.Visit{}) // the story ends with nobody signed in
		check(t, err)
		check(t, p.sealer.Seal(ctx))
		// Keys and references would refuse a copied row too, and hide the policy.
		_, err = super.Exec(`DO $$ DECLARE x record; BEGIN
			FOR x IN SELECT conrelid::regclass AS tbl, conname FROM pg_constraint WHERE contype IN ('f', 'u') AND connamespace = 'public'::regnamespace
				AND conrelid::regclass::text NOT LIKE 'river%' ORDER BY contype LOOP
				EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', x.tbl, x.conname); END LOOP;
			FOR x IN SELECT indexrelid::regclass AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
				WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'river%' AND indisunique AND NOT indisprimary LOOP
				EXECUTE format('DROP INDEX %s', x.name); END LOOP;
		END $$`)
		check(t, err)

		started, caught, doors := time.Now(), 0, 0
		all, them := policies(t, super), strangers(t, p)
		for _, p := range all {
			statement := attack(t, super, p)
			open := map[string]string{"INSERT": "WITH CHECK (true)", "UPDATE": "USING (true) WITH CHECK (true)"}[p.verb]
			if open == "" {
				open = "USING (true)"
			}
			held := true
			for _, loosened := range []bool{false, true} {
				if loosened {
					_, err := super.Exec(fmt.Sprintf("ALTER POLICY %s ON %s %s", p.name, p.table, open))
					check(t, err)
				}
				for _, who := range them {
					if slices.Contains(who.at, p.table) || slices.Contains(who.at, p.verb+" "+p.table) {
						continue
					}
					doors++
					switch n := reached(t, db, who, p, statement); {
					case !loosened && n > 0:
						t.Errorf("%s: a stranger at the door %q reaches %d rows by %s", p.name, who.name, n, p.verb)
						held = false
					case loosened && n == 0:
						t.Errorf("%s: loosened, and the door %q still reaches nothing: the probe is blind", p.name, who.name)
						held = false
					}
				}
			}
			_, err := super.Exec(fmt.Sprintf("ALTER POLICY %s ON %s %s", p.name, p.table, p.clause))
			check(t, err)
			if held {
				caught++
			}
		}
		t.Logf("figure: %d policies loosened, %d caught, %d doors tried (%.1f s)", len(all), caught, doors, time.Since(started).Seconds())
	})
}
