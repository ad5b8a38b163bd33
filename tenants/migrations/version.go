package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/wiyata-id/wiyata/platform/store"
)

// Newest returns the version of the schema that this program was built for.
func Newest() (int64, error) {
	names, err := files.ReadDir(".")
	if err != nil {
		return 0, err
	}
	newest := int64(riverVersion)
	for _, name := range names {
		number, _, _ := strings.Cut(name.Name(), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("migration %s has no number", name.Name())
		}
		newest = max(newest, version)
	}
	return newest, nil
}

// Version returns the version of the schema at db, 0 when Up has not been there. The
// role that serves may ask.
func Version(ctx context.Context, db *sql.DB, engine store.Engine) (version int64, err error) {
	there := "SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'"
	if engine == store.Postgres {
		there = "SELECT count(to_regclass('goose_db_version'))"
	}
	var n int
	if err := db.QueryRowContext(ctx, there).Scan(&n); err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	if n == 0 {
		return 0, nil
	}
	if err := db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version); err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	return version, nil
}
