// Package migrations is the one ordered history of the schema, for both engines.
//
// A migration is a numbered SQL file, rendered per engine and run forward only.
// Tables are never written by hand: a helper makes each as a member of exactly
// one class (own, shared, joined, published, stat, ask, platform), with its key
// led by the tenant, its policies and its grants. The job queue's own migrations
// are a step of the same history.
package migrations

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"testing/fstest"
	"text/template"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/wiyata-id/wiyata/platform/store"
)

//go:embed *.sql
var files embed.FS

// riverVersion is the step at which River's tables are made.
const riverVersion = 2

// Up brings the database at db to the newest schema. On PostgreSQL db must
// belong to the owner of the schema, and the role wiyata_app must exist
// (deploy/postgres.sql); an advisory lock makes concurrent runs wait.
func Up(ctx context.Context, db *sql.DB, engine store.Engine) error {
	rendered, _, err := render(engine)
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{
		goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(goose.NewGoMigration(riverVersion, riverUp(db, engine), nil)),
		goose.WithLogger(goose.NopLogger()),
	}
	dialect := goose.DialectSQLite3
	if engine == store.Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, db, rendered, options...)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if engine == store.Postgres { // for Version
		if _, err := db.ExecContext(ctx, "GRANT SELECT ON goose_db_version TO wiyata_app"); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
}

// Tables lists the tables that the history makes, in order.
func Tables() ([]Table, error) {
	_, tables, err := render(store.Postgres)
	return tables, err
}

// render executes each file's template for engine.
func render(engine store.Engine) (fs.FS, []Table, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, nil, err
	}
	c := &class{engine: engine}
	helpers := template.FuncMap{
		"own": c.own, "shared": c.shared, "sharedBearer": c.sharedBearer, "joined": c.joined,
		"published": c.published, "stat": c.stat, "ask": c.ask, "platform": c.platform, "special": c.special,
		"also": c.also, "columns": c.columns,
		"postgres": func() bool { return engine == store.Postgres },
	}
	out := fstest.MapFS{}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		tpl, err := template.New(path.Base(name)).Funcs(helpers).Parse(string(text))
		if err != nil {
			return nil, nil, err
		}
		var b bytes.Buffer
		b.WriteString("-- +goose Up\n")
		if err := tpl.Execute(&b, nil); err != nil {
			return nil, nil, err
		}
		out[name] = &fstest.MapFile{Data: b.Bytes()}
	}
	return out, c.made, nil
}

// riverUp makes River's tables within our history. SQLite has one connection, so
// there it must run in goose's own transaction; PostgreSQL must not, because
// River adds values to an enum and then uses them.
func riverUp(db *sql.DB, engine store.Engine) *goose.GoFunc {
	if engine == store.SQLite {
		return &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			migrator, err := rivermigrate.New(riversqlite.New(db), nil)
			if err != nil {
				return err
			}
			_, err = migrator.MigrateTx(ctx, tx, rivermigrate.DirectionUp, nil) //nolint:staticcheck // one connection: see above
			return err
		}}
	}
	return &goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error {
		migrator, err := rivermigrate.New(riverdatabasesql.New(db), nil)
		if err != nil {
			return err
		}
		if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return err
		}
		// River's tables have no tenant and no policies: job arguments are a kind and a tenant, nothing else.
		_, err = db.ExecContext(ctx, `GRANT SELECT, INSERT, UPDATE, DELETE ON
			river_job, river_leader, river_queue, river_client, river_client_queue TO wiyata_app;
			GRANT SELECT ON river_migration TO wiyata_app;
			GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO wiyata_app`)
		return err
	}}
}
