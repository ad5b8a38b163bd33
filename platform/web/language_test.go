package web_test

import (
	"strings"
	"testing"
)

// TestLanguage: a browser chooses, is led back to where it was, and keeps the choice;
// a language that the product does not speak is Indonesian.
func TestLanguage(t *testing.T) {
	s := newSite(t, true)
	for _, tc := range []struct{ choose, referer, back, lang, shows string }{
		{"en", base + "/t/53-01?hal=2", "/t/53-01?hal=2", "en", "training of civil servants"},
		{"id", base + "/t/53-01", "/t/53-01", "id", "pelatihan aparatur"},
		{"xx", "https://evil.example/x", "/", "id", "pelatihan aparatur"},
	} {
		res, _ := s.do(t, "POST", "/bahasa", "bahasa="+tc.choose, "Content-Type", form, "Referer", tc.referer)
		c := find(res, "__Host-lang")
		if res.StatusCode != 303 || res.Header.Get("Location") != tc.back || c == nil || c.Value != tc.lang {
			t.Fatalf("%s: %d to %q, cookie %+v", tc.choose, res.StatusCode, res.Header.Get("Location"), c)
		}
		if _, body := s.do(t, "GET", "/t/53-01", "", "Cookie", "__Host-lang="+c.Value); !strings.Contains(body, `lang="`+tc.lang+`"`) || !strings.Contains(body, tc.shows) {
			t.Errorf("%s: the page is in another language", tc.choose)
		}
	}
}
