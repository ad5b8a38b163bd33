package storetest

import "strings"

// query checks q, which stands in scope outer and sees the common tables.
func (c *checker) query(q *query, outer *scope, tables *common) yield {
	for _, w := range q.with {
		y := c.query(w.body, outer, tables).renamed(w.columns)
		tables = &common{w.name, y, tables}
	}
	switch q.write {
	case "insert":
		return c.insert(q, outer, tables)
	case "update", "delete":
		s := &scope{outer: outer, refs: []*ref{c.target(q, q.write)}}
		worlds := both(c.join(s, q.from, tables), s.worlds(q.where))
		c.settle(s, worlds)
		c.assign(q, s, tables)
		c.walk(s, tables, append(conditions(q.from), q.where)...)
		return c.outputs(s, q.returning, tables)
	}
	return c.selection(q, outer, tables)
}

// selection checks SELECT: the arms and what follows them.
func (c *checker) selection(q *query, outer *scope, tables *common) yield {
	var all yield
	for i, a := range q.arms {
		y, s := c.arm(a, outer, tables)
		if i == 0 {
			all = y
		} else {
			all = all.or(y)
		}
		if len(q.arms) > 1 {
			s = outer
		}
		if i == 0 {
			c.walk(s, tables, q.order...)
		}
	}
	return all
}

func (c *checker) arm(a *arm, outer *scope, tables *common) (yield, *scope) {
	s := &scope{outer: outer}
	if a.rows != nil {
		var all yield
		for i, row := range a.rows {
			y := yield{names: make([]string, len(row)), bound: make([]values, len(row))}
			for j, e := range row {
				if literal(e) {
					y.bound[j] = values{valueOf(e)}
				}
			}
			if i == 0 {
				all = y
			} else {
				all = all.or(y)
			}
			c.walk(s, tables, row...)
		}
		return all, s
	}
	worlds := both(c.join(s, a.from, tables), s.worlds(a.where))
	c.settle(s, worlds)
	c.walk(s, tables, append(conditions(a.from), a.where)...)
	c.walk(s, tables, a.rest...)
	return c.outputs(s, a.outputs, tables), s
}

// join adds the tables of FROM to s and returns the ways in which their conditions hold.
func (c *checker) join(s *scope, from []item, tables *common) []world {
	for _, i := range from {
		s.refs = append(s.refs, c.ref(i, s.outer, tables))
	}
	worlds := []world{nil}
	first := len(s.refs) - len(from)
	for n, i := range from {
		if i.on == nil {
			continue
		}
		on := s.worlds(i.on)
		if i.left {
			on = inside(on, s.refs[first+n])
		}
		worlds = both(worlds, on)
	}
	return worlds
}

// conditions are those of the joins.
func conditions(from []item) (all []*expr) {
	for _, i := range from {
		all = append(all, i.on)
	}
	return all
}

// ref makes what i names.
func (c *checker) ref(i item, outer *scope, tables *common) *ref {
	r := &ref{name: i.alias, verb: "select"}
	if r.name == "" {
		r.name = i.table
	}
	if i.made != nil {
		yield{i.made, make([]values, len(i.made))}.into(r)
		return r
	}
	if i.sub != nil {
		c.query(i.sub, outer, tables).renamed(i.columns).into(r)
		return r
	}
	for t := tables; t != nil; t = t.outer {
		if t.name == i.table {
			t.yield.renamed(i.columns).into(r)
			return r
		}
	}
	if i.columns != nil {
		c.say(i.table + ": its columns are renamed")
	}
	c.known(r, i.table)
	return r
}

func (c *checker) known(r *ref, table string) {
	r.rule = c.rules[table]
	if r.rule == nil && !strings.HasPrefix(table, "river_") && !strings.HasPrefix(table, "goose_") {
		c.say(table + ": the guard knows no such table")
	}
}

// target makes the table that q writes; a common table of that name is none.
func (c *checker) target(q *query, verb string) *ref {
	r := &ref{name: q.target.alias, verb: verb}
	if r.name == "" {
		r.name = q.target.table
	}
	c.known(r, q.target.table)
	return r
}

// settle checks the tables of s in each of the worlds and notes what holds in all.
func (c *checker) settle(s *scope, worlds []world) {
	var always map[key]values
	for i, w := range worlds {
		bound := s.solve(w)
		for _, r := range s.refs {
			if r.rule != nil {
				c.say(r.rule.check(r.verb, c.sight, func(column string) (values, bool) {
					v, ok := bound[key{r, column}]
					return v, ok
				}, holds(w, key{r, "published_at"})))
			}
		}
		if i == 0 {
			always = bound
		}
		for k, v := range always {
			if other, ok := bound[k]; !ok {
				delete(always, k)
			} else if i > 0 {
				always[k] = append(v[:len(v):len(v)], other...)
			}
		}
	}
	s.bound = always
}

func holds(w world, k key) bool {
	for _, f := range w {
		if f.kind == shown && f.at == k {
			return true
		}
	}
	return false
}

// outputs checks what is selected and tells what it gives.
func (c *checker) outputs(s *scope, all []output, tables *common) (y yield) {
	star := false
	for _, o := range all {
		c.walk(s, tables, o.value)
		star = star || o.value.op == opStar
		name, bound := o.name, values(nil)
		if name == "" && o.value.op == opColumn {
			name = o.value.text
		}
		if literal(o.value) {
			bound = values{valueOf(o.value)}
		} else if k, ok := s.find(o.value); ok {
			bound = s.bound[k]
		}
		y.names, y.bound = append(y.names, name), append(y.bound, bound)
	}
	if star {
		return yield{}
	}
	return y
}

// insert checks INSERT: what is given to the new rows, and what happens to one that
// is there already.
func (c *checker) insert(q *query, outer *scope, tables *common) yield {
	given := c.selection(q, outer, tables)
	r := c.target(q, "insert")
	r.bound = map[string]values{}
	if given.names != nil && len(given.names) != len(q.insert) {
		c.say(q.target.table + ": not as many values as columns")
		given = yield{}
	}
	for i, column := range q.insert {
		if given.names != nil && given.bound[i] != nil {
			r.bound[column] = given.bound[i]
		}
	}
	s := &scope{outer: outer, refs: []*ref{r}}
	c.settle(s, []world{nil})
	if q.upsert {
		there := c.target(q, "update")
		excluded := &ref{name: "excluded", columns: map[string]bool{}, bound: r.bound}
		meeting := &scope{outer: outer, refs: []*ref{there, excluded}}
		var w world
		for _, column := range q.key {
			w = append(w, fact{kind: same, at: key{there, column}, to: key{excluded, column}})
		}
		c.settle(meeting, both([]world{w}, meeting.worlds(q.where)))
		c.assign(q, meeting, tables)
		c.walk(meeting, tables, q.where)
	}
	return c.outputs(s, q.returning, tables)
}

// assign checks SET: a row stays with its tenant.
func (c *checker) assign(q *query, s *scope, tables *common) {
	for column, value := range q.set {
		if r := c.rules[q.target.table]; r != nil && column == "tenant_id" && r.Class != "platform" {
			c.say("update " + r.Name + ": it moves rows to another tenant")
		}
		c.walk(s, tables, value)
	}
}

// walk checks the sub-queries in the expressions.
func (c *checker) walk(s *scope, tables *common, all ...*expr) {
	for _, e := range all {
		if e == nil {
			continue
		}
		if e.sub != nil {
			c.query(e.sub, s, tables)
		}
		c.walk(s, tables, e.args...)
	}
}

// or is what a query gives that gives either y or z.
func (y yield) or(z yield) yield {
	if y.names == nil || z.names == nil || len(y.names) != len(z.names) {
		return yield{}
	}
	all := yield{names: y.names, bound: make([]values, len(y.names))}
	for i, v := range y.bound {
		if v != nil && z.bound[i] != nil {
			all.bound[i] = append(v[:len(v):len(v)], z.bound[i]...)
		}
	}
	return all
}

// renamed is y under other names; the first ones when there are fewer.
func (y yield) renamed(names []string) yield {
	if y.names == nil || names == nil || len(names) > len(y.names) {
		return y
	}
	return yield{append(names[:len(names):len(names)], y.names[len(names):]...), y.bound}
}

// into gives r the columns of y.
func (y yield) into(r *ref) {
	if y.names == nil {
		return
	}
	r.columns, r.bound = map[string]bool{}, map[string]values{}
	for i, name := range y.names {
		if r.columns[name] { // two of one name: neither is certain
			delete(r.bound, name)
			continue
		}
		r.columns[name] = true
		if y.bound[i] != nil {
			r.bound[name] = y.bound[i]
		}
	}
}
