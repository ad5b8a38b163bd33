package employee

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

const (
	finishEvery = time.Hour
	finishChunk = 100 // rows that one transaction finishes at most
)

// A Finisher completes the rows that the release before has written: their names taken
// apart, the words under which they are found, the marks of who is in service. While
// nodes of both releases run, such rows keep coming, so it looks again each hour. It
// changes nothing that a row says, and what it has finished it does not find again;
// several nodes may finish at once.
type Finisher struct {
	register *Service
	registry *tenants.Registry
	log      *slog.Logger
}

// NewFinisher returns a finisher of the rows behind register.
func NewFinisher(register *Service, registry *tenants.Registry, log *slog.Logger) *Finisher {
	return &Finisher{register, registry, log}
}

// Run finishes at once and then each hour, until ctx ends.
func (f *Finisher) Run(ctx context.Context) {
	tick := time.NewTicker(finishEvery)
	defer tick.Stop()
	for {
		if err := f.Finish(ctx); err != nil && ctx.Err() == nil {
			f.log.Error("employees of the release before not finished", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Finish finishes the rows of every tenant. Nobody acts in a suspended one, this neither:
// its rows wait.
func (f *Finisher) Finish(ctx context.Context) error {
	for _, g := range f.registry.All() {
		if f.registry.Closed(g.ID) != nil {
			continue
		}
		rows, unmarked, err := f.register.finish(authz.AsSystem(ctx, g.ID))
		if err != nil {
			return fmt.Errorf("finish employees of tenant %d: %w", g.ID, err)
		}
		if rows > 0 {
			f.log.Info("employees of the release before finished", "tenant", int(g.ID), "rows", rows, "in_service_elsewhere", unmarked)
		}
	}
	return nil
}

// finish finishes the rows of the tenant acted in, chunk after chunk; unmarked are those
// of them who are in service elsewhere already: they stay without marks, for the offices
// to settle by a transfer.
func (s *Service) finish(ctx context.Context) (rows, unmarked int, err error) {
	for after, n := ID(""), finishChunk; n == finishChunk; {
		var due []Employee
		err = s.gate.Read(ctx, authz.EmployeeImport, func(tx *store.Tx) error {
			due, err = unfinished(ctx, tx, after)
			return err
		})
		if n = len(due); err != nil || n == 0 {
			return rows, unmarked, err
		}
		var done, elsewhere int
		err = s.gate.Bookkeep(ctx, authz.EmployeeImport, "unfinished", func(tx *store.Tx) error {
			done, elsewhere = 0, 0
			all, err := unfinished(ctx, tx, after) // as they stand now
			if err != nil || len(all) == 0 {
				return err
			}
			done = len(all)
			elsewhere, err = finishAll(ctx, tx, all)
			return err
		})
		if err != nil {
			return rows, unmarked, err
		}
		rows, unmarked, after = rows+done, unmarked+elsewhere, due[n-1].ID
	}
	return rows, unmarked, nil
}

// unfinished returns the next employees of the tenant acted in whom the release before
// has written, after the id given; "" = the first.
func unfinished(ctx context.Context, tx *store.Tx, after ID) (all []Employee, err error) {
	q := tx.NewSelect().Model(&all).Where("tenant_id = ? AND sort_name = ''", tx.Tenant)
	if after != "" {
		q = q.Where("id > ?", after)
	}
	err = q.Order("id").Limit(finishChunk).Scan(ctx)
	return all, err
}

// finishAll completes all, and returns how many of them are in service elsewhere.
func finishAll(ctx context.Context, tx *store.Tx, all []Employee) (elsewhere int, err error) {
	ids, found, subjects := make([]ID, len(all)), make([]Row, len(all)), []string{}
	for i, e := range all {
		e = e.known()
		e.SortName = sortName(e.BareName)
		all[i], ids[i], found[i] = e, e.ID, Row{EmployeeID: e.ID, Words: words(e)}
		_, err := tx.NewUpdate().Model(&e).Column("title_before", "bare_name", "title_after", "sort_name").Where("tenant_id = ? AND id = ?", tx.Tenant, e.ID).Exec(ctx)
		if err != nil {
			return 0, err
		}
		if e.Active {
			subjects = append(subjects, e.subjects()...)
		}
	}
	if _, err := tx.NewDelete().Model((*word)(nil)).Where("tenant_id = ? AND employee_id IN (?)", tx.Tenant, bun.List(ids)).Exec(ctx); err != nil {
		return 0, err
	}
	if err := putAllWords(ctx, tx, found); err != nil || len(subjects) == 0 {
		return 0, err
	}
	// Who was taken into service again since then has marks.
	if _, err := tx.NewDelete().Model((*employed)(nil)).Where("tenant_id = ? AND employee_id IN (?)", tx.Tenant, bun.List(ids)).Exec(ctx); err != nil {
		return 0, err
	}
	if err := tx.Ask(ctx, subjects...); err != nil {
		return 0, err
	}
	var taken []string
	if err := tx.NewSelect().Model((*employed)(nil)).Column("subject").Where("subject IN (?)", bun.List(subjects)).Scan(ctx, &taken); err != nil {
		return 0, err
	}
	var marks []employed
	for _, e := range all {
		if !e.Active {
			continue
		}
		if slices.ContainsFunc(e.subjects(), func(s string) bool { return slices.Contains(taken, s) }) {
			elsewhere++
			continue
		}
		for _, subject := range e.subjects() {
			marks, taken = append(marks, employed{TenantID: tx.Tenant, ID: tx.NewID(), Subject: subject, EmployeeID: e.ID}), append(taken, subject)
		}
	}
	if len(marks) == 0 {
		return elsewhere, nil
	}
	_, err = tx.NewInsert().Model(&marks).Exec(ctx)
	return elsewhere, store.Err(err)
}

// sortName is a name as lists are ordered by it, "" of the empty one alone.
func sortName(bare string) string {
	return cmp.Or(strings.Join(store.Words(bare), " "), bare)
}
