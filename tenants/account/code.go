package account

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// Codes as people type them: Crockford's alphabet, without the look-alikes I, L, O and
// U, in groups of four. Fifteen letters are random (75 bits: no number of guesses in
// their 14 days comes near one), the last checks the others.
const (
	codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeRandom  = 15
	codeGroup   = 4
	codeLife    = 14 * 24 * time.Hour
	codesAtOnce = 500 // people
	codesChunk  = 50  // people in one transaction
)

// newCode returns a fresh code, in groups.
func newCode() string {
	b := make([]byte, codeRandom)
	rand.Read(b) // never fails
	for i := range b {
		b[i] = codeLetters[b[i]&31]
	}
	text := string(b) + string(codeCheck(b))
	var groups []string
	for i := 0; i < len(text); i += codeGroup {
		groups = append(groups, text[i:i+codeGroup])
	}
	return strings.Join(groups, "-")
}

// codeCheck is the last letter: the others as elements of GF(32), each weighed by
// another power of its generator, so that one wrong letter or two exchanged ones show.
func codeCheck(letters []byte) byte {
	sum := 0
	for _, l := range letters {
		sum = double(sum ^ strings.IndexByte(codeLetters, l))
	}
	return codeLetters[sum]
}

// double multiplies by the generator of GF(32), modulo x⁵+x²+1.
func double(n int) int {
	if n <<= 1; n > 31 {
		n ^= 0b100101
	}
	return n
}

// parseCode reads a code as people type it, in small letters and with or without gaps.
// Errors: fault.Invalid of field "code", before anything is looked up.
func parseCode(typed string) (string, error) {
	wrong := fault.At("code", "Kode ini salah ketik. Periksa kembali ke-16 huruf dan angkanya pada lembar Anda.")
	if len(typed) > 64 {
		return "", wrong
	}
	text := strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "", "\t", "", "\u00a0", "").Replace(strings.ToUpper(typed))
	if len(text) != codeRandom+1 || strings.Trim(text, codeLetters) != "" || codeCheck([]byte(text[:codeRandom])) != text[codeRandom] {
		return "", wrong
	}
	return text, nil
}

// hashCode is what is kept of a code, in whatever spelling parseCode takes.
func hashCode(code string) string { return hashToken("code:" + strings.ReplaceAll(code, "-", "")) }

// checkPassword says what is wrong with a new password of i. Errors: fault.Invalid.
func checkPassword(i Identity, password, again string) error {
	same := func(text string) bool { return text != "" && strings.EqualFold(strings.TrimSpace(password), text) }
	switch {
	case utf8.RuneCountInString(password) < 12:
		return fault.At("password", "Kata sandi terlalu pendek. Gunakan sedikitnya 12 karakter.")
	case utf8.RuneCountInString(password) > 200:
		return fault.At("password", "Kata sandi terlalu panjang. Ringkas sampai 200 karakter.")
	case same(i.Name), same(i.Email), same(i.NIP):
		return fault.At("password", "Kata sandi tidak boleh sama dengan nama, surel, atau NIP. Pilih yang lain.")
	case password != again:
		return fault.At("again", "Kedua kata sandi tidak sama. Ketik ulang keduanya.")
	}
	return nil
}

// An Issued is a person and the code to hand to them; Code "" where they need none or
// must get theirs elsewhere.
type Issued struct {
	Identity Identity
	Code     string
}

// IssueCodes makes a code for each of people who has no password yet or a role to confirm,
// 500 at most, for the tenant acted in; one that it made before is dead. Who cannot be given
// one here has none.
// Errors: fault.Forbidden; fault.Invalid for too many or nobody.
func (s *Service) IssueCodes(ctx context.Context, people []ID) (all []Issued, err error) {
	defer fault.Wrap(&err, "issue codes")
	if len(people) == 0 || len(people) > codesAtOnce {
		return nil, fault.At("people", "Pilih satu sampai %d orang.", codesAtOnce)
	}
	if err := s.wholly(ctx, authz.AccountInvite); err != nil {
		return nil, err
	}
	actor, _ := authz.ActorFrom(ctx)
	system := authz.InRole(ctx, 0, authz.System)
	var due []int // of all
	err = s.gate.Platform(system, authz.AccountInvite, "", func(tx *store.Tx) error {
		all, due = nil, nil
		for i, id := range people {
			if slices.Contains(people[:i], id) {
				continue
			}
			who, wanted, err := s.due(ctx, tx, actor, id)
			if err != nil {
				return err
			}
			if wanted {
				due = append(due, len(all))
			}
			if who.ID != "" {
				all = append(all, Issued{Identity: who})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(due, codesChunk) {
		part := make([]*Issued, len(chunk))
		for i, at := range chunk {
			part[i] = &all[at]
		}
		if err := s.issue(ctx, actor, part); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// due returns who id is, and whether actor may make a code that does something for them:
// confirms what the tenant acted in has given, or sets a first password. The zero Identity
// when the tenant does not know them.
func (s *Service) due(ctx context.Context, tx *store.Tx, actor authz.Actor, id ID) (i Identity, due bool, err error) {
	if i, err = findIdentity(ctx, tx, id); errors.Is(err, fault.NotFound) {
		return Identity{}, false, nil
	}
	if err != nil {
		return i, false, err
	}
	fresh := i.Password == ""
	i.Password = ""
	st, err := s.standings(ctx, tx, actor.Tenant, id)
	switch {
	case err != nil:
		return i, false, err
	case machine(actor) && actor.Tenant == 0:
		return i, fresh || st.awaits, nil
	case !st.known:
		return Identity{}, false, nil
	case s.above(actor, st.here) != nil:
		return i, false, nil
	}
	return i, st.awaits || fresh && st.sure && !st.elsewhere, nil
}

// issue writes codes for due: first a line for each in the tenant's own trail, then the
// codes, where all that was found is looked at again.
func (s *Service) issue(ctx context.Context, actor authz.Actor, due []*Issued) error {
	if actor.Tenant != 0 {
		for _, d := range due {
			err := s.gate.Write(ctx, authz.AccountInvite, "", func(tx *store.Tx) error {
				tx.About("code", string(d.Identity.ID))
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	system := authz.InRole(ctx, 0, authz.System)
	return s.gate.Platform(system, authz.AccountInvite, "codes", func(tx *store.Tx) error {
		tx.About("codes", string(due[0].Identity.ID))
		for _, d := range due {
			d.Code = ""
			_, wanted, err := s.due(ctx, tx, actor, d.Identity.ID)
			if err != nil {
				return err
			}
			if !wanted {
				continue
			}
			d.Code = newCode()
			if err := replaceCode(ctx, tx, s.code(tx, d.Code, d.Identity.ID, actor)); err != nil {
				return err
			}
		}
		return nil
	})
}

// code is the row of a new code for id.
func (s *Service) code(tx *store.Tx, text string, id ID, actor authz.Actor) code {
	return code{Hash: hashCode(text), IdentityID: id, TenantID: actor.Tenant, IssuedBy: tx.Actor, IssuedAt: tx.Now, ExpiresAt: tx.Now.Add(codeLife)}
}

// wholly admits who holds perm in the whole of the tenant acted in, and the command line,
// which acts in none. Errors: fault.Forbidden.
func (s *Service) wholly(ctx context.Context, perm authz.Permission) error {
	if a, _ := authz.ActorFrom(ctx); machine(a) && a.Tenant == 0 {
		return nil
	}
	if err := s.gate.Check(ctx, perm); err != nil {
		return err
	}
	if !s.gate.MayWhole(ctx, perm) {
		return fault.New(fault.Forbidden, "Peran Anda terbatas pada angkatan atau unit tertentu. Minta peran untuk seluruh instansi kepada admin.")
	}
	return nil
}

// machine reports whether a is the system itself: the command line and jobs.
func machine(a authz.Actor) bool {
	return slices.ContainsFunc(a.Grants, func(g authz.Grant) bool { return g.Role == authz.System })
}
