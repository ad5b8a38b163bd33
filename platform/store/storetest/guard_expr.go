package storetest

import "slices"

// An expr is an expression. Only its outer form matters to the guard; all of it is
// kept, because a sub-query may stand anywhere in it.
type expr struct {
	op   string // of the constants below, or an operator: and, or, =, <, …
	args []*expr
	text string // column, literal or function
	of   string // alias before a column
	sub  *query
}

const (
	opColumn  = "column"
	opLiteral = "literal"
	opNull    = "NULL"
	opStar    = "star"
	opCall    = "call"
	opCast    = "cast"
	opRow     = "row"
	opIn      = "in" // args[0] IN the others
	opAny     = "any"
	opSub     = "sub" // also EXISTS and IN (SELECT …)
	opOther   = "other"
)

// functions are those that a statement may call: none of them reads a table.
var functions = setOf(`abs array_agg avg ceil char_length coalesce count current_setting date date_part date_trunc datetime
	dense_rank extract floor greatest group_concat hashtext json_agg json_build_object json_group_array json_object jsonb_agg
	jsonb_build_object julianday least length lower ltrim max min nullif now pg_advisory_xact_lock rank replace round
	row_number rtrim set_config split_part strftime string_agg substr substring sum time to_char total trim unnest upper`)

// list reads expressions with commas between them.
func (p *parser) list() (all []*expr) {
	for {
		all = append(all, p.expr())
		if !p.take(",") {
			return all
		}
	}
}

func (p *parser) expr() *expr {
	p.enter()
	defer p.leave()
	e := p.conjunction()
	for p.words("or") {
		e = &expr{op: "or", args: []*expr{e, p.conjunction()}}
	}
	return e
}

func (p *parser) conjunction() *expr {
	e := p.negation()
	for p.words("and") {
		e = &expr{op: "and", args: []*expr{e, p.negation()}}
	}
	return e
}

func (p *parser) negation() *expr {
	if p.words("not") {
		p.enter()
		defer p.leave()
		return other(p.negation())
	}
	return p.comparison()
}

// other is an expression of which the guard believes nothing.
func other(args ...*expr) *expr { return &expr{op: opOther, args: args} }

// comparison reads a chain of comparisons from left to right. The engines disagree on
// what a chain means; none is believed, because its left side is no column.
func (p *parser) comparison() *expr {
	e := p.value()
	for {
		longer := p.compared(e)
		if longer == nil {
			return e
		}
		e = longer
	}
}

// compared reads one operator and what follows it; nil when there is none.
func (p *parser) compared(e *expr) *expr {
	for _, op := range []string{"=", "==", "<>", "!=", "<", ">", "<=", ">="} {
		if !p.take(op) {
			continue
		}
		if op == "==" {
			op = "="
		}
		if p.words("any") || p.words("some") || p.words("all") {
			every := p.tokens[p.at-1].text == "all"
			right := &expr{op: opAny, args: p.inner()}
			if every {
				return other(e, right)
			}
			return &expr{op: op, args: []*expr{e, right}}
		}
		return &expr{op: op, args: []*expr{e, p.value()}}
	}
	switch {
	case p.words("isnull"):
		return other(e)
	case p.words("notnull"), p.words("is", "not", "null"):
		return &expr{op: "is not null", args: []*expr{e}}
	case p.words("is"):
		p.words("not")
		switch {
		case p.words("distinct", "from"):
			return other(e, p.value())
		case !p.words("null") && !p.words("true") && !p.words("false"):
			p.fail("NULL, TRUE or FALSE")
		}
		return other(e)
	}
	start := p.at
	negated := p.words("not")
	switch {
	case p.words("in"):
		in := &expr{op: opIn, args: append([]*expr{e}, p.inner()...)}
		if negated {
			return other(in)
		}
		return in
	case p.words("between"):
		low := p.value()
		p.wantWords("and")
		return other(e, low, p.value())
	case p.words("like"), p.words("ilike"), p.words("glob"):
		found := other(e, p.value())
		if p.words("escape") {
			found.args = append(found.args, p.value())
		}
		return found
	}
	p.at = start
	return nil
}

// inner reads "(SELECT …)" or "(a, b)".
func (p *parser) inner() []*expr {
	p.want("(")
	defer p.want(")")
	if p.selects() {
		return []*expr{{op: opSub, sub: p.query()}}
	}
	return p.list()
}

// selects reports whether a query comes next.
func (p *parser) selects() bool {
	return p.is(word, "select") || p.is(word, "with") || p.is(word, "values")
}

// value reads what binds closer than a comparison. Sums and the like have no
// meaning to the guard, so their order among themselves is none of its business.
func (p *parser) value() *expr {
	p.enter()
	defer p.leave()
	e := p.unary()
	for _, op := range []string{"+", "-", "*", "/", "%", "||", "->>", "->", "@>", "<@"} {
		if p.take(op) {
			return other(e, p.value())
		}
	}
	return e
}

func (p *parser) unary() *expr {
	if p.take("-") {
		if t := p.peek(); t.kind == number {
			p.at++
			return p.cast(&expr{op: opLiteral, text: "-" + t.text})
		}
		p.enter()
		defer p.leave()
		return other(p.unary())
	}
	p.take("+")
	return p.cast(p.primary())
}

// cast reads "::type" behind e, as often as it comes.
func (p *parser) cast(e *expr) *expr {
	for p.take("::") {
		p.typeName()
		e = &expr{op: opCast, args: []*expr{e}}
	}
	return e
}

func (p *parser) typeName() {
	p.name()
	for p.words("precision") || p.words("varying") || p.words("with", "time", "zone") || p.words("without", "time", "zone") {
	}
	if p.take("(") {
		p.list()
		p.want(")")
	}
	for p.take("[") {
		p.want("]")
	}
}

func (p *parser) primary() *expr {
	t := p.peek()
	switch {
	case t.kind == str || t.kind == number:
		p.at++
		return &expr{op: opLiteral, text: t.text}
	case p.take("*"):
		return &expr{op: opStar}
	case p.take("("):
		return p.bracketed()
	case p.words("null"), p.words("default"):
		return &expr{op: opNull}
	case p.words("true"), p.words("false"), p.words("current_timestamp"), p.words("current_date"):
		return other()
	case p.words("exists"):
		return &expr{op: opSub, args: p.inner()}
	case p.words("case"):
		return p.choice()
	case p.words("array"):
		p.want("[")
		e := other(p.list()...)
		p.want("]")
		return e
	case p.words("row"):
		p.want("(")
		e := &expr{op: opRow, args: p.list()}
		p.want(")")
		return e
	case p.words("cast"):
		p.want("(")
		e := &expr{op: opCast, args: []*expr{p.expr()}}
		p.wantWords("as")
		p.typeName()
		p.want(")")
		return e
	}
	name := p.name()
	switch {
	case t.kind == word && p.is(str, "") && slices.Contains([]string{"date", "time", "timestamp", "timestamptz", "interval"}, name):
		p.at++
		return other()
	case p.is(symbol, "("):
		return p.call(name)
	case !p.take("."):
		return &expr{op: opColumn, text: name}
	case p.take("*"):
		return &expr{op: opStar, of: name}
	}
	return &expr{op: opColumn, of: name, text: p.name()}
}

// bracketed reads what follows "(": a query, an expression or a row.
func (p *parser) bracketed() *expr {
	defer p.want(")")
	if p.selects() {
		return &expr{op: opSub, sub: p.query()}
	}
	all := p.list()
	if len(all) == 1 {
		return all[0]
	}
	return &expr{op: opRow, args: all}
}

func (p *parser) choice() *expr {
	e := other()
	if !p.is(word, "when") {
		e.args = append(e.args, p.expr())
	}
	for p.words("when") {
		e.args = append(e.args, p.expr())
		p.wantWords("then")
		e.args = append(e.args, p.expr())
	}
	if p.words("else") {
		e.args = append(e.args, p.expr())
	}
	p.wantWords("end")
	return e
}

// call reads a function's arguments, FILTER and OVER.
func (p *parser) call(name string) *expr {
	if !functions[name] {
		p.fail("a function that the guard knows, not " + name)
	}
	e := &expr{op: opCall, text: name}
	p.want("(")
	if !p.is(symbol, ")") {
		p.words("distinct")
		e.args = p.list()
		if p.words("from") { // extract(year FROM day)
			e.args = append(e.args, p.expr())
		}
		if p.words("order", "by") {
			e.args = append(e.args, p.sorted())
		}
	}
	p.want(")")
	if p.words("filter") {
		p.want("(")
		e.args = append(e.args, p.condition("where"))
		p.want(")")
	}
	if p.words("over") {
		p.want("(")
		if p.words("partition", "by") {
			e.args = append(e.args, p.list()...)
		}
		if p.words("order", "by") {
			e.args = append(e.args, p.sorted())
		}
		p.want(")")
	}
	return e
}
