package tenants

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

var settingsTemplate = storetest.Template{Guard: storetest.NewGuard(migrations.Tables), Prepare: func(ctx context.Context, db *store.DB) error {
	return migrations.Up(ctx, db.SQL(), db.Engine)
}}

// of is the context of somebody with a role in a tenant.
func of(t ID, role authz.Role, limit string) context.Context {
	return authz.As(context.Background(), authz.Actor{Identity: store.IdentityID(store.NewID()), Tenant: t, Grants: []authz.Grant{{Role: role, Limit: limit}}})
}

const jambi, sarolangun, tuban ID = 15, 1503, 3523

// settings are those of a small country, on db.
func settings(t *testing.T, db *store.DB) *Settings {
	t.Helper()
	policy, err := authz.LoadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSettings(context.Background(), authz.New(db, policy, authz.Relations{}), NewRegistry(today, []Government{
		{ID: LAN, Kind: National, Code: "LAN", Slug: "lan", Zone: civil.WIB}, {ID: Kemendagri, Kind: National, Code: "KEMENDAGRI", Slug: "kemendagri", Zone: civil.WIB},
		{ID: jambi, Kind: Province, Code: "15", Slug: "15", Zone: civil.WIB}, {ID: sarolangun, Kind: Regency, Code: "15.03", Slug: "15-03", Parent: jambi, Zone: civil.WIB},
		{ID: tuban, Kind: Regency, Code: "35.23", Slug: "35-23", Zone: civil.WIB},
	}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSettings runs what needs a database: made once, for all of them.
func TestSettings(t *testing.T) {
	t.Cleanup(settingsTemplate.Remove)
	t.Run("profile", profileKept)
	t.Run("at once", profileAtOnce)
	t.Run("calendar", calendarOf)
	t.Run("offices", officesHeld)
}

// profileKept: what is saved is shown at once here, elsewhere after a look, and a second
// person who had read the same version is told, whichever part they change.
func profileKept(t *testing.T) {
	settingsTemplate.Each(t, func(t *testing.T, db *store.DB) {
		here, elsewhere := settings(t, db), settings(t, db)
		admin := of(jambi, authz.TenantAdmin, "")
		if p, err := here.Open(admin); err != nil || p.Version != 0 || p.Language != "id" {
			t.Fatalf("nothing saved yet: %+v, %v", p, err)
		}
		p, err := here.SaveIdentity(admin, Profile{Body: " BPSDM Provinsi Jambi ", Accent: "a13626", Motif: "parang", Help: "0741 40000"})
		if err != nil || p.Version != 1 || p.Body != "BPSDM Provinsi Jambi" || p.Accent != "#A13626" || p.Language != "id" {
			t.Fatalf("saved %+v, %v", p, err)
		}
		if got := here.Profile(jambi); got.Body != p.Body || got.Theme().Motif != "parang" || got.Theme().Path() == "" {
			t.Errorf("here %+v is shown", got)
		}
		if got := elsewhere.Profile(jambi); got.Body != "" {
			t.Errorf("elsewhere %+v is shown before a look", got)
		}
		if err := elsewhere.Reload(context.Background()); err != nil || elsewhere.Profile(jambi).Body != p.Body || elsewhere.Profile(jambi).Theme().Path() == "" {
			t.Errorf("elsewhere %+v is shown after it (%v)", elsewhere.Profile(jambi), err)
		}
		if p, err = here.SaveLetterhead(admin, Profile{Version: 1, HeadLines: "PEMERINTAH PROVINSI JAMBI\r\n\r\n BADAN ", Site: "https://bpsdm.jambiprov.go.id", City: "Jambi"}); err != nil || p.HeadLines != "PEMERINTAH PROVINSI JAMBI\nBADAN" || p.Body == "" {
			t.Errorf("letterhead %+v, %v", p, err)
		}
		if _, err := here.SaveIdentity(admin, Profile{Version: 1, Body: "Lain"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("a version that was read before: %v", err)
		}
		if _, err := here.SaveIdentity(admin, Profile{Body: "Lain"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("as if nothing were there: %v", err)
		}
		if got, err := here.Open(admin); err != nil || got.Version != 2 || got.Body != p.Body || len(got.Head()) != 2 {
			t.Errorf("stored is %+v, %v", got, err)
		}
		if got, err := here.Open(of(sarolangun, authz.TenantAdmin, "")); err != nil || got.Version != 0 {
			t.Errorf("another government opens %+v, %v", got, err)
		}
		for name, ctx := range map[string]context.Context{"organiser": of(jambi, authz.Organiser, ""), "limited": of(jambi, authz.TenantAdmin, store.NewID())} {
			if _, err := here.SaveIdentity(ctx, Profile{Version: 2}); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s saves: %v", name, err)
			}
			if _, err := here.Open(ctx); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s opens: %v", name, err)
			}
		}
	})
}

// profileAtOnce: of ten who save the same version at once, one is stored and nine
// are told.
func profileAtOnce(t *testing.T) {
	settingsTemplate.Each(t, func(t *testing.T, db *store.DB) {
		s := settings(t, db)
		for version := range 2 { // the first one inserts
			var wait sync.WaitGroup
			results := make(chan error, 10)
			for range 10 {
				wait.Go(func() {
					_, err := s.SaveIdentity(of(jambi, authz.TenantAdmin, ""), Profile{Version: version, Body: "BPSDM"})
					results <- err
				})
			}
			wait.Wait()
			close(results)
			stored := 0
			for err := range results {
				if err == nil {
					stored++
				} else if !errors.Is(err, fault.Conflict) {
					t.Errorf("told %v", err)
				}
			}
			if stored != 1 || s.Profile(jambi).Version != version+1 {
				t.Errorf("of version %d %d were stored, %d is shown", version, stored, s.Profile(jambi).Version)
			}
		}
	})
}

// TestProfileInvalid: each wrong field is named.
func TestProfileInvalid(t *testing.T) {
	for field, p := range map[string]Profile{
		"accent": {Accent: "merah"}, "motif": {Motif: "batik"}, "language": {Language: "jv"}, "help": {Help: "tanya saja"},
		"body": {Body: "BPSDM\x00"}, "head_lines": {HeadLines: "1\n2\n3\n4\n5"}, "email": {Email: "Diklat <a@b.id>"}, "site": {Site: "javascript:alert(1)"}, "phone": {Phone: "12"},
	} {
		err := p.identity()
		if err == nil {
			err = p.letterhead()
		}
		if f := fault.Of(err); f == nil || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// calendarOf: a regency has the nation's days off and its province's beside its own;
// another one has not.
func calendarOf(t *testing.T) {
	settingsTemplate.Each(t, func(t *testing.T, db *store.DB) {
		s := settings(t, db)
		day := func(text, name string) []Holiday {
			return []Holiday{{Day: date(t, text), Name: name, Kind: DayOff, Decree: "SKB 3 Menteri (contoh)"}}
		}
		for id, all := range map[ID][]Holiday{
			Kemendagri: day("2026-11-23", "nasional"), LAN: day("2026-11-24", "LAN"), jambi: day("2026-11-25", "provinsi"), sarolangun: day("2026-11-26", "kabupaten"),
		} {
			if err := s.AddHolidays(of(id, authz.TenantAdmin, ""), all); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.AddHolidays(of(jambi, authz.TenantAdmin, ""), append(day("2026-11-27", "lain"), day("2026-11-25", "lagi")...)); !errors.Is(err, fault.Conflict) {
			t.Errorf("a day twice: %v", err)
		}
		from, to := date(t, "2026-11-23"), date(t, "2026-12-25") // 25 days of the week, one of them Christmas
		for id, want := range map[ID]int{sarolangun: 21, jambi: 22, tuban: 23, LAN: 22} {
			c, err := s.Calendar(of(id, authz.Organiser, ""), from, to)
			if err != nil || c.WorkDays(from, to) != want {
				t.Errorf("tenant %d works %d days, want %d (%v)", id, c.WorkDays(from, to), want, err)
			}
		}
		admin := of(sarolangun, authz.TenantAdmin, "")
		if _, err := s.AddWeek(admin, WorkWeek{FromDay: from, ToDay: from.Add(13), Days: 6, Starts: "07:30", Decree: "Perbup (contoh)"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddWeek(admin, WorkWeek{FromDay: from.Add(13), Days: 6, Starts: "07:30", Decree: "Perbup"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("overlapping weeks: %v", err)
		}
		c, err := s.Calendar(admin, from, to)
		if err != nil || c.WorkDays(from, to) != 23 || c.Week(from).Decree != "Perbup (contoh)" {
			t.Errorf("with two Saturdays %d days (%v)", c.WorkDays(from, to), err)
		}
		own := c.Off[date(t, "2026-11-26")][0]
		if err := s.DropHoliday(of(jambi, authz.TenantAdmin, ""), own.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("the province drops the regency's day: %v", err)
		}
		if err := s.DropHoliday(admin, own.ID); err != nil {
			t.Error(err)
		}
		if err := s.DropWeek(of(jambi, authz.TenantAdmin, ""), c.Weeks[0].ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("the province drops the regency's week: %v", err)
		}
		if err := s.DropWeek(admin, c.Weeks[0].ID); err != nil {
			t.Error(err)
		}
		if c, err = s.Calendar(admin, from, to); err != nil || c.WorkDays(from, to) != 22 {
			t.Errorf("without both %d days (%v)", c.WorkDays(from, to), err)
		}
		for _, wrong := range [][2]civil.Date{{to, from}, {from, from.Add(mostDays + 1)}, {{}, to}} {
			if _, err := s.Calendar(admin, wrong[0], wrong[1]); !errors.Is(err, fault.Invalid) {
				t.Errorf("calendar of %v: %v", wrong, err)
			}
		}
	})
}

// officesHeld: terms follow each other; of two who name a definitive holder at once, one
// is stored.
func officesHeld(t *testing.T) {
	settingsTemplate.Each(t, func(t *testing.T, db *store.DB) {
		s, admin := settings(t, db), of(jambi, authz.TenantAdmin, "")
		o, err := s.SaveOffice(admin, Office{Name: "Kepala BPSDM", Rank: Other})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SaveOffice(admin, Office{Name: "Kepala BPSDM", Rank: Other}); !errors.Is(err, fault.Conflict) {
			t.Errorf("the same name: %v", err)
		}
		o.Name = "Kepala BPSDM Provinsi Jambi"
		if o, err = s.SaveOffice(admin, o); err != nil || o.Version != 2 {
			t.Errorf("renamed to %+v (%v)", o, err)
		}
		o.Version = 1
		if _, err := s.SaveOffice(admin, o); !errors.Is(err, fault.Conflict) {
			t.Errorf("an old version: %v", err)
		}
		term := Holder{OfficeID: o.ID, Kind: Definitive, Name: "Nurhayati", NIP: "197001011995032901", Grade: "Pembina, IV/a", FromDay: date(t, "2026-01-01")}
		var wait sync.WaitGroup
		results := make(chan error, 6)
		for range 6 {
			wait.Go(func() { _, err := s.SaveHolder(admin, term); results <- err })
		}
		wait.Wait()
		close(results)
		stored := 0
		for err := range results {
			if err == nil {
				stored++
			} else if !errors.Is(err, fault.Conflict) {
				t.Errorf("told %v", err)
			}
		}
		if stored != 1 {
			t.Errorf("%d hold the office at once", stored)
		}
		o, _, err = s.OpenOffice(admin, o.ID)
		if err != nil || len(o.Holders) != 1 {
			t.Fatalf("%+v, %v", o, err)
		}
		ended := o.Holders[0]
		ended.ToDay = date(t, "2026-10-31")
		if _, err := s.SaveHolder(admin, ended); err != nil {
			t.Error(err)
		}
		next := term
		next.Name, next.FromDay = "Yusuf Hadi", date(t, "2026-11-01")
		if _, err := s.SaveHolder(admin, next); err != nil {
			t.Error(err)
		}
		all, _, err := s.Offices(admin)
		if err != nil || len(all) != 1 || len(all[0].Holders) != 2 {
			t.Fatalf("%+v, %v", all, err)
		}
		for day, want := range map[string]string{"2026-10-31": "Nurhayati", "2026-11-01": "Yusuf Hadi"} {
			if b, err := all[0].Block(date(t, day), Certificate); err != nil || b.Name != want {
				t.Errorf("on %s signs %q (%v)", day, b.Name, err)
			}
		}
		strange := of(sarolangun, authz.TenantAdmin, "")
		if _, _, err := s.OpenOffice(strange, o.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("another government opens it: %v", err)
		}
		if _, err := s.SaveHolder(strange, next); !errors.Is(err, fault.NotFound) {
			t.Errorf("another government names a holder: %v", err)
		}
		o.Version = 2
		if _, err := s.SaveOffice(strange, o); !errors.Is(err, fault.NotFound) {
			t.Errorf("another government renames it: %v", err)
		}
	})
}
