package tenants

import "github.com/wiyata-id/wiyata/platform/civil"

// On lists every tenant as it stood on day, in the order of codes.
func (r *Registry) On(day civil.Date) (all []Government) {
	for _, g := range r.eras {
		if g.on(day) {
			all = append(all, g)
		}
	}
	return all
}

// Today is the day as of which r stands.
func (r *Registry) Today() civil.Date { return r.today }
