package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A shade is a colour as screens show it: 8 bits each of red, green and blue.
type shade struct{ r, g, b uint8 }

// parseShade reads "#1F4276", with or without the #, in whatever case.
func parseShade(text string) (shade, bool) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "#")
	n, err := strconv.ParseUint(text, 16, 32)
	if err != nil || len(text) != 6 {
		return shade{}, false
	}
	return shade{uint8(n >> 16 & 0xff), uint8(n >> 8 & 0xff), uint8(n & 0xff)}, true
}

// must reads a colour that stands in this package.
func must(text string) shade {
	s, ok := parseShade(text)
	if !ok {
		panic("ui: no colour: " + text)
	}
	return s
}

func (s shade) String() string { return fmt.Sprintf("#%02X%02X%02X", s.r, s.g, s.b) }

// linear undoes the curve of sRGB (IEC 61966-2-1) for one channel; screen applies it.
func linear(v uint8) float64 {
	c := float64(v) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

func screen(c float64) uint8 {
	if c = min(max(c, 0), 1); c <= 0.0031308 {
		return uint8(math.Round(c * 12.92 * 255))
	}
	return uint8(math.Round((1.055*math.Pow(c, 1/2.4) - 0.055) * 255))
}

// luminance is WCAG 2.2's relative luminance.
func (s shade) luminance() float64 {
	return 0.2126*linear(s.r) + 0.7152*linear(s.g) + 0.0722*linear(s.b)
}

// contrast is WCAG 2.2's contrast ratio: from 1 for the same colour to 21.
func contrast(a, b shade) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// An oklch is a colour as people see it (Ottosson, 2020): equal steps of lightness look
// equal, in every hue.
type oklch struct {
	light  float64 // 0 black to 1 white
	chroma float64 // 0 grey; about 0.37 at most on screens
	hue    float64 // radians
}

func (s shade) oklch() oklch {
	r, g, b := linear(s.r), linear(s.g), linear(s.b)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	n := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	x := 1.9779984951*l - 2.4285922050*m + 0.4505937099*n
	y := 0.0259040371*l + 0.7827717662*m - 0.8086757660*n
	return oklch{0.2104542553*l + 0.7936177850*m - 0.0040720468*n, math.Hypot(x, y), math.Atan2(y, x)}
}

// rgb returns o in linear light; what lies outside 0 to 1, no screen shows.
func (o oklch) rgb() (r, g, b float64) {
	x, y := o.chroma*math.Cos(o.hue), o.chroma*math.Sin(o.hue)
	l := o.light + 0.3963377774*x + 0.2158037573*y
	m := o.light - 0.1055613458*x - 0.0638541728*y
	n := o.light - 0.0894841775*x - 1.2914855480*y
	l, m, n = l*l*l, m*m*m, n*n*n
	return 4.0767416621*l - 3.3077115913*m + 0.2309699292*n,
		-1.2684380046*l + 2.6097574011*m - 0.3413193965*n,
		-0.0041960863*l - 0.7034186147*m + 1.7076147010*n
}

// shade is the nearest colour to o that screens show: of its lightness and hue, with
// less chroma where there is too much.
func (o oklch) shade() shade {
	shown := func(o oklch) bool {
		r, g, b := o.rgb()
		const slack = 0.0005
		return min(r, g, b) >= -slack && max(r, g, b) <= 1+slack
	}
	if !shown(o) {
		low, high := 0.0, o.chroma
		for range 20 {
			if o.chroma = (low + high) / 2; shown(o) {
				low = o.chroma
			} else {
				high = o.chroma
			}
		}
		o.chroma = low
	}
	r, g, b := o.rgb()
	return shade{screen(r), screen(g), screen(b)}
}
