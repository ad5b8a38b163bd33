package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"github.com/wiyata-id/wiyata/platform/fault"
)

// Codes of PostgreSQL (SQLSTATE) and SQLite (extended result codes).
const (
	pgSerialization = "40001"
	pgDeadlock      = "40P01"
	pgUnique        = "23505"
	pgBadText       = "22P02" // such as an id that is no UUID

	pgPassword = "28P01"
	pgNobody   = "28000" // no such role, or none that may come from here
	pgNoBase   = "3D000"
	pgCrowded  = "53300"

	sqliteUnique     = 2067
	sqlitePrimaryKey = 1555
)

// TextDuplicate is what a broken unique key says, where no slice knows better.
const TextDuplicate = "Data yang sama sudah tercatat. Muat ulang halaman untuk melihatnya."

// Err turns what a driver says into what a user can be told: no row, or an id
// that cannot be one, is NotFound; a broken unique key is Conflict. All else stays.
func Err(err error) error {
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fault.Missing()
	case errors.As(err, &pg) && pg.Code == pgBadText:
		return fault.Missing()
	case Duplicate(err):
		return fault.New(fault.Conflict, TextDuplicate)
	}
	return err
}

// Duplicate reports whether err says that a unique key is taken.
func Duplicate(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == pgUnique
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && (lite.Code() == sqliteUnique || lite.Code() == sqlitePrimaryKey)
}

// unreached says, for the operator, why a database could not be opened: one line
// that names the cure, without the address, which holds a password.
func unreached(err error) error {
	var pg *pgconn.PgError
	var lite *sqlite.Error
	var line *net.OpError
	var name *net.DNSError
	switch {
	case errors.As(err, &pg) && pg.Code == pgPassword:
		return errors.New("the server refuses the password: correct it in the address")
	case errors.As(err, &pg) && pg.Code == pgNobody:
		return fmt.Errorf("the server lets this role not in (%s): correct the address, or pg_hba.conf", pg.Message)
	case errors.As(err, &pg) && pg.Code == pgNoBase:
		return errors.New("the server has no such database: make it with deploy/postgres.sql, or correct the address")
	case errors.As(err, &pg) && pg.Code == pgCrowded:
		return errors.New("the server has no connection left: raise its max_connections, or put pgbouncer before it")
	case errors.As(err, &name):
		return fmt.Errorf("the host %s is not known: correct the address", name.Name)
	case errors.As(err, &line):
		return fmt.Errorf("no server answers at %s: start it, or correct the address", line.Addr)
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("the server does not answer in time: correct the address, or what stands between")
	case errors.As(err, &lite):
		return fmt.Errorf("the file cannot be opened (%s): its folder must exist and be writable, and the file be a database", lite.Error())
	}
	return fmt.Errorf("connect to database: %w", err)
}

// One demands that a statement has changed exactly one row.
// Errors: fault.NotFound when it has changed none.
func One(result sql.Result, err error) error {
	if err != nil {
		return Err(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.Missing()
}

// Changed returns how many rows a statement has changed.
func Changed(result sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// crowded is what is told of a write that lost against others too often.
func crowded(err error) error {
	return errors.Join(fault.New(fault.Unavailable, "Terlalu banyak perubahan pada data yang sama. Coba lagi sebentar."), err)
}

// conflict reports whether a transaction lost against another and may be run again.
// A COMMIT whose answer was lost is not among them: nobody knows what became of it.
func conflict(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == pgSerialization || pg.Code == pgDeadlock
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && strings.Contains(lite.Error(), "SQLITE_BUSY")
}
