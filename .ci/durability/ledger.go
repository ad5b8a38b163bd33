package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
)

// A ledger is what a parent knows of the rows that it had written.
type ledger struct {
	mu    sync.Mutex
	sent  map[string]order
	acked map[string]bool
	nacks []string // what was refused, with the reason: in this harness always a fault
}

func newLedger() *ledger { return &ledger{sent: map[string]order{}, acked: map[string]bool{}} }

// unknown lists what was sent and not answered.
func (l *ledger) unknown() (orders []order) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, o := range l.sent {
		if !l.acked[id] {
			orders = append(orders, o)
		}
	}
	slices.SortFunc(orders, func(a, b order) int { return strings.Compare(a.id, b.id) })
	return orders
}

// found is what the database holds after recovery.
type found struct {
	rows  map[string][]string // id → payloads, one per row
	trail map[string]bool     // ids of which the audit trail has a line
}

// querier is a database past all policies.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// look reads what db holds.
func look(ctx context.Context, db querier) (f found, err error) {
	f = found{rows: map[string][]string{}, trail: map[string]bool{}}
	err = each(ctx, db, "SELECT id, key FROM outbox", func(id, payload string) { f.rows[id] = append(f.rows[id], payload) })
	if err != nil {
		return f, err
	}
	return f, each(ctx, db, "SELECT object, permission FROM audit_line", func(id, _ string) { f.trail[id] = true })
}

func each(ctx context.Context, db querier, query string, take func(a, b string)) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a, b string
		if err := rows.Scan(&a, &b); err != nil {
			return err
		}
		take(a, b)
	}
	return rows.Err()
}

// lookAt opens the database at dsn, as the application does after a fault, reads what
// it holds and closes it.
func lookAt(ctx context.Context, dsn string) (found, error) {
	db, err := store.Open(ctx, dsn, time.Now)
	if err != nil {
		return found{}, err
	}
	defer db.Close()
	return look(ctx, db.SQL())
}

// judge compares after a fault, has what is unknown sent again, and compares again.
func judge(ctx context.Context, l *ledger, dsn string, read func(context.Context) (found, error)) (v verdict, err error) {
	f, err := read(ctx)
	if err != nil {
		return v, err
	}
	v = l.compare(f)
	if err := settle(ctx, l, dsn); err != nil {
		return v, err
	}
	if f, err = read(ctx); err != nil {
		return v, err
	}
	again := l.compare(f)
	v.lost, v.altered, v.doubled, v.phantom = max(v.lost, again.lost), max(v.altered, again.altered), max(v.doubled, again.doubled), max(v.phantom, again.phantom)
	return v, nil
}

// A verdict counts what differs; all but acks and unknown must be 0.
type verdict struct {
	cycles, acks, unknown           int
	lost, altered, doubled, phantom int
}

// compare holds the ledger against the database. A row of the Write door is lost, too,
// when its audit line is: both were one transaction.
func (l *ledger) compare(f found) (v verdict) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v.cycles, v.acks, v.unknown = 1, len(l.acked), len(l.sent)-len(l.acked)
	for id := range l.acked {
		if len(f.rows[id]) == 0 || l.sent[id].door == "write" && !f.trail[id] {
			v.lost++
		}
	}
	for id, payloads := range f.rows {
		o, known := l.sent[id]
		switch {
		case !known:
			v.phantom++
		case slices.ContainsFunc(payloads, func(p string) bool { return p != o.payload }):
			v.altered++
		}
		if len(payloads) > 1 {
			v.doubled++
		}
	}
	return v
}

// add sums up over cycles; the ledger of each is its own.
func (v verdict) add(w verdict) verdict {
	return verdict{
		v.cycles + w.cycles, v.acks + w.acks, v.unknown + w.unknown,
		v.lost + w.lost, v.altered + w.altered, v.doubled + w.doubled, v.phantom + w.phantom,
	}
}

// wrong reports whether something differs that must not.
func (v verdict) wrong() bool { return v.lost+v.altered+v.doubled+v.phantom > 0 }

const heading = "configuration                        cycles    acks unknown    lost altered doubled phantom"

func (v verdict) row(name string) string {
	return fmt.Sprintf("%-36s %6d %7d %7d %7d %7d %7d %7d", name, v.cycles, v.acks, v.unknown, v.lost, v.altered, v.doubled, v.phantom)
}
