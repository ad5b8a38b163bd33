package account

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// The second factor is RFC 6238 as every authenticator knows it: SHA-1, six digits,
// steps of 30 s. A code is taken from the step before to the step after the clock's.
const (
	stepSeconds = 30
	stepsApart  = 1
	digits      = otp.DigitsSix
	secretBytes = 20 // as long as the hash, RFC 4226 §4

	recoveryCodes = 10
	recoveryBytes = 8 // of which 50 bits are shown
)

// A factor is a person's authenticator, as the server knows it.
type factor struct {
	bun.BaseModel `bun:"table:second_factor"`

	IdentityID ID     `bun:",pk"`
	Secret     string // sealed
	Step       int64  // the last that was accepted
	Since      time.Time
}

// recovery is a code that stands in for the authenticator, once.
type recovery struct {
	bun.BaseModel `bun:"table:recovery_code"`

	IdentityID ID     `bun:",pk"`
	Hash       string `bun:",pk"` // keyed
}

// An Offer is a secret that nobody has confirmed yet. It waits in the page, sealed,
// and not in the database.
type Offer struct {
	Secret string // base32, in groups of four, for whoever types it
	URL    string // the same for the authenticator's camera
	Sealed string
}

// groups writes a secret for reading.
func groups(secret string) string {
	var parts []string
	for chunk := range slices.Chunk([]byte(secret), 4) {
		parts = append(parts, string(chunk))
	}
	return strings.Join(parts, " ")
}

func (s *Service) offer(p Person, secret string) Offer {
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/Wiyata:" + p.Name, RawQuery: url.Values{"secret": {secret}, "issuer": {"Wiyata"}}.Encode()}
	return Offer{groups(secret), u.String(), s.keys.seal(secret, "offer "+string(p.ID))}
}

// matching returns the step, beside that of now and after the one accepted last, at
// which code is secret's; 0 = none.
func matching(secret, code string, now time.Time, last int64) (int64, error) {
	step := now.Unix() / stepSeconds
	for at := max(step-stepsApart, last+1); at <= step+stepsApart; at++ {
		ok, err := hotp.ValidateCustom(code, uint64(at), secret, hotp.ValidateOpts{Digits: digits, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // half minutes since 1970
		if err != nil {
			return 0, err
		}
		if ok {
			return at, nil
		}
	}
	return 0, nil
}

// normalCode is what was typed without what people put between.
func normalCode(typed string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", ".", "").Replace(strings.TrimSpace(typed)))
}

func isTOTP(code string) bool {
	return len(code) == digits.Length() && strings.Trim(code, "0123456789") == ""
}

var errCode = fault.At("code", "Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi, atau pakai kode pemulihan lain.")

// use takes a code of the authenticator or for recovery, which is then spent.
// Errors: fault.Invalid when it is neither, or is spent already.
func (s *Service) use(ctx context.Context, tx *store.Tx, id ID, typed string) error {
	code := normalCode(typed)
	if !isTOTP(code) {
		err := deleteRecovery(ctx, tx, id, s.recoveryHash(id, code))
		if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
			return errCode
		}
		return err
	}
	f, err := findFactor(ctx, tx, id)
	if err != nil {
		return err
	}
	secret, err := s.keys.open(f.Secret, "factor "+string(id))
	if err != nil {
		return err
	}
	step, err := matching(secret, code, tx.Now, f.Step)
	if err != nil {
		return err
	}
	if step == 0 {
		return errCode
	}
	return setStep(ctx, tx, id, step)
}

func (s *Service) recoveryHash(id ID, code string) string {
	return s.keys.tag("recovery\n" + string(id) + "\n" + code)
}

// withCode spends a code of p and gives session a new token, whole and fresh.
func (s *Service) withCode(ctx context.Context, p Person, session Session, paid charge, act, code string, also func(context.Context, *store.Tx) error) (Pass, error) {
	as := authz.AsSystemFor(ctx, p.ID)
	if err := s.pay(as, paid); err != nil {
		return Pass{}, err
	}
	pass, err := s.rotate(ctx, p, session, act, func(as context.Context, tx *store.Tx, x *Session) error {
		if err := s.use(as, tx, p.ID, code); err != nil {
			return err
		}
		x.ProvedAt = tx.Now
		if x.SecondAt.IsZero() {
			x.SecondAt = tx.Now
		}
		if also == nil {
			return nil
		}
		return also(as, tx)
	})
	if errors.Is(err, fault.Invalid) {
		return Pass{}, errors.Join(err, s.refuse(as, "code_refused", string(p.ID)))
	}
	if err != nil {
		return Pass{}, err
	}
	return pass, s.repay(as, paid)
}

// Second takes the code of the second factor, or one for recovery, and makes a half
// session whole.
// Errors: fault.Invalid when it is wrong or spent; fault.Limited; fault.Conflict when
// none is due; fault.Unauthenticated.
func (s *Service) Second(ctx context.Context, token, code string, from Visit) (_ Pass, err error) {
	defer fault.Wrap(&err, "second factor")
	p, session, err := s.behind(ctx, token)
	if err != nil {
		return Pass{}, err
	}
	if !p.Half || !p.Enrolled {
		return Pass{}, fault.New(fault.Conflict, "Langkah kedua tidak sedang diminta. Muat ulang halaman.")
	}
	paid, err := s.codeCharge(ctx, p, from)
	if err != nil {
		return Pass{}, err
	}
	var seen Pass
	pass, err := s.withCode(ctx, p, session, paid, "second_factor", code, func(as context.Context, tx *store.Tx) error {
		return s.remember(as, tx, p.ID, from, &seen)
	})
	pass.Mark, pass.Until = seen.Mark, seen.Until
	return pass, err
}

// codeCharge is what a code of p costs in the browser of from.
func (s *Service) codeCharge(ctx context.Context, p Person, from Visit) (c charge, err error) {
	as := authz.AsSystemFor(ctx, p.ID)
	err = s.gate.Platform(as, authz.AccountSignIn, "", func(tx *store.Tx) error {
		own, err := knowsDevice(as, tx, p.ID, hashToken(from.Mark))
		if c = perCode.of(s.keys, string(p.ID)); own {
			c = perOwnCode.of(s.keys, string(p.ID), from.Mark)
		}
		return err
	})
	return c, err
}

// Offer makes a secret for the person behind token to set up a second factor with; a
// sealed one that a page holds already is opened again.
// Errors: fault.Conflict when there is one; fault.Unauthenticated; fault.Invalid.
func (s *Service) Offer(ctx context.Context, token, sealed string) (_ Offer, err error) {
	defer fault.Wrap(&err, "offer a second factor")
	p, _, err := s.behind(ctx, token)
	if err != nil {
		return Offer{}, err
	}
	if p.Enrolled {
		return Offer{}, errEnrolled
	}
	if sealed != "" {
		secret, err := s.keys.open(sealed, "offer "+string(p.ID))
		if err != nil {
			return Offer{}, errOffer
		}
		return s.offer(p, secret), nil
	}
	b := make([]byte, secretBytes)
	rand.Read(b) // never fails
	return s.offer(p, base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)), nil
}

var (
	errEnrolled = fault.New(fault.Conflict, "Langkah kedua sudah terpasang. Lepas dahulu di halaman Keamanan bila hendak menggantinya.")
	errOffer    = fault.New(fault.Conflict, "Kode QR ini sudah tidak berlaku. Muat ulang halaman, lalu pindai lagi.")
	errProve    = fault.New(fault.Forbidden, "Tindakan ini meminta kata sandi atau kode dalam 10 menit terakhir. Berikan sekali lagi, lalu ulangi.")
)

// Enrol sets up the second factor of the person behind token: code shows that their
// authenticator holds the secret. It returns the codes for recovery, this once.
// Errors: fault.Invalid when the code is wrong; fault.Limited; fault.Forbidden when the
// password was given too long ago; fault.Conflict; fault.Unauthenticated.
func (s *Service) Enrol(ctx context.Context, token, sealed, code string, from Visit) (_ Pass, codes []string, err error) {
	defer fault.Wrap(&err, "set up a second factor")
	p, session, err := s.behind(ctx, token)
	switch {
	case err != nil:
		return Pass{}, nil, err
	case p.Enrolled:
		return Pass{}, nil, errEnrolled
	case !p.Fresh:
		return Pass{}, nil, errProve
	}
	secret, err := s.keys.open(sealed, "offer "+string(p.ID))
	if err != nil {
		return Pass{}, nil, errOffer
	}
	as, paid := authz.AsSystemFor(ctx, p.ID), perProof.of(s.keys, session.ID)
	if err := s.pay(as, paid); err != nil {
		return Pass{}, nil, err
	}
	codes = newCodes()
	var seen Pass
	pass, err := s.rotate(ctx, p, session, "second_factor_set", func(as context.Context, tx *store.Tx, x *Session) error {
		step, err := matching(secret, normalCode(code), tx.Now, 0)
		if err != nil || step == 0 {
			return errCode // of another length than six, too
		}
		f := factor{IdentityID: p.ID, Secret: s.keys.seal(secret, "factor "+string(p.ID)), Step: step, Since: tx.Now}
		if err := insertFactor(as, tx, f); err != nil {
			return err
		}
		if err := s.putCodes(as, tx, p.ID, codes); err != nil {
			return err
		}
		x.ProvedAt, x.SecondAt = tx.Now, tx.Now
		return s.remember(as, tx, p.ID, from, &seen)
	})
	if err != nil {
		return Pass{}, nil, err
	}
	pass.Mark, pass.Until = seen.Mark, seen.Until
	return pass, codes, s.repay(as, paid)
}

// Renew makes new codes for recovery; the old ones are void.
// Errors: fault.Forbidden when the password was given too long ago; fault.NotFound
// without a second factor; fault.Unauthenticated.
func (s *Service) Renew(ctx context.Context, token string) (codes []string, err error) {
	defer fault.Wrap(&err, "renew recovery codes")
	codes = newCodes()
	err = s.change(ctx, token, "recovery_codes_renewed", func(as context.Context, tx *store.Tx, id ID) error {
		return s.putCodes(as, tx, id, codes)
	})
	return codes, err
}

// Drop takes the second factor off.
// Errors: fault.Conflict when a role of theirs asks for it; those of Renew.
func (s *Service) Drop(ctx context.Context, token string) (err error) {
	defer fault.Wrap(&err, "drop the second factor")
	return s.change(ctx, token, "second_factor_dropped", func(as context.Context, tx *store.Tx, id ID) error {
		grants, err := s.live(as, tx, id)
		if err != nil {
			return err
		}
		if s.second && s.weighty(grants) {
			return fault.New(fault.Conflict, "Peran Anda mewajibkan langkah kedua, jadi tidak dapat dilepas. Buat kode pemulihan baru bila ganti ponsel.")
		}
		return deleteFactor(as, tx, id)
	})
}

// change does something to the second factor of the person behind token, who has
// given a password or code just now.
func (s *Service) change(ctx context.Context, token, act string, fn func(context.Context, *store.Tx, ID) error) error {
	p, _, err := s.whole(ctx, token)
	switch {
	case err != nil:
		return err
	case !p.Enrolled:
		return fault.Missing()
	case !p.Fresh:
		return errProve
	}
	as := authz.AsSystemFor(ctx, p.ID)
	return s.gate.Platform(as, authz.AccountSignIn, "sign-in:"+string(p.ID), func(tx *store.Tx) error {
		tx.About(act, string(p.ID))
		return fn(as, tx, p.ID)
	})
}

// newCodes makes codes for recovery: "K7QX2-M4ZPA".
func newCodes() []string {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		b := make([]byte, recoveryBytes)
		rand.Read(b) // never fails
		text := base32.StdEncoding.EncodeToString(b)
		codes[i] = text[:5] + "-" + text[5:10]
	}
	return codes
}

// putCodes makes codes the ones of id.
func (s *Service) putCodes(ctx context.Context, tx *store.Tx, id ID, codes []string) error {
	rows := make([]recovery, len(codes))
	for i, code := range codes {
		rows[i] = recovery{IdentityID: id, Hash: s.recoveryHash(id, normalCode(code))}
	}
	return replaceRecoveries(ctx, tx, id, rows)
}
