package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/config"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/telemetry"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/certificate"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

// serve runs the product on a database that has been migrated.
func serve(ctx context.Context, args []string, log *slog.Logger) error {
	cfg, err := config.Read("serve", args, os.Getenv)
	if err != nil {
		return err
	}
	if err := cfg.Serving(os.Geteuid()); err != nil {
		return err
	}
	signer, err := readSigner(cfg.SigningKey)
	if err != nil {
		return err
	}
	secret, err := config.ReadKey(cfg.Secret)
	if err != nil {
		return fmt.Errorf("-secret (WIYATA_SECRET): %w", err)
	}
	if cfg.Production && cfg.Heads == "" {
		log.Warn("audit heads are kept in the database alone: set -heads (WIYATA_HEADS), or a trail that was cut short goes unseen")
	}
	return serveWith(ctx, cfg, keys{signer, secret}, true, log, nil)
}

// readSigner reads the keys of certificates from a file, the newest first.
func readSigner(path string) (*certificate.Signer, error) {
	seeds, err := config.ReadKeys(path)
	if err != nil {
		return nil, fmt.Errorf("-signing-key (WIYATA_SIGNING_KEY): %w", err)
	}
	return certificate.NewSigner(seeds[0], seeds[1:]...)
}

// keys are what only this installation has.
type keys struct {
	signer *certificate.Signer
	secret []byte // 32 bytes; encrypts what must not lie open in the database
}

// account is what the accounts need to know.
func (k keys) account(second bool) account.Config {
	return account.Config{SecondFactor: second, Key: k.key(), Ties: ties()}
}

// key is the secret; without one, as in tests, it is zero.
func (k keys) key() (key [config.KeySize]byte) {
	copy(key[:], k.secret)
	return key
}

// serveWith runs the product, with a second factor for weighty roles or, for the demo,
// without; ready, unless nil, is called once everything is connected. Its addresses are taken first: a second start ends before it has touched
// anything.
func serveWith(ctx context.Context, cfg config.Config, held keys, second bool, log *slog.Logger, ready func(*product) error) error {
	listener, err := listen("-listen (WIYATA_LISTEN)", cfg.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	var metrics net.Listener
	if cfg.Metrics != "" {
		if metrics, err = listen("-metrics (WIYATA_METRICS)", cfg.Metrics); err != nil {
			return err
		}
		defer metrics.Close()
	}
	flush, err := telemetry.Start(ctx, cfg.OTLP)
	if err != nil {
		return fmt.Errorf("-otlp (WIYATA_OTLP): %w", err)
	}
	defer func() {
		if err := flush(context.WithoutCancel(ctx)); err != nil {
			log.Error("last traces not sent", "error", err)
		}
	}()
	if err := pluginFolder(cfg.Plugins); err != nil {
		return err
	}
	db, err := open(ctx, cfg.Database)
	if err != nil {
		return err
	}
	p, err := wire(ctx, parts{
		db: db, plugins: cfg.Plugins, production: cfg.Production, keys: held, second: second, baseURL: cfg.BaseURL, rate: cfg.TenantRate, proxies: cfg.TrustedProxies(), heads: cfg.Heads, log: log,
	})
	if err != nil {
		db.Close()
		return err
	}
	defer p.close()
	if ready != nil {
		if err := ready(p); err != nil {
			return err
		}
	}
	unexpose := expose(ctx, metrics)
	err = p.run(ctx, listener)
	return errors.Join(err, unexpose())
}

// expose serves metrics on listener, unless that is nil, until it is told to stop.
func expose(ctx context.Context, listener net.Listener) (stop func() error) {
	if listener == nil {
		return func() error { return nil }
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // the end of a shutdown is worth a look
	served := make(chan error, 1)
	go func() { served <- telemetry.Expose(ctx, listener) }()
	return func() error {
		cancel()
		return <-served
	}
}

// migrate brings the schema and the table of governments up to date. On
// PostgreSQL the address names the owner of the schema, not the role that serves.
func migrate(ctx context.Context, args []string) error {
	cfg, err := config.Read("migrate", args, os.Getenv)
	if err != nil {
		return err
	}
	db, err := openAny(ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer db.Close()
	return prepare(ctx, db)
}

// prepare makes db ready to serve; a second run changes nothing.
func prepare(ctx context.Context, db *store.DB) error {
	if err := migrations.Up(ctx, db.SQL(), db.Engine); err != nil {
		return err
	}
	gate, err := openGate(db, &tenants.Registry{})
	if err != nil {
		return err
	}
	return tenants.Seed(authz.AsSystem(ctx, 0), gate)
}
