package host

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

func TestScan(t *testing.T) {
	t.Parallel()
	sum := strings.Repeat("0aF3", 16)
	for _, tc := range []struct {
		name, file string
		want       []string // name version
		err        string
	}{
		{"two", sum + "  bimtek@1.0.0\n\n" + sum + " *latsar-cpns@2.0.0-rc.1\n", []string{"bimtek 1.0.0", "latsar-cpns 2.0.0-rc.1"}, ""},
		{"none", "", nil, ""},
		{"no version", sum + "  bimtek\n", nil, ":1: want"},
		{"path", sum + "  ../bimtek@1.0.0\n", nil, ":1: want"},
		{"path in version", sum + "  bimtek@../../1\n", nil, ":1: want"},
		{"short sum", "abcd  bimtek@1.0.0\n", nil, "this has 4"},
		{"twice", sum + "  bimtek@1.0.0\n" + sum + "  bimtek@1.0.0\n", nil, ":2: bimtek@1.0.0 is listed twice"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(tc.file), 0o600); err != nil {
			t.Fatal(err)
		}
		// Not listed, and so not there.
		if err := os.WriteFile(filepath.Join(dir, "extra@1.0.0"), nil, 0o700); err != nil {
			t.Fatal(err)
		}
		entries, err := Scan(dir)
		if (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.err)
		}
		var got []string
		for _, e := range entries {
			got = append(got, e.Name+" "+e.Version)
			if e.Path != filepath.Join(dir, e.Name+"@"+e.Version) || e.SHA256 != strings.ToLower(sum) {
				t.Errorf("%s: %+v", tc.name, e)
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
	if _, err := Scan(t.TempDir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no catalogue: %v", err)
	}
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	const backoff = time.Second
	for _, tc := range []struct {
		name  string
		fails []time.Duration // after noon
		now   time.Duration
		delay time.Duration
		open  bool
	}{
		{"never failed", nil, 0, 0, false},
		{"first restart at once", []time.Duration{0}, 0, 0, false},
		{"second within a minute waits", []time.Duration{0, time.Minute}, time.Minute, backoff, false},
		{"what is left of it", []time.Duration{0, time.Second}, 1400 * time.Millisecond, 600 * time.Millisecond, false},
		{"it is over", []time.Duration{0, time.Second}, time.Minute, 0, false},
		{"second later than a minute", []time.Duration{0, 61 * time.Second}, 61 * time.Second, 0, false},
		{"third within the hour", []time.Duration{0, 30 * time.Minute, time.Hour - 1}, time.Hour, 0, true},
		{"third after an hour", []time.Duration{0, 30 * time.Minute, time.Hour}, time.Hour, 0, false},
	} {
		noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
		var b breaker
		for _, f := range tc.fails {
			b.fail(noon.Add(f))
		}
		if got := b.delay(noon.Add(tc.now), backoff); got != tc.delay || b.open != tc.open {
			t.Errorf("%s: delay %v, open %v; want %v, %v", tc.name, got, b.open, tc.delay, tc.open)
		}
	}
}

func TestCheckOutcome(t *testing.T) {
	t.Parallel()
	record := coursetype.Record{Ref: "p1", Sessions: []coursetype.Attended{{JP: 4}, {JP: 6}}}
	for _, tc := range []struct {
		name   string
		change func(*coursetype.Outcome)
		want   string // "" = holds
	}{
		{"as it should be", func(*coursetype.Outcome) {}, ""},
		{"rounded up", func(o *coursetype.Outcome) { o.Lines[1].Contribution++; o.Total++ }, ""},
		{"no result", func(o *coursetype.Outcome) {
			*o = coursetype.Outcome{State: coursetype.NoResult, Missing: []string{"c"}}
		}, ""},
		{"unknown state", func(o *coursetype.Outcome) { o.State = "maybe" }, "state is unknown"},
		{"missing counted as zero", func(o *coursetype.Outcome) { o.Missing = []string{"c"} }, "missing, and yet passed"},
		{"no line", func(o *coursetype.Outcome) { o.Lines, o.Total = nil, 0 }, "without a line"},
		{"total", func(o *coursetype.Outcome) { o.Total-- }, "its lines sum to"},
		{"contribution", func(o *coursetype.Outcome) { o.Lines[0].Contribution += 2; o.Total += 2 }, "line 0: contribution"},
		{"input", func(o *coursetype.Outcome) { o.Lines[0].Input = 100_01 }, "line 0: weight"},
		{"too many JP", func(o *coursetype.Outcome) { o.JP = 11 }, "credits 11 of 10 JP"},
		{"negative JP", func(o *coursetype.Outcome) { o.JP = -1 }, "credits -1"},
	} {
		o := coursetype.Outcome{
			Ref: "p1", State: coursetype.Passed, Total: 86_66, JP: 10,
			Lines: []coursetype.Line{
				{Component: "a", Weight: 50_00, Input: 90_00, Contribution: 45_00},
				{Component: "b", Weight: 50_00, Input: 83_33, Contribution: 41_66}, // 41.665
			},
		}
		tc.change(&o)
		if err := checkOutcome(record, o); (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}

func TestCheckDescription(t *testing.T) {
	t.Parallel()
	entry := Entry{Name: "good", Version: "1.0.0"}
	for _, tc := range []struct {
		name   string
		change func(*coursetype.Description)
		want   string
	}{
		{"as it should be", func(*coursetype.Description) {}, ""},
		{"another version", func(d *coursetype.Description) { d.Version = "2.0.0" }, "another course type"},
		{"SIASN", func(d *coursetype.Description) { d.SIASN = 26 }, "SIASN"},
		{"class", func(d *coursetype.Description) { d.CertificateClass = "X" }, "class"},
		{"no rule-set", func(d *coursetype.Description) { d.RuleSets = nil }, "no rule-set"},
		{"same key", func(d *coursetype.Description) { d.RuleSets = append(d.RuleSets, d.RuleSets[0]) }, "rule-set 1: key"},
		{"no decree", func(d *coursetype.Description) { d.RuleSets[0].Decree = "" }, "no decree"},
		{"no source", func(d *coursetype.Description) { d.RuleSets[0].Source = "" }, "source"},
		{"no day", func(d *coursetype.Description) { d.RuleSets[0].From = "1/1/2019" }, "From"},
		{"backwards", func(d *coursetype.Description) { d.RuleSets[0].To = "2018-12-31" }, "To"},
		{"weights", func(d *coursetype.Description) { d.RuleSets[0].Components[0].Weight = 99_99 }, "weights sum to 9999"},
		{"no components", func(d *coursetype.Description) { d.RuleSets[0].Components = nil }, "weights sum to 0"},
		{"JP", func(d *coursetype.Description) { d.RuleSets[0].MinJP, d.RuleSets[0].MaxJP = 2, 1 }, "lesson hours"},
		{"text", func(d *coursetype.Description) { d.RuleSets[0].Title.EN = "\xff" }, "UTF-8"},
		{"NUL", func(d *coursetype.Description) { d.Name.ID = "a\x00" }, "NUL"},
	} {
		d, err := (&animal{name: "good"}).Describe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		tc.change(&d)
		if err := checkDescription(entry, d); (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}
