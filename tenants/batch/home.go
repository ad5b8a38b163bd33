package batch

import (
	"context"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants"
)

// Upcoming returns up to 50 batches of g that run or are coming, and today where g is:
// for whoever asks.
func (s *Service) Upcoming(ctx context.Context, g tenants.Government) (all []Batch, today civil.Date, err error) {
	defer fault.Wrap(&err, "list upcoming batches of %d", g.ID)
	err = s.gate.Public(ctx, "", func(tx *store.Tx) error {
		today = civil.DateOf(tx.Now, g.Zone)
		all, err = upcoming(ctx, tx, g.ID, today)
		return err
	})
	return all, today, err
}

// faceOf is the name that heads a government's face.
func faceOf(g tenants.Government, p tenants.Profile) string {
	if p.Body != "" {
		return p.Body
	}
	return g.Name
}

// contact lists what of p's contacts is told.
func contact(ctx context.Context, p tenants.Profile) (all []ui.Fact) {
	for _, f := range []ui.Fact{
		{Label: ui.T(ctx, "Bantuan"), Value: p.Help}, {Label: ui.T(ctx, "Alamat"), Value: p.Address},
		{Label: ui.T(ctx, "Telepon"), Value: p.Phone}, {Label: ui.T(ctx, "Surel"), Value: p.Email}, {Label: ui.T(ctx, "Laman"), Value: p.Site},
	} {
		if f.Value != "" {
			all = append(all, f)
		}
	}
	return all
}
