package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// TestImportCommand: the command tells what it would do, does it, and does it once; with
// a row that is refused it does nothing at all unless it may leave that out.
func TestImportCommand(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in, ctx, dir := idle(t, db), context.Background(), t.TempDir()
		write := func(name, text string) string {
			path := filepath.Join(dir, name)
			check(t, os.WriteFile(path, []byte(text), 0o600))
			return path
		}
		secret := write("secret", strings.Repeat("ab", 32)+"\n")
		good := write("baik.csv", "NIP;Nama;Jabatan\n199501012020011901;Pertama Sekali;Analis\n199501012020011902;Kedua Kali;Analis\n")
		bad := write("salah.csv", "NIP;Nama;Jabatan\n1995;Pendek;Analis\n199501012020011903;Ketiga Kali;Analis\n")
		run := func(file string, more ...string) (string, error) {
			var out strings.Builder
			err := employees(ctx, append([]string{"import", "-database", addressOf(t, db), "-secret", secret, "-government", "15.03", "-file", file}, more...), &out)
			return out.String(), err
		}
		count := func() int {
			found, err := in.employees.Search(in.as(t, "sarolangun"), employee.Filter{Query: "kali"}, store.Cursor{})
			check(t, err)
			return len(found.Rows)
		}
		out, err := run(good, "-dry-run", "-json")
		var told struct {
			Run employee.Run `json:"run"`
		}
		if err != nil || json.Unmarshal([]byte(out), &told) != nil || told.Run.Counts[employee.Fresh] != 2 || count() != 0 {
			t.Errorf("dry run: %s, %v", out, err)
		}
		if out, err = run(good); err != nil || !strings.Contains(out, "2 ditambahkan, 0 diubah") || count() != 1 {
			t.Errorf("import: %s, %v", out, err)
		}
		if out, err = run(good); err != nil || !strings.Contains(out, "Sama          2") || count() != 1 {
			t.Errorf("again: %s, %v", out, err)
		}
		if out, err = run(bad); err == nil || !strings.Contains(out, "NIP harus 18 digit") || count() != 1 {
			t.Errorf("a bad row: %s, %v", out, err)
		}
		if out, err = run(bad, "-mode", "valid"); err != nil || !strings.Contains(out, "1 ditambahkan") || count() != 2 {
			t.Errorf("the valid ones: %s, %v", out, err)
		}
		for name, args := range map[string][]string{"no act": nil, "no file": {"import", "-government", "15.03"}, "another act": {"export"}} {
			if err := employees(ctx, args, new(strings.Builder)); err == nil || !strings.Contains(err.Error(), "employee import needs") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err = run(write("kosong.csv", "")); err == nil || !strings.Contains(err.Error(), "Berkas kosong") {
			t.Errorf("an empty file: %v", err)
		}
	})
}

// TestImportPagesDoNotGrow: the pages of the wizard ask the database as much of three rows
// as of a page and more of them, in each state of the run.
func TestImportPagesDoNotGrow(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		admin, ctx := in.signIn(t, "sarolangun"), in.as(t, "sarolangun")
		// costs tells of an import of n people and n rows that are refused, and returns what
		// its pages ask: before anything is applied, and after.
		costs := func(first, n int) (all []int) {
			var b strings.Builder
			b.WriteString("NIP;Nama;Jabatan\n")
			for i := first; i < first+n; i++ {
				fmt.Fprintf(&b, "1995010120200119%02d;Orang Ke %d;Analis\n1995%04d;Pendek %d;Analis\n", i, i, i, i)
			}
			run, err := in.imports.Stage(ctx, strings.NewReader(b.String()), int64(b.Len()), "")
			check(t, err)
			page := "/t/15-03/pegawai/impor"
			open := func() {
				for _, path := range []string{page, page + "/" + string(run.ID), page + "/" + string(run.ID) + "?hasil=rejected", page + "/" + string(run.ID) + "/ditolak"} {
					spans.Reset()
					admin.open(path).want(200)
					_, n := cost()
					all = append(all, n)
				}
			}
			open()
			done, err := in.imports.Apply(ctx, run.ID, employee.ValidRows)
			if check(t, err); done.Added != n {
				t.Fatalf("%d are added of %d", done.Added, n)
			}
			open()
			return all
		}
		few := costs(0, 3)
		if many := costs(10, 60); !slices.Equal(few, many) {
			t.Errorf("statements per page: %v for three, %v for sixty", few, many)
		}
		for _, n := range few {
			if n > 24 {
				t.Errorf("statements per page: %v", few)
			}
		}
		t.Logf("statements per page, BEGIN and COMMIT included: %v", few)
	})
}
