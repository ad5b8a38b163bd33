package employee_test

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// A meter counts statements, and those that write by what they write.
type meter struct {
	mu     sync.Mutex
	all    int
	writes map[string]int // table → statements
}

var writing = regexp.MustCompile(`(?i)\b(?:INSERT INTO|UPDATE|DELETE FROM) "?([a-z_]+)`)

func (m *meter) see(_ store.Sight, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all++
	if verb, _, _ := strings.Cut(text, " "); verb != "SELECT" {
		if found := writing.FindStringSubmatch(text); found != nil {
			m.writes[found[1]]++
		}
	}
}

// of counts the statements of act.
func (m *meter) of(act func()) int {
	m.mu.Lock()
	m.all, m.writes = 0, map[string]int{}
	m.mu.Unlock()
	act()
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.all
}

// mixed is a list of n people from the one numbered first, which five divides. Of five, one is in the register with another post, one with
// another name and one as the list says; one has an identity already, and one is new. before
// lists those in the register.
func mixed(first, n int, before bool) []byte {
	var b strings.Builder
	b.WriteString("NIP;Nama;Jabatan\n")
	for i := first; i < first+n; i++ {
		nip, name, post := fmt.Sprintf("19900315%d%02d1%03d", 2000+i/6000, 1+i/900%12, 1+i%900), fmt.Sprint("Pegawai ", i), "Analis"
		switch {
		case before && i%5 > 2:
			continue
		case before:
		case i%5 == 0:
			post = "Kepala"
		case i%5 == 1:
			name = fmt.Sprint("Nama Baru ", i)
		}
		fmt.Fprintf(&b, "%s;%s;%s\n", nip, name, post)
	}
	return []byte(b.String())
}

// TestImportStatements: what an import asks of the database grows with its stretches of
// 1,000 and 2,000 rows, and not with the rows in one, whatever becomes of them.
func TestImportStatements(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		m := &meter{writes: map[string]int{}}
		o := open(t, store.Observed(db, m.see))
		in, ctx := o.imports(), authz.AsSystem(t.Context(), tuban)
		type cost struct{ Stage, Apply int } // statements
		measure := func(first, n int) (c cost) {
			t.Helper()
			var run employee.Run
			put := func(file []byte) {
				t.Helper()
				var err error
				c.Stage = m.of(func() { run, err = in.Run(ctx, bytes.NewReader(file), int64(len(file)), "") })
				check(t, err)
				c.Apply = m.of(func() { run, err = in.Finish(ctx, run.ID, employee.AllOrNothing) })
				check(t, err)
			}
			put(mixed(first, n, true))
			var known []account.Newcomer
			for i := first + 3; i < first+n; i += 5 {
				known = append(known, account.Newcomer{ID: account.ID(store.NewID()), Name: "Sudah Ada", NIP: fmt.Sprintf("19900315%d%02d1%03d", 2000+i/6000, 1+i/900%12, 1+i%900)})
			}
			_, err := o.accounts.EnsureAll(ctx, "test", known)
			check(t, err)
			put(mixed(first, n, false))
			if run.Added != n*2/5 || run.Changed != n*2/5 || run.Counts[employee.Same] != n/5 {
				t.Fatalf("%d rows: %+v", n, run)
			}
			return c
		}
		got := []cost{measure(0, 10), measure(10, 1_000), measure(1_010, 5_010)}
		want := map[store.Engine][]cost{
			store.SQLite:   {{26, 29}, {26, 29}, {26 + 2*4, 29 + 17}}, // two stretches more, and one
			store.Postgres: {{40, 39}, {40, 39}, {40 + 2*8, 39 + 21}},
		}[db.Engine]
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("statements of 10, 1,000 and 5,010 rows (-want +got):\n%s", diff)
		}
	})
}

// TestReimport: a file that says what the register says writes nothing but what tells of
// the import itself, and there is nothing to apply.
func TestReimport(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		m := &meter{writes: map[string]int{}}
		o := open(t, store.Observed(db, m.see))
		in, ctx := o.imports(), authz.AsSystem(t.Context(), tuban)
		file := siasn(ani, budi)
		run, err := in.Run(ctx, bytes.NewReader(file), int64(len(file)), "")
		check(t, err)
		m.of(func() { run, err = in.Finish(ctx, run.ID, employee.AllOrNothing) })
		check(t, err)
		for _, table := range strings.Fields("identity employee employee_word employee_change employed stat_delta") {
			if m.writes[table] == 0 {
				t.Errorf("the first time nothing is written into %s: %v", table, m.writes)
			}
		}
		m.of(func() { run, err = in.Run(ctx, bytes.NewReader(file), int64(len(file)), "") })
		check(t, err)
		if got := slices.Sorted(maps.Keys(m.writes)); counts(run) != "same 2" || !slices.Equal(got, strings.Fields("audit_line import_piece import_row import_run outbox")) {
			t.Errorf("again: %s, written is %v", counts(run), m.writes)
		}
		for _, mode := range []employee.Mode{employee.AllOrNothing, employee.ValidRows} {
			m.of(func() { _, err = in.Finish(ctx, run.ID, mode) })
			refused(t, err, fault.Conflict, "sudah sama")
			if len(m.writes) > 0 {
				t.Errorf("applying nothing (%s) writes %v", mode, m.writes)
			}
		}
	})
}
