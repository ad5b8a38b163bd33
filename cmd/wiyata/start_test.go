package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

// asBinary makes TestMain run main: the tests' binary is the program too.
const asBinary = "WIYATA_TEST_AS_BINARY"

// command is this test's binary started as wiyata, with nothing in its environment
// beside what is given.
func command(ctx context.Context, env []string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	said := new(bytes.Buffer)
	c := exec.CommandContext(ctx, os.Args[0], args...)
	c.Env = append([]string{asBinary + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir()}, env...)
	c.Stderr = said
	return c, said
}

// settings are the flags of a good start on db.
func settings(t testing.TB, database string) map[string]string {
	t.Helper()
	key := func(name, hex string) string {
		path := filepath.Join(t.TempDir(), name)
		check(t, os.WriteFile(path, []byte(hex+"\n"), 0o600))
		return path
	}
	return map[string]string{
		"-database": database, "-listen": "127.0.0.1:0", "-base-url": "http://127.0.0.1:8080", "-plugins": guestDir,
		"-signing-key": key("signing", "9f2c41d07be85a1366f0c8931ed47ab25c0e67d83bf1924a7d05e6b8413fca29"),
		"-secret":      key("secret", "3ab1e05f7cd2984611d5fb20c7983e6a40f28dc51b7e09b3a6648257ed1f30cc"),
	}
}

func flags(set map[string]string) (args []string) {
	for name, value := range set {
		args = append(args, name, value)
	}
	return args
}

// administer runs statements on db as whoever may do everything.
func administer(t *testing.T, db *store.DB, statements ...string) {
	t.Helper()
	var super interface {
		Exec(string, ...any) (sql.Result, error)
	} = db.SQL()
	if db.Engine == store.Postgres {
		super = storetest.Superuser(t, db)
	}
	for _, s := range statements {
		_, err := super.Exec(s)
		check(t, err)
	}
}

// TestStartErrors: what keeps the program from serving ends it with status 1 and one
// line that names the setting and the cure, and holds no password.
func TestStartErrors(t *testing.T) {
	newest, err := migrations.Newest()
	check(t, err)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer taken.Close()
	type condition struct {
		name  string
		spoil func(t *testing.T, db *store.DB, set map[string]string)
		says  string
	}
	address := func(change func(*url.URL)) func(*testing.T, *store.DB, map[string]string) {
		return func(t *testing.T, _ *store.DB, set map[string]string) {
			u, err := url.Parse(set["-database"])
			check(t, err)
			u.User = url.UserPassword("wiyata_app", "kata-rahasia")
			change(u)
			set["-database"] = u.String()
		}
	}
	put := func(name, value string) func(*testing.T, *store.DB, map[string]string) {
		return func(_ *testing.T, _ *store.DB, set map[string]string) { set[name] = value }
	}
	version := func(change string) func(*testing.T, *store.DB, map[string]string) {
		return func(t *testing.T, db *store.DB, _ map[string]string) { administer(t, db, change) }
	}
	both := []condition{
		{"no database", put("-database", ""), "-database (WIYATA_DATABASE) is not set"},
		{"no engine", put("-database", "mysql://app:kata-rahasia@db/wiyata"), "-database (WIYATA_DATABASE): no such engine"},
		{"schema too old", version(fmt.Sprintf("DELETE FROM goose_db_version WHERE version_id = %d", newest)),
			fmt.Sprintf("needs %d: run `wiyata migrate`", newest)},
		{"no schema", version("DROP TABLE goose_db_version"), "the database is empty: run `wiyata migrate`"},
		{"no governments", func(t *testing.T, db *store.DB, _ map[string]string) {
			administer(t, db, "DELETE FROM tenant_era", "DELETE FROM tenant")
		}, "the database has no governments: run `wiyata migrate`"},
		{"port taken", put("-listen", taken.Addr().String()), "-listen (WIYATA_LISTEN): " + taken.Addr().String() + " is taken"},
		{"metrics' port taken", put("-metrics", taken.Addr().String()), "-metrics (WIYATA_METRICS): " + taken.Addr().String() + " is taken"},
		{"address of another machine", put("-listen", "192.0.2.1:80"), `-listen (WIYATA_LISTEN): "192.0.2.1:80" cannot be listened on`},
		{"no plugins", put("-plugins", "/nowhere"), "-plugins (WIYATA_PLUGINS): there is no folder /nowhere"},
		{"plugins are a file", put("-plugins", os.Args[0]), "-plugins (WIYATA_PLUGINS): " + os.Args[0] + " is no folder"},
		{"no secret", put("-secret", "/nowhere/key"), "-secret (WIYATA_SECRET): there is no file /nowhere/key"},
		{"no signing key", put("-signing-key", "/nowhere/key"), "-signing-key (WIYATA_SIGNING_KEY): there is no file /nowhere/key"},
	}
	only := map[store.Engine][]condition{
		store.SQLite: {
			{"no file", put("-database", "sqlite:"+filepath.Join(t.TempDir(), "none.db")), "none.db: run `wiyata migrate` to make it"},
			{"no database in it", put("-database", "sqlite:"+os.Args[0]), "the file cannot be opened"},
		},
		store.Postgres: {
			{"no address", put("-database", "postgres://app:kata-rahasia@db:port/wiyata"), "no PostgreSQL address"},
			{"nobody answers", address(func(u *url.URL) { u.Host = "127.0.0.1:1" }), "no server answers at 127.0.0.1:1"},
			{"unknown host", address(func(u *url.URL) { u.Host = "nowhere.invalid:5432" }), "the host nowhere.invalid is not known"},
			{"no such database", address(func(u *url.URL) { u.Path = "/nowhere" }), "no such database"},
			{"unknown role", address(func(u *url.URL) { u.User = url.UserPassword("stranger", "kata-rahasia") }), "lets this role not in"},
		},
	}
	try := func(engine store.Engine, conditions []condition) func(*testing.T) {
		return func(t *testing.T) {
			for _, c := range conditions {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					db := template.Clone(t, engine)
					set := settings(t, addressOf(t, db))
					c.spoil(t, db, set)
					start, said := command(t.Context(), nil, append([]string{"serve"}, flags(set)...)...)
					var exit *exec.ExitError
					if err := start.Run(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
						t.Errorf("ended with %v, want status 1", err)
					}
					line := said.String()
					if !strings.HasPrefix(line, "wiyata: ") || !strings.Contains(line, c.says) || strings.Count(line, "\n") != 1 {
						t.Errorf("said, instead of one line with %q:\n%s", c.says, line)
					}
					if strings.Contains(line, "kata-rahasia") {
						t.Errorf("told the password:\n%s", line)
					}
				})
			}
		}
	}
	for _, engine := range storetest.Engines() {
		t.Run(string(engine), try(engine, both))
		t.Run(string(engine)+"_only", try(engine, only[engine]))
	}
}

// TestServeMakesNoDatabase: only migrate makes the file.
func TestServeMakesNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	for _, args := range [][]string{{"serve"}, {"verify", "audit"}, {"account", "add", "-name", "Ani", "-who", "a@x.example", "-government", "15", "-role", "head"}} {
		set := settings(t, "sqlite:"+path)
		if args[0] != "serve" {
			set = map[string]string{"-database": "sqlite:" + path}
		}
		start, said := command(t.Context(), nil, append(args, flags(set)...)...)
		if err := start.Run(); err == nil || !strings.Contains(said.String(), "wiyata migrate") {
			t.Errorf("%s: %v\n%s", args[0], err, said)
		}
		if _, err := os.Stat(path); err == nil {
			t.Fatalf("%s has made a database", args[0])
		}
	}
	start, said := command(t.Context(), nil, "migrate", "-database", "sqlite:"+path)
	if err := start.Run(); err != nil {
		t.Errorf("migrate: %v\n%s", err, said)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

// TestServe: the binary serves with settings from its environment, shows its metrics
// at an address of their own, turns unready when its schema falls behind, stays ready
// when the next release has migrated, and ends with status 0 when it is told to.
func TestServe(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		free := func() string { // taken and given back: the binary says where it serves only in its log
			l, err := net.Listen("tcp", "127.0.0.1:0")
			check(t, err)
			defer l.Close()
			return l.Addr().String()
		}
		set := settings(t, addressOf(t, db))
		site, metrics := free(), free()
		start, said := command(t.Context(), []string{
			"WIYATA_DATABASE=" + set["-database"], "WIYATA_LISTEN=" + site, "WIYATA_BASE_URL=http://" + site, "WIYATA_PLUGINS=" + guestDir,
			"WIYATA_SIGNING_KEY=" + set["-signing-key"], "WIYATA_SECRET=" + set["-secret"], "WIYATA_METRICS=" + metrics, "WIYATA_PRODUCTION=false",
		}, "serve")
		check(t, start.Start())
		ended := make(chan error, 1)
		go func() { ended <- start.Wait() }()
		get := func(address string) (int, string) {
			res, err := http.Get("http://" + address)
			if err != nil {
				return 0, ""
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			check(t, err)
			return res.StatusCode, string(body)
		}
		ready := func(want int) func() bool {
			return func() bool { status, _ := get(site + "/readyz"); return status == want }
		}
		eventually(t, "the site to be ready", ready(200))
		if status, _ := get(site + "/masuk"); status != 200 {
			t.Errorf("/masuk: status %d", status)
		}
		if status, _ := get(site + "/metrics"); status != 404 {
			t.Errorf("metrics for everybody: status %d", status)
		}
		_, text := get(metrics + "/metrics")
		for _, line := range []string{`http_route="/masuk"} 1`, `store_transactions_total{door="platform",outcome="done"}`, `db_client_connection_count{pool="write"`} {
			if !strings.Contains(text, line) {
				t.Errorf("no %s on the metrics:\n%s", line, text)
			}
		}
		newest, err := migrations.Newest()
		check(t, err)
		administer(t, db, fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true)", newest+1))
		if !ready(200)() {
			t.Error("not ready on the next release's schema")
		}
		administer(t, db, fmt.Sprintf("DELETE FROM goose_db_version WHERE version_id >= %d", newest))
		if !ready(503)() {
			t.Error("ready on a schema that is behind")
		}
		check(t, start.Process.Signal(syscall.SIGTERM))
		if err := <-ended; err != nil {
			t.Errorf("ended with %v\n%s", err, said)
		}
	})
}
