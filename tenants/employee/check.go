package employee

import (
	"net/mail"
	"slices"
	"strings"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// adult is the age from which nobody's consent is asked (UU 23/2002, article 1).
const adult = 18 // years

// check says what is wrong with e on day, and writes it as it is stored. Whoever knows
// only the printed name gives that alone.
// Errors: fault.Invalid.
func (e *Employee) check(day civil.Date) (err error) {
	if e.BareName == "" {
		e.TitleBefore, e.BareName, e.TitleAfter = SplitTitles(e.Name)
	}
	if e.BareName, err = fault.Text("name", "Nama pegawai", e.BareName, 200); err != nil {
		return err
	}
	for _, f := range []struct {
		name, label string
		text        *string
		most        int
	}{
		{"title_before", "Gelar depan", &e.TitleBefore, 60}, {"title_after", "Gelar belakang", &e.TitleAfter, 100},
		{"birth_place", "Tempat lahir", &e.BirthPlace, 100}, {"position", "Nama jabatan", &e.Position, 200}, {"unit", "Perangkat daerah", &e.Unit, 200},
		{"works_at", "Instansi tempat bekerja", &e.WorksAt, 200}, {"guardian", "Nama wali", &e.Guardian, 200}, {"consent", "Persetujuan wali", &e.Consent, 200},
	} {
		if *f.text = strings.TrimSpace(*f.text); *f.text == "" {
			continue
		}
		if *f.text, err = fault.Text(f.name, f.label, *f.text, f.most); err != nil {
			return err
		}
	}
	e.Name, e.SortName = Printed(e.TitleBefore, e.BareName, e.TitleAfter), sortName(e.BareName)
	for _, check := range []func() error{e.checkNumbers, e.checkLists, e.checkContact, func() error { return e.checkDays(day) }} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// checkNumbers checks NIP, old NIP and NIK against the kind (rules R1 and R3).
func (e *Employee) checkNumbers() error {
	switch e.Kind {
	case NonASN:
		if e.NIP != "" {
			return fault.At("nip", "Pegawai non-ASN tidak mempunyai NIP. Kosongkan, atau perbaiki jenis pegawainya.")
		}
	case PNS, CPNS, PPPK, PPPKPart:
		n, err := ParseNIP(e.NIP)
		if err != nil {
			return err
		}
		if (n.Kind == PPPK) != (e.Kind == PPPK || e.Kind == PPPKPart) {
			return fault.At("nip", "NIP ini milik %s, sedangkan jenis pegawai tertulis %s. Perbaiki salah satunya.", n.Kind, e.Kind.Words())
		}
		e.NIP = n.Digits
	default:
		return fault.At("kind", "Jenis pegawai tidak dikenal. Pilih PNS, CPNS, PPPK atau non-ASN.")
	}
	e.OldNIP = unspaced.Replace(e.OldNIP)
	if e.OldNIP != "" && (len(e.OldNIP) != 9 || strings.Trim(e.OldNIP, "0123456789") != "") {
		return fault.At("old_nip", "NIP lama terdiri dari 9 digit angka. Periksa, atau kosongkan.")
	}
	if e.NIK == "" {
		return nil
	}
	if !e.keepsNIK() {
		return fault.At("nik", "NIK hanya disimpan untuk non-ASN dan penanda tangan. Kosongkan, atau tandai pegawai ini sebagai penanda tangan.")
	}
	nik, err := parseNIK(e.NIK)
	e.NIK = nik
	return err
}

// keepsNIK reports whether the NIK of e may be kept.
func (e *Employee) keepsNIK() bool { return e.Kind == NonASN || e.Signs }

// checkLists checks what is chosen from BKN's lists.
func (e *Employee) checkLists() error {
	if e.Standing == "" {
		e.Standing = ActiveStanding
	}
	for _, f := range []struct {
		field, label, value string
		list                func() []Entry
	}{
		{"sex", "Jenis kelamin", e.Sex, Sexes}, {"position_kind", "Jenis jabatan", e.PositionKind, PositionKinds},
		{"echelon", "Eselon", e.Echelon, Echelons}, {"standing", "Kedudukan hukum", e.Standing, Standings},
	} {
		if f.value == "" {
			continue
		}
		if _, ok := lookUp(f.list(), f.value); !ok {
			return fault.At(f.field, "%s tidak dikenal. Pilih dari daftar.", f.label)
		}
	}
	if _, ok := lookUp(Ranks(e.Kind), e.Rank); e.Rank != "" && !ok {
		return fault.At("rank", "Golongan ini tidak ada untuk %s. Pilih golongan yang sesuai, atau kosongkan.", e.Kind.Words())
	}
	return nil
}

// dialled takes out of a telephone number what people put between its digits.
var dialled = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "")

func (e *Employee) checkContact() error {
	if e.Email = strings.ToLower(strings.TrimSpace(e.Email)); e.Email != "" {
		if a, err := mail.ParseAddress(e.Email); err != nil || a.Address != e.Email || len(e.Email) > 200 {
			return fault.At("email", "Alamat surel tidak benar. Tulis seperti nama@contoh.go.id, atau kosongkan.")
		}
	}
	e.Phone = dialled.Replace(e.Phone)
	if digits := strings.TrimPrefix(e.Phone, "+"); e.Phone != "" && (len(digits) < 7 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "") {
		return fault.At("phone", "Nomor telepon terdiri dari 7 sampai 15 angka. Periksa, atau kosongkan.")
	}
	return nil
}

// checkDays checks dates against each other and against day.
func (e *Employee) checkDays(day civil.Date) error {
	switch {
	case e.BirthDay.Year != 0 && e.BirthDay.Year < 1900, e.BirthDay.String() > day.String():
		return fault.At("birth_day", "Tanggal lahir tidak mungkin %s. Periksa tahunnya.", e.BirthDay.Short())
	case !e.ContractFrom.IsZero() && e.Kind != PPPK && e.Kind != PPPKPart, !e.ContractTo.IsZero() && e.Kind != PPPK && e.Kind != PPPKPart:
		return fault.At("contract_from", "Masa perjanjian kerja hanya untuk PPPK. Kosongkan, atau perbaiki jenis pegawainya.")
	case !e.ContractTo.IsZero() && e.ContractTo.String() < e.ContractFrom.String():
		return fault.At("contract_to", "Perjanjian kerja berakhir sebelum dimulai. Perbaiki salah satu tanggalnya.")
	case e.Kind != NonASN || e.BirthDay.IsZero() || age(e.BirthDay, day) >= adult:
		return nil
	case e.Guardian == "":
		return fault.At("guardian", "Peserta ini belum berusia 18 tahun. Isi nama walinya.")
	case e.Consent == "":
		return fault.At("consent", "Peserta ini belum berusia 18 tahun. Isi nomor atau tanggal surat persetujuan walinya.")
	}
	return nil
}

// age is how many years somebody born on born has completed on day.
func age(born, day civil.Date) int {
	years := day.Year - born.Year
	if day.Month < born.Month || day.Month == born.Month && day.Day < born.Day {
		years--
	}
	return years
}

// Printed is a name with its titles, as certificates print it.
func Printed(before, name, after string) string {
	if before != "" {
		name = before + " " + name
	}
	if after != "" {
		name += ", " + after
	}
	return name
}

// titles are those that stand before a name; what ends in a full stop and is not among
// them belongs to the name, as in M. Yusuf.
var titles = strings.Fields("Prof. Dr. dr. drg. drh. Ir. Drs. Dra. H. Hj. K.H. KH. apt. Apt. Ns. Hc. R. Rr. Pdt. Tgk.")

// SplitTitles takes a printed name apart: what stands before the name, the name, and what
// follows its first comma.
func SplitTitles(name string) (before, bare, after string) {
	bare, after, _ = strings.Cut(strings.TrimSpace(name), ",")
	words := strings.Fields(bare)
	n := 0
	for n < len(words)-1 && slices.Contains(titles, words[n]) {
		n++
	}
	return strings.Join(words[:n], " "), strings.Join(words[n:], " "), strings.TrimSpace(after)
}

// A Warning is something odd about an employee, to be looked at and not refused: numbers
// stay when a birth date is corrected.
type Warning struct {
	Text string // Indonesian, translated where it is shown
	Args []any
}

// Warnings lists what is odd about e on day.
func (e Employee) Warnings(day civil.Date) (all []Warning) {
	warn := func(text string, args ...any) { all = append(all, Warning{text, args}) }
	n, err := ParseNIP(e.NIP)
	if err != nil {
		return nil // a non-ASN
	}
	if !e.BirthDay.IsZero() && e.BirthDay != n.Born {
		warn(ui.N("Tanggal lahir berbeda dari NIP, yang menyebut %s."), n.Born.Short())
	}
	if e.Sex != "" && (e.Sex == Female) != n.Female {
		sex := nameIn(Sexes(), map[bool]string{true: Female, false: Male}[n.Female])
		warn(ui.N("Jenis kelamin berbeda dari NIP, yang menyebut %s."), strings.ToLower(sex))
	}
	if years := age(n.Born, n.Since); years < 17 || years > 60 {
		warn(ui.N("Menurut NIP, pegawai ini diangkat pada usia %d tahun."), years)
	}
	if limit := (civil.Date{Year: day.Year + 1, Month: day.Month, Day: day.Day}); n.Since.String() > limit.String() {
		warn(ui.N("Menurut NIP, pegawai ini baru diangkat pada %s."), n.Since.Short())
	}
	if years := age(n.Born, day); e.Active && years > 65 {
		warn(ui.N("Pegawai ini berusia %d tahun dan masih aktif. Periksa batas usia pensiunnya."), years)
	}
	return all
}
