package storetest

// insert reads what follows INSERT INTO.
func (p *parser) insert(q *query) {
	q.write, q.target = "insert", item{table: p.name()}
	q.target.alias = p.alias()
	if q.insert = p.names(); q.insert == nil {
		p.fail("the columns")
	}
	p.selection(q)
	if p.words("on", "conflict") {
		q.key = p.names()
		if q.key != nil {
			p.condition("where") // of a partial index
		}
		p.wantWords("do")
		if !p.words("nothing") {
			p.wantWords("update", "set")
			q.upsert = true
			q.set = p.assignments()
			q.where = p.condition("where")
		}
	}
	p.returns(q)
}

// update reads what follows UPDATE.
func (p *parser) update(q *query) {
	q.write, q.target = "update", item{table: p.name()}
	q.target.alias = p.alias()
	p.wantWords("set")
	q.set = p.assignments()
	if p.words("from") {
		q.from = p.items()
	}
	q.where = p.condition("where")
	p.returns(q)
}

// remove reads what follows DELETE FROM.
func (p *parser) remove(q *query) {
	q.write, q.target = "delete", item{table: p.name()}
	q.target.alias = p.alias()
	if p.words("using") {
		q.from = p.items()
	}
	q.where = p.condition("where")
	p.returns(q)
}

func (p *parser) returns(q *query) {
	if p.words("returning") {
		q.returning = p.outputs()
	}
}

// assignments reads "a = 1, b = 2" behind SET.
func (p *parser) assignments() map[string]*expr {
	all := map[string]*expr{}
	for {
		column := p.name()
		if p.take(".") {
			column = p.name()
		}
		p.want("=")
		if all[column] != nil {
			p.fail("each column once")
		}
		all[column] = p.expr()
		if !p.take(",") {
			return all
		}
	}
}
