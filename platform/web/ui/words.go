package ui

import (
	"context"
	"fmt"
)

// Words are the texts of a language by the Indonesian ones, which are the source.
type Words map[string]string

// T is an Indonesian text in the reader's language. Args fill its verbs, as Sprintf
// does. A text without a translation stays as it is; a test fails on it.
func T(ctx context.Context, text string, args ...any) string {
	if said, ok := ViewFrom(ctx).Words[text]; ok {
		text = said
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// N marks an Indonesian text that is kept, and translated by T where it is shown.
func N(text string) string { return text }
