package host

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// A guest's folder NAME@VERSION holds these two beside the guest's own files.
const (
	manifestFile  = "manifest.json"
	signatureFile = "manifest.sig" // Ed25519 over the manifest's bytes, 128 hex digits
)

// Own is the vendor of the platform's own guests.
const Own = "wiyata"

// A Manifest is what a vendor signs: which guest it is, and every one of its files.
type Manifest struct {
	Vendor   string             `json:"vendor"`
	Name     string             `json:"name"`     // key of the course type: "bimtek"
	Version  string             `json:"version"`  // "1.0.0"
	Contract int                `json:"contract"` // version of package coursetype that it speaks
	Program  string             `json:"program"`  // which of Files is run: a static ELF program
	Asks     []coursetype.Field `json:"asks"`     // what the guest may ask to be told of people
	Files    map[string]string  `json:"files"`    // SHA-256 in hex, by file name
}

// ID returns "bimtek@1.0.0".
func (m Manifest) ID() string { return m.Name + "@" + m.Version }

var (
	nameForm    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	versionForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$`)
	fileForm    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`)
	sumForm     = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

const (
	maxManifest = 64 << 10  // bytes
	maxFiles    = 100       // of a guest
	maxFolder   = 256 << 20 // bytes of all files of a guest
)

// compareVersions orders versions by their numbers. Both have versionForm.
func compareVersions(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range as {
		if d := cmp.Or(cmp.Compare(len(as[i]), len(bs[i])), cmp.Compare(as[i], bs[i])); d != 0 {
			return d // no leading zeros: a longer number is a larger one
		}
	}
	return 0
}

// decode reads a manifest and wants it to be one. Which contract it speaks is left open:
// what is installed stays in the catalogue when the platform no longer serves it.
// Errors: fault.Invalid, naming the field.
func decode(raw []byte) (m Manifest, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil || d.More() || len(raw) > maxManifest {
		return m, fault.At("manifest", "%s tidak dapat dibaca sebagai manifes. Tandatangani ulang dengan `wiyata plugin sign`.", manifestFile)
	}
	switch {
	case !nameForm.MatchString(m.Vendor):
		return m, fault.At("vendor", "Penyedia %q pada manifes tidak sah. Pakai huruf kecil, angka dan tanda hubung.", m.Vendor)
	case !nameForm.MatchString(m.Name):
		return m, fault.At("name", "Nama %q pada manifes tidak sah. Pakai huruf kecil, angka dan tanda hubung.", m.Name)
	case !versionForm.MatchString(m.Version):
		return m, fault.At("version", "Versi %q pada manifes tidak sah. Tulis tiga angka, seperti 1.0.0.", m.Version)
	case len(m.Files) > maxFiles:
		return m, fault.At("files", "%s memuat %d berkas. Kurangi menjadi paling banyak %d.", m.ID(), len(m.Files), maxFiles)
	}
	known := []coursetype.Field{coursetype.FieldRank, coursetype.FieldSince, coursetype.FieldHistory}
	for _, f := range m.Asks {
		if !slices.Contains(known, f) {
			return m, fault.At("asks", "Data %q yang diminta manifes tidak dikenal. Pakai %s, %s atau %s.", f, known[0], known[1], known[2])
		}
	}
	for name, sum := range m.Files {
		if !fileForm.MatchString(name) || !sumForm.MatchString(sum) {
			return m, fault.At("files", "Berkas %q pada manifes tidak sah. Tandatangani ulang dengan `wiyata plugin sign`.", name)
		}
	}
	return m, nil
}

// checkAsks wants a description to ask for no more than the manifest, which the operator
// has seen.
func (m Manifest) checkAsks(d coursetype.Description) error {
	for _, a := range d.Asks {
		if !slices.Contains(m.Asks, a.Field) {
			return fmt.Errorf("asks for %q, and its manifest does not", a.Field)
		}
	}
	return nil
}

// checkContract wants m to speak what the platform speaks. Errors: fault.Invalid.
func (m Manifest) checkContract() error {
	if m.Contract != Contract() {
		return fault.At("contract", "%s memakai kontrak versi %d, sedangkan platform ini melayani versi %d. Minta versi yang sesuai kepada penyedianya.", m.ID(), m.Contract, Contract())
	}
	return nil
}

// Contract is the version of package coursetype that this platform speaks.
func Contract() int { return int(coursetype.Handshake().ProtocolVersion) }

// checkProgram wants m to name a program among its files.
func (m Manifest) checkProgram() error {
	if m.Files[m.Program] == "" {
		return fault.At("program", "Program %q tidak ada di antara berkas %s. Perbaiki isian program pada manifes.", m.Program, m.ID())
	}
	return nil
}

// Sign signs the guest in dir for its vendor: it writes the sums of all files into the
// manifest there, and the signature beside it. seed is the vendor's private key.
// Errors: fault.Invalid.
func Sign(dir string, seed []byte) (Manifest, error) {
	raw, err := readSmall(filepath.Join(dir, manifestFile))
	if err != nil {
		return Manifest{}, err
	}
	m, err := decode(raw)
	if err != nil {
		return m, err
	}
	if err := cmp.Or(m.checkContract(), checkFolder(dir, m)); err != nil {
		return m, err
	}
	if m.Files, err = sums(dir); err != nil {
		return m, err
	}
	if err := m.checkProgram(); err != nil {
		return m, err
	}
	if raw, err = json.MarshalIndent(m, "", "\t"); err != nil {
		return m, err
	}
	raw = append(raw, '\n')
	signature := ed25519.Sign(ed25519.NewKeyFromSeed(seed), raw)
	return m, errors.Join(
		os.WriteFile(filepath.Join(dir, manifestFile), raw, 0o644),
		os.WriteFile(filepath.Join(dir, signatureFile), []byte(hex.EncodeToString(signature)+"\n"), 0o644))
}

// Read reads the guest in dir and compares every file with the manifest. Whose signature
// it is, the catalogue says (Catalogue.Add).
// Errors: fault.Invalid.
func Read(dir string) (e Entry, err error) {
	if e.raw, err = readSmall(filepath.Join(dir, manifestFile)); err != nil {
		return e, err
	}
	if e.Manifest, err = decode(e.raw); err != nil {
		return e, err
	}
	if err := cmp.Or(e.checkContract(), checkFolder(dir, e.Manifest), e.checkProgram()); err != nil {
		return e, err
	}
	text, err := readSmall(filepath.Join(dir, signatureFile))
	if err != nil {
		return e, err
	}
	if e.signature, err = hex.DecodeString(strings.TrimSpace(string(text))); err != nil || len(e.signature) != ed25519.SignatureSize {
		return e, fault.At("signature", "%s tidak memuat tanda tangan Ed25519. Tandatangani ulang dengan `wiyata plugin sign`.", signatureFile)
	}
	found, err := sums(dir)
	if err != nil {
		return e, err
	}
	for name, sum := range e.Files {
		if found[name] != sum {
			return e, fault.At("files", "Berkas %s pada %s hilang atau berbeda dari manifesnya. Minta berkas yang asli kepada penyedianya.", name, e.ID())
		}
	}
	for name := range found {
		if e.Files[name] == "" {
			return e, fault.At("files", "Berkas %s pada %s tidak tercantum dalam manifesnya. Hapus, atau minta berkas yang asli kepada penyedianya.", name, e.ID())
		}
	}
	return e, nil
}

// checkFolder wants dir to be called as the guest in it is.
func checkFolder(dir string, m Manifest) error {
	path, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if filepath.Base(path) != m.ID() {
		return fault.At("folder", "Folder %s memuat %s. Ganti nama folder itu menjadi %s.", filepath.Base(path), m.ID(), m.ID())
	}
	return nil
}

// readSmall reads a manifest or its signature. Errors: fault.Invalid when it is missing,
// no regular file, or too large.
func readSmall(path string) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only: nothing can be lost
	return io.ReadAll(io.LimitReader(f, maxManifest+1))
}

// openRegular opens a regular file that is no symbolic link. Errors: fault.Invalid.
func openRegular(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return nil, fault.At("files", "Berkas %s tidak ada. Periksa foldernya.", path)
	case errors.Is(err, syscall.ELOOP):
		return nil, fault.At("files", "Berkas %s adalah tautan simbolik. Ganti dengan berkas biasa.", path)
	case errors.Is(err, fs.ErrPermission):
		return nil, fault.At("files", "Berkas %s tidak boleh dibaca. Berikan hak bacanya kepada pengguna yang menjalankan perintah ini.", path)
	case err != nil:
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(fault.At("files", "%s bukan berkas biasa. Hapus dari folder itu.", path), err, f.Close())
	}
	return f, nil
}

// sums returns the SHA-256 of every file in dir but the manifest and its signature.
// Errors: fault.Invalid for what is no regular file, and for too many or too large ones.
func sums(dir string) (map[string]string, error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	found, size := map[string]string{}, int64(0)
	for _, d := range list {
		name := d.Name()
		if name == manifestFile || name == signatureFile {
			continue
		}
		f, err := openRegular(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		sum := sha256.New()
		n, err := io.Copy(sum, io.LimitReader(f, maxFolder+1))
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		if size += n; size > maxFolder || len(found) == maxFiles {
			return nil, fault.At("files", "Folder %s terlalu besar. Kurangi menjadi paling banyak %d berkas dan %d MiB.", dir, maxFiles, maxFolder>>20)
		}
		if !fileForm.MatchString(name) {
			return nil, fault.At("files", "Nama berkas %q tidak sah. Pakai huruf, angka, titik dan tanda hubung.", name)
		}
		found[name] = hex.EncodeToString(sum.Sum(nil))
	}
	return found, nil
}

// Sum is the SHA-256 of the manifest as it was signed, in hex: two installations with the
// same sum run the same files.
func (e Entry) Sum() string {
	sum := sha256.Sum256(e.raw)
	return hex.EncodeToString(sum[:])
}

// signedBy reports whether e carries the signature of the owner of key.
func (e Entry) signedBy(key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, e.raw, e.signature)
}
