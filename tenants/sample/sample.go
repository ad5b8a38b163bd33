// Package sample makes valid data for tests and the demo: the people of a first
// small story in Jambi. Names are invented, and NIP sequences are 900 and above.
package sample

import (
	"context"
	"fmt"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// Password is everybody's.
const Password = "wiyata-contoh-2026"

// A Person is somebody in the story.
type Person struct {
	Key   string // how tests call them
	Name  string
	Email string
	Code  string     // government in which they hold Role or are employed
	Role  authz.Role // "" for somebody who only takes part
	Work  *employee.Employee
}

// People lists everybody: those with a role, then employees.
func People() []Person {
	worker := func(key, email, code, unit string, e employee.Employee) Person {
		e.Kind, e.Unit, e.Active, e.Email = employee.PNS, unit, true, email
		e.RankDay, e.PositionDay = day(2022, time.October), day(2023, time.January)
		return Person{Key: key, Name: employee.Printed(e.TitleBefore, e.BareName, e.TitleAfter), Email: email, Code: code, Work: &e}
	}
	return []Person{
		{Key: "sarolangun", Name: "Rina Marlina", Email: "rina@sarolangun.example", Code: "15.03", Role: authz.SenderAdmin},
		{Key: "kotajambi", Name: "Dedi Kurnia", Email: "dedi@kotajambi.example", Code: "15.71", Role: authz.SenderAdmin},
		{Key: "organiser", Name: "Yusuf Hadi", Email: "yusuf@jambi.example", Code: "15", Role: authz.Organiser},
		{Key: "head", Name: "Nurhayati", Email: "nurhayati@jambi.example", Code: "15", Role: authz.Head},
		{Key: "admin15", Name: "Ratih Puspita", Email: "ratih@jambi.example", Code: "15", Role: authz.TenantAdmin},
		{Key: "overseer", Name: "Sari Lestari", Email: "sari@lan.example", Code: "LAN", Role: authz.Overseer},
		worker("andi", "andi@sarolangun.example", "15.03", "Sekretariat Daerah", employee.Employee{
			NIP: "199003152015031901", BareName: "Andi Saputra", TitleAfter: "S.E.", Sex: employee.Male, BirthPlace: "Sarolangun", BirthDay: civil.Date{Year: 1990, Month: 3, Day: 15},
			Rank: "32", Position: "Analis Kebijakan Ahli Pertama", PositionKind: "2", Echelon: "99", Phone: "081200000901",
		}),
		worker("budi", "budi@sarolangun.example", "15.03", "BKPSDM", employee.Employee{
			NIP: "198805202014031902", BareName: "Budi Santoso", TitleAfter: "S.Sos.", Sex: employee.Male, BirthPlace: "Bangko", BirthDay: civil.Date{Year: 1988, Month: 5, Day: 20},
			Rank: "33", Position: "Pengelola Kepegawaian", PositionKind: "4", Echelon: "99", Phone: "081200000902",
		}),
		worker("maya", "maya@kotajambi.example", "15.71", "BKPSDMD", employee.Employee{
			NIP: "199207112019032903", BareName: "Maya Anggraini", TitleAfter: "S.IP.", Sex: employee.Female, BirthPlace: "Jambi", BirthDay: civil.Date{Year: 1992, Month: 7, Day: 11},
			Rank: "31", Position: "Analis SDM Aparatur", PositionKind: "2", Echelon: "99", Phone: "081200000903",
		}),
	}
}

// day is the first of a month: ranks and positions begin then.
func day(year int, month time.Month) civil.Date { return civil.Date{Year: year, Month: month, Day: 1} }

// Fill creates everybody, and returns their identities by key.
func Fill(ctx context.Context, registry *tenants.Registry, accounts *account.Service, employees *employee.Service, people []Person) (map[string]account.ID, error) {
	ids := map[string]account.ID{}
	for _, p := range people {
		g, err := registry.ByCode(p.Code)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Code, err)
		}
		identity := account.Identity{Name: p.Name, Email: p.Email}
		if p.Work != nil {
			identity.NIP = p.Work.NIP
		}
		id, err := accounts.Create(authz.AsSystem(ctx, 0), identity, Password)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Key, err)
		}
		ids[p.Key] = id
		if p.Role != "" {
			if err := accounts.Give(authz.AsSystem(ctx, g.ID), id, p.Role, ""); err != nil {
				return nil, fmt.Errorf("%s: %w", p.Key, err)
			}
		}
		if p.Work != nil {
			work := *p.Work
			work.IdentityID = id
			admin := authz.As(ctx, authz.Actor{Tenant: g.ID, Grants: []authz.Grant{{Role: authz.SenderAdmin}}})
			if work.UnitID, err = unit(admin, employees, work.Unit); err != nil {
				return nil, fmt.Errorf("%s: %w", p.Key, err)
			}
			if _, err := employees.Register(admin, work); err != nil {
				return nil, fmt.Errorf("%s: %w", p.Key, err)
			}
		}
	}
	return ids, nil
}

// unit is the topmost unit of that name, made when there is none; "" is none.
func unit(ctx context.Context, employees *employee.Service, name string) (employee.UnitID, error) {
	if name == "" {
		return "", nil
	}
	tree, err := employees.Tree(ctx)
	if err != nil {
		return "", err
	}
	for _, u := range tree.Below("") {
		if u.Name == name {
			return u.ID, nil
		}
	}
	u, err := employees.AddUnit(ctx, employee.Unit{Name: name})
	return u.ID, err
}
