package authz

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	stringadapter "github.com/casbin/casbin/v2/persist/string-adapter"
)

//go:embed model.conf
var modelText string

//go:embed policy.csv
var policyText string

// rel is how a grant relates to the tenant in which it is used.
type rel string

const (
	self rel = "self" // the tenant of the grant
	down rel = "down" // a descendant of the tenant of the grant
)

// A Policy is Casbin's answers, compiled: who asks for nothing but a map look-up.
// It never changes; a new policy is a new value, swapped whole.
type Policy struct {
	allowed map[question]bool
}

type question struct {
	role Role
	rel  rel
	perm Permission
}

// LoadPolicy compiles the policy that the binary carries.
func LoadPolicy() (*Policy, error) { return compile(policyText) }

// compile asks Casbin every question that there is, once.
func compile(text string) (*Policy, error) {
	enforcer, err := enforcer(text)
	if err != nil {
		return nil, err
	}
	// Casbin's own list of subjects looks for a field named sub, which this model has not.
	lines, err := enforcer.GetPolicy()
	if err != nil {
		return nil, err
	}
	grouping, err := enforcer.GetGroupingPolicy()
	if err != nil {
		return nil, err
	}
	var roles []string
	for _, l := range lines {
		roles = append(roles, l[0])
	}
	for _, g := range grouping {
		roles = append(roles, g...)
	}
	p := &Policy{allowed: map[question]bool{}}
	for _, role := range roles {
		for _, perm := range Permissions() {
			for _, r := range []rel{self, down} {
				ok, err := enforcer.Enforce(role, string(r), perm.Object, perm.Act)
				if err != nil {
					return nil, err
				}
				if ok {
					p.allowed[question{Role(role), r, perm}] = true
				}
			}
		}
	}
	return p, nil
}

func enforcer(text string) (*casbin.Enforcer, error) {
	m, err := model.NewModelFromString(modelText)
	if err != nil {
		return nil, fmt.Errorf("policy model: %w", err)
	}
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	e, err := casbin.NewEnforcer(m, stringadapter.NewAdapter(strings.Join(lines, "\n")))
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return e, nil
}

// allows reports whether role may do perm at a tenant that it relates to by r.
func (p *Policy) allows(role Role, r rel, perm Permission) bool {
	return p.allowed[question{role, r, perm}]
}
