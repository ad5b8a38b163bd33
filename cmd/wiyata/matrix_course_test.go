package main

// courseRulings are those of the course types that a government offers.
func courseRulings() []ruling {
	const page, api = "/t/:slug/jenis-pelatihan", "/api/v1/tenants/:slug/course-types"
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
		{route: "POST /t/:slug/ketentuan/:decree/konfirmasi", by: "opener", may: organiser + " " + heads, whole: true, status: 303, changes: "rule_decree confirmation audit_line"},
	}
}

// offerAgain enables what the line goes on with.
func (m *matrix) offerAgain(st *story) {
	check(m.t, m.in.programs.Enable(m.as(st.v["announcer"]), "bimtek", "1.0.0", nil))
}
