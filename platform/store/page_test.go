package store_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"Andi Saputra":          {"andi", "saputra"},
		"  MA'RUF  Al-Bukhori ": {"maruf", "al", "bukhori"},
		"Ma’ruf":                {"maruf"},
		"José Nuñez":            {"jose", "nunez"},
		"19900315 201503 1 002": {"19900315", "201503", "1", "002"},
		"…":                     nil,
		"Ｆｕｌｌ\x00ﬁ":             {"full", "fi"},
		"a\xffb":                {"a", "b"},
	} {
		if got := store.Words(text); !slices.Equal(got, want) {
			t.Errorf("Words(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestWordsOfWords: words are their own words, so that what is found can be typed.
func TestWordsOfWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, word := range store.Words(rapid.String().Draw(t, "text")) {
			if got := store.Words(word); len(got) != 1 || got[0] != word {
				t.Fatalf("Words(%q) = %q", word, got)
			}
		}
	})
}

func TestCursor(t *testing.T) {
	id := "01890000-0000-7000-8000-000000000000"
	for _, c := range []store.Cursor{{}, {Key: "andi saputra", ID: id}, {ID: id}, {Key: "é’\"", ID: id}} {
		got, err := store.ParseCursor(c.String())
		if err != nil || got != c {
			t.Errorf("ParseCursor(%v) = %v, %v", c, got, err)
		}
	}
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	for _, bad := range []string{"x", "***", encode("null"), encode(`{"k":"a"}`), encode(`{"k":"a","i":"1"}`), encode(`{"k":"\u0000","i":"` + id + `"}`),
		encode(`{"k":"a","i":"` + id + `"`), encode(`{"k":"a","i":"01890000-0000-7000-8000-00000000000A"}`)} {
		if _, err := store.ParseCursor(bad); !errors.Is(err, fault.Invalid) {
			t.Errorf("ParseCursor(%q) = %v", bad, err)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add("")
	f.Add(store.Cursor{Key: "andi", ID: "01890000-0000-7000-8000-000000000000"}.String())
	f.Fuzz(func(t *testing.T, text string) {
		c, err := store.ParseCursor(text)
		if err != nil {
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("ParseCursor(%q) = %v", text, err)
			}
			return
		}
		if again, err := store.ParseCursor(c.String()); err != nil || again != c {
			t.Fatalf("ParseCursor(%q) = %v, and again %v, %v", text, c, again, err)
		}
	})
}

func TestCut(t *testing.T) {
	at := func(n int) store.Cursor { return store.Cursor{Key: string(rune('a' + n))} }
	for _, tc := range []struct {
		rows []int
		want []int
		next store.Cursor
	}{
		{nil, nil, store.Cursor{}},
		{[]int{0, 1}, []int{0, 1}, store.Cursor{}},
		{[]int{0, 1, 2}, []int{0, 1}, store.Cursor{Key: "b"}},
	} {
		if got, next := store.Cut(tc.rows, 2, at); !cmp.Equal(got, tc.want) || next != tc.next {
			t.Errorf("Cut(%v) = %v, %v", tc.rows, got, next)
		}
	}
}
