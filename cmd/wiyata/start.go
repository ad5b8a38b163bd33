package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

// What keeps the program from starting is told in one line: the setting, what is
// wrong with it, and the cure.

const settingDatabase = "-database (WIYATA_DATABASE)"

// open opens a database that has been migrated, by this program or a newer
// one. SQLite would make an empty file where there is none: only migrate may.
func open(ctx context.Context, address string) (*store.DB, error) {
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: there is no database %s: run `wiyata migrate` to make it", settingDatabase, path)
		}
	}
	db, err := openAny(ctx, address)
	if err != nil {
		return nil, err
	}
	version, err := migrations.Version(ctx, db.SQL(), db.Engine)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("%s: the schema's version cannot be read: run `wiyata migrate` as its owner", settingDatabase)
	}
	newest, err := migrations.Newest()
	switch {
	case err != nil:
	case version == 0:
		err = fmt.Errorf("%s: the database is empty: run `wiyata migrate`", settingDatabase)
	case version < newest:
		err = fmt.Errorf("%s: the database schema is at version %d and this program needs %d: run `wiyata migrate`", settingDatabase, version, newest)
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// openAny opens a database in whatever state it is; SQLite makes the file.
func openAny(ctx context.Context, address string) (*store.DB, error) {
	if address == "" {
		return nil, fmt.Errorf("%s is not set: give the address, postgres://… or sqlite:PATH", settingDatabase)
	}
	db, err := store.Open(ctx, address, time.Now)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", settingDatabase, err)
	}
	return db, nil
}

// fits says that db answers and that its schema has what this program needs. A newer
// one has: a node goes on serving while the next release migrates before it.
func fits(ctx context.Context, db *store.DB) error {
	version, err := migrations.Version(ctx, db.SQL(), db.Engine)
	if err != nil {
		return err
	}
	newest, err := migrations.Newest()
	if err == nil && version < newest {
		err = fmt.Errorf("schema at version %d, %d wanted", version, newest)
	}
	return err
}

// listen opens address, which stands in the named setting.
func listen(setting, address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case err == nil:
		return listener, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s: %s is taken: stop what serves there, or choose another port", setting, address)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s: %s may not be opened by this user: choose a port from 1024 on", setting, address)
	}
	return nil, fmt.Errorf("%s: %q cannot be listened on: write HOST:PORT with an address of this machine", setting, address)
}

// pluginFolder wants folder to be one that may be read.
func pluginFolder(folder string) error {
	const setting = "-plugins (WIYATA_PLUGINS)"
	_, err := os.ReadDir(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no folder %s: give the one that `make build` fills, bin/plugins", setting, folder)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: %s may not be read: give it to the user that serves", setting, folder)
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%s: %s is no folder", setting, folder)
	case err != nil:
		return fmt.Errorf("%s: %w", setting, err)
	}
	return nil
}
