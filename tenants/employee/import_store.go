package employee

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// A piece is a part of the file that is imported.
type piece struct {
	bun.BaseModel `bun:"table:import_piece"`

	TenantID tenants.ID `bun:",pk"`
	ID       string     `bun:",pk"`
	RunID    RunID
	N        int
	Data     string
}

// A known mapping is how a kind of file has been read before.
type knownMapping struct {
	bun.BaseModel `bun:"table:import_mapping"`

	TenantID    tenants.ID `bun:",pk"`
	ID          string     `bun:",pk"`
	Fingerprint string
	Columns     Mapping `bun:",type:jsonb"`
}

// abandoned is after how long an import that has not gone on gives way to another.
const abandoned = time.Hour

// findRun returns run id of the tenant acted in, for whoever may act on all of it.
// Errors: fault.NotFound, fault.Forbidden.
func findRun(ctx context.Context, tx *store.Tx, id RunID) (run Run, err error) {
	if err := tx.Whole(); err != nil {
		return run, err
	}
	err = tx.NewSelect().Model(&run).Where("tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx)
	return run, store.Err(err)
}

// saveRun stores run over its state before. Errors: fault.NotFound when it has another.
func saveRun(ctx context.Context, tx *store.Tx, run Run, before RunState) error {
	err := store.One(tx.NewUpdate().Model(&run).ExcludeColumn("tenant_id", "id", "titles", "size", "header_row", "sheet", "started_by", "started_at").
		Where("tenant_id = ? AND id = ? AND state = ?", tx.Tenant, run.ID, before).Exec(ctx))
	if store.Duplicate(err) {
		return busy()
	}
	return err
}

// supersede drops what an earlier import has left. One that is running stays.
func supersede(ctx context.Context, tx *store.Tx) error {
	_, err := tx.NewUpdate().Model((*Run)(nil)).Set("state = ?", Failed).Set("note = ?", "Digantikan oleh impor yang lebih baru.").
		Where("tenant_id = ? AND (state = ? OR state IN (?) AND started_at < ?)", tx.Tenant, Staged, bun.List([]RunState{Staging, Applying}), tx.Now.Add(-abandoned)).Exec(ctx)
	if err != nil {
		return err
	}
	live, err := tx.NewSelect().Model((*Run)(nil)).Where("tenant_id = ? AND state IN (?)", tx.Tenant, bun.List([]RunState{Staging, Applying})).Exists(ctx)
	if err != nil {
		return err
	}
	if live {
		return busy()
	}
	if err := dropRows(ctx, tx); err != nil {
		return err
	}
	_, err = tx.NewDelete().Model((*piece)(nil)).Where("tenant_id = ?", tx.Tenant).Exec(ctx)
	return err
}

// dropRows deletes what is staged.
func dropRows(ctx context.Context, tx *store.Tx) error {
	_, err := tx.NewDelete().Model((*Row)(nil)).Where("tenant_id = ?", tx.Tenant).Exec(ctx)
	return err
}

// remembered returns how a file with these titles was read before, nil when none was.
func remembered(ctx context.Context, tx *store.Tx, fingerprint string) (Mapping, error) {
	var all []knownMapping
	err := tx.NewSelect().Model(&all).Where("tenant_id = ? AND fingerprint = ?", tx.Tenant, fingerprint).Limit(1).Scan(ctx)
	if len(all) == 0 {
		return nil, err
	}
	return all[0].Columns, err
}

func remember(ctx context.Context, tx *store.Tx, fingerprint string, m Mapping) error {
	k := knownMapping{TenantID: tx.Tenant, ID: tx.NewID(), Fingerprint: fingerprint, Columns: m}
	_, err := tx.NewInsert().Model(&k).On("CONFLICT (tenant_id, fingerprint) DO UPDATE").Set("columns = EXCLUDED.columns").Exec(ctx)
	return err
}

// own completes rows of r that were read without what is the same in all of them, or is of
// no use to Go.
func (r Run) own(rows []Row) {
	for i := range rows {
		rows[i].TenantID, rows[i].RunID, rows[i].Data = r.TenantID, r.ID, nothing
	}
}

// resave stores columns of rows that are staged, in one statement however many they are.
func resave(ctx context.Context, tx *store.Tx, rows []Row, columns ...string) error {
	if len(rows) == 0 {
		return nil
	}
	q := tx.NewInsert().Model(&rows).On("CONFLICT (tenant_id, id) DO UPDATE")
	for _, c := range columns {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err := q.Exec(ctx)
	return err
}

// stagedRows returns up to size rows of a verdict, "" for all, after a line.
func stagedRows(ctx context.Context, tx *store.Tx, id RunID, v Verdict, after, size int) (all []Row, err error) {
	q := tx.NewSelect().Model(&all).Column("line", "verdict", "field", "cause", "cure", "name", "nip", "diff").
		Where("tenant_id = ? AND run_id = ? AND line > ?", tx.Tenant, id, after)
	if v != "" {
		q = q.Where("verdict = ?", v)
	}
	err = q.Order("line").Limit(int64(size)).Scan(ctx)
	return all, err
}

// ills groups what is wrong by its cure, the most frequent first.
func ills(ctx context.Context, tx *store.Tx, id RunID) (all []Ill, err error) {
	err = tx.NewSelect().Model((*Row)(nil)).ColumnExpr("verdict, field, cure, min(cause) AS cause, count(*) AS n, min(line) AS first").
		Where("tenant_id = ? AND run_id = ? AND verdict IN (?)", tx.Tenant, id, bun.List([]Verdict{Duplicate, Rejected, Elsewhere})).
		Group("verdict", "field", "cure").OrderExpr("n DESC, first").Limit(20).Scan(ctx, &all)
	return all, err
}

// counted is how many rows of run id have which verdict.
func counted(ctx context.Context, tx *store.Tx, id RunID) (map[Verdict]int, error) {
	var all []struct {
		Verdict Verdict
		N       int
	}
	err := tx.NewSelect().Model((*Row)(nil)).ColumnExpr("verdict, count(*) AS n").
		Where("tenant_id = ? AND run_id = ?", tx.Tenant, id).Group("verdict").Scan(ctx, &all)
	counts := map[Verdict]int{}
	for _, c := range all {
		counts[c.Verdict] = c.N
	}
	return counts, err
}
