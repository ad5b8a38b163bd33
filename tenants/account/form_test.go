package account

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestCodeForms: a code is read in whatever way people type it; no single wrong letter and
// no two neighbours that changed places pass.
func TestCodeForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := newCode()
		want := strings.ReplaceAll(code, "-", "")
		typed := strings.NewReplacer("0", "o", "1", rapid.SampledFrom([]string{"i", "l", "1"}).Draw(t, "one"), "-", rapid.SampledFrom([]string{"", " ", "-"}).Draw(t, "gap")).Replace(code)
		if got, err := parseCode(strings.ToLower(typed)); err != nil || got != want {
			t.Errorf("%q typed as %q = %q, %v", code, typed, got, err)
		}
		if hashCode(code) != hashCode(want) {
			t.Error("two spellings have two hashes")
		}
		at, other := rapid.IntRange(0, 15).Draw(t, "at"), codeLetters[rapid.IntRange(0, 31).Draw(t, "letter")]
		wrong := []byte(want)
		wrong[at] = other
		if _, err := parseCode(string(wrong)); err == nil && string(wrong) != want {
			t.Errorf("%s passes for %s", wrong, want)
		}
		wrong = []byte(want)
		if at > 0 {
			wrong[at-1], wrong[at] = wrong[at], wrong[at-1]
		}
		if _, err := parseCode(string(wrong)); err == nil && string(wrong) != want {
			t.Errorf("%s passes for %s", wrong, want)
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add(newCode())
	f.Add("oOlLiI")
	f.Fuzz(func(t *testing.T, typed string) {
		if code, err := parseCode(typed); err == nil {
			if again, err := parseCode(code); err != nil || again != code || len(code) != codeRandom+1 {
				t.Errorf("parseCode(%q) = %q, which is read as %q, %v", typed, code, again, err)
			}
		}
	})
}

func FuzzToken(f *testing.F) {
	f.Add(newAPIToken())
	f.Add("wyt_")
	f.Add(newToken())
	f.Fuzz(func(t *testing.T, text string) {
		if tokenShaped(text) && (len(text) != tokenLength || !IsToken(text) || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "") {
			t.Errorf("%q passes for a token", text)
		}
	})
}

func TestTokenForms(t *testing.T) {
	if token := newAPIToken(); !tokenShaped(token) || len(token) != 52 || token == newAPIToken() {
		t.Errorf("newAPIToken() = %q", token)
	}
	if session := newToken(); len(session) != sessionLength || tokenShaped("wyt_"+session[4:]) || IsToken("wyt_"+session[4:]) {
		t.Errorf("a session's token %q passes for a program's", session)
	}
}

func FuzzParsePlace(f *testing.F) {
	f.Add(place{"rina", "01900000-0000-7000-8000-00000000000a"}.String())
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := parsePlace(text); err == nil && text != "" && p != (place{}) {
			if again, err := parsePlace(p.String()); err != nil || again != p {
				t.Errorf("parsePlace(%q) = %+v, which is read as %+v, %v", text, p, again, err)
			}
		}
	})
}
