package tenants

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
)

type row struct {
	bun.BaseModel `bun:"table:tenant"`
	ID            ID `bun:",pk"`
	Kind          Kind
	Zone          civil.Zone
}

type era struct {
	bun.BaseModel `bun:"table:tenant_era"`
	TenantID      ID         `bun:",pk"`
	FromDay       civil.Date `bun:",pk"`
	ToDay         civil.Date // exclusive; zero = until further notice
	Code          string
	Slug          string
	Bkn           string
	Name          string
	ParentID      ID `bun:",nullzero"`
	Decree        string
	Verified      bool
}

func eraOf(g Government) era {
	return era{
		TenantID: g.ID, FromDay: g.From, ToDay: g.To, Code: g.Code, Slug: g.Slug, Bkn: g.BKN, Name: g.Name, ParentID: g.Parent,
		Decree: g.Decree, Verified: g.Verified,
	}
}

// An Entry is a line of the registry's history.
type Entry struct {
	bun.BaseModel `bun:"table:tenant_change"`

	Seq      int              `bun:",pk" json:"seq"`
	TenantID ID               `bun:",nullzero" json:"-"` // 0 = the seed
	Act      Act              `json:"act"`
	FromDay  civil.Date       `json:"from,omitzero"`
	Ground   Ground           `json:"ground,omitempty"` // of a suspension
	Decree   string           `json:"decree,omitempty"`
	Reason   string           `json:"reason,omitempty"`
	MadeBy   store.IdentityID `bun:",nullzero" json:"-"` // "" = the command line or the seed
	At       time.Time        `json:"at"`
}

// insertGovernments adds what of all is not there yet. A last era that is there since
// ever, and is known now to have begun later, begins later.
func insertGovernments(ctx context.Context, tx *store.Tx, all []Government) (changed bool, err error) {
	var rows []row
	var eras []era
	seen, touched := map[ID]bool{}, int64(0)
	for _, g := range all {
		if !seen[g.ID] {
			seen[g.ID] = true
			rows = append(rows, row{ID: g.ID, Kind: g.Kind, Zone: g.Zone})
		}
		eras = append(eras, eraOf(g))
		if g.From == seedDay {
			continue
		}
		result, err := tx.NewUpdate().Model((*era)(nil)).
			Set("from_day = ?", g.From).Set("decree = ?", g.Decree).Set("verified = ?", g.Verified).
			Where("tenant_id = ? AND from_day = ? AND code = ?", g.ID, seedDay, g.Code).Exec(ctx)
		if err != nil {
			return false, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return false, err
		}
		touched += n
	}
	inserted, err := tx.NewInsert().Model(&rows).On("CONFLICT (id) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := inserted.RowsAffected()
	if err != nil {
		return false, err
	}
	touched += n
	if inserted, err = tx.NewInsert().Model(&eras).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return false, err
	}
	n, err = inserted.RowsAffected()
	return touched+n > 0, err
}

// insertGovernment. Errors: fault.Conflict when the id or the code is taken.
func insertGovernment(ctx context.Context, tx *store.Tx, g Government) error {
	if _, err := tx.NewInsert().Model(&row{ID: g.ID, Kind: g.Kind, Zone: g.Zone}).Exec(ctx); err != nil {
		return store.Err(err)
	}
	return insertEra(ctx, tx, g)
}

// insertEra. Errors: fault.Conflict when the tenant or the code has an era without an end.
func insertEra(ctx context.Context, tx *store.Tx, g Government) error {
	e := eraOf(g)
	_, err := tx.NewInsert().Model(&e).Exec(ctx)
	return store.Err(err)
}

// endEra ends the era that holds until further notice. Errors: fault.NotFound.
func endEra(ctx context.Context, tx *store.Tx, id ID, day civil.Date) error {
	return store.One(tx.NewUpdate().Model((*era)(nil)).Set("to_day = ?", day).Where("tenant_id = ? AND to_day IS NULL", id).Exec(ctx))
}

// listEras returns every era of every tenant in the order of codes, a tenant's oldest
// first, each with the tenant's suspension.
func listEras(ctx context.Context, tx *store.Tx) (all []Government, err error) {
	err = tx.NewRaw(`SELECT t.id, t.kind, t.zone, e.code, e.slug, e.bkn, e.name, coalesce(e.parent_id, 0) AS parent,
			e.from_day AS "from", e.to_day AS "to", e.decree, e.verified
		FROM tenant t JOIN tenant_era e ON e.tenant_id = t.id ORDER BY e.code, e.from_day`).Scan(ctx, &all)
	if err != nil {
		return nil, err
	}
	var changes []Entry
	err = tx.NewSelect().Model(&changes).Where("act IN (?)", bun.List([]Act{Suspended, Reinstated})).Order("seq").Scan(ctx)
	if err != nil {
		return nil, err
	}
	closed := map[ID]Suspension{}
	for _, c := range changes {
		closed[c.TenantID] = Suspension{}
		if c.Act == Suspended {
			closed[c.TenantID] = Suspension{Ground: c.Ground, Since: c.At}
		}
	}
	for i := range all {
		all[i].Suspended = closed[all[i].ID]
	}
	return all, nil
}

// version returns the number of the last change; 0 for none.
func version(ctx context.Context, tx *store.Tx) (seq int, err error) {
	err = tx.NewRaw("SELECT coalesce(max(seq), 0) FROM tenant_change").Scan(ctx, &seq)
	return seq, err
}

// insertChange adds e as the next change. Errors: fault.Conflict when another process
// was quicker.
func insertChange(ctx context.Context, tx *store.Tx, e Entry) error {
	last, err := version(ctx, tx)
	if err != nil {
		return err
	}
	e.Seq, e.MadeBy, e.At = last+1, tx.Actor, tx.Now
	_, err = tx.NewInsert().Model(&e).Exec(ctx)
	return store.Err(err)
}

// changesOf lists the changes of a tenant, the newest first.
func changesOf(ctx context.Context, tx *store.Tx, id ID) (all []Entry, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ?", id).Order("seq DESC").Scan(ctx)
	return all, err
}
