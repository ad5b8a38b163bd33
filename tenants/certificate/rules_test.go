package certificate

import (
	"crypto/ed25519"
	"reflect"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/civil"
)

// TestGenuine: a signed certificate is genuine; with any field changed that it
// states, or another key, it is not.
func TestGenuine(t *testing.T) {
	signer, err := NewSigner(make([]byte, ed25519.SeedSize))
	if err != nil {
		t.Fatal(err)
	}
	c := Certificate{
		TenantID: 15, ID: "c", Number: "2026/BIMTEK/00001", Title: "Sertifikat", Name: "Andi, S.E.", Statement: "telah mengikuti",
		Course: "Bimtek", JP: 4, Ended: civil.Date{Year: 2026, Month: 11, Day: 9}, Issuer: "Provinsi Jambi", Token: "TOKEN", State: Draft,
	}
	if signer.genuine(c) {
		t.Error("a draft is taken for genuine")
	}
	signer.sign(&c, "head", time.UnixMilli(1_700_000_000_123))
	if !signer.genuine(c) {
		t.Fatal("a signed certificate is not genuine")
	}
	for field, change := range map[string]func(*Certificate){
		"TenantID":  func(c *Certificate) { c.TenantID++ },
		"Number":    func(c *Certificate) { c.Number += "1" },
		"Title":     func(c *Certificate) { c.Title = "Piagam" },
		"Name":      func(c *Certificate) { c.Name = "Budi" },
		"Statement": func(c *Certificate) { c.Statement = "" },
		"Course":    func(c *Certificate) { c.Course += " II" },
		"JP":        func(c *Certificate) { c.JP = 40 },
		"Ended":     func(c *Certificate) { c.Ended.Year++ },
		"Issuer":    func(c *Certificate) { c.Issuer = "LAN" },
		"Token":     func(c *Certificate) { c.Token = "OTHER" },
		"State":     func(c *Certificate) { c.State = Draft },
		"SignedAt":  func(c *Certificate) { c.SignedAt = c.SignedAt.Add(time.Millisecond) },
		"KeyID":     func(c *Certificate) { c.KeyID = "" },
		"Signature": func(c *Certificate) { c.Signature = c.Signature[4:] },
	} {
		if _, ok := reflect.TypeFor[Certificate]().FieldByName(field); !ok {
			t.Errorf("there is no field %s", field)
		}
		forged := c
		change(&forged)
		if signer.genuine(forged) {
			t.Errorf("with another %s it is still genuine", field)
		}
	}
	other, err := NewSigner(append(make([]byte, ed25519.SeedSize-1), 1))
	if err != nil {
		t.Fatal(err)
	}
	if other.genuine(c) {
		t.Error("another key finds it genuine")
	}
	later, err := NewSigner(append(make([]byte, ed25519.SeedSize-1), 1), make([]byte, ed25519.SeedSize))
	if err != nil {
		t.Fatal(err)
	}
	if !later.genuine(c) {
		t.Error("after the key was replaced, an older certificate is no longer genuine")
	}
	if _, err := NewSigner([]byte("short")); err == nil {
		t.Error("a short seed makes a signer")
	}
}
