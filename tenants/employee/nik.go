package employee

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/tenants"
)

// A vault seals NIK and knows them again. What it makes is bound to the tenant and the
// employee: copied into another row it does not open.
type vault struct {
	seal  cipher.AEAD
	index []byte // key of the blind index
}

// newVault derives its keys from the installation's secret.
func newVault(secret [32]byte) *vault {
	key := func(use string) []byte {
		k, err := hkdf.Key(sha256.New, secret[:], nil, "wiyata nik "+use, 32)
		if err != nil {
			panic(err) // only for lengths that SHA-256 cannot give
		}
		return k
	}
	block, err := aes.NewCipher(key("seal"))
	if err != nil {
		panic(err) // only for other lengths of a key
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return &vault{seal, key("index")}
}

func owner(tenant tenants.ID, id ID) []byte { return fmt.Appendf(nil, "%d/%s", tenant, id) }

// Seal returns nik as it is stored in the row of employee id.
func (v *vault) Seal(tenant tenants.ID, id ID, nik string) string {
	nonce := make([]byte, v.seal.NonceSize())
	rand.Read(nonce) // never fails
	return base64.StdEncoding.EncodeToString(v.seal.Seal(nonce, nonce, []byte(nik), owner(tenant, id)))
}

// Open returns what Seal was given. It fails on what was sealed for another row or under
// another secret.
func (v *vault) Open(tenant tenants.ID, id ID, sealed string) (nik string, err error) {
	defer fault.Wrap(&err, "open NIK")
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return "", err
	}
	n := v.seal.NonceSize()
	if len(data) < n {
		return "", fmt.Errorf("%d bytes are too few", len(data))
	}
	plain, err := v.seal.Open(nil, data[:n], data[n:], owner(tenant, id))
	return string(plain), err
}

// Index is the same for the same NIK in the same tenant, and tells nothing of it.
func (v *vault) Index(tenant tenants.ID, nik string) string {
	mac := hmac.New(sha256.New, v.index)
	fmt.Fprintf(mac, "%d/%s", tenant, nik)
	return hex.EncodeToString(mac.Sum(nil))
}

// nikLength is PPKKCC DDMMYY NNNN: region, birth (a woman's day + 40), sequence.
const nikLength = 16

// parseNIK reads a number as people write it. Errors: fault.Invalid of field "nik".
func parseNIK(text string) (string, error) {
	digits := strings.NewReplacer(" ", "", ".", "", "-", "", "\u00a0", "").Replace(text)
	if len(digits) != nikLength || strings.Trim(digits, "0123456789") != "" {
		return "", fault.At("nik", "NIK harus 16 digit angka. Periksa pada KTP atau kartu keluarga.")
	}
	return digits, nil
}

// masked shows of a NIK the last four digits.
func masked(nik string) string {
	if len(nik) != nikLength {
		return ""
	}
	return "•••• •••• •••• " + nik[nikLength-4:]
}
