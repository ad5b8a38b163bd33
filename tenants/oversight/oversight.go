// Package oversight lets national bodies and provinces see counts of the
// governments below them, and never a person.
package oversight

import (
	"context"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

// A Line is what one government has reached.
type Line struct {
	Government   tenants.Government
	JP           int // lesson hours credited
	Certificates int // with credited hours
}

// A Summary is the counts of a year.
type Summary struct {
	Year         int
	JP           int
	Certificates int
	Lines        []Line // governments with any, in the order of ids
}

// Service is what overseers can do.
type Service struct {
	gate     *authz.Gate
	registry *tenants.Registry
}

// New returns the service behind gate.
func New(gate *authz.Gate, registry *tenants.Registry) *Service { return &Service{gate, registry} }

// Summary returns this year's counts of every government below the tenant acted in.
func (s *Service) Summary(ctx context.Context) (sum Summary, err error) {
	defer fault.Wrap(&err, "summary")
	err = s.gate.Oversee(ctx, authz.OversightRead, civil.Date{}, store.Subject{Kind: "summary", ID: "this year"}, func(tx *store.Tx) error {
		sum = Summary{Year: civil.DateOf(tx.Now, civil.WIB).Year}
		hours, err := stat.Sum(ctx, tx, stat.CreditedJP, sum.Year)
		if err != nil {
			return err
		}
		certificates, err := stat.Sum(ctx, tx, stat.Certificates, sum.Year)
		if err != nil {
			return err
		}
		many := map[tenants.ID]int{}
		for _, c := range certificates {
			many[c.TenantID] = c.N
			sum.Certificates += c.N
		}
		for _, c := range hours {
			sum.JP += c.N
			sum.Lines = append(sum.Lines, Line{s.registry.Find(c.TenantID), c.N, many[c.TenantID]})
		}
		return nil
	})
	return sum, err
}
