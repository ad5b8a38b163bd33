package tenants

import (
	"context"
	"errors"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// TestSplit replays the making of a province while the product runs: the province, its
// regency's move, and what each day's tree says.
func TestSplit(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		h := seeded(t, db)
		on := date(t, "2026-11-20")
		g, err := h.operator.Add(h.ctx, Addition{Kind: Province, Zone: civil.WITA, Code: "54", Name: "Provinsi Flores", From: on, Decree: "UU 1/2026"})
		if err != nil || g.ID != 550 {
			t.Fatalf("Add() = %+v, %v", g, err)
		}
		ende := h.find(t, "53.08")
		moved, err := h.operator.Change(h.ctx, ende.ID, Change{Act: Moved, Code: "54.01", Parent: "54", From: on, Decree: "UU 1/2026"})
		if err != nil || moved.ID != ende.ID || moved.Code != "54.01" {
			t.Fatalf("Change() = %+v, %v", moved, err)
		}
		if s := h.registry.SheetOf(moved); s.Province != "54" || s.From != "2026-11-20" || s.Until != "" {
			t.Errorf("SheetOf() = %+v", s)
		}
		if tree, _ := h.registry.Below(g.ID, civil.Date{}); len(tree) != 2 {
			t.Errorf("the new province stands above %v", tree)
		}
		if tree, _ := h.registry.Below(ende.Parent, date(t, "2026-11-19")); len(tree) != 23 {
			t.Errorf("the day before, the old one stood above %d with itself, want 23", len(tree))
		}
		if now, err := h.registry.BySlug("53-08"); err != nil || now.Slug != "54-01" {
			t.Errorf("the old slug leads to %+v (%v)", now, err)
		}
		if len(h.registry.Governments()) != 547 {
			t.Errorf("%d governments", len(h.registry.Governments()))
		}
		r, err := h.operator.Show(h.ctx, ende.ID)
		if err != nil || len(r.Eras) != 2 || len(r.Changes) != 1 || r.Code != "54.01" || r.Changes[0].MadeBy == "" {
			t.Errorf("Show() = %+v, %v", r, err)
		}
		var reasons []string
		err = db.View(context.Background(), store.Reach{Door: store.DoorSeal}, func(tx *store.Tx) error {
			return tx.NewRaw("SELECT kind || ' ' || object || ' ' || role || ' ' || reason FROM audit_line WHERE kind LIKE 'tenant %' ORDER BY id").Scan(context.Background(), &reasons)
		})
		if err != nil || len(reasons) != 2 || reasons[1] != "tenant moved 53.08 operator UU 1/2026" {
			t.Errorf("the trail says %q (%v)", reasons, err)
		}
	})
}

// TestChangeRules: what a change must fulfil, and who may make it.
func TestChangeRules(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		h := seeded(t, db)
		tuban, jatim := h.find(t, "35.23").ID, h.find(t, "35").ID
		from := date(t, "2027-01-01")
		for _, tc := range []struct {
			name  string
			id    ID
			c     Change
			want  error
			field string
		}{
			{"rename", tuban, Change{Act: Renamed, Name: "Kabupaten Tuban Raya", From: from, Decree: "PP 1/2026"}, nil, ""},
			{"again from the same day", tuban, Change{Act: Renamed, Name: "Kabupaten Tuban Jaya", From: from, Decree: "PP 1/2026"}, fault.Invalid, "from"},
			{"no decree", jatim, Change{Act: Renamed, Name: "Provinsi Jawa", From: from}, fault.Invalid, "decree"},
			{"no day", jatim, Change{Act: Renamed, Name: "Provinsi Jawa", Decree: "PP 1"}, fault.Invalid, "from"},
			{"no name", jatim, Change{Act: Renamed, From: from, Decree: "PP 1"}, fault.Invalid, "name"},
			{"the same name", jatim, Change{Act: Renamed, Name: "Provinsi Jawa Timur", From: from, Decree: "PP 1"}, fault.Invalid, "name"},
			{"move a province", jatim, Change{Act: Moved, Code: "37", From: from, Decree: "PP 1"}, fault.Invalid, "code"},
			{"a code in use", h.find(t, "35.22").ID, Change{Act: Moved, Code: "35.24", Parent: "35", From: from, Decree: "PP 1"}, fault.Invalid, "code"},
			{"a city's code", h.find(t, "35.22").ID, Change{Act: Moved, Code: "35.91", Parent: "35", From: from, Decree: "PP 1"}, fault.Invalid, "code"},
			{"code of another province", h.find(t, "35.22").ID, Change{Act: Moved, Code: "34.66", Parent: "35", From: from, Decree: "PP 1"}, fault.Invalid, "code"},
			{"no such province", h.find(t, "35.22").ID, Change{Act: Moved, Code: "37.01", Parent: "37", From: from, Decree: "PP 1"}, fault.Invalid, "parent"},
			{"before the province was", h.find(t, "35.22").ID, Change{Act: Moved, Code: "96.66", Parent: "96", From: date(t, "2022-12-08"), Decree: "PP 1"}, fault.Invalid, "parent"},
			{"no such act", jatim, Change{Act: "sold", Decree: "PP 1"}, fault.Invalid, "act"},
			{"no such government", 9999, Change{Act: Renamed, Name: "X", From: from, Decree: "PP 1"}, fault.NotFound, ""},
			{"suspend without a ground", jatim, Change{Act: Suspended, Reason: "Surat"}, fault.Invalid, "ground"},
			{"suspend without a reason", jatim, Change{Act: Suspended, Ground: "request"}, fault.Invalid, "reason"},
			{"reinstate what is open", jatim, Change{Act: Reinstated, Reason: "Surat"}, fault.Conflict, ""},
			{"suspend", jatim, Change{Act: Suspended, Ground: "request", Reason: "Surat gubernur"}, nil, ""},
			{"suspend again", jatim, Change{Act: Suspended, Ground: "request", Reason: "Surat gubernur"}, fault.Conflict, ""},
			{"reinstate", jatim, Change{Act: Reinstated, Reason: "Surat gubernur"}, nil, ""},
		} {
			_, err := h.operator.Change(h.ctx, tc.id, tc.c)
			if !errors.Is(err, tc.want) || tc.want == nil && err != nil {
				t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
			}
			if f := fault.Of(err); f != nil && f.Field != tc.field {
				t.Errorf("%s: at %q, want %q", tc.name, f.Field, tc.field)
			}
		}
		if name := h.registry.Find(tuban).Name; name != "Kabupaten Tuban" {
			t.Errorf("it is called %s before the day", name)
		}
		for _, tc := range []struct {
			name  string
			a     Addition
			field string
		}{
			{"no kind", Addition{Zone: civil.WIB, Code: "35.60", Parent: "35", Name: "X", From: from, Decree: "UU"}, "kind"},
			{"no zone", Addition{Kind: Regency, Code: "35.60", Parent: "35", Name: "X", From: from, Decree: "UU"}, "zone"},
			{"no day", Addition{Kind: Regency, Zone: civil.WIB, Code: "35.60", Parent: "35", Name: "X", Decree: "UU"}, "from"},
			{"bad BKN code", Addition{Kind: Regency, Zone: civil.WIB, Code: "35.60", Parent: "35", BKN: "12", Name: "X", From: from, Decree: "UU"}, "bkn"},
			{"code of today's", Addition{Kind: Regency, Zone: civil.WIB, Code: "35.22", Parent: "35", Name: "X", From: from, Decree: "UU"}, "code"},
			{"administrative city", Addition{Kind: Regency, Zone: civil.WIB, Code: "31.71", Parent: "31", Name: "X", From: from, Decree: "UU"}, "code"},
		} {
			if _, err := h.operator.Add(h.ctx, tc.a); fault.Of(err) == nil || fault.Of(err).Field != tc.field {
				t.Errorf("%s: %v, want a fault at %q", tc.name, err, tc.field)
			}
		}
		stranger := authz.As(context.Background(), authz.Actor{Identity: "x", Tenant: jatim, Grants: []authz.Grant{{Role: authz.TenantAdmin}}})
		if _, err := h.operator.Change(stranger, tuban, Change{Act: Suspended, Ground: "request", Reason: "Iri"}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an administrator of another government: %v", err)
		}
		if _, err := h.operator.List(context.Background()); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("nobody: %v", err)
		}
	})
}

// TestClosedDoors: no door opens in a suspended tenant, for people or jobs; what is
// oneself's or the platform's stays open, and reinstating opens all again.
func TestClosedDoors(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		h := seeded(t, db)
		tuban := h.find(t, "35.23").ID
		nothing := func(*store.Tx) error { return nil }
		person := authz.As(context.Background(), authz.Actor{Identity: store.IdentityID(store.NewID()), Tenant: tuban, Grants: []authz.Grant{{Role: authz.TenantAdmin}, {Role: authz.Overseer}}})
		doors := map[string]func() error{
			"read": func() error { return h.gate.Read(person, authz.EmployeeRead, nothing) },
			"write": func() error {
				return h.gate.Write(person, authz.EmployeeRegister, "", func(tx *store.Tx) error { tx.About("x", ""); return nil })
			},
			"check": func() error { return h.gate.Check(person, authz.EmployeeRead) },
			"oversee": func() error {
				return h.gate.Oversee(person, authz.OversightRead, civil.Date{}, store.Subject{Kind: "probe"}, nothing)
			},
			"at home": func() error {
				return h.gate.Self(person, tuban, func(tx *store.Tx) error { tx.About("x", ""); return nil })
			},
			"job": func() error { return h.gate.Read(authz.AsSystem(context.Background(), tuban), authz.StatFold, nothing) },
		}
		for _, step := range []struct {
			change Change
			want   error
		}{
			{Change{Act: Suspended, Ground: "security", Reason: "Akun dibobol"}, fault.Forbidden},
			{Change{Act: Reinstated, Reason: "Sudah aman"}, nil},
		} {
			if _, err := h.operator.Change(h.ctx, tuban, step.change); err != nil {
				t.Fatal(err)
			}
			for name, open := range doors {
				if err := open(); !errors.Is(err, step.want) || step.want == nil && err != nil {
					t.Errorf("%s after %s: %v, want %v", name, step.change.Act, err, step.want)
				}
			}
			if err := h.gate.Self(person, 0, nothing); err != nil {
				t.Errorf("one's own after %s: %v", step.change.Act, err)
			}
		}
	})
}
