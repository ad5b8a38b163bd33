package tenants

import (
	"context"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// A Profile is how a government shows itself, on its pages and its letters. All of it
// is public.
type Profile struct {
	bun.BaseModel `bun:"table:profile"`

	TenantID    ID        `bun:",pk" json:"-"`
	ID          string    `bun:",pk" json:"-"`
	PublishedAt time.Time `bun:",nullzero" json:"-"`
	Version     int       `json:"version"`                              // counts what was saved; 0 = nothing yet
	SavedAt     time.Time `bun:",nullzero" json:"saved_at,omitzero"`    // UTC
	Body        string    `json:"body" doc:"Name of the training body"` // "" = the government's own name
	Accent      string    `json:"accent" doc:"Colour as asked for"`     // "#E3A72F"; "" = the product's own
	Motif       string    `json:"motif"`                                // one of ui.Motifs
	Language    string    `json:"language" doc:"id or en"`              // of pages, for who has not chosen
	Help        string    `json:"help" doc:"Telephone or e-mail"`       // of the help desk
	HeadLines   string    `json:"head_lines" doc:"Letterhead, by line"` // "PEMERINTAH PROVINSI JAMBI\nBADAN …"
	Address     string    `json:"address"`                              // of the letterhead, with what follows
	Phone       string    `json:"phone"`
	Email       string    `json:"email"`
	Site        string    `json:"site"` // "https://…"
	City        string    `json:"city"` // where its letters are dated

	theme ui.Theme
}

// Theme is the look of p's pages.
func (p Profile) Theme() ui.Theme { return p.theme }

// Head is p's letterhead, one line each; nil when there is none.
func (p Profile) Head() []string {
	lines := strings.Split(p.HeadLines, "\n")
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}

// Contacts is the last line of p's letterhead.
func (p Profile) Contacts() string {
	var parts []string
	for _, c := range []struct{ label, value string }{{"Telepon ", p.Phone}, {"Surel ", p.Email}, {"Laman ", p.Site}} {
		if c.value != "" {
			parts = append(parts, c.label+c.value)
		}
	}
	return strings.Join(parts, " · ")
}

// identity says what is wrong with how p shows itself, and trims it. Errors: fault.Invalid.
func (p *Profile) identity() (err error) {
	if p.Body, err = maybe("body", "Nama badan pelatihan", p.Body, 120); err != nil {
		return err
	}
	if p.Accent = strings.TrimSpace(p.Accent); p.Accent != "" {
		hex, ok := ui.Hex(p.Accent)
		if !ok {
			return fault.At("accent", "Warna %q tidak dikenal. Tulis enam angka heksadesimal, misalnya #E3A72F.", p.Accent)
		}
		p.Accent = hex
	}
	if p.Motif == "" {
		p.Motif = ui.Motifs()[0]
	}
	if !slices.Contains(ui.Motifs(), p.Motif) {
		return fault.At("motif", "Motif %q tidak ada. Pilih salah satu: %s.", p.Motif, strings.Join(ui.Motifs(), ", "))
	}
	if p.Language == "" {
		p.Language = "id"
	}
	if p.Language != "id" && p.Language != "en" {
		return fault.At("language", "Bahasa %q belum tersedia. Pilih id atau en.", p.Language)
	}
	if p.Help, err = maybe("help", "Kontak bantuan", p.Help, 120); err != nil {
		return err
	}
	if strings.Contains(p.Help, "@") {
		return mailbox("help", "Kontak bantuan", p.Help)
	}
	return phone("help", "Kontak bantuan", p.Help)
}

// letterhead says what is wrong with p's letterhead, and trims it. Errors: fault.Invalid.
func (p *Profile) letterhead() (err error) {
	var lines []string
	for line := range strings.Lines(p.HeadLines) {
		if line, err = maybe("head_lines", "Baris kop surat", line, 120); err != nil {
			return err
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) > 4 {
		return fault.At("head_lines", "Kop surat memuat %d baris, paling banyak 4. Gabungkan sebagian barisnya.", len(lines))
	}
	p.HeadLines = strings.Join(lines, "\n")
	for _, f := range []struct {
		field, label string
		value        *string
		most         int
	}{{"address", "Alamat", &p.Address, 200}, {"phone", "Telepon", &p.Phone, 60}, {"email", "Surel", &p.Email, 120}, {"site", "Laman", &p.Site, 120}, {"city", "Kota", &p.City, 60}} {
		if *f.value, err = maybe(f.field, f.label, *f.value, f.most); err != nil {
			return err
		}
	}
	if err := phone("phone", "Telepon", p.Phone); err != nil {
		return err
	}
	if p.Email != "" {
		if err := mailbox("email", "Surel", p.Email); err != nil {
			return err
		}
	}
	if p.Site == "" {
		return nil
	}
	if site, err := url.Parse(p.Site); err != nil || site.Scheme != "https" && site.Scheme != "http" || !strings.Contains(site.Host, ".") {
		return fault.At("site", "Laman harus alamat web lengkap, misalnya https://bpsdm.jambiprov.go.id.")
	}
	return nil
}

// maybe is fault.Text for what may be left empty.
func maybe(field, label, typed string, most int) (string, error) {
	if strings.TrimSpace(typed) == "" {
		return "", nil
	}
	return fault.Text(field, label, typed, most)
}

func mailbox(field, label, typed string) error {
	if a, err := mail.ParseAddress(typed); err != nil || a.Address != typed {
		return fault.At(field, "%s bukan alamat surel yang benar. Tulis seperti diklat@jambiprov.go.id.", label)
	}
	return nil
}

func phone(field, label, typed string) error {
	digits := 0
	for _, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(" +-()", r):
			return fault.At(field, "%s bukan nomor telepon. Tulis angka saja, misalnya 0741-40000.", label)
		}
	}
	if typed != "" && (digits < 5 || digits > 15) {
		return fault.At(field, "%s harus 5 sampai 15 angka. Periksa kembali nomornya.", label)
	}
	return nil
}

// pollEvery is how soon a node shows what another one has saved.
const pollEvery = 15 * time.Second

// Settings keeps what governments set for themselves: profile, work week, holidays,
// offices that sign. Profiles are asked for by every page and are few and small, so all
// of them stand in memory: a request costs no statement. A node that saves one shows it
// at once; the others compare the sum of versions, one statement each 15 s.
type Settings struct {
	gate     *authz.Gate
	registry *Registry
	shown    atomic.Pointer[map[ID]Profile]
	versions atomic.Int64 // sum of those shown
}

// NewSettings returns the settings behind gate, with all profiles loaded.
func NewSettings(ctx context.Context, gate *authz.Gate, registry *Registry) (*Settings, error) {
	s := &Settings{gate: gate, registry: registry}
	s.shown.Store(&map[ID]Profile{})
	return s, s.Reload(ctx)
}

// Profile returns how the government shows itself; the zero Profile when it has not said.
func (s *Settings) Profile(id ID) Profile { return (*s.shown.Load())[id] }

// Dress puts a government's name, look and help contact on the pages that v is around.
func (s *Settings) Dress(v *ui.View, g Government) {
	p := s.Profile(g.ID)
	v.Tenant, v.Body, v.Theme, v.Help = g.Name, p.Body, p.theme, p.Help
}

// Reload reads the profiles again when another node has saved one.
func (s *Settings) Reload(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "reload profiles")
	return s.gate.Public(ctx, "", func(tx *store.Tx) error {
		sum, err := sumVersions(ctx, tx)
		if err != nil || sum == s.versions.Load() {
			return err
		}
		all, err := profiles(ctx, tx)
		if err != nil {
			return err
		}
		shown := make(map[ID]Profile, len(all))
		for _, p := range all {
			p.theme = ui.NewTheme(p.Accent, p.Motif)
			shown[p.TenantID] = p
		}
		s.shown.Store(&shown)
		s.versions.Store(sum)
		return nil
	})
}

// Watch reloads until ctx ends; failed is told of a reload that failed.
func (s *Settings) Watch(ctx context.Context, failed func(error)) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.Reload(ctx); err != nil && ctx.Err() == nil {
				failed(err)
			}
		}
	}
}

// Open returns the profile of the tenant acted in as it is stored, the zero Profile with
// its defaults when there is none.
func (s *Settings) Open(ctx context.Context) (p Profile, err error) {
	defer fault.Wrap(&err, "open profile")
	err = s.gate.Read(ctx, authz.TenantSet, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		p, err = stored(ctx, tx)
		return err
	})
	p.theme = ui.NewTheme(p.Accent, p.Motif)
	return p, err
}

// SaveIdentity stores name, look, language and help contact of the tenant acted in;
// p.Version is the one that was read.
// Errors: fault.Invalid; fault.Conflict when somebody has saved since.
func (s *Settings) SaveIdentity(ctx context.Context, p Profile) (Profile, error) {
	if err := p.identity(); err != nil {
		return Profile{}, err
	}
	return s.save(ctx, p.Version, func(to *Profile) {
		to.Body, to.Accent, to.Motif, to.Language, to.Help = p.Body, p.Accent, p.Motif, p.Language, p.Help
	})
}

// SaveLetterhead stores the letterhead; else as SaveIdentity.
func (s *Settings) SaveLetterhead(ctx context.Context, p Profile) (Profile, error) {
	if err := p.letterhead(); err != nil {
		return Profile{}, err
	}
	return s.save(ctx, p.Version, func(to *Profile) {
		to.HeadLines, to.Address, to.Phone, to.Email, to.Site, to.City = p.HeadLines, p.Address, p.Phone, p.Email, p.Site, p.City
	})
}

// Save stores all of p; else as SaveIdentity.
func (s *Settings) Save(ctx context.Context, p Profile) (Profile, error) {
	if err := p.identity(); err != nil {
		return Profile{}, err
	}
	if err := p.letterhead(); err != nil {
		return Profile{}, err
	}
	return s.save(ctx, p.Version, func(to *Profile) {
		p.TenantID, p.ID, p.PublishedAt, p.Version, p.SavedAt = to.TenantID, to.ID, to.PublishedAt, to.Version, to.SavedAt
		*to = p
	})
}

// save changes the stored profile of version read.
func (s *Settings) save(ctx context.Context, read int, change func(*Profile)) (p Profile, err error) {
	defer fault.Wrap(&err, "save profile")
	err = s.gate.Write(ctx, authz.TenantSet, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		if p, err = stored(ctx, tx); err != nil {
			return err
		}
		if p.Version != read {
			return fault.New(fault.Conflict, "Pengaturan ini sudah disimpan orang lain pada %s. Bandingkan keduanya, lalu simpan lagi.",
				civil.Format(p.SavedAt, s.registry.Find(tx.Tenant).Zone))
		}
		change(&p)
		if p.Version == 0 {
			p.TenantID, p.ID, p.PublishedAt = tx.Tenant, tx.NewID(), tx.Now
		}
		p.Version, p.SavedAt = read+1, tx.Now
		p.theme = ui.NewTheme(p.Accent, p.Motif)
		tx.About("profile", p.ID)
		saved := p
		tx.After(func() { s.show(saved) })
		return put(ctx, tx, p, read)
	})
	return p, err
}

// show puts a profile that was just saved in front of everybody here.
func (s *Settings) show(p Profile) {
	for {
		was := s.shown.Load()
		now := make(map[ID]Profile, len(*was)+1)
		for id, other := range *was {
			now[id] = other
		}
		if now[p.TenantID].Version >= p.Version {
			return // a later one is shown already
		}
		now[p.TenantID] = p
		if s.shown.CompareAndSwap(was, &now) {
			return // versions stays: the next poll reads all, once
		}
	}
}
