package coursetype

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// A Schema is what a batch's settings may hold: the properties of one object, in the
// order in which the description wrote them. A form shows them so.
type Schema []Property

// A Shape is what a property holds.
type Shape string

const (
	ShapeText   Shape = "text"   // one line
	ShapeDate   Shape = "date"   // YYYY-MM-DD
	ShapeNumber Shape = "number" // whole
	ShapeSwitch Shape = "switch" // yes or no
)

// A Property is one setting.
type Property struct {
	Key      string
	Shape    Shape
	Title    Text
	Hint     Text // may be empty
	Required bool
	Default  string // as text; "" = none
	Choices  []Choice
	Min, Max int64 // of a number
	Longest  int   // characters of a text
}

// A Choice is a value that a property with choices can have.
type Choice struct {
	Value string // as text: of a number its digits
	Title Text
}

// Property returns the property of that key.
func (s Schema) Property(key string) (Property, bool) {
	i := slices.IndexFunc(s, func(p Property) bool { return p.Key == key })
	if i < 0 {
		return Property{}, false
	}
	return s[i], true
}

// longest text that a setting can be, in characters.
const longest = 500

// These are the keywords of JSON Schema that are read; any other is refused.
type object struct {
	Schema      string          `json:"$schema"`
	Type        string          `json:"type"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Properties  json.RawMessage `json:"properties"`
	Required    []string        `json:"required"`
	Additional  *bool           `json:"additionalProperties"`
}

type property struct {
	Type          string            `json:"type"`
	Format        string            `json:"format"`
	Title         string            `json:"title"`
	TitleEN       string            `json:"x-title-en"`
	Description   string            `json:"description"`
	DescriptionEN string            `json:"x-description-en"`
	Enum          []json.RawMessage `json:"enum"`
	OneOf         []choice          `json:"oneOf"`
	Minimum       *int64            `json:"minimum"`
	Maximum       *int64            `json:"maximum"`
	MaxLength     *int              `json:"maxLength"`
	Default       json.RawMessage   `json:"default"`
}

type choice struct {
	Const   json.RawMessage `json:"const"`
	Title   string          `json:"title"`
	TitleEN string          `json:"x-title-en"`
}

// ParseSchema reads the subset of JSON Schema 2020-12 in which settings are described: an
// object whose properties are
//
//   - "string", with "maxLength" (500 unless said) or "format": "date";
//   - "integer", with "minimum" and "maximum";
//   - "boolean".
//
// Each has a "title", and may have a "description", both in Indonesian, their English in
// "x-title-en" and "x-description-en", and a "default". Strings and integers may name
// their values: by "enum", or with titles by "oneOf" of {"const", "title", "x-title-en"}.
// The object may say "required", and that there are no "additionalProperties", which
// there are not in any case. "" is the schema without properties.
// Errors: what is beyond that, in English.
func ParseSchema(text string) (Schema, error) {
	if text == "" {
		return nil, nil
	}
	var o object
	if err := strictly([]byte(text), &o); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	switch {
	case o.Schema != "" && o.Schema != "https://json-schema.org/draft/2020-12/schema":
		return nil, errors.New("schema: another draft than 2020-12")
	case o.Type != "object":
		return nil, errors.New(`schema: type is not "object"`)
	case o.Additional != nil && *o.Additional:
		return nil, errors.New("schema: additional properties")
	}
	keys, raw, err := members(o.Properties)
	if err != nil {
		return nil, fmt.Errorf("schema: properties: %w", err)
	}
	for _, key := range o.Required {
		if !slices.Contains(keys, key) {
			return nil, fmt.Errorf("schema: requires %q, which is no property", key)
		}
	}
	var s Schema
	for i, key := range keys {
		p, err := propertyOf(key, raw[i])
		if err != nil {
			return nil, fmt.Errorf("schema: property %q: %w", key, err)
		}
		p.Required = slices.Contains(o.Required, key)
		if _, twice := s.Property(key); twice {
			return nil, fmt.Errorf("schema: property %q: there twice", key)
		}
		s = append(s, p)
	}
	return s, nil
}

// strictly reads one JSON value into v. Errors: also for a member of no field.
func strictly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one value")
	}
	return nil
}

// members lists the members of an object in the order written; of "" there are none.
func members(text json.RawMessage) (keys []string, values []json.RawMessage, err error) {
	if len(text) == 0 {
		return nil, nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, nil, errors.New("no object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, nil, err
		}
		keys, values = append(keys, key.(string)), append(values, value)
	}
	return keys, values, nil
}

var plainKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func propertyOf(key string, text []byte) (Property, error) {
	var j property
	if err := strictly(text, &j); err != nil {
		return Property{}, err
	}
	p := Property{Key: key, Title: Text{j.Title, j.TitleEN}, Hint: Text{j.Description, j.DescriptionEN}, Min: math.MinInt32, Max: math.MaxInt32, Longest: longest}
	switch {
	case !plainKey.MatchString(key):
		return p, errors.New("key is not of small letters, digits and _")
	case j.Title == "" || j.TitleEN == "" || (j.Description == "") != (j.DescriptionEN == ""):
		return p, errors.New("title or description is missing in one of the languages")
	case j.Type != "integer" && (j.Minimum != nil || j.Maximum != nil):
		return p, errors.New("a bound of what is no integer")
	case j.MaxLength != nil && (j.Type != "string" || j.Format != "" || *j.MaxLength < 1 || *j.MaxLength > longest):
		return p, fmt.Errorf("maxLength is not of a string, or not from 1 to %d", longest)
	case j.Format != "" && (j.Type != "string" || j.Format != "date"):
		return p, errors.New("format is unknown")
	case j.Enum != nil && j.OneOf != nil:
		return p, errors.New("enum beside oneOf")
	}
	switch {
	case j.Type == "string" && j.Format == "date":
		p.Shape = ShapeDate
	case j.Type == "string":
		p.Shape = ShapeText
	case j.Type == "integer":
		p.Shape = ShapeNumber
	case j.Type == "boolean":
		p.Shape = ShapeSwitch
	default:
		return p, fmt.Errorf("type %q is not read", j.Type)
	}
	if j.MaxLength != nil {
		p.Longest = *j.MaxLength
	}
	if j.Minimum != nil {
		p.Min = *j.Minimum
	}
	if j.Maximum != nil {
		p.Max = *j.Maximum
	}
	if p.Min > p.Max || p.Min < math.MinInt32 || p.Max > math.MaxInt32 {
		return p, errors.New("no number is within its bounds")
	}
	if err := p.choose(j); err != nil {
		return p, err
	}
	if j.Default != nil {
		var err error
		if p.Default, err = p.Text(j.Default); err != nil {
			return p, fmt.Errorf("default: %w", err)
		}
	}
	return p, nil
}

// choose reads the values that p can have.
func (p *Property) choose(j property) error {
	if j.Enum == nil && j.OneOf == nil {
		return nil
	}
	if p.Shape != ShapeText && p.Shape != ShapeNumber {
		return errors.New("choices of what is neither a string nor an integer")
	}
	for _, value := range j.Enum {
		j.OneOf = append(j.OneOf, choice{Const: value})
	}
	var all []Choice
	for _, c := range j.OneOf {
		value, err := p.Text(c.Const)
		if err != nil {
			return fmt.Errorf("choice: %w", err)
		}
		switch {
		case c.Title == "" && c.TitleEN == "":
			c.Title, c.TitleEN = value, value
		case c.Title == "" || c.TitleEN == "":
			return fmt.Errorf("choice %q: title is missing in one of the languages", value)
		}
		if value == "" || slices.ContainsFunc(all, func(c Choice) bool { return c.Value == value }) {
			return fmt.Errorf("choice %q: empty, or there twice", value)
		}
		all = append(all, Choice{value, Text{c.Title, c.TitleEN}})
	}
	if len(all) == 0 {
		return errors.New("no choice")
	}
	p.Choices = all
	return nil
}

// Text returns a JSON value of p as a form has it: the digits of a number, "true" or
// "false" of a switch. Errors: what p does not admit, in English.
func (p Property) Text(value json.RawMessage) (string, error) {
	var v any
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return "", err
	}
	var text string
	switch v := v.(type) {
	case string:
		if p.Shape == ShapeText || p.Shape == ShapeDate {
			return v, p.Admits(v)
		}
	case json.Number:
		if p.Shape == ShapeNumber {
			text = v.String()
			return text, p.Admits(text)
		}
	case bool:
		if p.Shape == ShapeSwitch {
			return strconv.FormatBool(v), nil
		}
	}
	return "", fmt.Errorf("a value of another type than %s", p.Shape)
}

// Value returns what Text makes text of: a value that json.Marshal writes as p wants it.
// text is one that p admits.
func (p Property) Value(text string) any {
	switch p.Shape {
	case ShapeNumber:
		return json.Number(text)
	case ShapeSwitch:
		return text == "true"
	case ShapeText, ShapeDate:
	}
	return text
}

// These are what Admits refuses.
var (
	ErrNumber = errors.New("no whole number within the bounds")
	ErrDate   = errors.New("no day")
	ErrChoice = errors.New("none of the choices")
	ErrLong   = errors.New("too long")
)

// Admits reports whether text, as a form has it, is a value of p.
// Errors: ErrNumber, ErrDate, ErrChoice, ErrLong.
func (p Property) Admits(text string) error {
	switch p.Shape {
	case ShapeNumber:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < p.Min || n > p.Max || strconv.FormatInt(n, 10) != text {
			return ErrNumber
		}
	case ShapeDate:
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return ErrDate
		}
	case ShapeText:
		if len([]rune(text)) > p.Longest {
			return ErrLong
		}
	case ShapeSwitch:
	}
	if len(p.Choices) > 0 && !slices.ContainsFunc(p.Choices, func(c Choice) bool { return c.Value == text }) {
		return ErrChoice
	}
	return nil
}
