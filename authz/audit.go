package authz

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/store"
)

// A Line is one entry of the audit trail: who did what to what, in what capacity
// and why. Its transaction leaves Seq and Hash unset; the sealer fills both.
type Line struct {
	bun.BaseModel `bun:"table:audit_line"`

	TenantID   store.TenantID   `bun:",pk" json:"tenant"` // whose chain; 0 = the platform's own
	ID         string           `bun:",pk" json:"id"`     // UUIDv7
	At         time.Time        `json:"at"`               // UTC, whole milliseconds
	Actor      store.IdentityID `bun:",nullzero" json:"actor"`
	Role       string           `json:"role"`
	Permission string           `json:"permission"`
	Kind       string           `json:"kind"`
	Object     string           `json:"object"`
	Reason     string           `json:"reason"`
	Seq        int64            `bun:",nullzero" json:"seq"` // from 1, without gaps
	Hash       string           `bun:",nullzero" json:"-"`   // hex SHA-256 over the one before and this
}

// head is where a chain ends.
type head struct {
	bun.BaseModel `bun:"table:audit_head"`

	TenantID store.TenantID `bun:",pk"`
	Seq      int64
	Hash     string
}

// unsealedAtMost is how long a line may stay unsealed before verification calls it a fault.
const unsealedAtMost = 60 * time.Second

// sealChunk bounds how many lines one transaction seals.
const sealChunk = 500

// appendLine adds the audit line of a write to tenant's chain.
func appendLine(ctx context.Context, tx *store.Tx, tenant store.TenantID, role string, perm Permission) error {
	s := tx.Subject()
	if s.Kind == "" {
		return errSubject
	}
	line := Line{
		TenantID: tenant, ID: tx.NewID(), At: tx.Now, Actor: tx.Actor, Role: role,
		Permission: perm.String(), Kind: s.Kind, Object: s.ID, Reason: s.Reason,
	}
	_, err := tx.NewInsert().Model(&line).Returning("NULL").Exec(ctx) // not every writer may read the trail
	return err
}

// chain returns the hash of l behind the hash before it.
func (l Line) chain(before string) string {
	l.At = l.At.UTC()
	text, err := json.Marshal(l)
	if err != nil {
		panic(err) // a struct of strings, numbers and a time always marshals
	}
	sum := sha256.Sum256(append([]byte(before+"\n"), text...))
	return hex.EncodeToString(sum[:])
}

// A Sealer gives audit lines their place in the chain of their tenant, after they
// have been committed: a chain that grew inside each write would make all writers
// of a tenant wait for one another.
type Sealer struct {
	db  *store.DB
	log *slog.Logger
}

// NewSealer returns a sealer of the lines in db.
func NewSealer(db *store.DB, log *slog.Logger) *Sealer { return &Sealer{db, log} }

// Run seals each second until ctx ends, and once more then.
func (s *Sealer) Run(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := s.Seal(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("audit lines not sealed", "error", err)
			}
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			if err := s.Seal(last); err != nil {
				s.log.Error("audit lines not sealed at shutdown", "error", err)
			}
			return
		}
	}
}

// Seal seals every line that is committed now.
func (s *Sealer) Seal(ctx context.Context) error {
	var open []store.TenantID
	reach := store.Reach{Door: store.DoorSeal}
	err := s.db.View(ctx, reach, func(tx *store.Tx) error {
		return tx.NewRaw("SELECT DISTINCT tenant_id FROM audit_line WHERE hash IS NULL").Scan(ctx, &open)
	})
	if err != nil {
		return fmt.Errorf("find unsealed audit lines: %w", err)
	}
	for _, tenant := range open {
		for n := sealChunk; n == sealChunk; {
			err := s.db.Update(ctx, reach, fmt.Sprintf("audit:%d", tenant), func(tx *store.Tx) (err error) {
				n, err = sealTenant(ctx, tx, tenant)
				return err
			})
			if err != nil {
				return fmt.Errorf("seal chain of tenant %d: %w", tenant, err)
			}
		}
	}
	return nil
}

// sealTenant seals up to sealChunk lines of tenant in the order of their ids and moves the head.
func sealTenant(ctx context.Context, tx *store.Tx, tenant store.TenantID) (int, error) {
	h := head{TenantID: tenant}
	err := tx.NewSelect().Model(&h).WherePK().Scan(ctx)
	fresh := errors.Is(err, sql.ErrNoRows)
	if err != nil && !fresh {
		return 0, err
	}
	var lines []Line
	err = tx.NewSelect().Model(&lines).Where("tenant_id = ? AND hash IS NULL", tenant).
		Order("id").Limit(sealChunk).Scan(ctx)
	if err != nil || len(lines) == 0 {
		return 0, err
	}
	for i := range lines {
		l := &lines[i]
		l.Seq = h.Seq + 1
		l.Hash = l.chain(h.Hash)
		h.Seq, h.Hash = l.Seq, l.Hash
		// A statement each: one for fifty was tried, and writers on PostgreSQL lost by it.
		err := store.One(tx.NewUpdate().Model(l).Column("seq", "hash").WherePK().Where("hash IS NULL").Exec(ctx))
		if err != nil {
			return 0, err
		}
	}
	if fresh {
		_, err = tx.NewInsert().Model(&h).Exec(ctx)
	} else {
		err = store.One(tx.NewUpdate().Model(&h).Column("seq", "hash").WherePK().Exec(ctx))
	}
	return len(lines), err
}

// A Finding is something wrong with an audit chain.
type Finding struct {
	Tenant store.TenantID `json:"tenant"`
	Seq    int64          `json:"seq"`  // place in the chain; 0 when it has none
	What   string         `json:"what"` // in Indonesian
}

// String is f for people.
func (f Finding) String() string {
	return fmt.Sprintf("instansi %d, nomor %d: %s", f.Tenant, f.Seq, f.What)
}

// VerifyAudit recomputes every chain and reports what does not fit: an altered,
// missing or foreign line, a head that lies, a line unsealed for too long. lines
// is how many were read.
func VerifyAudit(ctx context.Context, db *store.DB) (findings []Finding, lines int, err error) {
	err = db.View(ctx, store.Reach{Door: store.DoorSeal}, func(tx *store.Tx) error {
		findings, lines = nil, 0
		var heads []head
		if err := tx.NewSelect().Model(&heads).Order("tenant_id").Scan(ctx); err != nil {
			return err
		}
		var chains []store.TenantID
		err := tx.NewSelect().Model((*Line)(nil)).ColumnExpr("DISTINCT tenant_id").Where("seq IS NOT NULL").Scan(ctx, &chains)
		if err != nil {
			return err
		}
		for _, tenant := range chains {
			if !slices.ContainsFunc(heads, func(h head) bool { return h.TenantID == tenant }) {
				heads = append(heads, head{TenantID: tenant})
			}
		}
		for _, h := range heads {
			found, n, err := verifyChain(ctx, tx, h)
			if err != nil {
				return err
			}
			findings, lines = append(findings, found...), lines+n
		}
		open, err := overdue(ctx, tx, "tenant_id IS NOT NULL")
		findings = append(findings, open...)
		return err
	})
	return findings, lines, err
}

// verifyChain walks one chain from its first line to its head.
func verifyChain(ctx context.Context, tx *store.Tx, h head) (findings []Finding, n int, err error) {
	add := func(seq int64, what string) { findings = append(findings, Finding{h.TenantID, seq, what}) }
	last, before := int64(0), ""
	for {
		var page []Line
		err := tx.NewSelect().Model(&page).Where("tenant_id = ? AND seq > ?", h.TenantID, last).
			Order("seq").Limit(sealChunk).Scan(ctx)
		if err != nil {
			return nil, 0, err
		}
		if len(page) == 0 {
			break
		}
		for _, l := range page {
			if l.Seq != last+1 {
				add(last+1, fmt.Sprintf("baris hilang: setelah nomor %d langsung nomor %d", last, l.Seq))
			}
			if l.Hash != l.chain(before) {
				add(l.Seq, "isi baris tidak cocok dengan segelnya")
			}
			last, before = l.Seq, l.Hash
			n++
		}
	}
	if last != h.Seq || before != h.Hash {
		add(h.Seq, fmt.Sprintf("kepala rantai menunjuk nomor %d, baris terakhir nomor %d", h.Seq, last))
	}
	return findings, n, nil
}
