package host

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
	pb "github.com/wiyata-id/wiyata/plugins/coursetype/proto"
)

func TestCompareVersions(t *testing.T) {
	t.Parallel()
	ascending := []string{"0.0.9", "0.1.0", "1.0.0", "1.2.0", "1.2.9", "1.2.10", "1.10.0", "2.0.0", "10.0.0"}
	for i, a := range ascending {
		for j, b := range ascending {
			if got := compareVersions(a, b); got != cmp.Compare(i, j) {
				t.Errorf("compareVersions(%s, %s) = %d", a, b, got)
			}
		}
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	const good = `{"vendor":"wiyata","name":"hewan","version":"1.0.0","contract":0,"program":"guest","asks":["rank"]}`
	seed := make([]byte, ed25519.SeedSize)
	for _, tc := range []struct {
		name, manifest string
		spoil          func(dir string) error // after it was signed
		want           string                 // "" = Read takes it
	}{
		{"as it should be", good, nil, ""},
		{"unknown field", `{"vendor":"x","root":true}`, nil, "tidak dapat dibaca"},
		{"two manifests", good + good, nil, "tidak dapat dibaca"},
		{"path as name", strings.Replace(good, "hewan", "../hewan", 1), nil, "Nama"},
		{"no vendor", strings.Replace(good, "wiyata", "", 1), nil, "Penyedia"},
		{"two numbers", strings.Replace(good, "1.0.0", "1.0", 1), nil, "tiga angka"},
		{"later contract", strings.Replace(good, `"contract":0`, `"contract":99`, 1), nil, "kontrak versi 99"},
		{"asks for too much", strings.Replace(good, "rank", "salary", 1), nil, "salary"},
		{"another folder", strings.Replace(good, "1.0.0", "1.0.1", 1), nil, "Ganti nama folder"},
		{"no program", strings.Replace(good, "guest", "other", 1), nil, `Program "other" tidak ada`},
		{"one byte changed", good, func(dir string) error { return os.WriteFile(filepath.Join(dir, "guest"), []byte("quest"), 0o600) }, "berbeda dari manifesnya"},
		{"file removed", good, func(dir string) error { return os.Remove(filepath.Join(dir, "guest")) }, "hilang atau berbeda"},
		{"file added", good, func(dir string) error { return os.WriteFile(filepath.Join(dir, "more"), nil, 0o600) }, "tidak tercantum"},
		{"folder added", good, func(dir string) error { return os.Mkdir(filepath.Join(dir, "more"), 0o700) }, "bukan berkas biasa"},
		{"symbolic link", good, func(dir string) error {
			path := filepath.Join(dir, "guest")
			return errors.Join(os.Remove(path), os.Symlink("/bin/true", path))
		}, "tautan simbolik"},
		{"unsigned", good, func(dir string) error { return os.Remove(filepath.Join(dir, "manifest.sig")) }, "tidak ada"},
		{"garbage for a signature", good, func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "manifest.sig"), []byte("ok"), 0o600)
		}, "tidak memuat tanda tangan"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "hewan@1.0.0")
			if err := errors.Join(os.Mkdir(dir, 0o700),
				os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(tc.manifest), 0o600),
				os.WriteFile(filepath.Join(dir, "guest"), []byte("guest"), 0o600)); err != nil {
				t.Fatal(err)
			}
			_, err := Sign(dir, seed)
			if err == nil && tc.spoil != nil {
				err = tc.spoil(dir)
			}
			var e Entry
			if err == nil {
				e, err = Read(dir)
			}
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("%v, want %q", err, tc.want)
			}
			public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
			if err == nil && (!e.signedBy(public) || e.Asks[0] != coursetype.FieldRank || len(e.Files) != 1) {
				t.Errorf("%+v", e)
			}
		})
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

// TestFrugal: what is small on the wire and large in memory is refused before it is made.
func TestFrugal(t *testing.T) {
	t.Parallel()
	codec := frugal{encoding.GetCodecV2("proto")}
	empty := []byte{1<<3 | 2, 0} // field 1, no bytes
	deep := []byte{}
	for range 1000 {
		deep = protowire.AppendBytes(protowire.AppendTag(nil, 4, protowire.BytesType), deep)
	}
	for name, tc := range map[string]struct {
		data []byte
		into proto.Message
		want string
	}{
		"as many as may be": {bytes.Repeat(empty, maxParts), &pb.GradeResponse{}, ""},
		"one more":          {bytes.Repeat(empty, maxParts+1), &pb.GradeResponse{}, "more than 150000 parts"},
		"deep":              {deep, &pb.Component{}, "nested too deep"},
		"cut":               {[]byte{1<<3 | 2, 9}, &pb.GradeResponse{}, "EOF"},
	} {
		err := codec.Unmarshal(mem.BufferSlice{mem.SliceBuffer(tc.data)}, tc.into)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

// TestTail: the last hundred lines are kept, cut and cleaned; more than a hundred in a
// second are dropped and counted.
func TestTail(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	m := newMeter(slog.New(slog.DiscardHandler), &tail{})
	m.cut(now, []byte("satu\ndu"))
	m.cut(now, []byte("a\n\x1b[31m\xff\r\n"))
	m.cut(now, bytes.Repeat([]byte("x"), 2*tailWidth))
	m.cut(now, []byte("\n"))
	kept, dropped := m.tail.lines()
	var texts []string
	for _, l := range kept {
		texts = append(texts, l.Text)
	}
	if want := []string{"satu", "dua", " [31m\ufffd ", strings.Repeat("x", tailWidth)}; !slices.Equal(texts, want) || dropped != 0 {
		t.Errorf("kept %q, dropped %d", texts, dropped)
	}
	m.cut(now, bytes.Repeat([]byte("banjir\n"), 1000))
	if kept, dropped = m.tail.lines(); len(kept) != tailLines || dropped != 1004-tailLines {
		t.Errorf("after a flood: kept %d, dropped %d", len(kept), dropped)
	}
	m.cut(now.Add(time.Second), []byte("reda\n"))
	if kept, _ = m.tail.lines(); len(kept) != tailLines || kept[tailLines-1].Text != "reda" || kept[0].Text == "satu" {
		t.Errorf("a second later: %d kept, the last %q", len(kept), kept[len(kept)-1].Text)
	}
}
