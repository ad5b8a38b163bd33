package trail

import "github.com/wiyata-id/wiyata/platform/web/ui"

// deeds say what was done, after the name of who did it. A permission has a line
// without a kind; one with a kind goes before it.
var deeds = []struct{ permission, kind, words string }{
	{"account:sign-in", "", ui.N("masuk atau keluar")},
	{"account:create", "", ui.N("membuat akun")},
	{"account:read", "", ui.N("melihat daftar akun")},
	{"account:grant", "", ui.N("mengubah peran seseorang")},
	{"account:invite", "", ui.N("mengurus kode aktivasi")},
	{"account:reset", "", ui.N("mengatur ulang cara masuk seseorang")},
	{"account:settle", "", ui.N("mengurus akun seseorang")},
	{"token:issue", "", ui.N("mengurus token untuk program")},
	{"tenant:seed", "", ui.N("memuat daftar pemerintah daerah")},
	{"tenant:load", "", ui.N("membaca daftar pemerintah daerah")},
	{"tenant:manage", "", ui.N("mengubah data instansi")},
	{"tenant:appoint", "", ui.N("menunjuk pengelola instansi")},
	{"tenant:set", "", ui.N("mengubah pengaturan instansi")},
	{"guest:manage", "", ui.N("mengurus jenis pelatihan yang terpasang")},
	{"rule:declare", "", ui.N("mengajukan konfirmasi ketentuan")},
	{"rule:confirm", "", ui.N("mengonfirmasi ketentuan")},
	{"holiday:declare", "", ui.N("menetapkan hari libur nasional")},
	{"audit:read", "", ui.N("membuka jejak audit")},
	{"unit:manage", "", ui.N("mengubah perangkat daerah")},
	{"employee:read", "", ui.N("membuka data pegawai")},
	{"employee:register", "", ui.N("mencatat data pegawai")},
	{"employee:import", "", ui.N("mengimpor data pegawai")},
	{"employee:export", "", ui.N("mengunduh data pegawai")},
	{"employee:transfer", "", ui.N("memproses mutasi pegawai")},
	{"program:open", "", ui.N("membuka program pelatihan")},
	{"batch:publish", "", ui.N("mengumumkan angkatan")},
	{"batch:read", "", ui.N("melihat angkatan")},
	{"nomination:propose", "", ui.N("mengusulkan peserta")},
	{"nomination:read", "", ui.N("melihat usulan peserta")},
	{"nomination:verify", "", ui.N("menyetujui usulan peserta")},
	{"session:schedule", "", ui.N("menyusun jadwal sesi")},
	{"session:read", "", ui.N("melihat jadwal")},
	{"attendance:mark", "", ui.N("mencatat kehadiran")},
	{"attendance:close", "", ui.N("membuka atau menutup presensi sesi")},
	{"outcome:grade", "", ui.N("menghitung nilai angkatan")},
	{"outcome:recommend", "", ui.N("merekomendasikan kelulusan")},
	{"outcome:decree", "", ui.N("menetapkan kelulusan")},
	{"outcome:read", "", ui.N("melihat hasil pelatihan")},
	{"certificate:generate", "", ui.N("membuat sertifikat")},
	{"certificate:sign", "", ui.N("menandatangani sertifikat")},
	{"certificate:read", "", ui.N("melihat sertifikat")},
	{"credit:write", "", ui.N("membukukan JP dari sertifikat")},
	{"credit:read", "", ui.N("melihat JP pegawai")},
	{"stat:fold", "", ui.N("meringkas hitungan")},
	{"oversight:read", "headcount", ui.N("melihat jumlah pegawai di wilayahnya")},
	{"oversight:read", "", ui.N("melihat angka di wilayahnya")},
	{"self:write", "nomination", ui.N("mengonfirmasi nama untuk sertifikat")},
	{"self:write", "grant", ui.N("mengonfirmasi perannya")},
	{"self:write", "", ui.N("mengubah data miliknya")},
}

// deed returns what permission and kind say together, in Indonesian.
func deed(permission, kind string) string {
	for _, wanted := range []string{kind, ""} {
		for _, d := range deeds {
			if d.permission == permission && d.kind == wanted {
				return d.words
			}
		}
	}
	return ui.N("melakukan tindakan lain")
}

// kinds are what can be acted on, as the filter offers them.
var kinds = []ui.Option{
	{Value: "", Label: ui.N("Semua")},
	{Value: "nomination", Label: ui.N("Usulan peserta")},
	{Value: "batch", Label: ui.N("Angkatan, nilai dan sertifikat")},
	{Value: "session", Label: ui.N("Sesi dan presensi")},
	{Value: "program", Label: ui.N("Program pelatihan")},
	{Value: "certificate", Label: ui.N("JP dari sertifikat")},
	{Value: "employee", Label: ui.N("Pegawai")},
	{Value: "unit", Label: ui.N("Perangkat daerah")},
	{Value: "grant", Label: ui.N("Peran")},
	{Value: "tenant", Label: ui.N("Instansi")},
	{Value: "headcount", Label: ui.N("Pengawasan jumlah pegawai")},
}
