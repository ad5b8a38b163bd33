package nomination

import (
	"errors"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/tenants/account"
)

func TestApprove(t *testing.T) {
	now := time.Date(2026, 11, 2, 5, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name  string
		state State
		seats int
		taken int64
		by    string
		want  error
	}{
		{"seat left", Proposed, 2, 1, "verifier", nil},
		{"waiting, and a seat is free", Waiting, 1, 0, "verifier", nil},
		{"full", Proposed, 1, 1, "verifier", fault.Conflict},
		{"no seats at all", Proposed, 0, 0, "verifier", fault.Conflict},
		{"decided", Approved, 2, 1, "verifier", fault.Conflict},
		{"own proposal", Proposed, 2, 0, "proposer", fault.Forbidden},
		{"oneself", Proposed, 2, 0, "nominee", fault.Forbidden},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := Nomination{State: tc.state, ProposedBy: "proposer", IdentityID: "nominee"}
			err := n.approve(civil.WIB, tc.seats, tc.taken, account.ID(tc.by), now)
			if !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) {
				t.Fatalf("approve = %v, want %v", err, tc.want)
			}
			if err == nil && (n.State != Approved || n.DecidedBy != "verifier" || !n.DecidedAt.Equal(now)) {
				t.Errorf("approved nomination %+v", n)
			}
			if err != nil && n.State != tc.state {
				t.Errorf("refused, yet now %s", n.State)
			}
		})
	}
}
