package main

import (
	"context"
	"fmt"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// settingsWork has a government set everything once, change it and take back what can
// be taken back; others see what is published.
func (l *teller) settingsWork(ctx context.Context) error {
	admin := l.as(ctx, "admin15", "15", authz.TenantAdmin)
	jambi, s := l.id("15"), l.settings
	for version, body := range []string{"BPSDM", "BPSDM Provinsi Jambi"} {
		p, err := s.SaveIdentity(admin, tenants.Profile{Version: version, Body: body})
		if err := same("version saved", p.Version, version+1, err); err != nil {
			return err
		}
	}
	fresh, err := tenants.NewSettings(ctx, l.gate, l.registry)
	if err != nil {
		return err
	}
	if err := same("profile that all see", fresh.Profile(jambi).Body, "BPSDM Provinsi Jambi", nil); err != nil {
		return err
	}
	day := today()
	if err := s.AddHolidays(admin, []tenants.Holiday{{Day: day, Name: "Libur", Kind: tenants.DayOff, Decree: "Contoh"}}); err != nil {
		return err
	}
	for _, from := range []civil.Date{day, day.Add(7)} { // the second one stays
		if _, err := s.AddWeek(admin, tenants.WorkWeek{FromDay: from, ToDay: from, Days: 6, Starts: "07:30", Decree: "Contoh"}); err != nil {
			return err
		}
	}
	below, err := s.Calendar(l.as(ctx, "sarolangun", "15.03", authz.SenderAdmin), day, day)
	if err := same("province's days off in a regency", len(below.Holidays()), 1, err); err != nil {
		return err
	}
	own, err := s.Calendar(admin, day, day)
	if err := same("exceptions of the week", len(own.Weeks), 2, err); err != nil {
		return err
	}
	if err := s.DropWeek(admin, own.Weeks[0].ID); err != nil {
		return err
	}
	if err := s.DropHoliday(admin, own.Holidays()[0].ID); err != nil {
		return err
	}
	o, err := s.SaveOffice(admin, tenants.Office{Name: "Kepala", Rank: tenants.Other})
	if err != nil {
		return err
	}
	if o, err = s.SaveOffice(admin, tenants.Office{ID: o.ID, Version: o.Version, Name: "Kepala BPSDM", Rank: tenants.Other}); err != nil {
		return err
	}
	h := tenants.Holder{OfficeID: o.ID, Kind: tenants.Definitive, Name: "Nurhayati", NIP: "197001011995032901", Grade: "Pembina, IV/a", FromDay: day}
	if h, err = s.SaveHolder(admin, h); err != nil {
		return err
	}
	_, err = s.SaveHolder(admin, tenants.Holder{OfficeID: o.ID, Kind: tenants.Definitive, Name: "Lain", NIP: h.NIP, Grade: h.Grade, FromDay: day})
	if err := refused("a second definitive holder", err, fault.Conflict); err != nil {
		return err
	}
	h.ToDay = day
	if _, err = s.SaveHolder(admin, h); err != nil {
		return err
	}
	all, _, err := s.Offices(admin)
	if err := same("offices", len(all), 1, err); err != nil {
		return err
	}
	return l.unpublished(ctx, l.id("15.03"))
}

// unpublished probes what no act makes yet: rows of published tables before they are
// published are their own tenant's.
func (l *teller) unpublished(ctx context.Context, own tenants.ID) error {
	for table, insert := range map[string]string{
		"profile": `INSERT INTO profile (tenant_id, id, version, saved_at, body, accent, motif, language, help, head_lines, address, phone, email, site, city)
			VALUES (%d, '%s', 0, now(), '', '', 'tumpal', 'id', '', '', '', '', '', '', '')`,
		"holiday": `INSERT INTO holiday (tenant_id, id, day, name, kind, decree, checked) VALUES (%d, '%s', '2030-01-02', 'Rancangan', 'holiday', 'Contoh', false)`,
	} {
		err := l.db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: own}, "", func(tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, fmt.Sprintf(insert, own, store.NewID()))
			return err
		})
		if err != nil {
			return err
		}
		var n int
		err = l.db.View(ctx, store.Reach{Door: store.DoorRead, Tenant: own}, func(tx *store.Tx) error {
			return tx.NewRaw(fmt.Sprintf("SELECT count(*) FROM %s WHERE tenant_id = %d AND published_at IS NULL", table, own)).Scan(ctx, &n)
		})
		if err := same("unpublished rows of "+table, n, 1, err); err != nil {
			return err
		}
	}
	return nil
}
