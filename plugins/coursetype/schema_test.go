package coursetype

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSchema(t *testing.T) {
	const full = `{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
		"required": ["kegiatan", "sumber"],
		"properties": {
			"sumber": {"type": "string", "enum": ["APBD", "APBN"], "title": "Sumber dana", "x-title-en": "Source of funds", "default": "APBD"},
			"kegiatan": {"type": "integer", "title": "Jenis kegiatan", "x-title-en": "Activity",
				"oneOf": [{"const": 3, "title": "Seminar", "x-title-en": "Seminar"}, {"const": 8, "title": "Bimtek", "x-title-en": "Guidance"}]},
			"jarak": {"type": "integer", "minimum": 0, "maximum": 100, "title": "Jarak", "x-title-en": "Distance", "description": "Dalam km.", "x-description-en": "In km."},
			"asrama": {"type": "boolean", "title": "Diasramakan", "x-title-en": "Boarding"},
			"sk": {"type": "string", "format": "date", "title": "Tanggal SK", "x-title-en": "Day of decree"},
			"tema": {"type": "string", "maxLength": 3, "title": "Tema", "x-title-en": "Theme"}
		}
	}`
	s, err := ParseSchema(full)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, p := range s {
		keys = append(keys, fmt.Sprint(p.Key, ":", p.Shape))
	}
	if diff := cmp.Diff(strings.Fields("sumber:text kegiatan:number jarak:number asrama:switch sk:date tema:text"), keys); diff != "" {
		t.Errorf("properties in the order written: %s", diff)
	}
	if p, _ := s.Property("sumber"); !p.Required || p.Default != "APBD" || p.Choices[1].Title.EN != "APBN" {
		t.Errorf("sumber %+v", p)
	}
	if p, _ := s.Property("kegiatan"); p.Choices[1] != (Choice{"8", Text{"Bimtek", "Guidance"}}) {
		t.Errorf("kegiatan %+v", p)
	}
	for _, tc := range []struct {
		key, text string
		want      error
	}{
		{"sumber", "APBD", nil}, {"sumber", "Hibah", ErrChoice}, {"kegiatan", "8", nil}, {"kegiatan", "4", ErrChoice}, {"kegiatan", "08", ErrNumber},
		{"jarak", "100", nil}, {"jarak", "101", ErrNumber}, {"jarak", "-1", ErrNumber}, {"jarak", "1,5", ErrNumber}, {"jarak", "", ErrNumber},
		{"sk", "2026-02-28", nil}, {"sk", "2026-02-30", ErrDate}, {"tema", "äöü", nil}, {"tema", "empat", ErrLong},
	} {
		if p, _ := s.Property(tc.key); p.Admits(tc.text) != tc.want {
			t.Errorf("%s admits %q: %v, want %v", tc.key, tc.text, p.Admits(tc.text), tc.want)
		}
	}
	if s, err := ParseSchema(""); s != nil || err != nil {
		t.Errorf("no schema: %v, %v", s, err)
	}
}

// TestSchemaBeyond: what no form could show, or no server would hold, is refused when the
// guest is registered and not when somebody types.
func TestSchemaBeyond(t *testing.T) {
	const title = `"title": "T", "x-title-en": "T"`
	property := func(p string) string { return `{"type": "object", "properties": {"a": {` + p + `}}}` }
	for _, text := range []string{
		`{}`, `[]`, `null`, `{"type": "object"} {}`, `{"type": "object", "properties": []}`, `{"type": "object", "additionalProperties": true}`,
		`{"type": "object", "$schema": "http://json-schema.org/draft-07/schema#"}`, `{"type": "object", "required": ["b"]}`,
		`{"type": "object", "patternProperties": {}}`, `{"type": "object", "allOf": []}`,
		`{"type": "object", "properties": {"A b": {"type": "string", ` + title + `}}}`,
		`{"type": "object", "properties": {"a": {"type": "string", ` + title + `}, "a": {"type": "string", ` + title + `}}}`,
		property(`"type": "number", ` + title), property(`"type": "array", ` + title), property(`"type": "object", ` + title), property(`"type": ["string", "null"], ` + title),
		property(`"type": "string"`), property(`"type": "string", "title": "T"`), property(`"type": "string", "description": "D", ` + title),
		property(`"type": "string", "pattern": "^a", ` + title), property(`"type": "string", "format": "email", ` + title), property(`"type": "string", "minimum": 1, ` + title),
		property(`"type": "string", "maxLength": 501, ` + title), property(`"type": "string", "enum": [], ` + title), property(`"type": "string", "enum": ["x", "x"], ` + title),
		property(`"type": "string", "enum": [1], ` + title), property(`"type": "boolean", "enum": [true], ` + title), property(`"type": "string", "enum": ["x"], "oneOf": [{"const": "x"}], ` + title),
		property(`"type": "string", "oneOf": [{"const": "x", "title": "X"}], ` + title), property(`"type": "integer", "minimum": 2, "maximum": 1, ` + title),
		property(`"type": "integer", "minimum": 1.5, ` + title), property(`"type": "integer", "default": "1", ` + title), property(`"type": "integer", "maximum": 3, "default": 4, ` + title),
		property(`"type": "integer", "maximum": 9999999999, ` + title),
	} {
		if s, err := ParseSchema(text); err == nil {
			t.Errorf("%s is read as %+v", text, s)
		}
	}
}

func TestSIASNSetting(t *testing.T) {
	for _, tc := range []struct {
		schema string
		ok     bool
	}{
		{`{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "title": "A", "x-title-en": "A"}}}`, true},
		{`{"type": "object", "properties": {"a": {"type": "integer", "title": "A", "x-title-en": "A"}}}`, false},
		{`{"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "title": "A", "x-title-en": "A"}}}`, false},
		{"", false},
	} {
		if err := (Description{SIASNSetting: "a"}).verifySchema(tc.schema); (err == nil) != tc.ok {
			t.Errorf("%s: %v", tc.schema, err)
		}
	}
}
