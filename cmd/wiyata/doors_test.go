package main

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/certificate"
)

// platformCallers are the functions, each reviewed, that may use the door to the
// tables without a tenant: identities, sessions and the registry of governments.
var platformCallers = strings.Fields(`account.Activate account.AuthenticateToken account.Claims account.Create account.DismissOperator account.Dispute account.Ensure account.EnsureAll
	account.Free account.Give account.HandIn account.IssueCodes account.Known account.Look account.Names account.Prove account.Renumber account.Reset
	account.Resettable account.Revoke account.RevokeOthers account.Security account.Sessions account.SignIn account.SignOut account.answer account.begin
	account.behind account.change account.codeCharge account.confirm account.endAwaited account.greet account.inviteOperator account.issue
	account.mayAppoint account.meet account.refuse account.rotate account.settle account.show host.Add host.AddKey host.Keys host.List host.RevokeKey host.set tenants.Add tenants.Change tenants.List tenants.Reload
	tenants.Review tenants.ReviewAddition tenants.Seed tenants.Show tenants.mayDeclare tenants.refresh`)

// noteCallers are the functions, each reviewed, whose writes leave no audit line: when
// a session was last used, and how many guesses are left.
var noteCallers = strings.Fields(`account.behind account.pay account.repay`)

// bookkeepers are the functions that write without a line in the trail.
var bookkeepers = strings.Fields(`employee.finish stat.foldTenant`)

// reachMakers are the functions outside authz that say for themselves what a
// transaction reaches: the outbox's workers and its overview, who act for nobody.
var reachMakers = strings.Fields(`jobs.Stuck jobs.Work jobs.putOff jobs.sweep`)

// TestPlatformCallers finds every call of the Platform door, every write without a
// line, and every Reach made outside the Gate, in what is not a test.
func TestPlatformCallers(t *testing.T) {
	var calls, notes, quiet, reaches []string
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && file != root && strings.HasPrefix(d.Name(), ".") && d.Name() != "..":
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder := path.Base(filepath.ToSlash(filepath.Dir(file)))
		for _, decl := range parsed.Decls {
			where := folder // a package's variables
			if f, ok := decl.(*ast.FuncDecl); ok {
				where += "." + f.Name.Name
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					base, _ := s.X.(*ast.Ident)
					field, _ := s.X.(*ast.SelectorExpr)
					switch {
					case s.Sel.Name == "Platform": // called, or handed on to be called
						calls = append(calls, where)
					case s.Sel.Name == "Note" && field != nil && field.Sel.Name == "gate":
						notes = append(notes, where)
					case s.Sel.Name == "Bookkeep":
						quiet = append(quiet, where)
					case s.Sel.Name == "Reach" && base != nil && base.Name == "store" && folder != "authz":
						reaches = append(reaches, where)
					}
				}
				return true
			})
		}
		return nil
	})
	check(t, err)
	for _, found := range []struct {
		what      string
		got, want []string
	}{{"callers of gate.Platform", calls, platformCallers}, {"callers of gate.Note", notes, noteCallers}, {"callers of gate.Bookkeep", quiet, bookkeepers}, {"makers of a store.Reach", reaches, reachMakers}} {
		if got := slices.Compact(sorted(found.got)); !slices.Equal(got, found.want) {
			t.Errorf("%s are %v, reviewed are %v", found.what, got, found.want)
		}
	}
}

// same is the error of a probe that got something else than it wanted.
func same[V comparable](what string, got, want V, err error) error {
	if err == nil && got != want {
		err = fmt.Errorf("%s = %v, want %v", what, got, want)
	}
	return err
}

// refused is the error of a probe that was not refused as it should.
func refused(what string, got, want error) error {
	if !errors.Is(got, want) {
		return fmt.Errorf("%s: %v, want %v", what, got, want)
	}
	return nil
}

// seal seals the trail, which must then verify to its last line.
func (l *teller) seal(ctx context.Context) error {
	if err := l.sealer.Seal(ctx); err != nil {
		return err
	}
	findings, lines, err := authz.VerifyAudit(ctx, l.db)
	if err := same("findings in the trail", len(findings), 0, err); err != nil {
		return err
	}
	var want int
	err = l.super.QueryRow("SELECT count(*) FROM audit_line").Scan(&want)
	return same("lines verified", lines, want, err)
}

// promises probes what a class promises and no Service uses yet, through the doors.
func (l *teller) promises(ctx context.Context) error {
	jambi, sarolangun := l.run.TenantID, l.id("15.03")
	write := func(t tenants.ID, statements ...string) error {
		return l.db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: t}, "", func(tx *store.Tx) error {
			for _, s := range statements {
				if _, err := tx.ExecContext(ctx, s); err != nil {
					return err
				}
			}
			return nil
		})
	}
	// A grant and a credit that name a second party; a batch and a quota before they are published.
	day := today().String()
	if err := write(jambi,
		fmt.Sprintf("INSERT INTO role_grant (tenant_id, id, party_id, identity_id, role, from_day) VALUES (%d, '%s', %d, '%s', 'head', '%s')",
			jambi, store.NewID(), sarolangun, l.ids["budi"], day),
		fmt.Sprintf(`INSERT INTO credit (tenant_id, id, party_id, identity_id, year, jp, course, ended, issuer, number, source, at)
			VALUES (%d, '%s', %d, '%s', 2020, 1, 'Bimtek', '%s', 'Jambi', '1', 'carry:1', now())`, jambi, store.NewID(), sarolangun, l.ids["budi"], day),
		fmt.Sprintf(`INSERT INTO batch (tenant_id, id, program_id, title, number, year, place, zone, starts, ends, course_type, version, rule_set, rule_source)
			SELECT tenant_id, '%s', program_id, title, 'Rancangan', year, place, zone, starts, ends, course_type, version, rule_set, rule_source
			FROM batch WHERE tenant_id = %d AND id = '%s'`, store.NewID(), jambi, l.run.ID),
		fmt.Sprintf("INSERT INTO quota (tenant_id, id, batch_id, party_id, seats) VALUES (%d, '%s', '%s', %d, 1)", jambi, store.NewID(), l.run.ID, l.id("13")),
	); err != nil {
		return err
	}
	// An effect that a person's own write causes.
	err := l.gate.Self(l.as(ctx, "andi", "", ""), jambi, func(tx *store.Tx) error {
		tx.About("probe", "")
		return jobs.Put(ctx, tx, "probe", jobs.Effect{Party: sarolangun, Key: "andi"})
	})
	if err != nil {
		return err
	}
	// Nobody can carry it out: it is put off, and counted.
	if _, err := l.queue.Work(ctx, "probe", sarolangun); err != nil {
		return err
	}
	host, party := store.Reach{Door: store.DoorRead, Tenant: jambi}, store.Reach{Door: store.DoorRead, Tenant: sarolangun}
	person := store.Reach{Door: store.DoorSelf, Actor: l.ids["andi"]}
	for _, look := range []struct {
		name  string
		reach store.Reach
		count string
		want  int
	}{
		{"host's grants", host, fmt.Sprintf("role_grant WHERE tenant_id = %d", jambi), 4},
		{"grants that name a party", party, fmt.Sprintf("role_grant WHERE party_id = %d", sarolangun), 1},
		{"credits that name a party", party, fmt.Sprintf("credit WHERE party_id = %d", sarolangun), 1},
		{"unpublished batches", host, fmt.Sprintf("batch WHERE tenant_id = %d AND published_at IS NULL", jambi), 1},
		{"unpublished quotas", host, fmt.Sprintf("quota WHERE tenant_id = %d AND published_at IS NULL", jambi), 1},
		{"own marks", person, fmt.Sprintf("mark WHERE identity_id = '%s'", l.ids["andi"]), 1},
		{"marks of the sender's people", party, fmt.Sprintf("mark WHERE party_id = %d", sarolangun), 1},
		{"own outcomes", person, fmt.Sprintf("outcome WHERE identity_id = '%s'", l.ids["andi"]), 1},
		{"host's claims", host, fmt.Sprintf("claim WHERE tenant_id = %d", jambi), 2},
		{"own counts", party, fmt.Sprintf("stat_delta WHERE tenant_id = %d", sarolangun), 3},
		{"effects of a person", party, fmt.Sprintf("outbox WHERE party_id = %d", sarolangun), 1},
		{"effects put off", party, fmt.Sprintf("outbox WHERE party_id = %d AND attempts = 1", sarolangun), 1},
	} {
		var n int
		err := l.db.View(ctx, look.reach, func(tx *store.Tx) error {
			return tx.NewRaw("SELECT count(*) FROM "+look.count).Scan(ctx, &n)
		})
		if err := same(look.name, n, look.want, err); err != nil {
			return err
		}
	}
	return nil
}

// deliver works the outbox as the jobs would.
func deliver(ctx context.Context, p *product) error {
	var waiting []tenants.ID
	err := p.db.View(ctx, store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) error {
		return tx.NewRaw("SELECT DISTINCT party_id FROM outbox").Scan(ctx, &waiting)
	})
	for _, party := range waiting {
		if _, err := p.queue.Work(ctx, certificate.EffectCredit, party); err != nil {
			return err
		}
	}
	return err
}
