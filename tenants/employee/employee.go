// Package employee is a government's own register of the people who work for it.
//
// Nobody else reads it: a host sees of an employee what the sender put into the
// snapshot of a nomination.
package employee

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

// An ID identifies an employee within its tenant: a UUIDv7 in text form.
type ID string

// Kind of employment.
type Kind string

const (
	PNS    Kind = "PNS"
	CPNS   Kind = "CPNS"
	PPPK   Kind = "PPPK"
	NonASN Kind = "NON_ASN"
)

// An Employee is a person's employment in one tenant.
type Employee struct {
	bun.BaseModel `bun:"table:employee"`

	TenantID   tenants.ID `bun:",pk"`
	ID         ID         `bun:",pk"`
	IdentityID account.ID
	NIP        string `bun:"nip,nullzero"` // 18 digits; "" for non-ASN
	Kind       Kind
	Name       string // with titles, as certificates print it
	Position   string
	Unit       string
	Active     bool
}

// check says what is wrong with e, and writes its NIP without spaces. Errors: fault.Invalid.
func (e *Employee) check() (err error) {
	if e.Name, err = fault.Text("name", "Nama pegawai", e.Name, 200); err != nil {
		return err
	}
	switch e.Kind {
	case NonASN:
		if e.NIP != "" {
			return fault.At("nip", "Pegawai non-ASN tidak mempunyai NIP. Kosongkan, atau perbaiki jenis pegawainya.")
		}
		return nil
	case PNS, CPNS, PPPK:
		n, err := ParseNIP(e.NIP)
		if err != nil {
			return err
		}
		if (n.Kind == PPPK) != (e.Kind == PPPK) {
			return fault.At("nip", "NIP ini milik %s, sedangkan jenis pegawai tertulis %s. Perbaiki salah satunya.", n.Kind, e.Kind)
		}
		e.NIP = n.Digits
		return nil
	}
	return fault.At("kind", "Jenis pegawai tidak dikenal. Pilih PNS, CPNS, PPPK atau non-ASN.")
}

// group is where e counts. The sex is what the number says; nobody asks a non-ASN.
func (e Employee) group() stat.Group {
	g := stat.Group{Employment: string(e.Kind)}
	if n, err := ParseNIP(e.NIP); err == nil {
		g.Sex = stat.Male
		if n.Female {
			g.Sex = stat.Female
		}
	}
	return g
}

// Census counts the active employees of the tenant acted in, from their rows: what the
// headcounts must come to.
func Census(ctx context.Context, tx *store.Tx) (stat.Heads, error) {
	var all []Employee
	err := tx.NewSelect().Model(&all).Column("kind", "nip").Where("tenant_id = ? AND active", tx.Tenant).Scan(ctx)
	heads := stat.Heads{}
	for _, e := range all {
		heads[e.group()]++
	}
	return heads, err
}

// Service is what a tenant can do with its employees.
type Service struct{ gate *authz.Gate }

// New returns the service behind gate.
func New(gate *authz.Gate) *Service { return &Service{gate} }

// Register records e in the tenant acted in.
// Errors: fault.Invalid (name, kind, nip); fault.Conflict when the NIP is registered here.
func (s *Service) Register(ctx context.Context, e Employee) (_ ID, err error) {
	defer fault.Wrap(&err, "register employee")
	if err := e.check(); err != nil {
		return "", err
	}
	err = s.gate.Write(ctx, authz.EmployeeRegister, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		e.TenantID, e.ID = tx.Tenant, ID(tx.NewID())
		tx.About("employee", string(e.ID))
		if _, err := tx.NewInsert().Model(&e).Exec(ctx); err != nil {
			return store.Err(err)
		}
		if !e.Active {
			return nil
		}
		return stat.AddHeadcount(ctx, tx, e.group(), civil.DateOf(tx.Now, civil.WIB), 1)
	})
	return e.ID, err
}

// pageSize bounds a list.
const pageSize = 50

// List returns up to 50 active employees by name.
func (s *Service) List(ctx context.Context) (all []Employee, err error) {
	defer fault.Wrap(&err, "list employees")
	err = s.gate.Read(ctx, authz.EmployeeRead, func(tx *store.Tx) (err error) {
		if err := tx.Whole(); err != nil {
			return err
		}
		all, err = List(ctx, tx)
		return err
	})
	return all, err
}

// List returns up to 50 active employees of the tenant acted in, by name.
func List(ctx context.Context, tx *store.Tx) (all []Employee, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND active", tx.Tenant).Order("name", "id").Limit(pageSize).Scan(ctx)
	return all, err
}

// Find returns employee id of the tenant acted in. Errors: fault.NotFound.
func Find(ctx context.Context, tx *store.Tx, id ID) (e Employee, err error) {
	err = tx.NewSelect().Model(&e).Where("tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx)
	return e, store.Err(err)
}
