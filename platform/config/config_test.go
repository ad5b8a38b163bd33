package config_test

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/config"
)

func TestRead(t *testing.T) {
	env := map[string]string{"WIYATA_DATABASE": "postgres://app:hush@db/wiyata", "WIYATA_LISTEN": "0.0.0.0:80"}
	read := func(args ...string) (config.Config, error) {
		return config.Read("serve", args, func(k string) string { return env[k] })
	}
	c, err := read("-listen", "127.0.0.1:9000")
	if err != nil || c.Listen != "127.0.0.1:9000" || c.Database != env["WIYATA_DATABASE"] {
		t.Errorf("a flag beats its variable: %+v, %v", c, err)
	}
	if _, err := read("-h"); err == nil || !strings.Contains(err.Error(), "WIYATA_DATABASE") || strings.Contains(err.Error(), "hush") {
		t.Errorf("help = %v", err)
	}
	for value, want := range map[string]bool{"": false, "true": true, "0": false} {
		env["WIYATA_PRODUCTION"] = value
		if c, err := read(); err != nil || c.Production != want {
			t.Errorf("WIYATA_PRODUCTION=%s: %v, %v", value, c.Production, err)
		}
	}
	env["WIYATA_PRODUCTION"] = "yes"
	if _, err := read(); err == nil || !strings.Contains(err.Error(), "WIYATA_PRODUCTION") {
		t.Errorf("WIYATA_PRODUCTION=yes: %v", err)
	}
	if c, err := read("-production=false"); err != nil || c.Production {
		t.Errorf("a flag beats its variable: %v, %v", c.Production, err)
	}
	delete(env, "WIYATA_PRODUCTION")
	if c, err := read(); err != nil || c.TenantRate != 200 {
		t.Errorf("the rate that nobody set: %d, %v", c.TenantRate, err)
	}
	for _, rate := range []string{"-1", "dua", "1.5", "10000000"} {
		if _, err := read("-tenant-rate", rate); err == nil || !strings.Contains(err.Error(), "WIYATA_TENANT_RATE") {
			t.Errorf("a rate of %s: %v", rate, err)
		}
	}
	for _, args := range [][]string{{"-nonsense", "1"}, {"extra"}} {
		if _, err := read(args...); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}

// key writes a file with keys and returns its path.
func key(t *testing.T, mode os.FileMode, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	first  = "9f2c41d07be85a1366f0c8931ed47ab25c0e67d83bf1924a7d05e6b8413fca29"
	second = "3ab1e05f7cd2984611d5fb20c7983e6a40f28dc51b7e09b3a6648257ed1f30cc"
	zero   = "0000000000000000000000000000000000000000000000000000000000000000"
	count  = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	twice  = "deadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef"
)

func TestServing(t *testing.T) {
	good := config.Config{
		Database: "sqlite:x", Listen: "127.0.0.1:0", BaseURL: "https://wiyata.example", Plugins: "p",
		SigningKey: key(t, 0o600, first), Secret: key(t, 0o600, second),
	}
	production := good
	production.Production, production.Proxies = true, "10.0.0.7, 10.1.0.0/24"
	for name, c := range map[string]config.Config{"a desk": good, "production": production} {
		if err := c.Serving(1000); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	for _, tc := range []struct {
		name  string
		spoil func(*config.Config)
		uid   int
		says  string // what the refusal names
		desk  bool   // it is refused on a desk too
	}{
		{"no database", func(c *config.Config) { c.Database = "" }, 1000, "-database (WIYATA_DATABASE) is not set", true},
		{"no plugins", func(c *config.Config) { c.Plugins = "" }, 1000, "-plugins (WIYATA_PLUGINS) is not set", true},
		{"no base URL", func(c *config.Config) { c.BaseURL = "" }, 1000, "-base-url (WIYATA_BASE_URL) is not set", true},
		{"no signing key", func(c *config.Config) { c.SigningKey = "" }, 1000, "-signing-key (WIYATA_SIGNING_KEY) is not set", true},
		{"no secret", func(c *config.Config) { c.Secret = "" }, 1000, "-secret (WIYATA_SECRET) is not set", true},
		{"relative base URL", func(c *config.Config) { c.BaseURL = "wiyata.example" }, 1000, `-base-url (WIYATA_BASE_URL) "wiyata.example" is no absolute`, true},
		{"http", func(c *config.Config) { c.BaseURL = "http://wiyata.example" }, 1000, "-base-url (WIYATA_BASE_URL) \"http://wiyata.example\" is not https", true},
		{"http on loopback", func(c *config.Config) { c.BaseURL = "http://127.0.0.1:8080" }, 1000, "-base-url (WIYATA_BASE_URL) \"http://127.0.0.1:8080\" is not https", false},
		{"http on localhost", func(c *config.Config) { c.BaseURL = "http://localhost" }, 1000, "is not https", false},
		{"odd proxy", func(c *config.Config) { c.Proxies = "proxy.local" }, 1000, `-proxies (WIYATA_PROXIES): "proxy.local"`, true},
		{"proxies not named", func(c *config.Config) { c.Proxies = "" }, 1000, "-proxies (WIYATA_PROXIES) is not set", false},
		{"everybody a proxy", func(c *config.Config) { c.Proxies = "0.0.0.0/0" }, 1000, "-proxies (WIYATA_PROXIES): 0.0.0.0/0 believes everybody", false},
		{"root", func(*config.Config) {}, 0, "-production (WIYATA_PRODUCTION): the process runs as root", false},
		{"zero secret", func(c *config.Config) { c.Secret = key(t, 0o600, zero) }, 1000, "-secret (WIYATA_SECRET): ", false},
		{"counted key", func(c *config.Config) { c.SigningKey = key(t, 0o600, first, count) }, 1000, "-signing-key (WIYATA_SIGNING_KEY): ", false},
		{"repeated key", func(c *config.Config) { c.SigningKey = key(t, 0o600, twice) }, 1000, "can be guessed", false},
		{"one key for both", func(c *config.Config) { c.Secret = c.SigningKey }, 1000, "-secret (WIYATA_SECRET) holds the key of -signing-key", false},
		{"readable by others", func(c *config.Config) { c.Secret = key(t, 0o640, second) }, 1000, "-secret (WIYATA_SECRET): others may read", false},
		{"signing key readable", func(c *config.Config) { c.SigningKey = key(t, 0o604, first) }, 1000, "-signing-key (WIYATA_SIGNING_KEY): others may read", false},
		{"no such file", func(c *config.Config) { c.Secret = "/nowhere/key" }, 1000, "-secret (WIYATA_SECRET): there is no file /nowhere/key", false},
	} {
		c := production
		tc.spoil(&c)
		err := c.Serving(tc.uid)
		if err == nil || !strings.Contains(err.Error(), tc.says) || strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("%s in production = %v, want the one line that %s", tc.name, err, tc.says)
		}
		c.Production = false
		if err := c.Serving(tc.uid); (err != nil) != tc.desk {
			t.Errorf("%s on a desk = %v", tc.name, err)
		}
	}
	all := config.Config{Production: true, SigningKey: key(t, 0o644, zero)}.Serving(0)
	if lines := strings.Split(all.Error(), "\n"); len(lines) != 8 {
		t.Errorf("%d problems told, want 8:\n%v", len(lines), all)
	}
	direct := production
	direct.Proxies = "none"
	if err := direct.Serving(1000); err != nil || direct.TrustedProxies() != nil {
		t.Errorf("no proxies, said so: %v, %v", err, direct.TrustedProxies())
	}
	if got := production.TrustedProxies(); !slices.Equal(got, []string{"10.0.0.7", "10.1.0.0/24"}) {
		t.Errorf("TrustedProxies = %q", got)
	}
}

func TestReadKey(t *testing.T) {
	if k, err := config.ReadKey(key(t, 0o600, first)); err != nil || hex.EncodeToString(k) != first {
		t.Errorf("ReadKey = %x, %v", k, err)
	}
	if keys, err := config.ReadKeys(key(t, 0o600, second, "", first)); err != nil || len(keys) != 2 || hex.EncodeToString(keys[0]) != second {
		t.Errorf("ReadKeys = %x, %v", keys, err)
	}
	for name, path := range map[string]string{
		"two keys": key(t, 0o600, first, second), "empty": key(t, 0o600), "short": key(t, 0o600, first[2:]),
		"no hex": key(t, 0o600, "rahasia"+first[7:]), "no file": "/nowhere/key", "a folder": t.TempDir(),
	} {
		if _, err := config.ReadKey(path); err == nil || strings.Contains(err.Error(), first[8:16]) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s = %v", name, err)
		}
	}
}
