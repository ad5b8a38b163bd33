package employee_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/sheet"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// imports are o's, without anybody to wake.
func (o office) imports() *employee.Imports {
	return employee.NewImports(o.Service, o.accounts.EnsureAll, func() {})
}

// siasn is a file as SIASN and offices make them: a mark of UTF-8, title lines, a header
// with their own names, and a place and signature below.
func siasn(rows ...string) []byte {
	return []byte("\ufeffDAFTAR PEGAWAI\r\nPEMERINTAH KABUPATEN\r\n;;\r\n" +
		"No;nipBaru;Nama;gelarDepan;gelarBelakang;golRuangAkhir;tmtGolAkhir;jabatanNama;unorNama;tglLahir;jenisKelamin;kedudukan\r\n" +
		strings.Join(rows, "\r\n") + "\r\n;;;\r\n;;;;;;;Tuban, 2 November 2026\r\n;;;;;;;Kepala BKPSDM\r\n")
}

const (
	ani  = "1;199003152015032901;Ani Lestari;Dr.;S.E.;III/c;01-04-2024;Analis;BKPSDM;15-03-1990;Perempuan;Aktif"
	budi = "2;19880520 201403 1 902;Budi Santoso;;S.Sos.;Penata Muda (III/a);2020-10-01;Pengelola;Dinas Kesehatan;20/05/1988;L;01"
)

func stage(t *testing.T, in *employee.Imports, ctx context.Context, file []byte) employee.Run {
	t.Helper()
	run, err := in.Stage(ctx, bytes.NewReader(file), int64(len(file)), "")
	check(t, err)
	return run
}

func counts(run employee.Run) string {
	var all []string
	for _, v := range employee.Verdicts() {
		if n := run.Counts[employee.Verdict(v.ID)]; n > 0 {
			all = append(all, fmt.Sprintf("%s %d", v.ID, n))
		}
	}
	return strings.Join(all, ", ")
}

// TestImport: a file is staged without a trace in the register, applied as it was shown,
// and changes nothing when it comes again.
func TestImport(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		in, ctx := o.imports(), o.in(t, tuban, "")
		run := stage(t, in, ctx, siasn(ani, budi))
		if run.State != employee.Staged || counts(run) != "new 2" || run.Ignored != 2 {
			t.Fatalf("staged: %s, %s, %d ignored, %s", run.State, counts(run), run.Ignored, run.Note)
		}
		if n := o.count(t, tuban, "employee WHERE TRUE"); n != 0 {
			t.Fatalf("the dry run wrote %d employees", n)
		}
		run, err := in.Apply(ctx, run.ID, employee.AllOrNothing)
		check(t, err)
		if run.State != employee.Done || run.Added != 2 || run.Changed != 0 {
			t.Fatalf("applied: %+v", run)
		}
		found, err := o.Search(ctx, employee.Filter{Query: "lestari"}, store.Cursor{})
		check(t, err)
		if len(found.Rows) != 1 {
			t.Fatalf("%d are found", len(found.Rows))
		}
		p, err := o.Open(ctx, found.Rows[0].ID)
		check(t, err)
		e := p.Employee
		got := []string{e.Name, e.NIP, string(e.Kind), e.Rank, e.RankDay.String(), e.Position, e.Unit, e.BirthDay.String(), e.Sex, e.Standing, fmt.Sprint(e.Active, e.Version, len(p.Changes)), p.Changes[0].By}
		want := []string{"Dr. Ani Lestari, S.E.", nipAni, "PNS", "33", "2024-04-01", "Analis", "BKPSDM", "1990-03-15", "F", "01", "true 1 1", "Rina Marlina"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("imported (-want +got):\n%s", diff)
		}
		if n := o.count(t, tuban, "employed WHERE TRUE"); n != 4 {
			t.Errorf("%d marks of service, want one per number and person", n)
		}
		for table, want := range map[string]int{"employee": 2, "employee_change": 2, "employee_word": 6} {
			if n := o.count(t, tuban, table+" WHERE TRUE"); n != want {
				t.Errorf("%d rows in %s, want %d", n, table, want)
			}
		}

		again := stage(t, in, ctx, siasn(ani, budi))
		if n := o.count(t, tuban, "stat_delta WHERE kind = 'headcount' AND n = 1"); n != 2 {
			t.Errorf("%d deltas of the headcount, want one for each kind and sex", n)
		}
		if counts(again) != "same 2" {
			t.Errorf("the same file again: %s", counts(again))
		}
		_, err = in.Apply(ctx, again.ID, employee.ValidRows)
		refused(t, err, fault.Conflict, "sudah sama")
		if n := o.count(t, tuban, "employee_change WHERE TRUE"); n != 2 {
			t.Errorf("it wrote history: %d lines", n)
		}

		third := stage(t, in, ctx, siasn(strings.Replace(ani, "Analis", "Kepala Bidang", 1), strings.Replace(budi, "Budi Santoso", "Budi Hartono", 1)))
		r, err := in.Open(ctx, third.ID, employee.Differs, 0)
		check(t, err)
		if diff := cmp.Diff([]employee.Difference{{Field: "position", Old: "Analis", New: "Kepala Bidang"}}, r.Rows[0].Diff); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
		third, err = in.Apply(ctx, third.ID, employee.ValidRows)
		check(t, err)
		if third.Changed != 2 || third.Added != 0 {
			t.Errorf("changed: %+v", third)
		}
		for query, want := range map[string]int{"hartono": 1, "santoso": 0, "19880520": 1} {
			if found, err := o.Search(ctx, employee.Filter{Query: query}, store.Cursor{}); err != nil || len(found.Rows) != want {
				t.Errorf("%s: %d are found, %v", query, len(found.Rows), err)
			}
		}
		if p, err = o.Open(ctx, e.ID); err != nil || p.Employee.Position != "Kepala Bidang" || p.Employee.Version != 2 || p.Changes[0].Old != "Analis" {
			t.Errorf("changed: %+v, %v", p, err)
		}
	})
}

// TestVerdicts: each row that cannot be applied says why, and what cures it.
func TestVerdicts(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		in, ctx := o.imports(), o.in(t, tuban, "")
		o.register(t, o.in(t, jambi, ""), person("Orang Jambi", "199103032016032913"))
		left := o.register(t, ctx, person("Sudah Pergi", "199104042016041914"))
		_, err := o.Deactivate(ctx, left, 1, "Pensiun")
		check(t, err)
		run := stage(t, in, ctx, siasn(
			ani, strings.Replace(ani, "1;", "2;", 1), strings.Replace(budi, "1 902", "1 90", 1),
			"4;1.99003E+17;Excel Korban", "5;199103032016032913;Orang Jambi", "6;199104042016041914;Sudah Pergi",
			"7;199105052016051915;Gol Salah;;;V/z", "8;;Tanpa Nomor;;;;;Staf", "9;199105052016051916;Tanggal Salah;;;;31-02-2020"))
		if got := counts(run); got != "new 1, duplicate 1, rejected 6, transfer 1" {
			t.Errorf("verdicts: %s", got)
		}
		r, err := in.Open(ctx, run.ID, "", 0)
		check(t, err)
		var told []string
		for _, row := range r.Rows {
			if row.Cause != "" {
				told = append(told, fmt.Sprintf("%d %s: %s | %s", row.Line, row.Field, row.Cause, row.Cure))
			}
		}
		want := []string{
			"6 nip: Nomor ini sudah ada pada baris 5. | Hapus salah satu barisnya.",
			"7 nip: NIP harus 18 digit, ini 17 digit. | Lengkapi atau periksa kembali.",
			"8 nip: Digit terakhir NIP hilang karena Excel menyimpannya sebagai angka (1.99003E+17). | Format kolomnya sebagai Teks, isi ulang dari sumbernya, lalu ekspor ulang.",
			"9 nip: Pegawai ini masih tercatat aktif di instansi lain. | Ajukan mutasi dengan surat keputusannya.",
			"10 nip: Pegawai ini terdaftar di instansi Anda dan sedang nonaktif. | Aktifkan kembali di halaman pegawainya, lalu impor lagi.",
			"11 rank: Golongan “V/z” tidak dikenal. | Tulis seperti dalam daftar BKN, atau kosongkan.",
			"12 nip: NIP kosong. | Isi NIP, atau tulis Non-ASN pada kolom jenis pegawai dan isi NIK-nya.",
			"13 rank_day: TMT golongan “31-02-2020” bukan tanggal. | Tulis seperti 31-12-1990.",
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		_, err = in.Apply(ctx, run.ID, employee.AllOrNothing)
		refused(t, err, fault.Invalid, "Masih ada 8 baris")
		run, err = in.Apply(ctx, run.ID, employee.ValidRows)
		check(t, err)
		if run.Added != 1 || run.State != employee.Done {
			t.Errorf("applied: %+v", run)
		}
		var out bytes.Buffer
		check(t, in.Refused(ctx, run.ID, &out))
		table, err := sheet.Open(bytes.NewReader(out.Bytes()), int64(out.Len()), "", sheet.Limits{})
		check(t, err)
		defer table.Close()
		var back [][]string
		for row, err := table.Next(); err == nil; row, err = table.Next() {
			var cells []string
			for _, c := range row.Cells {
				cells = append(cells, c.Text)
			}
			back = append(back, cells)
		}
		if len(back) != 9 || back[0][0] != "Alasan" || back[0][2] != "nipBaru" || !strings.HasPrefix(back[2][0], "Baris 7, kolom NIP: NIP harus 18 digit") {
			t.Errorf("the refused as a file: %q", back)
		}
	})
}

// TestOutrun: what somebody else has done to the register since a file was compared is
// never overwritten.
func TestOutrun(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		in, ctx := o.imports(), o.in(t, tuban, "")
		budiID := o.register(t, ctx, person("Budi", nipBudi))
		citra := "3;199101012016012911;Citra;;;;;Staf"
		rival := func(run employee.Run) {
			t.Helper()
			o.register(t, ctx, person("Ani yang Lain", nipAni))
			e := person("Budi", nipBudi)
			e.Position = "Kepala"
			_, err := o.Change(ctx, budiID, 1, e, "")
			check(t, err)
		}
		run := stage(t, in, ctx, siasn(ani, budi, citra))
		if counts(run) != "new 2, changed 1" {
			t.Fatalf("staged: %s", counts(run))
		}
		rival(run)
		back, err := in.Apply(ctx, run.ID, employee.AllOrNothing)
		check(t, err)
		if back.State != employee.Staged || counts(back) != "new 1, rejected 2" || back.Note == "" {
			t.Errorf("all or nothing: %s, %s, %q", back.State, counts(back), back.Note)
		}
		if n := o.count(t, tuban, "employee WHERE TRUE"); n != 2 {
			t.Errorf("%d employees: something was half done", n)
		}
		done, err := in.Apply(ctx, run.ID, employee.ValidRows)
		check(t, err)
		if done.State != employee.Done || done.Added != 1 || counts(done) != "new 1, rejected 2" {
			t.Errorf("the valid ones: %+v", done)
		}
		if p, err := o.Open(ctx, budiID); err != nil || p.Employee.Position != "Kepala" {
			t.Errorf("overwritten: %+v, %v", p.Employee, err)
		}
	})
}

// TestImportInJob: a larger one is staged and applied by jobs, each row once however often
// they run and at whatever time two of them meet; meanwhile no other import begins.
func TestImportInJob(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		const people = 2_300
		o := open(t, db)
		in, ctx := o.imports(), o.in(t, tuban, "")
		var rows []string
		for i := range people {
			rows = append(rows, fmt.Sprintf("%d;%s;Pegawai Ke %d%s", i, fmt.Sprintf("19900315%d%02d1%03d", 2000+i/6000, 1+i/900%12, 1+i%900), i, strings.Repeat(";", 9)))
		}
		run := stage(t, in, ctx, siasn(rows...))
		if counts(run) != fmt.Sprintf("new %d", people) {
			t.Fatalf("staged: %s", counts(run))
		}
		run, err := in.Apply(ctx, run.ID, employee.AllOrNothing)
		check(t, err)
		if run.State != employee.Applying {
			t.Fatalf("applied while the person waits: %s", run.State)
		}
		_, err = in.Stage(ctx, bytes.NewReader(siasn(ani)), int64(len(siasn(ani))), "")
		refused(t, err, fault.Conflict, "impor lain sedang berjalan")
		effects := o.effects(t)
		if len(effects) != 2 {
			t.Fatalf("%d effects", len(effects))
		}
		done := make(chan error)
		job := authz.AsSystem(t.Context(), tuban)
		for range 2 {
			go func() { done <- in.Work(job, effects[1]) }()
		}
		check(t, <-done)
		check(t, <-done)
		check(t, in.Work(job, effects[0]))
		check(t, in.Work(job, effects[1]))
		if run, _, err = in.Latest(ctx); err != nil || run.State != employee.Done || run.Added != people {
			t.Errorf("done: %+v, %v", run, err)
		}
		if n := o.count(t, tuban, "employee WHERE TRUE"); n != people {
			t.Errorf("%d employees", n)
		}
		if left := o.effects(t); len(left) != 0 {
			t.Errorf("%d effects are left", len(left))
		}
	})
}

// effects lists what is in the outbox, the oldest first.
func (o office) effects(t *testing.T) (rows []jobs.Row) {
	t.Helper()
	check(t, o.db.View(t.Context(), store.Reach{Door: store.DoorPlatform}, func(tx *store.Tx) error {
		return tx.NewSelect().Model(&rows).Order("id").Scan(t.Context())
	}))
	return rows
}

// TestRemap: a file whose titles nobody knows waits until a person has said which column is
// which; the next one with these titles does not.
func TestRemap(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		in, ctx := o.imports(), o.in(t, tuban, "")
		file := []byte("Kode;Nama;Tugas\n" + nipAni + ";Ani;Analis\n" + nipBudi + ";Budi;Pengelola\n")
		run := stage(t, in, ctx, file)
		if run.State != employee.Staged || counts(run) != "" {
			t.Fatalf("staged: %+v", run)
		}
		_, err := in.Remap(ctx, run.ID, employee.Mapping{"nip": 0, "name": 0})
		refused(t, err, fault.Invalid, "Kolom A dipakai untuk NIP dan Nama")
		run, err = in.Remap(ctx, run.ID, employee.Mapping{"nip": 0, "name": 1, "position": 2})
		check(t, err)
		if counts(run) != "new 2" {
			t.Errorf("read again: %s", counts(run))
		}
		if run = stage(t, in, ctx, file); counts(run) != "new 2" {
			t.Errorf("the next file: %s", counts(run))
		}
	})
}

// TestImportNonASN: they are known by their NIK, which stands sealed wherever it stands.
func TestImportNonASN(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		in, ctx := o.imports(), o.in(t, tuban, "")
		const nik = "3523011503900001"
		file := []byte("Nama,NIK,NIP,Jenis Pegawai,Jabatan\nSiti Aminah," + nik + ",,Non-ASN,Pramusaji\nAni," + "3523011503900002," + nipAni + ",PNS,Analis\n")
		run := stage(t, in, ctx, file)
		if counts(run) != "new 2" {
			r, _ := in.Open(ctx, run.ID, "", 0)
			t.Fatalf("staged: %s %+v", counts(run), r.Rows)
		}
		for _, table := range []string{"import_row", "import_piece"} {
			column := map[string]string{"import_row": "data", "import_piece": "data"}[table]
			if n := o.count(t, tuban, table+" WHERE CAST("+column+" AS text) LIKE '%"+nik+"%'"); n != 0 {
				t.Errorf("%s holds the NIK as it is", table)
			}
		}
		run, err := in.Apply(ctx, run.ID, employee.AllOrNothing)
		check(t, err)
		if run.Added != 2 {
			t.Errorf("applied: %+v", run)
		}
		found, err := o.Search(ctx, employee.Filter{Query: "siti"}, store.Cursor{})
		check(t, err)
		p, err := o.Open(ctx, found.Rows[0].ID)
		check(t, err)
		if p.Employee.Kind != employee.NonASN || p.NIK != "•••• •••• •••• 0001" {
			t.Errorf("imported: %+v", p)
		}
		if again := stage(t, in, ctx, file); counts(again) != "same 2" {
			t.Errorf("again: %s", counts(again))
		}
	})
}

// TestImportAlone: who may act on a part of a government imports nothing, and nobody sees
// the import of another.
func TestImportAlone(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		in, ctx := o.imports(), o.in(t, tuban, "")
		run := stage(t, in, ctx, siasn(ani))
		file := siasn(budi)
		_, err := in.Stage(o.in(t, tuban, store.NewID()), bytes.NewReader(file), int64(len(file)), "")
		refused(t, err, fault.Forbidden)
		for name, ask := range map[string]func(context.Context) error{
			"open":  func(ctx context.Context) error { _, err := in.Open(ctx, run.ID, "", 0); return err },
			"apply": func(ctx context.Context) error { _, err := in.Apply(ctx, run.ID, employee.ValidRows); return err },
			"remap": func(ctx context.Context) error {
				_, err := in.Remap(ctx, run.ID, employee.Mapping{"nip": 0, "name": 1})
				return err
			},
			"refuse": func(ctx context.Context) error { return in.Refused(ctx, run.ID, new(bytes.Buffer)) },
		} {
			if err := ask(o.in(t, jambi, "")); fault.Of(err) == nil || fault.Of(err).Kind != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := o.count(t, tuban, "employee WHERE TRUE"); n != 0 {
			t.Errorf("%d employees", n)
		}
	})
}
