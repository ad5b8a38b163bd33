package account

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
)

// keys are what is derived from Config.Key, one for each use.
type keys struct {
	box  cipher.AEAD // AES-256-GCM
	hash []byte
}

func newKeys(key [32]byte) keys {
	derive := func(use string) []byte {
		h := hmac.New(sha256.New, key[:])
		h.Write([]byte(use))
		return h.Sum(nil)
	}
	block, err := aes.NewCipher(derive("second factors"))
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has the block that GCM wants
	}
	return keys{box, derive("tags")}
}

// tag is a keyed hash of text: the same text has the same one, and without the key
// nobody finds the text by trying.
func (k keys) tag(text string) string {
	h := hmac.New(sha256.New, k.hash)
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

// seal encrypts secret so that only open with the same bond, whose it is and what for,
// gives it back.
func (k keys) seal(secret, bond string) string {
	nonce := make([]byte, k.box.NonceSize())
	rand.Read(nonce) // never fails
	return base64.RawStdEncoding.EncodeToString(k.box.Seal(nonce, nonce, []byte(secret), []byte(bond)))
}

// open is the reverse of seal.
func (k keys) open(sealed, bond string) (string, error) {
	data, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(data) < k.box.NonceSize() {
		return "", errors.New("a sealed secret has an unknown form")
	}
	secret, err := k.box.Open(nil, data[:k.box.NonceSize()], data[k.box.NonceSize():], []byte(bond))
	return string(secret), err
}
