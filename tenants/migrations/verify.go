package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wiyata-id/wiyata/platform/store"
)

// A Breach is something in the database that breaks the walls between tenants.
type Breach struct {
	Table string `json:"table"`
	Rule  string `json:"rule"`          // tenant, party, identity, parent, policy, role
	Row   string `json:"row,omitempty"` // "tenant 7, id 0192…"; "" where no row is meant
	What  string `json:"what"`          // in Indonesian
}

// String is b for people.
func (b Breach) String() string {
	if b.Row == "" {
		return fmt.Sprintf("%s: %s", b.Table, b.What)
	}
	return fmt.Sprintf("%s (%s): %s", b.Table, b.Row, b.What)
}

// breachMost bounds what is named per table and rule: who sees a hundred has seen enough.
const breachMost = 100

// elsewhere are the columns that look like a parent's id and name something else.
var elsewhere = map[string]string{
	"nomination.employee_id": "the sender's employee, whom the host cannot follow",
	"role_grant.batch_id":    "the limit of a grant: a batch or a unit",
}

// VerifyTenancy walks the catalogue and every tenant table, and names what is there
// and must not be: rows of no tenant, party or identity that is known, children whose
// parent is another tenant's, and on PostgreSQL a table without its policies or a
// serving role that walks past them. checks is how many questions were asked.
//
// It reads all tenants at once, which no door allows: on PostgreSQL db must be of a
// role that row-level security does not bind (deploy/postgres.sql: wiyata_verify), and
// so never of the role that serves.
func VerifyTenancy(ctx context.Context, db *sql.DB, engine store.Engine) (found []Breach, checks int, err error) {
	tables, err := Tables()
	if err != nil {
		return nil, 0, err
	}
	v := &verifier{db: db, engine: engine, columns: map[string][]string{}}
	if engine == store.Postgres {
		var free bool
		if err := db.QueryRowContext(ctx, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user").Scan(&free); err != nil {
			return nil, 0, err
		}
		if !free {
			return nil, 0, errors.New("the role of -database sees one tenant at a time: use one that row-level security does not bind, such as wiyata_verify (deploy/README.md)")
		}
	}
	for _, t := range tables {
		if v.columns[t.Name], err = v.columnsOf(ctx, t.Name); err != nil {
			return nil, 0, err
		}
	}
	for _, t := range tables {
		if err := v.rows(ctx, t); err != nil {
			return nil, 0, fmt.Errorf("verify the rows of %s: %w", t.Name, err)
		}
	}
	if engine == store.Postgres {
		for _, t := range tables {
			if err := v.walls(ctx, t); err != nil {
				return nil, 0, fmt.Errorf("verify the policies of %s: %w", t.Name, err)
			}
		}
		if err := v.roles(ctx); err != nil {
			return nil, 0, err
		}
	}
	return v.found, v.checks, nil
}

type verifier struct {
	db      *sql.DB
	engine  store.Engine
	columns map[string][]string // by table
	found   []Breach
	checks  int
}

func (v *verifier) columnsOf(ctx context.Context, table string) ([]string, error) {
	query := "SELECT name FROM pragma_table_info('" + table + "')"
	if v.engine == store.Postgres {
		query = "SELECT attname FROM pg_attribute WHERE attrelid = '" + table + "'::regclass AND attnum > 0 AND NOT attisdropped"
	}
	return v.texts(ctx, query)
}

// texts reads the first column of query.
func (v *verifier) texts(ctx context.Context, query string) (all []string, err error) {
	rows, err := v.db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// rows asks whether tenant, party, person and parents of t's rows are what they must be.
func (v *verifier) rows(ctx context.Context, t Table) error {
	has := func(column string) bool { return slices.Contains(v.columns[t.Name], column) }
	unknown := func(column, among string) string {
		return fmt.Sprintf("t.%s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s x WHERE x.id = t.%[1]s)", column, among)
	}
	platforms := "" // 0 is the platform itself: its operators' grants, its trail, its effects
	if t.Class == "shared" || t.Class == "special" {
		platforms = " AND t.%s <> 0"
	}
	if t.Class != "platform" {
		for _, column := range []string{"tenant_id", "party_id"} {
			if !has(column) {
				continue
			}
			where := unknown(column, "tenant")
			if platforms != "" {
				where += fmt.Sprintf(platforms, column)
			}
			if err := v.ask(ctx, t, strings.TrimSuffix(column, "_id"), column+" menunjuk instansi yang tidak ada", where); err != nil {
				return err
			}
		}
	}
	if has("identity_id") {
		if err := v.ask(ctx, t, "identity", "identity_id menunjuk orang yang tidak ada", unknown("identity_id", "identity")); err != nil {
			return err
		}
	}
	for _, column := range v.columns[t.Name] {
		parent, isID := strings.CutSuffix(column, "_id")
		if parent == "parent" {
			parent = t.Name
		}
		keyed := slices.Contains(v.columns[parent], "tenant_id") && slices.Contains(v.columns[parent], "id")
		if !isID || !keyed || t.Class == "platform" || elsewhere[t.Name+"."+column] != "" {
			continue
		}
		where := fmt.Sprintf("t.%s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s x WHERE x.tenant_id = t.tenant_id AND x.id = t.%[1]s)", column, parent)
		if err := v.ask(ctx, t, "parent", column+" menunjuk baris instansi lain atau baris yang tidak ada", where); err != nil {
			return err
		}
	}
	return nil
}

// ask names the rows of t for which where holds.
func (v *verifier) ask(ctx context.Context, t Table, rule, what, where string) error {
	v.checks++
	name := "''"
	for _, column := range []string{"id", "tenant_id"} {
		if slices.Contains(v.columns[t.Name], column) {
			name = fmt.Sprintf("'%s ' || CAST(t.%[1]s AS text) || ', ' || %s", column, name)
		}
	}
	rows, err := v.texts(ctx, fmt.Sprintf("SELECT %s FROM %s t WHERE %s LIMIT %d", name, t.Name, where, breachMost))
	for _, row := range rows {
		v.found = append(v.found, Breach{t.Name, rule, strings.TrimSuffix(row, ", "), what})
	}
	return err
}

// walls asks whether t stands behind exactly the policies that its rules make.
func (v *verifier) walls(ctx context.Context, t Table) error {
	v.checks++
	say := func(what string, args ...any) {
		v.found = append(v.found, Breach{Table: t.Name, Rule: "policy", What: fmt.Sprintf(what, args...)})
	}
	var enabled, forced bool
	err := v.db.QueryRowContext(ctx, "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = '"+t.Name+"'::regclass").Scan(&enabled, &forced)
	if err != nil {
		return err
	}
	if !enabled || !forced {
		say("row-level security tidak dipaksakan (aktif %v, dipaksakan %v)", enabled, forced)
	}
	open, err := v.texts(ctx, "SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = '"+t.Name+"' AND (qual = 'true' OR with_check = 'true')")
	if err != nil {
		return err
	}
	for _, name := range open {
		say("policy %s membuka semua baris", name)
	}
	standing, err := v.texts(ctx, "SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = '"+t.Name+"'")
	if err != nil {
		return err
	}
	due := t.policies()
	for _, name := range due {
		if !slices.Contains(standing, name) {
			say("policy %s tidak ada", name)
		}
	}
	for _, name := range standing {
		if !slices.Contains(due, name) {
			say("policy %s tidak dikenal", name)
		}
	}
	return nil
}

// policies are the names of those that t's rules make.
func (t Table) policies() (names []string) {
	for _, rule := range strings.Fields(t.Rules) {
		verb, by, _ := strings.Cut(rule, ":")
		verb, _, _ = strings.Cut(verb, "(")
		for relation := range strings.SplitSeq(by, ",") {
			if name := fmt.Sprintf("%s_%s_%s", t.Name, verb, relation); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// roles asks whether the serving role could walk past the policies.
func (v *verifier) roles(ctx context.Context) error {
	v.checks++
	loose, err := v.texts(ctx, `SELECT rolname::text FROM pg_roles WHERE rolname = 'wiyata_app' AND (rolsuper OR rolbypassrls OR rolcreaterole)
		OR rolname = 'wiyata_app' AND EXISTS (SELECT FROM pg_class c WHERE c.relowner = pg_roles.oid AND c.relnamespace = 'public'::regnamespace)`)
	for _, name := range loose {
		v.found = append(v.found, Breach{Rule: "role", What: "peran " + name + " dapat melewati row-level security"})
	}
	return err
}
