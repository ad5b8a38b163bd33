package employee

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// A column is a field of an employee that a file can have, with the titles under which
// offices and SIASN's exports have it.
type column struct {
	key, label string
	names      []string
}

// columns are all of them, in the order in which a person is asked about them.
func columns() []column {
	return []column{
		{"nip", ui.N("NIP"), []string{"NIP", "nipBaru", "NIP Baru", "No. Pegawai", "Nomor Pegawai", "NI PPPK", "NIPPPK", "NIP/NI PPPK", "Nomor Induk Pegawai"}},
		{"name", ui.N("Nama"), []string{"Nama", "Nama Lengkap", "Nama Pegawai", "Nama PNS", "Nama ASN", "Nama Tanpa Gelar"}},
		{"title_before", ui.N("Gelar depan"), []string{"gelarDepan", "Gelar Depan", "glr dpn"}},
		{"title_after", ui.N("Gelar belakang"), []string{"gelarBelakang", "Gelar Belakang", "glr blk"}},
		{"kind", ui.N("Jenis pegawai"), []string{"Jenis Pegawai", "statusCpnsPns", "Status Kepegawaian", "Status Pegawai", "Status CPNS/PNS", "jenisPegawaiNama"}},
		{"old_nip", ui.N("NIP lama"), []string{"nipLama", "NIP Lama"}},
		{"nik", ui.N("NIK"), []string{"NIK", "No. KTP", "Nomor KTP", "nomorIdentitas"}},
		{"sex", ui.N("Jenis kelamin"), []string{"jenisKelamin", "Jenis Kelamin", "L/P", "JK", "Kelamin"}},
		{"birth_place", ui.N("Tempat lahir"), []string{"tempatLahir", "Tempat Lahir", "tempatLahirNama", "Tmp Lahir"}},
		{"birth_day", ui.N("Tanggal lahir"), []string{"tglLahir", "Tanggal Lahir", "Tgl Lahir", "tanggalLahir"}},
		{"rank", ui.N("Golongan"), []string{"golRuangAkhir", "Golongan", "Gol. Ruang", "Gol/Ruang", "Pangkat/Golongan", "golongan ruang", "golRuangAkhirNama", "Gol"}},
		{"rank_day", ui.N("TMT golongan"), []string{"tmtGolAkhir", "TMT Golongan", "TMT Gol", "TMT Pangkat"}},
		{"position", ui.N("Jabatan"), []string{"jabatanNama", "Jabatan", "Nama Jabatan", "jabatanFungsionalNama"}},
		{"position_kind", ui.N("Jenis jabatan"), []string{"jenisJabatan", "Jenis Jabatan", "jenisJabatanNama"}},
		{"position_day", ui.N("TMT jabatan"), []string{"tmtJabatan", "TMT Jabatan"}},
		{"echelon", ui.N("Eselon"), []string{"eselon", "Eselon", "eselonNama"}},
		{"unit", ui.N("Perangkat daerah"), []string{"unorNama", "Perangkat Daerah", "Unit Kerja", "OPD", "Unit Organisasi", "Unor", "SKPD", "Satuan Kerja"}},
		{"unor", ui.N("ID unor SIASN"), []string{"unorId", "ID Unor", "unor id"}},
		{"standing", ui.N("Kedudukan hukum"), []string{"kedudukan", "Kedudukan Hukum", "kedudukanPnsNama", "kedudukanHukumNama", "Kedudukan PNS"}},
		{"works_at", ui.N("Instansi tempat bekerja"), []string{"instansiKerjaNama", "Instansi Kerja", "Instansi Tempat Bekerja"}},
		{"email", ui.N("Surel"), []string{"email", "Surel", "Alamat Surel", "E-mail"}},
		{"phone", ui.N("Telepon"), []string{"noHp", "No. HP", "Telepon", "No. Telepon", "Nomor HP", "HP", "No. WA"}},
		{"contract_from", ui.N("Awal perjanjian kerja"), []string{"Awal Perjanjian Kerja", "TMT Awal Kontrak", "Mulai Kontrak"}},
		{"contract_to", ui.N("Akhir perjanjian kerja"), []string{"Akhir Perjanjian Kerja", "TMT Akhir Kontrak", "Akhir Kontrak"}},
	}
}

// sought is columns as the header is looked for. None is required: a person can still
// say which is which.
func sought() (all []sheet.Column) {
	for _, c := range columns() {
		all = append(all, sheet.Column{Key: c.key, Names: c.names})
	}
	return all
}

// heading is how a person is told of a field.
func heading(key string) string {
	for _, c := range columns() {
		if c.key == key {
			return c.label
		}
	}
	for _, f := range fields() {
		if f.name == key {
			return f.label
		}
	}
	return key
}

// A Mapping says in which column of a file a field stands, from 0.
type Mapping map[string]int

// mappingOf is what the titles of a header tell by themselves.
func mappingOf(h sheet.Header) Mapping {
	m := Mapping{}
	for _, c := range columns() {
		if i := h.Column(c.key); i >= 0 {
			m[c.key] = i
		}
	}
	return m
}

// check says what is wrong with m for a file of width columns.
// Errors: fault.Invalid of field "column-N".
func (m Mapping) check(width int) error {
	taken := map[int]string{}
	for _, c := range columns() {
		i, ok := m[c.key]
		if !ok {
			continue
		}
		if i < 0 || i >= width {
			return fault.At("columns", "Kolom untuk %s tidak ada dalam berkas. Pilih kolom yang lain.", c.label)
		}
		if before, twice := taken[i]; twice {
			return fault.At("columns", "Kolom %s dipakai untuk %s dan %s. Pilih salah satu.", sheet.Letter(i), before, c.label)
		}
		taken[i] = c.label
	}
	for key := range m {
		if heading(key) == key {
			return fault.At("columns", "Isian %q tidak dikenal. Pilih dari daftar.", key)
		}
	}
	return m.complete()
}

// complete refuses a mapping with which no row can be read.
// Errors: fault.Invalid.
func (m Mapping) complete() error {
	_, nip := m["nip"]
	_, nik := m["nik"]
	_, name := m["name"]
	if (nip || nik) && name {
		return nil
	}
	return fault.At("columns", "Tentukan kolom yang berisi NIP dan kolom yang berisi nama pegawai.")
}

// fingerprint knows a kind of file again by its titles.
func fingerprint(titles []string) string {
	var all []string
	for _, t := range titles {
		all = append(all, strings.Join(strings.Fields(strings.ToLower(t)), " "))
	}
	sum := sha256.Sum256([]byte(strings.Join(all, "\x1f")))
	return hex.EncodeToString(sum[:])
}
