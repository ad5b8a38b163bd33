package host

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
)

// keyRow is a row of vendor_key; a NULL is "" or the zero time.
type keyRow struct {
	Key, Vendor   string
	AddedBy       store.IdentityID
	AddedAt       time.Time
	RevokedBy     store.IdentityID
	RevokedAt     time.Time
	RevokedReason string
}

func listKeys(ctx context.Context, tx *store.Tx) ([]Key, error) {
	var rows []keyRow
	err := tx.NewRaw(`SELECT key, vendor, added_by, added_at, revoked_by, revoked_at, revoked_reason FROM vendor_key ORDER BY vendor, added_at DESC, key`).Scan(ctx, &rows)
	keys := make([]Key, len(rows))
	for i, r := range rows {
		keys[i] = Key{r.Key, r.Vendor, r.AddedBy, r.AddedAt, r.RevokedBy, r.RevokedAt, r.RevokedReason}
	}
	return keys, err
}

func insertKey(ctx context.Context, tx *store.Tx, vendor, key string) error {
	_, err := tx.NewRaw(`INSERT INTO vendor_key (key, vendor, added_by, added_at, revoked_reason) VALUES (?, ?, ?, ?, '')`,
		key, vendor, orNull(tx.Actor), tx.Now).Exec(ctx)
	return store.Err(err)
}

func revokeKey(ctx context.Context, tx *store.Tx, key, reason string) error {
	return store.One(tx.NewRaw(`UPDATE vendor_key SET revoked_by = ?, revoked_at = ?, revoked_reason = ? WHERE key = ?`,
		orNull(tx.Actor), tx.Now, reason, key).Exec(ctx))
}

// guestRow is a row of guest.
type guestRow struct {
	Name, Version, Key, Manifest, Signature string
	Enabled                                 bool
	Reason                                  string
	ChangedBy                               store.IdentityID
	ChangedAt                               time.Time
	InstalledBy                             store.IdentityID
	InstalledAt                             time.Time
}

// listGuests returns all entries by name, the highest version first. Errors: also a
// manifest that this release cannot read, which nothing but a hand in the table makes.
func listGuests(ctx context.Context, tx *store.Tx) ([]Entry, error) {
	var rows []guestRow
	err := tx.NewRaw(`SELECT name, version, key, manifest, signature, enabled, reason, changed_by, changed_at, installed_by, installed_at FROM guest`).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(rows))
	for i, r := range rows {
		e := Entry{
			Key: r.Key, Enabled: r.Enabled, Reason: r.Reason, ChangedBy: r.ChangedBy, ChangedAt: r.ChangedAt,
			InstalledBy: r.InstalledBy, InstalledAt: r.InstalledAt, raw: []byte(r.Manifest),
		}
		if e.Manifest, err = decode(e.raw); err != nil {
			return nil, fmt.Errorf("catalogue: the manifest of %s@%s: %w", r.Name, r.Version, err)
		}
		if e.Name != r.Name || e.Version != r.Version {
			return nil, fmt.Errorf("catalogue: %s@%s has the manifest of %s", r.Name, r.Version, e.ID())
		}
		if e.signature, err = hex.DecodeString(r.Signature); err != nil {
			return nil, fmt.Errorf("catalogue: the signature of %s cannot be read: %w", e.ID(), err)
		}
		entries[i] = e
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		if a.Name != b.Name {
			return strings.Compare(a.Name, b.Name)
		}
		return compareVersions(b.Version, a.Version)
	})
	return entries, nil
}

func insertGuest(ctx context.Context, tx *store.Tx, e Entry) error {
	_, err := tx.NewRaw(`INSERT INTO guest (name, version, key, manifest, signature, enabled, reason, changed_by, changed_at, installed_by, installed_at)
		VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?)`,
		e.Name, e.Version, e.Key, string(e.raw), hex.EncodeToString(e.signature), e.Enabled, orNull(e.ChangedBy), e.ChangedAt, orNull(e.InstalledBy), e.InstalledAt).Exec(ctx)
	return store.Err(err)
}

// updateGuest returns how many rows that were: none when it is not installed.
func updateGuest(ctx context.Context, tx *store.Tx, name, version string, enabled bool, reason string) (int64, error) {
	result, err := tx.NewRaw(`UPDATE guest SET enabled = ?, reason = ?, changed_by = ?, changed_at = ? WHERE name = ? AND version = ?`,
		enabled, reason, orNull(tx.Actor), tx.Now, name, version).Exec(ctx)
	if err != nil {
		return 0, store.Err(err)
	}
	return result.RowsAffected()
}

// orNull is who as a column that can be NULL.
func orNull(who store.IdentityID) any {
	if who == "" {
		return nil
	}
	return string(who)
}
