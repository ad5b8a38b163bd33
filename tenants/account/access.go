package account

import (
	"context"
	"encoding/base64"
	"io"
	"slices"
	"strings"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// pageSize bounds a list.
const pageSize = 50

// A Listing says which grants of a tenant to show.
type Listing struct {
	Begins string // of the name; "" = any
	All    bool   // those that are over as well
	Cursor string // where to go on; "" = at the beginning
}

// A place is that of a row in a list by name.
type place struct{ Key, ID string }

// String returns p as it stands in an address.
func (p place) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(p.ID + p.Key))
}

const idLength = 36 // a UUID in text form

// parsePlace reads what String returned, "" for the beginning. Errors: fault.Invalid.
func parsePlace(text string) (place, error) {
	if text == "" {
		return place{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) < idLength || len(b) > 1000 || strings.ContainsRune(string(b), 0) || store.Canonical(string(b[:idLength])) != string(b[:idLength]) {
		return place{}, fault.At("cursor", "Penanda halaman ini tidak dikenal. Mulai lagi dari halaman pertama.")
	}
	return place{Key: string(b[idLength:]), ID: string(b[:idLength])}, nil
}

// A Listed is a grant as a list shows it.
type Listed struct {
	Grant
	Standing Standing
}

// Grants lists grants of the tenant acted in by name, and where to go on, "" at the end.
// Errors: fault.Forbidden; fault.Invalid of field "cursor".
func (s *Service) Grants(ctx context.Context, l Listing) (all []Listed, next string, err error) {
	defer fault.Wrap(&err, "list grants")
	after, err := parsePlace(l.Cursor)
	if err != nil {
		return nil, "", err
	}
	l.Begins = strings.ToLower(strings.TrimSpace(l.Begins))
	err = s.gate.Read(ctx, authz.AccountRead, func(tx *store.Tx) error {
		day := s.today(tx.Tenant, tx.Now)
		found, err := listGrants(ctx, tx, l, after, day, pageSize)
		if err != nil {
			return err
		}
		all, next = nil, ""
		if len(found) > pageSize {
			found = found[:pageSize]
			last := found[pageSize-1]
			next = place{last.NameKey, last.ID}.String()
		}
		for _, g := range found {
			all = append(all, Listed{g, g.standing(day)})
		}
		return nil
	})
	return all, next, err
}

// Review returns grant id of the tenant acted in where the actor may withdraw it, and
// whether it is the last that the person holds there. Errors: as of Withdraw.
func (s *Service) Review(ctx context.Context, id string) (g Listed, last bool, err error) {
	defer fault.Wrap(&err, "review grant %s", id)
	actor, _ := authz.ActorFrom(ctx)
	err = s.gate.Read(ctx, authz.AccountGrant, func(tx *store.Tx) error {
		found, err := s.withdrawable(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		held, err := grantsIn(ctx, tx, found.IdentityID)
		day := s.today(tx.Tenant, tx.Now)
		g, last = Listed{found, found.standing(day)}, true
		for _, h := range held {
			if h.ID != found.ID && h.live(day) {
				last = false
			}
		}
		return err
	})
	return g, last, err
}

// Givable returns the roles that the actor may give in the tenant acted in, and to what they
// can be limited.
func (s *Service) Givable(ctx context.Context) (roles []authz.Role, limits []Limit, err error) {
	defer fault.Wrap(&err, "offer roles")
	actor, _ := authz.ActorFrom(ctx)
	err = s.gate.Read(ctx, authz.AccountGrant, func(tx *store.Tx) error {
		limits, err = s.ties.Limits(ctx, tx, "")
		return err
	})
	for _, role := range authz.Roles() {
		if role != authz.Operator && (s.mayGive(actor, role, "") == nil || len(limits) > 0 && s.mayGive(actor, role, limits[0].ID) == nil) {
			roles = append(roles, role)
		}
	}
	return roles, limits, err
}

// holders returns those of the grants ids of the tenant acted in, one for each person. People are
// named by what they hold here: an identity's own id says when it was made, and so whether
// somebody was known before, and its own name is nobody's to see.
// Errors: fault.NotFound when one is not there.
func (s *Service) holders(ctx context.Context, perm authz.Permission, ids []string) (people []Grant, err error) {
	err = s.gate.Read(ctx, perm, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		people = nil
		found, err := findGrants(ctx, tx, ids)
		for _, g := range found {
			if !slices.ContainsFunc(people, func(p Grant) bool { return p.IdentityID == g.IdentityID }) {
				people = append(people, g)
			}
		}
		if err == nil && len(found) < len(ids) {
			return fault.Missing()
		}
		return err
	})
	return people, err
}

// writeCodes writes codes as a table for a program that prints letters.
func writeCodes(ctx context.Context, out io.Writer, f sheet.Format, all []Issued, link string) error {
	t, err := sheet.NewWriter(out, f, []sheet.Title{
		{Text: ui.T(ctx, "Nama"), Width: 30}, {Text: ui.T(ctx, "Kode"), Width: 22}, {Text: ui.T(ctx, "Alamat"), Width: 40},
	})
	if err != nil {
		return err
	}
	for _, i := range all {
		if err := t.Write(i.Identity.Name, i.Code, link); err != nil {
			t.Close()
			return err
		}
	}
	return t.Close()
}
