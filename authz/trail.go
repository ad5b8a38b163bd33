package authz

import (
	"context"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
)

// A Sought narrows what is read of a trail; a zero field narrows nothing.
type Sought struct {
	Actor  store.IdentityID
	Kind   string    // of what was acted on: "nomination"
	From   time.Time // not before
	To     time.Time // before
	Before string    // older than the line with this id
}

// Trail returns up to most lines of the tenant acted in, newest first.
func Trail(ctx context.Context, tx *store.Tx, s Sought, most int) (lines []Line, err error) {
	q := tx.NewSelect().Model(&lines).Where("tenant_id = ?", tx.Tenant).Order("id DESC").Limit(int64(most))
	if s.Actor != "" {
		q = q.Where("actor = ?", s.Actor)
	}
	if s.Kind != "" {
		q = q.Where("kind = ?", s.Kind)
	}
	if !s.From.IsZero() {
		q = q.Where("at >= ?", s.From)
	}
	if !s.To.IsZero() {
		q = q.Where("at < ?", s.To)
	}
	if s.Before != "" {
		q = q.Where("id < ?", s.Before)
	}
	err = q.Scan(ctx)
	return lines, store.Err(err)
}

// VerifyChain recomputes the chain of the tenant acted in as VerifyAudit does that of
// all; lines is how many were read.
func VerifyChain(ctx context.Context, tx *store.Tx) (findings []Finding, lines int, err error) {
	var heads []head
	if err := tx.NewSelect().Model(&heads).Where("tenant_id = ?", tx.Tenant).Scan(ctx); err != nil {
		return nil, 0, err
	}
	h := head{TenantID: tx.Tenant}
	if len(heads) > 0 {
		h = heads[0]
	}
	if findings, lines, err = verifyChain(ctx, tx, h); err != nil {
		return nil, 0, err
	}
	open, err := overdue(ctx, tx, "tenant_id = ?", tx.Tenant)
	return append(findings, open...), lines, err
}

// overdue finds lines that should have been sealed long ago.
func overdue(ctx context.Context, tx *store.Tx, whose string, args ...any) (findings []Finding, err error) {
	var open []Line
	err = tx.NewSelect().Model(&open).Where(whose, args...).Where("hash IS NULL AND at < ?", tx.Now.Add(-unsealedAtMost)).
		Order("id").Limit(sealChunk).Scan(ctx)
	for _, l := range open {
		findings = append(findings, Finding{l.TenantID, 0, "baris " + l.ID + " belum disegel lebih dari 60 detik"})
	}
	return findings, err
}
