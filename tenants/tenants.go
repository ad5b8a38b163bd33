// Package tenants is the registry of governments.
//
// A tenant is a government or a national body. Its ID never changes; its code,
// name and parent hold for a time (an era), because regions split and are
// renumbered. The table is small and read by every request, so it is loaded once
// into memory; the database has it so that it can be joined, dated and audited. An
// operator changes it while the product runs, and every process follows (Registry).
//
// The rows come from governments.csv: 546 autonomous governments (38 provinces,
// 415 regencies, 93 cities) and three national bodies. The six administrative
// areas of DKI Jakarta are no governments. See NOTICE for the source. What they were
// before their last change stands in eras.csv: Papua's split of 2022. Eras before that
// are not recorded: the first one holds since ever.
//
// A suspended tenant is closed: no door opens in it. Its rows stay, and whoever shares
// one still sees it; nothing that waits for it is lost.
package tenants

import (
	"context"
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

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

	From     civil.Date // first day of the era; zero = since ever
	To       civil.Date // day on which the next one begins; zero = until further notice
	Decree   string     // what the era stands on, "" when not recorded
	Verified bool       // false: decree or day could not be verified, and every screen says so

	Suspended Suspension // of the tenant, in whatever era
}

// Known reports whether the first day of the era is recorded.
func (g Government) Known() bool { return !g.From.IsZero() && g.From != seedDay }

// on reports whether the era holds on day.
func (g Government) on(day civil.Date) bool {
	return g.From.String() <= day.String() && (g.To.IsZero() || day.String() < g.To.String())
}

//go:embed governments.csv eras.csv
var files embed.FS

// seedDay is from when the first era of every tenant holds: it stands for a beginning
// that is not recorded.
var seedDay = civil.Date{Year: 1945, Month: 8, Day: 17}

// records reads the lines below the heading of an embedded table.
func records(name string) ([][]string, error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return lines[1:], nil
}

// readTable reads governments.csv, the tree of today.
func readTable() ([]Government, error) {
	lines, err := records("governments.csv")
	if err != nil {
		return nil, err
	}
	byCode := map[string]ID{}
	var all []Government
	for _, r := range lines { // id, code, kind, parent, zone, bkn, name
		id, err := strconv.ParseInt(r[0], 10, 32)
		if err != nil {
			return nil, fmt.Errorf("governments.csv: id %q", r[0])
		}
		g := Government{
			ID: ID(id), Code: r[1], Kind: Kind(r[2]), Parent: byCode[r[3]], Zone: civil.Zone(r[4]), BKN: r[5], Name: r[6],
			Slug: slugOf(r[1]), From: seedDay, Verified: true,
		}
		byCode[g.Code] = g.ID
		all = append(all, g)
	}
	return all, nil
}

// readEras reads both tables: every era of every tenant, a tenant's in order.
func readEras() (all []Government, err error) {
	now, err := readTable()
	if err != nil {
		return nil, err
	}
	lines, err := records("eras.csv")
	if err != nil {
		return nil, err
	}
	byCode, before := map[string]ID{}, map[ID][]string{}
	for _, g := range now {
		byCode[g.Code] = g.ID
	}
	for _, r := range lines { // id, until, code, parent, decree, source
		id, err := strconv.ParseInt(r[0], 10, 32)
		if err != nil {
			return nil, fmt.Errorf("eras.csv: id %q", r[0])
		}
		before[ID(id)] = r
	}
	for _, g := range now {
		r, changed := before[g.ID]
		if !changed {
			all = append(all, g)
			continue
		}
		until, err := civil.ParseDate(r[1])
		if err != nil {
			return nil, fmt.Errorf("eras.csv: %w", err)
		}
		if r[2] != "" { // without a code it did not exist before
			past := g
			past.Code, past.Slug, past.Parent, past.To = r[2], slugOf(r[2]), byCode[r[3]], until
			all = append(all, past)
		}
		g.From, g.Decree, g.Verified = until, r[4], r[5] == "verified"
		all = append(all, g)
	}
	return all, nil
}

// Seed writes both tables into the database, and brings one up to date that was seeded
// when earlier eras were not recorded; a second run changes nothing, and what an
// operator has changed stays.
func Seed(ctx context.Context, gate *authz.Gate) (err error) {
	defer fault.Wrap(&err, "seed governments")
	all, err := readEras()
	if err != nil {
		return err
	}
	return gate.Platform(ctx, authz.TenantSeed, "tenants", func(tx *store.Tx) error {
		tx.About("tenant", "governments.csv")
		changed, err := insertGovernments(ctx, tx, all)
		if err != nil || !changed {
			return err
		}
		return insertChange(ctx, tx, Entry{Act: Seeded})
	})
}

// slugOf is how a code stands in addresses.
func slugOf(code string) string { return strings.ToLower(strings.ReplaceAll(code, ".", "-")) }
