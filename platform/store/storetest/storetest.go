// Package storetest runs a test on both engines, each with a database of its own.
//
// A database is cloned from a template that has been migrated and seeded once per
// test binary: a copied file on SQLite, CREATE DATABASE … TEMPLATE on PostgreSQL.
// There the schema belongs to one role and the tests connect as another, as in
// production, so that row-level security holds.
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the administrator's connection to PostgreSQL

	"github.com/wiyata-id/wiyata/platform/store"
)

// Noon is the time at which test databases begin: 12.00 WIB on Monday, 2 November 2026.
var Noon = time.Date(2026, 11, 2, 5, 0, 0, 0, time.UTC)

// A Template makes the database that tests clone: prepare migrates and seeds an
// empty one. Make one per test binary.
type Template struct {
	Prepare func(ctx context.Context, db *store.DB) error
	Guard   *Guard // what every statement is held to; nil = nothing

	lite, pg         sync.Once
	litePath, pgName string
	liteErr, pgErr   error
}

// Each runs test once per engine, as subtests "sqlite" and "postgres". Engines can
// be narrowed by TEST_ENGINES=sqlite; PostgreSQL is found through TEST_POSTGRES,
// the address of an administrator on a throw-away cluster. A wanted engine that is
// missing fails the test: nothing is skipped in silence.
func (tpl *Template) Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) {
			test(t, tpl.Clone(t, engine))
		})
	}
}

// OnPostgres runs test as subtest "postgres_only": for what only PostgreSQL has, its
// policies and its catalogue. The Guard is not in it: such tests send what it refuses,
// to see the wall behind it hold. It runs nothing when TEST_ENGINES leaves PostgreSQL out.
func (tpl *Template) OnPostgres(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	for _, engine := range Engines() {
		if engine == store.Postgres {
			t.Run("postgres_only", func(t *testing.T) { test(t, tpl.clone(t, engine)) })
		}
	}
}

// Engines lists the engines that tests run on.
func Engines() []store.Engine {
	wanted := os.Getenv("TEST_ENGINES")
	if wanted == "" {
		return []store.Engine{store.SQLite, store.Postgres}
	}
	var engines []store.Engine
	for _, e := range strings.Split(wanted, ",") {
		engines = append(engines, store.Engine(strings.TrimSpace(e)))
	}
	return engines
}

// Clone returns a fresh database of engine, closed and dropped with the test, which
// fails when a statement is not guarded. Benchmarks go without the Guard.
func (tpl *Template) Clone(t testing.TB, engine store.Engine) *store.DB {
	t.Helper()
	db := tpl.clone(t, engine)
	if _, measuring := t.(*testing.B); measuring {
		return db
	}
	return tpl.Guard.watch(db, reporting(t))
}

func (tpl *Template) clone(t testing.TB, engine store.Engine) *store.DB {
	t.Helper()
	ctx := context.Background()
	var dsn string
	if engine == store.SQLite {
		tpl.lite.Do(func() { tpl.liteErr = tpl.makeLite(ctx) })
		check(t, tpl.liteErr)
		path := filepath.Join(t.TempDir(), "wiyata.db")
		data, err := os.ReadFile(tpl.litePath)
		check(t, err)
		check(t, os.WriteFile(path, data, 0o600))
		dsn = "sqlite:" + path
	} else {
		tpl.pg.Do(func() { tpl.pgErr = tpl.makePostgres(ctx) })
		check(t, tpl.pgErr)
		name := "wt_" + strings.ReplaceAll(store.NewID(), "-", "")
		admin(t, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, tpl.pgName))
		t.Cleanup(func() { admin(t, fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name)) })
		dsn = address(name, "wiyata_app")
	}
	db, err := store.Open(ctx, dsn, time.Now)
	check(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// Superuser connects to the PostgreSQL database of db past all policies, for tests
// that look behind the wall or break it.
func Superuser(t testing.TB, db *store.DB) *sql.DB {
	t.Helper()
	name := ""
	check(t, db.SQL().QueryRow("SELECT current_database()").Scan(&name))
	super, err := sql.Open("pgx", address(name, ""))
	check(t, err)
	t.Cleanup(func() { super.Close() })
	return super
}

// Address is where a second process of the application would connect to the
// PostgreSQL database of db.
func Address(t testing.TB, db *store.DB) string {
	t.Helper()
	name := ""
	check(t, db.SQL().QueryRow("SELECT current_database()").Scan(&name))
	return address(name, "wiyata_app")
}

func (tpl *Template) makeLite(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "wiyata-template-")
	if err != nil {
		return err
	}
	tpl.litePath = filepath.Join(dir, "template.db")
	db, err := store.Open(ctx, "sqlite:"+tpl.litePath, time.Now)
	if err != nil {
		return err
	}
	if err := tpl.prepare(ctx, db); err != nil {
		return err
	}
	if _, err := db.SQL().ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return err
	}
	return db.Close()
}

// prepare prepares db, held to the guard as the tests are.
func (tpl *Template) prepare(ctx context.Context, db *store.DB) error {
	var mu sync.Mutex
	var wrong []error
	err := tpl.Prepare(ctx, tpl.Guard.watch(db, func(err error) {
		mu.Lock()
		defer mu.Unlock()
		wrong = append(wrong, err)
	}))
	mu.Lock()
	defer mu.Unlock()
	return errors.Join(append(wrong, err)...)
}

// Remove deletes the templates; TestMain calls it last.
func (tpl *Template) Remove() {
	if tpl.litePath != "" {
		os.RemoveAll(filepath.Dir(tpl.litePath))
	}
	if tpl.pgName != "" {
		if super, err := sql.Open("pgx", os.Getenv("TEST_POSTGRES")); err == nil {
			super.Exec("DROP DATABASE IF EXISTS " + tpl.pgName + " WITH (FORCE)")
			super.Close()
		}
	}
}

func (tpl *Template) makePostgres(ctx context.Context) error {
	if os.Getenv("TEST_POSTGRES") == "" {
		return fmt.Errorf("TEST_POSTGRES is not set: run `make test`, which starts a private cluster, or narrow the engines with TEST_ENGINES=sqlite")
	}
	super, err := sql.Open("pgx", os.Getenv("TEST_POSTGRES"))
	if err != nil {
		return err
	}
	defer super.Close()
	// Test binaries start together: the lock makes one of them create the roles.
	if _, err := super.ExecContext(ctx, `DO $$ BEGIN
		PERFORM pg_advisory_xact_lock(7193);
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wiyata_owner') THEN CREATE ROLE wiyata_owner LOGIN; END IF;
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wiyata_app') THEN CREATE ROLE wiyata_app LOGIN NOBYPASSRLS; END IF;
	END $$`); err != nil {
		return fmt.Errorf("make roles: %w", err)
	}
	tpl.pgName = "wtpl_" + strings.ReplaceAll(store.NewID(), "-", "")
	if _, err := super.ExecContext(ctx, "CREATE DATABASE "+tpl.pgName+" OWNER wiyata_owner"); err != nil {
		return err
	}
	// The owner migrates; row-level security is forced on it too, so it seeds through the doors like everybody.
	inside, err := sql.Open("pgx", address(tpl.pgName, ""))
	if err != nil {
		return err
	}
	defer inside.Close()
	if _, err := inside.ExecContext(ctx, "ALTER SCHEMA public OWNER TO wiyata_owner; GRANT USAGE ON SCHEMA public TO wiyata_app"); err != nil {
		return err
	}
	db, err := store.Open(ctx, address(tpl.pgName, "wiyata_owner"), time.Now)
	if err != nil {
		return err
	}
	if err := tpl.prepare(ctx, db); err != nil {
		return err
	}
	return db.Close()
}

// address is TEST_POSTGRES with another database and, unless "", another user.
func address(database, user string) string {
	u, err := url.Parse(os.Getenv("TEST_POSTGRES"))
	if err != nil {
		return err.Error()
	}
	u.Path = "/" + database
	if user != "" {
		u.User = url.User(user)
	}
	return u.String()
}

func admin(t testing.TB, statement string) {
	t.Helper()
	super, err := sql.Open("pgx", os.Getenv("TEST_POSTGRES"))
	check(t, err)
	defer super.Close()
	_, err = super.Exec(statement)
	check(t, err)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
