package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/config"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/migrations"
	"github.com/wiyata-id/wiyata/tenants/oversight"
)

// A report is what a verification found: Findings are marshalled with -json, and
// printed by their String without.
type report[F fmt.Stringer] struct {
	Checked  int    `json:"checked"`
	Of       string `json:"of"`
	Findings []F    `json:"findings"`
}

// verify recomputes what must hold, prints what does not to the standard output, and
// then ends with an error.
func verify(ctx context.Context, args []string) error { return verifyTo(ctx, args, os.Stdout) }

func verifyTo(ctx context.Context, args []string, out io.Writer) error {
	what := ""
	if len(args) > 0 {
		what, args = args[0], slices.Clone(args[1:])
	}
	wide := len(args)
	args = slices.DeleteFunc(args, func(a string) bool { return a == "-json" || a == "--json" })
	asJSON := len(args) < wide
	check := map[string]func(context.Context, config.Config, *store.DB, outlet) error{
		"audit": verifyAudit, "rollups": verifyRollups, "tenancy": verifyTenancy, "outbox": verifyOutbox,
	}[what]
	if check == nil {
		return fmt.Errorf("verify what? use: verify audit, verify rollups, verify tenancy or verify outbox")
	}
	cfg, err := config.Read("verify "+what, args, os.Getenv)
	if err != nil {
		return err
	}
	db, err := open(ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer db.Close()
	return check(ctx, cfg, db, outlet{out, asJSON})
}

// outlet is how a report goes out.
type outlet struct {
	out    io.Writer
	asJSON bool
}

// said prints r, and is an error when anything was found.
func said[F fmt.Stringer](t outlet, r report[F]) error {
	if t.asJSON {
		if r.Findings == nil {
			r.Findings = []F{}
		}
		if err := json.NewEncoder(t.out).Encode(r); err != nil {
			return err
		}
	} else {
		for _, f := range r.Findings {
			fmt.Fprintln(t.out, f)
		}
		fmt.Fprintf(t.out, "%d %s diperiksa, %d kejanggalan\n", r.Checked, r.Of, len(r.Findings))
	}
	if len(r.Findings) > 0 {
		return errors.New("something does not fit: see the findings above")
	}
	return nil
}

// verifyAudit recomputes every chain, and with -heads holds them against what was
// written down outside of the database.
func verifyAudit(ctx context.Context, cfg config.Config, db *store.DB, t outlet) error {
	findings, lines, err := authz.VerifyAudit(ctx, db)
	if err != nil {
		return err
	}
	if cfg.Heads != "" {
		signer, err := readSigner(cfg.SigningKey)
		if err != nil {
			return fmt.Errorf("the heads are signed: %w", err)
		}
		found, heads, err := authz.VerifyHeads(ctx, db, cfg.Heads, signer.Attested)
		if err != nil {
			return err
		}
		findings, lines = append(findings, found...), lines+heads
	}
	return said(t, report[authz.Finding]{lines, "baris dan kepala", findings})
}

// verifyRollups counts employees and credits again, tenant by tenant.
func verifyRollups(ctx context.Context, _ config.Config, db *store.DB, t outlet) error {
	registry := &tenants.Registry{}
	gate, err := openGate(db, registry)
	if err != nil {
		return err
	}
	loaded, err := tenants.Load(authz.AsSystem(ctx, 0), gate, civil.DateOf(time.Now(), civil.WIB))
	if err != nil {
		return err
	}
	*registry = *loaded
	found, counted, err := oversight.New(gate, registry).Recount(ctx)
	if err != nil {
		return err
	}
	return said(t, report[oversight.Drift]{counted, "instansi", found})
}

// verifyTenancy asks whether any row or policy breaks the walls between tenants.
func verifyTenancy(ctx context.Context, _ config.Config, db *store.DB, t outlet) error {
	found, checks, err := migrations.VerifyTenancy(ctx, db.SQL(), db.Engine)
	if err != nil {
		return err
	}
	return said(t, report[migrations.Breach]{checks, "aturan", found})
}

// A stuckEffect is one that keeps failing.
type stuckEffect struct {
	Tenant    tenants.ID `json:"tenant"` // whose job works it
	Kind      string     `json:"kind"`
	ID        string     `json:"id"`
	Attempts  int        `json:"attempts"`
	NotBefore time.Time  `json:"not_before"` // when it is tried again
}

// String is e for people.
func (e stuckEffect) String() string {
	return fmt.Sprintf("instansi %d, %s %s: %d kali gagal, dicoba lagi %s", e.Tenant, e.Kind, e.ID, e.Attempts, e.NotBefore.Format(time.RFC3339))
}

// verifyOutbox lists the effects that keep failing; the log says why, where it says
// that they were put off.
func verifyOutbox(ctx context.Context, _ config.Config, db *store.DB, t outlet) error {
	rows, err := jobs.Stuck(ctx, db)
	if err != nil {
		return err
	}
	r := report[stuckEffect]{Checked: len(rows), Of: "efek macet"}
	for _, row := range rows {
		r.Findings = append(r.Findings, stuckEffect{row.PartyID, row.Kind, row.ID, row.Attempts, row.NotBefore.UTC()})
	}
	return said(t, r)
}
