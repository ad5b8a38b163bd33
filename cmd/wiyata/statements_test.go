package main

import (
	"net/http"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// TestStatementsPerPage: a page makes exactly so many statements, BEGIN and COMMIT
// included. On PostgreSQL each transaction makes one more, its settings, and so does each
// Recognise.
func TestStatementsPerPage(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		admin := in.as(t, "sarolangun")
		u, err := in.employees.AddUnit(admin, employee.Unit{Name: "Badan"})
		check(t, err)
		id, err := in.employees.Register(admin, employee.Employee{Kind: employee.NonASN, BareName: "Aan", UnitID: u.ID, Active: true})
		check(t, err)
		_, err = in.employees.Change(admin, id, 1, employee.Employee{Kind: employee.NonASN, BareName: "Aan", UnitID: u.ID, Position: "Juru"}, "")
		check(t, err)
		makeOperator(t, db, in.ids["tubanhost"])
		for _, tc := range []struct {
			name, who, path  string
			sqlite, postgres int
		}{
			{"employees", "sarolangun", "/t/15-03/pegawai", 8, 11},
			{"employees searched", "sarolangun", "/t/15-03/pegawai?q=aan+sau&kind=PNS&unit=" + string(u.ID), 8, 11},
			{"employee with history", "sarolangun", "/t/15-03/pegawai/" + string(id), 12, 16},
			{"form of an employee", "sarolangun", "/t/15-03/pegawai/" + string(id) + "/ubah", 10, 14},
			{"employees as operation", "sarolangun", "/api/v1/tenants/15-03/employees", 8, 11},
			{"employee as operation", "sarolangun", "/api/v1/tenants/15-03/employees/" + string(id), 7, 10},
			{"imports", "sarolangun", "/t/15-03/pegawai/impor", 7, 10},
			{"units", "sarolangun", "/t/15-03/unit", 7, 10},
			{"unit", "sarolangun", "/t/15-03/unit/" + string(u.ID), 7, 10},
			{"transfers", "sarolangun", "/t/15-03/mutasi", 7, 10},
			{"access", "admin15", "/t/15/akses", 7, 10},
			{"settings", "admin15", "/t/15/pengaturan", 7, 10},
			{"trail", "admin15", "/t/15/jejak-audit", 10, 14},
			{"governments", "tubanhost", "/operator/pemerintah", 8, 11},
			{"oversight", "overseer", "/t/lan/pengawasan", 9, 15},
			{"headcounts", "overseer", "/t/lan/pengawasan/pegawai", 8, 14},
			{"headcounts of a province", "overseer", "/t/lan/pengawasan/pegawai?provinsi=15", 8, 14},
			{"own page", "andi", "/saya", 7, 10},
		} {
			t.Run(tc.name, func(t *testing.T) {
				c := in.signIn(t, tc.who)
				spans.Reset()
				c.send(http.MethodGet, tc.path, "", "").want(http.StatusOK)
				requests, statements := cost()
				want := tc.sqlite
				if db.Engine == store.Postgres {
					want = tc.postgres
				}
				if requests != 1 || statements != want {
					t.Errorf("%d requests, %d statements, want %d", requests, statements, want)
				}
			})
		}
	})
}
