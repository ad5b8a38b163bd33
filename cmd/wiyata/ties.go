package main

import (
	"context"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// ties are what the slice account asks of slices to its right.
func ties() account.Ties { return account.Ties{Limits: limits, Places: employee.Places} }

// identities are what the register of employees asks of accounts.
func identities(a *account.Service) employee.Identities {
	return employee.Identities{Ensure: a.Ensure, Renumber: a.Renumber, Names: a.Names, IssueCodes: a.IssueCodes, Resettable: a.Resettable, Reset: a.Reset}
}

// limits returns to what a role can be limited: the batch id that the tenant acted in
// hosts or sends to, or its unit id; with "" the latest batches and all open units.
func limits(ctx context.Context, tx *store.Tx, id string) (all []account.Limit, err error) {
	tree, err := employee.Units(ctx, tx)
	if err != nil {
		return nil, err
	}
	if u, ok := tree.Find(employee.UnitID(id)); ok {
		return []account.Limit{{ID: id, Name: u.Name, Unit: true}}, nil
	}
	var batches []batch.Batch
	if id == "" {
		hosted, err := batch.Latest(ctx, tx)
		if err != nil {
			return nil, err
		}
		sent, err := batch.Sent(ctx, tx)
		if err != nil {
			return nil, err
		}
		batches = append(hosted, sent...)
	} else {
		found, err := batch.Many(ctx, tx, []batch.ID{batch.ID(id)})
		if err != nil {
			return nil, store.Err(err)
		}
		for _, b := range found {
			seats, err := batch.Seats(ctx, tx, b, tx.Tenant)
			if err != nil {
				return nil, err
			}
			if b.TenantID == tx.Tenant || seats > 0 {
				batches = append(batches, b)
			}
		}
	}
	told := map[batch.ID]bool{} // a host can send to its own batch
	for _, b := range batches {
		if !told[b.ID] {
			told[b.ID] = true
			all = append(all, account.Limit{ID: string(b.ID), Name: b.Title + ", " + b.Number})
		}
	}
	if id == "" {
		for _, u := range tree.Open() {
			all = append(all, account.Limit{ID: string(u.ID), Name: u.Name, Unit: true})
		}
	}
	return all, nil
}

// authenticateToken turns an API token into the actor of an operation below the tenant
// that it was issued in. In a cookie it is nobody's.
func (p *product) authenticateToken(ctx context.Context, token string, g tenants.Government) (context.Context, *web.View, error) {
	if !web.Bearer(ctx) {
		return nil, nil, fault.New(fault.Unauthenticated, "Token hanya berlaku di kepala Authorization sebuah operasi. Untuk halaman, masuk dengan kata sandi.")
	}
	actor, err := p.accounts.AuthenticateToken(ctx, token)
	if err != nil {
		return nil, nil, err
	}
	if actor.Tenant != g.ID {
		return nil, nil, fault.Missing()
	}
	return authz.As(ctx, actor), &web.View{}, nil
}
