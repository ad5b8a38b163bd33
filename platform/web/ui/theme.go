package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// StylePrefix is the path below which the style sheets of themes are served. A name is
// the colour asked for and the hash of what it makes of it: its content never changes.
const StylePrefix = "/gaya/"

// A Theme is how a government's pages look: everything that is tinted, from one colour,
// and a motif. Neither means anything: what is good, wrong or to be watched keeps its
// colour everywhere.
type Theme struct {
	Asked string // "#E3A72F" as the government chose it; "" = the product's own colours
	Motif string // one of Motifs; "" = the first
	Used  []Used // what was made of Asked, in the order of the ramp

	path, css string // of its style sheet; "" for the product's own colours
	mast      string
}

// A Used colour stands somewhere, in the light or the dark look.
type Used struct {
	Place string // in Indonesian: "Tombol utama"
	Value string // "#1F4276"
	Pairs []Contrast
}

// A Contrast is how well two colours that touch can be told apart.
type Contrast struct {
	With  string  // in Indonesian: "huruf putih"
	Ratio float64 // 1 to 21
	Least float64 // that WCAG 2.2 AA asks for: 4.5 of text (1.4.3), 3 of shapes (1.4.11)
}

// AA reports whether c is enough.
func (c Contrast) AA() bool { return c.Ratio >= c.Least }

// Worst is the pair of u that comes nearest to what AA asks for.
func (u Used) Worst() Contrast {
	return slices.MinFunc(u.Pairs, func(a, b Contrast) int {
		if a.Ratio/a.Least < b.Ratio/b.Least {
			return -1
		}
		return 1
	})
}

// Shifted reports whether the accent itself had to be changed to be used.
func (t Theme) Shifted() bool {
	return t.Asked != "" && !slices.ContainsFunc(t.Used, func(u Used) bool { return u.Value == t.Asked })
}

// Motifs are the weaves of the strip: tumpal (triangles), anyaman (plait), ketupat
// (lozenges), pilin (scrolls), parang (blades) and kawung (ovals).
func Motifs() []string { return []string{"tumpal", "anyaman", "ketupat", "pilin", "parang", "kawung"} }

// Hex returns the colour that was typed as "#1F4276"; ok is false when it is none.
func Hex(typed string) (hex string, ok bool) {
	s, ok := parseShade(typed)
	if !ok {
		return "", false
	}
	return s.String(), true
}

// Least contrasts of WCAG 2.2 AA.
const (
	readable = 4.5 // 1.4.3, of text
	visible  = 3.0 // 1.4.11, of shapes
)

// A part is a tinted token of the style sheet: where on the ramp it starts, and what it
// has to stand out from. Its lightness moves towards where that gets easier.
type part struct {
	token  string
	place  string
	light  float64 // step of the ramp, 0 to 1; 0 = that of the colour asked for
	chroma float64 // at most
	dark   bool    // of the dark look
	step   float64 // by which lightness moves: below 0 to darker
	pairs  []against
}

type against struct {
	with  string // in Indonesian
	hex   string // a fixed colour of token.css, or a token made before
	least float64
}

// parts are the ramp, in the order in which they are made. The fixed colours are those
// of token.css and of the masthead in shell.css.
func parts() []part {
	white, ink := "#FFFFFF", "#10233F"
	return []part{
		{"mast", N("Kepala halaman"), .255, .075, false, -.005, []against{
			{N("huruf putih"), white, readable}, {N("keterangan"), "#C9D3E0", readable}, {N("tulisan pembuka"), "#D3DCE8", readable}}},
		{"mast-dark", N("Kepala halaman, gelap"), .17, .03, true, -.005, []against{
			{N("huruf putih"), white, readable}, {N("keterangan"), "#C9D3E0", readable}, {N("tulisan pembuka"), "#D3DCE8", readable}}},
		{"accent", N("Tenunan dan lambang"), 0, .37, false, .005, []against{
			{N("kepala halaman"), "mast", visible}, {N("kepala halaman, gelap"), "mast-dark", visible}, {N("kepala pengawasan"), "#46263F", visible}, {N("huruf tinta"), ink, readable}}},
		{"primary-strong", N("Tombol utama, disentuh"), .32, .13, false, -.005, []against{{N("huruf putih"), white, readable}}},
		{"primary", N("Tombol utama"), .385, .14, false, -.005, []against{{N("huruf putih"), white, readable}}},
		{"primary-tint", N("Latar pilihan"), .965, .02, false, .005, []against{{N("huruf"), "#1D2327", readable}, {N("huruf kedua"), "#566068", readable}}},
		{"link", N("Tautan"), .455, .15, false, -.005, []against{
			{N("permukaan"), white, readable}, {N("latar"), "#FAF8F4", readable}, {N("permukaan kedua"), "#F2EFE8", readable}, {N("latar pilihan"), "primary-tint", readable}}},
		{"primary-dark", N("Tombol utama, gelap"), .52, .13, true, -.005, []against{{N("huruf putih"), white, readable}}},
		{"primary-strong-dark", N("Tombol utama, disentuh, gelap"), .545, .13, true, -.005, []against{{N("huruf putih"), white, readable}}},
		{"primary-tint-dark", N("Latar pilihan, gelap"), .29, .045, true, -.005, []against{{N("huruf"), "#ECEAE5", readable}, {N("huruf kedua"), "#B4BBC2", readable}}},
		{"link-dark", N("Tautan, gelap"), .775, .1, true, .005, []against{
			{N("permukaan"), "#1A2129", readable}, {N("latar"), "#12171D", readable}, {N("permukaan kedua"), "#232C36", readable}, {N("latar pilihan"), "primary-tint-dark", readable}}},
	}
}

// NewTheme makes the look of a colour ("#E3A72F") and a motif: a ramp of the colour's
// hue at fixed lightness, each step moved until all that touches it has the contrast
// that AA asks for. What is no colour gives the product's own.
func NewTheme(asked, motif string) Theme {
	t := Theme{Motif: motif}
	base, ok := parseShade(asked)
	if !slices.Contains(Motifs(), motif) {
		t.Motif = Motifs()[0]
	}
	if !ok {
		return t
	}
	t.Asked = base.String()
	seen, made := base.oklch(), map[string]shade{}
	for _, p := range parts() {
		at := seen
		if p.light != 0 {
			at = oklch{p.light, min(seen.chroma, p.chroma), seen.hue}
		}
		value := at.shade()
		if p.light == 0 {
			value = base // not a bit away from what was chosen, where it will do
		}
		u := p.measure(value, made)
		for !u.Worst().AA() && at.light+p.step >= 0 && at.light+p.step <= 1 {
			at.light += p.step
			value = at.shade()
			u = p.measure(value, made)
		}
		made[p.token] = value
		t.Used = append(t.Used, u)
	}
	t.mast = made["mast"].String()
	t.css = sheet(made)
	sum := sha256.Sum256([]byte(t.css))
	t.path = StylePrefix + strings.ToLower(t.Asked[1:]) + "-" + hex.EncodeToString(sum[:6]) + ".css"
	return t
}

// Path is where the style sheet of t is served, "" when it needs none.
func (t Theme) Path() string { return t.path }

// measure holds value against what p has to stand out from.
func (p part) measure(value shade, made map[string]shade) Used {
	u := Used{Place: p.place, Value: value.String()}
	for _, a := range p.pairs {
		other, ok := made[a.hex]
		if !ok {
			other = must(a.hex)
		}
		u.Pairs = append(u.Pairs, Contrast{With: a.with, Ratio: contrast(value, other), Least: a.least})
	}
	return u
}

// sheet writes the style sheet of a ramp.
func sheet(made map[string]shade) string {
	var light, dark strings.Builder
	for _, p := range parts() {
		b := &light
		if p.dark {
			b = &dark
		}
		fmt.Fprintf(b, "--%s:%s;", strings.TrimSuffix(p.token, "-dark"), made[p.token])
	}
	// Paper stays black on white. The selector outweighs :root, for either look.
	return "@media screen{:root[data-theme]{" + light.String() + "}}@media screen and (prefers-color-scheme:dark){:root[data-theme]{" + dark.String() + "}}\n"
}

// Style returns the style sheet of that name below StylePrefix; ok is false when no
// theme has it.
func Style(name string) (css string, ok bool) {
	asked, _, _ := strings.Cut(name, "-")
	t := NewTheme(asked, "")
	return t.css, t.path == StylePrefix+name
}
