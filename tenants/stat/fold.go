package stat

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

const (
	foldEvery = time.Hour
	foldChunk = 5000 // deltas that one transaction folds at most
)

// A Folder sums up the deltas of all tenants, each within its own.
//
// It is a loop of its own and no effect of the outbox: an outbox row per tenant and
// hour would be the one row at which all writers of a tenant meet, which is what deltas
// are there to avoid. Several nodes may fold at once: who comes second finds the
// deltas gone.
type Folder struct {
	gate     *authz.Gate
	registry *tenants.Registry
	log      *slog.Logger
}

// NewFolder returns a folder behind gate.
func NewFolder(gate *authz.Gate, registry *tenants.Registry, log *slog.Logger) *Folder {
	return &Folder{gate, registry, log}
}

// Run folds each hour until ctx ends.
func (f *Folder) Run(ctx context.Context) {
	tick := time.NewTicker(foldEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := f.Fold(ctx); err != nil && ctx.Err() == nil {
				f.log.Error("counts not folded", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// Fold folds every delta that is committed now: a chunk of each tenant in turn, so
// that a large one holds up nobody. Nobody acts in a suspended tenant, this neither:
// its deltas wait, and are summed as they stand.
func (f *Folder) Fold(ctx context.Context) error {
	var waiting []tenants.ID
	for _, g := range f.registry.All() {
		if f.registry.Closed(g.ID) == nil {
			waiting = append(waiting, g.ID)
		}
	}
	for len(waiting) > 0 {
		var more []tenants.ID
		for _, t := range waiting {
			n, err := f.foldTenant(authz.AsSystem(ctx, t))
			if err != nil {
				return fmt.Errorf("fold counts of tenant %d: %w", t, err)
			}
			if n == foldChunk {
				more = append(more, t)
			}
		}
		waiting = more
	}
	return nil
}

// foldTenant folds up to a chunk of the deltas of the tenant acted in, and returns how
// many they were. A look comes first: most tenants have nothing to fold in most hours.
func (f *Folder) foldTenant(ctx context.Context) (n int, err error) {
	var some []string
	err = f.gate.Read(ctx, authz.StatFold, func(tx *store.Tx) error {
		return tx.NewSelect().Model((*delta)(nil)).Column("id").Where("tenant_id = ? AND NOT folded", tx.Tenant).Limit(1).Scan(ctx, &some)
	})
	if err != nil || len(some) == 0 {
		return 0, err
	}
	a, _ := authz.ActorFrom(ctx)
	err = f.gate.Bookkeep(ctx, authz.StatFold, fmt.Sprintf("fold:%d", a.Tenant), func(tx *store.Tx) (err error) {
		n, err = fold(ctx, tx, foldChunk)
		return err
	})
	return n, err
}

// fold replaces up to most deltas of the tenant acted in by their sums.
func fold(ctx context.Context, tx *store.Tx, most int) (int, error) {
	var gone []delta
	chunk := tx.NewSelect().Model((*delta)(nil)).Column("id").Where("tenant_id = ? AND NOT folded", tx.Tenant).Order("id").Limit(int64(most))
	err := tx.NewDelete().Model((*delta)(nil)).Where("tenant_id = ? AND NOT folded AND id IN (?)", tx.Tenant, chunk).
		Returning("*").Scan(ctx, &gone)
	if err != nil || len(gone) == 0 {
		return 0, err
	}
	at := map[string]int{} // id of a sum → its place
	var sums []delta
	for _, d := range gone {
		id := d.sumID()
		i, known := at[id]
		if !known {
			i, at[id] = len(sums), len(sums)
			sums = append(sums, delta{TenantID: tx.Tenant, ID: id, Kind: d.Kind, Year: d.Year, Dims: d.Dims, Day: d.Day, Folded: true})
		}
		sums[i].N += d.N
	}
	_, err = tx.NewInsert().Model(&sums).On("CONFLICT (tenant_id, id) DO UPDATE").Set("n = ?TableAlias.n + EXCLUDED.n").Exec(ctx)
	return len(gone), err
}

// sumID is the id of the row that sums up all like d: the same whenever it is asked for.
func (d delta) sumID() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "fold\n%s\n%d\n%s\n%s", d.Kind, d.Year, d.Day, d.Dims))
	id := uuid.UUID(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // version 8, which leaves the bits to us
	return id.String()
}
