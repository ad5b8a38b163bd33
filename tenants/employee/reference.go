package employee

import (
	"slices"

	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// An Entry is a line of one of BKN's reference lists: its id, and its name on screen.
type Entry struct{ ID, Name string }

// lookUp returns the entry of list with id; ok is false when there is none.
func lookUp(list []Entry, id string) (e Entry, ok bool) {
	i := slices.IndexFunc(list, func(e Entry) bool { return e.ID == id })
	if i < 0 {
		return Entry{}, false
	}
	return list[i], true
}

// nameIn is the name of id in list, or id itself.
func nameIn(list []Entry, id string) string {
	if e, ok := lookUp(list, id); ok {
		return e.Name
	}
	return id
}

// Kinds lists the kinds of employment in the order in which they are offered.
func Kinds() []Entry {
	return []Entry{
		{string(PNS), ui.N("PNS")}, {string(CPNS), ui.N("CPNS")}, {string(PPPK), ui.N("PPPK")},
		{string(PPPKPart), ui.N("PPPK paruh waktu")}, {string(NonASN), ui.N("Non-ASN")},
	}
}

// Ranks lists the ranks that kind can have: BKN's golongan with the name of the pangkat;
// those of a PPPK are I to XVII and have no name (Perpres 98/2020).
func Ranks(kind Kind) []Entry {
	switch kind { //nolint:exhaustive // what is not named takes nothing here
	case PNS, CPNS:
		return []Entry{
			{"11", "I/a, Juru Muda"}, {"12", "I/b, Juru Muda Tingkat I"}, {"13", "I/c, Juru"}, {"14", "I/d, Juru Tingkat I"},
			{"21", "II/a, Pengatur Muda"}, {"22", "II/b, Pengatur Muda Tingkat I"}, {"23", "II/c, Pengatur"}, {"24", "II/d, Pengatur Tingkat I"},
			{"31", "III/a, Penata Muda"}, {"32", "III/b, Penata Muda Tingkat I"}, {"33", "III/c, Penata"}, {"34", "III/d, Penata Tingkat I"},
			{"41", "IV/a, Pembina"}, {"42", "IV/b, Pembina Tingkat I"}, {"43", "IV/c, Pembina Utama Muda"},
			{"44", "IV/d, Pembina Utama Madya"}, {"45", "IV/e, Pembina Utama"},
		}
	case PPPK, PPPKPart:
		var all []Entry
		for _, roman := range []string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"} {
			all = append(all, Entry{roman, roman})
		}
		return all
	}
	return nil
}

// PositionKinds lists BKN's jenis jabatan.
func PositionKinds() []Entry {
	return []Entry{
		{"1", ui.N("Struktural")}, {"2", ui.N("Fungsional")},
		{"3", ui.N("Rangkap (struktural dan fungsional)")}, {"4", ui.N("Pelaksana")},
	}
}

// Echelons lists BKN's eselon with the level of the ASN law.
func Echelons() []Entry {
	return []Entry{
		{"10", "I.a, JPT Utama"}, {"11", "I.a, JPT Madya"}, {"12", "I.b, JPT Madya"}, {"21", "II.a, JPT Pratama"}, {"22", "II.b, JPT Pratama"},
		{"31", "III.a, Administrator"}, {"32", "III.b, Administrator"}, {"41", "IV.a, Pengawas"}, {"42", "IV.b, Pengawas"},
		{"51", "V.a"}, {"52", "V.b"}, {"99", "Non-eselon"},
	}
}

// ActiveStanding is the kedudukan hukum of who is in service.
const ActiveStanding = "01"

// Standings lists BKN's kedudukan hukum.
func Standings() []Entry {
	return []Entry{
		{ActiveStanding, "Aktif"}, {"02", "CLTN"}, {"03", "Tugas belajar"}, {"04", "Pemberhentian sementara"}, {"05", "Penerima uang tunggu"},
		{"06", "Prajurit wajib"}, {"07", "Pejabat negara"}, {"08", "Kepala desa"}, {"09", "Sedang dalam proses banding BAPEK"},
		{"11", "Pegawai titipan"}, {"12", "Pengungsi"}, {"13", "Perpanjangan CLTN"}, {"14", "PNS yang dinyatakan hilang"},
		{"15", "PNS kena hukuman disiplin"}, {"16", "Pemindahan dalam rangka penurunan jabatan"}, {"20", "Masa persiapan pensiun"},
		{"51", "CPNS yang belum menerima SK CPNS"}, {"52", "Tidak aktif"}, {"66", "Diberhentikan"}, {"67", "Punah"},
		{"68", "Eks PNS Timor Timur"}, {"69", "TMS dari pengadaan"}, {"70", "Pembatalan NIP"}, {"77", "Pemberhentian tanpa hak pensiun"},
		{"88", "Pemberhentian dengan hak pensiun"}, {"89", "Tidak aktif tetapi diusulkan pensiun"}, {"90", "Tidak ikut PUPNS 2015"},
		{"91", "Tindak pidana/tindak pidana jabatan"}, {"92", "Pemblokiran data PNS"}, {"98", "Mencapai BUP"}, {"99", "Pensiun"},
	}
}

// Sexes lists what a NIP's 15th digit tells.
func Sexes() []Entry {
	return []Entry{{Male, ui.N("Pria")}, {Female, ui.N("Wanita")}}
}
