package trail

import (
	"testing"

	"github.com/wiyata-id/wiyata/authz"
)

// TestEveryPermissionHasWords: whatever the Gate can write into a line has a sentence.
func TestEveryPermissionHasWords(t *testing.T) {
	unknown := deed("no:such", "thing")
	for _, p := range append(authz.Permissions(), authz.Permission{Object: "self", Act: "write"}) {
		if deed(p.String(), "anything") == unknown {
			t.Errorf("no words for %s", p)
		}
	}
	if got, general := deed("self:write", "nomination"), deed("self:write", "anything"); got == general {
		t.Errorf("a kind of its own says no more than the permission: %q", got)
	}
}
