// Package certificate issues what a participant takes home, and lets a stranger
// check it.
//
// A certificate is generated for whoever passed by decree and has confirmed how
// their name is printed; its number is drawn, without gaps, as the last step of
// that write. Another person signs: an Ed25519 signature over the canonical fields.
// It is a verification code of this installation, not a certified electronic
// signature (PP 71/2019 art. 60), and every page says so. The QR code carries an
// opaque token; the page behind it shows no NIP.
//
// Signing is what releases the lesson hours: the write that signs leaves an effect
// in the outbox for the sender's tenant.
package certificate

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/grading"
	"github.com/wiyata-id/wiyata/tenants/nomination"
)

// EffectCredit is the outbox kind that credits a certificate's hours; its key is the certificate's ID.
const EffectCredit = "credit"

// A State is where a certificate stands.
type State string

const (
	Draft  State = "draft"  // numbered, not yet signed
	Issued State = "issued" // signed; anybody with the token may check it
)

// A Certificate is one person's proof of one training.
type Certificate struct {
	bun.BaseModel `bun:"table:certificate"`

	TenantID     tenants.ID `bun:",pk"` // host, who issues
	ID           string     `bun:",pk"`
	PartyID      tenants.ID // sender, whose ledger is credited
	IdentityID   account.ID
	BatchID      batch.ID
	NominationID nomination.ID
	Number       string // "2026/BIMTEK/00001"
	Title        string // "Sertifikat"
	Name         string // as confirmed by the person
	Statement    string
	Course       string
	JP           int        `bun:"jp"`
	Ended        civil.Date // last day of the training
	Issuer       string
	Token        string // opaque, in the QR code
	State        State
	GeneratedBy  account.ID
	GeneratedAt  time.Time
	SignedBy     account.ID `bun:",nullzero"`
	SignedAt     time.Time  `bun:",nullzero"`
	KeyID        string     // which key signed, "" while a draft
	Signature    string     // base64, "" while a draft
}

// Path is where a stranger checks c, in capitals: a QR code of capitals is smaller.
func (c Certificate) Path() string { return "/V/" + c.Token }

// canonical is what is signed: every field that the certificate states.
func (c Certificate) canonical() []byte {
	text, err := json.Marshal([]any{
		"wiyata-certificate-1", c.TenantID, c.Number, c.Title, c.Name, c.Statement, c.Course, c.JP,
		c.Ended.String(), c.Issuer, c.Token, c.SignedAt.UnixMilli(), c.KeyID,
	})
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	return text
}

// A Signer signs with this installation's key, and knows the keys before it.
type Signer struct {
	key   ed25519.PrivateKey
	id    string
	known map[string]ed25519.PublicKey // by id
}

// NewSigner returns the signer of a 32-byte seed. Certificates that were signed with
// the seeds before it stay genuine.
func NewSigner(seed []byte, before ...[]byte) (*Signer, error) {
	s := &Signer{known: map[string]ed25519.PublicKey{}}
	for i, seed := range append([][]byte{seed}, before...) {
		if len(seed) != ed25519.SeedSize {
			return nil, fmt.Errorf("signing key must be %d bytes, has %d", ed25519.SeedSize, len(seed))
		}
		key := ed25519.NewKeyFromSeed(seed)
		public := key.Public().(ed25519.PublicKey)
		sum := sha256.Sum256(public)
		id := hex.EncodeToString(sum[:8])
		s.known[id] = public
		if i == 0 {
			s.key, s.id = key, id
		}
	}
	return s, nil
}

func (s *Signer) sign(c *Certificate, by account.ID, at time.Time) {
	c.SignedBy, c.SignedAt, c.KeyID, c.State = by, at, s.id, Issued
	c.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(s.key, c.canonical()))
}

// genuine reports whether c's signature is this installation's over exactly its fields.
func (s *Signer) genuine(c Certificate) bool {
	sig, err := base64.StdEncoding.DecodeString(c.Signature)
	key, ok := s.known[c.KeyID]
	return err == nil && ok && c.State == Issued && ed25519.Verify(key, c.canonical(), sig)
}

// Attest signs a text of this installation that is no certificate, and names the key.
func (s *Signer) Attest(text []byte) (key, signature string) {
	return s.id, base64.StdEncoding.EncodeToString(ed25519.Sign(s.key, attested(text)))
}

// Attested reports whether signature is what Attest made of text, by a known key.
func (s *Signer) Attested(key string, text []byte, signature string) bool {
	sig, err := base64.StdEncoding.DecodeString(signature)
	public, ok := s.known[key]
	return err == nil && ok && ed25519.Verify(public, attested(text), sig)
}

// attested sets such a text apart from the fields of a certificate.
func attested(text []byte) []byte { return append([]byte("wiyata-attest-1\n"), text...) }

// Service is what can be done with certificates.
type Service struct {
	gate     *authz.Gate
	host     *host.Host
	registry *tenants.Registry
	signer   *Signer
	wake     func()
}

// New returns the service behind gate. wake asks the job queue to look into the outbox.
func New(gate *authz.Gate, host *host.Host, registry *tenants.Registry, signer *Signer, wake func()) *Service {
	return &Service{gate, host, registry, signer, wake}
}

// eligible returns who passed by decree, confirmed the name, and has no certificate
// yet. Errors: fault.Conflict with what is missing when nobody is.
func eligible(ctx context.Context, tx *store.Tx, b batch.ID) (batch.Batch, []grading.Result, error) {
	run, err := batch.Hosted(ctx, tx, b)
	if err != nil {
		return run, nil, err
	}
	results, err := grading.Results(ctx, tx, batch.Ref{Host: tx.Tenant, ID: b})
	if err != nil {
		return run, nil, err
	}
	have, err := numbered(ctx, tx, b)
	if err != nil {
		return run, nil, err
	}
	var ready []grading.Result
	unconfirmed := 0
	for _, r := range results {
		switch {
		case r.Outcome.Decreed != coursetype.Passed || have[r.Outcome.NominationID]:
		case r.Participant.NameConfirmedAt.IsZero():
			unconfirmed++
		default:
			ready = append(ready, r)
		}
	}
	if len(ready) == 0 {
		text := "Belum ada kelulusan yang ditetapkan dan belum bersertifikat pada angkatan ini."
		if unconfirmed > 0 {
			text = fmt.Sprintf("%d peserta belum mengonfirmasi nama dan gelarnya. Ingatkan mereka untuk membuka Wiyata.", unconfirmed)
		}
		return run, nil, fault.New(fault.Conflict, "%s", text)
	}
	return run, ready, nil
}

// Generate makes numbered drafts for all of batch b who are ready.
// Errors: fault.NotFound; fault.Conflict with what is missing; fault.Unavailable.
func (s *Service) Generate(ctx context.Context, b batch.ID) (n int, err error) {
	defer fault.Wrap(&err, "generate certificates of batch %s", b)
	var run batch.Batch
	var before []grading.Result
	err = s.gate.Read(ctx, authz.CertificateGenerate, func(tx *store.Tx) (err error) {
		run, before, err = eligible(ctx, tx, b)
		return err
	})
	if err != nil {
		return 0, err
	}
	texts, err := s.certify(ctx, run, before)
	if err != nil {
		return 0, err
	}
	err = s.gate.Write(ctx, authz.CertificateGenerate, b.Key(), func(tx *store.Tx) error {
		_, now, err := eligible(ctx, tx, b)
		if err != nil {
			return err
		}
		drafts := make([]Certificate, 0, len(now))
		for _, r := range now {
			text, ok := texts[coursetype.Ref(r.Participant.ID)]
			if !ok {
				continue // became ready after the guest was asked: the next run takes it
			}
			drafts = append(drafts, Certificate{
				TenantID: tx.Tenant, ID: tx.NewID(), PartyID: r.Outcome.PartyID, IdentityID: r.Outcome.IdentityID,
				BatchID: b, NominationID: r.Participant.ID, Title: text.Title.ID, Statement: text.Statement.ID,
				Name: r.Participant.Snapshot.Name, Course: run.Title + ", " + run.Number, JP: text.JP, Ended: run.Ends,
				Issuer: s.registry.Find(tx.Tenant).Name, Token: newToken(), State: Draft, GeneratedBy: tx.Actor, GeneratedAt: tx.Now,
			})
		}
		n = len(drafts)
		tx.About("batch", string(b))
		return insertNumbered(ctx, tx, strings.ToUpper(run.CourseType), run.Ends.Year, drafts)
	})
	return n, err
}

// certify asks the guest what the certificates say, by participant.
func (s *Service) certify(ctx context.Context, run batch.Batch, ready []grading.Result) (map[coursetype.Ref]coursetype.Certificate, error) {
	guest, err := s.host.Guest(run.CourseType, run.Version)
	if err != nil {
		return nil, err
	}
	request := coursetype.CertifyRequest{RuleSet: run.RuleSet, Settings: run.Settings}
	for _, r := range ready {
		ref := coursetype.Ref(r.Participant.ID)
		request.Graduates = append(request.Graduates, coursetype.Graduate{Ref: ref, Outcome: r.Outcome.Decided(ref)})
	}
	answers, err := guest.Certify(ctx, request)
	if err != nil {
		return nil, err
	}
	texts := map[coursetype.Ref]coursetype.Certificate{}
	for _, a := range answers {
		texts[a.Ref] = a
	}
	return texts, nil
}

// Sign signs every draft of batch b and releases its lesson hours.
// Errors: fault.NotFound; fault.Forbidden for who generated one of them;
// fault.Conflict when there is no draft.
func (s *Service) Sign(ctx context.Context, b batch.ID) (n int, err error) {
	defer fault.Wrap(&err, "sign certificates of batch %s", b)
	err = s.gate.Write(ctx, authz.CertificateSign, b.Key(), func(tx *store.Tx) error {
		if _, err := batch.Hosted(ctx, tx, b); err != nil {
			return err
		}
		drafts, err := unsigned(ctx, tx, b)
		if err != nil {
			return err
		}
		if len(drafts) == 0 {
			return fault.New(fault.Conflict, "Tidak ada sertifikat yang menunggu tanda tangan pada angkatan ini.")
		}
		for i := range drafts {
			c := &drafts[i]
			if err := authz.Apart(c.GeneratedBy, tx.Actor, "Sertifikat ditandatangani oleh orang lain, bukan yang membuatnya. Minta pejabat lain menandatanganinya."); err != nil {
				return err
			}
			if c.IdentityID == tx.Actor {
				return fault.New(fault.Forbidden, "Salah satu sertifikat ini milik Anda sendiri. Minta pejabat lain menandatanganinya.")
			}
			s.signer.sign(c, tx.Actor, tx.Now)
		}
		effects := make([]jobs.Effect, len(drafts))
		for i, c := range drafts {
			effects[i] = jobs.Effect{Party: c.PartyID, Key: c.ID}
		}
		if err := jobs.Put(ctx, tx, EffectCredit, effects...); err != nil {
			return err
		}
		n = len(drafts)
		tx.About("batch", string(b))
		tx.Because(fmt.Sprintf("%d certificates", n))
		tx.After(s.wake)
		return saveSigned(ctx, tx, drafts)
	})
	return n, err
}

// List returns the certificates of a batch that the tenant acted in may see: all
// of them for the host, those of its own people for a sender.
func (s *Service) List(ctx context.Context, in batch.Ref) (b batch.Batch, all []Certificate, err error) {
	defer fault.Wrap(&err, "list certificates of batch %s", in)
	err = s.gate.Read(ctx, authz.CertificateRead, func(tx *store.Tx) error {
		if b, err = batch.Reached(ctx, tx, in); err != nil {
			return err
		}
		all, err = of(ctx, tx, in)
		return err
	})
	return b, all, err
}

// Mine returns the issued certificates of the person who asks, newest first.
func (s *Service) Mine(ctx context.Context) (all []Certificate, err error) {
	defer fault.Wrap(&err, "list own certificates")
	err = s.gate.Self(ctx, 0, func(tx *store.Tx) (err error) {
		all, err = ofPerson(ctx, tx)
		return err
	})
	return all, err
}

// Verify returns the certificate behind token and whether it is genuine: issued,
// and signed by this installation over exactly what it states.
// Errors: fault.NotFound.
func (s *Service) Verify(ctx context.Context, token string) (c Certificate, genuine bool, err error) {
	defer fault.Wrap(&err, "verify certificate")
	token = strings.ToUpper(token)
	err = s.gate.Public(ctx, token, func(tx *store.Tx) (err error) {
		c, err = byToken(ctx, tx, token)
		return err
	})
	return c, err == nil && s.signer.genuine(c), err
}

// newToken returns 16 random bytes in base32: 26 capitals and digits.
func newToken() string {
	b := make([]byte, 16)
	rand.Read(b) // never fails
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}
