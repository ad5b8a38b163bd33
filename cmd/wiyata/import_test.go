package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
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
