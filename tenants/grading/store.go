package grading

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/nomination"
)

// replace stores outcomes, in the place of those that the participants have.
func replace(ctx context.Context, tx *store.Tx, outcomes []Outcome) error {
	q := tx.NewInsert().Model(&outcomes).On("CONFLICT (tenant_id, nomination_id) DO UPDATE")
	for _, column := range []string{"state", "total", "jp", "lines", "reason", "graded_by", "graded_at", "hours", "grade", "grade_name", "gates", "missing"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
	}
	_, err := q.Exec(ctx)
	return store.Err(err)
}

// Of returns the outcomes of a batch: all for the host, its own people's for a
// sender. There are at most batch.MaxTotal.
func Of(ctx context.Context, tx *store.Tx, in batch.Ref) (all []Outcome, err error) {
	q := tx.NewSelect().Model(&all).Where("tenant_id = ? AND batch_id = ?", in.Host, in.ID).Order("id")
	if in.Host != tx.Tenant {
		q = q.Where("party_id = ?", tx.Tenant)
	}
	err = q.Scan(ctx)
	return all, store.Err(err)
}

// Results joins each outcome of a batch with its participant.
func Results(ctx context.Context, tx *store.Tx, in batch.Ref) ([]Result, error) {
	all, err := Of(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	ids := make([]nomination.ID, len(all))
	for i, o := range all {
		ids[i] = o.NominationID
	}
	people, err := nomination.Named(ctx, tx, in, ids)
	if err != nil {
		return nil, err
	}
	byID := map[nomination.ID]nomination.Nomination{}
	for _, n := range people {
		byID[n.ID] = n
	}
	results := make([]Result, len(all))
	for i, o := range all {
		results[i] = Result{o, byID[o.NominationID]}
	}
	return results, nil
}

// recommend copies what was computed into what is recommended.
func recommend(ctx context.Context, tx *store.Tx, b batch.ID) error {
	_, err := tx.NewUpdate().Model((*Outcome)(nil)).Set("recommended = state").
		Set("recommended_by = ?", tx.Actor).Set("recommended_at = ?", tx.Now).
		Where("tenant_id = ? AND batch_id = ? AND recommended = ''", tx.Tenant, b).Exec(ctx)
	return err
}

// decree copies what is recommended into what counts.
func decree(ctx context.Context, tx *store.Tx, b batch.ID, number string, day civil.Date) error {
	_, err := tx.NewUpdate().Model((*Outcome)(nil)).Set("decreed = recommended").
		Set("decree_number = ?", number).Set("decree_day = ?", day).
		Set("decreed_by = ?", tx.Actor).Set("decreed_at = ?", tx.Now).
		Where("tenant_id = ? AND batch_id = ? AND decreed = ''", tx.Tenant, b).Exec(ctx)
	return err
}
