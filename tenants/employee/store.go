package employee

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/tenants"
)

// A word is one under which an employee is found.
type word struct {
	bun.BaseModel `bun:"table:employee_word"`

	TenantID   tenants.ID `bun:",pk"`
	ID         string     `bun:",pk"`
	Word       string
	EmployeeID ID
}

// Find returns employee id of the tenant acted in, whatever the actor's grants are
// limited to. Errors: fault.NotFound.
func Find(ctx context.Context, tx *store.Tx, id ID) (e Employee, err error) {
	err = tx.NewSelect().Model(&e).Where("tenant_id = ? AND id = ?", tx.Tenant, id).Scan(ctx)
	return e.known(), store.Err(err)
}

// known completes a row that the release before has written.
func (e Employee) known() Employee {
	if e.BareName == "" {
		e.TitleBefore, e.BareName, e.TitleAfter = SplitTitles(e.Name)
	}
	return e
}

// reached returns employee id, if the actor's grants reach its unit. Errors: fault.NotFound.
func reached(ctx context.Context, tx *store.Tx, id ID) (e Employee, err error) {
	if e, err = Find(ctx, tx, id); err != nil {
		return e, err
	}
	return e, admit(ctx, tx, e.UnitID)
}

// unregistered refuses a NIP or NIK that another row of the tenant has. Unique keys hold
// the same; this says which.
// Errors: fault.Conflict.
func unregistered(ctx context.Context, tx *store.Tx, e Employee) error {
	var same []Employee
	err := tx.NewSelect().Model(&same).Column("nip", "active").
		Where("tenant_id = ? AND id <> ? AND (nip = ? OR nik_index = ?)", tx.Tenant, e.ID, e.NIP, e.NIKIndex).Limit(1).Scan(ctx)
	switch {
	case err != nil || len(same) == 0:
		return err
	case e.NIP == "" || same[0].NIP != e.NIP:
		return fault.New(fault.Conflict, "NIK ini sudah tercatat pada pegawai lain di instansi Anda. Periksa nomornya, atau ubah data pegawai itu.")
	case !same[0].Active:
		return fault.New(fault.Conflict, "NIP ini sudah terdaftar di instansi Anda dan sedang nonaktif. Cari pegawainya, lalu aktifkan kembali.")
	}
	return fault.New(fault.Conflict, "NIP ini sudah terdaftar di instansi Anda. Cari pegawainya, lalu ubah datanya.")
}

// save stores e over version. Errors: fault.NotFound when there is no such version.
func save(ctx context.Context, tx *store.Tx, e Employee, version int) error {
	return store.One(tx.NewUpdate().Model(&e).ExcludeColumn("tenant_id", "id", "identity_id").
		Where("tenant_id = ? AND id = ? AND version = ?", tx.Tenant, e.ID, version).Exec(ctx))
}

// words are those under which e is found, each once, in order.
func words(e Employee) string {
	all := store.Words(e.BareName)
	for _, number := range []string{e.NIP, e.OldNIP} {
		if number != "" {
			all = append(all, number)
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

// putWords makes e be found under its words, and no others.
func putWords(ctx context.Context, tx *store.Tx, e Employee) error {
	_, err := tx.NewDelete().Model((*word)(nil)).Where("tenant_id = ? AND employee_id = ?", tx.Tenant, e.ID).Exec(ctx)
	if err != nil {
		return err
	}
	var all []word
	for text := range strings.FieldsSeq(words(e)) {
		all = append(all, word{TenantID: tx.Tenant, ID: tx.NewID(), Word: text, EmployeeID: e.ID})
	}
	if len(all) == 0 {
		return nil // a name in a script without letters
	}
	_, err = tx.NewInsert().Model(&all).Exec(ctx)
	return err
}

// putChanges appends lines to e's history.
func putChanges(ctx context.Context, tx *store.Tx, e Employee, act Act, reason string, all []Change) error {
	for i := range all {
		c := &all[i]
		c.TenantID, c.ID, c.EmployeeID, c.Version = tx.Tenant, tx.NewID(), e.ID, e.Version
		c.At, c.Actor, c.Act, c.Reason = tx.Now, tx.Actor, act, reason
	}
	_, err := tx.NewInsert().Model(&all).Exec(ctx)
	return err
}

// lastChange returns the newest line of an employee's history, the zero one of a row
// without any.
func lastChange(ctx context.Context, tx *store.Tx, id ID) (c Change, err error) {
	var all []Change
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND employee_id = ?", tx.Tenant, id).Order("version DESC").Limit(1).Scan(ctx)
	if len(all) > 0 {
		c = all[0]
	}
	return c, err
}

// historySize bounds the history on a page, in lines.
const historySize = 100

// history returns the newest lines of an employee's history.
func history(ctx context.Context, tx *store.Tx, id ID) (all []Change, err error) {
	err = tx.NewSelect().Model(&all).Where("tenant_id = ? AND employee_id = ?", tx.Tenant, id).
		Order("version DESC", "id").Limit(historySize).Scan(ctx)
	return all, err
}
