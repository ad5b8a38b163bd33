package tenants

import (
	"context"
	"slices"

	"github.com/wiyata-id/wiyata/platform/web/ui"
)

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// span is when an era holds, in words.
func span(ctx context.Context, g Government) string {
	switch {
	case !g.Known() && g.To.IsZero():
		return ui.T(ctx, "Sejak semula")
	case !g.Known():
		return ui.T(ctx, "Sampai sebelum %s", g.To.Short())
	case g.To.IsZero():
		return ui.T(ctx, "Sejak %s", g.From.Short())
	}
	return ui.T(ctx, "%s sampai sebelum %s", g.From.Short(), g.To.Short())
}

// provinceOf names the province of an era, as it is called today.
func provinceOf(registry *Registry, g Government) string {
	return registry.ever(g.Parent).Name
}

func allVerified(eras []Government) bool {
	return !slices.ContainsFunc(eras, func(g Government) bool { return !g.Verified })
}

// facts is an era as a review shows it.
func (o *Operator) facts(ctx context.Context, g Government) []ui.Fact {
	condition := ui.T(ctx, "Aktif")
	if g.Suspended.Ground != "" {
		condition = ui.T(ctx, "Dinonaktifkan") + " " + ui.T(ctx, g.Suspended.Ground.Words())
	}
	return []ui.Fact{
		{Label: ui.T(ctx, "Nama"), Value: g.Name}, {Label: ui.T(ctx, "Kode Kemendagri"), Value: g.Code}, {Label: ui.T(ctx, "Provinsi"), Value: provinceOf(o.registry, g)},
		{Label: ui.T(ctx, "Berlaku"), Value: span(ctx, g)}, {Label: ui.T(ctx, "Zona waktu"), Value: string(g.Zone)}, {Label: ui.T(ctx, "Keadaan"), Value: condition},
	}
}

// basisOf are those of the typed fields that say why.
func basisOf(ctx context.Context, typed []ui.Pair) (facts []ui.Fact) {
	for _, p := range typed {
		switch p.Name {
		case "decree":
			facts = append(facts, ui.Fact{Label: ui.T(ctx, "Dasar hukum"), Value: p.Value})
		case "reason":
			facts = append(facts, ui.Fact{Label: ui.T(ctx, "Alasan"), Value: p.Value})
		}
	}
	return facts
}
