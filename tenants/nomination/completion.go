package nomination

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/batch"
)

// A completion is that somebody has been through a training: written by its host when the
// outcome is decreed, and learnt of by whoever names person and course type.
type completion struct {
	bun.BaseModel `bun:"table:completion"`

	TenantID tenants.ID `bun:",pk"` // host
	ID       string     `bun:",pk"`
	Subject  string
	State    coursetype.State // passed or failed
	Ended    civil.Date       // last day of the batch
	BatchID  batch.ID
}

// trained is the subject of somebody's trainings of a type.
func trained(courseType string, id account.ID) string {
	return "trained:" + courseType + ":" + string(id)
}

// Complete records how batch b, which the tenant acted in hosts, has ended for each person.
func Complete(ctx context.Context, tx *store.Tx, b batch.Batch, states map[account.ID]coursetype.State) error {
	var rows []completion
	for id, state := range states {
		if state != coursetype.NoResult {
			rows = append(rows, completion{TenantID: tx.Tenant, ID: tx.NewID(), Subject: trained(b.CourseType, id), State: state, Ended: b.Ends, BatchID: b.ID})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return store.Err(err)
}

// past returns what is known of id's trainings of a type, whoever held them, the first
// one first: those whose outcome was decreed. It tells nobody where.
func past(ctx context.Context, tx *store.Tx, courseType string, id account.ID) (all []coursetype.Past, err error) {
	subject := trained(courseType, id)
	if err := tx.Ask(ctx, subject); err != nil {
		return nil, err
	}
	var rows []completion
	err = tx.NewSelect().Model(&rows).Column("state", "ended").Where("subject = ?", subject).Order("ended", "id").Limit(pageSize).Scan(ctx)
	for _, r := range rows {
		all = append(all, coursetype.Past{State: r.State, Ended: r.Ended.String()})
	}
	return all, store.Err(err)
}

// once refuses a second training where b's rule-set allows one in a lifetime: who passed
// or failed never comes again, whoever held the first.
// Errors: fault.Conflict; the text names no place.
func once(b batch.Batch, before []coursetype.Past) error {
	over := slices.ContainsFunc(before, func(p coursetype.Past) bool {
		return p.State == coursetype.Passed || p.State == coursetype.Failed
	})
	if b.OnceOnly && over {
		return fault.New(fault.Conflict, "Yang bersangkutan sudah menyelesaikan pelatihan jenis ini, dan pelatihan ini hanya boleh diikuti satu kali. Usulkan pegawai lain.")
	}
	return nil
}
