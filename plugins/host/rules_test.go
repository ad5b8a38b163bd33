package host

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
