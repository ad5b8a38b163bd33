package employee

import (
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
)

// A NIP is what the 18 digits of a civil servant's number say (Perka BKN 22/2007
// and 43/2007). Corrections of a birth date do not change the number, so what it
// says can differ from the person's papers: it is a hint, never a key.
type NIP struct {
	Digits string     // the 18 digits
	Kind   Kind       // PNS (also of a CPNS) or PPPK
	Born   civil.Date // as encoded
	Since  civil.Date // PNS: first day of the month of appointment as CPNS; PPPK: 1 January of the first year
	Female bool
	Seq    int // 1 … 999 among those with the same first 15 digits

	Contract int // PPPK: 21 is the first work agreement, 22 the second …; PNS: 0
}

// Positions in the number: birth, appointment, sex, sequence.
const (
	nipLength     = 18
	firstContract = 21 // digits 13–14 of the first agreement of a PPPK; of a PNS they are a month
)

// unspaced takes out of a number what people put between its digits.
var unspaced = strings.NewReplacer(" ", "", ".", "", "\u00a0", "")

// ParseNIP reads a number as people write it, with spaces or dots.
// Errors: fault.Invalid of field "nip", naming the digits that are wrong.
func ParseNIP(text string) (NIP, error) {
	digits := unspaced.Replace(text)
	wrong := func(format string, args ...any) (NIP, error) { return NIP{}, fault.At("nip", format, args...) }
	if strings.Trim(digits, "0123456789") != "" {
		return wrong("NIP hanya boleh berisi angka. Hapus huruf atau tanda lain.")
	}
	if len(digits) != nipLength {
		return wrong("NIP harus 18 digit, ini %d digit. Lengkapi atau periksa kembali.", len(digits))
	}
	n := NIP{Digits: digits, Kind: PNS}
	born, err := civil.ParseDate(digits[:4] + "-" + digits[4:6] + "-" + digits[6:8])
	if err != nil {
		return wrong("Delapan digit pertama NIP (%s) bukan tanggal lahir yang ada. Periksa kembali.", digits[:8])
	}
	n.Born = born
	year, middle := number(digits[8:12]), number(digits[12:14])
	switch {
	case year < born.Year:
		return wrong("Tahun pengangkatan pada NIP (%s) mendahului tahun lahir. Periksa kembali.", digits[8:12])
	case middle >= 1 && middle <= 12:
		n.Since = civil.Date{Year: year, Month: time.Month(middle), Day: 1}
	case middle >= firstContract:
		n.Kind, n.Contract = PPPK, middle
		n.Since = civil.Date{Year: year, Month: time.January, Day: 1}
	default:
		return wrong("Digit ke-13 dan 14 NIP (%s) bukan bulan (01–12) dan bukan perjanjian kerja PPPK (21 ke atas).", digits[12:14])
	}
	switch digits[14] {
	case '1':
	case '2':
		n.Female = true
	default:
		return wrong("Digit ke-15 NIP (%c) harus 1 (laki-laki) atau 2 (perempuan).", digits[14])
	}
	if n.Seq = number(digits[15:]); n.Seq == 0 {
		return wrong("Tiga digit terakhir NIP tidak boleh 000. Periksa kembali.")
	}
	return n, nil
}

// number reads digits that are known to be digits.
func number(digits string) (n int) {
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}
