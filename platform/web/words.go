package web

import (
	"strings"

	"github.com/danielgtaylor/huma/v2/validation"
)

// A rule is one of huma's messages and ours. %s stands for what its text filled in.
type rule struct{ theirs, ours string }

func rules() []rule {
	return []rule{
		{validation.MsgUnexpectedProperty, "isian ini tidak dikenal"},
		{validation.MsgExpectedRequiredProperty, "%s wajib diisi"},
		{validation.MsgExpectedDependentRequiredProperty, "%s wajib diisi bila %s diisi"},
		{validation.MsgExpectedRFC3339DateTime, "harus berupa waktu, misalnya 2026-11-24T08:00:00Z"},
		{validation.MsgExpectedRFC3339Date, "harus berupa tanggal, misalnya 2026-11-24"},
		{validation.MsgExpectedRFC3339Time, "harus berupa jam, misalnya 08:00:00Z"},
		{validation.MsgExpectedRFC5322Email, "harus berupa alamat surel"},
		{validation.MsgExpectedRFC3986URI, "harus berupa alamat web"},
		{validation.MsgExpectedRFC4122UUID, "harus berupa UUID"},
		{validation.MsgExpectedBoolean, "harus true atau false"},
		{validation.MsgExpectedNumber, "harus berupa bilangan"},
		{validation.MsgExpectedInteger, "harus berupa bilangan bulat"},
		{validation.MsgExpectedString, "harus berupa teks"},
		{validation.MsgExpectedBase64String, "harus berupa teks base64"},
		{validation.MsgExpectedArray, "harus berupa daftar"},
		{validation.MsgExpectedObject, "harus berupa objek"},
		{validation.MsgExpectedArrayItemsUnique, "isi daftar tidak boleh berulang"},
		{validation.MsgExpectedOneOf, "harus salah satu dari: %s"},
		{validation.MsgExpectedMinimumNumber, "paling kecil %s"},
		{validation.MsgExpectedExclusiveMinimumNumber, "harus lebih dari %s"},
		{validation.MsgExpectedMaximumNumber, "paling besar %s"},
		{validation.MsgExpectedExclusiveMaximumNumber, "harus kurang dari %s"},
		{validation.MsgExpectedNumberBeMultipleOf, "harus kelipatan %s"},
		{validation.MsgExpectedMinLength, "paling sedikit %s karakter"},
		{validation.MsgExpectedMaxLength, "paling banyak %s karakter"},
		{validation.MsgExpectedMinItems, "paling sedikit %s butir"},
		{validation.MsgExpectedMaxItems, "paling banyak %s butir"},
		{validation.MsgExpectedBePattern, "harus berupa %s"},
		{validation.MsgExpectedMatchPattern, "harus mengikuti pola %s"},
		{"required %s parameter is missing", "wajib diisi"},
		{"invalid %s", "tidak dapat dibaca"},
	}
}

// indonesian returns huma's message in Indonesian. One that it does not know says
// only that the value is wrong: an English sentence helps nobody here.
func indonesian(message string) string {
	for _, r := range rules() {
		if args, ok := match(r.theirs, message); ok {
			text := r.ours
			for _, a := range args {
				text = strings.Replace(text, "%s", a, 1)
			}
			return text
		}
	}
	return "nilainya tidak dapat diterima"
}

// match reports whether text was made from a Printf template, and what filled it.
func match(template, text string) (args []string, ok bool) {
	for {
		i := strings.IndexByte(template, '%')
		if i < 0 {
			return args, template == text
		}
		rest, ok := strings.CutPrefix(text, template[:i])
		if !ok {
			return nil, false
		}
		template = template[i+2:]
		end := len(rest)
		if stop, _, _ := strings.Cut(template, "%"); stop != "" {
			if end = strings.Index(rest, stop); end < 0 {
				return nil, false
			}
		}
		args = append(args, rest[:end])
		text = rest[end:]
	}
}
