package main

import "net/http"

// faceRulings are those of a government's public face, once there is something on it.
func faceRulings() []ruling {
	return []ruling{
		{route: "GET /p/:host", by: "nobody", status: 200, sees: "Bimtek {name}, Angkatan {name}|Kode sertifikat", also: []ask{
			{relation: "missing", path: "/p/99-99", want: 404},
		}},
		{route: "GET /api/v1/public/:host", by: "nobody", status: 200, sees: `"title":"Bimtek {name}","number":"Angkatan {name}"`, also: []ask{
			{relation: "missing", path: "/api/v1/public/99-99", want: 404},
		}},
		{route: "GET /V", by: "nobody", status: 404, sees: "TIDAK DITEMUKAN", also: []ask{
			{relation: "code", path: "/V?kode={token}", want: 303},
			{relation: "malformed", path: "/V?kode=%2e%2e%2fmasuk%3flanjut", want: 404},
		}},
	}
}

// settingsRulings are those of a government's settings.
func settingsRulings() []ruling {
	const page, operation = "/t/:slug/pengaturan", "/api/v1/tenants/:slug"
	malformed := map[string]int{"week malformed": 422, "holiday malformed": 422, "office malformed": 422, "term malformed": 422}
	holder := "kind=definitive&holder=Pejabat {name}&nip=197001011995031901&grade=Pembina, IV/a&from={day}"
	return []ruling{
		{route: "GET " + page, by: "admin", may: admins, whole: true, status: 200, sees: "Kontak bantuan"},
		{route: "POST " + page, by: "admin", may: admins, whole: true, send: "version=0&body=Badan {name}&accent=#A13626&motif=parang&language=id&help=0741 40000", status: 303, changes: "profile audit_line", also: []ask{
			{relation: "no colour", actor: "admin", send: "version=0&accent=merah", want: http.StatusUnprocessableEntity},
			{relation: "another version", actor: "admin", send: "version=7&body=Lain", want: http.StatusConflict},
		}},
		{route: "GET " + page + "/kop", by: "admin", may: admins, whole: true, status: 200, sees: "Baris kop"},
		{route: "POST " + page + "/kop", by: "admin", may: admins, whole: true, send: "version=1&head_lines=PEMERINTAH {name}&city=Kota", status: 303, changes: "profile audit_line"},
		{route: "GET " + operation + "/settings", by: "admin", may: admins, whole: true, status: 200, sees: `"body":"Badan {name}"`},
		{route: "PUT " + operation + "/settings", by: "admin", may: admins, whole: true, send: `{"version":2,"body":"Badan {name}"}`, status: 200, changes: "profile audit_line", sees: `"version":3`},
		{route: "POST " + page + "/hari-kerja", by: "admin", may: admins, whole: true, send: "from={day}&to={day}&days=6&starts=07:30&decree=Contoh {name}", status: 303, changes: "work_week audit_line"},
		{route: "GET " + page + "/hari-kerja", by: "admin", may: admins, whole: true, status: 200, sees: "Contoh {name}"},
		{route: "POST " + page + "/hari-kerja/:week/hapus", by: "admin", may: admins, whole: true, status: 303, changes: "work_week audit_line"},
		{route: "POST " + page + "/hari-libur", by: "admin", may: admins, whole: true, send: "day={day}&name=Libur {name}&kind=holiday&decree=Contoh {name}", status: 303, changes: "holiday audit_line"},
		{route: "GET " + page + "/hari-libur", by: "admin", may: admins, whole: true, status: 200, sees: "Libur {name}|Belum dicocokkan"},
		{route: "GET " + operation + "/work-days", by: "admin", may: staff, status: 200, sees: `"name":"Libur {name}"`},
		{route: "POST " + page + "/hari-libur/:holiday/hapus", by: "admin", may: admins, whole: true, status: 303, changes: "holiday audit_line"},
		{route: "POST " + operation + "/holidays", by: "admin", may: admins, whole: true, status: 204, changes: "holiday audit_line",
			send: `{"decree":"Contoh","days":[{"day":"{day}","name":"Libur {name}","kind":"leave"}]}`},
		{route: "POST " + page + "/pejabat", by: "admin", may: admins, whole: true, send: "name=Kepala {name}&rank=other", status: 303, changes: "signing_office audit_line"},
		{route: "GET " + page + "/pejabat", by: "admin", may: admins, whole: true, status: 200, sees: "Kepala {name}"},
		{route: "POST " + page + "/pejabat/:office", by: "admin", may: admins, whole: true, send: holder, status: 303, changes: "office_holder audit_line"},
		{route: "GET " + page + "/pejabat/:office", by: "admin", may: admins, whole: true, status: 200, sees: "Pejabat {name}|NIP 197001011995031901"},

		{route: "POST " + operation + "/work-weeks", by: "admin", may: admins, whole: true, send: `{"from":"{day}","days":6,"starts":"07:30","decree":"Contoh {name}"}`, status: 201,
			changes: "work_week audit_line", sees: `"decree":"Contoh {name}"`, also: []ask{
				{relation: "no time", actor: "admin", send: `{"from":"{day}","days":6,"starts":"7","decree":"Contoh"}`, want: http.StatusUnprocessableEntity},
			}},
		{route: "GET " + operation + "/work-weeks", by: "admin", may: admins, whole: true, status: 200, sees: `"decree":"Contoh {name}"`},
		{route: "DELETE " + operation + "/work-weeks/:week", by: "admin", may: admins, whole: true, status: 204, changes: "work_week audit_line", odd: malformed},
		{route: "GET " + operation + "/holidays", by: "admin", may: admins, whole: true, status: 200, sees: `"name":"Libur {name}"|Keppres 8/2024`},
		{route: "POST " + operation + "/offices", by: "admin", may: admins, whole: true, send: `{"name":"Wakil {name}","rank":"other"}`, status: 201, changes: "signing_office audit_line", sees: `"name":"Wakil {name}"`},
		{route: "GET " + operation + "/offices", by: "admin", may: admins, whole: true, status: 200, sees: `"name":"Wakil {name}"|"name":"Pejabat {name}"`},
		{route: "GET " + operation + "/offices/:office", by: "admin", may: admins, whole: true, status: 200, sees: `"name":"Pejabat {name}"`, odd: malformed},
		{route: "GET " + operation + "/offices/:office/signature-block", by: "admin", may: admins, whole: true, status: 200, sees: `"name":"Pejabat {name}"|NIP 197001011995031901`, odd: malformed},
		{route: "PUT " + operation + "/offices/:office", by: "admin", may: admins, whole: true, send: `{"version":1,"name":"Kepala {name}","rank":"other"}`, status: 200, changes: "signing_office audit_line",
			sees: `"version":2`, odd: malformed, also: []ask{{relation: "another version", actor: "admin", send: `{"version":7,"name":"Lain","rank":"other"}`, want: http.StatusConflict}}},
		{route: "POST " + operation + "/offices/:office/holders", by: "admin", may: admins, whole: true, send: `{"kind":"plh","name":"Pengganti {name}","nip":"197001011995031901","grade":"Pembina, IV/a","from":"{day}"}`,
			status: 201, changes: "office_holder audit_line", sees: `"name":"Pengganti {name}"`, odd: malformed},
		{route: "PUT " + operation + "/offices/:office/holders/:term", by: "admin", may: admins, whole: true,
			send:   `{"version":1,"kind":"definitive","name":"Pejabat {name}","nip":"197001011995031901","grade":"Pembina, IV/a","from":"{day}","to":"{day}"}`,
			status: 200, changes: "office_holder audit_line", sees: `"to":"{day}"`, odd: malformed},
	}
}

// nationalRulings are those of the nation's days off, while a government has one of its
// own that is not theirs to take back.
func nationalRulings() []ruling {
	const page, operation = "/operator/hari-libur", "/api/v1/operator/holidays"
	malformed := map[string]int{"feast malformed": 422, "holiday malformed": 422}
	return []ruling{
		{route: "POST " + page, by: "operator", send: "day={day}&name=Hari Raya {name}&kind=holiday&decree=SKB {name}", status: 303, changes: "holiday audit_line", also: []ask{
			{relation: "no decree", actor: "operator", send: "day={day}&name=Hari Raya&kind=holiday", want: http.StatusUnprocessableEntity},
		}},
		{route: "GET " + page, by: "operator", status: 200, sees: "Hari Raya {name}|Belum dicocokkan|Keppres 8/2024", also: []ask{
			{relation: "no year", actor: "operator", path: page + "?tahun=1066", want: http.StatusUnprocessableEntity},
		}},
		{route: "POST " + page + "/:feast/hapus", by: "operator", status: 303, changes: "holiday audit_line"},
		{route: "POST " + operation, by: "operator", status: 204, changes: "holiday audit_line", send: `{"decree":"SKB {name}","checked":true,"days":[{"day":"{day}","name":"Cuti {name}","kind":"leave"}]}`},
		{route: "GET " + operation, by: "operator", status: 200, sees: `"name":"Cuti {name}"|Keppres 8/2024`},
		{route: "DELETE " + operation + "/:feast", by: "operator", status: 204, changes: "holiday audit_line", odd: malformed},
		{route: "DELETE /api/v1/tenants/:slug/holidays/:holiday", by: "admin", may: admins, whole: true, status: 204, changes: "holiday audit_line", odd: malformed},
	}
}
