package migrations

import (
	"fmt"
	"strings"

	"github.com/wiyata-id/wiyata/platform/store"
)

// What the policies read: transaction-local settings, each evaluated once per
// statement because it stands in a sub-select. An absent setting is NULL and
// reaches nothing.
const (
	tenant  = `(SELECT nullif(current_setting('app.tenant', true), '')::int)`
	person  = `(SELECT nullif(current_setting('app.person', true), '')::uuid)`
	home    = `(SELECT nullif(current_setting('app.home', true), '')::int)`
	reach   = `ANY ((SELECT nullif(current_setting('app.reach', true), '')::int[])::int[])`
	nation  = `(SELECT nullif(current_setting('app.nation', true), '') IS NOT NULL)`
	batches = `ANY ((SELECT nullif(current_setting('app.batches', true), '')::uuid[])::uuid[])`
	asking  = `ANY ((SELECT nullif(current_setting('app.asking', true), '')::text[])::text[])`
	token   = `(SELECT nullif(current_setting('app.token', true), ''))`
	anyDoor = `(SELECT nullif(current_setting('app.door', true), '') IS NOT NULL)`
	system  = `(SELECT current_setting('app.door', true) = 'platform')`
	sealing = `(SELECT current_setting('app.door', true) = 'seal')`
)

// A relation is a way in which rows of a table can be the actor's: each makes a
// policy of its own, so that each can be dropped, and missed, on its own.
var relations = map[string]string{
	"host":    "tenant_id = " + tenant,
	"party":   "party_id = " + tenant,
	"person":  "identity_id = " + person,
	"home":    "identity_id = " + person + " AND tenant_id = " + home,
	"joined":  "batch_id = " + batches,
	"public":  "published_at IS NOT NULL AND " + anyDoor,
	"bearer":  "token = " + token,
	"reach":   "tenant_id = " + reach,
	"nation":  nation,
	"asked":   "subject = " + asking,
	"system":  system,
	"chain":   system + " AND tenant_id = 0", // the platform's own chain of the audit trail
	"sealing": sealing,
	"self":    "tenant_id = " + home,
	"once":    sealing + " AND hash IS NULL", // a sealed line is out of reach
}

// afterwards is what a changed row must fulfil, where that is not what it had to
// fulfil before.
var afterwards = map[string]string{"once": sealing}

// class makes a table: its columns and keys on both engines, and on PostgreSQL
// its policies and grants.
type class struct {
	engine store.Engine
	made   []Table
}

// A Table is what a migration made: for the tests that hold the walls.
type Table struct {
	Name  string
	Class string
	Rules string // "verb:relation,relation …": what its policies are made of
}

// own: the tenant alone reads and writes. verbs: "insert update delete", those in use.
func (c *class) own(name, verbs, body string) string {
	return c.table("own", name, "tenant_id int NOT NULL,\nid uuid NOT NULL,", body, false,
		rules("select:host", verbs, "host"))
}

// shared: host, party and person read; who writes stands in verbs, such as
// "insert:host,party update:host,home". The three columns are never updated.
func (c *class) shared(name, verbs, body string) string {
	return c.table("shared", name, sharedColumns, body, true, "select:host,party,person "+verbs)
}

// sharedBearer is shared, and read by whoever shows the row's token.
func (c *class) sharedBearer(name, verbs, body string) string {
	return c.table("shared", name, sharedColumns, body, true, "select:host,party,person,bearer "+verbs)
}

const sharedColumns = "tenant_id int NOT NULL,\nid uuid NOT NULL,\nparty_id int,\nidentity_id uuid,"

// joined: the host, and whoever has been let in by Tx.Join.
func (c *class) joined(name, verbs, body string) string {
	return c.table("joined", name, "tenant_id int NOT NULL,\nid uuid NOT NULL,\nbatch_id uuid NOT NULL,", body, false,
		rules("select:host,joined", verbs, "host"))
}

// published: the tenant; everybody once published_at is set.
func (c *class) published(name, verbs, body string) string {
	return c.table("published", name, "tenant_id int NOT NULL,\nid uuid NOT NULL,\npublished_at timestamptz,", body, false,
		rules("select:host,public", verbs, "host"))
}

// stat: the tenant and its ancestors read; the tenant appends.
func (c *class) stat(name, body string) string {
	return c.table("stat", name, "tenant_id int NOT NULL,\nid uuid NOT NULL,", body, false,
		"select:host,reach,nation insert:host")
}

// ask: the tenant; others learn of the subjects that they named.
func (c *class) ask(name, verbs, body string) string {
	return c.table("ask", name, "tenant_id int NOT NULL,\nid uuid NOT NULL,\nsubject text NOT NULL,", body, false,
		rules("select:host,asked", verbs, "host"))
}

// platform: tables without a tenant, through the Platform door only. body has all columns and keys.
func (c *class) platform(name, verbs, body string) string {
	spec := rules("select:system", verbs, "system")
	c.made = append(c.made, Table{name, "platform", spec})
	return c.create(name, body) + c.policies(name, spec)
}

// special is for the two tables that no class fits: the outbox and the audit
// trail. Their rules are spelt out where they are made.
func (c *class) special(name, spec, body string) string {
	c.made = append(c.made, Table{name, "special", spec})
	return c.create(name, body) + c.policies(name, spec)
}

// also gives a table that an earlier migration made rules for more verbs or columns,
// such as "update(attempts,not_before):party". A relation that has the verb already
// keeps its policy, and gains the columns.
func (c *class) also(name, spec string) (string, error) {
	for i := range c.made {
		if c.made[i].Name == name {
			had := c.made[i].Rules
			c.made[i].Rules += " " + spec
			return c.permit(name, spec, had), nil
		}
	}
	return "", fmt.Errorf("no earlier migration makes the table %s", name)
}

// columns adds to a table that an earlier migration made, a line of body each. The
// release before writes rows without them: a column can be NULL or has a default.
func (c *class) columns(name, body string) string {
	var b strings.Builder
	for line := range strings.Lines(body) {
		column, _, _ := strings.Cut(line, "--")
		if column = strings.TrimRight(strings.TrimSpace(column), ","); column != "" {
			fmt.Fprintf(&b, "ALTER TABLE %s ADD COLUMN %s;\n", name, c.types(column))
		}
	}
	return b.String()
}

// rules completes bare verbs with the relation that may use them.
func rules(selecting, verbs, relation string) string {
	for _, v := range strings.Fields(verbs) {
		selecting += " " + v + ":" + relation
	}
	return selecting
}

func (c *class) table(kind, name, columns, body string, fixed bool, spec string) string {
	c.made = append(c.made, Table{name, kind, spec})
	text := c.create(name, columns+"\n"+strings.TrimSpace(body)+"\n, PRIMARY KEY (tenant_id, id)")
	if fixed {
		text += c.fix(name)
	}
	return text + c.policies(name, spec)
}

func (c *class) create(name, body string) string {
	return fmt.Sprintf("CREATE TABLE %s (\n%s\n);\n", name, strings.TrimSpace(c.types(body)))
}

// types writes columns with the engine's own names of types. "ordered" is a text that
// both engines sort alike: by its bytes.
func (c *class) types(columns string) string {
	if c.engine != store.SQLite {
		return strings.ReplaceAll(columns, " ordered", ` text COLLATE "C"`)
	}
	return strings.NewReplacer(
		" ordered", " text",
		" uuid", " text", " timestamptz", " timestamp", " jsonb", " text",
		" bytea", " blob", " date", " text", " bigint", " integer", " int ", " integer ", " int,", " integer,",
	).Replace(columns)
}

// fix forbids to move a shared row to another host, party or person.
func (c *class) fix(name string) string {
	if c.engine == store.SQLite {
		return fmt.Sprintf(`-- +goose StatementBegin
CREATE TRIGGER %[1]s_fixed BEFORE UPDATE OF tenant_id, party_id, identity_id ON %[1]s
BEGIN SELECT RAISE(ABORT, 'host, party and person of a shared row never change'); END;
-- +goose StatementEnd
`, name)
	}
	return fmt.Sprintf("CREATE TRIGGER %[1]s_fixed BEFORE UPDATE OF tenant_id, party_id, identity_id ON %[1]s EXECUTE FUNCTION never();\n", name)
}

// policies writes one policy per verb and relation of spec, and grants exactly
// the verbs named to the application's role. Row-level security is forced on the
// owner too.
func (c *class) policies(name, spec string) string {
	if c.engine == store.SQLite {
		return ""
	}
	return fmt.Sprintf("ALTER TABLE %[1]s ENABLE ROW LEVEL SECURITY;\nALTER TABLE %[1]s FORCE ROW LEVEL SECURITY;\n", name) + c.permit(name, spec, "")
}

// permit writes the policies and grants of spec, but no policy twice that had, the
// rules before, has made.
func (c *class) permit(name, spec, had string) string {
	if c.engine == store.SQLite {
		return ""
	}
	standing := map[string]bool{} // "update host"
	for _, rule := range strings.Fields(had) {
		verb, by, _ := strings.Cut(rule, ":")
		verb, _, _ = strings.Cut(verb, "(")
		for relation := range strings.SplitSeq(by, ",") {
			standing[verb+" "+relation] = true
		}
	}
	var b strings.Builder
	for _, rule := range strings.Fields(spec) {
		verb, by, _ := strings.Cut(rule, ":")
		verb, columns, limited := strings.Cut(verb, "(")
		grant := strings.ToUpper(verb)
		if limited { // update(seq,hash): these columns only
			grant += " (" + columns
		}
		fmt.Fprintf(&b, "GRANT %s ON %s TO wiyata_app;\n", grant, name)
		for relation := range strings.SplitSeq(by, ",") {
			if standing[verb+" "+relation] {
				continue
			}
			condition, ok := relations[relation]
			if !ok {
				panic("migrations: table " + name + " names an unknown relation " + relation)
			}
			clause := "USING"
			if verb == "insert" {
				clause = "WITH CHECK"
			}
			fmt.Fprintf(&b, "CREATE POLICY %s_%s_%s ON %s FOR %s %s (%s)", name, verb, relation, name, strings.ToUpper(verb), clause, condition)
			if check := afterwards[relation]; check != "" {
				fmt.Fprintf(&b, " WITH CHECK (%s)", check)
			}
			b.WriteString(";\n")
		}
	}
	return b.String()
}
