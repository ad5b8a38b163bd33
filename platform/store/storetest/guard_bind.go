package storetest

import (
	"slices"
	"strings"
)

// values are what a column can be; none when no row can fulfil the statement.
type values []string

func (v values) and(w values) values {
	var both values
	for _, value := range v {
		if slices.Contains(w, value) {
			both = append(both, value)
		}
	}
	return both
}

// A ref is a table, common table or sub-query as one FROM names it.
type ref struct {
	name    string
	rule    *rule // nil when it is no table of ours
	verb    string
	columns map[string]bool   // nil = whatever is asked for
	bound   map[string]values // of what a sub-query yields
}

// has tells whether r is known to have a column, and whether it may.
func (r *ref) has(column string) (surely, perhaps bool) {
	switch {
	case r.rule != nil:
		return r.rule.columns[column], true
	case r.columns == nil:
		return false, true
	}
	return r.columns[column], r.columns[column]
}

type key struct {
	ref    *ref
	column string
}

// A scope is what names mean in one SELECT: its own tables, then those around it.
type scope struct {
	outer *scope
	refs  []*ref
	bound map[key]values // in every case
}

// find returns what a column's name means; ok is false when that is not certain.
func (s *scope) find(e *expr) (k key, ok bool) {
	if e.op != opColumn {
		return k, false
	}
	for at := s; at != nil; at = at.outer {
		var sure, maybe []*ref
		for _, r := range at.refs {
			surely, perhaps := r.has(e.text)
			switch {
			case e.of != "" && r.name == e.of, e.of == "" && surely:
				sure = append(sure, r)
			case e.of == "" && perhaps:
				maybe = append(maybe, r)
			}
		}
		if len(sure) == 0 {
			sure = maybe
		}
		if len(sure) > 0 {
			return key{sure[0], e.text}, len(sure) == 1
		}
	}
	return k, false
}

// A fact is one thing that a condition says for certain of the rows that pass.
type fact struct {
	kind factKind
	at   key
	is   values // given
	to   key    // same, follows
}

type factKind byte

const (
	given   factKind = iota // at is one of these values
	same                    // at equals to
	follows                 // at equals to, where it is there at all: the inside of a LEFT JOIN
	shown                   // at is not NULL
)

// A world is one way in which a condition can hold: an OR makes several.
type world []fact

// worlds lists the ways in which e can hold. A condition that says nothing, or too
// many things, holds in one world without facts.
func (s *scope) worlds(e *expr) []world {
	if e == nil {
		return []world{nil}
	}
	switch e.op {
	case "and":
		return both(s.worlds(e.args[0]), s.worlds(e.args[1]))
	case "or":
		all := append(s.worlds(e.args[0]), s.worlds(e.args[1])...)
		for _, w := range all {
			if len(w) == 0 {
				return []world{nil}
			}
		}
		return all
	}
	return []world{s.facts(e)}
}

// both are the ways in which two conditions hold together.
func both(left, right []world) (all []world) {
	if len(left)*len(right) > 64 {
		return []world{nil}
	}
	for _, l := range left {
		for _, r := range right {
			all = append(all, slices.Concat(l, r))
		}
	}
	return all
}

// facts reads one comparison.
func (s *scope) facts(e *expr) world {
	switch e.op {
	case "is not null":
		if k, ok := s.find(e.args[0]); ok {
			return world{{kind: shown, at: k}}
		}
	case opIn:
		return s.among(e.args[0], e.args[1:])
	case "=":
		left, right := e.args[0], e.args[1]
		if right.op == opAny {
			return s.among(left, elements(right.args))
		}
		if left.op == opRow && right.op == opRow && len(left.args) == len(right.args) {
			var w world
			for i := range left.args {
				w = append(w, s.facts(&expr{op: "=", args: []*expr{left.args[i], right.args[i]}})...)
			}
			return w
		}
		l, okL := s.find(left)
		r, okR := s.find(right)
		if okL && okR && l != r {
			return world{{kind: same, at: l, to: r}}
		}
		if literal(left) {
			left, right = right, left
		}
		if literal(right) {
			return s.among(left, []*expr{right})
		}
	}
	return nil
}

// among reads "column IN (these)", and the same of a row of columns.
func (s *scope) among(e *expr, these []*expr) (w world) {
	if e.op == opRow {
		for i, column := range e.args {
			var those []*expr
			for _, row := range these {
				if row.op != opRow || len(row.args) != len(e.args) {
					return nil
				}
				those = append(those, row.args[i])
			}
			w = append(w, s.among(column, those)...)
		}
		return w
	}
	k, ok := s.find(e)
	if !ok {
		return nil
	}
	is := values{}
	for _, t := range these {
		if literal(t) {
			is = append(is, valueOf(t))
		} else if t.op != opNull { // NULL equals nothing
			return nil
		}
	}
	return world{{kind: given, at: k, is: is}}
}

// elements reads the array of "= ANY ('{a,b}')".
func elements(array []*expr) (all []*expr) {
	if len(array) != 1 || !literal(array[0]) {
		return []*expr{{op: opOther}}
	}
	for _, text := range strings.Split(strings.Trim(valueOf(array[0]), "{}"), ",") {
		all = append(all, &expr{op: opLiteral, text: strings.Trim(text, `"`)})
	}
	return all
}

func literal(e *expr) bool {
	return e.op == opLiteral || e.op == opCast && literal(e.args[0])
}

func valueOf(e *expr) string {
	for e.op == opCast {
		e = e.args[0]
	}
	return e.text
}

// inside keeps of the worlds of a LEFT JOIN's condition what it says of the table
// that is joined: the other side is there whether it holds or not.
func inside(all []world, joined *ref) []world {
	var kept []world
	for _, w := range all {
		var mine world
		for _, f := range w {
			switch {
			case f.kind == same && f.at.ref == joined && f.to.ref == joined:
			case f.kind == same && f.at.ref == joined:
				f.kind = follows
			case f.kind == same && f.to.ref == joined:
				f.kind, f.at, f.to = follows, f.to, f.at
			case f.at.ref != joined || f.kind == same:
				continue
			}
			mine = append(mine, f)
		}
		kept = append(kept, mine)
	}
	return kept
}

// solve works out what each column can be in world w of scope s.
func (s *scope) solve(w world) map[key]values {
	bound := map[key]values{}
	for at := s; at != nil; at = at.outer {
		for k, v := range at.bound {
			bound[k] = v
		}
		for _, r := range at.refs {
			for column, v := range r.bound {
				bound[key{r, column}] = v
			}
		}
	}
	narrow := func(k key, v values) (changed bool) {
		old, ok := bound[k]
		if ok {
			v = old.and(v)
		}
		bound[k] = v
		return !ok || len(v) != len(old)
	}
	for changed := true; changed; {
		changed = false
		for _, f := range w {
			at, okAt := bound[f.at]
			to, okTo := bound[f.to]
			switch {
			case f.kind == given:
				changed = narrow(f.at, f.is) || changed
			case f.kind == same || f.kind == follows:
				changed = okTo && narrow(f.at, to) || changed
				changed = f.kind == same && okAt && narrow(f.to, at) || changed
			}
		}
	}
	return bound
}
