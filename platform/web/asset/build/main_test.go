package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestDist wants the committed dist to be what src makes: forgetting go generate
// would serve yesterday's look.
func TestDist(t *testing.T) {
	fresh := t.TempDir()
	if err := build("../src", fresh); err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]string{{fresh, "../dist"}, {"../dist", fresh}} {
		files, err := filepath.Glob(filepath.Join(pair[0], "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s is empty: %v", pair[0], err)
		}
		for _, f := range files {
			a, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if b, err := os.ReadFile(filepath.Join(pair[1], filepath.Base(f))); err != nil || !bytes.Equal(a, b) {
				t.Errorf("%s differs from its source: run go generate ./platform/web/asset", filepath.Base(f))
			}
		}
	}
}
