// Package fault is the vocabulary of what can go wrong for a user.
//
// A fault has one of seven kinds and one Indonesian sentence that names what is
// wrong and the cure. Whatever is not a fault is internal: it is logged once at
// the edge and the user is told only that it happened. Nothing below the edge
// knows a status code, and nothing compares error texts: errors.Is(err,
// fault.NotFound) is the question to ask.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Kind classifies a fault. A Kind is itself an error, so that errors.Is finds it.
type Kind string

const (
	Invalid         Kind = "invalid"         // the input is wrong; Field says where
	Unauthenticated Kind = "unauthenticated" // nobody is signed in
	Forbidden       Kind = "forbidden"       // the actor may not do this
	NotFound        Kind = "not_found"       // there is no such thing, or none the actor may know of
	Conflict        Kind = "conflict"        // the state of things does not allow it (any more)
	Unavailable     Kind = "unavailable"     // something that is needed does not answer now
	Limited         Kind = "limited"         // tried too often; Wait says for how long
)

func (k Kind) Error() string { return string(k) }

// Error is a fault: what the user is told.
type Error struct {
	Kind  Kind
	Field string        // name of the input that is wrong, or ""
	Text  string        // one Indonesian sentence: what, and the cure
	Wait  time.Duration // after which it is worth another try; 0 = nobody knows
}

func (e *Error) Error() string {
	if e.Field != "" {
		return string(e.Kind) + " (" + e.Field + "): " + e.Text
	}
	return string(e.Kind) + ": " + e.Text
}

// Unwrap returns the kind, for errors.Is.
func (e *Error) Unwrap() error { return e.Kind }

// New returns a fault of kind k whose text is formatted like fmt.Sprintf.
func New(k Kind, format string, args ...any) error {
	return &Error{Kind: k, Text: fmt.Sprintf(format, args...)}
}

// At returns an Invalid fault of the named input field.
func At(field, format string, args ...any) error {
	return &Error{Kind: Invalid, Field: field, Text: fmt.Sprintf(format, args...)}
}

// Later returns a fault of kind k that passes by itself after wait.
func Later(k Kind, wait time.Duration, format string, args ...any) error {
	return &Error{Kind: k, Text: fmt.Sprintf(format, args...), Wait: wait}
}

// Text returns what was typed into field without space around it, ready to be
// stored. label is how the screen names the field, most how many characters it takes.
// Errors: Invalid when it is empty, too long, or holds characters that nobody can type.
func Text(field, label, typed string, most int) (string, error) {
	text := strings.TrimSpace(typed)
	switch {
	case text == "":
		return "", At(field, "%s wajib diisi.", label)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return "", At(field, "%s memuat karakter yang tidak dapat disimpan. Ketik ulang isinya.", label)
	case utf8.RuneCountInString(text) > most:
		return "", At(field, "%s terlalu panjang. Ringkas sampai %d karakter.", label, most)
	}
	return text, nil
}

// Missing is what is told of everything that is not there, and of everything
// that is somebody else's: the two must not be distinguishable.
func Missing() error {
	return New(NotFound, "Data yang dicari tidak ditemukan. Periksa kembali alamatnya.")
}

// Of returns the fault inside err, or nil when err is internal.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Wrap adds to *err what was being done, formatted like fmt.Sprintf. It is the
// first line of a function: defer fault.Wrap(&err, "approve nomination %s", id).
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}
