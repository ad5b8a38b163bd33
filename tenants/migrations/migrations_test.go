package migrations_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

var template = storetest.Template{Prepare: func(ctx context.Context, db *store.DB) error {
	return migrations.Up(ctx, db.SQL(), db.Engine)
}}

func TestMain(m *testing.M) {
	code := m.Run()
	template.Remove()
	os.Exit(code)
}

// TestVersion: the role that serves can read how new the schema is, and that there is none.
func TestVersion(t *testing.T) {
	newest, err := migrations.Newest()
	if err != nil || newest < 3 {
		t.Fatalf("Newest = %d, %v", newest, err)
	}
	none := storetest.Template{Prepare: func(context.Context, *store.DB) error { return nil }}
	defer none.Remove()
	for want, template := range map[int64]*storetest.Template{newest: &template, 0: &none} {
		template.Each(t, func(t *testing.T, db *store.DB) {
			if got, err := migrations.Version(t.Context(), db.SQL(), db.Engine); err != nil || got != want {
				t.Errorf("Version = %d, %v, want %d", got, err, want)
			}
		})
	}
}

// TestUpTwice: a second run finds nothing to do, River's step included.
func TestUpTwice(t *testing.T) {
	again := storetest.Template{Prepare: func(ctx context.Context, db *store.DB) error {
		return errors.Join(migrations.Up(ctx, db.SQL(), db.Engine), migrations.Up(ctx, db.SQL(), db.Engine))
	}}
	defer again.Remove()
	again.Each(t, func(t *testing.T, db *store.DB) {
		for _, table := range []string{"audit_line", "river_job", "certificate"} {
			var n int
			if err := db.SQL().QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
				t.Errorf("%s: %v", table, err)
			}
		}
	})
}

type ping struct {
	Text string `json:"text"`
}

func (ping) Kind() string { return "ping" }

// TestRiverInsideBun holds an odd pair together: a job inserted through River in
// a transaction that bun opened (pgx in exec mode on PostgreSQL) is there after
// the commit and not after a rollback, and its arguments survive.
func TestRiverInsideBun(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		var driver riverdriver.Driver[*sql.Tx] = riversqlite.New(db.SQL())
		if db.Engine == store.Postgres {
			driver = riverdatabasesql.New(db.SQL())
		}
		client, err := river.NewClient(driver, &river.Config{})
		if err != nil {
			t.Fatal(err)
		}
		want := ping{Text: `a "quoted" text`}
		undone := errors.New("undone")
		var dialect schema.Dialect = sqlitedialect.New()
		if db.Engine == store.Postgres {
			dialect = pgdialect.New()
		}
		for _, end := range []error{undone, nil} {
			err := bun.NewDB(db.SQL(), dialect).RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
				if _, err := client.InsertTx(ctx, tx.Tx, want, nil); err != nil {
					return err
				}
				return end
			})
			if !errors.Is(err, end) {
				t.Fatalf("transaction = %v, want %v", err, end)
			}
		}
		found, err := client.JobList(ctx, river.NewJobListParams().Kinds("ping"))
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Jobs) != 1 {
			t.Fatalf("%d jobs, want the committed one", len(found.Jobs))
		}
		var got ping
		if err := json.Unmarshal(found.Jobs[0].EncodedArgs, &got); err != nil || got != want {
			t.Errorf("arguments = %+v (%v), want %+v", got, err, want)
		}
	})
}

// TestEveryTableHasAClass compares the catalogue of PostgreSQL with what the
// helpers made: no table without a class, no tenant table without forced
// row-level security, no right of the application beyond its policies.
func TestEveryTableHasAClass(t *testing.T) {
	template.OnPostgres(t, everyTableHasAClass)
}

func everyTableHasAClass(t *testing.T, db *store.DB) {
	super := storetest.Superuser(t, db)
	tables, err := migrations.Tables()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, table := range tables {
		want = append(want, table.Name)
	}
	rows, err := super.Query(`SELECT relname FROM pg_class WHERE relkind IN ('r','p') AND relnamespace = 'public'::regnamespace
		AND relname NOT LIKE 'river\_%' AND relname <> 'goose_db_version' ORDER BY oid`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		got = append(got, name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tables (-made by a helper +in the catalogue):\n%s", diff)
	}
	for _, query := range []string{
		// a table that does not force its policies on everybody
		`SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
		 AND relname NOT LIKE 'river\_%' AND relname <> 'goose_db_version' AND NOT (relrowsecurity AND relforcerowsecurity)`,
		// a right of the application for which no policy stands
		`SELECT g.table_name || ' ' || g.privilege_type FROM information_schema.role_table_grants g
		 WHERE g.grantee = 'wiyata_app' AND g.table_name NOT LIKE 'river\_%' AND g.table_name <> 'goose_db_version' AND NOT EXISTS (
			SELECT FROM pg_policies p WHERE p.tablename = g.table_name AND p.cmd = g.privilege_type)`,
		// a role that could walk around them
		`SELECT rolname::text FROM pg_roles WHERE rolname = 'wiyata_app' AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)`,
	} {
		var name string
		if err := super.QueryRow(query).Scan(&name); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("found %q (%v) by %s", name, err, query)
		}
	}
}
