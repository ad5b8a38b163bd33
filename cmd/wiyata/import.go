package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/config"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// employees is the command "employee": its one act brings a list into a register.
func employees(ctx context.Context, args []string, out io.Writer) error {
	const usage = `employee import needs -government 15.03 -file list.xlsx, and -database or WIYATA_DATABASE, -secret or WIYATA_SECRET; it takes -sheet NAME, -mode all|valid, -dry-run and -json`
	if len(args) == 0 || args[0] != "import" {
		return errors.New(usage)
	}
	flags := flag.NewFlagSet("employee import", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	database := flags.String("database", os.Getenv("WIYATA_DATABASE"), "")
	secret := flags.String("secret", os.Getenv("WIYATA_SECRET"), "")
	code := flags.String("government", "", "")
	path := flags.String("file", "", "")
	sheet := flags.String("sheet", "", "")
	mode := flags.String("mode", string(employee.AllOrNothing), "")
	dry := flags.Bool("dry-run", false, "")
	asJSON := flags.Bool("json", false, "")
	if err := flags.Parse(args[1:]); err != nil || *code == "" || *path == "" || *secret == "" || flags.NArg() > 0 {
		return errors.New(usage)
	}
	key, err := config.ReadKey(*secret)
	if err != nil {
		return fmt.Errorf("-secret (WIYATA_SECRET): %w", err)
	}
	file, err := os.Open(*path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	db, err := open(ctx, *database)
	if err != nil {
		return err
	}
	defer db.Close()
	in, government, err := importsInto(ctx, db, *code, keys{secret: key})
	if err != nil {
		return err
	}
	acting := authz.AsSystem(ctx, government)
	run, err := in.Run(acting, file, info.Size(), *sheet)
	if err == nil && run.State == employee.Staged && !*dry && run.Due() > 0 {
		if _, err = in.Finish(acting, run.ID, employee.Mode(*mode)); err != nil {
			err = errors.Join(err, reportImport(acting, in, run.ID, *asJSON, out)) // what is refused, and why
		}
	}
	if err != nil {
		return err
	}
	if err := reportImport(acting, in, run.ID, *asJSON, out); err != nil {
		return err
	}
	if run.State == employee.Failed {
		return errors.New("nothing was imported")
	}
	return nil
}

// importsInto connects what an import needs, and finds the government of code.
func importsInto(ctx context.Context, db *store.DB, code string, held keys) (*employee.Imports, tenants.ID, error) {
	registry := &tenants.Registry{}
	gate, err := openGate(db, registry)
	if err != nil {
		return nil, 0, err
	}
	loaded, err := tenants.Load(authz.AsSystem(ctx, 0), gate, civil.DateOf(time.Now(), civil.WIB))
	if err != nil {
		return nil, 0, err
	}
	*registry = *loaded
	government, err := registry.ByCode(code)
	if err != nil {
		return nil, 0, fmt.Errorf("no government has the code %q: %w", code, err)
	}
	accounts := account.New(gate, registry, account.Config{})
	register := employee.New(gate, held.key(), employee.Identities{Ensure: accounts.Ensure, Renumber: accounts.Renumber, Names: accounts.Names})
	return employee.NewImports(register, accounts.EnsureAll, func() {}), government.ID, nil
}

// reportImport prints where the import stands: for people, or as the operation answers.
func reportImport(ctx context.Context, in *employee.Imports, id employee.RunID, asJSON bool, out io.Writer) error {
	r, err := in.Open(ctx, id, "", 0)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(out).Encode(map[string]any{"run": r.Run, "ills": r.Ills})
	}
	for _, v := range employee.Verdicts() {
		fmt.Fprintf(out, "%-13s %d\n", v.Name, r.Run.Counts[employee.Verdict(v.ID)])
	}
	for _, ill := range r.Ills {
		fmt.Fprintf(out, "%d baris, mulai baris %d: %s %s\n", ill.N, ill.First, ill.Cause, ill.Cure)
	}
	if r.Run.Note != "" {
		fmt.Fprintln(out, r.Run.Note)
	}
	if r.Run.State == employee.Done {
		fmt.Fprintf(out, "%d ditambahkan, %d diubah\n", r.Run.Added, r.Run.Changed)
	}
	return nil
}
