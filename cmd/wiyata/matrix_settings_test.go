package main

import "net/http"

// faceRulings are those of a government's public face, once there is something on it.
func faceRulings() []ruling {
	return []ruling{
		{route: "GET /p/:host", by: "nobody", status: 200, sees: "Bimtek {name}, Angkatan {name}|Kode sertifikat", also: []ask{
			{relation: "missing", path: "/p/99-99", want: 404},
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
	}
}
