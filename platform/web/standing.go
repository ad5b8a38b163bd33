package web

import (
	"context"

	"github.com/wiyata-id/wiyata/platform/fault"
)

// Where people go whose session has not come far enough for a page.
const (
	secondPath = "/masuk/dua-langkah" // to give the code of the second factor
	provePath  = "/masuk/ulang"       // to give the password or a code once more
)

// A Standing is how far a session has come. The zero Standing is whole and stale.
type Standing struct {
	Half  bool // the second factor is still to be given: only routes that say so are open
	Fresh bool // a password or code was given within the last ten minutes
}

type standingKey struct{}

// WithStanding returns ctx with the standing of the request's session; Authenticate
// calls it. Without it, as for API tokens, a session is whole and stale.
func WithStanding(ctx context.Context, s Standing) context.Context {
	return context.WithValue(ctx, standingKey{}, s)
}

// A detour is a refusal that a page of ours cures: people are led there and back,
// programs are told.
type detour struct {
	to  string
	why error
}

func (d *detour) Error() string { return d.why.Error() }
func (d *detour) Unwrap() error { return d.why }

// admit refuses a session that has not come as far as p asks.
// Errors: fault.Forbidden.
func (p Policy) admit(ctx context.Context) error {
	s, _ := ctx.Value(standingKey{}).(Standing)
	switch {
	case s.Half && !p.Half && p.Door != "public":
		return &detour{secondPath, fault.New(fault.Forbidden, "Sesi ini belum lengkap. Masukkan kode langkah kedua di %s, lalu ulangi.", secondPath)}
	case p.StepUp && !s.Fresh && requestFrom(ctx).token != "":
		return &detour{provePath, fault.New(fault.Forbidden, "Tindakan ini meminta kata sandi atau kode dalam 10 menit terakhir. Berikan di %s, lalu ulangi.", provePath)}
	}
	return nil
}
