package host

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
)

// An Entry is one installed version of a guest, as the catalogue has it.
type Entry struct {
	Manifest
	Key         string           // with which it was signed when it came, in hex
	Enabled     bool             // false: it is not run
	Reason      string           // why it was last disabled or enabled; "" = never changed
	ChangedBy   store.IdentityID // who did; "" = the command line, or the host itself
	ChangedAt   time.Time        // UTC
	InstalledBy store.IdentityID // "" = the command line
	InstalledAt time.Time        // UTC

	raw       []byte // the manifest, as signed
	signature []byte
}

// A Key is the public half of a vendor's Ed25519 key.
type Key struct {
	Key       string           // 64 hex digits
	Vendor    string           // whose it is: "wiyata"
	AddedBy   store.IdentityID // "" = the command line
	AddedAt   time.Time        // UTC
	RevokedBy store.IdentityID
	RevokedAt time.Time // UTC; zero = it counts
	Reason    string    // why it was revoked
}

// Catalogue says which guests are installed: what it does not name is not run. It holds
// for all nodes; each has the files in a folder of its own.
//
// A guest comes in when its manifest is signed with a key of its vendor that counts. To
// revoke a key keeps out what comes later: what is installed is known by its sums and
// runs on until it is disabled, because batches are pinned to it.
type Catalogue struct{ gate *authz.Gate }

// NewCatalogue returns the catalogue behind gate.
func NewCatalogue(gate *authz.Gate) *Catalogue { return &Catalogue{gate} }

// List returns what is installed, by name, the newest version first.
func (c *Catalogue) List(ctx context.Context) (all []Entry, err error) {
	defer fault.Wrap(&err, "list guests")
	err = c.gate.Platform(ctx, authz.GuestManage, "", func(tx *store.Tx) error {
		all, err = listGuests(ctx, tx)
		return err
	})
	return all, err
}

// Keys returns all keys, by vendor, the newest first.
func (c *Catalogue) Keys(ctx context.Context) (all []Key, err error) {
	defer fault.Wrap(&err, "list keys of vendors")
	err = c.gate.Platform(ctx, authz.GuestManage, "", func(tx *store.Tx) error {
		all, err = listKeys(ctx, tx)
		return err
	})
	return all, err
}

// AddKey lets vendor sign with key, 64 hex digits. A key that vendor has already changes nothing.
// Errors: fault.Invalid; fault.Conflict when another vendor has the key, or it is revoked.
func (c *Catalogue) AddKey(ctx context.Context, vendor, key string) (err error) {
	defer fault.Wrap(&err, "add a key of vendor %s", vendor)
	key = strings.ToLower(strings.TrimSpace(key))
	if raw, err := hex.DecodeString(key); err != nil || len(raw) != ed25519.PublicKeySize {
		return fault.At("key", "Kunci publik terdiri atas 64 angka heksadesimal. Salin dari keluaran `wiyata plugin sign`.")
	}
	if !nameForm.MatchString(vendor) {
		return fault.At("vendor", "Nama penyedia %q tidak sah. Pakai huruf kecil, angka dan tanda hubung.", vendor)
	}
	return c.gate.Platform(ctx, authz.GuestManage, "vendor:"+vendor, func(tx *store.Tx) error {
		tx.About("vendor_key", key)
		tx.Because(vendor)
		all, err := listKeys(ctx, tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(k Key) bool { return k.Key == key })
		switch {
		case i < 0:
			return insertKey(ctx, tx, vendor, key)
		case !all[i].RevokedAt.IsZero():
			return fault.New(fault.Conflict, "Kunci ini sudah dicabut. Minta kunci baru kepada penyedianya.")
		case all[i].Vendor != vendor:
			return fault.New(fault.Conflict, "Kunci ini sudah terdaftar untuk penyedia %s. Minta kunci lain kepada %s.", all[i].Vendor, vendor)
		}
		return nil
	})
}

// RevokeKey keeps out what is signed with key from now on, and returns the enabled
// guests that were: whether they go on is to be decided one by one.
// Errors: fault.Invalid without a reason; fault.NotFound; fault.Conflict when it is revoked already.
func (c *Catalogue) RevokeKey(ctx context.Context, key, reason string) (signed []Entry, err error) {
	defer fault.Wrap(&err, "revoke a key")
	if reason, err = fault.Text("reason", "Alasan", reason, 200); err != nil {
		return nil, err
	}
	key = strings.ToLower(strings.TrimSpace(key))
	err = c.gate.Platform(ctx, authz.GuestManage, "vendor-key:"+key, func(tx *store.Tx) error {
		tx.About("vendor_key", key)
		tx.Because(reason)
		all, err := listKeys(ctx, tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(k Key) bool { return k.Key == key })
		switch {
		case i < 0:
			return fault.New(fault.NotFound, "Kunci itu tidak terdaftar. Lihat daftarnya dengan `wiyata plugin key list`.")
		case !all[i].RevokedAt.IsZero():
			return fault.New(fault.Conflict, "Kunci itu sudah dicabut.")
		}
		if signed, err = listGuests(ctx, tx); err != nil {
			return err
		}
		signed = slices.DeleteFunc(signed, func(e Entry) bool { return e.Key != key || !e.Enabled })
		return revokeKey(ctx, tx, key, reason)
	})
	return signed, err
}

// Add installs the guest in dir, and returns it. Versions of one guest live side by
// side, but none comes after a higher one. To add what is installed already changes nothing.
// Errors: fault.Invalid when folder, files or signature do not hold; fault.Conflict when
// the version is installed with other files, or a higher one is.
func (c *Catalogue) Add(ctx context.Context, dir string) (e Entry, err error) {
	defer fault.Wrap(&err, "install %s", dir)
	if e, err = Read(dir); err != nil {
		return e, err
	}
	err = c.gate.Platform(ctx, authz.GuestManage, "guest:"+e.Name, func(tx *store.Tx) error {
		tx.About("guest", e.ID())
		keys, err := listKeys(ctx, tx)
		if err != nil {
			return err
		}
		if e.Key, err = e.signer(keys); err != nil {
			return err
		}
		all, err := listGuests(ctx, tx)
		if err != nil {
			return err
		}
		for _, other := range all { // of a name, the highest version comes first
			switch {
			case other.Name != e.Name:
			case other.Vendor != e.Vendor:
				return fault.New(fault.Conflict, "Nama %s sudah dipakai penyedia %s. Minta nama lain kepada %s.", e.Name, other.Vendor, e.Vendor)
			case other.Version == e.Version && string(other.raw) == string(e.raw):
				e = other
				return nil
			case other.Version == e.Version:
				return fault.New(fault.Conflict, "%s sudah terpasang dengan isi yang berbeda. Minta nomor versi baru kepada penyedianya.", e.ID())
			case compareVersions(other.Version, e.Version) > 0:
				return fault.New(fault.Conflict, "%s lebih rendah daripada versi %s yang sudah terpasang. Pasang versi yang lebih tinggi.", e.ID(), other.Version)
			}
		}
		e.Enabled, e.ChangedBy, e.ChangedAt, e.InstalledBy, e.InstalledAt = true, tx.Actor, tx.Now, tx.Actor, tx.Now
		return insertGuest(ctx, tx, e)
	})
	return e, err
}

// signer returns which of keys signed e. Errors: fault.Invalid when none of its vendor did.
func (e Entry) signer(keys []Key) (string, error) {
	vendors := false
	for _, k := range keys {
		if k.Vendor != e.Vendor || !k.RevokedAt.IsZero() {
			continue
		}
		vendors = true
		if public, err := hex.DecodeString(k.Key); err == nil && e.signedBy(public) {
			return k.Key, nil
		}
	}
	if !vendors {
		return "", fault.At("signature", "Penyedia %s tidak punya kunci yang berlaku. Daftarkan dengan `wiyata plugin key add`.", e.Vendor)
	}
	return "", fault.At("signature", "Tanda tangan %s bukan milik penyedia %s. Minta berkas yang asli kepadanya.", e.ID(), e.Vendor)
}

// Enable lets a guest be run again, also one that had failed too often.
// Errors: fault.Invalid without a reason; fault.NotFound.
func (c *Catalogue) Enable(ctx context.Context, name, version, reason string) error {
	return c.set(ctx, name, version, true, reason)
}

// Disable stops a guest on all nodes: what needs it is unavailable until it is enabled.
// Errors: fault.Invalid without a reason; fault.NotFound.
func (c *Catalogue) Disable(ctx context.Context, name, version, reason string) error {
	return c.set(ctx, name, version, false, reason)
}

func (c *Catalogue) set(ctx context.Context, name, version string, enabled bool, reason string) (err error) {
	id := name + "@" + version
	defer fault.Wrap(&err, "switch %s", id)
	if reason, err = fault.Text("reason", "Alasan", reason, 200); err != nil {
		return err
	}
	return c.gate.Platform(ctx, authz.GuestManage, "guest:"+name, func(tx *store.Tx) error {
		tx.About("guest", id)
		tx.Because(reason)
		n, err := updateGuest(ctx, tx, name, version, enabled, reason)
		if err == nil && n == 0 {
			return fault.New(fault.NotFound, "%s tidak terpasang. Lihat daftarnya dengan `wiyata plugin list`.", id)
		}
		return err
	})
}
