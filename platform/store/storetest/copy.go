package storetest

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/stdlib"

	"github.com/wiyata-id/wiyata/platform/store"
)

// Copy copies a table of one PostgreSQL database into the same, empty one of another, and
// returns how many rows that were and how long the second half took, which is the fastest
// that they could be written: past all policies, in one COPY.
func Copy(t testing.TB, from, to *store.DB, table string) (rows int, took time.Duration) {
	t.Helper()
	ctx, path := context.Background(), filepath.Join(t.TempDir(), table+".copy")
	out, err := os.Create(path)
	check(t, err)
	defer out.Close()
	direct(t, Superuser(t, from), func(c *stdlib.Conn) error {
		_, err := c.Conn().PgConn().CopyTo(ctx, out, "COPY "+table+" TO STDOUT")
		return err
	})
	_, err = out.Seek(0, 0)
	check(t, err)
	direct(t, Superuser(t, to), func(c *stdlib.Conn) error {
		started := time.Now()
		tag, err := c.Conn().PgConn().CopyFrom(ctx, out, "COPY "+table+" FROM STDIN")
		rows, took = int(tag.RowsAffected()), time.Since(started)
		return err
	})
	return rows, took
}

// direct runs act on the driver's own connection.
func direct(t testing.TB, db *sql.DB, act func(*stdlib.Conn) error) {
	t.Helper()
	conn, err := db.Conn(context.Background())
	check(t, err)
	defer conn.Close()
	check(t, conn.Raw(func(c any) error { return act(c.(*stdlib.Conn)) }))
}
