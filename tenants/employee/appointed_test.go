package employee_test

import (
	"testing"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// TestAppointed: since when somebody is what they are, as far as the register knows.
func TestAppointed(t *testing.T) {
	since := civil.Date{Year: 2025, Month: 3, Day: 17}
	for _, tc := range []struct {
		name string
		e    employee.Employee
		want string
	}{
		{"CPNS by rank", employee.Employee{Kind: employee.CPNS, NIP: "199801012023011901", RankDay: since}, "2025-03-17"},
		{"CPNS by NIP", employee.Employee{Kind: employee.CPNS, NIP: "199801012023011901"}, "2023-01-01"},
		{"CPNS without either", employee.Employee{Kind: employee.CPNS}, ""},
		{"PPPK", employee.Employee{Kind: employee.PPPK, NIP: "199801012023211901", ContractFrom: since}, "2025-03-17"},
		{"PNS", employee.Employee{Kind: employee.PNS, NIP: "199801012023011901", RankDay: since}, ""},
	} {
		if got := tc.e.Appointed().String(); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
	if got := (employee.Employee{Kind: employee.PNS, Rank: "32"}).RankClass(); got != "III/b" {
		t.Errorf("rank class %q", got)
	}
}
