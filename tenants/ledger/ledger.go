// Package ledger counts the lesson hours (JP) that a person has been credited.
//
// The ledger is append only and lies with the tenant that employs the person. A
// job of that tenant takes an issued certificate in, once, whatever host issued
// it. The person sees their own lines in every tenant.
package ledger

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/certificate"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

// A Target is how many lesson hours somebody needs, and who says so.
type Target struct {
	JP     int // in a calendar year
	Source string
}

// national is the yearly minimum of a PNS. Local targets may be stricter.
var national = Target{JP: 20, Source: "PP 11/2017 pasal 203 ayat (4)"}

// A Credit is a line of the ledger.
type Credit struct {
	bun.BaseModel `bun:"table:credit"`

	TenantID   tenants.ID `bun:",pk"` // employer
	ID         string     `bun:",pk"`
	PartyID    tenants.ID `bun:",nullzero"` // none: the employer's own line
	IdentityID account.ID
	Year       int // of the training's last day
	JP         int `bun:"jp"`
	Course     string
	Ended      civil.Date
	Issuer     string
	Number     string // of the certificate
	Source     string // certificate it comes from, once per tenant
	At         time.Time
}

// Service is what can be done with the ledger.
type Service struct{ gate *authz.Gate }

// New returns the service behind gate.
func New(gate *authz.Gate) *Service { return &Service{gate} }

// Take is the handler of certificate.EffectCredit: it credits the certificate that
// row names to the ledger of the tenant acted in. Delivered twice, it credits once.
// Errors: fault.NotFound when the certificate is not this tenant's.
func (s *Service) Take(ctx context.Context, row jobs.Row) (err error) {
	defer fault.Wrap(&err, "credit certificate %s", row.Key)
	return s.gate.Write(ctx, authz.CreditWrite, "", func(tx *store.Tx) error {
		tx.About("certificate", row.Key)
		first, err := jobs.Done(ctx, tx, row)
		if err != nil || !first {
			return err
		}
		c, err := certificate.ForParty(ctx, tx, row.TenantID, row.Key)
		if err != nil {
			return err
		}
		line := Credit{
			TenantID: tx.Tenant, ID: tx.NewID(), IdentityID: c.IdentityID, Year: c.Ended.Year, JP: c.JP, Course: c.Course,
			Ended: c.Ended, Issuer: c.Issuer, Number: c.Number, Source: "certificate:" + c.ID, At: tx.Now,
		}
		if _, err := tx.NewInsert().Model(&line).Exec(ctx); err != nil {
			return store.Err(err)
		}
		if err := stat.Add(ctx, tx, stat.CreditedJP, line.Year, line.JP); err != nil {
			return err
		}
		return stat.Add(ctx, tx, stat.Certificates, line.Year, 1)
	})
}

// A Transcript is a person's lesson hours of one year against the target.
type Transcript struct {
	Year    int
	JP      int // credited
	Target  Target
	Credits []Credit
}

// Missing is how many lesson hours are still to be earned.
func (t Transcript) Missing() int { return max(0, t.Target.JP-t.JP) }

// Transcript returns the lines of the person who asks, of the current year, from
// whatever tenant.
func (s *Service) Transcript(ctx context.Context) (t Transcript, err error) {
	defer fault.Wrap(&err, "transcript")
	err = s.gate.Self(ctx, 0, func(tx *store.Tx) error {
		t = Transcript{Year: civil.DateOf(tx.Now, civil.WIB).Year, Target: national}
		err := tx.NewSelect().Model(&t.Credits).Where("identity_id = ? AND year = ?", tx.Actor, t.Year).Order("id DESC").Limit(pageSize).Scan(ctx)
		for _, c := range t.Credits {
			t.JP += c.JP
		}
		return err
	})
	return t, err
}

// pageSize bounds a list.
const pageSize = 200

// List returns up to 200 lines of the tenant acted in, newest first.
func (s *Service) List(ctx context.Context) (all []Credit, err error) {
	defer fault.Wrap(&err, "list credits")
	err = s.gate.Read(ctx, authz.CreditRead, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		return tx.NewSelect().Model(&all).Where("tenant_id = ?", tx.Tenant).Order("id DESC").Limit(pageSize).Scan(ctx)
	})
	return all, err
}
