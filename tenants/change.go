package tenants

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// An Act is a way in which the registry changes.
type Act string

const (
	Seeded     Act = "seeded"
	Added      Act = "added"
	Renamed    Act = "renamed"
	Moved      Act = "moved" // to another province, and so to another code
	Suspended  Act = "suspended"
	Reinstated Act = "reinstated"
)

// Words is the act on screen.
func (a Act) Words() string {
	switch a { //nolint:exhaustive // what is not named takes nothing here
	case Added:
		return ui.N("Ditambahkan")
	case Renamed:
		return ui.N("Berganti nama")
	case Moved:
		return ui.N("Pindah provinsi atau kode")
	case Suspended:
		return ui.N("Dinonaktifkan")
	case Reinstated:
		return ui.N("Diaktifkan kembali")
	}
	return string(a)
}

// A Ground is why a tenant is suspended.
type Ground string

const (
	OnRequest Ground = "request"
	Security  Ground = "security"
	Duty      Ground = "duty" // of cooperation, not met
	Dissolved Ground = "dissolved"
)

// Grounds lists them in the order in which they are offered.
func Grounds() []Ground { return []Ground{OnRequest, Security, Duty, Dissolved} }

// Words is the ground within a sentence.
func (g Ground) Words() string {
	switch g {
	case OnRequest:
		return ui.N("atas permintaan instansinya sendiri")
	case Security:
		return ui.N("karena alasan keamanan")
	case Duty:
		return ui.N("karena kewajiban kerja sama belum dipenuhi")
	case Dissolved:
		return ui.N("karena instansinya digabung atau dihapus")
	}
	return string(g)
}

// A Suspension closes a tenant; its zero value leaves it open.
type Suspension struct {
	Ground Ground
	Since  time.Time // UTC
}

// An Addition is a new government.
type Addition struct {
	Kind   Kind
	Zone   civil.Zone
	Code   string
	BKN    string // "" when it has none yet
	Name   string
	Parent string     // code of the province of a regency or city
	From   civil.Date // first day
	Decree string     // law that makes it
	Reason string     // may be ""
}

// A Change is an act on one government. What does not belong to its act is not read.
type Change struct {
	Act    Act
	Name   string     // renamed
	Code   string     // moved: the new one
	Parent string     // moved: code of the province
	From   civil.Date // renamed, moved: first day of the new era; it may lie in the past
	Ground Ground     // suspended
	Decree string     // may be "" for a suspension and its end
	Reason string     // may be "" for what rests on a decree
}

var (
	codeOf = map[Kind]*regexp.Regexp{
		National: regexp.MustCompile(`^[A-Z]{2,20}$`),
		Province: regexp.MustCompile(`^[1-9][0-9]$`),
		Regency:  regexp.MustCompile(`^[1-9][0-9]\.(0[1-9]|[1-6][0-9])$`), // from 71 on they are cities'
		City:     regexp.MustCompile(`^[1-9][0-9]\.(7[1-9]|[89][0-9])$`),
	}
	bknCode = regexp.MustCompile(`^([0-9]{4})?$`)
)

// grounds checks the texts of a change: which one must be there, need says.
func grounds(decree, reason, need string) (_, _ string, err error) {
	for _, f := range []struct {
		field, label string
		text         *string
	}{{"decree", "Dasar hukum", &decree}, {"reason", "Alasan", &reason}} {
		if *f.text == "" && f.field != need {
			continue
		}
		if *f.text, err = fault.Text(f.field, f.label, *f.text, 200); err != nil {
			return "", "", err
		}
	}
	return decree, reason, nil
}

// place puts a regency or city that has code below the province with the code parent,
// as the tree all stands on g.From.
func (g *Government) place(all []Government, code, parent string) error {
	if form := codeOf[g.Kind]; form == nil || !form.MatchString(code) {
		return fault.At("code", "Kode %q tidak sesuai jenisnya. Provinsi dua angka (15), kabupaten 15.01–15.69, kota 15.71–15.99, lembaga nasional huruf besar.", code)
	}
	g.Code, g.Slug, g.Parent = code, slugOf(code), 0
	if g.Kind == Regency || g.Kind == City {
		i := slices.IndexFunc(all, func(p Government) bool { return p.Code == parent && p.Kind == Province && p.on(g.From) })
		if i < 0 {
			return fault.At("parent", "Pada %s tidak ada provinsi dengan kode %q. Tambahkan provinsinya dahulu, atau pilih tanggal lain.", g.From.Short(), parent)
		}
		if code[:2] != parent {
			return fault.At("code", "Kode %s tidak berawalan kode provinsinya, %s. Perbaiki salah satunya.", code, parent)
		}
		g.Parent = all[i].ID
	}
	for _, other := range all {
		if other.ID != g.ID && other.Slug == g.Slug && (other.To.IsZero() || other.To.String() > g.From.String()) {
			return fault.At("code", "Kode %s dipakai %s. Pindahkan pemegangnya dahulu, atau pakai kode lain.", code, other.Name)
		}
	}
	return nil
}

// era is the first era of the government that a makes, in the tree all.
// Errors: fault.Invalid.
func (a *Addition) era(all []Government) (g Government, err error) {
	if codeOf[a.Kind] == nil {
		return g, fault.At("kind", "Jenis instansi wajib dipilih: provinsi, kabupaten, kota, atau lembaga nasional.")
	}
	if !a.Zone.Valid() {
		return g, fault.At("zone", "Zona waktu wajib dipilih: WIB, WITA, atau WIT.")
	}
	if a.From.IsZero() {
		return g, fault.At("from", "Tanggal berlaku wajib diisi dengan tanggal yang benar.")
	}
	if !bknCode.MatchString(a.BKN) {
		return g, fault.At("bkn", "Kode BKN terdiri atas empat angka. Kosongkan bila belum ada.")
	}
	g = Government{Kind: a.Kind, Zone: a.Zone, BKN: a.BKN, From: a.From, Verified: true}
	if g.Name, err = fault.Text("name", "Nama", a.Name, 100); err != nil {
		return g, err
	}
	if g.Decree, a.Reason, err = grounds(a.Decree, a.Reason, "decree"); err != nil {
		return g, err
	}
	for _, other := range all {
		g.ID = max(g.ID, other.ID)
	}
	g.ID++
	return g, g.place(all, a.Code, a.Parent)
}

// era is what c makes of government id in the tree all: last is the era that holds
// until further notice, next the one that follows, or last itself when c begins none.
// Errors: fault.NotFound, fault.Invalid, fault.Conflict.
func (c *Change) era(all []Government, id ID) (last, next Government, err error) {
	i := slices.IndexFunc(all, func(g Government) bool { return g.ID == id && g.To.IsZero() })
	if i < 0 {
		return last, next, fault.Missing()
	}
	last = all[i]
	next = last
	need := "decree"
	if c.Act == Suspended || c.Act == Reinstated {
		need = "reason"
	}
	if c.Decree, c.Reason, err = grounds(c.Decree, c.Reason, need); err != nil {
		return last, next, err
	}
	switch c.Act {
	case Renamed, Moved:
		if c.From.IsZero() {
			return last, next, fault.At("from", "Tanggal berlaku wajib diisi dengan tanggal yang benar.")
		}
		if c.From.String() <= last.From.String() {
			return last, next, fault.At("from", "Keadaan sekarang baru berlaku sejak %s. Pilih tanggal sesudahnya.", last.From.Short())
		}
		next.From, next.Decree, next.Verified = c.From, c.Decree, true
	case Suspended:
		if !slices.Contains(Grounds(), c.Ground) {
			return last, next, fault.At("ground", "Sebab penonaktifan wajib dipilih.")
		}
		if last.Suspended.Ground != "" {
			return last, next, fault.New(fault.Conflict, "%s sudah dinonaktifkan.", last.Name)
		}
	case Reinstated:
		if last.Suspended.Ground == "" {
			return last, next, fault.New(fault.Conflict, "%s tidak sedang dinonaktifkan.", last.Name)
		}
	default:
		return last, next, fault.At("act", "Perubahan tidak dikenal. Pilih ganti nama, pindah, nonaktifkan, atau aktifkan.")
	}
	switch c.Act { //nolint:exhaustive // what is not named takes nothing here
	case Renamed:
		if next.Name, err = fault.Text("name", "Nama", c.Name, 100); err == nil && next.Name == last.Name {
			err = fault.At("name", "Nama ini sudah dipakai sekarang. Tulis nama yang baru.")
		}
	case Moved:
		switch {
		case last.Kind != Regency && last.Kind != City:
			err = fault.At("code", "Kode provinsi dan lembaga nasional tidak berubah. Tambahkan provinsi baru, lalu pindahkan kabupaten dan kotanya.")
		case c.Code == last.Code:
			err = fault.At("code", "Kode ini sudah dipakai sekarang. Tulis kode yang baru.")
		default:
			err = next.place(all, c.Code, c.Parent)
		}
	}
	return last, next, err
}

// Operator is what the operator of the installation does with the registry.
type Operator struct {
	gate     *authz.Gate
	registry *Registry
}

// NewOperator returns the service behind gate. What it changes, registry has at once;
// other processes have it when they ask (Registry.Keep).
func NewOperator(gate *authz.Gate, registry *Registry) *Operator { return &Operator{gate, registry} }

// A Record is all that the registry knows of one government.
type Record struct {
	Government              // as it stands today, or will
	Eras       []Government // oldest first
	Changes    []Entry      // newest first
}

// List returns every tenant as it stands today; one that begins later, as it will.
func (o *Operator) List(ctx context.Context) (all []Government, err error) {
	defer fault.Wrap(&err, "list governments")
	err = o.gate.Platform(ctx, authz.TenantManage, "", func(tx *store.Tx) error {
		eras, err := listEras(ctx, tx)
		all = current(eras, civil.DateOf(tx.Now, civil.WIB))
		return err
	})
	return all, err
}

// current picks of each tenant the era of today, or its first one if that is to come.
func current(eras []Government, today civil.Date) (all []Government) {
	for _, g := range eras {
		i := slices.IndexFunc(all, func(h Government) bool { return h.ID == g.ID })
		switch {
		case i < 0 && (g.To.IsZero() || g.To.String() > today.String()):
			all = append(all, g)
		case i >= 0 && !all[i].on(today) && (g.on(today) || g.From.String() < all[i].From.String()):
			all[i] = g
		}
	}
	slices.SortStableFunc(all, func(a, b Government) int { return cmp.Compare(a.Code, b.Code) })
	return all
}

// Show returns the record of government id. Errors: fault.NotFound.
func (o *Operator) Show(ctx context.Context, id ID) (r Record, err error) {
	defer fault.Wrap(&err, "show government %d", id)
	err = o.gate.Platform(ctx, authz.TenantManage, "", func(tx *store.Tx) error {
		eras, err := listEras(ctx, tx)
		if err != nil {
			return err
		}
		r = Record{Eras: slices.DeleteFunc(eras, func(g Government) bool { return g.ID != id })}
		now := current(r.Eras, civil.DateOf(tx.Now, civil.WIB))
		if len(now) == 0 {
			return fault.Missing()
		}
		r.Government = now[0]
		slices.SortFunc(r.Eras, func(a, b Government) int { return cmp.Compare(a.From.String(), b.From.String()) })
		r.Changes, err = changesOf(ctx, tx, id)
		return err
	})
	return r, err
}

// ReviewAddition returns the government as Add would record it.
// Errors: fault.Invalid.
func (o *Operator) ReviewAddition(ctx context.Context, a Addition) (g Government, err error) {
	defer fault.Wrap(&err, "review a new government")
	err = o.gate.Platform(ctx, authz.TenantManage, "", func(tx *store.Tx) error {
		all, err := listEras(ctx, tx)
		if err != nil {
			return err
		}
		g, err = a.era(all)
		return err
	})
	return g, err
}

// Review returns the government as it is, and as it would be after Change.
// Errors: fault.NotFound, fault.Invalid, fault.Conflict.
func (o *Operator) Review(ctx context.Context, id ID, c Change) (last, next Government, err error) {
	defer fault.Wrap(&err, "review a change of government %d", id)
	err = o.gate.Platform(ctx, authz.TenantManage, "", func(tx *store.Tx) error {
		all, err := listEras(ctx, tx)
		if err != nil {
			return err
		}
		last, next, err = c.era(all, id)
		return err
	})
	return last, next, err
}

// Add records a new government. Errors: fault.Invalid.
func (o *Operator) Add(ctx context.Context, a Addition) (g Government, err error) {
	defer fault.Wrap(&err, "add government")
	err = o.gate.Platform(ctx, authz.TenantManage, "tenants", func(tx *store.Tx) error {
		all, err := listEras(ctx, tx)
		if err != nil {
			return err
		}
		if g, err = a.era(all); err != nil {
			return err
		}
		tx.About("tenant "+string(Added), g.Code)
		tx.Because(because(g.Decree, a.Reason))
		if err := insertGovernment(ctx, tx, g); err != nil {
			return err
		}
		return insertChange(ctx, tx, Entry{TenantID: g.ID, Act: Added, FromDay: g.From, Decree: g.Decree, Reason: a.Reason})
	})
	if err != nil {
		return g, err
	}
	return g, o.registry.Reload(ctx, o.gate)
}

// Change carries out c on government id, and returns what it has become.
// Errors: fault.NotFound, fault.Invalid, fault.Conflict.
func (o *Operator) Change(ctx context.Context, id ID, c Change) (g Government, err error) {
	defer fault.Wrap(&err, "change government %d", id)
	err = o.gate.Platform(ctx, authz.TenantManage, "tenants", func(tx *store.Tx) error {
		all, err := listEras(ctx, tx)
		if err != nil {
			return err
		}
		last, next, err := c.era(all, id)
		if err != nil {
			return err
		}
		tx.About("tenant "+string(c.Act), last.Code)
		tx.Because(because(c.Decree, c.Reason))
		entry := Entry{TenantID: id, Act: c.Act, Decree: c.Decree, Reason: c.Reason}
		switch c.Act { //nolint:exhaustive // what is not named takes nothing here
		case Renamed, Moved:
			if err := endEra(ctx, tx, id, next.From); err != nil {
				return err
			}
			if err := insertEra(ctx, tx, next); err != nil {
				return err
			}
			entry.FromDay = next.From
		case Suspended:
			entry.Ground = c.Ground
			next.Suspended = Suspension{c.Ground, tx.Now}
		case Reinstated:
			next.Suspended = Suspension{}
		}
		g = next
		return insertChange(ctx, tx, entry)
	})
	if err != nil {
		return g, err
	}
	return g, o.registry.Reload(ctx, o.gate)
}

// because joins decree and reason for the audit line.
func because(decree, reason string) string {
	if decree == "" || reason == "" {
		return decree + reason
	}
	return decree + ": " + reason
}
