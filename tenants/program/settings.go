package program

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// SettingField names the input of a setting in forms, and in faults.
func SettingField(key string) string { return "settings." + key }

// Wrong are all that is wrong with what was sent, at least one. errors.As finds the
// first as a *fault.Error.
type Wrong []*fault.Error

func (w Wrong) Error() string { return w[0].Error() }

// Unwrap returns the first.
func (w Wrong) Unwrap() error { return w[0] }

// WrongOf returns what is wrong according to err, nil when err says nothing of the kind.
func WrongOf(err error) Wrong {
	var w Wrong
	if errors.As(err, &w) {
		return w
	}
	if f := fault.Of(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		return Wrong{f}
	}
	return nil
}

// Typed makes settings of what was typed into the form of s, by key; a switch that is not
// named is off. Errors: Wrong.
func Typed(s coursetype.Schema, typed func(key string) string) (coursetype.Settings, error) {
	values := map[string]any{}
	var wrong Wrong
	for _, p := range s {
		text := strings.TrimSpace(typed(p.Key))
		if p.Shape == coursetype.ShapeSwitch {
			values[p.Key] = text != ""
			continue
		}
		if text == "" && !p.Required {
			continue
		}
		if f := refuse(p, text); f != nil {
			wrong = append(wrong, f)
			continue
		}
		values[p.Key] = p.Value(text)
	}
	if wrong != nil {
		return "", wrong
	}
	return settings(s, values)
}

// Fitting holds settings that a program has sent against s, and writes them as Typed does.
// What was not sent is the property's default, where it has one.
// Errors: Wrong.
func Fitting(s coursetype.Schema, sent map[string]any) (coursetype.Settings, error) {
	values := map[string]any{}
	var wrong Wrong
	for key := range sent {
		if _, known := s.Property(key); !known {
			wrong = append(wrong, at(key, "Pengaturan %q tidak dikenal jenis pelatihan ini. Hapus dari kiriman.", key))
		}
	}
	for _, p := range s {
		value, there := sent[p.Key]
		if !there && p.Default == "" && !p.Required {
			continue
		}
		if !there && p.Default != "" {
			values[p.Key] = p.Value(p.Default)
			continue
		}
		raw, err := json.Marshal(value)
		if err != nil {
			return "", err
		}
		text, err := p.Text(raw)
		if !there {
			text, err = "", nil
		}
		switch f := refuse(p, text); {
		case err == nil && f == nil:
			values[p.Key] = value
		case f != nil && (err == nil || isReason(err)):
			wrong = append(wrong, f)
		default:
			wrong = append(wrong, at(p.Key, "%s berisi nilai dari jenis lain. Periksa jenisnya pada skema.", p.Title.ID))
		}
	}
	if wrong != nil {
		return "", wrong
	}
	return settings(s, values)
}

func isReason(err error) bool {
	return errors.Is(err, coursetype.ErrNumber) || errors.Is(err, coursetype.ErrDate) || errors.Is(err, coursetype.ErrChoice) || errors.Is(err, coursetype.ErrLong)
}

// settings writes values as the guest is told them: members in the order of their keys.
func settings(s coursetype.Schema, values map[string]any) (coursetype.Settings, error) {
	if len(s) == 0 {
		return "", nil
	}
	text, err := json.Marshal(values)
	return coursetype.Settings(text), err
}

func at(key, format string, args ...any) *fault.Error {
	return fault.Of(fault.At(SettingField(key), format, args...))
}

// refuse says what is wrong with text as a value of p, nil for nothing.
func refuse(p coursetype.Property, text string) *fault.Error {
	name := p.Title.ID
	switch {
	case text == "" && p.Required:
		return at(p.Key, "%s wajib diisi.", name)
	case strings.ContainsFunc(text, unicode.IsControl):
		return at(p.Key, "%s memuat karakter yang tidak dapat disimpan. Ketik ulang isinya.", name)
	}
	switch p.Admits(text) {
	case coursetype.ErrNumber:
		return at(p.Key, "%s harus bilangan bulat antara %s dan %s.", name, strconv.FormatInt(p.Min, 10), strconv.FormatInt(p.Max, 10))
	case coursetype.ErrDate:
		return at(p.Key, "%s harus tanggal yang ada di kalender.", name)
	case coursetype.ErrChoice:
		return at(p.Key, "%s harus salah satu dari pilihannya.", name)
	case coursetype.ErrLong:
		return at(p.Key, "%s terlalu panjang. Ringkas sampai %d karakter.", name, p.Longest)
	}
	return nil
}
