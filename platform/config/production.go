package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
)

// Serving says all that c lacks to serve, each with its cure, in lines of their own.
// uid is the number of the user that the process runs as.
func (c Config) Serving(uid int) error {
	var p problems
	for _, s := range []struct{ value, name, cure string }{
		{c.Database, "-database (WIYATA_DATABASE)", "give the address, postgres://… or sqlite:PATH"},
		{c.BaseURL, "-base-url (WIYATA_BASE_URL)", "give the address under which people reach it"},
		{c.Plugins, "-plugins (WIYATA_PLUGINS)", "give the folder with the course types; `make build` fills bin/plugins"},
		{c.SigningKey, "-signing-key (WIYATA_SIGNING_KEY)", "give a file; `openssl rand -hex 32` makes its content"},
		{c.Secret, "-secret (WIYATA_SECRET)", "give a file; `openssl rand -hex 32` makes its content"},
	} {
		if s.value == "" {
			p.add("%s is not set: %s", s.name, s.cure)
		}
	}
	c.checkBaseURL(&p)
	for _, proxy := range c.TrustedProxies() {
		if _, err := prefix(proxy); err != nil {
			p.add("-proxies (WIYATA_PROXIES): %q is neither an address nor a block of them: write 10.0.0.7 or 10.0.0.0/24", proxy)
		}
	}
	if c.Production {
		c.checkProduction(&p, uid)
	}
	return errors.Join(p...)
}

// checkBaseURL: cookies and links that travel over plain http are anybody's, so it is
// for one's own machine only, and not for production.
func (c Config) checkBaseURL(p *problems) {
	if c.BaseURL == "" {
		return
	}
	u, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		p.add("-base-url (WIYATA_BASE_URL) %q is no absolute address: write https://HOST", c.BaseURL)
	case u.Scheme == "http" && c.Production:
		p.add("-base-url (WIYATA_BASE_URL) %q is not https: give the address of the proxy that holds the certificate", c.BaseURL)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		p.add("-base-url (WIYATA_BASE_URL) %q is not https: http is for this machine alone, such as http://127.0.0.1:8080", c.BaseURL)
	}
}

// checkProduction finds what may do on a desk and not where people's data lie.
func (c Config) checkProduction(p *problems, uid int) {
	var keys [2][][]byte
	for i, f := range []struct{ path, name string }{
		{c.SigningKey, "-signing-key (WIYATA_SIGNING_KEY)"}, {c.Secret, "-secret (WIYATA_SECRET)"},
	} {
		if f.path == "" {
			continue
		}
		if info, err := os.Stat(f.path); err == nil && info.Mode().Perm()&0o077 != 0 {
			p.add("%s: others may read %s (mode %04o): run `chmod 600 %s`", f.name, f.path, info.Mode().Perm(), f.path)
		}
		var err error
		if keys[i], err = ReadKeys(f.path); err != nil {
			p.add("%s: %v", f.name, err)
		}
		if slices.ContainsFunc(keys[i], guessable) {
			p.add("%s: %s holds a key that can be guessed: make one with `openssl rand -hex 32`", f.name, f.path)
		}
	}
	if slices.ContainsFunc(keys[0], func(key []byte) bool {
		return slices.ContainsFunc(keys[1], func(other []byte) bool { return slices.Equal(key, other) })
	}) {
		p.add("-secret (WIYATA_SECRET) holds the key of -signing-key (WIYATA_SIGNING_KEY): make another with `openssl rand -hex 32`")
	}
	if c.Proxies == "" {
		p.add("-proxies (WIYATA_PROXIES) is not set: name the proxies whose X-Real-IP is believed, or say none")
	}
	for _, proxy := range c.TrustedProxies() {
		if block, err := prefix(proxy); err == nil && block.Bits() == 0 {
			p.add("-proxies (WIYATA_PROXIES): %s believes everybody: name the proxies alone", proxy)
		}
	}
	if uid == 0 {
		p.add("-production (WIYATA_PRODUCTION): the process runs as root: run it as a user of its own, such as wiyata")
	}
}

// TrustedProxies lists the addresses and blocks of Proxies; nil when it says "none".
func (c Config) TrustedProxies() []string {
	if c.Proxies == "none" {
		return nil
	}
	return strings.FieldsFunc(c.Proxies, func(r rune) bool { return r == ',' || r == ' ' })
}

// prefix reads an address or a block of addresses.
func prefix(text string) (netip.Prefix, error) {
	if strings.Contains(text, "/") {
		return netip.ParsePrefix(text)
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	return addr.Prefix(addr.BitLen())
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// guessable reports whether key was typed and not drawn: few different bytes, or
// steps of one size, as in 00 00 … and 00 01 02 …. Of 32 random bytes some thirty
// differ.
func guessable(key []byte) bool {
	values, steps := map[byte]bool{}, map[byte]bool{}
	for i, b := range key {
		values[b] = true
		if i > 0 {
			steps[b-key[i-1]] = true
		}
	}
	return len(values) < 16 || len(steps) < 8
}

// problems are told all at once: whoever sets up a server should not start it once
// for each.
type problems []error

func (p *problems) add(format string, args ...any) { *p = append(*p, fmt.Errorf(format, args...)) }
