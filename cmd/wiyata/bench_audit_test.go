package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
)

// leastAudited is what of the writes per second must be left when each leaves a line in
// the audit trail. A chain head moved by each write left 15 % (DESIGN: lines are sealed
// after the commit).
const leastAudited = 0.85

// BenchmarkAuditedWrites compares the writes of one tenant through the Gate with the same
// writes without their audit line: 16 writers, the sealer at work, rounds in turn, now the
// one first and now the other, and the median of the ratios of neighbours.
func BenchmarkAuditedWrites(b *testing.B) {
	const writers, rounds, each = 16, 31, 300 * time.Millisecond
	unguarded := storetest.Template{Prepare: populate} // nobody parses statements meanwhile
	b.Cleanup(unguarded.Remove)
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			untraced(b)
			in := assemble(b, unguarded.Clone(b, engine), slog.New(slog.DiscardHandler))
			in.start(b)
			organiser := in.as(b, "organiser")
			actor, _ := authz.ActorFrom(organiser)
			reach := store.Reach{Door: store.DoorWrite, Tenant: actor.Tenant, Actor: actor.Identity}
			// What a form usually does: it looks, adds a row and what hangs on it.
			insert := func(ctx context.Context, tx *store.Tx) error {
				id := tx.NewID()
				tx.About("program", id)
				var there int
				if err := tx.NewRaw("SELECT count(*) FROM program WHERE tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx, &there); err != nil {
					return err
				}
				_, err := tx.NewRaw(`INSERT INTO program (tenant_id, id, title, course_type, version, rule_set, rule_title, rule_decree, rule_source)
					VALUES (?, ?, 'Bimtek', 'bimtek', '1.0.0', 'r', 'r', 'd', 'unconfirmed')`, tx.Tenant, id).Exec(ctx)
				if err != nil {
					return err
				}
				_, err = tx.NewRaw("INSERT INTO batch (tenant_id, id, published_at, program_id, title, number, year, place, zone, starts, ends, course_type, version, rule_set, rule_source)"+
					" VALUES (?, ?, ?, ?, 'Bimtek', 'I', 2026, 'Aula', 'WIB', '2026-11-24', '2026-11-24', 'bimtek', '1.0.0', 'r', 'unconfirmed')", tx.Tenant, tx.NewID(), tx.Now, id).Exec(ctx)
				return err
			}
			audited := func(ctx context.Context) error {
				return in.gate.Write(ctx, authz.ProgramOpen, "", func(tx *store.Tx) error { return insert(ctx, tx) })
			}
			bare := func(ctx context.Context) error {
				return in.db.Update(ctx, reach, "", func(tx *store.Tx) error { return insert(ctx, tx) })
			}
			rate := func(write func(context.Context) error) float64 {
				var done atomic.Int64
				var wait sync.WaitGroup
				started := time.Now()
				for range writers {
					wait.Go(func() {
						for time.Since(started) < each {
							if err := write(organiser); err != nil {
								b.Error(err)
								return
							}
							done.Add(1)
						}
					})
				}
				wait.Wait()
				return float64(done.Load()) / time.Since(started).Seconds()
			}
			measured := false
			for b.Loop() {
				if measured { // the rounds of a median are inside, however many are asked for
					continue
				}
				measured = true
				rate(bare) // warm
				rate(audited)
				var ratios, with, without figures
				for i := range rounds {
					var w, wo float64
					if i%2 == 0 {
						w = rate(audited)
					}
					wo = rate(bare)
					if i%2 == 1 {
						w = rate(audited)
					}
					with, without, ratios = append(with, w), append(without, wo), append(ratios, w/wo)
				}
				bound := fmt.Sprintf("at least %.2f", leastAudited)
				if engine == store.SQLite {
					bound = "no bound"
				}
				fmt.Printf("\nfigure: %s, one tenant, %d writers: %s writes/s with an audit line, %s without; ratio %s, %s\n",
					engine, writers, with.spread("%.0f"), without.spread("%.0f"), ratios.sure("%.2f"), bound)
				if median := ratios.median(); engine == store.Postgres && median < leastAudited {
					b.Errorf("an audit line leaves %.2f of the writes, at least %.2f", median, leastAudited)
				}
			}
		})
	}
}
