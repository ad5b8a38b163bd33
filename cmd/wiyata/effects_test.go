package main

import (
	"context"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
)

// waiting lists the effects in the outbox.
func waiting(t *testing.T, in *installation) (rows []jobs.Row) {
	t.Helper()
	ctx := context.Background()
	check(t, in.db.View(ctx, store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) error {
		return tx.NewSelect().Model(&rows).Order("id").Scan(ctx)
	}))
	return rows
}

// TestCreditOnce: an effect that is delivered twice at the same time credits once;
// one that nobody was there to carry out is found by the sweep after a restart.
func TestCreditOnce(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		l := begin(t, in)
		for _, step := range l.steps() {
			if step.name == "credit" {
				break
			}
			step.do()
		}
		rows := waiting(t, in)
		if len(rows) != 2 {
			t.Fatalf("%d effects wait, want one per certificate", len(rows))
		}
		first := rows[0]
		for _, err := range atOnce(4, func(int) error {
			return in.ledger.Take(authz.AsSystem(context.Background(), first.PartyID), first)
		}) {
			check(t, err)
		}
		if left := waiting(t, in); len(left) != 1 || left[0].ID == first.ID {
			t.Errorf("%d effects wait after one was carried out", len(left))
		}
		ctx, stop := context.WithCancel(context.Background())
		worked := make(chan error, 1)
		go func() { worked <- in.work(ctx) }() // the restart
		in.settled(t)
		stop()
		check(t, <-worked)
		for _, key := range []string{"andi", "maya"} {
			transcript, err := in.ledger.Transcript(in.as(t, key))
			check(t, err)
			if len(transcript.Credits) != 1 || transcript.JP != 4 {
				t.Errorf("%s has %d lines and %d JP, want one line of 4 JP", key, len(transcript.Credits), transcript.JP)
			}
		}
		sum, err := in.oversight.Summary(in.as(t, "overseer"))
		check(t, err)
		if sum.JP != 8 || sum.Certificates != 2 {
			t.Errorf("the nation counts %d JP of %d certificates, want 8 of 2", sum.JP, sum.Certificates)
		}
	})
}

// TestForeignEffect: a job cannot credit a certificate whose party is another tenant.
func TestForeignEffect(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		l := begin(t, in)
		for _, step := range l.steps() {
			if step.name == "credit" {
				break
			}
			step.do()
		}
		stranger := in.government(t, "35.23")
		for _, row := range waiting(t, in) {
			row.PartyID = stranger
			check(t, in.ledger.Take(authz.AsSystem(context.Background(), stranger), row))
		}
		if n := len(waiting(t, in)); n != 2 {
			t.Errorf("a stranger took %d effects out of the outbox", 2-n)
		}
		credits, err := in.ledger.List(authz.As(context.Background(), authz.Actor{Tenant: stranger, Grants: []authz.Grant{{Role: authz.SenderAdmin}}}))
		check(t, err)
		if len(credits) != 0 {
			t.Errorf("a stranger credited %d lines", len(credits))
		}
	})
}
