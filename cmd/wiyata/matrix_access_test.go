package main

import (
	"context"
	"strconv"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// accessRulings are those of roles, codes and tokens.
func accessRulings() []ruling {
	const grants, tokens = "/api/v1/tenants/:slug/grants", "/api/v1/tenants/:slug/tokens"
	malformed := map[string]int{"grant malformed": 422, "key malformed": 422}
	return []ruling{
		{route: "GET /t/:slug/akses/baru", by: "giver", may: admins, status: 200, sees: "Beri peran"},
		{route: "POST /t/:slug/akses", by: "giver", may: admins, status: 200, changes: "identity role_grant access_code audit_line", sees: "Kode untuk Baru {name}",
			send: "login=baru-{name}@matriks.example&name=Baru {name}&role=verifier&reason=Matriks", also: []ask{
				{relation: "more than they hold", actor: "giver", send: "login=baru@matriks.example&name=Lain&role=head&reason=Matriks", want: 403},
				{relation: "a role of the machine", actor: "giver", send: "login=baru@matriks.example&name=Lain&role=system&reason=Matriks", want: 422},
				{relation: "in nobody's batch", actor: "giver", send: "login=baru@matriks.example&name=Lain&role=verifier&reason=Matriks&scope=01890000-0000-7000-8000-000000000000", want: 422},
			}},
		{route: "POST " + grants, by: "giver", may: admins, status: 201, changes: "identity role_grant access_code audit_line", sees: `"code"`,
			send: `{"login":"lain-{name}@matriks.example","name":"Baru {name} II","role":"verifier","reason":"Matriks"}`},
		{route: "GET /t/:slug/akses", by: "giver", may: senders + " auditor", status: 200, sees: "Baru {name}|Verifikator berkas"},
		{route: "GET " + grants, by: "giver", may: senders + " auditor", status: 200, sees: `"name":"Baru {name}"`},
		{route: "GET /t/:slug/akses/kode", by: "giver", may: senders, whole: true, status: 200, sees: "Baru {name}"},
		{route: "POST /api/v1/tenants/:slug/activation-codes", by: "giver", may: senders, whole: true, send: `{"grants":["{grant}"]}`, status: 201, changes: "access_code audit_line", sees: `"name":"Baru {name}","code":"`},
		{route: "POST /t/:slug/akses/kode", by: "giver", may: senders, whole: true, send: "grant={grant}&bentuk=cetak", status: 200, changes: "access_code audit_line", sees: "Baru {name}", then: (*matrix).takeCode},
		{route: "GET /aktivasi", by: "nobody", status: 200, sees: "Kata sandi baru"},
		{route: "POST /aktivasi", by: "guest", send: "code={ticket}&password=kata sandi {name} baru&again=kata sandi {name} baru", status: 303,
			changes: "identity role_grant sign_in known_device access_code audit_line", records: "audit_line", sees: "/t/", also: []ask{
				{relation: "never issued", send: "code=0000-0000-0000-0000&password=kata sandi baru&again=kata sandi baru", want: 422},
				{relation: "mistyped", send: "code={ticket}X&password=kata sandi baru&again=kata sandi baru", want: 422},
				{relation: "short password", send: "code={ticket}&password=pendek&again=pendek", want: 422},
			}},
		{route: "GET /t/:slug/akses/:grant/atur-ulang", by: "giver", may: admins, whole: true, status: 200, sees: "Baru {name}"},
		{route: "POST /t/:slug/akses/:grant/atur-ulang", by: "giver", may: admins, whole: true, send: "reason=Datang sendiri", status: 200, changes: "identity sign_in known_device access_code audit_line",
			sees: "Baru {name}"},
		{route: "POST " + grants + "/:grant/reset", by: "giver", may: admins, whole: true, send: `{"reason":"Datang sendiri"}`, status: 201, changes: "access_code audit_line", sees: `"name":"Baru {name}","code":"`, odd: malformed},
		{route: "GET /t/:slug/akses/:grant/cabut", by: "giver", may: admins, status: 200, sees: "Baru {name}"},
		{route: "POST /t/:slug/akses/:grant/cabut", by: "giver", may: admins, send: "reason=Selesai", status: 303, changes: "role_grant audit_line"},
		{route: "POST " + grants + "/:grant/withdrawal", by: "giver", may: admins, send: `{"reason":"Selesai"}`, status: 204, changes: "role_grant audit_line", odd: malformed},

		{route: "POST /t/:slug/token", by: "giver", may: admins, whole: true, send: "name=Integrasi {name}&days=30&permission=batch:read", status: 200, changes: "api_token audit_line",
			sees: "Integrasi {name}|wyt_", also: []ask{
				{relation: "what is not lent", actor: "giver", send: "name=Lain&days=30&permission=account:grant", want: 422},
			}},
		{route: "POST " + tokens, by: "giver", may: admins, whole: true, send: `{"name":"Integrasi {name} II","days":30,"permissions":["batch:read"]}`, status: 201, changes: "api_token audit_line", sees: "wyt_"},
		{route: "GET /t/:slug/token", by: "giver", may: admins, whole: true, status: 200, sees: "Integrasi {name}"},
		{route: "GET " + tokens, by: "giver", may: admins, whole: true, status: 200, sees: `"name":"Integrasi {name}"`},
		{route: "POST /t/:slug/token/:key/cabut", by: "giver", may: admins, whole: true, status: 303, changes: "api_token audit_line"},
		{route: "POST " + tokens + "/:key/revocation", by: "giver", may: admins, whole: true, send: "{}", status: 204, changes: "api_token audit_line", odd: malformed},
	}
}

// learnAccess looks up the first role and token that the story's administrator has given.
func (m *matrix) learnAccess(st *story) {
	st.v["grant"] = m.one("SELECT id FROM role_grant WHERE name LIKE 'Baru %s%%' AND withdrawn_at IS NULL ORDER BY id LIMIT 1", st.name)
	st.v["key"] = m.one("SELECT id FROM api_token WHERE name LIKE 'Integrasi %s%%' AND revoked_at IS NULL ORDER BY id LIMIT 1", st.name)
}

// takeCode hands the story a code for whoever was given the role.
func (m *matrix) takeCode(st *story) {
	id := m.one("SELECT identity_id FROM role_grant WHERE id = '%s'", st.v["grant"])
	in := m.one("SELECT tenant_id FROM role_grant WHERE id = '%s'", st.v["grant"])
	tenant, err := strconv.Atoi(in)
	check(m.t, err)
	all, err := m.in.accounts.IssueCodes(authz.AsSystem(context.Background(), tenants.ID(tenant)), []account.ID{account.ID(id)})
	check(m.t, err)
	st.v["ticket"] = all[0].Code
}
