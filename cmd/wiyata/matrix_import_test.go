package main

// importRulings are those of imports of employees. The two governments that import have
// one at a time each, so that a run is never anybody else's.
func importRulings() []ruling {
	const page, one = "/t/:slug/pegawai/impor", "/t/:slug/pegawai/impor/:run"
	const api = "/api/v1/tenants/:slug/employees/imports"
	const staged = "import_run import_row import_piece outbox audit_line"
	const applied = "identity employee employee_word employee_change employed stat_delta import_run outbox audit_line"
	malformed := map[string]int{"run malformed": 422}
	list := func(row string) string {
		return "file:NIP;Nama;Jabatan\n" + row + ";Calon {name};Analis\n1995;Calon Pendek {name};Analis\n"
	}
	return []ruling{
		{route: "GET " + page, by: "importer", may: senders, whole: true, status: 200, sees: "Periksa berkas"},
		{route: "POST " + page, by: "importer", may: senders, whole: true, status: 303, changes: staged, sees: "/t/{slug}/pegawai/impor/", send: list("{candidate1}"), also: []ask{
			{relation: "no table", actor: "importer", send: "file:%PDF-1.7", want: 422},
			{relation: "no file", actor: "importer", send: "file:", want: 422},
		}},
		{route: "GET " + one, by: "importer", may: senders, whole: true, status: 200, sees: "Calon {name}|Hasil uji coba|NIP harus 18 digit", also: []ask{
			{relation: "no such verdict", actor: "importer", path: "/t/{slug}/pegawai/impor/{run}?hasil=x", want: 422},
		}},
		{route: "GET " + one + "/ditolak", by: "importer", may: senders, whole: true, status: 200, sees: "[Content_Types].xml"},
		{route: "POST " + one + "/kolom", by: "importer", may: senders, whole: true, status: 303, send: "nip=0&name=1", changes: "import_mapping import_run import_row audit_line", also: []ask{
			{relation: "no name", actor: "importer", send: "nip=0", want: 422},
		}},
		{route: "POST " + one + "/terapkan", by: "importer", may: senders, whole: true, status: 303, send: "mode=valid", changes: applied, also: []ask{
			{relation: "all with one refused", actor: "importer", send: "mode=all", want: 422},
			{relation: "no such mode", actor: "importer", send: "mode=some", want: 422},
		}},
		{route: "POST " + api, by: "importer", may: senders, whole: true, status: 201, changes: staged, sees: `"state":"staged"`, send: list("{candidate2}")},
		{route: "GET " + api + "/:run", by: "importer", may: senders, whole: true, status: 200, sees: `"new":1`, odd: malformed},
		{route: "GET " + api + "/:run/rows", by: "importer", may: senders, whole: true, status: 200, sees: `"name":"Calon {name}"`, odd: malformed},
		{route: "PUT " + api + "/:run/columns", by: "importer", may: senders, whole: true, status: 200, send: `{"columns":{"nip":0,"name":1,"position":2}}`, changes: "import_mapping import_run import_row audit_line", sees: `"new":1`, odd: malformed, also: []ask{
			{relation: "no name", actor: "importer", send: `{"columns":{"nip":0}}`, want: 422},
		}},
		{route: "POST " + api + "/:run/apply", by: "importer", may: senders, whole: true, status: 202, send: `{"mode":"valid"}`, changes: applied, sees: `"added":1`, odd: malformed},
	}
}

// learnImport looks up the newest import of the story's importer.
func (m *matrix) learnImport(st *story) {
	key, in := st.plot["importer"]
	if !in {
		return
	}
	code := map[string]string{"sarolangun": "15.03", "kotajambi": "15.71"}[key]
	st.v["run"] = m.one("SELECT id FROM import_run WHERE tenant_id = %d ORDER BY id DESC LIMIT 1", m.in.government(m.t, code))
	st.v["candidate1"] = map[string]string{"sarolangun": "199301012019011921", "kotajambi": "199301012019011923"}[key]
	st.v["candidate2"] = map[string]string{"sarolangun": "199301012019011922", "kotajambi": "199301012019011924"}[key]
}
