// Package config reads what the outside decides, once, and hands it down as a
// struct. A flag beats its environment variable; what is wrong is told by the
// name of both, at start.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// Config is how this installation runs.
type Config struct {
	Database   string // "postgres://…" or "sqlite:PATH"
	Listen     string // "127.0.0.1:8080"
	BaseURL    string // under which people reach it; absolute links are made from it only
	Plugins    string // folder with the course types and their SHA256SUMS
	SigningKey string // file with the 32-byte seeds of certificates in hex, a line each: the first signs, all verify
	OTLP       string // "host:port" of an OpenTelemetry collector, "" = traces go nowhere
}

// Read reads the settings of command from its arguments and the environment.
func Read(command string, args []string, env func(string) string) (Config, error) {
	var c Config
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	settings := []struct {
		to                      *string
		flag, variable, use, or string
	}{
		{&c.Database, "database", "WIYATA_DATABASE", "postgres://… or sqlite:PATH", ""},
		{&c.Listen, "listen", "WIYATA_LISTEN", "address to serve on", "127.0.0.1:8080"},
		{&c.BaseURL, "base-url", "WIYATA_BASE_URL", "address under which people reach it", ""},
		{&c.Plugins, "plugins", "WIYATA_PLUGINS", "folder with the course types", ""},
		{&c.SigningKey, "signing-key", "WIYATA_SIGNING_KEY", "file with the seed that signs certificates", ""},
		{&c.OTLP, "otlp", "WIYATA_OTLP", "host:port of an OpenTelemetry collector", ""},
	}
	for _, s := range settings { // the environment is no default of a flag: help would print its secrets
		flags.StringVar(s.to, s.flag, "", s.use+" ("+s.variable+")")
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			var b strings.Builder
			flags.SetOutput(&b)
			flags.PrintDefaults()
			return c, fmt.Errorf("settings of %s:\n%s", command, b.String())
		}
		return c, fmt.Errorf("settings of %s: %w", command, err)
	}
	for _, s := range settings {
		if *s.to == "" {
			*s.to = env(s.variable)
		}
		if *s.to == "" {
			*s.to = s.or
		}
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("settings of %s: unexpected %q", command, flags.Arg(0))
	}
	return c, nil
}

// Serving says what c lacks to serve.
func (c Config) Serving() error {
	var missing []error
	for _, s := range []struct{ value, name string }{
		{c.Database, "-database (WIYATA_DATABASE)"}, {c.BaseURL, "-base-url (WIYATA_BASE_URL)"},
		{c.Plugins, "-plugins (WIYATA_PLUGINS)"}, {c.SigningKey, "-signing-key (WIYATA_SIGNING_KEY)"},
	} {
		if s.value == "" {
			missing = append(missing, fmt.Errorf("%s is not set", s.name))
		}
	}
	if u, err := url.Parse(c.BaseURL); c.BaseURL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		missing = append(missing, fmt.Errorf("-base-url (WIYATA_BASE_URL) %q is no absolute http(s) address", c.BaseURL))
	}
	return errors.Join(missing...)
}
