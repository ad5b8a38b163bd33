package authz

import (
	"slices"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// A Role is a name in policy.csv.
type Role string

// The roles that code names; policy.csv has them all.
const (
	SenderAdmin Role = "sender_admin"
	Organiser   Role = "organiser"
	Head        Role = "head"
	Overseer    Role = "overseer"
	TenantAdmin Role = "tenant_admin"
	Operator    Role = "operator" // of the installation: held in tenant 0
	System      Role = "system"
	Appointer   Role = "appointer" // the machine's, in a tenant, for an operator who appoints there
	Almanac     Role = "almanac"   // the machine's, in Kemendagri, for an operator who declares days off
)

// words are the names on screen of the roles that people can hold, in the order in
// which they are offered.
var words = []struct{ role, name string }{
	{"tenant_admin", "Admin instansi"},
	{"sender_admin", "Admin pengembangan kompetensi"},
	{"unit_admin", "Admin perangkat daerah"},
	{"host_admin", "Admin badan diklat"},
	{"organiser", "Penyelenggara"},
	{"division", "Bidang pelatihan"},
	{"verifier", "Verifikator berkas"},
	{"head", "Kepala badan"},
	{"authority", "Pejabat berwenang (PPK, PyB, Sekda)"},
	{"superior", "Atasan langsung"},
	{"trainer", "Widyaiswara"},
	{"speaker", "Narasumber"},
	{"coach", "Coach"},
	{"mentor", "Mentor"},
	{"examiner", "Penguji"},
	{"quality", "Penjamin mutu"},
	{"treasurer", "Bendahara"},
	{"auditor", "Auditor"},
	{"overseer", "Pengawas"},
	{"operator", "Operator platform"},
}

// Words returns the role's name on screen, in Indonesian.
func (r Role) Words() string {
	for _, w := range words {
		if w.role == string(r) {
			return w.name
		}
	}
	return string(r)
}

// Grantable reports whether people can be given r: roles of the machine cannot.
func (r Role) Grantable() bool { return r.Words() != string(r) }

// Roles lists the roles that people can hold, in the order in which they are offered.
func Roles() []Role {
	all := make([]Role, len(words))
	for i, w := range words {
		all[i] = Role(w.role)
	}
	return all
}

// weighty are the permissions with which one person can do lasting harm to others:
// whoever holds one signs in with a second factor.
var weighty = []Permission{AccountGrant, AccountSettle, TenantManage, TenantAppoint, TenantSet, GuestManage, OutcomeDecree, CertificateSign, OversightRead}

// Weighty reports whether role asks for a second factor at sign-in: operators,
// overseers, those who administer a tenant, and those who sign.
func (g *Gate) Weighty(role Role) bool {
	policy := g.policy.Load()
	return slices.ContainsFunc(weighty, func(perm Permission) bool {
		return policy.allows(role, self, perm) || policy.allows(role, down, perm)
	})
}

// Lendable reports whether p may be lent to a program by a token: what weighs on others,
// and what lets people in, is done by people themselves.
func (p Permission) Lendable() bool {
	return !slices.Contains(weighty, p) && p != AccountInvite && p != AccountReset && p != TokenIssue
}

// Covers reports whether a holds, within limit ("" = in the whole
// tenant), all that role would allow: nobody gives more than they have.
func (g *Gate) Covers(a Actor, role Role, limit string) bool {
	policy := g.policy.Load()
	for _, perm := range Permissions() {
		for _, r := range []rel{self, down} {
			if !policy.allows(role, r, perm) {
				continue
			}
			scope, err := g.scope(a, r, perm)
			if err != nil || scope != nil && !slices.Contains(scope, limit) {
				return false
			}
		}
	}
	return true
}

// Apart refuses an act to whoever did another one on the same thing: who nominates
// does not verify, who grades does not recommend, who generates does not sign. text
// names both acts and the cure.
// Errors: fault.Forbidden.
func Apart(did, does store.IdentityID, text string) error {
	if did != "" && did == does {
		return fault.New(fault.Forbidden, "%s", text)
	}
	return nil
}
