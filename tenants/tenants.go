// Package tenants is the registry of governments.
//
// A tenant is a government or a national body. Its ID never changes; its code,
// name and parent hold for a time (an era), because regions split and are
// renumbered. The table is small and read by every request, so it is loaded once
// into memory; the database has it so that it can be joined, dated and audited.
//
// The rows come from governments.csv: 546 autonomous governments (38 provinces,
// 415 regencies, 93 cities) and three national bodies. The six administrative
// areas of DKI Jakarta are no governments. See NOTICE for the source.
package tenants

import (
	"context"
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// An ID names a tenant; see store.TenantID.
type ID = store.TenantID

// Kind of tenant.
type Kind string

const (
	National Kind = "national"
	Province Kind = "province"
	Regency  Kind = "regency"
	City     Kind = "city"
)

// IDs of the national bodies.
const (
	LAN        ID = 1 // Lembaga Administrasi Negara: training
	BKN        ID = 2 // Badan Kepegawaian Negara: personnel
	Kemendagri ID = 3 // Kementerian Dalam Negeri: home affairs
)

// A Government is a tenant as it stands in one era.
type Government struct {
	ID     ID
	Kind   Kind
	Zone   civil.Zone
	Code   string // Kemendagri's: "15.03"; national bodies: "LAN"
	Slug   string // in addresses: "15-03", "lan"
	BKN    string // BKN's own code, "" when unknown; never computed from Code
	Name   string
	Parent ID // province of a regency or city, else 0

	From civil.Date // first day of the era; zero = since ever
	To   civil.Date // day on which the next one begins; zero = until further notice
}

// on reports whether the era holds on day.
func (g Government) on(day civil.Date) bool {
	return g.From.String() <= day.String() && (g.To.IsZero() || day.String() < g.To.String())
}

//go:embed governments.csv
var files embed.FS

// seedDay is from when the first era of every tenant holds: the table is of today's
// tree, and earlier trees are not in it yet.
var seedDay = civil.Date{Year: 1945, Month: 8, Day: 17}

// readTable reads governments.csv.
func readTable() ([]Government, error) {
	file, err := files.Open("governments.csv")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("governments.csv: %w", err)
	}
	byCode := map[string]ID{}
	var all []Government
	for _, r := range records[1:] { // id, code, kind, parent, zone, bkn, name
		id, err := strconv.ParseInt(r[0], 10, 32)
		if err != nil {
			return nil, fmt.Errorf("governments.csv: id %q", r[0])
		}
		g := Government{
			ID: ID(id), Code: r[1], Kind: Kind(r[2]), Parent: byCode[r[3]], Zone: civil.Zone(r[4]), BKN: r[5], Name: r[6],
			Slug: slugOf(r[1]),
		}
		byCode[g.Code] = g.ID
		all = append(all, g)
	}
	return all, nil
}

type row struct {
	bun.BaseModel `bun:"table:tenant"`
	ID            ID `bun:",pk"`
	Kind          Kind
	Zone          civil.Zone
}

type era struct {
	bun.BaseModel `bun:"table:tenant_era"`
	TenantID      ID         `bun:",pk"`
	FromDay       civil.Date `bun:",pk"`
	ToDay         civil.Date // exclusive; zero = until further notice
	Code          string
	Slug          string
	Bkn           string
	Name          string
	ParentID      ID `bun:",nullzero"`
}

// Seed writes the table of governments into the database; a second run changes nothing.
func Seed(ctx context.Context, gate *authz.Gate) (err error) {
	defer fault.Wrap(&err, "seed governments")
	all, err := readTable()
	if err != nil {
		return err
	}
	rows, eras := make([]row, len(all)), make([]era, len(all))
	for i, g := range all {
		rows[i] = row{ID: g.ID, Kind: g.Kind, Zone: g.Zone}
		eras[i] = era{TenantID: g.ID, FromDay: seedDay, Code: g.Code, Slug: g.Slug, Bkn: g.BKN, Name: g.Name, ParentID: g.Parent}
	}
	return gate.Platform(ctx, authz.TenantSeed, "tenants", func(tx *store.Tx) error {
		tx.About("tenant", "governments.csv")
		if _, err := tx.NewInsert().Model(&rows).On("CONFLICT (id) DO NOTHING").Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewInsert().Model(&eras).On("CONFLICT (tenant_id, from_day) DO NOTHING").Exec(ctx)
		return err
	})
}

// A Registry is the table of governments in memory: as it stands on one day, and,
// for the tree of other days, with all its eras. It does not change.
type Registry struct {
	today  civil.Date
	eras   []Government
	byID   map[ID]Government
	bySlug map[string]ID
	order  []ID // by code
}

// Load reads the registry as it stands on today.
func Load(ctx context.Context, gate *authz.Gate, today civil.Date) (r *Registry, err error) {
	defer fault.Wrap(&err, "load governments")
	var all []Government
	err = gate.Platform(ctx, authz.TenantLoad, "", func(tx *store.Tx) error {
		return tx.NewRaw(`SELECT t.id, t.kind, t.zone, e.code, e.slug, e.bkn, e.name, coalesce(e.parent_id, 0) AS parent,
				e.from_day AS "from", e.to_day AS "to"
			FROM tenant t JOIN tenant_era e ON e.tenant_id = t.id ORDER BY e.code`).Scan(ctx, &all)
	})
	if err != nil {
		return nil, err
	}
	return NewRegistry(today, all), nil
}

// NewRegistry returns the registry of the given eras, in their order, as it stands
// on today.
func NewRegistry(today civil.Date, eras []Government) *Registry {
	r := &Registry{today: today, eras: eras, byID: map[ID]Government{}, bySlug: map[string]ID{}}
	for _, g := range eras {
		if g.on(today) {
			r.byID[g.ID], r.bySlug[g.Slug] = g, g.ID
			r.order = append(r.order, g.ID)
		}
	}
	return r
}

// Find returns the government id; the zero Government when there is none.
func (r *Registry) Find(id ID) Government { return r.byID[id] }

// BySlug returns the government with that slug. Errors: fault.NotFound.
func (r *Registry) BySlug(slug string) (Government, error) {
	if id, ok := r.bySlug[slug]; ok {
		return r.byID[id], nil
	}
	return Government{}, fault.Missing()
}

// All lists every tenant in the order of codes.
func (r *Registry) All() []Government {
	all := make([]Government, len(r.order))
	for i, id := range r.order {
		all[i] = r.byID[id]
	}
	return all
}

// Governments lists the regional governments, without the national bodies.
func (r *Registry) Governments() []Government {
	return slices.DeleteFunc(r.All(), func(g Government) bool { return g.Kind == National })
}

// Below lists who stood under id on asOf, the zero date for today: a province's
// regencies and cities with itself; nation is true for a national body, which stands
// above all. A report of last year is of last year's tree.
func (r *Registry) Below(id ID, asOf civil.Date) (tree []ID, nation bool) {
	if asOf.IsZero() {
		asOf = r.today
	}
	for _, g := range r.eras {
		switch {
		case !g.on(asOf):
		case g.ID == id && g.Kind == National:
			return nil, true
		case g.ID == id || g.Parent == id:
			tree = append(tree, g.ID)
		}
	}
	if !slices.Contains(tree, id) {
		return nil, false // there was no such government then
	}
	return tree, false
}

// ByCode returns the government with that code, such as "15.03". Errors: fault.NotFound.
func (r *Registry) ByCode(code string) (Government, error) {
	g, err := r.BySlug(slugOf(code))
	if err == nil && !strings.EqualFold(g.Code, code) {
		return Government{}, fault.Missing()
	}
	return g, err
}

// slugOf is how a code stands in addresses.
func slugOf(code string) string { return strings.ToLower(strings.ReplaceAll(code, ".", "-")) }
