package employee_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

const (
	mostTimes = 12        // that an import may take of a COPY of the same rows into the same table
	mostHeld  = 256 << 20 // bytes of memory that the process may hold meanwhile
)

// BenchmarkImport brings lists of new employees in, from the file on disk to the last row
// in the register, and holds that against what PostgreSQL needs to COPY those rows into
// the table employee alone, past all policies and marks, right after each import and into a
// database as fresh as its own. It fails beyond a median of 12 times, and beyond 256 MiB held.
func BenchmarkImport(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			done := false
			for b.Loop() {
				if !done { // a median of three is one round, however many are asked for
					measureImport(b, engine)
				}
				done = true
			}
		})
	}
}

func measureImport(b *testing.B, engine store.Engine) {
	people, format := 200_000, sheet.CSV // of as many rows an XLSX is larger than sheet's default allows
	if engine == store.SQLite {
		people, format = 20_000, sheet.XLSX
	}
	path := filepath.Join(b.TempDir(), "pegawai."+string(format))
	writeMany(b, path, format, people)
	var took, staged, copied []time.Duration
	var ratios []float64
	held, on := int64(0), machine(b)
	for range 3 {
		db := template.Clone(b, engine)
		all, read := importMany(b, db, path, people, &held)
		took, staged = append(took, all), append(staged, read)
		if engine == store.Postgres {
			rows, once := storetest.Copy(b, db, template.Clone(b, engine), "employee")
			if rows != people {
				b.Fatalf("%d rows are copied", rows)
			}
			copied, ratios = append(copied, once), append(ratios, all.Seconds()/once.Seconds())
			if len(ratios) == 1 {
				on += ", " + settings(b, db)
			}
		}
	}
	middle := func(all []time.Duration) time.Duration { slices.Sort(all); return all[len(all)/2] }
	slices.Sort(took)
	line := fmt.Sprintf("import of %d rows (%s) on %s: median of 3 %.1f s (%.1f to %.1f s), of which reading and comparing %.1f s, peak RSS %d MiB",
		people, engine+", "+store.Engine(format), on, middle(took).Seconds(), took[0].Seconds(), took[2].Seconds(), middle(staged).Seconds(), held>>20)
	if held > mostHeld {
		b.Errorf("the process held %d MiB, want at most %d", held>>20, mostHeld>>20)
	}
	if len(ratios) > 0 {
		slices.Sort(ratios)
		ratio := ratios[len(ratios)/2]
		line += fmt.Sprintf(", %.1f × (%.1f to %.1f ×) one COPY of the same rows into the same table, which took %.1f s", ratio, ratios[0], ratios[len(ratios)-1], middle(copied).Seconds())
		if ratio > mostTimes {
			b.Errorf("the import takes %.1f × a COPY, want at most %d ×", ratio, mostTimes)
		}
	}
	fmt.Println("\nfigure: " + line)
}

// machine is what the import is measured on.
func machine(b *testing.B) string {
	b.Helper()
	info, err := os.ReadFile("/proc/cpuinfo")
	check(b, err)
	model := "unknown processor"
	for line := range strings.Lines(string(info)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
		}
	}
	return fmt.Sprintf("%d × %s", runtime.NumCPU(), model)
}

// settings are those of the server that decide how fast it writes.
func settings(b *testing.B, db *store.DB) string {
	b.Helper()
	var version, fsync, buffers string
	check(b, storetest.Superuser(b, db).QueryRow("SELECT current_setting('server_version'), current_setting('fsync'), current_setting('shared_buffers')").Scan(&version, &fsync, &buffers))
	return fmt.Sprintf("PostgreSQL %s (fsync %s, shared_buffers %s)", version, fsync, buffers)
}

// writeMany writes a list of as many people.
func writeMany(b *testing.B, path string, format sheet.Format, people int) {
	b.Helper()
	f, err := os.Create(path)
	check(b, err)
	defer f.Close()
	var titles []sheet.Title
	for _, t := range strings.Fields("nipBaru Nama gelarBelakang golRuangAkhir tmtGolAkhir jabatanNama unorNama tglLahir tempatLahir jenisKelamin kedudukan") {
		titles = append(titles, sheet.Title{Text: t})
	}
	w, err := sheet.NewWriter(f, format, titles)
	check(b, err)
	given, family := strings.Fields("Andi Budi Citra Dewi Eka Fajar Gilang Hesti Indra Joko"), strings.Fields("Saputra Lestari Santoso Kirana Nugroho Pratama Hartono Wijaya")
	for i := range people {
		year, month, day := 1970+i/900%30, 1+i/(900*30)%12, 1+i/(900*30*12)%28
		nip := fmt.Sprintf("%04d%02d%02d%04d%02d%d%03d", year, month, day, year+25, month, 1+i%2, 1+i%900)
		check(b, w.Write(nip, given[i%10]+" "+family[i/10%8]+" "+fmt.Sprint(i), "S.Sos.", "III/a", "01-04-2022", "Analis Kebijakan Ahli Pertama",
			fmt.Sprintf("Dinas Ke %d", i%60), fmt.Sprintf("%02d-%02d-%04d", day, month, year), "Jambi", []string{"Laki-laki", "Perempuan"}[i%2], "Aktif"))
	}
	check(b, w.Close())
}

// importMany imports the file as the command line does, and returns how long it took and
// how much of it the comparison; held is raised to what the process held.
func importMany(b *testing.B, db *store.DB, path string, people int, held *int64) (all, staged time.Duration) {
	b.Helper()
	f, err := os.Open(path)
	check(b, err)
	defer f.Close()
	info, err := f.Stat()
	check(b, err)
	o := open(b, db)
	in, ctx := o.imports(), authz.AsSystem(b.Context(), tuban)
	debug.FreeOSMemory()
	check(b, os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)) // forget the peak so far
	started := time.Now()
	run, err := in.Run(ctx, f, info.Size(), "")
	check(b, err)
	staged = time.Since(started)
	if run.Counts[employee.Fresh] != people {
		b.Fatalf("staged: %+v", run)
	}
	run, err = in.Finish(ctx, run.ID, employee.ValidRows)
	check(b, err)
	all = time.Since(started)
	if run.Added != people {
		b.Fatalf("imported: %+v", run)
	}
	status, err := os.ReadFile("/proc/self/status")
	check(b, err)
	for line := range strings.Lines(string(status)) {
		var kib int64
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kib); n == 1 {
			*held = max(*held, kib<<10)
		}
	}
	return all, staged
}
