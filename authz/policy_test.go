package authz

import (
	"testing"

	"pgregory.net/rapid"
)

// TestTableEqualsCasbin: the compiled table answers every question as Casbin does,
// for the policy that the binary carries and for policies made up here.
func TestTableEqualsCasbin(t *testing.T) {
	texts := map[string]string{
		"carried": policyText,
		"deny wins": "p, staff, self, batch, read, allow\np, guest, tree, batch, read, allow\ng, guest, staff\n" +
			"p, guest, down, batch, read, deny\ng, head, guest\np, head, tree, outcome, decree, allow",
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			p, err := compile(text)
			if err != nil {
				t.Fatal(err)
			}
			e, err := enforcer(text)
			if err != nil {
				t.Fatal(err)
			}
			roles := []string{"staff", "guest", "head", "organiser", "sender_admin", "overseer", "system", "nobody", ""}
			rapid.Check(t, func(t *rapid.T) {
				role := rapid.SampledFrom(roles).Draw(t, "role")
				r := rapid.SampledFrom([]rel{self, down}).Draw(t, "rel")
				perm := rapid.SampledFrom(Permissions()).Draw(t, "permission")
				want, err := e.Enforce(role, string(r), perm.Object, perm.Act)
				if err != nil {
					t.Fatal(err)
				}
				if got := p.allows(Role(role), r, perm); got != want {
					t.Errorf("%s %s %s = %v, Casbin says %v", role, r, perm, got, want)
				}
			})
		})
	}
}

// TestPolicyIsComplete: no permission that nobody holds, and no policy line about a
// permission or for a role that the code does not know.
func TestPolicyIsComplete(t *testing.T) {
	p, err := LoadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	held := map[Permission]bool{}
	for q := range p.allowed {
		held[q.perm] = true
	}
	known := map[Permission]bool{}
	for _, perm := range Permissions() {
		known[perm] = true
		if !held[perm] {
			t.Errorf("no role holds %s", perm)
		}
	}
	e, err := enforcer(policyText)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := e.GetPolicy()
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) == 0 {
		t.Fatal("the policy has no lines")
	}
	for _, l := range lines {
		if !known[Permission{l[2], l[3]}] {
			t.Errorf("policy line %v names an unknown permission", l)
		}
	}
}
