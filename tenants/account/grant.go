package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants"
)

// A Grant gives an identity a role in a tenant. It is never deleted: withdrawn, it is
// dead with the next request.
type Grant struct {
	bun.BaseModel `bun:"table:role_grant"`

	TenantID   tenants.ID `bun:",pk"`
	ID         string     `bun:",pk"`
	IdentityID ID
	Name       string // of the person, as whoever gave it wrote it
	NameKey    string // Name in small letters
	Role       authz.Role
	BatchID    string     `bun:",nullzero"` // limited to one batch; "" = not
	UnitID     string     `bun:",nullzero"` // limited to one unit; "" = not
	Scope      string     // what that batch or unit was called then; "" = the whole tenant
	FromDay    civil.Date // first day, in the tenant's zone
	ToDay      civil.Date // last day; zero = until further notice

	Confirmation Confirmation // by the person; "" = given, or not needed

	GivenBy         ID        `bun:",nullzero"` // "" = the command line
	GivenAt         time.Time `bun:",nullzero"`
	Reason          string
	WithdrawnAt     time.Time `bun:",nullzero"` // zero = not
	WithdrawnBy     ID        `bun:",nullzero"`
	WithdrawnReason string
}

// A Confirmation says what a grant waits for before it holds.
type Confirmation string

const (
	Awaited  Confirmation = "awaited"  // the person shows a code of the government, signed in
	Disputed Confirmation = "disputed" // who has the code says that another holds the account
)

// Limit is the id of the batch or unit that g is limited to, "" for none.
func (g Grant) Limit() string {
	if g.UnitID != "" {
		return g.UnitID
	}
	return g.BatchID
}

// ended reports whether g is over on day: withdrawn, or past its last day.
func (g Grant) ended(day civil.Date) bool {
	return !g.WithdrawnAt.IsZero() || !g.ToDay.IsZero() && g.ToDay.String() < day.String()
}

// live reports whether g holds on day.
func (g Grant) live(day civil.Date) bool {
	return g.Confirmation == "" && !g.ended(day) && g.FromDay.String() <= day.String()
}

// Standing of a grant on a day.
type Standing string

const (
	Holds     Standing = "holds"
	Coming    Standing = "coming"
	Over      Standing = "over"
	Withdrawn Standing = "withdrawn"
	Awaiting  Standing = Standing(Awaited)
	Contested Standing = Standing(Disputed)
)

// Words returns the standing on screen.
func (s Standing) Words() string {
	return map[Standing]string{
		Holds: ui.N("Berlaku"), Coming: ui.N("Belum mulai"), Over: ui.N("Berakhir"), Withdrawn: ui.N("Dicabut"),
		Awaiting: ui.N("Menunggu konfirmasi"), Contested: ui.N("Akun dipersoalkan"),
	}[s]
}

// standing says where g stands on day.
func (g Grant) standing(day civil.Date) Standing {
	switch {
	case !g.WithdrawnAt.IsZero():
		return Withdrawn
	case g.ended(day):
		return Over
	case g.Confirmation != "":
		return Standing(g.Confirmation)
	case g.live(day):
		return Holds
	}
	return Coming
}

// vouches reports whether g, on day, shows that whoever holds it is known to the tenant:
// what h gives needs no code any more.
func (g Grant) vouches(h Grant, day civil.Date) bool {
	return g.Confirmation == "" && !g.ended(day) && (g.Limit() == "" || g.Limit() == h.Limit())
}

// meets reports whether g and h give the same for days of which some are the same.
func (g Grant) meets(h Grant) bool {
	before := func(to, from civil.Date) bool { return !to.IsZero() && to.String() < from.String() }
	return g.IdentityID == h.IdentityID && g.Role == h.Role && g.Limit() == h.Limit() &&
		!before(g.ToDay, h.FromDay) && !before(h.ToDay, g.FromDay)
}

// check says what is wrong with g, to be given on day. Errors: fault.Invalid.
func (g *Grant) check(day civil.Date) (err error) {
	if g.Name, err = fault.Text("name", "Nama", g.Name, 200); err != nil {
		return err
	}
	if g.Reason, err = fault.Text("reason", "Alasan", g.Reason, 500); err != nil {
		return err
	}
	g.NameKey = strings.ToLower(g.Name)
	if g.FromDay.IsZero() {
		g.FromDay = day
	}
	switch {
	case !g.Role.Grantable():
		return fault.At("role", "Peran %s tidak dapat diberikan kepada orang.", g.Role)
	case (g.Role == authz.Operator) != (g.TenantID == 0):
		return fault.At("role", "Peran operator berlaku untuk seluruh platform, dan peran lain untuk satu instansi. Pilih peran yang sesuai.")
	case g.FromDay.String() < day.String():
		return fault.At("from", "Peran tidak dapat berlaku surut. Pilih tanggal mulai hari ini atau sesudahnya.")
	case !g.ToDay.IsZero() && g.ToDay.String() < g.FromDay.String():
		return fault.At("to", "Tanggal terakhir mendahului tanggal mulai. Perbaiki salah satunya.")
	}
	return nil
}

// A Limit is a batch or unit to which a role can be limited.
type Limit struct {
	ID   string
	Name string
	Unit bool
}

// Ties are what this slice asks of slices to its right; wiring ties them.
type Ties struct {
	// Limits returns the batch or unit id of the tenant acted in, or with "" some of
	// them to choose from.
	Limits func(ctx context.Context, tx *store.Tx, id string) ([]Limit, error)
	// Places returns the tenants in which a person is in service, whom a Platform
	// transaction has recognised.
	Places func(ctx context.Context, tx *store.Tx, id ID) ([]tenants.ID, error)
}

// Give grants role to identity in the tenant acted in, from today on; in batch
// only, unless that is "". Whoever knows somebody by their id knows who they are: it
// holds at once.
// Errors: as of give.
func (s *Service) Give(ctx context.Context, to ID, role authz.Role, batch string) (err error) {
	defer fault.Wrap(&err, "grant %s", role)
	var i Identity
	err = s.gate.Platform(authz.InRole(ctx, 0, authz.System), authz.AccountSignIn, "", func(tx *store.Tx) (err error) {
		i, err = findIdentity(ctx, tx, to)
		return err
	})
	if err != nil {
		return err
	}
	_, err = s.give(ctx, authz.AccountGrant, Grant{IdentityID: to, Name: i.Name, Role: role, BatchID: batch, Reason: "Tanpa alasan tertulis"})
	return err
}

// give writes g in the tenant acted in, and returns it as stored; perm is that of the
// actor's act. A g that is Awaited is confirmed by another that vouches for the person.
// Errors: fault.Invalid (name, role, scope, from, to, reason); fault.Forbidden when the
// actor does not hold all that the role allows; fault.Conflict when the person holds it.
func (s *Service) give(ctx context.Context, perm authz.Permission, g Grant) (fresh Grant, err error) {
	actor, _ := authz.ActorFrom(ctx)
	g.TenantID = actor.Tenant
	err = s.gate.Write(ctx, perm, grantsKey(actor.Tenant), func(tx *store.Tx) error {
		day := s.today(tx.Tenant, tx.Now)
		fresh = g
		if err := fresh.check(day); err != nil {
			return err
		}
		if err := s.mayGive(actor, fresh.Role, fresh.Limit()); err != nil {
			return err
		}
		if err := s.fit(ctx, tx, &fresh); err != nil {
			return err
		}
		held, err := grantsIn(ctx, tx, fresh.IdentityID)
		if err != nil {
			return err
		}
		for _, h := range held {
			if h.vouches(fresh, day) {
				fresh.Confirmation = ""
			}
			if h.WithdrawnAt.IsZero() && h.meets(fresh) {
				if h.Confirmation != "" {
					return fault.New(fault.Conflict, "%s sudah diberi peran itu, dan belum mengonfirmasinya. Buat kode baru di halaman Kode aktivasi.", h.Name)
				}
				return fault.New(fault.Conflict, "%s sudah memegang peran itu pada masa yang sama. Cabut yang lama, atau pilih masa lain.", h.Name)
			}
		}
		fresh.ID, fresh.GivenBy, fresh.GivenAt = tx.NewID(), tx.Actor, tx.Now
		tx.About("grant", fresh.ID)
		tx.Because(fresh.Reason)
		return insertGrant(ctx, tx, fresh)
	})
	return fresh, err
}

// fit looks up what g is limited to, and keeps its name. Errors: fault.Invalid of field
// "scope" when the tenant has no such batch or unit.
func (s *Service) fit(ctx context.Context, tx *store.Tx, g *Grant) error {
	limit := g.Limit()
	if limit == "" {
		return nil
	}
	found, err := s.ties.Limits(ctx, tx, limit)
	if err != nil && fault.Of(err) == nil {
		return err
	}
	if err != nil || len(found) == 0 {
		return fault.At("scope", "Angkatan atau unit itu tidak ada di instansi ini. Pilih dari daftar.")
	}
	g.Scope, g.BatchID, g.UnitID = found[0].Name, "", ""
	if found[0].Unit {
		g.UnitID = limit
	} else {
		g.BatchID = limit
	}
	return nil
}

// appointed are the roles that an operator gives: those that nobody in the tenant could.
var appointed = []authz.Role{authz.TenantAdmin, authz.Head, authz.Overseer}

// mayGive refuses to give more than a has. Errors: fault.Forbidden.
func (s *Service) mayGive(a authz.Actor, role authz.Role, limit string) error {
	for _, g := range a.Grants {
		switch g.Role { //nolint:exhaustive // what is not named takes nothing here
		case authz.System:
			return nil
		case authz.Appointer:
			if slices.Contains(appointed, role) && limit == "" {
				return nil
			}
			return fault.New(fault.Forbidden, "Operator hanya menunjuk admin instansi, kepala badan, dan pengawas. Peran lain diberikan admin instansi itu.")
		}
	}
	if s.gate.Covers(a, role, limit) {
		return nil
	}
	return fault.New(fault.Forbidden, "Peran %s mencakup lebih dari yang Anda pegang. Minta orang yang memegangnya, atau operator platform.", role.Words())
}

// Withdraw ends grant id of the tenant acted in, at once and for good.
// Errors: fault.NotFound; fault.Invalid without a reason; fault.Forbidden for a role that
// the actor does not cover; fault.Conflict for the last administrator, and when it is over.
func (s *Service) Withdraw(ctx context.Context, id, reason string) (err error) {
	defer fault.Wrap(&err, "withdraw grant %s", id)
	return s.withdraw(ctx, authz.AccountGrant, id, reason)
}

func (s *Service) withdraw(ctx context.Context, perm authz.Permission, id, reason string) error {
	actor, _ := authz.ActorFrom(ctx)
	return s.gate.Write(ctx, perm, grantsKey(actor.Tenant), func(tx *store.Tx) error {
		why, err := fault.Text("reason", "Alasan", reason, 500)
		if err != nil {
			return err
		}
		g, err := s.withdrawable(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		tx.About("grant", g.ID)
		tx.Because(why)
		return endGrant(ctx, tx, g, why)
	})
}

// withdrawable returns grant id where actor may withdraw it now. Errors: as of Withdraw.
func (s *Service) withdrawable(ctx context.Context, tx *store.Tx, actor authz.Actor, id string) (Grant, error) {
	g, err := findGrant(ctx, tx, id)
	if err != nil {
		return Grant{}, err
	}
	if tx.Scope != nil {
		if err := tx.Within(g.Limit()); err != nil {
			return Grant{}, err
		}
	}
	if err := s.mayGive(actor, g.Role, g.Limit()); err != nil {
		return Grant{}, err
	}
	day := s.today(tx.Tenant, tx.Now)
	if g.ended(day) {
		return Grant{}, fault.New(fault.Conflict, "Peran ini sudah tidak berlaku. Muat ulang halaman untuk melihatnya.")
	}
	if g.Role == authz.TenantAdmin && g.Limit() == "" && g.live(day) {
		others, err := otherAdmins(ctx, tx, g.ID, day)
		if err != nil {
			return Grant{}, err
		}
		if others == 0 {
			return Grant{}, fault.New(fault.Conflict, "Ini admin instansi yang terakhir. Beri peran itu kepada orang lain dahulu.")
		}
	}
	return g, nil
}

// Appoint gives a person the role that only an operator gives: of an operator in the
// platform itself (tenant 0), of the first administrator, the head or the overseer in a
// government. There the operator acts in a narrow role of the machine, which may insert
// and end such grants and reads for it; the government's own chain names who it was.
// It returns the code to hand over, as Invite does.
// Errors: fault.Forbidden for anybody but an operator; as of Invite.
func (s *Service) Appoint(ctx context.Context, in tenants.ID, v Invitation) (_ Invited, err error) {
	defer fault.Wrap(&err, "appoint in tenant %d", in)
	if err := s.mayAppoint(ctx); err != nil {
		return Invited{}, err
	}
	if in != 0 {
		return s.invite(authz.InRole(ctx, in, authz.Appointer), authz.TenantAppoint, v)
	}
	return s.inviteOperator(ctx, v)
}

// mayAppoint admits operators and the command line, who act in no government.
func (s *Service) mayAppoint(ctx context.Context) error {
	if a, ok := authz.ActorFrom(ctx); ok && a.Tenant != 0 {
		return fault.New(fault.Forbidden, "Penunjukan dilakukan operator platform, di luar instansi mana pun.")
	}
	return s.gate.Platform(ctx, authz.TenantAppoint, "", func(*store.Tx) error { return nil })
}

// live recognises id in a Platform transaction and returns what they hold today, wherever.
func (s *Service) live(ctx context.Context, tx *store.Tx, id ID) ([]Grant, error) {
	if err := tx.Recognise(ctx, id); err != nil {
		return nil, err
	}
	all, err := grantsOf(ctx, tx, id)
	return slices.DeleteFunc(all, func(g Grant) bool { return !g.live(s.today(g.TenantID, tx.Now)) }), err
}

// today is the day of at where tenant t is; the platform's own is WIB's.
func (s *Service) today(t tenants.ID, at time.Time) civil.Date {
	zone := s.registry.Find(t).Zone
	if zone == "" {
		zone = civil.WIB
	}
	return civil.DateOf(at, zone)
}

// grantsKey is what writers of t's grants contend for: of two administrators who leave
// at the same time, one stays.
func grantsKey(t tenants.ID) string { return fmt.Sprintf("grants:%d", t) }
