package main

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// fill puts the story's values into text, as seen from below slug.
func (st *story) fill(text, slug string) string {
	pairs := []string{"{slug}", slug}
	for name, value := range st.v {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// parts splits a route into its method and its address in the form of bodies: /t/{slug}/….
func (r ruling) parts() (method, path string) {
	method, path, _ = strings.Cut(r.route, " ")
	words := strings.Split(path, "/")
	for i, w := range words {
		if name, ok := strings.CutPrefix(w, ":"); ok {
			words[i] = "{" + name + "}"
		}
	}
	return method, strings.Join(words, "/")
}

// objects are the inputs of r, in address and body, that name somebody's row.
func (r ruling) objects() (names []string) {
	_, path := r.parts()
	for _, name := range strings.Fields("host batch session nomination nomination2 participant token program employee unit tenant week holiday feast office term grant key run transfer appeal decree") {
		if strings.Contains(path+r.send, "{"+name+"}") {
			names = append(names, name)
		}
	}
	return names
}

// ask is r as an actor below slug sends it, with the story's values.
func (r ruling) ask(relation, key, slug string, st *story, want int) ask {
	method, path := r.parts()
	return ask{relation: relation, actor: key, method: method, path: st.fill(path, slug), send: st.fill(r.send, slug), want: want}
}

// twin is the same request by whom it is meant for.
func (m *matrix) twin(r ruling, st *story) ask {
	key := st.plot[r.by]
	return r.ask("positive twin", key, m.actor(key).slug, st, r.status)
}

// due is what an actor gets below slug for the act alone, whosever the rows are; 0 = it is theirs to do.
func (r ruling) due(a actor, slug string, st *story) int {
	switch {
	case a.key == "" && strings.Contains(r.route, " /api/"):
		return http.StatusUnauthorized
	case a.key == "":
		return http.StatusSeeOther // to /masuk
	case a.slug != slug && a.also == slug:
		return http.StatusForbidden // not chosen
	case a.slug != slug:
		return http.StatusNotFound
	case !slices.Contains(strings.Fields(r.may), string(a.role)):
		return http.StatusForbidden
	case a.limited && r.whole:
		return http.StatusForbidden
	case a.limited && !a.unit && r.units != 0:
		return r.units
	case a.limited && (a.unit || st.name != "A") && slices.Contains(r.objects(), "batch"):
		return http.StatusNotFound
	case a.unit && st.name != "A" && (slices.Contains(r.objects(), "employee") || slices.Contains(r.objects(), "unit")):
		return http.StatusNotFound
	}
	return 0
}

// refusals are all requests about st that may not succeed, and those that succeed
// but may show the asker's own rows alone.
func (m *matrix) refusals(r ruling, door string, st *story) (all []ask) {
	method, path := r.parts()
	who, reads, objects := m.actor(st.plot[r.by]), method == http.MethodGet, r.objects()
	add := func(relation string, a actor, slug string, st *story, want int) {
		all = append(all, r.ask(relation, a.key, slug, st, want))
	}
	for _, a := range cast {
		switch {
		case a.key == who.key || door == "public" || who.key == "":
		case strings.Contains(path, "/operator/"):
			add("no operator", a, "", st, r.unlessOperator(a))
		case strings.Contains(path, "{slug}"):
			if want := r.due(a, who.slug, st); want != 0 {
				add("same address", a, who.slug, st, want)
			} else if reads {
				add("colleague", a, who.slug, st, r.status)
			}
			if a.slug == "" || a.slug == who.slug {
				continue
			}
			want := r.due(a, a.slug, st)
			involved := strings.Contains(path, "/kiriman/") && reads && slices.Contains([]string{"15-03", "15-71", st.v["host"]}, a.slug)
			involved = involved || reads && slices.Contains(objects, "transfer") && slices.Contains([]string{"15-03", "15-71"}, a.slug)
			switch {
			case want != 0:
				add("own address", a, a.slug, st, want)
			case len(objects) > 0 && involved:
				add("own address, party", a, a.slug, st, http.StatusOK)
			case len(objects) > 0 && r.strange != 0:
				add("own address", a, a.slug, st, r.strange)
			case len(objects) > 0:
				add("own address", a, a.slug, st, http.StatusNotFound)
			case reads:
				add("own list", a, a.slug, st, r.status)
			}
		case a.key == "":
			add("nobody", a, "", st, r.due(a, "", st))
		case len(objects) == 0 && reads:
			add("own list", a, "", st, r.status)
		case len(objects) == 0, r.mates && slices.Contains(st.seat[:2], a.key), slices.Contains(objects, "tenant") && a.slug == "35-23":
			// theirs to do
		default:
			add("same address", a, "", st, http.StatusNotFound)
		}
	}
	if door != "public" && who.key != "" {
		all = append(all, m.variations(r, who, st)...)
	}
	if method == http.MethodPost && who.key != "" && !strings.HasPrefix(path, "/api/") {
		bare := r.ask("without token", who.key, who.slug, st, http.StatusForbidden)
		bare.bare = true
		all = append(all, bare)
	}
	for _, extra := range r.also {
		if extra.path != "" {
			extra.method = http.MethodGet
		} else {
			extra.method, extra.path = method, path
		}
		extra.actor = st.plot[extra.actor]
		extra.path, extra.send = st.fill(extra.path, who.slug), st.fill(extra.send, who.slug)
		all = append(all, extra)
	}
	return all
}

// variations has the very person who may, ask the same of rows that are not theirs,
// or not there, one input at a time.
func (m *matrix) variations(r ruling, who actor, st *story) (all []ask) {
	foreign, sibling := m.stories[2], m.stories[1]
	switch st.name {
	case "B":
		sibling = m.stories[0]
	case "C":
		foreign, sibling = m.stories[1], nil
	}
	objects := r.objects()
	// Alone, a batch of the same host is as much theirs; with a row of the first batch it is not.
	within := strings.Contains(r.route, ":session") || strings.Contains(r.route, ":nomination") || strings.Contains(r.route, ":participant")
	for _, name := range objects {
		values := map[string]string{"foreign": foreign.v[name], "missing": "01890000-0000-7000-8000-000000000000", "malformed": "bukan-nomor"}
		if sibling != nil && name != "transfer" && name != "appeal" && name != "host" && name != "program" && name != "employee" && name != "unit" && name != "tenant" && name != "week" && name != "holiday" && name != "feast" && name != "office" && name != "term" && name != "decree" && (name != "batch" || within) {
			values["sibling"] = sibling.v[name]
		}
		switch name {
		case "transfer", "appeal": // of governments that have no part in it
			values["foreign"] = m.one("SELECT id FROM %s WHERE nip = '%s'", map[string]string{"transfer": "transfer", "appeal": "transfer_appeal"}[name], foreignNIP)
		case "feast": // of a government, not of the nation
			values["foreign"] = st.v["holiday"]
		case "employee": // one of another government
			values["foreign"] = m.one("SELECT id FROM employee WHERE identity_id = '%s'", m.in.ids[st.seat[1]])
		case "unit":
			values["foreign"] = m.one("SELECT unit_id FROM employee WHERE identity_id = '%s'", m.in.ids[st.seat[1]])
		case "host":
			values["missing"] = "99-99"
		case "tenant":
			values["foreign"], values["missing"] = st.v["party1"], "999999"
		case "token":
			values["missing"] = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
		}
		for kind, value := range values {
			if value == "" {
				continue // the other story has not come so far
			}
			want, odd := r.odd[strings.TrimRight(name, "2")+" "+kind]
			if !odd || who.limited && name == "batch" && want == http.StatusConflict {
				want = http.StatusNotFound // a limited grant asks about its batch before anything else
			}
			other := &story{name: st.name, v: maps.Clone(st.v)}
			other.v[name] = value
			all = append(all, r.ask(kind+" "+name, who.key, who.slug, other, want))
		}
	}
	return all
}
