package host

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// An Entry is one installed version of a course type.
type Entry struct {
	Name    string // key of the course type: "bimtek"
	Version string // "1.0.0"
	Path    string // of the program
	SHA256  string // of the program's bytes, 64 lower-case hex digits
}

// sums is the catalogue's file: what it does not name is not run.
const sums = "SHA256SUMS"

// Scan reads the catalogue of dir: the file SHA256SUMS as sha256sum writes it, a
// line "<hex>  <name>@<version>" per program in dir. Blank lines are skipped.
// Programs are not opened: a missing or altered one is found when it is started.
// Errors: a file that cannot be read; a line that is malformed or names a program
// twice. They name file and line.
func Scan(dir string) ([]Entry, error) {
	path := filepath.Join(dir, sums)
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read catalogue: %w", err)
	}
	defer f.Close() // read only: nothing can be lost

	line := regexp.MustCompile(`^([0-9A-Fa-f]+) [ *](([a-z][a-z0-9-]{0,39})@([0-9A-Za-z][0-9A-Za-z.+-]{0,39}))$`)
	var entries []Entry
	seen := map[string]bool{}
	scanner := bufio.NewScanner(f)
	for n := 1; scanner.Scan(); n++ {
		if scanner.Text() == "" {
			continue
		}
		m := line.FindStringSubmatch(scanner.Text())
		switch {
		case m == nil:
			return nil, fmt.Errorf(`%s:%d: want "<sha256>  <name>@<version>"`, path, n)
		case len(m[1]) != hex.EncodedLen(32):
			return nil, fmt.Errorf("%s:%d: a SHA-256 has 64 hex digits, this has %d", path, n, len(m[1]))
		case seen[m[2]]:
			return nil, fmt.Errorf("%s:%d: %s is listed twice", path, n, m[2])
		}
		seen[m[2]] = true
		entries = append(entries, Entry{
			Name: m[3], Version: m[4], Path: filepath.Join(dir, m[2]), SHA256: strings.ToLower(m[1]),
		})
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read catalogue %s: %w", path, err)
	}
	return entries, nil
}
