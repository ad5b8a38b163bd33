package tenants

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// An Office signs documents. People hold it one after the other, and others act for them.
type Office struct {
	bun.BaseModel `bun:"table:signing_office"`

	TenantID ID     `bun:",pk" json:"-"`
	ID       string `bun:",pk" json:"id"`
	Version  int    `json:"version"` // counts what was saved; 0 = a new one
	Name     string `json:"name"`    // "Kepala BPSDM Provinsi Jambi"
	Rank     Rank   `json:"rank"`

	Holders []Holder `bun:"-" json:"holders"` // the last first
}

// A Rank of offices, as far as the decree on documents tells them apart.
type Rank string

const (
	HeadOfRegion Rank = "head"      // Gubernur, Bupati, Wali Kota
	Deputy       Rank = "deputy"    // Wakil Kepala Daerah
	Secretary    Rank = "secretary" // Sekretaris Daerah
	Other        Rank = "other"
)

// A Holder holds an office for a time. A term that has ended stays: documents of its
// days print it.
type Holder struct {
	bun.BaseModel `bun:"table:office_holder"`

	TenantID  ID         `bun:",pk" json:"-"`
	ID        string     `bun:",pk" json:"id"`
	OfficeID  string     `json:"office_id"`
	Version   int        `json:"version"` // counts what was saved; 0 = a new one
	Kind      Tenure     `json:"kind"`
	Chain     Chain      `json:"chain"`
	Principal string     `json:"principal"` // on whose behalf: "Gubernur Jambi"; "" without a chain
	Through   string     `json:"through"`   // of u.b., the office in between: "Sekretaris Daerah"
	Front     string     `json:"front"`     // titles before the name: "Dr."
	Name      string     `json:"name"`      // bare
	Back      string     `json:"back"`      // titles behind it: "S.E., M.Si."
	NIP       string     `bun:"nip" json:"nip"`
	Grade     string     `json:"grade"` // pangkat/golongan: "Pembina Utama Muda, IV/c"
	FromDay   civil.Date `json:"from"`
	ToDay     civil.Date `json:"to"` // last day; zero = until further notice
}

// Tenure is as what somebody holds an office.
type Tenure string

const (
	Definitive Tenure = "definitive"
	Plt        Tenure = "plt" // pelaksana tugas: the office is vacant
	Plh        Tenure = "plh" // pelaksana harian: its holder is away
	Pj         Tenure = "pj"  // penjabat
	Pjs        Tenure = "pjs" // penjabat sementara
)

// Chain is on whose behalf an office signs.
type Chain string

const (
	Own Chain = ""
	An  Chain = "an" // atas nama: the principal has given it to this office
	Ub  Chain = "ub" // untuk beliau: who had it a.n. has given it on
)

// A Document is a kind of paper, as far as the decree tells them apart.
type Document string

const (
	Decree      Document = "decree"      // naskah dinas pengaturan and penetapan
	Letter      Document = "letter"      // naskah dinas penugasan, korespondensi and khusus
	Charter     Document = "charter"     // piagam
	Certificate Document = "certificate" // sertifikat
	STTP        Document = "sttp"        // surat tanda tamat pendidikan dan pelatihan
)

// naming is Permendagri 1/2023, art. 44: how the name of who signs is written.
//
// Paragraphs 1 and 2 say, by the document, whether with titles. Paragraph 3 wants NIP
// and rank of all but the head of a region, the deputy and the secretary, and titles as
// well; on a decree we read paragraph 1 as the narrower rule. Paragraphs 4 and 5 name
// those who are written without any of the three.
var naming = struct {
	source string
	titles map[Document]bool
	plain  []Rank // without NIP and rank
	bare   map[Rank][]Tenure
}{
	source: "Permendagri 1/2023 pasal 44",
	titles: map[Document]bool{Decree: false, Letter: true, Charter: false, Certificate: false, STTP: false},
	plain:  []Rank{HeadOfRegion, Deputy, Secretary},
	bare:   map[Rank][]Tenure{HeadOfRegion: {Pj, Pjs, Plt, Plh}, Secretary: {Pj, Plh}},
}

// NamingSource is the decree by which Block writes names.
func NamingSource() string { return naming.source }

// A Block is what stands below a document: the lines over the signature, the name, and
// the lines below it.
type Block struct {
	Above []string `json:"above"` // "a.n. Gubernur Jambi", "Plt. Kepala BPSDM Provinsi Jambi,"
	Name  string   `json:"name"`
	Below []string `json:"below"` // "Pembina Utama Muda, IV/c", "NIP 197001011995031901"
}

// On returns who signs for o on day: who acts for the holder goes before the holder, and
// who began later before who began earlier. ok is false when nobody held it.
func (o Office) On(day civil.Date) (h Holder, ok bool) {
	for _, next := range o.Holders {
		if !civil.Covers(next.FromDay, next.ToDay, day) {
			continue
		}
		acts, acted := next.Kind != Definitive, h.Kind != Definitive
		if !ok || acts && !acted || acts == acted && h.FromDay.Before(next.FromDay) {
			h, ok = next, true
		}
	}
	return h, ok
}

// Block returns what o prints on a document of that day. Keep it with the document: a
// term can be corrected later.
// Errors: fault.Conflict when nobody held the office on day.
func (o Office) Block(day civil.Date, doc Document) (Block, error) {
	h, ok := o.On(day)
	if !ok {
		return Block{}, fault.New(fault.Conflict, "Jabatan %s tidak ada pemegangnya pada %s. Catat pemegangnya di Pengaturan.", o.Name, day.Short())
	}
	b := Block{Name: h.Name}
	if h.Chain != Own {
		b.Above = append(b.Above, "a.n. "+h.Principal)
	}
	if h.Chain == Ub {
		b.Above = append(b.Above, h.Through, "u.b.")
	}
	b.Above = append(b.Above, h.Kind.Prefix()+o.Name+",")
	if slices.Contains(naming.bare[o.Rank], h.Kind) {
		return b, nil
	}
	if naming.titles[doc] {
		b.Name = h.Titled()
	}
	if !slices.Contains(naming.plain, o.Rank) {
		b.Below = []string{h.Grade, "NIP " + h.NIP}
	}
	return b, nil
}

// Titled is h's name with titles: "Dr. H. Andi Saputra, S.E., M.Si."
func (h Holder) Titled() string {
	name := strings.TrimSpace(h.Front + " " + h.Name)
	if h.Back != "" {
		name += ", " + h.Back
	}
	return name
}

// Prefix stands before the name of the office: "Plt. ", nothing for its holder.
func (k Tenure) Prefix() string {
	if k == Definitive {
		return ""
	}
	return strings.ToUpper(string(k[:1])) + string(k[1:]) + ". "
}

// Words is k on screen, in Indonesian.
func (k Tenure) Words() string {
	switch k {
	case Definitive:
		return ui.N("Definitif")
	case Plt:
		return ui.N("Pelaksana tugas (Plt.)")
	case Plh:
		return ui.N("Pelaksana harian (Plh.)")
	case Pj:
		return ui.N("Penjabat (Pj.)")
	case Pjs:
		return ui.N("Penjabat sementara (Pjs.)")
	}
	return string(k)
}

// mostOffices and mostHolders bound what a tenant keeps.
const (
	mostOffices = 100
	mostHolders = 500
)

// check says what is wrong with o, and trims it. Errors: fault.Invalid.
func (o *Office) check() (err error) {
	if o.Name, err = fault.Text("name", "Nama jabatan", o.Name, 200); err != nil {
		return err
	}
	if !slices.Contains([]Rank{HeadOfRegion, Deputy, Secretary, Other}, o.Rank) {
		return fault.At("rank", "Tingkat jabatan belum dipilih. Pilih salah satu dari daftar.")
	}
	return nil
}

// check says what is wrong with h in o, and trims it.
// Errors: fault.Invalid; fault.Conflict when two would hold o definitively on one day.
func (h *Holder) check(o Office) (err error) {
	if h.Name, err = fault.Text("holder", "Nama pejabat", h.Name, 120); err != nil {
		return err
	}
	for _, f := range []struct {
		field, label string
		value        *string
	}{{"front", "Gelar depan", &h.Front}, {"back", "Gelar belakang", &h.Back}, {"grade", "Pangkat/golongan", &h.Grade}, {"principal", "Jabatan pemberi kuasa", &h.Principal}, {"through", "Jabatan perantara", &h.Through}} {
		if *f.value, err = maybe(f.field, f.label, *f.value, 120); err != nil {
			return err
		}
	}
	h.NIP = strings.Join(strings.Fields(h.NIP), "")
	digits := strings.Trim(h.NIP, "0123456789") == "" && len(h.NIP) == 18
	switch plain := slices.Contains(naming.plain, o.Rank); {
	case !slices.Contains([]Tenure{Definitive, Plt, Plh, Pj, Pjs}, h.Kind):
		return fault.At("kind", "Jenis pemegang jabatan belum dipilih. Pilih salah satu dari daftar.")
	case h.NIP != "" && !digits:
		return fault.At("nip", "NIP harus 18 angka. Periksa kembali penulisannya.")
	case !plain && (h.NIP == "" || h.Grade == ""):
		return fault.At("nip", "NIP dan pangkat/golongan wajib diisi: keduanya dicetak di bawah nama.")
	case h.Chain != Own && h.Chain != An && h.Chain != Ub:
		return fault.At("chain", "Rantai penandatanganan harus a.n. atau u.b., atau dikosongkan.")
	case h.Chain != Own && h.Principal == "":
		return fault.At("principal", "Sebutkan jabatan yang diatasnamakan, misalnya Gubernur Jambi.")
	case h.Chain == Ub && h.Through == "":
		return fault.At("through", "Sebutkan jabatan perantara untuk u.b., misalnya Sekretaris Daerah.")
	case h.FromDay.IsZero():
		return fault.At("from", "Tanggal mulai menjabat wajib diisi.")
	case !h.ToDay.IsZero() && h.ToDay.Before(h.FromDay):
		return fault.At("to", "Tanggal berakhir mendahului tanggal mulai. Periksa kembali keduanya.")
	}
	if h.Chain == Own {
		h.Principal = ""
	}
	if h.Chain != Ub {
		h.Through = ""
	}
	for _, other := range o.Holders {
		if other.ID != h.ID && other.Kind == Definitive && h.Kind == Definitive && civil.Overlap(h.FromDay, h.ToDay, other.FromDay, other.ToDay) {
			return fault.New(fault.Conflict, "Masa jabatan ini bertumpuk dengan %s yang mulai %s. Akhiri masa itu terlebih dahulu.", other.Name, other.FromDay.Short())
		}
	}
	return nil
}

// Offices lists those of the tenant acted in, with all who held them, as of today.
func (s *Settings) Offices(ctx context.Context) (all []Office, today civil.Date, err error) {
	defer fault.Wrap(&err, "list offices")
	err = s.gate.Read(ctx, authz.TenantSet, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		today = s.registry.day(tx)
		all, err = offices(ctx, tx)
		return err
	})
	return all, today, err
}

// OpenOffice returns an office of the tenant acted in, as of today. Errors: fault.NotFound.
func (s *Settings) OpenOffice(ctx context.Context, id string) (o Office, today civil.Date, err error) {
	defer fault.Wrap(&err, "open office %s", id)
	err = s.gate.Read(ctx, authz.TenantSet, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		today = s.registry.day(tx)
		o, err = FindOffice(ctx, tx, id)
		return err
	})
	return o, today, err
}

// SaveOffice stores an office of the tenant acted in: a new one when its ID is "".
// Errors: fault.Invalid; fault.NotFound; fault.Conflict when there is one of that name,
// or somebody has saved since.
func (s *Settings) SaveOffice(ctx context.Context, o Office) (saved Office, err error) {
	defer fault.Wrap(&err, "save office")
	if err := o.check(); err != nil {
		return Office{}, err
	}
	err = s.gate.Write(ctx, authz.TenantSet, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		row := o
		if row.TenantID = tx.Tenant; row.ID == "" {
			row.ID, row.Version = tx.NewID(), 0
		} else if _, err := FindOffice(ctx, tx, row.ID); err != nil {
			return err
		}
		row.Version++
		tx.About("signing_office", row.ID)
		if err := putRow(ctx, tx, &row, row.Version); store.Duplicate(err) {
			return fault.New(fault.Conflict, "Jabatan %s sudah ada. Beri nama lain, atau pakai yang sudah ada.", row.Name)
		} else if err != nil {
			return err
		}
		saved = row
		return nil
	})
	return saved, err
}

// SaveHolder stores who holds an office of the tenant acted in, and when: a new term
// when its ID is "". Errors: fault.Invalid; fault.NotFound; fault.Conflict when two would
// hold it definitively on one day, or somebody has saved since.
func (s *Settings) SaveHolder(ctx context.Context, h Holder) (saved Holder, err error) {
	defer fault.Wrap(&err, "save holder of office %s", h.OfficeID)
	err = s.gate.Write(ctx, authz.TenantSet, "office:"+h.OfficeID, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		o, err := FindOffice(ctx, tx, h.OfficeID)
		if err != nil {
			return err
		}
		row := h
		if row.ID != "" && !slices.ContainsFunc(o.Holders, func(known Holder) bool { return known.ID == row.ID }) {
			return fault.Missing()
		}
		if err := row.check(o); err != nil {
			return err
		}
		if row.TenantID = tx.Tenant; row.ID == "" {
			row.ID, row.Version = tx.NewID(), 0
		}
		row.Version++
		tx.About("office_holder", row.ID)
		if err := putRow(ctx, tx, &row, row.Version); err != nil {
			return err
		}
		saved = row
		return nil
	})
	return saved, err
}
