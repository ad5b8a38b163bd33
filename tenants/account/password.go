package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/telemetry"
)

// Cost of a password, after OWASP's password storage sheet: 19 MiB, two passes, one lane.
const (
	memory = 19 * 1024 // KiB
	passes = 2
	lanes  = 1
	length = 32 // bytes
)

// Who does not find a place in the line is told at once, and who waits too long as well.
const (
	lineAtMost = 100
	waitAtMost = 3 * time.Second
)

// A hasher computes argon2id, as many at a time as there are cores: a morning's
// sign-ins wait in line instead of filling the memory.
type hasher struct {
	line  chan struct{}                                                                         // who is computing or waits to
	seats chan struct{}                                                                         // who is computing
	dummy string                                                                                // compared against when there is no such account, so that the work is equal
	idKey func(password, salt []byte, time, memory uint32, threads uint8, length uint32) []byte // argon2.IDKey, counted by tests
}

func newHasher() *hasher {
	h := &hasher{line: make(chan struct{}, lineAtMost), seats: make(chan struct{}, runtime.NumCPU()), idKey: argon2.IDKey}
	h.dummy = encode(make([]byte, 16), make([]byte, length))
	return h
}

func encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes, b64(salt), b64(key))
}

// hash returns password in the usual argon2id form, parameters included.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	rand.Read(salt) // never fails
	key, err := h.key(ctx, password, salt, memory, passes, lanes)
	if err != nil {
		return "", err
	}
	return encode(salt, key), nil
}

// matches reports whether password is the one behind stored. It does the same
// work when stored is "".
func (h *hasher) matches(ctx context.Context, stored, password string) (bool, error) {
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("stored password has an unknown form")
	}
	var m, t uint32
	var p uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &m, &t, &p); err != nil {
		return false, fmt.Errorf("stored password has unknown parameters")
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil {
		return false, fmt.Errorf("stored password is no base64")
	}
	got, err := h.key(ctx, password, salt, m, t, p)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func (h *hasher) key(ctx context.Context, password string, salt []byte, m, t uint32, p uint8) ([]byte, error) {
	full := fault.Later(fault.Unavailable, waitAtMost, "Terlalu banyak yang masuk bersamaan. Coba lagi sebentar.")
	select {
	case h.line <- struct{}{}:
		defer func() { <-h.line }()
	default:
		return nil, full
	}
	begun, done := telemetry.HashQueued(ctx)
	defer done()
	patience := time.NewTimer(waitAtMost)
	defer patience.Stop()
	select {
	case h.seats <- struct{}{}:
		begun()
		defer func() { <-h.seats }()
	case <-patience.C:
		begun()
		return nil, full
	case <-ctx.Done():
		begun()
		return nil, full
	}
	return h.idKey([]byte(password), salt, t, m, p, length), nil
}
