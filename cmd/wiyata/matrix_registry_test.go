package main

import (
	"net/http"
	"strings"

	"github.com/wiyata-id/wiyata/tenants"
)

// registryRulings are those of the operator's pages and operations.
func registryRulings() []ruling {
	const page, api = "/operator/pemerintah", "/api/v1/operator/tenants"
	return []ruling{
		{route: "GET " + page, by: "operator", status: 200, sees: "549 instansi|Provinsi Aceh"},
		{route: "GET " + page + "/baru", by: "operator", status: 200, sees: "Kode Kemendagri"},
		{route: "GET " + page + "/:id", by: "operator", status: 200, sees: "Kabupaten Bojonegoro|35.22", also: []ask{
			{relation: "missing", actor: "operator", path: page + "/9999", want: 404},
			{relation: "malformed", actor: "operator", path: page + "/bukan-nomor", want: 404},
			{relation: "no such act", actor: "operator", path: page + "/1/hapus", want: 404},
		}},
		{route: "GET " + page + "/:id/:act", by: "operator", status: 200, sees: "Nama baru"},
		{route: "POST " + page + "/:id/:act", by: "operator", status: 303, changes: "tenant_era tenant_change audit_line",
			send: "step=save&name=Kabupaten Bojonegoro Raya&from=2040-01-01&decree=PP 1/2040&reason=", also: []ask{
				{relation: "no decree", actor: "operator", send: "step=save&name=Kabupaten Bojonegoro Raya&from=2040-01-01", want: 422},
				{relation: "no name", actor: "operator", send: "name=&from=2040-01-01&decree=PP 1/2040", want: 422},
			}},
		{route: "POST " + page + "/baru", by: "operator", status: 303, changes: "tenant tenant_era tenant_change audit_line",
			send: "step=save&kind=regency&zone=WIB&code=35.60&parent=35&name=Kabupaten Matriks&from=2040-01-01&decree=UU 1/2040", also: []ask{
				{relation: "a code in use", actor: "operator", send: "kind=regency&zone=WIB&code=35.23&parent=35&name=Kabupaten Matriks&from=2040-01-01&decree=UU 1/2040", want: 422},
			}},
		{route: "GET " + api, by: "operator", status: 200, sees: `"code":"93.01"`},
		{route: "GET " + api + "/:id", by: "operator", status: 200, sees: `"name":"Kabupaten Bojonegoro"|"act":"renamed"`},
		{route: "POST " + api, by: "operator", status: 201, changes: "tenant tenant_era tenant_change audit_line", sees: `"code":"35.61"`,
			send: `{"kind":"regency","zone":"WIB","code":"35.61","parent":"35","name":"Kabupaten API","from":"2040-01-01","decree":"UU 1/2040"}`},
		{route: "GET /operator/penunjukan/:id", by: "operator", status: 200, sees: "Kabupaten Bojonegoro|Tunjuk pejabat", also: []ask{
			{relation: "missing", actor: "operator", path: "/operator/penunjukan/9999", want: 404},
			{relation: "malformed", actor: "operator", path: "/operator/penunjukan/bukan-nomor", want: 404},
		}},
		{route: "POST /operator/penunjukan/:id", by: "operator", status: 200, changes: "identity role_grant access_code audit_line", sees: "Kode untuk Admin {name}",
			send: "login=admin-{name}@matriks.example&name=Admin {name}&role=tenant_admin&reason=Matriks", also: []ask{
				{relation: "a role that they do not appoint", actor: "operator", send: "login=lain@matriks.example&name=Lain&role=organiser&reason=Matriks", want: 403},
				{relation: "no reason", actor: "operator", send: "login=lain@matriks.example&name=Lain&role=head", want: 422},
			}},
		{route: "POST " + api + "/:id/appointments", by: "operator", status: 201, changes: "identity role_grant access_code audit_line", sees: `"code":"`,
			send: `{"login":"kepala-{name}@matriks.example","name":"Kepala {name}","role":"head","reason":"Matriks"}`},
		{route: "POST " + api + "/:id/changes", by: "operator", status: 201, changes: "tenant_change audit_line", sees: `"ground":"duty"`,
			send: `{"act":"suspended","ground":"duty","reason":"Perjanjian berakhir"}`},
	}
}

// unlessOperator is what anybody gets at the operator's addresses who is none.
func (r ruling) unlessOperator(a actor) int {
	switch {
	case a.key == "" && strings.Contains(r.route, " /api/"):
		return http.StatusUnauthorized
	case a.key == "":
		return http.StatusSeeOther
	}
	return http.StatusForbidden
}

// suspended asks as the very person who may, while their government is suspended: it is
// refused, says why, and changes nothing. false when r is nobody's in a government.
func (m *matrix) suspended(r ruling, st *story) bool {
	a := m.twin(r, st)
	slug := m.actor(st.plot[r.by]).slug
	if slug == "" || !strings.Contains(r.route, "/:slug") {
		return false
	}
	g, err := m.in.registry.BySlug(slug)
	check(m.t, err)
	change := func(c tenants.Change) {
		c.Reason = "Matriks"
		_, err := m.in.operator.Change(m.operator(), g.ID, c)
		check(m.t, err)
	}
	change(tenants.Change{Act: tenants.Suspended, Ground: "request"})
	before := m.facts()
	a.relation, a.want = "suspended", http.StatusForbidden
	m.negatives++
	got := m.ask(a)
	m.judge(r, st, a, got)
	if !strings.Contains(got.body, "sedang dinonaktifkan") {
		m.t.Errorf("%s, story %s: a suspended government's people are not told why: %.300s", r.route, st.name, readable(got.body))
	}
	if tables, _ := m.changed(before); len(tables) > 0 {
		m.t.Errorf("%s, story %s: changed %v for a suspended government", r.route, st.name, tables)
	}
	change(tenants.Change{Act: tenants.Reinstated})
	return true
}
