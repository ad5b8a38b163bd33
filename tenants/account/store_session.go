package account

import (
	"context"
	"time"

	"github.com/wiyata-id/wiyata/platform/store"
)

// findSession returns the session with that hash and whose it is. Errors: fault.NotFound.
func findSession(ctx context.Context, tx *store.Tx, hash string) (p Person, s Session, err error) {
	s.Hash = hash
	err = tx.NewRaw(`SELECT i.id, i.name, f.identity_id IS NOT NULL, s.id, s.tenant_id, s.device, s.network, s.kept,
		s.created_at, s.seen_at, s.proved_at, s.second_at
		FROM sign_in s JOIN identity i ON i.id = s.identity_id LEFT JOIN second_factor f ON f.identity_id = s.identity_id
		WHERE s.hash = ? AND s.expires_at > ? AND s.id IS NOT NULL AND i.suspended_at IS NULL`, hash, tx.Now).
		Scan(ctx, &p.ID, &p.Name, &p.Enrolled, &s.ID, &s.TenantID, &s.Device, &s.Network, &s.Kept, &s.CreatedAt, &s.SeenAt, &s.ProvedAt, &s.SecondAt)
	s.IdentityID, p.Tenant, p.Session = p.ID, s.TenantID, s.ID
	return p, s, store.Err(err)
}

func insertSession(ctx context.Context, tx *store.Tx, s Session) error {
	_, err := tx.NewInsert().Model(&s).Exec(ctx)
	return err
}

// renewSession stores s, which is known by its old hash, under a new one.
// Errors: fault.NotFound when the old hash is gone.
func renewSession(ctx context.Context, tx *store.Tx, s Session, hash string) error {
	return store.One(tx.NewUpdate().Model(&s).Column("tenant_id", "seen_at", "expires_at", "proved_at", "second_at").
		Set("hash = ?", hash).Where("hash = ?", s.Hash).Exec(ctx))
}

// setSeen notes that a session was used. One that has gone meanwhile is no error.
func setSeen(ctx context.Context, tx *store.Tx, hash string, at, expires time.Time) error {
	_, err := tx.NewRaw("UPDATE sign_in SET seen_at = ?, expires_at = ? WHERE hash = ? AND seen_at < ?", at, expires, hash, at).Exec(ctx)
	return err
}

// sessionsOf lists the sessions of a person that have not run out, the last used first.
func sessionsOf(ctx context.Context, tx *store.Tx, id ID) (all []Session, err error) {
	err = tx.NewSelect().Model(&all).Where("identity_id = ? AND expires_at > ? AND id IS NOT NULL", id, tx.Now).
		Order("seen_at DESC", "id").Limit(100).Scan(ctx)
	return all, err
}

func deleteSession(ctx context.Context, tx *store.Tx, hash string) error {
	_, err := tx.NewDelete().Model((*Session)(nil)).Where("hash = ?", hash).Exec(ctx)
	return err
}

// revokeSession deletes session id of a person. Errors: fault.NotFound.
func revokeSession(ctx context.Context, tx *store.Tx, owner ID, id string) error {
	return store.One(tx.NewDelete().Model((*Session)(nil)).Where("identity_id = ? AND id = ?", owner, id).Exec(ctx))
}

// deleteSessions deletes the sessions of a person, but for the one with the hash but.
func deleteSessions(ctx context.Context, tx *store.Tx, id ID, but string) error {
	_, err := tx.NewDelete().Model((*Session)(nil)).Where("identity_id = ? AND hash <> ?", id, but).Exec(ctx)
	return err
}

// deleteEnded removes the sessions of a person that have ended.
func deleteEnded(ctx context.Context, tx *store.Tx, id ID) error {
	_, err := tx.NewDelete().Model((*Session)(nil)).Where("identity_id = ? AND expires_at <= ?", id, tx.Now).Exec(ctx)
	return err
}

// knowsDevice reports whether id was signed in on the device with the mark of that hash.
func knowsDevice(ctx context.Context, tx *store.Tx, id ID, hash string) (bool, error) {
	var n int
	err := tx.NewRaw("SELECT count(*) FROM known_device WHERE identity_id = ? AND hash = ? AND until > ?", id, hash, tx.Now).Scan(ctx, &n)
	return n > 0, err
}

// knowsMark reports whether anybody was.
func knowsMark(ctx context.Context, tx *store.Tx, hash string) (bool, error) {
	var n int
	err := tx.NewRaw("SELECT count(*) FROM known_device WHERE hash = ? AND until > ?", hash, tx.Now).Scan(ctx, &n)
	return n > 0, err
}

func insertDevice(ctx context.Context, tx *store.Tx, id ID, hash string, until time.Time) error {
	_, err := tx.NewRaw("INSERT INTO known_device (identity_id, hash, until) VALUES (?, ?, ?)", id, hash, until).Exec(ctx)
	return err
}

// deleteDevice forgets the device of a person with the mark of that hash, and those that have run out.
func deleteDevice(ctx context.Context, tx *store.Tx, id ID, hash string) error {
	_, err := tx.NewRaw("DELETE FROM known_device WHERE identity_id = ? AND (hash = ? OR until <= ?)", id, hash, tx.Now).Exec(ctx)
	return err
}

// deleteDevices forgets all devices of a person.
func deleteDevices(ctx context.Context, tx *store.Tx, id ID) error {
	_, err := tx.NewRaw("DELETE FROM known_device WHERE identity_id = ?", id).Exec(ctx)
	return err
}

// take takes one guess from a bucket; taken is false when it is empty.
func take(ctx context.Context, tx *store.Tx, c charge) (taken bool, err error) {
	now, each := tx.Now.UnixMilli(), c.every.Milliseconds()
	result, err := tx.NewRaw(`INSERT INTO attempt (key, full_ms) VALUES (?, ?) ON CONFLICT (key) DO UPDATE
		SET full_ms = CASE WHEN attempt.full_ms > ? THEN attempt.full_ms ELSE ? END + ? WHERE attempt.full_ms <= ?`,
		c.key, now+each, now, now, each, now+int64(c.burst-1)*each).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// freeAt is when an empty bucket has a guess again.
func freeAt(ctx context.Context, tx *store.Tx, c charge) (time.Time, error) {
	var full int64
	err := tx.NewRaw("SELECT full_ms FROM attempt WHERE key = ?", c.key).Scan(ctx, &full)
	return time.UnixMilli(full - int64(c.burst-1)*c.every.Milliseconds()).UTC(), err
}

// giveBack puts one guess back into a bucket.
func giveBack(ctx context.Context, tx *store.Tx, c charge) error {
	_, err := tx.NewRaw("UPDATE attempt SET full_ms = full_ms - ? WHERE key = ?", c.every.Milliseconds(), c.key).Exec(ctx)
	return err
}

// deleteFull drops the buckets that are full: as good as never used.
func deleteFull(ctx context.Context, tx *store.Tx) error {
	_, err := tx.NewRaw("DELETE FROM attempt WHERE full_ms <= ?", tx.Now.UnixMilli()).Exec(ctx)
	return err
}

// hasFactor reports whether a person has set up a second factor.
func hasFactor(ctx context.Context, tx *store.Tx, id ID) (bool, error) {
	var n int
	err := tx.NewRaw("SELECT count(*) FROM second_factor WHERE identity_id = ?", id).Scan(ctx, &n)
	return n > 0, err
}

// findFactor. Errors: fault.NotFound.
func findFactor(ctx context.Context, tx *store.Tx, id ID) (f factor, err error) {
	err = tx.NewSelect().Model(&f).Where("identity_id = ?", id).Scan(ctx)
	return f, store.Err(err)
}

// insertFactor. Errors: fault.Conflict when the person has one.
func insertFactor(ctx context.Context, tx *store.Tx, f factor) error {
	_, err := tx.NewInsert().Model(&f).Exec(ctx)
	if store.Duplicate(err) {
		return errEnrolled
	}
	return err
}

// setStep moves the last accepted step of a person's codes forward.
// Errors: fault.Invalid when it is there already.
func setStep(ctx context.Context, tx *store.Tx, id ID, step int64) error {
	result, err := tx.NewRaw("UPDATE second_factor SET step = ? WHERE identity_id = ? AND step < ?", step, id, step).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return errCode
}

// deleteFactor takes a person's second factor off, and its codes for recovery.
// Without one it does nothing.
func deleteFactor(ctx context.Context, tx *store.Tx, id ID) error {
	if err := deleteRecoveries(ctx, tx, id); err != nil {
		return err
	}
	_, err := tx.NewDelete().Model((*factor)(nil)).Where("identity_id = ?", id).Exec(ctx)
	return err
}

// deleteRecovery spends a code for recovery. Errors: fault.NotFound.
func deleteRecovery(ctx context.Context, tx *store.Tx, id ID, hash string) error {
	return store.One(tx.NewDelete().Model((*recovery)(nil)).Where("identity_id = ? AND hash = ?", id, hash).Exec(ctx))
}

func deleteRecoveries(ctx context.Context, tx *store.Tx, id ID) error {
	_, err := tx.NewDelete().Model((*recovery)(nil)).Where("identity_id = ?", id).Exec(ctx)
	return err
}

// replaceRecoveries makes rows the codes for recovery of a person.
func replaceRecoveries(ctx context.Context, tx *store.Tx, id ID, rows []recovery) error {
	if err := deleteRecoveries(ctx, tx, id); err != nil {
		return err
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// countRecoveries is how many codes for recovery a person has left.
func countRecoveries(ctx context.Context, tx *store.Tx, id ID) (n int, err error) {
	err = tx.NewRaw("SELECT count(*) FROM recovery_code WHERE identity_id = ?", id).Scan(ctx, &n)
	return n, err
}
