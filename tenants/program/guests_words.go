package program

import (
	"context"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/plugins/host"
)

// summary says of a version, in a line, whose it is and how it has done.
func summary(ctx context.Context, g host.Status) string {
	said := []string{ui.T(ctx, "Penyedia %s", g.Vendor)}
	if g.Current {
		said = append(said, ui.T(ctx, "dipakai program baru"))
	}
	said = append(said, ui.T(ctx, "%d kali dimulai", g.Starts))
	if g.State == host.Disabled {
		said = append(said, since(ctx, g))
	}
	return strings.Join(said, " · ")
}

// since says from when on, and why, a version is not run.
func since(ctx context.Context, g host.Status) string {
	return ui.T(ctx, "Nonaktif sejak %s: %s", moment(g.ChangedAt), g.Reason)
}

// moment is a time of the platform's own, in its zone.
func moment(t time.Time) string {
	return civil.DateOf(t, civil.WIB).Short() + ", " + civil.Clock(t, civil.WIB)
}

// grouped is a number in hex as people compare it, and as lines can break.
func grouped(hex string) string {
	var parts []string
	for len(hex) > 8 {
		parts, hex = append(parts, hex[:8]), hex[8:]
	}
	return strings.Join(append(parts, hex), " ")
}

// signature are the facts by which a version is told from a forged one.
func signature(ctx context.Context, g Guest) []ui.Fact {
	key := grouped(g.Key)
	if !g.Signer.RevokedAt.IsZero() {
		key = ui.T(ctx, "%s, dicabut %s: %s", key, moment(g.Signer.RevokedAt), g.Signer.Reason)
	}
	return []ui.Fact{
		{Label: ui.T(ctx, "Penyedia"), Value: g.Vendor},
		{Label: ui.T(ctx, "Kunci penyedia (Ed25519)"), Value: key},
		{Label: ui.T(ctx, "Manifes yang ditandatangani (SHA-256)"), Value: grouped(g.Sum())},
		{Label: ui.T(ctx, "Versi kontrak"), Value: ui.T(ctx, "%d, platform ini melayani %d", g.Contract, host.Contract())},
		{Label: ui.T(ctx, "Dipasang"), Value: moment(g.InstalledAt)},
	}
}

// running are the facts of how a version runs on this node.
func running(ctx context.Context, g host.Status) []ui.Fact {
	up, memory := "", ""
	if g.State == host.Running {
		up = moment(g.Since)
	}
	if g.Memory > 0 { // it has been looked at
		memory = ui.T(ctx, "%d MB", g.Memory>>20)
	}
	return []ui.Fact{
		{Label: ui.T(ctx, "Berjalan sejak"), Value: up},
		{Label: ui.T(ctx, "Memori"), Value: memory},
		{Label: ui.T(ctx, "Dimulai"), Value: ui.T(ctx, "%d kali", g.Starts)},
		{Label: ui.T(ctx, "Gagal dalam satu jam terakhir"), Value: ui.T(ctx, "%d kali; yang ketiga menghentikannya", g.Failures)},
		{Label: ui.T(ctx, "Pertanyaan"), Value: ui.T(ctx, "%d, %d di antaranya gagal dijawab", g.Calls, g.Errors)},
	}
}
