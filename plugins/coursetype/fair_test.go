package coursetype

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestFair(t *testing.T) {
	t.Parallel()
	rules := offered().RuleSets[0]
	grade := func(change func(*Record)) error {
		r := Record{
			Ref:      "p1",
			Sessions: []Presence{{Session: "s1", Phase: "kelas", Day: "2026-11-09", JP: 8}, {Session: "s2", Day: "2026-11-09"}},
			Scores:   []Score{{"a", 62_00}, {"a", 74_00}, {"a", 71_00}, {"b", 0}, {"c", 100_00}},
		}
		change(&r)
		return GradeRequest{Records: []Record{r}}.Fair(rules)
	}
	days := func(all ...string) error { return PlanRequest{Days: all}.Fair() }
	check := func(change func(*CheckRequest)) error {
		q := CheckRequest{Start: "2026-11-09", End: "2026-11-10", Sessions: []Session{{Day: "2026-11-09", Start: 450, Minutes: 90, JP: 2}}}
		change(&q)
		return q.Fair()
	}
	many := func(n int) (all []Candidate) {
		for i := range n {
			all = append(all, Candidate{Ref: Ref(fmt.Sprint(i))})
		}
		return all
	}
	for name, tc := range map[string]struct {
		err  error
		want string // "" = fair
	}{
		"a fair record":          {grade(func(*Record) {}), ""},
		"an unknown component":   {grade(func(r *Record) { r.Scores[0].Component = "x" }), "komponen yang tidak dikenal"},
		"a group":                {grade(func(r *Record) { r.Scores[0].Component = "g" }), "komponen yang tidak dikenal"},
		"below 0":                {grade(func(r *Record) { r.Scores[3].Value = -1 }), "Nilai Isi harus antara"},
		"above 100":              {grade(func(r *Record) { r.Scores[4].Value++ }), "Nilai Teknik harus antara"},
		"a fourth attempt":       {grade(func(r *Record) { r.Scores = append(r.Scores, r.Scores[0]) }), "lebih dari 3 kali"},
		"a second of one":        {grade(func(r *Record) { r.Scores = append(r.Scores, r.Scores[3]) }), "lebih dari 1 kali"},
		"no ref":                 {grade(func(r *Record) { r.Ref = "" }), "Peserta tanpa"},
		"a long ref":             {grade(func(r *Record) { r.Ref = Ref(strings.Repeat("x", MaxRef+1)) }), "Peserta tanpa"},
		"a session twice":        {grade(func(r *Record) { r.Sessions[1].Session = "s1" }), "Sesi tanpa"},
		"negative hours":         {grade(func(r *Record) { r.Sessions[0].JP = -1 }), "Sesi memuat -1 JP"},
		"more hours than a year": {grade(func(r *Record) { r.Sessions[0].JP = MaxSessionJP + 1 }), "Sesi memuat 1001 JP"},
		"no phase of it":         {grade(func(r *Record) { r.Sessions[0].Phase = "x" }), "tahap yang tidak dikenal"},
		"no day":                 {grade(func(r *Record) { r.Sessions[0].Day = "2026-02-30" }), "Tanggal sesi"},
		"too many sessions":      {grade(func(r *Record) { r.Sessions = make([]Presence, MaxList+1) }), "1001 sesi"},
		"a chunk":                {EligibleRequest{Candidates: many(MaxChunk)}.Fair(), ""},
		"more than a chunk":      {EligibleRequest{Candidates: many(MaxChunk + 1)}.Fair(), "501 orang"},
		"a ref twice":            {EligibleRequest{Candidates: append(many(2), many(1)...)}.Fair(), "disebut dua kali"},
		"no start":               {EligibleRequest{Start: "besok"}.Fair(), "data calon"},
		"no such past":           {EligibleRequest{Candidates: []Candidate{{Ref: "p", Past: []Past{{Ended: "2026-13-01"}}}}}.Fair(), "data calon"},
		"days":                   {days("2026-11-09", "2026-11-10"), ""},
		"no days":                {days(), "Tidak ada hari kerja"},
		"a day twice":            {days("2026-11-09", "2026-11-09"), "tidak berurutan"},
		"days backwards":         {days("2026-11-10", "2026-11-09"), "tidak berurutan"},
		"too many days":          {PlanRequest{Days: make([]string, MaxDays+1)}.Fair(), "401 hari"},
		"a batch":                {check(func(*CheckRequest) {}), ""},
		"a batch of no day":      {check(func(q *CheckRequest) { q.End = "" }), "Tanggal mulai"},
		"a session of no day":    {check(func(q *CheckRequest) { q.Sessions[0].Day = "" }), "Jumlah peserta"},
		"fewer than nobody":      {check(func(q *CheckRequest) { q.Participants = -1 }), "Jumlah peserta"},
		"a graduate":             {CertifyRequest{Graduates: []Graduate{{"p", Outcome{State: Passed}}}}.Fair(), ""},
		"no graduate":            {CertifyRequest{Graduates: []Graduate{{"p", Outcome{State: Failed}}}}.Fair(), "yang lulus"},
		"nothing asked":          {CertifyRequest{}.Fair(), ""},
	} {
		breach(t, name, tc.err, tc.want)
		var e *Error
		if tc.err != nil && (!errors.As(tc.err, &e) || e.Kind != BadRequest) {
			t.Errorf("%s: %v is no BadRequest", name, tc.err)
		}
	}
}
