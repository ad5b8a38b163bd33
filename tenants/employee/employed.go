package employee

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
)

// An employed is the mark of somebody in service, by number and as a person. No
// constraint can span tenants: who makes one asks first, and of two that ask at the same
// time the database lets one commit, because Write is SERIALIZABLE.
type employed struct {
	bun.BaseModel `bun:"table:employed"`

	TenantID   tenants.ID `bun:",pk"`
	ID         string     `bun:",pk"`
	Subject    string
	EmployeeID ID
}

// textElsewhere is what whoever registers somebody in service elsewhere is told.
const textElsewhere = "Pegawai ini masih tercatat aktif di instansi lain. Ajukan mutasi dengan surat keputusannya, bukan pendaftaran baru."

func subjectOfNIP(nip string) string           { return "nip:" + nip }
func subjectOfPerson(person account.ID) string { return "person:" + string(person) }

// subjects are what e's service is marked by.
func (e Employee) subjects() []string {
	all := []string{subjectOfPerson(e.IdentityID)}
	if e.NIP != "" {
		all = append(all, subjectOfNIP(e.NIP))
	}
	return all
}

// Enlist marks e as in service.
// Errors: fault.Conflict when somebody is in service under that number, or that person,
// wherever; the text names no place.
func Enlist(ctx context.Context, tx *store.Tx, e Employee) error {
	subjects := e.subjects()
	if err := tx.Ask(ctx, subjects...); err != nil {
		return err
	}
	taken, err := tx.NewSelect().Model((*employed)(nil)).Where("subject IN (?)", bun.List(subjects)).Exists(ctx)
	if err != nil {
		return err
	}
	if taken {
		return fault.New(fault.Conflict, textElsewhere)
	}
	marks := make([]employed, len(subjects))
	for i, subject := range subjects {
		marks[i] = employed{TenantID: tx.Tenant, ID: tx.NewID(), Subject: subject, EmployeeID: e.ID}
	}
	_, err = tx.NewInsert().Model(&marks).Exec(ctx)
	return store.Err(err)
}

// Release takes the marks of employee id off again: the person may be registered elsewhere.
func Release(ctx context.Context, tx *store.Tx, id ID) error {
	_, err := tx.NewDelete().Model((*employed)(nil)).Where("tenant_id = ? AND employee_id = ?", tx.Tenant, id).Exec(ctx)
	return err
}
