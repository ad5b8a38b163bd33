package certificate

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/nomination"
)

// pageSize bounds a list: all certificates that a batch can have.
const pageSize = batch.MaxTotal

// register is a series of numbers of a tenant.
type register struct {
	bun.BaseModel `bun:"table:register"`

	TenantID tenants.ID `bun:",pk"`
	ID       string     `bun:",pk"`
	Kind     string
	Year     int
	Last     int // the number given last
}

// insertNumbered draws as many numbers of the series (kind, year) as there are
// drafts and stores them. Rolled back together, no number is ever lost.
func insertNumbered(ctx context.Context, tx *store.Tx, kind string, year int, drafts []Certificate) error {
	if len(drafts) == 0 {
		return nil
	}
	r := register{TenantID: tx.Tenant, ID: tx.NewID(), Kind: kind, Year: year}
	_, err := tx.NewInsert().Model(&r).On("CONFLICT (tenant_id, kind, year) DO NOTHING").Exec(ctx)
	if err != nil {
		return err
	}
	var last int
	err = tx.NewUpdate().Model(&r).Set("last = last + ?", len(drafts)).
		Where("tenant_id = ? AND kind = ? AND year = ?", tx.Tenant, kind, year).Returning("last").Scan(ctx, &last)
	if err != nil {
		return store.Err(err)
	}
	for i := range drafts {
		drafts[i].Number = fmt.Sprintf("%d/%s/%05d", year, kind, last-len(drafts)+1+i)
	}
	_, err = tx.NewInsert().Model(&drafts).Exec(ctx)
	return store.Err(err)
}

// numbered returns the participants of a batch who have a certificate.
func numbered(ctx context.Context, tx *store.Tx, b batch.ID) (map[nomination.ID]bool, error) {
	var ids []nomination.ID
	err := tx.NewSelect().Model((*Certificate)(nil)).Column("nomination_id").
		Where("tenant_id = ? AND batch_id = ?", tx.Tenant, b).Scan(ctx, &ids)
	have := map[nomination.ID]bool{}
	for _, id := range ids {
		have[id] = true
	}
	return have, store.Err(err)
}

func unsigned(ctx context.Context, tx *store.Tx, b batch.ID) (all []Certificate, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND batch_id = ? AND state = ?", tx.Tenant, b, Draft).
		Order("number").Limit(pageSize).Scan(ctx)
	return all, store.Err(err)
}

// saveSigned stores the signatures of drafts in one statement.
func saveSigned(ctx context.Context, tx *store.Tx, drafts []Certificate) error {
	type signature struct {
		ID        string `bun:"type:uuid"`
		Signature string
	}
	values := make([]signature, len(drafts))
	for i, c := range drafts {
		values[i] = signature{c.ID, c.Signature}
	}
	first := drafts[0] // signer, time and key are the same for all
	_, err := tx.NewUpdate().With("signed", tx.NewValues(&values)).Model((*Certificate)(nil)).TableExpr("signed").
		Set("state = ?", Issued).Set("signed_by = ?", first.SignedBy).Set("signed_at = ?", first.SignedAt).
		Set("key_id = ?", first.KeyID).Set("signature = signed.signature").
		Where("certificate.tenant_id = ? AND certificate.id = signed.id AND certificate.state = ?", tx.Tenant, Draft).Exec(ctx)
	return err
}

// of returns the certificates of a batch: all for the host, its own people's for a sender.
func of(ctx context.Context, tx *store.Tx, in batch.Ref) (all []Certificate, err error) {
	q := tx.NewSelect().Model(&all).Where("tenant_id = ? AND batch_id = ?", in.Host, in.ID).Order("number").Limit(pageSize)
	if in.Host != tx.Tenant {
		q = q.Where("party_id = ?", tx.Tenant)
	}
	err = q.Scan(ctx)
	return all, store.Err(err)
}

func ofPerson(ctx context.Context, tx *store.Tx) (all []Certificate, err error) {
	err = tx.NewSelect().Model(&all).Where("identity_id = ? AND state = ?", tx.Actor, Issued).Order("id DESC").Limit(pageSize).Scan(ctx)
	return all, err
}

// byToken returns the certificate that the visitor's token names. Errors: fault.NotFound.
func byToken(ctx context.Context, tx *store.Tx, token string) (c Certificate, err error) {
	err = tx.NewSelect().Model(&c).Where("token = ? AND state = ?", token, Issued).Scan(ctx)
	return c, store.Err(err)
}

// ForParty returns certificate id of host whose hours belong to the tenant acted in.
// Errors: fault.NotFound.
func ForParty(ctx context.Context, tx *store.Tx, host tenants.ID, id string) (c Certificate, err error) {
	err = tx.NewSelect().Model(&c).Where("tenant_id = ? AND id = ? AND party_id = ? AND state = ?", host, id, tx.Tenant, Issued).Scan(ctx)
	return c, store.Err(err)
}
