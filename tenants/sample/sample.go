// Package sample makes valid data for tests and the demo: the people of a first
// small story in Jambi. Names are invented, and NIP sequences are 900 and above.
package sample

import (
	"context"
	"fmt"

	"github.com/wiyata-id/wiyata/authz"
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
	worker := func(key, name, email, code, nip, position, unit string) Person {
		return Person{Key: key, Name: name, Email: email, Code: code, Work: &employee.Employee{
			NIP: nip, Kind: employee.PNS, Name: name, Position: position, Unit: unit, Active: true,
		}}
	}
	return []Person{
		{Key: "sarolangun", Name: "Rina Marlina", Email: "rina@sarolangun.example", Code: "15.03", Role: authz.SenderAdmin},
		{Key: "kotajambi", Name: "Dedi Kurnia", Email: "dedi@kotajambi.example", Code: "15.71", Role: authz.SenderAdmin},
		{Key: "organiser", Name: "Yusuf Hadi", Email: "yusuf@jambi.example", Code: "15", Role: authz.Organiser},
		{Key: "head", Name: "Nurhayati", Email: "nurhayati@jambi.example", Code: "15", Role: authz.Head},
		{Key: "admin15", Name: "Ratih Puspita", Email: "ratih@jambi.example", Code: "15", Role: authz.TenantAdmin},
		{Key: "overseer", Name: "Sari Lestari", Email: "sari@lan.example", Code: "LAN", Role: authz.Overseer},
		worker("andi", "Andi Saputra, S.E.", "andi@sarolangun.example", "15.03", "199003152015031901", "Analis Kebijakan Ahli Pertama", "Sekretariat Daerah"),
		worker("budi", "Budi Santoso, S.Sos.", "budi@sarolangun.example", "15.03", "198805202014031902", "Pengelola Kepegawaian", "BKPSDM"),
		worker("maya", "Maya Anggraini, S.IP.", "maya@kotajambi.example", "15.71", "199207112019032903", "Analis SDM Aparatur", "BKPSDMD"),
	}
}

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
			if _, err := employees.Register(admin, work); err != nil {
				return nil, fmt.Errorf("%s: %w", p.Key, err)
			}
		}
	}
	return ids, nil
}
