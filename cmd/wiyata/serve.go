package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/config"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/telemetry"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/certificate"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

// serve runs the product on a database that has been migrated.
func serve(ctx context.Context, args []string, log *slog.Logger) error {
	cfg, err := config.Read("serve", args, os.Getenv)
	if err != nil {
		return err
	}
	if err := cfg.Serving(); err != nil {
		return err
	}
	text, err := os.ReadFile(cfg.SigningKey)
	if err != nil {
		return fmt.Errorf("-signing-key: %w", err)
	}
	var seeds [][]byte // the newest first
	for line := range strings.FieldsSeq(string(text)) {
		seed, err := hex.DecodeString(line)
		if err != nil {
			return fmt.Errorf("-signing-key: %s holds a line that is no hex", cfg.SigningKey)
		}
		seeds = append(seeds, seed)
	}
	if len(seeds) == 0 {
		return fmt.Errorf("-signing-key: %s is empty", cfg.SigningKey)
	}
	signer, err := certificate.NewSigner(seeds[0], seeds[1:]...)
	if err != nil {
		return err
	}
	return serveWith(ctx, cfg, signer, log, nil)
}

// serveWith runs the product; ready, unless nil, is called once everything is connected.
func serveWith(ctx context.Context, cfg config.Config, signer *certificate.Signer, log *slog.Logger, ready func(*product) error) error {
	flush, err := telemetry.Start(ctx, cfg.OTLP)
	if err != nil {
		return err
	}
	defer flush(context.WithoutCancel(ctx))
	guests, err := host.Scan(cfg.Plugins)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, cfg.Database, time.Now)
	if err != nil {
		return err
	}
	p, err := wire(ctx, parts{db: db, guests: guests, signer: signer, baseURL: cfg.BaseURL, log: log})
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
	return p.run(ctx, cfg.Listen)
}

// migrate brings the schema and the table of governments up to date. On
// PostgreSQL the address names the owner of the schema, not the role that serves.
func migrate(ctx context.Context, args []string) error {
	cfg, err := config.Read("migrate", args, os.Getenv)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, cfg.Database, time.Now)
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

// verify recomputes what must hold. `verify audit` exits with an error when a
// chain does not fit.
func verify(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] != "audit" {
		return fmt.Errorf("verify what? use: verify audit")
	}
	cfg, err := config.Read("verify audit", args[1:], os.Getenv)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, cfg.Database, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
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
