package storetest

import (
	"fmt"
	"strings"
)

// A query is a statement, or one inside another: a SELECT with its arms, or one
// that writes.
type query struct {
	with   []cte
	arms   []*arm   // SELECT … UNION SELECT …; empty for one that only writes
	order  []*expr  // ORDER BY, LIMIT, OFFSET
	insert []string // columns that INSERT names
	write  string   // "", insert, update, delete
	target item     // what it writes

	set       map[string]*expr // UPDATE … SET, ON CONFLICT … DO UPDATE SET
	key       []string         // ON CONFLICT (these)
	upsert    bool             // ON CONFLICT … DO UPDATE
	where     *expr            // of UPDATE and DELETE; of DO UPDATE
	from      []item           // UPDATE … FROM, DELETE … USING
	returning []output
}

type cte struct {
	name    string
	columns []string
	body    *query
}

// An arm is one SELECT or VALUES.
type arm struct {
	outputs []output
	rows    [][]*expr // VALUES
	from    []item
	where   *expr
	rest    []*expr // GROUP BY, HAVING, DISTINCT ON
}

type output struct {
	value *expr
	name  string // alias
}

// An item is one table, view or sub-query of FROM, with the condition of its join.
type item struct {
	table   string
	sub     *query
	alias   string
	columns []string // AS alias (these)
	made    []string // columns of a function that takes a value apart, and reads no table
	left    bool     // LEFT JOIN
	on      *expr
}

// parser reads tokens; the first thing that it does not know ends it.
type parser struct {
	tokens []token
	at     int
	depth  int
	err    error
}

// parse reads one statement. nil without an error is one that touches no table:
// BEGIN, SAVEPOINT, PRAGMA and the like.
func parse(tokens []token) (*query, error) {
	p := &parser{tokens: tokens}
	if p.words("begin") || p.words("start") || p.words("commit") || p.words("rollback") ||
		p.words("savepoint") || p.words("release") || p.words("pragma") {
		for !p.is(end, "") && !p.is(symbol, ";") {
			p.at++
		}
		p.finish()
		return nil, p.err
	}
	q := p.query()
	p.finish()
	return q, p.err
}

func (p *parser) finish() {
	p.take(";")
	if !p.is(end, "") {
		p.fail("the end")
	}
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) is(kind tokenKind, text string) bool {
	t := p.peek()
	return t.kind == kind && (t.text == text || text == "")
}

// fail notes what was wanted here and leaves nothing to read.
func (p *parser) fail(wanted string) {
	if p.err == nil {
		from := max(0, p.at-3)
		var near []string
		for _, t := range p.tokens[from:min(len(p.tokens), p.at+3)] {
			near = append(near, t.text)
		}
		p.err = fmt.Errorf("want %s near %q", wanted, strings.Join(near, " "))
	}
	p.at = len(p.tokens) - 1
}

// take reads the symbol s if it is next.
func (p *parser) take(s string) bool {
	if p.is(symbol, s) {
		p.at++
		return true
	}
	return false
}

func (p *parser) want(s string) {
	if !p.take(s) {
		p.fail(s)
	}
}

// words reads these keywords if they are next, in this order.
func (p *parser) words(all ...string) bool {
	for i, w := range all {
		at := min(p.at+i, len(p.tokens)-1)
		if p.tokens[at].kind != word || p.tokens[at].text != w {
			return false
		}
	}
	p.at += len(all)
	return true
}

func (p *parser) wantWords(all ...string) {
	if !p.words(all...) {
		p.fail(strings.Join(all, " "))
	}
}

// name reads an identifier that is no keyword.
func (p *parser) name() string {
	t := p.peek()
	if t.kind == quoted || t.kind == word && !reserved[t.text] {
		p.at++
		return t.text
	}
	p.fail("a name")
	return ""
}

// alias reads "AS name" or a bare name.
func (p *parser) alias() string {
	if p.words("as") || p.is(quoted, "") || p.peek().kind == word && !reserved[p.peek().text] {
		return p.name()
	}
	return ""
}

// names reads "(a, b)" if it is next.
func (p *parser) names() (all []string) {
	if p.take("(") {
		for {
			all = append(all, p.name())
			if !p.take(",") {
				break
			}
		}
		p.want(")")
	}
	return all
}

// enter bounds how deep a statement nests; leave goes with it.
func (p *parser) enter() {
	if p.depth++; p.depth > 100 {
		p.fail("less nesting")
	}
}

func (p *parser) leave() { p.depth-- }

func (p *parser) query() *query {
	p.enter()
	defer p.leave()
	q := &query{}
	if p.words("with") {
		for {
			c := cte{name: p.name(), columns: p.names()}
			p.wantWords("as")
			if !p.words("materialized") {
				p.words("not", "materialized")
			}
			p.want("(")
			c.body = p.query()
			p.want(")")
			q.with = append(q.with, c)
			if !p.take(",") {
				break
			}
		}
	}
	switch {
	case p.words("insert", "into"):
		p.insert(q)
	case p.words("update"):
		p.update(q)
	case p.words("delete", "from"):
		p.remove(q)
	default:
		p.selection(q)
	}
	return q
}

// selection reads SELECT or VALUES, further arms and what follows them.
func (p *parser) selection(q *query) {
	for {
		p.arm(q)
		if !p.words("union") && !p.words("intersect") && !p.words("except") {
			break
		}
		if !p.words("all") {
			p.words("distinct")
		}
	}
	if p.words("order", "by") {
		for {
			q.order = append(q.order, p.sorted())
			if !p.take(",") {
				break
			}
		}
	}
	for p.words("limit") || p.words("offset") {
		q.order = append(q.order, p.expr())
	}
	for p.words("for") {
		if !p.words("update") && !p.words("share") && !p.words("no", "key", "update") && !p.words("key", "share") {
			p.fail("a lock")
		}
		if p.words("of") {
			for p.name(); p.take(","); p.name() {
			}
		}
		if !p.words("skip", "locked") {
			p.words("nowait")
		}
	}
}

// sorted reads an expression of ORDER BY.
func (p *parser) sorted() *expr {
	e := p.expr()
	if !p.words("asc") {
		p.words("desc")
	}
	if p.words("nulls") && !p.words("first") && !p.words("last") {
		p.fail("first or last")
	}
	return e
}

func (p *parser) arm(q *query) {
	p.enter()
	defer p.leave()
	a := &arm{}
	switch {
	case p.take("("): // an arm in brackets may have what a query has
		inner := p.query()
		p.want(")")
		if inner.write != "" || inner.with != nil {
			p.fail("a plain SELECT")
		}
		q.arms, q.order = append(q.arms, inner.arms...), append(q.order, inner.order...)
		return
	case p.words("values"):
		for {
			p.want("(")
			a.rows = append(a.rows, p.list())
			p.want(")")
			if !p.take(",") {
				break
			}
		}
	default:
		p.wantWords("select")
		if p.words("distinct") && p.words("on") {
			p.want("(")
			a.rest = p.list()
			p.want(")")
		} else {
			p.words("all")
		}
		a.outputs = p.outputs()
		if p.words("from") {
			a.from = p.items()
		}
		a.where = p.condition("where")
		if p.words("group", "by") {
			a.rest = append(a.rest, p.list()...)
		}
		if having := p.condition("having"); having != nil {
			a.rest = append(a.rest, having)
		}
	}
	q.arms = append(q.arms, a)
}

// condition reads the keyword and its condition; nil when it is not next.
func (p *parser) condition(keyword string) *expr {
	if !p.words(keyword) {
		return nil
	}
	return p.expr()
}

func (p *parser) outputs() (all []output) {
	for {
		value := p.expr()
		all = append(all, output{value, p.alias()})
		if !p.take(",") {
			return all
		}
	}
}

// items reads FROM: tables and sub-queries, joined with JOIN or commas.
func (p *parser) items() (all []item) {
	for {
		all = append(all, p.item())
		for more := true; more; {
			var joined item
			if joined, more = p.join(); more {
				all = append(all, joined)
			}
		}
		if !p.take(",") {
			return all
		}
	}
}

// join reads one JOIN; ok is false when none comes. RIGHT, FULL, NATURAL and USING
// are not read.
func (p *parser) join() (i item, ok bool) {
	left := false
	switch {
	case p.words("cross", "join"):
		return p.item(), true
	case p.words("join"), p.words("inner", "join"):
	case p.words("left", "join"), p.words("left", "outer", "join"):
		left = true
	default:
		return i, false
	}
	i = p.item()
	i.left = left
	p.wantWords("on")
	i.on = p.expr()
	return i, true
}

// record reads what follows jsonb_to_record(: a column, and what is made of it.
func (p *parser) record(i item) item {
	if e := p.expr(); e.op != opColumn {
		p.fail("a column")
	}
	p.want(")")
	i.alias = p.alias()
	p.want("(")
	for {
		i.made = append(i.made, p.name())
		p.name() // its type
		if !p.take(",") {
			break
		}
	}
	p.want(")")
	return i
}

func (p *parser) item() (i item) {
	if p.take("(") {
		i.sub = p.query()
		p.want(")")
	} else {
		i.table = p.name()
		if i.table == "jsonb_to_record" && p.take("(") {
			return p.record(i)
		}
		if p.is(symbol, "(") || p.is(symbol, ".") {
			p.fail("a plain table, not a function or another schema")
		}
	}
	if i.alias = p.alias(); i.alias != "" {
		i.columns = p.names()
	}
	return i
}
