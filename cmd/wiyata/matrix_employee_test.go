package main

import (
	"context"
	"maps"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// employeeRulings are those of the register of employees and units.
func employeeRulings() []ruling {
	const one, unit, api = "/t/:slug/pegawai/:employee", "/t/:slug/unit/:unit", "/api/v1/tenants/:slug/"
	malformed := map[string]int{"employee malformed": 422, "unit malformed": 422}
	const resets = "identity sign_in known_device access_code audit_line"
	chosen := map[string]int{"unit foreign": 422, "unit missing": 422, "unit malformed": 422} // a choice in a form
	return []ruling{
		{route: "GET /t/:slug/pegawai", by: "sender", may: senders + " auditor", units: 403, status: 200, sees: "{person}|{nip}", also: []ask{
			{relation: "another's cursor", actor: "sender", path: "/t/{slug}/pegawai?cursor=x", want: 422},
			{relation: "another's unit", actor: "sender", path: "/t/{slug}/pegawai?unit=01890000-0000-7000-8000-000000000000", want: 404},
			{relation: "no such kind", actor: "sender", path: "/t/{slug}/pegawai?kind=X", want: 422},
		}},
		{route: "GET " + api + "employees", by: "sender", may: senders + " auditor", units: 403, status: 200, sees: "{person}|{nip}"},
		{route: "GET " + one, by: "sender", may: senders + " auditor", units: 404, status: 200, sees: "{person}|{nip}|Riwayat perubahan"},
		{route: "GET " + api + "employees/:employee", by: "sender", may: senders + " auditor", units: 404, status: 200, sees: "{person}|{nip}", odd: malformed},
		{route: "GET " + one + "/ubah", by: "sender", may: senders, units: 404, status: 200, sees: "{bare}|{nip}"},
		{route: "POST /t/:slug/pegawai/unduh", by: "sender", may: senders, units: 403, send: "format=csv", status: 200, sees: "{person}|{nip}", changes: "audit_line", also: []ask{
			{relation: "no such format", actor: "sender", send: "format=pdf", want: 422},
		}},
		{route: "GET /t/:slug/pegawai/baru", by: "sender", may: senders, units: 403, status: 200, sees: "{unitname}"},
		{route: "POST /t/:slug/pegawai", by: "sender", may: senders, units: 404, send: "kind=NON_ASN&name=Tamu {name}&unit={unit}", status: 303, strange: 422, odd: chosen,
			changes: "identity employee employee_word employee_change employed stat_delta audit_line"},
		{route: "POST " + api + "employees", by: "sender", may: senders, units: 404, send: `{"kind":"NON_ASN","name":"Tamu API {name}","unit":"{unit}"}`, status: 201, strange: 422, odd: chosen,
			changes: "identity employee employee_word employee_change employed stat_delta audit_line", sees: `"printed_name":"Tamu API {name}"`, also: []ask{
				{relation: "active elsewhere", actor: "sender", send: `{"kind":"PNS","nip":"{nip2}","name":"Pinjaman"}`, want: 409},
			}},
		{route: "POST " + one, by: "sender", may: senders, units: 404, status: 303, changes: "employee employee_change audit_line", odd: chosen,
			send: "version={version}&kind=PNS&nip={nip}&name={bare}&title_after={after}&unit={unit}&standing=01&position=Analis Utama {name}"},
		{route: "POST " + one + "/status", by: "sender", may: senders, units: 404, status: 303, send: "version={version}&reason=Pensiun", changes: "employee employee_change employed stat_delta audit_line"},
		{route: "PATCH " + api + "employees/:employee", by: "sender", may: senders, units: 404, status: 200, odd: malformed,
			send: `{"version":{version},"active":true,"reason":"Kembali"}`, changes: "employee employee_change employed stat_delta audit_line", sees: `"active":true`},

		{route: "GET " + api + "employees/:employee/changes", by: "sender", may: senders + " auditor", units: 404, status: 200, sees: `"act":"reactivated"|"reason":"Kembali"`, odd: malformed},

		{route: "POST /t/:slug/pegawai/kode", by: "sender", may: senders, whole: true, send: "q=Tamu {name}", status: 200, sees: "Tamu {name}|Kode aktivasi", changes: "access_code audit_line", also: []ask{
			{relation: "nobody", actor: "sender", send: "q=zzz", want: 422},
			{relation: "another's unit", actor: "sender", send: "unit=01890000-0000-7000-8000-000000000000", want: 404},
		}},
		{route: "POST " + api + "employees/activation-codes", by: "sender", may: senders, whole: true, send: `{"q":"Tamu {name}"}`, status: 201, sees: `"name":"Tamu {name}","code":"`, changes: "access_code audit_line"},
		{route: "POST " + one + "/kode", by: "sender", may: senders, whole: true, status: 200, sees: "{person}|Tidak perlu"},
		{route: "POST " + api + "employees/:employee/activation-code", by: "sender", may: senders, whole: true, send: "{}", status: 201, sees: `"name":"{person}"`, odd: malformed},
		{route: "GET " + one + "/atur-ulang", by: "sender", may: senders, whole: true, status: 200, sees: "Atur ulang akun {person}"},
		{route: "POST " + one + "/atur-ulang", by: "sender", may: senders, whole: true, send: "reason=Datang sendiri", status: 200, sees: "Kode aktivasi|{person}", changes: resets, then: (*matrix).letIn, also: []ask{
			{relation: "no reason", actor: "sender", send: "reason=", want: 422},
		}},
		{route: "POST " + api + "employees/:employee/reset", by: "sender", may: senders, whole: true, send: `{"reason":"Datang sendiri"}`, status: 201, sees: `"name":"{person}","code":"`, changes: resets, odd: malformed,
			then: (*matrix).letIn},

		{route: "GET /t/:slug/unit", by: "sender", may: senders + " auditor", units: 403, status: 200, sees: "{unitname}"},
		{route: "GET " + api + "units", by: "sender", may: senders + " auditor", units: 403, status: 200, sees: "{unitname}"},
		{route: "GET " + unit, by: "sender", may: senders + " auditor", units: 403, status: 200, sees: "{unitname}"},
		{route: "POST /t/:slug/unit", by: "sender", may: senders, whole: true, status: 303, send: "name=Bidang {name}&parent={unit}", changes: "unit audit_line", strange: 422, odd: chosen},
		{route: "POST " + api + "units", by: "sender", may: senders, whole: true, status: 201, send: `{"name":"Bidang API {name}","parent":"{unit}"}`, changes: "unit audit_line",
			sees: "Bidang API {name}", strange: 422, odd: chosen},
		{route: "POST " + unit, by: "sender", may: senders, whole: true, status: 303, send: "version={unitversion}&name={unitname}&code=D{name}", changes: "unit audit_line"},
		{route: "PATCH " + api + "units/:unit", by: "sender", may: senders, whole: true, status: 200, send: `{"version":{unitversion},"code":"E{name}"}`, changes: "unit audit_line",
			sees: `"code":"E{name}"`, odd: malformed, then: (*matrix).emptyUnit},
		{route: "POST " + unit + "/tutup", by: "sender", may: senders, whole: true, status: 303, send: "version={unitversion}&to=2099-12-31", changes: "unit audit_line"},
	}
}

// learnEmployee looks up the person of a story as their employer has them.
func (m *matrix) learnEmployee(st *story) {
	before, bare, after := employee.SplitTitles(m.people[st.seat[0]].Name)
	maps.Copy(st.v, map[string]string{
		"bare": before + bare, "after": after, "nip2": m.people[st.seat[1]].Work.NIP,
		"version": m.one("SELECT version FROM employee WHERE id = '%s'", st.v["employee"]),
	})
	if unit := m.one("SELECT unit_id FROM employee WHERE id = '%s' AND unit_id IS NOT NULL", st.v["employee"]); unit != "" {
		st.v["unit"] = unit
	}
	st.v["unitname"] = m.one("SELECT name FROM unit WHERE id = '%s'", st.v["unit"])
	st.v["unitversion"] = m.one("SELECT version FROM unit WHERE id = '%s'", st.v["unit"])
}

// letIn lets the person of a story in again who was reset: they activate, and sign in.
func (m *matrix) letIn(st *story) {
	ctx, key := context.Background(), st.seat[0]
	all, err := m.in.accounts.IssueCodes(authz.AsSystem(ctx, 0), []account.ID{m.in.ids[key]})
	check(m.t, err)
	_, err = m.in.accounts.Activate(ctx, all[0].Code, sample.Password, sample.Password, account.Visit{})
	check(m.t, err)
	m.clients[key].open("/masuk").press("Masuk", fields{"login": m.people[key].Email, "password": sample.Password})
	m.renew(key)
}

// emptyUnit takes everybody and everything out of the story's unit, so that it can close.
func (m *matrix) emptyUnit(st *story) {
	m.write("UPDATE employee SET unit_id = NULL WHERE unit_id = '%s'", st.v["unit"])
	m.write("UPDATE unit SET parent_id = NULL WHERE parent_id = '%s'", st.v["unit"])
}
