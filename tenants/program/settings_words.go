package program

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// input is how a form asks for p.
func input(ctx context.Context, p coursetype.Property, typed map[string]string, wrong string) ui.FieldSpec {
	name := SettingField(p.Key)
	f := ui.FieldSpec{Name: name, Label: Said(ctx, p.Title), Hint: Said(ctx, p.Hint), Error: wrong, Required: p.Required, Value: p.Default, Autocomplete: "off"}
	if typed != nil {
		f.Value = typed[name]
	}
	switch p.Shape {
	case coursetype.ShapeSwitch:
		f.Type, f.Checked, f.Value, f.Required = "checkbox", f.Value != "" && f.Value != "false", "", false
		return f
	case coursetype.ShapeDate:
		f.Type = "date"
	case coursetype.ShapeNumber:
		f.Type, f.Min, f.Max, f.InputMode = "number", strconv.FormatInt(p.Min, 10), strconv.FormatInt(p.Max, 10), "numeric"
	case coursetype.ShapeText:
		f.MaxLength = p.Longest
	}
	if len(p.Choices) == 0 {
		return f
	}
	f.Type, f.Min, f.Max, f.InputMode, f.MaxLength = "select", "", "", "", 0
	if !p.Required || p.Default == "" {
		f.Options = []ui.Option{{Value: "", Label: "–"}}
	}
	for _, c := range p.Choices {
		f.Options = append(f.Options, ui.Option{Value: c.Value, Label: Said(ctx, c.Title)})
	}
	return f
}

// chosenFacts are the settings of a batch in words.
func chosenFacts(ctx context.Context, s coursetype.Schema, chosen coursetype.Settings) (all []ui.Fact) {
	var values map[string]json.RawMessage
	if json.Unmarshal([]byte(chosen), &values) != nil { // "" as well
		return nil
	}
	for _, p := range s {
		text, err := p.Text(values[p.Key])
		if err != nil {
			continue // not chosen
		}
		switch p.Shape {
		case coursetype.ShapeSwitch:
			text = map[bool]string{true: ui.T(ctx, "Ya"), false: ui.T(ctx, "Tidak")}[text == "true"]
		case coursetype.ShapeDate:
			if d, err := civil.ParseDate(text); err == nil {
				text = d.Short()
			}
		case coursetype.ShapeText, coursetype.ShapeNumber:
		}
		for _, c := range p.Choices {
			if c.Value == text {
				text = Said(ctx, c.Title)
			}
		}
		all = append(all, ui.Fact{Label: Said(ctx, p.Title), Value: text})
	}
	return all
}
