package main

import "fmt"

// courseRulings are those of the course types that a government offers.
func courseRulings() []ruling {
	const page, api, decrees = "/t/:slug/jenis-pelatihan", "/api/v1/tenants/:slug/course-types", "/api/v1/tenants/:slug"
	const pdf64 = "JVBERi0xLjcgJSVFT0Y=" // %PDF-1.7 %%EOF
	// The address names a course type of the whole installation: it is nobody's.
	return []ruling{
		{route: "POST " + page + "/:course/aktifkan", by: "opener", may: organiser, whole: true, send: "version=1.0.0&asks=", status: 303, changes: "course_type audit_line", also: []ask{
			{relation: "other data than it asks for", actor: "organiser", send: "version=1.0.0&asks=rank", want: 409},
			{relation: "no such version", actor: "organiser", send: "version=9.9.9&asks=", want: 503},
		}},
		{route: "GET " + page, by: "opener", may: organiser, whole: true, status: 200, sees: "Bimbingan teknis|Peraturan LAN 10/2018|Aktif", also: []ask{
			{relation: "no day", actor: "organiser", path: "/t/{slug}/jenis-pelatihan?tanggal=2026-02-30", want: 422},
		}},
		{route: "POST " + page + "/:course/nonaktifkan", by: "opener", may: organiser, whole: true, status: 303, changes: "course_type audit_line"},
		{route: "PUT " + api + "/:course", by: "opener", may: organiser, whole: true, send: `{"version":"1.0.0","asks":[]}`, status: 204, changes: "course_type audit_line"},
		{route: "GET " + api, by: "opener", may: organiser, whole: true, status: 200, sees: `"enabled":true|"source":"unconfirmed"`},
		{route: "DELETE " + api + "/:course", by: "opener", may: organiser, whole: true, status: 204, changes: "course_type audit_line", then: (*matrix).offerAgain},

		{route: "POST /t/:slug/ketentuan", by: "head", may: heads, whole: true, send: "file:{pdf}|rules=bimtek {rules}&number=800/{name}&day={day}", status: 303, changes: "rule_decree audit_line", also: []ask{
			{relation: "no PDF", actor: "head", send: "file:PK|rules=bimtek {rules}&number=800/{name}&day={day}", want: 422},
			{relation: "no such rule-set", actor: "head", send: "file:{pdf}|rules=bimtek lain&number=800/{name}&day={day}", want: 404},
		}},
		{route: "GET /t/:slug/ketentuan", by: "opener", may: staff, whole: true, status: 200, sees: "Bimbingan teknis umum|800/|Ketentuan cocok dengan naskah"},
		{route: "GET /t/:slug/ketentuan/:decree/naskah", by: "opener", may: staff, whole: true, status: 200, sees: "%PDF-"},
		{route: "GET " + decrees + "/unconfirmed-rule-sets", by: "opener", may: staff, whole: true, status: 200, sees: `"source":"unconfirmed"|"number":"800/`},
		{route: "POST /t/:slug/ketentuan/:decree/konfirmasi", by: "opener", may: organiser + " " + heads, whole: true, status: 303, changes: "rule_decree confirmation audit_line", then: (*matrix).doubtAgain},
		{route: "POST " + decrees + "/decrees", by: "head", may: heads, whole: true, send: `{"course":"bimtek","rule_set":"{rules}","number":"801/{name}","day":"{day}","file":"` + pdf64 + `"}`, status: 204, changes: "rule_decree audit_line", also: []ask{
			{relation: "no PDF", actor: "head", send: `{"course":"bimtek","rule_set":"{rules}","number":"801/{name}","day":"{day}","file":"UEs="}`, want: 422},
			{relation: "no day", actor: "head", send: `{"course":"bimtek","rule_set":"{rules}","number":"801/{name}","day":"2026-02-30","file":"` + pdf64 + `"}`, want: 422},
			{relation: "no such rule-set", actor: "head", send: `{"course":"bimtek","rule_set":"lain","number":"801/{name}","day":"{day}","file":"` + pdf64 + `"}`, want: 404},
		}},
		{route: "POST " + decrees + "/decrees/:decree/confirmation", by: "opener", may: organiser + " " + heads, whole: true, send: "{}", status: 204, changes: "rule_decree confirmation audit_line",
			odd: map[string]int{"decree malformed": 422}},
	}
}

// guestRulings are those of the operator's catalogue of course types. Its addresses name
// what is installed: nobody's rows.
func guestRulings() []ruling {
	const page, api = "/operator/jenis-pelatihan", "/api/v1/operator/guests"
	return []ruling{
		{route: "GET " + page, by: "operator", status: 200, sees: "bimtek versi 1.0.0|Penyedia wiyata|dipakai program baru"},
		{route: "GET " + api, by: "operator", status: 200, sees: `"course":"bimtek","version":"1.0.0","vendor":"wiyata","enabled":true|"current":true`},
		{route: "GET " + page + "/:course/:release", by: "operator", status: 200, sees: "tanpa nama peserta|Perlu konfirmasi|Catatan proses", also: []ask{
			{relation: "no such version", actor: "operator", path: page + "/bimtek/9.9.9", want: 404},
			{relation: "no such course type", actor: "operator", path: page + "/lain/1.0.0", want: 404},
			{relation: "no such act", actor: "operator", path: page + "/bimtek/1.0.0/hapus", want: 404},
			{relation: "no such version", actor: "operator", path: page + "/bimtek/9.9.9/aktifkan", want: 404},
		}},
		{route: "GET " + page + "/:course/:release/:switch", by: "operator", status: 200, sees: "Nonaktifkan versi ini"},
		{route: "POST " + page + "/:course/:release/:switch", by: "operator", send: "reason=Matriks", status: 303, changes: "guest audit_line", also: []ask{
			{relation: "no reason", actor: "operator", send: "reason=", want: 422},
		}},
		{route: "GET " + api + "/:course/:release", by: "operator", status: 200, sees: `"reason":"Matriks"|"state":"disabled"|"answers":false`},
		{route: "PATCH " + api + "/:course/:release", by: "operator", send: `{"enabled":true,"reason":"Matriks"}`, status: 204, changes: "guest audit_line", also: []ask{
			{relation: "no reason", actor: "operator", send: `{"enabled":true,"reason":" "}`, want: 422},
		}},
	}
}

// doubtAgain takes a confirmation back past the policies, for it can be given once only.
func (m *matrix) doubtAgain(st *story) {
	host := m.in.government(m.t, st.v["code"])
	for _, statement := range []string{"UPDATE rule_decree SET confirmed_by = NULL, confirmed_at = NULL WHERE tenant_id = %d", "DELETE FROM confirmation WHERE tenant_id = %d"} {
		_, err := m.raw.Exec(fmt.Sprintf(statement, host))
		check(m.t, err)
	}
}

// offerAgain enables what the line goes on with.
func (m *matrix) offerAgain(st *story) {
	check(m.t, m.in.programs.Enable(m.as(st.v["announcer"]), "bimtek", "1.0.0", nil))
}
