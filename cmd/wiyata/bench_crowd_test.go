package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/platform/telemetry"
	"github.com/wiyata-id/wiyata/tenants"
)

// figures are what one thing measured, taken several times.
type figures []float64

func (f figures) at(part float64) float64 {
	sorted := slices.Sorted(slices.Values(f))
	return sorted[int(part*float64(len(sorted)-1)+0.5)]
}

func (f figures) median() float64 { return f.at(0.5) }

// spread prints the median and how far the figures lie apart, each as format says: the
// whole range, or of twenty and more the middle nine tenths.
func (f figures) spread(format string) string {
	low, high := f.at(0), f.at(1)
	if len(f) >= 20 {
		low, high = f.at(0.05), f.at(0.95)
	}
	return fmt.Sprintf(format+" ("+format+"–"+format+")", f.median(), low, high)
}

// sure prints the median with the range in which that of endless rounds lies, 19 times out
// of 20, whatever the figures are spread like.
func (f figures) sure(format string) string {
	sorted := slices.Sorted(slices.Values(f))
	n := float64(len(sorted))
	low := max(int(n/2-0.98*math.Sqrt(n)), 0)
	return fmt.Sprintf(format+" (median surely "+format+"–"+format+")", f.median(), sorted[low], sorted[len(sorted)-1-low])
}

// untraced makes no spans until the end of the benchmark: it measures the product as it
// runs when nobody collects traces.
func untraced(b *testing.B) {
	b.Helper()
	stop, err := telemetry.Start(context.Background(), "")
	check(b, err)
	b.Cleanup(func() {
		check(b, stop(context.Background()))
		_, err := telemetry.Start(context.Background(), "", spans)
		check(b, err)
	})
}

// heard keeps the statements that a database was sent, without BEGIN and COMMIT.
type heard struct {
	mu  sync.Mutex
	all []string
}

func (h *heard) hear(_ store.Sight, statement string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if statement != "COMMIT" && statement != "ROLLBACK" {
		h.all = append(h.all, statement)
	}
}

// of returns the statements that do makes.
func (h *heard) of(do func()) []string {
	h.mu.Lock()
	h.all = nil
	h.mu.Unlock()
	do()
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.all)
}

// Names of the crowd; the numbers of them have no common divisor, so that all
// combinations come up.
var (
	given  = strings.Fields("Agus Ahmad Andi Bambang Budi Citra Dewi Dian Eka Fitri Gunawan Hendra Indah Joko Kartika Lina Maya Nur Putri Rini Siti Tri Yanti")
	middle = strings.Fields("Adi Bayu Catur Dwi Fajar Gita Hadi Intan Jaya Krisna Lukman Mega Nanda Oktavia Panca Ratna Surya")
	family = strings.Fields("Anggraini Basuki Darmawan Fauzi Ginting Hidayat Iskandar Kurniawan Lestari Maharani Nasution Pratama Rahman Saputra Tarigan Utami Wibowo Yulianti Zulkarnain")
)

// crowd registers n invented employees in tenants in turn, with the words under which they
// are found: in one statement in the database itself, past the policies and through every
// index. first is the number of the first of them; it differs from call to call.
func crowd(b *testing.B, db *store.DB, first, n int, in ...tenants.ID) {
	b.Helper()
	ctx := context.Background()
	conn, err := storetest.Superuser(b, db).Conn(ctx)
	check(b, err)
	defer conn.Close()
	text := func(all []string) string { return "'{" + strings.Join(all, ",") + "}'::text[]" }
	ids := make([]string, len(in))
	for i, id := range in {
		ids[i] = fmt.Sprint(id)
	}
	statement := fmt.Sprintf(`WITH person AS (
		SELECT n, ('{%[1]s}'::int[])[1 + n %% %[2]d] AS tenant_id,
			('0190' || lpad(to_hex(n), 8, '0') || '7' || substr(md5(n::text), 1, 3) || 'a' || substr(md5(n::text), 4, 15))::uuid AS id,
			(%[3]s)[1 + n %% %[4]d] || ' ' || (%[5]s)[1 + n %% %[6]d] || ' ' || (%[7]s)[1 + n %% %[8]d] AS bare,
			date '1966-01-01' + n %% 13007 AS born, 1 + n %% 2 AS sex, lpad((1 + n / 13007 %% 999)::text, 3, '0') AS seq
		FROM generate_series(%[9]d, %[10]d) AS n
	), added AS (
		INSERT INTO employee (tenant_id, id, identity_id, nip, kind, name, bare_name, sort_name, title_after, position, position_kind, echelon,
			unit, active, sex, birth_place, birth_day, rank, rank_day, position_day, email, phone)
		SELECT tenant_id, id, id, to_char(born, 'YYYYMMDD') || to_char(born + 9200, 'YYYYMM') || sex || seq, 'PNS', bare || ', S.Sos.', bare, lower(bare), 'S.Sos.',
			'Analis Kebijakan Ahli Pertama', '2', '99', 'Dinas Pendidikan', true, CASE sex WHEN 1 THEN 'M' ELSE 'F' END, 'Sarolangun', born,
			'32', date '2022-10-01', date '2023-01-01', 'pegawai' || n || '@contoh.example', '0812' || lpad(n::text, 8, '0')
		FROM person RETURNING tenant_id, id, sort_name, nip
	)
	INSERT INTO employee_word (tenant_id, id, word, employee_id)
	SELECT tenant_id, overlay(overlay(id::text placing '0191' from 1) placing '000' || part from 33)::uuid, word, id
	FROM added, unnest(string_to_array(sort_name, ' ') || nip) WITH ORDINALITY AS of (word, part)`,
		strings.Join(ids, ","), len(ids), text(given), len(given), text(middle), len(middle), text(family), len(family), first, first+n-1)
	for _, s := range []string{
		"SET session_replication_role = replica", // whom a word belongs to is added in the same statement
		statement, "VACUUM (ANALYZE) employee", "VACUUM (ANALYZE) employee_word", "RESET session_replication_role",
	} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			b.Fatal(err)
		}
	}
}
