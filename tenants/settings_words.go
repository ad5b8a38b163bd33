package tenants

import (
	"context"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// period prints a stretch of days; an open end is until further notice.
func period(ctx context.Context, from, to civil.Date) string {
	switch {
	case to.IsZero():
		return ui.T(ctx, "sejak %s", from.Short())
	case from == to:
		return from.Short()
	}
	return from.Short() + " – " + to.Short()
}

// whose says for whom a day is off.
func whose(ctx context.Context, registry *Registry, h Holiday) string {
	if h.TenantID == Kemendagri {
		return ui.T(ctx, "Nasional")
	}
	return registry.Find(h.TenantID).Name
}

// holding says who signs for an office on day.
func holding(ctx context.Context, o Office, day civil.Date) string {
	h, ok := o.On(day)
	if !ok {
		return ui.T(ctx, "Hari ini tidak ada pemegangnya.")
	}
	return h.Kind.Prefix() + h.Titled() + " · " + period(ctx, h.FromDay, h.ToDay)
}

func tenures(ctx context.Context) (all []ui.Option) {
	for _, k := range []Tenure{Definitive, Plt, Plh, Pj, Pjs} {
		all = append(all, ui.Option{Value: string(k), Label: ui.T(ctx, k.Words())})
	}
	return all
}

func holderTitle(ctx context.Context, h Holder) string {
	if h.ID == "" {
		return ui.T(ctx, "Catat pemegang jabatan")
	}
	return ui.T(ctx, "Ubah masa jabatan")
}
