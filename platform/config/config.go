// Package config reads what the outside decides, once, and hands it down as a
// struct. A flag beats its environment variable; what is wrong is told by the
// name of both, at start.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Config is how this installation runs.
type Config struct {
	Database   string // "postgres://…" or "sqlite:PATH"
	Listen     string // "127.0.0.1:8080"
	BaseURL    string // under which people reach it; absolute links are made from it only
	Plugins    string // folder with the course types, NAME@VERSION each
	SigningKey string // file with the 32-byte seeds of certificates in hex, a line each: the first signs, all verify
	Secret     string // file with the 32 bytes in hex that encrypt what must not lie open in the database
	Proxies    string // addresses and blocks whose X-Real-IP is believed, commas between them; "none" says that there are none
	Production bool   // refuse what may do on a desk only
	Metrics    string // address on which Prometheus finds /metrics, "" = nowhere
	Heads      string // folder outside of the database in which the heads of the audit chains are written down, "" = nowhere
	TenantRate int    // requests a second that a government's people and programs may make of one process; 0 = any number
	OTLP       string // "host:port" of an OpenTelemetry collector, "" = traces go nowhere
}

// Read reads the settings of command from its arguments and the environment.
func Read(command string, args []string, env func(string) string) (Config, error) {
	var c Config
	rate := ""
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
		{&c.Secret, "secret", "WIYATA_SECRET", "file with the key that encrypts what must not lie open in the database", ""},
		{&c.Proxies, "proxies", "WIYATA_PROXIES", "addresses or blocks of trusted proxies, commas between them, or none", ""},
		{&c.Metrics, "metrics", "WIYATA_METRICS", "address on which Prometheus finds /metrics", ""},
		{&c.Heads, "heads", "WIYATA_HEADS", "folder for the heads of the audit chains", ""},
		{&rate, "tenant-rate", "WIYATA_TENANT_RATE", "requests a second of one government, 0 for any number; 200 when it is not set", "200"},
		{&c.OTLP, "otlp", "WIYATA_OTLP", "host:port of an OpenTelemetry collector", ""},
	}
	for _, s := range settings { // the environment is no default of a flag: help would print its secrets
		flags.StringVar(s.to, s.flag, "", s.use+" ("+s.variable+")")
	}
	const production = "WIYATA_PRODUCTION"
	flags.BoolVar(&c.Production, "production", false, "refuse what may do on a desk only ("+production+")")
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
	var err error
	if c.TenantRate, err = strconv.Atoi(rate); err != nil || c.TenantRate < 0 || c.TenantRate > 1_000_000 {
		return c, fmt.Errorf("-tenant-rate (WIYATA_TENANT_RATE) is %q: write a whole number of requests a second, 0 for any number", rate)
	}
	given := false
	flags.Visit(func(f *flag.Flag) { given = given || f.Name == "production" })
	if value := env(production); value != "" && !given {
		if c.Production, err = strconv.ParseBool(value); err != nil {
			return c, fmt.Errorf("-production (%s) is %q: say true or false", production, value)
		}
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("settings of %s: unexpected %q", command, flags.Arg(0))
	}
	return c, nil
}
