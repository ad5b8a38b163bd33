package ui_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// TestThemeReachesAA: whatever colour is asked for, all pairs in use reach AA, in a
// style sheet of at most a kilobyte that its address gives back.
func TestThemeReachesAA(t *testing.T) {
	longest := 0
	rapid.Check(t, func(t *rapid.T) {
		asked := fmt.Sprintf("#%06X", rapid.IntRange(0, 0xFFFFFF).Draw(t, "colour"))
		theme := ui.NewTheme(asked, "kawung")
		if theme.Asked != asked || theme.Motif != "kawung" {
			t.Fatalf("NewTheme(%s) is of %s, %s", asked, theme.Asked, theme.Motif)
		}
		pairs := 0
		for _, u := range theme.Used {
			for _, c := range u.Pairs {
				pairs++
				if !c.AA() {
					t.Errorf("%s: %s %s with %s is %.2f, want %.1f", asked, u.Place, u.Value, c.With, c.Ratio, c.Least)
				}
			}
		}
		if pairs != 26 {
			t.Errorf("%d pairs were measured", pairs)
		}
		css, ok := ui.Style(strings.TrimPrefix(theme.Path(), ui.StylePrefix))
		if !ok || len(css) > 1024 {
			t.Errorf("%s is served %d bytes (%v)", theme.Path(), len(css), ok)
		}
		longest = max(longest, len(css))
	})
	t.Logf("figure: longest style sheet %d bytes", longest)
}

// TestThemeKeepsWhatWillDo: a colour that is bright enough for the strip is used to the
// bit; one that is not is shifted, and says so.
func TestThemeKeepsWhatWillDo(t *testing.T) {
	for _, tc := range []struct {
		asked   string
		shifted bool
	}{{"#E3A72F", false}, {"#FFFFFF", false}, {"#7DB896", false}, {"#1F4276", true}, {"#000000", true}, {"#A13626", true}} {
		theme := ui.NewTheme(tc.asked, "")
		if theme.Shifted() != tc.shifted {
			t.Errorf("%s is shifted: %v, want %v (%v)", tc.asked, theme.Shifted(), tc.shifted, theme.Used)
		}
	}
	if own := ui.NewTheme("kuning", ""); own.Shifted() || own.Path() != "" || own.Motif != "tumpal" {
		t.Errorf("no colour gives %+v", own)
	}
}

// TestThemeNeverTintsMeaning: status, text and focus keep their colours.
func TestThemeNeverTintsMeaning(t *testing.T) {
	css, _ := ui.Style(strings.TrimPrefix(ui.NewTheme("#A13626", "").Path(), ui.StylePrefix))
	for _, token := range regexp.MustCompile(`--[a-z0-9-]+`).FindAllString(css, -1) {
		switch token {
		case "--mast", "--accent", "--primary", "--primary-strong", "--primary-tint", "--link":
		default:
			t.Errorf("a theme changes %s", token)
		}
	}
	for _, name := range []string{"", "a13626-000000000000.css", "a13626.css", "../a13626", "zzzzzz-123456789012.css", "A13626" + strings.TrimPrefix(ui.NewTheme("#A13626", "").Path(), ui.StylePrefix)[6:]} {
		if _, ok := ui.Style(name); ok {
			t.Errorf("%q is served", name)
		}
	}
}

func TestHex(t *testing.T) {
	for typed, want := range map[string]string{" e3a72f ": "#E3A72F", "#1f4276": "#1F4276", "#FFF": "", "merah": "", "": "", "+12345": "", "#12345G": ""} {
		if got, ok := ui.Hex(typed); got != want || ok != (want != "") {
			t.Errorf("Hex(%q) = %q, %v", typed, got, ok)
		}
	}
}
