package account

import (
	"context"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// codeField is the input of a code; problem is what was wrong with the last one.
func codeField(ctx context.Context, problem, hint string) ui.FieldSpec {
	return ui.FieldSpec{Name: "code", Label: ui.T(ctx, "Kode"), Hint: hint, Error: problem, Required: true, Autocomplete: "one-time-code", MaxLength: 20}
}

// secretField is f where a password could be asked for as well.
func secretField(f ui.FieldSpec) ui.FieldSpec {
	f.Name = "secret"
	return f
}

// deviceWords is a device in the reader's language.
func deviceWords(ctx context.Context, device string) string {
	browser, system, both := strings.Cut(device, " di ")
	switch {
	case device == "":
		return ui.T(ctx, "Perangkat tidak dikenal")
	case both:
		return ui.T(ctx, "%s di %s", browser, system)
	}
	return device
}

// sessionWords is what is said of a session below its device.
func sessionWords(ctx context.Context, s Session) string {
	text := ui.T(ctx, "Sejak %s, terakhir dipakai %s", when(s.CreatedAt), when(s.SeenAt))
	if place := s.Place(); place != "" {
		text += " · " + ui.T(ctx, "jaringan %s", place)
	}
	return text
}

// when is an instant in short: "2 Nov 2026, 12.00 WIB".
func when(t time.Time) string {
	return civil.DateOf(t, civil.WIB).Short() + ", " + civil.Clock(t, civil.WIB)
}
