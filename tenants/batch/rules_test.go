package batch

import (
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/tenants"
)

func TestDraft(t *testing.T) {
	registry := tenants.NewRegistry(civil.Date{Year: 2026, Month: 11, Day: 1}, []tenants.Government{
		{ID: 1, Kind: tenants.National, Code: "LAN", Slug: "lan", Name: "LAN"},
		{ID: 9, Kind: tenants.Regency, Code: "15.03", Slug: "15-03", Name: "Kabupaten Sarolangun"},
	})
	d9, d10 := civil.Date{Year: 2026, Month: 11, Day: 9}, civil.Date{Year: 2026, Month: 11, Day: 10}
	seats := func(party tenants.ID, n int) map[tenants.ID]int { return map[tenants.ID]int{party: n} }
	for _, tc := range []struct {
		name  string
		draft Draft
		field string // that is wrong, "" for none
	}{
		{"good", Draft{Number: "I", Place: "Aula", Starts: d9, Ends: d10, Seats: seats(9, 1)}, ""},
		{"one day", Draft{Number: "I", Place: "Aula", Starts: d9, Ends: d9, Seats: seats(9, 200)}, ""},
		{"no number", Draft{Place: "Aula", Starts: d9, Ends: d10, Seats: seats(9, 1)}, "number"},
		{"no place", Draft{Number: "I", Starts: d9, Ends: d10, Seats: seats(9, 1)}, "place"},
		{"no days", Draft{Number: "I", Place: "Aula", Seats: seats(9, 1)}, "starts"},
		{"backwards", Draft{Number: "I", Place: "Aula", Starts: d10, Ends: d9, Seats: seats(9, 1)}, "ends"},
		{"nobody", Draft{Number: "I", Place: "Aula", Starts: d9, Ends: d10}, "quota"},
		{"no such sender", Draft{Number: "I", Place: "Aula", Starts: d9, Ends: d10, Seats: seats(77, 1)}, "quota"},
		{"a national body", Draft{Number: "I", Place: "Aula", Starts: d9, Ends: d10, Seats: seats(1, 1)}, "quota"},
		{"no seats", Draft{Number: "I", Place: "Aula", Starts: d9, Ends: d10, Seats: seats(9, 0)}, "quota"},
		{"number too long", Draft{Number: strings.Repeat("I", 61), Place: "Aula", Starts: d9, Ends: d10, Seats: seats(9, 1)}, "number"},
		{"number of nothing", Draft{Number: "I\x00", Place: "Aula", Starts: d9, Ends: d10, Seats: seats(9, 1)}, "number"},
		{"a thousand years ago", Draft{Number: "I", Place: "Aula", Starts: civil.Date{Year: 1026, Month: 1, Day: 1}, Ends: d10, Seats: seats(9, 1)}, "starts"},
		{"too many", Draft{Number: "I", Place: "Aula", Starts: d9, Ends: d10, Seats: seats(9, 201)}, "quota"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := tc.draft.check(registry)
			if f := fault.Of(err); (f == nil) != (tc.field == "") || f != nil && f.Field != tc.field {
				t.Errorf("check = %v, want a fault of %q", err, tc.field)
			}
		})
	}
}
