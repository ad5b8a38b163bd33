package main

// statRulings are those of the trail and of overseers.
func statRulings() []ruling {
	const trail, overseen = "/t/:slug/jejak-audit", "/t/:slug/pengawasan/pegawai"
	return []ruling{
		{route: "GET " + trail, by: "auditor", may: auditors, whole: true, status: 200, sees: "Rina Marlina mengusulkan peserta"},
		{route: "GET " + trail + "/periksa", by: "auditor", may: auditors, whole: true, status: 200, sees: "baris dihitung ulang"},
		{route: "GET " + trail + "/unduh", by: "auditor", may: auditors, whole: true, status: 200, sees: "xl/worksheets/sheet1.xml"},
		{route: "GET /api/v1/tenants/:slug/audit-lines", by: "auditor", may: auditors, whole: true, status: 200, sees: `"name":"Rina Marlina"`},
		{route: "GET /api/v1/tenants/:slug/audit-lines/verification", by: "auditor", may: auditors, whole: true, status: 200, sees: `"lines":`},

		{route: "GET " + overseen, by: "overseer", may: "overseer", logged: true, status: 200, sees: "Provinsi Jambi", changes: "audit_line"},
		{route: "GET " + overseen + "/unduh", by: "overseer", may: "overseer", logged: true, status: 200, sees: "xl/worksheets/sheet1.xml", changes: "audit_line"},
		{route: "GET /api/v1/tenants/:slug/oversight/headcounts", by: "overseer", may: "overseer", logged: true, status: 200, sees: `"name":"Provinsi Jambi"`, changes: "audit_line"},
	}
}
