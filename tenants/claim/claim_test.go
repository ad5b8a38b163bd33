package claim_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants/claim"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

var template = storetest.Template{Guard: storetest.NewGuard(migrations.Tables), Prepare: func(ctx context.Context, db *store.DB) error {
	return migrations.Up(ctx, db.SQL(), db.Engine)
}}

func TestMain(m *testing.M) {
	code := m.Run()
	template.Remove()
	os.Exit(code)
}

// TestTake: a second tenant is refused for any part of the time, and only for
// that; 12.00 and 12.00 do not meet (R19).
func TestTake(t *testing.T) {
	day := time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name     string
		subject  string
		from, to int // hours of the day
		want     error
	}{
		{"inside", "person:a", 10, 11, fault.Conflict},
		{"around", "person:a", 8, 13, fault.Conflict},
		{"the same", "person:a", 9, 12, fault.Conflict},
		{"over the end", "person:a", 11, 14, fault.Conflict},
		{"from its end", "person:a", 12, 13, nil},
		{"up to its start", "person:a", 7, 9, nil},
		{"somebody else", "person:b", 9, 12, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			template.Each(t, func(t *testing.T, db *store.DB) {
				ctx := context.Background()
				take := func(tenant store.TenantID, subject string, from, to int) error {
					return db.Update(ctx, store.Reach{Door: store.DoorWrite, Tenant: tenant}, "", func(tx *store.Tx) error {
						return claim.Take(ctx, tx, subject, "batch:1", day.Add(time.Duration(from)*time.Hour), day.Add(time.Duration(to)*time.Hour))
					})
				}
				if err := take(15, "person:a", 9, 12); err != nil {
					t.Fatal(err)
				}
				err := take(13, tc.subject, tc.from, tc.to)
				if !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) {
					t.Errorf("Take = %v, want %v", err, tc.want)
				}
				if err != nil && strings.ContainsAny(fault.Of(err).Text, "0123456789") {
					t.Errorf("the refusal tells when or where: %v", err)
				}
			})
		})
	}
}
