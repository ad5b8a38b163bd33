package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/config"
	"github.com/wiyata-id/wiyata/platform/jobs"
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
	seeds, err := config.ReadKeys(cfg.SigningKey) // the newest first
	if err != nil {
		return fmt.Errorf("-signing-key (WIYATA_SIGNING_KEY): %w", err)
	}
	signer, err := certificate.NewSigner(seeds[0], seeds[1:]...)
	if err != nil {
		return err
	}
	secret, err := config.ReadKey(cfg.Secret)
	if err != nil {
		return fmt.Errorf("-secret (WIYATA_SECRET): %w", err)
	}
	return serveWith(ctx, cfg, keys{signer, secret}, true, log, nil)
}

// keys are what only this installation has.
type keys struct {
	signer *certificate.Signer
	secret []byte // 32 bytes; encrypts what must not lie open in the database
}

// account is what the accounts need to know; without a secret, as in tests, the key is zero.
func (k keys) account(second bool) account.Config {
	cfg := account.Config{SecondFactor: second, Ties: ties()}
	copy(cfg.Key[:], k.secret)
	return cfg
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
	guests, err := catalogue(cfg.Plugins)
	if err != nil {
		return err
	}
	db, err := open(ctx, cfg.Database)
	if err != nil {
		return err
	}
	p, err := wire(ctx, parts{
		db: db, guests: guests, keys: held, second: second, baseURL: cfg.BaseURL, proxies: cfg.TrustedProxies(), log: log,
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

// verify recomputes what must hold, and says what stands still: `verify audit` and
// `verify outbox` exit with an error when they find something.
func verify(ctx context.Context, args []string) error {
	check := map[string]func(context.Context, *store.DB) error{"audit": verifyAudit, "outbox": verifyOutbox}
	if len(args) == 0 || check[args[0]] == nil {
		return fmt.Errorf("verify what? use: verify audit, verify outbox")
	}
	cfg, err := config.Read("verify "+args[0], args[1:], os.Getenv)
	if err != nil {
		return err
	}
	db, err := open(ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer db.Close()
	return check[args[0]](ctx, db)
}

// verifyAudit recomputes every audit chain.
func verifyAudit(ctx context.Context, db *store.DB) error {
	findings, lines, err := authz.VerifyAudit(ctx, db)
	if err != nil {
		return err
	}
	for _, f := range findings {
		fmt.Printf("instansi %d, nomor %d: %s\n", f.Tenant, f.Seq, f.What)
	}
	fmt.Printf("%d baris diperiksa, %d kejanggalan\n", lines, len(findings))
	if len(findings) > 0 {
		return fmt.Errorf("the audit trail does not fit")
	}
	return nil
}

// verifyOutbox lists the effects that keep failing.
func verifyOutbox(ctx context.Context, db *store.DB) error {
	stuck, err := jobs.Stuck(ctx, db)
	if err != nil {
		return err
	}
	for _, row := range stuck {
		fmt.Printf("instansi %d, %s %s: %d kali gagal, dicoba lagi %s\n", row.PartyID, row.Kind, row.ID, row.Attempts, row.NotBefore.UTC().Format(time.RFC3339))
	}
	fmt.Printf("%d efek macet\n", len(stuck))
	if len(stuck) > 0 {
		return fmt.Errorf("effects keep failing: the log says why, where it says that they were put off")
	}
	return nil
}
