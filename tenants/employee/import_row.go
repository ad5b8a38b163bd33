package employee

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
)

// A given is what a row of a file says of an employee: only fields that it has text in.
type given struct {
	line    int
	texts   map[string]string // field → text
	earlier int               // line above that has the same number; 0 = none
	lost    string            // field whose last digits a spreadsheet has cut off; "" = none
}

// read takes from row the cells that m knows. ok is false for what is no record: a place
// and date, a signature, the header once more on the next page.
func (m Mapping) read(row sheet.Row, titles []string) (g given, ok bool) {
	g = given{line: row.Number, texts: make(map[string]string, len(m))}
	repeated := true
	for key, col := range m {
		cell := row.At(col)
		text := strings.Join(strings.Fields(cell.Text), " ")
		if !strings.EqualFold(text, strings.Join(strings.Fields(at(titles, col)), " ")) {
			repeated = false
		}
		if text == "" || text == "-" {
			continue
		}
		g.texts[key] = text
		if cell.Damaged && (key == "nip" || key == "nik" || key == "old_nip" || key == "phone") && (g.lost == "" || key == "nip") {
			g.lost = key
		}
	}
	return g, len(g.texts) >= 2 && !repeated
}

func at(list []string, i int) string {
	if i < 0 || i >= len(list) {
		return ""
	}
	return list[i]
}

// employee writes what g says into e: the zero Employee, or the one in the register. An
// empty cell leaves what is there. Of an ASN no NIK is read.
// Errors: fault.Invalid.
func (g given) employee(e *Employee) error {
	if g.lost != "" && (g.lost == "nip" || g.lost == "nik") {
		return fault.At(g.lost, "Digit terakhir %s hilang karena Excel menyimpannya sebagai angka (%s). Format kolomnya sebagai Teks, isi ulang dari sumbernya, lalu ekspor ulang.", heading(g.lost), g.texts[g.lost])
	}
	if text := g.texts["nip"]; text != "" {
		e.NIP = strings.TrimSpace(strings.TrimLeft(strings.TrimPrefix(strings.ToUpper(text), "NIP"), "'.: "))
	}
	if err := g.kind(e); err != nil {
		return err
	}
	if text := g.texts["name"]; text != "" {
		g.name(e, text)
	}
	for _, f := range []struct {
		key string
		to  *string
	}{
		{"birth_place", &e.BirthPlace}, {"position", &e.Position}, {"works_at", &e.WorksAt}, {"email", &e.Email}, {"old_nip", &e.OldNIP}, {"unit", &e.Unit},
	} {
		if text := g.texts[f.key]; text != "" {
			*f.to = text
		}
	}
	if text := g.texts["phone"]; text != "" && g.lost != "phone" {
		e.Phone = strings.TrimLeft(text, "'")
	}
	if e.Kind == NonASN {
		e.NIK = strings.TrimLeft(g.texts["nik"], "'")
	}
	for _, f := range []struct {
		key  string
		to   *string
		list func() []Entry
	}{
		{"sex", &e.Sex, Sexes}, {"rank", &e.Rank, func() []Entry { return Ranks(e.Kind) }}, {"position_kind", &e.PositionKind, PositionKinds},
		{"echelon", &e.Echelon, Echelons}, {"standing", &e.Standing, Standings},
	} {
		text := g.texts[f.key]
		if text == "" {
			continue
		}
		id, ok := choose(f.key, f.list(), text)
		if !ok {
			return fault.At(f.key, "%s “%s” tidak dikenal. Tulis seperti dalam daftar BKN, atau kosongkan.", heading(f.key), short(text))
		}
		*f.to = id
	}
	for _, f := range []struct {
		key string
		to  *civil.Date
	}{
		{"birth_day", &e.BirthDay}, {"rank_day", &e.RankDay}, {"position_day", &e.PositionDay}, {"contract_from", &e.ContractFrom}, {"contract_to", &e.ContractTo},
	} {
		text := g.texts[f.key]
		if text == "" {
			continue
		}
		day, ok := parseDay(text)
		if !ok {
			return fault.At(f.key, "%s “%s” bukan tanggal. Tulis seperti 31-12-1990.", heading(f.key), short(text))
		}
		*f.to = day
	}
	return nil
}

// name reads a name with the titles that stand in it or beside it.
func (g given) name(e *Employee, text string) {
	before, bare, after := SplitTitles(text)
	_, beside := g.texts["title_before"]
	_, behind := g.texts["title_after"]
	if beside || behind {
		before, after = g.texts["title_before"], g.texts["title_after"]
		if bare == "" {
			bare = text
		}
	}
	e.BareName = bare
	if before != "" || beside {
		e.TitleBefore = before
	}
	if after != "" || behind {
		e.TitleAfter = after
	}
}

// kind reads the kind of employment; without a column for it the number tells.
func (g given) kind(e *Employee) error {
	text := strings.ToUpper(letters(g.texts["kind"]))
	switch {
	case text == "" && e.NIP == "" && g.texts["nik"] == "":
		return fault.At("nip", "NIP kosong. Isi NIP, atau tulis Non-ASN pada kolom jenis pegawai dan isi NIK-nya.")
	case text == "" && e.Kind != "":
		return nil
	case text == "" && e.NIP == "":
		e.Kind = NonASN
	case text == "", text == "ASN":
		n, err := ParseNIP(e.NIP)
		if err != nil {
			return err
		}
		if e.Kind == "" || n.Kind == PPPK && e.Kind != PPPKPart {
			e.Kind = n.Kind
		}
	case strings.Contains(text, "PPPK") && strings.Contains(text, "PARUH"), text == "PPPKPARTTIME":
		e.Kind = PPPKPart
	case strings.Contains(text, "PPPK"), strings.HasPrefix(text, "P3K"):
		e.Kind = PPPK
	case text == "C", strings.HasPrefix(text, "CPNS"), strings.HasPrefix(text, "CALON"):
		e.Kind = CPNS
	case text == "P", strings.HasPrefix(text, "PNS"), strings.HasPrefix(text, "PEGAWAINEGERI"):
		e.Kind = PNS
	case strings.HasPrefix(text, "NON"), strings.HasPrefix(text, "HONOR"), strings.HasPrefix(text, "THL"), strings.HasPrefix(text, "KONTRAK"):
		e.Kind = NonASN
	default:
		return fault.At("kind", "Jenis pegawai “%s” tidak dikenal. Tulis PNS, CPNS, PPPK, PPPK paruh waktu atau Non-ASN.", short(g.texts["kind"]))
	}
	return nil
}

// letters reduces s to its letters and digits.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// short cuts what a message quotes.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

// written are ways in which offices write what BKN's lists call otherwise.
var written = map[string]map[string]string{
	"sex":           {"l": Male, "lakilaki": Male, "pria": Male, "m": Male, "1": Male, "p": Female, "perempuan": Female, "wanita": Female, "f": Female, "2": Female, "w": Female},
	"position_kind": {"jabatanstruktural": "1", "jabatanfungsional": "2", "fungsionaltertentu": "2", "jabatanfungsionaltertentu": "2", "fungsionalumum": "4", "jabatanpelaksana": "4", "jabatanfungsionalumum": "4"},
	"echelon":       {"00": "99", "noneselon": "99", "non": "99"},
	"standing":      {"pns aktif": ActiveStanding, "1": ActiveStanding, "pnsaktif": ActiveStanding, "cpns": "51"},
}

// choose finds in a list of BKN what text names: an id, the name, or what stands before
// or behind its comma, however it is punctuated: "III/c", "Penata (III/c)".
func choose(key string, list []Entry, text string) (id string, ok bool) {
	plain := strings.ToLower(letters(text))
	if id, ok = written[key][plain]; ok {
		return id, true
	}
	if id, ok = named()[key+":"+plain]; ok && slices.ContainsFunc(list, func(e Entry) bool { return e.ID == id }) {
		return id, true
	}
	if number, err := strconv.Atoi(plain); err == nil && key == "standing" && len(plain) == 1 {
		return choose(key, list, fmt.Sprintf("%02d", number))
	}
	return "", false
}

// named is every way to write an entry of a list, in small letters and digits, made once:
// a large file asks a million times.
var named = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for key, list := range map[string][]Entry{
		"sex": Sexes(), "rank": append(Ranks(PNS), Ranks(PPPK)...), "position_kind": PositionKinds(), "echelon": Echelons(), "standing": Standings(),
	} {
		for _, e := range list {
			code, name, _ := strings.Cut(e.Name, ", ")
			c, n := strings.ToLower(letters(code)), strings.ToLower(letters(name))
			for _, way := range []string{c, c + n, n + c, n, strings.ToLower(e.ID)} {
				if _, taken := all[key+":"+way]; !taken && way != "" {
					all[key+":"+way] = e.ID
				}
			}
		}
	}
	return all
})

// kept are the fields of an employee, made once.
var kept = sync.OnceValue(fields)

// months as they are written out or cut, in Indonesian and English.
var months = []string{"jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des", "may", "aug", "oct", "dec", "ags", "agt"}

// parseDay reads a date as offices write it: day first, or as XLSX gives it.
func parseDay(text string) (civil.Date, bool) {
	text, _, _ = strings.Cut(strings.TrimLeft(text, "'"), "T")
	if head, tail, cut := strings.Cut(text, " "); cut && strings.Contains(tail, ":") {
		text = head // with a time behind it
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("-/. ", r) })
	if len(parts) != 3 {
		return civil.Date{}, false
	}
	if len(parts[0]) == 4 {
		slices.Reverse(parts)
	}
	month, err := strconv.Atoi(parts[1])
	if err != nil && len(parts[1]) >= 3 {
		i := slices.Index(months, strings.ToLower(parts[1][:3]))
		month = map[bool]int{true: i + 1}[i >= 0]
		switch {
		case i == 12:
			month = 5
		case i == 13, i >= 16:
			month = 8
		case i == 14:
			month = 10
		case i == 15:
			month = 12
		}
	}
	day, errDay := strconv.Atoi(parts[0])
	year, errYear := strconv.Atoi(parts[2])
	if errDay != nil || errYear != nil || len(parts[2]) != 4 {
		return civil.Date{}, false
	}
	d, err := civil.ParseDate(civil.Date{Year: year, Month: time.Month(month), Day: day}.String())
	return d, err == nil
}
