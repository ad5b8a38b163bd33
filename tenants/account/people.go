package account

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// Ensure returns the identity that has nip, made under name when there is none; for nip
// "" always a new one. It cannot sign in until it is activated. One that is there is not
// changed: its data may be another government's. Whoever calls has asked whether the
// actor may.
func (s *Service) Ensure(ctx context.Context, name, nip string) (id ID, err error) {
	defer fault.Wrap(&err, "ensure identity")
	system := authz.AsSystem(ctx, 0)
	if nip != "" {
		err = s.gate.Platform(system, authz.AccountCreate, "", func(tx *store.Tx) (err error) {
			id, err = withNIP(system, tx, nip)
			return err
		})
		if err != nil || id != "" {
			return id, err
		}
	}
	err = s.gate.Platform(system, authz.AccountCreate, "identity:"+nip, func(tx *store.Tx) error {
		if nip != "" {
			if id, err = withNIP(system, tx, nip); err != nil {
				return err
			}
		}
		if id == "" {
			id = ID(tx.NewID())
			if err := insertIdentity(system, tx, Identity{ID: id, Name: name, NIP: nip, CreatedAt: tx.Now}); err != nil {
				return err
			}
		}
		tx.About("identity", string(id))
		return nil
	})
	return id, err
}

// Renumber has the name under which id signs in follow when the tenant acted in, whose
// employee they are, corrects their NIP was to now. Whoever signs in by another name keeps
// it. Whoever calls has asked whether the actor may.
// Errors: fault.Invalid of field "nip" when another signs in with now, or another
// government has a hold on the person.
func (s *Service) Renumber(ctx context.Context, id ID, was, now string) (err error) {
	defer fault.Wrap(&err, "renumber %s", id)
	actor, _ := authz.ActorFrom(ctx)
	system := authz.InRole(ctx, 0, authz.System)
	stays := fault.At("nip", "Nama masuk orang ini tidak dapat ikut diganti: nomor itu dipakai akun lain, atau ia juga terikat instansi lain. Minta operator platform menyelesaikannya.")
	return s.gate.Platform(system, authz.AccountCreate, "identity:"+now, func(tx *store.Tx) error {
		tx.About("login_corrected", string(id))
		i, err := findIdentity(system, tx, id)
		if err != nil || i.NIP != was {
			return err
		}
		st, err := s.standings(system, tx, actor.Tenant, id)
		if err != nil {
			return err
		}
		if st.elsewhere {
			return stays
		}
		i.NIP = now
		err = setLogins(system, tx, i)
		if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
			return stays
		}
		return err
	})
}

// withNIP returns the identity with nip, "" when there is none.
func withNIP(ctx context.Context, tx *store.Tx, nip string) (ID, error) {
	var found []ID
	err := tx.NewSelect().Model((*Identity)(nil)).Column("id").Where("nip = ?", nip).Limit(1).Scan(ctx, &found)
	if len(found) == 0 {
		return "", err
	}
	return found[0], err
}

// A Newcomer is somebody who may have an identity already: ID is the one that is made
// when there is none.
type Newcomer struct {
	ID        ID
	Name, NIP string // NIP "" = a new one in any case
}

// EnsureAll is Ensure for many, about something that needs them: of whose NIP has an
// identity already it returns that one, by the ID that was proposed. Called again, it
// makes nobody twice.
func (s *Service) EnsureAll(ctx context.Context, about string, all []Newcomer) (there map[ID]ID, err error) {
	defer fault.Wrap(&err, "ensure %d identities", len(all))
	system := authz.AsSystem(ctx, 0)
	err = s.gate.Platform(system, authz.AccountCreate, "identities", func(tx *store.Tx) error {
		tx.About("import", about)
		there = map[ID]ID{}
		made, err := store.Changed(insertAll(system, tx, all))
		if err != nil || made == len(all) {
			return err // nobody was there
		}
		proposed, nips := map[string]ID{}, []string{}
		for _, n := range all {
			if n.NIP != "" {
				proposed[n.NIP], nips = n.ID, append(nips, n.NIP)
			}
		}
		if len(nips) == 0 {
			return nil
		}
		var found []Identity
		err = tx.NewSelect().Model(&found).Column("id", "nip").Where("nip IN (?)", bun.List(nips)).Scan(system)
		for _, i := range found {
			if i.ID != proposed[i.NIP] {
				there[proposed[i.NIP]] = i.ID
			}
		}
		return err
	})
	return there, err
}

// insertAll stores an identity for each of all who has none yet. PostgreSQL is given a
// column at a time.
func insertAll(ctx context.Context, tx *store.Tx, all []Newcomer) (sql.Result, error) {
	if !tx.Postgres() {
		rows := make([]Identity, len(all))
		for i, n := range all {
			rows[i] = Identity{ID: n.ID, Name: n.Name, NIP: n.NIP, CreatedAt: tx.Now}
		}
		return tx.NewInsert().Model(&rows).ExcludeColumn("email").On("CONFLICT DO NOTHING").Exec(ctx)
	}
	ids, names, nips := make([]ID, len(all)), make([]string, len(all)), make([]string, len(all))
	for i, n := range all {
		ids[i], names[i], nips[i] = n.ID, n.Name, n.NIP
	}
	return tx.NewRaw("INSERT INTO identity (id, name, nip, password, created_at) SELECT n.id, n.name, nullif(n.nip, ''), '', ? "+
		"FROM (SELECT unnest(?::uuid[]) AS id, unnest(?::text[]) AS name, unnest(?::text[]) AS nip) AS n ON CONFLICT DO NOTHING",
		tx.Now, store.Array(ids), store.Array(names), store.Array(nips)).Exec(ctx)
}
