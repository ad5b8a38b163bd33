package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/plugins/host"
)

// madeGuest makes a folder with a guest of that vendor, signed with seed: its program is
// nothing that could run.
func madeGuest(in, vendor, id, version string, seed []byte) (folder string, err error) {
	folder = filepath.Join(in, id+"@"+version)
	manifest := `{"vendor":"` + vendor + `","name":"` + id + `","version":"` + version + `","contract":0,"program":"guest"}`
	if err := errors.Join(os.MkdirAll(folder, 0o700),
		os.WriteFile(filepath.Join(folder, "guest"), []byte(version), 0o600),
		os.WriteFile(filepath.Join(folder, "manifest.json"), []byte(manifest), 0o600)); err != nil {
		return "", err
	}
	_, err = host.Sign(folder, seed)
	return folder, err
}

// guestsWork has the operator take in a vendor's key and a guest, switch that off and on,
// and revoke the key.
func (l *teller) guestsWork(ctx context.Context) (err error) {
	system := authz.AsSystem(ctx, 0)
	dir, err := os.MkdirTemp("", "wiyata-vendor-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	seed := make([]byte, 32)
	rand.Read(seed) // never fails
	if err := l.guests.AddKey(system, "vendor", publicKey(seed)); err != nil {
		return err
	}
	keys, err := l.guests.Keys(system)
	if err := same("keys", len(keys), 2, err); err != nil {
		return err
	}
	folder, err := madeGuest(dir, "vendor", "contoh", "1.0.0", seed)
	if err != nil {
		return err
	}
	if _, err := l.guests.Add(system, folder); err != nil {
		return err
	}
	if err := l.guests.Disable(system, "contoh", "1.0.0", "Uji"); err != nil {
		return err
	}
	all, err := l.guests.List(system)
	if err := same("guests", len(all), 3, err); err != nil {
		return err
	}
	if err := same("standing of the guest", all[1].Enabled, false, nil); err != nil {
		return err
	}
	if err := refused("enabled without a reason", l.guests.Enable(system, "contoh", "1.0.0", " "), fault.Invalid); err != nil {
		return err
	}
	if err := l.guests.Enable(system, "contoh", "1.0.0", "Uji"); err != nil {
		return err
	}
	signed, err := l.guests.RevokeKey(system, publicKey(seed), "Uji")
	if err := same("guests of the revoked key", len(signed), 1, err); err != nil {
		return err
	}
	return refused("a key that was revoked", l.guests.AddKey(system, "vendor", publicKey(seed)), fault.Conflict)
}
