// Package store is the way to the database, and knows no table.
//
// There are two engines and one behaviour. SQLite is embedded: one writing
// connection, a few reading ones, every commit synced. PostgreSQL is meant: pgx
// through database/sql in exec mode, because bun writes arguments into the
// statement's text and a statement cache would leak one entry per literal.
//
// A transaction is opened only with a Reach: who acts, in which tenant, and which
// rows that brings into sight. On PostgreSQL the Reach becomes transaction-local
// settings that the row-level policies read; on SQLite it is held by what each
// statement names. Only package authz opens transactions; the rest of the code
// receives a *Tx.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the embedded engine registers itself with database/sql

	"github.com/wiyata-id/wiyata/platform/telemetry"
)

// A TenantID names a government or a national body; it never changes. 0 is none.
type TenantID int32

// An IdentityID names a human in the whole installation, a UUIDv7; "" is nobody.
type IdentityID string

// An Engine is one of the two databases that Wiyata runs on.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database.
type DB struct {
	Engine Engine

	read  *bun.DB // SQLite: query-only connections; PostgreSQL: the same pool as write
	write *bun.DB // SQLite: the one writing connection
	group *group  // SQLite: who shares the next commit; nil on PostgreSQL
	keys  keyed
	count *tally
	now   func() time.Time
	see   func(Sight, string) // nil, or told of each statement: Observed

	forget []func() // takes the pools off the metrics
}

// connectTimeout is how long a server may take to let us in, unless the address says
// otherwise.
const connectTimeout = 10 * time.Second

// unmarked writes a path as it stands in a file's URI: SQLite would end it at a "#".
var unmarked = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

// Open opens the database at dsn: "postgres://…" or "sqlite:PATH". now is the
// clock that dates transactions.
func Open(ctx context.Context, dsn string, now func() time.Time) (*DB, error) {
	db := &DB{now: now, count: &tally{}}
	switch path, ok := strings.CutPrefix(dsn, "sqlite:"); {
	case ok:
		db.Engine = SQLite
		const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"
		file := "file:" + unmarked.Replace(path) + pragmas
		write, err := sql.Open("sqlite", file+"&_txlock=immediate")
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", path, err)
		}
		write.SetMaxOpenConns(1)
		read, err := sql.Open("sqlite", file+"&_pragma=query_only(1)")
		if err != nil {
			return nil, fmt.Errorf("open %s for reading: %w", path, err)
		}
		read.SetMaxOpenConns(2 * runtime.NumCPU())
		db.write = bun.NewDB(write, sqlitedialect.New()).WithQueryHook(tracer{})
		db.read = bun.NewDB(read, sqlitedialect.New()).WithQueryHook(tracer{})
	case strings.HasPrefix(dsn, "postgres://"):
		db.Engine = Postgres
		config, err := pgx.ParseConfig(dsn)
		if err != nil {
			return nil, errors.New("no PostgreSQL address: write postgres://USER:PASSWORD@HOST:PORT/DATABASE") // the driver's error repeats it
		}
		if config.ConnectTimeout == 0 {
			config.ConnectTimeout = connectTimeout
		}
		config.DefaultQueryExecMode = pgx.QueryExecModeExec
		pool := stdlib.OpenDB(*config)
		pool.SetMaxOpenConns(16 * runtime.NumCPU())
		pool.SetMaxIdleConns(16)
		db.write = bun.NewDB(pool, pgdialect.New()).WithQueryHook(tracer{})
		db.read = db.write
	default:
		return nil, errors.New("no such engine: write postgres://USER:PASSWORD@HOST:PORT/DATABASE, or sqlite:PATH")
	}
	if err := db.write.PingContext(ctx); err != nil {
		db.Close()
		return nil, unreached(err)
	}
	if db.Engine == SQLite {
		db.group = newGroup()
	}
	if err := db.measure(); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// measure shows the pools on the metrics, until Close.
func (db *DB) measure() error {
	pools := map[string]*bun.DB{"write": db.write}
	if db.read != db.write {
		pools["read"] = db.read
	}
	for name, pool := range pools {
		forget, err := telemetry.Pool(name, pool.Stats)
		if err != nil {
			return err
		}
		db.forget = append(db.forget, forget)
	}
	return nil
}

// Close waits for nothing: whoever uses db must have stopped before.
func (db *DB) Close() error {
	for _, forget := range db.forget {
		forget()
	}
	err := db.write.Close()
	if db.read != db.write {
		if e := db.read.Close(); err == nil {
			err = e
		}
	}
	return err
}

// SQL is the writing pool, for migrations and the job queue, which bring their
// own statements. On SQLite it is a single connection.
func (db *DB) SQL() *sql.DB { return db.write.DB }

// Canonical returns a UUID as it is stored, in small letters; what is none is left
// as it is, and names nothing. PostgreSQL would take capitals for the same id, SQLite
// would not.
func Canonical(id string) string {
	if len(id) == 36 {
		if parsed, err := uuid.Parse(id); err == nil {
			return parsed.String()
		}
	}
	return id
}

// NewID returns a new UUIDv7 in text form.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
