package employee

import (
	"context"
	"strings"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// current marks the nth of list as the page that is shown.
func current(list []ui.Link, nth int) []ui.Link {
	for i := range list {
		list[i].Current = i == nth
	}
	return list
}

// outgoing keeps the list of one's own requests in the address of its next page.
func outgoing(next store.Cursor, d Direction) string {
	if d == Outgoing && next != (store.Cursor{}) {
		return "&arah=keluar"
	}
	return ""
}

// told says where a request stands, and what comes next. It tells the asker the same
// about a right and a wrong guess.
func told(ctx context.Context, f transferForm, v TransferView) string {
	day := v.EffectiveDay.Short()
	switch v.State { //nolint:exhaustive // what is not named takes nothing here
	case TransferAsked:
		if v.Asked {
			return ui.T(ctx, "%s meminta pegawai ini. Setujui, atau tahan dengan alasan.", f.names(v.TenantID))
		}
		return ui.T(ctx, "Permintaan dikirim; menunggu jawaban. Mulai %s penetapan instansi di atas Anda dapat dimohon.", v.appealDay().Short())
	case TransferHeld:
		return ui.T(ctx, "Ditahan sampai %s: %s", v.HeldUntil.Short(), v.HeldReason)
	case TransferAgreed:
		return ui.T(ctx, "Instansi asal setuju. Pegawai dipindahkan otomatis pada %s.", day)
	case TransferRuled:
		return ui.T(ctx, "%s menetapkan bahwa surat keputusan sudah cukup. Pegawai dipindahkan otomatis pada %s.", f.names(v.RuledBy), day)
	case TransferLeft:
		return ui.T(ctx, "Hubungan kerja di instansi asal sudah berakhir. Pencatatan di instansi tujuan sedang berjalan.")
	case TransferDone:
		return ui.T(ctx, "Pegawai tercatat di %s sejak %s.", f.names(v.TenantID), civil.Format(v.DoneAt, f.Zone))
	case TransferWithdrawn:
		return ui.T(ctx, "Permintaan ini ditarik oleh %s.", f.names(v.TenantID))
	}
	return ui.T(ctx, v.Note)
}

// course is what has happened to a request, and when.
func course(ctx context.Context, f transferForm, t Transfer) []ui.Fact {
	all := []ui.Fact{{Label: ui.T(ctx, "Diajukan"), Value: civil.Format(t.AskedAt, f.Zone)}, {Label: ui.T(ctx, "Dijawab"), Value: civil.Format(t.DecidedAt, f.Zone)}}
	for _, step := range []ui.Fact{
		{Label: ui.T(ctx, "Penetapan"), Value: strings.TrimPrefix(civil.Format(t.RuledAt, f.Zone)+": "+t.Ruling, ": ")},
		{Label: ui.T(ctx, "Berakhir di instansi asal"), Value: civil.Format(t.LeftAt, f.Zone)},
		{Label: ui.T(ctx, "Tercatat di instansi tujuan"), Value: civil.Format(t.DoneAt, f.Zone)},
	} {
		if step.Value != "" {
			all = append(all, step)
		}
	}
	return all
}
