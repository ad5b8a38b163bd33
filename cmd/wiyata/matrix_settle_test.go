package main

import (
	"context"
	"net/http"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// settleRulings are those of confirming a role, of saying that one cannot, and of the
// operator who settles whose an account is. The leaver is given a role and confirms it.
func settleRulings() []ruling {
	const page, api = "/operator/akun", "/api/v1/operator/accounts"
	gone := []ask{
		{relation: "missing", actor: "operator", path: page + "/01890000-0000-7000-8000-000000000000", want: http.StatusNotFound},
		{relation: "malformed", actor: "operator", path: page + "/bukan-nomor", want: http.StatusNotFound},
	}
	return []ruling{
		{route: "GET /saya/peran", by: "leaver", status: 200, sees: "Konfirmasi peran", then: (*matrix).handCode},
		{route: "GET /aktivasi/tanpa-akses", by: "nobody", status: 200, sees: "Laporkan"},
		{route: "POST /aktivasi/tanpa-akses", by: "stranger", send: "code={handed}", status: 200, changes: "role_grant identity_claim audit_line", records: "audit_line", sees: "Laporan tercatat", also: []ask{
			{relation: "never issued", send: "code=0000-0000-0000-0000", want: 422},
			{relation: "mistyped", send: "code={handed}X", want: 422},
		}},
		{route: "GET " + page, by: "operator", status: 200, sees: "Wulan|Kode dari Kabupaten Tuban"},
		{route: "GET " + api, by: "operator", status: 200, sees: `"claims":[{"account"`},
		{route: "GET " + page + "/:account", by: "operator", status: 200, sees: "Yohana|yohana@matriks.example", changes: "audit_line", also: gone},
		{route: "GET " + page + "/:account/:verdict", by: "operator", status: 200, sees: "Tangguhkan akun", changes: "audit_line"},
		{route: "POST " + page + "/:account/:verdict", by: "operator", send: "reason=Matriks", status: 303, changes: "identity audit_line", records: "audit_line", also: []ask{
			{relation: "no reason", actor: "operator", send: "reason=", want: 422},
		}},
		{route: "GET " + api + "/:account", by: "operator", status: 200, sees: `"suspended_at"`, changes: "audit_line"},
		{route: "POST " + api + "/:account/verdicts", by: "operator", send: `{"act":"restore","reason":"Matriks"}`, status: 201, changes: "identity audit_line", also: []ask{
			{relation: "no reason", actor: "operator", send: `{"act":"restore","reason":""}`, want: 422},
			{relation: "no such act", actor: "operator", send: `{"act":"delete","reason":"Matriks"}`, want: 422},
		}},
		{route: "POST /saya/peran", by: "leaver", send: "code={handed}", status: 303, sees: "/pilih", changes: "role_grant access_code audit_line", records: "audit_line", also: []ask{
			{relation: "another's code", actor: "double", send: "code={handed}", want: 422},
			{relation: "never issued", actor: "leaver", send: "code=0000-0000-0000-0000", want: 422},
		}},
	}
}

// handCode has a government give the leaver a role, and hand over its code.
func (m *matrix) handCode(st *story) {
	who := m.people["leaver"]
	given, err := m.in.accounts.Invite(authz.AsSystem(context.Background(), m.in.government(m.t, "35.23")), account.Invitation{Login: who.Email, Name: who.Name, Role: "verifier", Reason: "Matriks"})
	check(m.t, err)
	st.v["handed"] = given.Code
}

// appointOperator makes the operator of the cast one, who confirms it.
func (m *matrix) appointOperator() {
	ctx, who := context.Background(), m.people["operator"]
	given, err := m.in.accounts.Appoint(authz.AsSystem(ctx, 0), 0, account.Invitation{Login: who.Email, Name: who.Name, Role: authz.Operator, Reason: "Matriks"})
	check(m.t, err)
	pass, err := m.in.accounts.SignIn(ctx, account.Credentials{Login: who.Email, Password: sample.Password}, account.Visit{})
	check(m.t, err)
	_, err = m.in.accounts.Confirm(ctx, pass.Token, given.Code)
	check(m.t, err)
}
