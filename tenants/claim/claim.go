// Package claim knows for how long a person, trainer or room is taken, in the
// whole country, without telling by whom.
//
// A claim belongs to the tenant that made it. Another tenant may ask about a
// subject that it names and learns only whether a stretch of time is free.
package claim

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

type claim struct {
	bun.BaseModel `bun:"table:claim"`

	TenantID tenants.ID `bun:",pk"`
	ID       string     `bun:",pk"`
	Subject  string
	Source   string // what takes it: "batch:…"
	Starts   time.Time
	Ends     time.Time // exclusive: an end at 12.00 and a start at 12.00 do not meet
}

// Person is the subject of a human's time.
func Person(id account.ID) string { return "person:" + string(id) }

// Take claims subject from starts to ends for source.
// Errors: fault.Conflict when it is taken for a part of that time, wherever; the
// text names nobody and no place.
func Take(ctx context.Context, tx *store.Tx, subject, source string, starts, ends time.Time) error {
	if err := tx.Ask(ctx, subject); err != nil {
		return err
	}
	taken, err := tx.NewSelect().Model((*claim)(nil)).
		Where("subject = ? AND starts < ? AND ends > ?", subject, ends, starts).Exists(ctx)
	if err != nil {
		return err
	}
	if taken {
		return fault.New(fault.Conflict, "Yang bersangkutan sudah terikat pelatihan lain pada waktu ini. Minta instansi pengirim memeriksa jadwalnya atau mengusulkan pengganti.")
	}
	c := claim{TenantID: tx.Tenant, ID: tx.NewID(), Subject: subject, Source: source, Starts: starts, Ends: ends}
	_, err = tx.NewInsert().Model(&c).Exec(ctx)
	return store.Err(err)
}
