package main

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/config"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
)

const pluginUsage = `plugin what? use:
  plugin key add    -vendor wiyata -key HEX      whose guests may be installed, by their public key
  plugin key list   [-json]
  plugin key revoke -key HEX -reason "…"         nothing more that was signed with it
  plugin add        FOLDER                       install the guest in FOLDER, NAME@VERSION
  plugin list       [-json]
  plugin enable     -reason "…" NAME@VERSION
  plugin disable    -reason "…" NAME@VERSION     what needs it is unavailable until it is enabled
  plugin sign       -key FILE FOLDER             for a vendor: write sums and signature of FOLDER
each but sign with -database or WIYATA_DATABASE; flags come first`

// pluginCommand is the catalogue of guests from the command line. Running processes follow
// by themselves.
type pluginCommand struct {
	guests *host.Catalogue
	out    io.Writer

	vendor, key, reason, object string
	json                        bool
}

// pluginCmd runs `wiyata plugin …`.
func pluginCmd(ctx context.Context, args []string, out io.Writer) error {
	c := &pluginCommand{out: out}
	acts := map[string]func(context.Context) error{
		"key add": c.addKey, "key list": c.keys, "key revoke": c.revoke,
		"add": c.add, "list": c.list, "enable": c.enable, "disable": c.disable, "sign": c.sign,
	}
	words := min(len(args), 1)
	if words > 0 && args[0] == "key" {
		words = min(len(args), 2)
	}
	name := strings.Join(args[:words], " ")
	act, ok := acts[name]
	flags := flag.NewFlagSet("plugin", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	database := flags.String("database", os.Getenv("WIYATA_DATABASE"), "")
	for name, into := range map[string]*string{"vendor": &c.vendor, "key": &c.key, "reason": &c.reason} {
		flags.StringVar(into, name, "", "")
	}
	flags.BoolVar(&c.json, "json", false, "")
	if err := flags.Parse(args[words:]); err != nil || !ok {
		return errors.New(pluginUsage)
	}
	wanted := 0
	switch name {
	case "add", "enable", "disable", "sign":
		wanted = 1
	}
	if flags.NArg() != wanted {
		return errors.New(pluginUsage)
	}
	c.object = flags.Arg(0)
	if name != "sign" {
		db, err := open(ctx, *database)
		if err != nil {
			return err
		}
		defer db.Close()
		gate, err := openGate(db, &tenants.Registry{})
		if err != nil {
			return err
		}
		c.guests = host.NewCatalogue(gate)
	}
	err := act(authz.AsSystem(ctx, 0))
	if f := fault.Of(err); f != nil {
		return errors.New(f.Text)
	}
	return err
}

func (c *pluginCommand) addKey(ctx context.Context) error {
	return c.guests.AddKey(ctx, c.vendor, c.key)
}

func (c *pluginCommand) revoke(ctx context.Context) error {
	signed, err := c.guests.RevokeKey(ctx, c.key, c.reason)
	for _, e := range signed {
		fmt.Fprintf(c.out, "%s ditandatangani dengan kunci ini dan tetap berjalan. Hentikan dengan `wiyata plugin disable` bila tidak lagi dipercaya.\n", e.ID())
	}
	return err
}

func (c *pluginCommand) add(ctx context.Context) error {
	e, err := c.guests.Add(ctx, c.object)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s dari %s terpasang. Salin foldernya ke folder -plugins pada setiap peladen.\n", e.ID(), e.Vendor)
	return nil
}

func (c *pluginCommand) enable(ctx context.Context) error {
	name, version, _ := strings.Cut(c.object, "@")
	return c.guests.Enable(ctx, name, version, c.reason)
}

func (c *pluginCommand) disable(ctx context.Context) error {
	name, version, _ := strings.Cut(c.object, "@")
	return c.guests.Disable(ctx, name, version, c.reason)
}

// sign signs a folder with a vendor's private key, and prints the public one.
func (c *pluginCommand) sign(context.Context) error {
	seed, err := config.ReadKey(c.key)
	if err != nil {
		return fmt.Errorf("-key: %w", err)
	}
	if _, err := host.Sign(c.object, seed); err != nil {
		return err
	}
	fmt.Fprintln(c.out, publicKey(seed))
	return nil
}

// publicKey is the other half of a vendor's key, in hex.
func publicKey(seed []byte) string {
	public, _ := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey) // always is one
	return hex.EncodeToString(public)
}

func (c *pluginCommand) keys(ctx context.Context) error {
	all, err := c.guests.Keys(ctx)
	if err != nil {
		return err
	}
	type line struct {
		Vendor  string `json:"vendor"`
		Key     string `json:"key"`
		Added   string `json:"added"`
		Revoked string `json:"revoked,omitempty"`
		Reason  string `json:"reason,omitempty"`
	}
	lines := []line{}
	for _, k := range all {
		l := line{Vendor: k.Vendor, Key: k.Key, Added: civil.DateOf(k.AddedAt, civil.WIB).String(), Reason: k.Reason}
		if !k.RevokedAt.IsZero() {
			l.Revoked = civil.DateOf(k.RevokedAt, civil.WIB).String()
		}
		lines = append(lines, l)
	}
	if c.json {
		return json.NewEncoder(c.out).Encode(lines)
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		state := ""
		if l.Revoked != "" {
			state = "dicabut " + l.Revoked + ": " + l.Reason
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", l.Vendor, l.Key, l.Added, state)
	}
	return table.Flush()
}

func (c *pluginCommand) list(ctx context.Context) error {
	all, err := c.guests.List(ctx)
	if err != nil {
		return err
	}
	type line struct {
		Name      string             `json:"name"`
		Version   string             `json:"version"`
		Vendor    string             `json:"vendor"`
		Contract  int                `json:"contract"`
		Asks      []coursetype.Field `json:"asks"`
		Key       string             `json:"key"`
		Enabled   bool               `json:"enabled"`
		Reason    string             `json:"reason,omitempty"`
		Installed string             `json:"installed"`
	}
	lines := []line{}
	for _, e := range all {
		lines = append(lines, line{e.Name, e.Version, e.Vendor, e.Contract, append([]coursetype.Field{}, e.Asks...), e.Key, e.Enabled, e.Reason, civil.DateOf(e.InstalledAt, civil.WIB).String()})
	}
	if c.json {
		return json.NewEncoder(c.out).Encode(lines)
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		state := "aktif"
		if !l.Enabled {
			state = "nonaktif: " + l.Reason
		}
		fmt.Fprintf(table, "%s@%s\t%s\t%s\t%s\n", l.Name, l.Version, l.Vendor, l.Installed, state)
	}
	return table.Flush()
}

// installOwn installs every guest in folder as ones of our own, signed with the key whose
// public half is key: for the demo and for tests.
func installOwn(ctx context.Context, guests *host.Catalogue, folder, key string) error {
	ctx = authz.AsSystem(ctx, 0)
	if err := guests.AddKey(ctx, host.Own, key); err != nil {
		return err
	}
	dirs, err := filepath.Glob(filepath.Join(folder, "*@*"))
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if _, err := guests.Add(ctx, dir); err != nil {
			return err
		}
	}
	return nil
}
