package account

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/tenants"
)

// An API token is "wyt_" and 48 letters of base64url: 32 random bytes and the CRC-32 of
// what stands before, so that a mistyped one is refused without a look at the database,
// and a leaked one is found by wyt_[A-Za-z0-9_-]{48}.
const (
	tokenPrefix = "wyt_"
	tokenRandom = 32
	tokenLength = len(tokenPrefix) + (tokenRandom+crc32.Size)*8/6
	tokenDays   = 366 // at most

	sessionLength = 43 // of a session's token
	tokenUseStep  = time.Minute
)

// newAPIToken returns a fresh token.
func newAPIToken() string {
	b := make([]byte, tokenRandom, tokenRandom+crc32.Size)
	rand.Read(b) // never fails
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint32(b, tokenCheck(b)))
}

func tokenCheck(random []byte) uint32 {
	return crc32.ChecksumIEEE(append([]byte(tokenPrefix), random...))
}

// IsToken reports whether text means to be an API token. One session's token in 16 million
// begins like one, and is shorter.
func IsToken(text string) bool {
	return strings.HasPrefix(text, tokenPrefix) && len(text) != sessionLength
}

// tokenShaped reports whether text can be a token that newAPIToken made.
func tokenShaped(text string) bool {
	if len(text) != tokenLength || !IsToken(text) {
		return false
	}
	b, err := base64.RawURLEncoding.DecodeString(text[len(tokenPrefix):])
	// The decoder passes over line ends: what is left may be too short.
	return err == nil && len(b) == tokenRandom+4 && binary.BigEndian.Uint32(b[tokenRandom:]) == tokenCheck(b[:tokenRandom:tokenRandom])
}

// A Token lets a program ask below /api/ on behalf of whoever issued it, in one tenant.
type Token struct {
	bun.BaseModel `bun:"table:api_token"`

	TenantID    tenants.ID `bun:",pk"`
	ID          string     `bun:",pk"`
	Hash        string     // hex SHA-256
	Name        string
	Permissions string // "batch:read nomination:read"
	IssuedBy    ID     // whose roles bound it as long as it lives
	IssuedAt    time.Time
	ExpiresAt   time.Time
	UsedAt      time.Time `bun:",nullzero"` // to the minute; zero = never
	RevokedAt   time.Time `bun:",nullzero"`
	RevokedBy   ID        `bun:",nullzero"`
}

// only are t's permissions.
func (t Token) only() (all []authz.Permission) {
	for _, text := range strings.Fields(t.Permissions) {
		object, act, _ := strings.Cut(text, ":")
		all = append(all, authz.Permission{Object: object, Act: act})
	}
	return all
}

// good reports whether t opens anything at now.
func (t Token) good(now time.Time) bool { return t.RevokedAt.IsZero() && now.Before(t.ExpiresAt) }

// lent is a permission that can be lent, in words.
func lent(p authz.Permission) string {
	words := map[authz.Permission]string{
		authz.AccountRead: ui.N("Melihat siapa memegang peran apa"), authz.AuditRead: ui.N("Membaca jejak audit"),
		authz.UnitManage: ui.N("Mengatur unit"), authz.EmployeeRead: ui.N("Melihat pegawai"), authz.EmployeeRegister: ui.N("Mencatat pegawai"),
		authz.EmployeeImport: ui.N("Mengimpor pegawai"), authz.EmployeeExport: ui.N("Mengekspor pegawai"), authz.EmployeeTransfer: ui.N("Memutasi pegawai"),
		authz.ProgramOpen: ui.N("Membuka program"), authz.BatchPublish: ui.N("Mengumumkan angkatan"), authz.BatchRead: ui.N("Melihat angkatan"),
		authz.NominationPropose: ui.N("Mengusulkan peserta"), authz.NominationRead: ui.N("Melihat usulan"), authz.NominationVerify: ui.N("Memverifikasi usulan"),
		authz.SessionSchedule: ui.N("Menjadwalkan sesi"), authz.SessionRead: ui.N("Melihat jadwal"), authz.AttendanceMark: ui.N("Mencatat kehadiran"),
		authz.AttendanceClose: ui.N("Menutup kehadiran"), authz.OutcomeGrade: ui.N("Menghitung nilai"), authz.OutcomeRecommend: ui.N("Merekomendasikan hasil"),
		authz.OutcomeRead: ui.N("Melihat nilai"), authz.CertificateGenerate: ui.N("Menyiapkan sertifikat"), authz.CertificateRead: ui.N("Melihat sertifikat"),
		authz.CreditRead: ui.N("Melihat JP pegawai"),
	}
	if text, ok := words[p]; ok {
		return text
	}
	return p.String()
}

// A Lent is a token as a list shows it.
type Lent struct {
	Token
	Good bool // opens something still
}

// Lendable lists what the actor holds in the whole tenant acted in and may lend to a program.
func (s *Service) Lendable(ctx context.Context) (all []authz.Permission) {
	for _, perm := range authz.Permissions() {
		if perm.Lendable() && s.gate.MayWhole(ctx, perm) {
			all = append(all, perm)
		}
	}
	return all
}

// IssueToken makes a token for the tenant acted in and returns it, once.
// Errors: fault.Forbidden; fault.Invalid (name, permissions, days).
func (s *Service) IssueToken(ctx context.Context, name string, perms []string, days int) (token string, t Token, err error) {
	defer fault.Wrap(&err, "issue token")
	err = s.gate.Write(ctx, authz.TokenIssue, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		t = Token{TenantID: tx.Tenant, ID: tx.NewID(), IssuedBy: tx.Actor, IssuedAt: tx.Now}
		if tx.Actor == "" {
			return fault.New(fault.Forbidden, "Token diterbitkan orang yang masuk, bukan mesin. Masuk terlebih dahulu.")
		}
		if t.Name, err = fault.Text("name", "Nama token", name, 100); err != nil {
			return err
		}
		if days < 1 || days > tokenDays {
			return fault.At("days", "Masa berlaku token 1 sampai %d hari. Pilih di antaranya.", tokenDays)
		}
		t.ExpiresAt = tx.Now.AddDate(0, 0, days)
		may := s.Lendable(ctx)
		var chosen []string
		for _, perm := range may { // in the order of the list, each once
			if slices.Contains(perms, perm.String()) {
				chosen = append(chosen, perm.String())
			}
		}
		for _, text := range perms {
			if !slices.Contains(chosen, text) {
				return fault.At("permissions", "Izin %s tidak dapat diberikan kepada token ini: Anda tidak memegangnya, atau harus Anda kerjakan sendiri.", text)
			}
		}
		if len(chosen) == 0 {
			return fault.At("permissions", "Pilih sedikitnya satu izin untuk token ini.")
		}
		t.Permissions = strings.Join(chosen, " ")
		token = newAPIToken()
		t.Hash = hashToken(token)
		tx.About("token", t.ID)
		return insertToken(ctx, tx, t)
	})
	return token, t, err
}

// Tokens lists those of the tenant acted in, the newest first, from behind id after on;
// next is where to go on, "" at the end.
func (s *Service) Tokens(ctx context.Context, after string) (all []Lent, next string, err error) {
	defer fault.Wrap(&err, "list tokens")
	err = s.gate.Read(ctx, authz.TokenIssue, func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		found, err := listTokens(ctx, tx, after, pageSize+1)
		all = nil
		for _, t := range found {
			all = append(all, Lent{t, t.good(tx.Now)})
		}
		return err
	})
	if len(all) > pageSize {
		all = all[:pageSize]
		next = all[pageSize-1].ID
	}
	return all, next, err
}

// RevokeToken ends token id of the tenant acted in, with the next request.
// Errors: fault.NotFound, also when it is revoked already.
func (s *Service) RevokeToken(ctx context.Context, id string) (err error) {
	defer fault.Wrap(&err, "revoke token %s", id)
	return s.gate.Write(ctx, authz.TokenIssue, "", func(tx *store.Tx) error {
		if err := tx.Whole(); err != nil {
			return err
		}
		tx.About("token", id)
		return revokeToken(ctx, tx, id)
	})
}

// AuthenticateToken returns the actor behind an API token: whoever issued it, with what they
// hold today, and of that no more than was lent. Whoever lost every role lost their tokens.
// Errors: fault.Unauthenticated, the same for every reason.
func (s *Service) AuthenticateToken(ctx context.Context, token string) (a authz.Actor, err error) {
	defer fault.Wrap(&err, "authenticate token")
	refused := fault.New(fault.Unauthenticated, "Token ini tidak berlaku. Minta admin instansi menerbitkan yang baru.")
	if !tokenShaped(token) {
		return authz.Actor{}, refused
	}
	system := authz.AsSystem(ctx, 0)
	var t Token
	var now time.Time
	err = s.gate.Platform(system, authz.AccountSignIn, "", func(tx *store.Tx) (err error) {
		now = tx.Now
		if t, err = findToken(system, tx, hashToken(token)); err != nil {
			return err
		}
		issuer, err := findIdentity(system, tx, t.IssuedBy)
		if err != nil {
			return err
		}
		if !issuer.SuspendedAt.IsZero() {
			return fault.Missing()
		}
		held, err := s.live(system, tx, t.IssuedBy)
		a = Person{ID: t.IssuedBy, Grants: held}.Actor(t.TenantID)
		return err
	})
	if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
		return authz.Actor{}, refused
	}
	if err != nil {
		return authz.Actor{}, err
	}
	if !t.good(now) || len(a.Grants) == 0 {
		return authz.Actor{}, refused
	}
	a.Token, a.Only = t.ID, t.only()
	if now.Sub(t.UsedAt) < tokenUseStep {
		return a, nil
	}
	in := authz.AsSystem(ctx, t.TenantID)
	err = s.gate.Append(in, authz.AccountSignIn, authz.Statement{
		Insert: func(tx *store.Tx) (sql.Result, error) { return useToken(in, tx, t.ID, tx.Now.Add(-tokenUseStep)) },
		Stored: func(*store.Tx) (bool, error) { return true, nil }, // another request was first, in this minute
	})
	return a, err
}
