package storetest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wiyata-id/wiyata/platform/store"
)

// A Table is a table with its class and the rules from which its policies are made:
// "verb:relation,relation …", such as "select:host,party insert:host update(seq):once".
type Table struct {
	Name  string
	Class string
	Rules string
}

// A rule is what the guard wants of the statements that touch a table.
type rule struct {
	Table
	verbs   map[string][]string // select, insert, update, delete → relations, one of which must hold
	columns map[string]bool     // those that the table is known to have
}

// A need is what makes a row the actor's. PostgreSQL holds it by a policy of the
// same name; here the statement itself must show it.
type need struct {
	columns []bond
	shown   bool                   // published_at IS NOT NULL
	door    func(store.Sight) bool // nil = any
}

// A bond is a column that the statement must tie to values, and which they may be;
// nil = any.
type bond struct {
	column string
	within func(store.Sight) []string
}

// needs are the relations by name, as the migrations know them.
var needs = map[string]need{
	"host":    {columns: []bond{{"tenant_id", actedIn}}},
	"party":   {columns: []bond{{"party_id", actedIn}}},
	"person":  {columns: []bond{{"identity_id", person}}},
	"home":    {columns: []bond{{"identity_id", person}, {"tenant_id", home}}},
	"self":    {columns: []bond{{"tenant_id", home}}},
	"joined":  {columns: []bond{{"tenant_id", nil}, {"batch_id", func(s store.Sight) []string { return s.Batches }}}},
	"public":  {shown: true},
	"bearer":  {columns: []bond{{"token", func(s store.Sight) []string { return []string{s.Token} }}}},
	"reach":   {columns: []bond{{"tenant_id", func(s store.Sight) []string { return ids(s.Tree...) }}}},
	"nation":  {door: func(s store.Sight) bool { return s.Door == store.DoorOversee && s.Nation }},
	"asked":   {columns: []bond{{"subject", func(s store.Sight) []string { return s.Asking }}}},
	"system":  {door: system},
	"chain":   {columns: []bond{{"tenant_id", platformChain}}, door: system},
	"sealing": {door: sealing},
	"once":    {door: sealing},
}

// platformChain is the audit chain of what belongs to no tenant.
func platformChain(store.Sight) []string { return []string{"0"} }

func actedIn(s store.Sight) []string { return ids(s.Tenant) }
func home(s store.Sight) []string    { return ids(s.Home) }
func system(s store.Sight) bool      { return s.Door == store.DoorPlatform }
func sealing(s store.Sight) bool     { return s.Door == store.DoorSeal }

func person(s store.Sight) []string {
	if s.Person == "" {
		return nil
	}
	return []string{string(s.Person)}
}

// ids are the tenants as a statement writes them; 0 is none.
func ids(tenants ...store.TenantID) (all []string) {
	for _, t := range tenants {
		if t != 0 {
			all = append(all, strconv.Itoa(int(t)))
		}
	}
	return all
}

// newRule reads the rules of t.
func newRule(t Table) (*rule, error) {
	r := &rule{Table: t, verbs: map[string][]string{}, columns: map[string]bool{}}
	for _, column := range r.always() {
		r.columns[column] = true
	}
	for _, text := range strings.Fields(t.Rules) {
		verb, by, ok := strings.Cut(text, ":")
		verb, _, _ = strings.Cut(verb, "(")
		for _, relation := range strings.Split(by, ",") {
			n, known := needs[relation]
			if !known || !ok {
				return nil, fmt.Errorf("table %s: the guard does not know the rule %q", t.Name, text)
			}
			for _, b := range n.columns {
				r.columns[b.column] = true
			}
			if n.shown {
				r.columns["published_at"] = true
			}
		}
		r.verbs[verb] = append(r.verbs[verb], strings.Split(by, ",")...)
	}
	if r.verbs["select"] == nil {
		return nil, fmt.Errorf("table %s: nobody may select", t.Name)
	}
	return r, nil
}

// always are the columns that each new row must be given.
func (r *rule) always() []string {
	switch r.Class {
	case "platform":
		return nil
	case "joined":
		return []string{"tenant_id", "batch_id"}
	}
	return []string{"tenant_id"}
}

// check returns what is wrong with how a statement binds a row of the table, "" for
// nothing.
func (r *rule) check(verb string, s store.Sight, bound func(column string) (values, bool), shown bool) string {
	if verb == "insert" {
		for _, column := range r.always() {
			if v, ok := bound(column); !ok || len(v) == 0 {
				return fmt.Sprintf("%s %s: %s is not given as a value or a bound column", verb, r.Name, column)
			}
		}
	}
	relations := r.verbs[verb]
	if relations == nil { // nobody may at all: PostgreSQL refuses it, SQLite does not
		relations = []string{"host"}
		if len(r.always()) == 0 || r.Class == "special" {
			relations = r.verbs["select"]
		}
	}
	var why []string
	for _, relation := range relations {
		reason := r.unmet(needs[relation], s, bound, shown)
		if reason == "" {
			return ""
		}
		why = append(why, relation+": "+reason)
	}
	return fmt.Sprintf("%s %s: %s", verb, r.Name, strings.Join(why, "; "))
}

func (r *rule) unmet(n need, s store.Sight, bound func(string) (values, bool), shown bool) string {
	if n.door != nil && !n.door(s) {
		return fmt.Sprintf("not through the door %q", s.Door)
	}
	if n.shown && !shown {
		return "published_at IS NOT NULL is not asked"
	}
	columns := n.columns
	if r.Class == "joined" && len(columns) == 1 {
		columns = append(slices.Clone(columns), bond{"batch_id", nil})
	}
	for _, b := range columns {
		v, ok := bound(b.column)
		if !ok {
			return b.column + " is not bound"
		}
		if b.within == nil {
			continue
		}
		for _, value := range v {
			if !slices.Contains(b.within(s), value) {
				return fmt.Sprintf("%s is bound to %s, out of reach", b.column, value)
			}
		}
	}
	return ""
}
