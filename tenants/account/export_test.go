package account

import (
	"sync/atomic"
	"time"

	"github.com/pquerna/otp/hotp"
)

// CountHashes counts what s computes of passwords from now on.
func (s *Service) CountHashes(n *atomic.Int64) {
	compute := s.hasher.idKey
	s.hasher.idKey = func(password, salt []byte, passes, memory uint32, threads uint8, length uint32) []byte {
		n.Add(1)
		return compute(password, salt, passes, memory, threads, length)
	}
}

// FakeHashes counts them and finds every password wrong, without the work, until restore.
func (s *Service) FakeHashes(n *atomic.Int64) (restore func()) {
	compute := s.hasher.idKey
	s.hasher.idKey = func(_, _ []byte, _, _ uint32, _ uint8, length uint32) []byte {
		n.Add(1)
		return make([]byte, length)
	}
	return func() { s.hasher.idKey = compute }
}

// FillLine has others compute passwords in all seats, and wait in all places of the
// line, until leave.
func (s *Service) FillLine() (leave func()) {
	for range cap(s.hasher.line) {
		s.hasher.line <- struct{}{}
	}
	return func() {
		for range cap(s.hasher.line) {
			<-s.hasher.line
		}
	}
}

// CodeAt is what an authenticator with secret shows at a time.
func CodeAt(secret string, at time.Time) string {
	code, err := hotp.GenerateCode(secret, uint64(at.Unix()/stepSeconds))
	if err != nil {
		panic(err)
	}
	return code
}

var WellFormed = wellFormed
