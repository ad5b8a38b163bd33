package ui

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"rsc.io/qr"
)

// tone returns kind when the style sheet knows it, else "info".
func tone(kind string) string {
	switch kind {
	case "good", "warn", "bad":
		return kind
	}
	return "info"
}

func buttonKind(kind string) string {
	switch kind {
	case "primary", "danger":
		return kind
	}
	return "plain"
}

func stageState(state string) string {
	switch state {
	case "done", "now":
		return state
	}
	return "later"
}

func orDash(value string) string {
	if value == "" {
		return "–"
	}
	return value
}

// fieldID is the id of a field's input, for labels and for links to it.
func fieldID(name string) string { return "f-" + name }

// inputAttributes are what every kind of input has in common. An input names its
// hint and its error, so that they are read out with it.
func inputAttributes(f FieldSpec) templ.OrderedAttributes {
	var list templ.OrderedAttributes
	add := func(key, value string) {
		if value != "" {
			list = append(list, templ.KeyValue[string, any]{Key: key, Value: value})
		}
	}
	flag := func(key string, on bool) {
		if on {
			list = append(list, templ.KeyValue[string, any]{Key: key, Value: true})
		}
	}
	add("id", fieldID(f.Name))
	add("name", f.Name)
	switch f.Type {
	case "select", "textarea":
	case "file", "password": // their values never come back
		add("type", f.Type)
	case "checkbox":
		add("type", "checkbox")
		add("value", orOne(f.Value))
		flag("checked", f.Checked)
	case "":
		add("type", "text")
		add("value", f.Value)
	default:
		add("type", f.Type)
		add("value", f.Value)
	}
	var described []string
	if f.Hint != "" {
		described = append(described, fieldID(f.Name)+"-hint")
	}
	if f.Error != "" {
		described = append(described, fieldID(f.Name)+"-error")
		add("aria-invalid", "true")
	}
	add("aria-describedby", strings.Join(described, " "))
	add("inputmode", f.InputMode)
	add("autocomplete", f.Autocomplete)
	add("placeholder", f.Placeholder)
	add("min", f.Min)
	add("max", f.Max)
	add("accept", f.Accept)
	if f.MaxLength > 0 {
		add("maxlength", strconv.Itoa(f.MaxLength))
	}
	flag("required", f.Required)
	return list
}

func orOne(value string) string {
	if value == "" {
		return "1"
	}
	return value
}

// ratio prints a contrast as people read it: "7,3 : 1".
func ratio(r float64) string { return strings.Replace(fmt.Sprintf("%.1f : 1", r), ".", ",", 1) }

// number writes n as Indonesia does: 1.284.310.
func number(n int) string {
	s := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// ringArc is the drawn part of a ring and the rest, in thousandths of its length.
func ringArc(value, of int) string {
	part := 1000
	if of > 0 && value < of {
		part = value * 1000 / of
	}
	return fmt.Sprintf("%d 1000", part)
}

// A qrCode is a QR code as SVG: paths in units of one module.
type qrCode struct{ box, paper, ink string }

const quiet = 4 // modules of white around a code; scanners need them (ISO/IEC 18004)

// qrPath draws each run of dark modules in a row as one rectangle.
func qrPath(content string) (qrCode, error) {
	code, err := qr.Encode(content, qr.M)
	if err != nil {
		return qrCode{}, fmt.Errorf("qr code: %w", err)
	}
	side := code.Size + 2*quiet
	var ink strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			if !code.Black(x, y) {
				continue
			}
			from := x
			for code.Black(x+1, y) {
				x++
			}
			fmt.Fprintf(&ink, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x+1-from, x+1-from)
		}
	}
	return qrCode{
		box:   fmt.Sprintf("0 0 %d %d", side, side),
		paper: fmt.Sprintf("M0 0h%dv%dH0z", side, side),
		ink:   ink.String(),
	}, nil
}
