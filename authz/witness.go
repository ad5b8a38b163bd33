package authz

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/store"
)

// witnessEvery is how often heads are written down.
const witnessEvery = time.Hour

// A Witness writes the heads of all chains down outside of the database. A chain that
// was cut short, with its head set back to fit, proves nothing by itself; against a
// head that was written down before, it does not fit.
//
// The record is a line of JSON, signed, that names the one before it. It is appended
// to a file per month in a folder that whoever can change the database should not be
// able to change: a mount that only takes additions, or one that is copied away.
type Witness struct {
	sealer *Sealer
	folder string
	sign   func(text []byte) (key, signature string)
	log    *slog.Logger

	seen   map[store.TenantID]int64 // seq of the heads that this process has written
	before string                   // hash of the last line, once it is known
}

// A record is a line of the folder.
type record struct {
	At        time.Time    `json:"at"`
	Heads     []recordHead `json:"heads"`  // those that moved since the record before; all after a start
	Before    string       `json:"before"` // hex SHA-256 of the line before; "" of the first
	Key       string       `json:"key"`
	Signature string       `json:"signature,omitempty"` // over the line without it
}

type recordHead struct {
	Tenant store.TenantID `json:"tenant"`
	Seq    int64          `json:"seq"`
	Hash   string         `json:"hash"`
}

// NewWitness returns a witness of what sealer seals, that appends to files in folder
// and signs by sign, which names its key.
func NewWitness(sealer *Sealer, folder string, sign func(text []byte) (key, signature string)) *Witness {
	return &Witness{sealer: sealer, folder: folder, sign: sign, log: sealer.log, seen: map[store.TenantID]int64{}}
}

// Run writes each hour until ctx ends, and once more then.
func (w *Witness) Run(ctx context.Context) {
	tick := time.NewTicker(witnessEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := w.Write(ctx); err != nil && ctx.Err() == nil {
				w.log.Error("audit heads not written", "error", err)
			}
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			if err := w.Write(last); err != nil {
				w.log.Error("audit heads not written at shutdown", "error", err)
			}
			return
		}
	}
}

// Write seals what is open and appends the heads that have moved; it appends nothing
// when none has.
func (w *Witness) Write(ctx context.Context) error {
	if err := w.sealer.Seal(ctx); err != nil {
		return err
	}
	r := record{}
	err := w.sealer.db.View(ctx, store.Reach{Door: store.DoorSeal}, func(tx *store.Tx) error {
		var heads []head
		r = record{At: tx.Now}
		err := tx.NewSelect().Model(&heads).Order("tenant_id").Scan(ctx)
		for _, h := range heads {
			if w.seen[h.TenantID] != h.Seq {
				r.Heads = append(r.Heads, recordHead{h.TenantID, h.Seq, h.Hash})
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read audit heads: %w", err)
	}
	if len(r.Heads) == 0 {
		return nil
	}
	if err := w.appendRecord(r); err != nil {
		return fmt.Errorf("write audit heads: %w", err)
	}
	for _, h := range r.Heads {
		w.seen[h.Tenant] = h.Seq
	}
	return nil
}

// appendRecord signs r behind the last line and keeps it on disk.
func (w *Witness) appendRecord(r record) error {
	if w.before == "" {
		lines, err := readRecords(w.folder)
		if err != nil {
			return err
		}
		if len(lines) > 0 {
			w.before = hashOf(lines[len(lines)-1].text)
		}
	}
	r.Before = w.before
	r.Key, _ = w.sign(nil)
	_, r.Signature = w.sign(r.signed())
	line := r.line()
	path := filepath.Join(w.folder, "heads-"+r.At.Format("2006-01")+".jsonl")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	whole, err := wholeLines(path)
	if err != nil {
		return err
	}
	// What a crash left of a line that nobody was told of is written over.
	if err := file.Truncate(whole); err != nil {
		return err
	}
	if _, err := file.WriteAt(append(line, '\n'), whole); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	w.before = hashOf(line)
	return nil
}

// signed is what the signature of r is over.
func (r record) signed() []byte {
	r.Signature = ""
	return r.line()
}

func (r record) line() []byte {
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // strings, numbers and a time always marshal
	}
	return text
}

func hashOf(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

// wholeLines is the length of the file at path up to its last line feed.
func wholeLines(path string) (int64, error) {
	data, err := os.ReadFile(path)
	return int64(bytes.LastIndexByte(data, '\n') + 1), err
}

// A recordLine is a line of a file of heads; r is empty when it cannot be read.
type recordLine struct {
	where string // "heads-2026-11.jsonl, baris 3"
	text  []byte
	r     record
}

// readRecords reads the lines of folder in order; a torn last one is no line.
func readRecords(folder string) (all []recordLine, err error) {
	paths, err := filepath.Glob(filepath.Join(folder, "heads-*.jsonl"))
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		data = data[:bytes.LastIndexByte(data, '\n')+1]
		for n := 1; len(data) > 0; n++ {
			text, rest, _ := bytes.Cut(data, []byte("\n"))
			line := recordLine{where: fmt.Sprintf("%s, baris %d", filepath.Base(path), n), text: text}
			if json.Unmarshal(text, &line.r) != nil {
				line.r = record{}
			}
			all, data = append(all, line), rest
		}
	}
	return all, nil
}

// VerifyHeads holds every head that was written down in folder against the chains.
// genuine says whether a signature is this installation's. heads is how many were
// held against them. Errors: a folder without any record, too.
func VerifyHeads(ctx context.Context, db *store.DB, folder string, genuine func(key string, text []byte, signature string) bool) (findings []Finding, heads int, err error) {
	lines, err := readRecords(folder)
	if err != nil {
		return nil, 0, err
	}
	if len(lines) == 0 {
		return nil, 0, fmt.Errorf("heads in %s: %w", folder, errors.Join(fs.ErrNotExist, errors.New("no heads-*.jsonl with a whole line")))
	}
	written := map[store.TenantID][]recordHead{}
	before := lines[0].r.Before // what came before may have been put away
	for _, l := range lines {
		switch {
		case !genuine(l.r.Key, l.r.signed(), l.r.Signature):
			findings = append(findings, Finding{What: l.where + ": bukan catatan yang ditandatangani instalasi ini"})
			before = hashOf(l.text)
			continue
		case l.r.Before != before:
			findings = append(findings, Finding{What: l.where + ": tidak menyambung ke catatan sebelumnya"})
		}
		before = hashOf(l.text)
		for _, h := range l.r.Heads {
			written[h.Tenant] = append(written[h.Tenant], h)
		}
	}
	err = db.View(ctx, store.Reach{Door: store.DoorSeal}, func(tx *store.Tx) error {
		for tenant, all := range written {
			for chunk := range slices.Chunk(all, sealChunk) {
				found, err := holdAgainst(ctx, tx, tenant, chunk)
				if err != nil {
					return err
				}
				findings, heads = append(findings, found...), heads+len(chunk)
			}
		}
		return nil
	})
	slices.SortStableFunc(findings, func(a, b Finding) int { return int(a.Tenant) - int(b.Tenant) })
	return findings, heads, err
}

// holdAgainst compares heads of one chain with its lines.
func holdAgainst(ctx context.Context, tx *store.Tx, tenant store.TenantID, heads []recordHead) (findings []Finding, err error) {
	seqs := make([]int64, len(heads))
	for i, h := range heads {
		seqs[i] = h.Seq
	}
	var lines []Line
	err = tx.NewSelect().Model(&lines).Column("seq", "hash").Where("tenant_id = ? AND seq IN (?)", tenant, bun.List(seqs)).Scan(ctx)
	if err != nil {
		return nil, err
	}
	hashes := map[int64]string{}
	for _, l := range lines {
		hashes[l.Seq] = l.Hash
	}
	for _, h := range heads {
		switch hash, there := hashes[h.Seq]; {
		case !there:
			findings = append(findings, Finding{tenant, h.Seq, "rantai lebih pendek daripada kepala yang tercatat di luar"})
		case hash != h.Hash:
			findings = append(findings, Finding{tenant, h.Seq, "segel berbeda dari kepala yang tercatat di luar"})
		}
	}
	return findings, nil
}
