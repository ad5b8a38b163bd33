package employee

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/wiyata-id/wiyata/platform/store"
)

// stored are the columns that an import writes, and how they are kept in a row's data:
// "" is a text, of which none is the empty one.
func stored() []struct{ name, kind string } {
	all := []struct{ name, kind string }{{"name", ""}, {"sort_name", ""}, {"unit_id", "uuid"}, {"signs", "boolean"}}
	for _, f := range fields() {
		switch {
		case f.name == "signs" || f.name == "nip":
		case strings.HasSuffix(f.name, "_day"), strings.HasPrefix(f.name, "contract_"):
			all = append(all, struct{ name, kind string }{f.column(), "date"})
		default:
			all = append(all, struct{ name, kind string }{f.column(), ""})
		}
	}
	return all
}

// staged is what a statement reads from: the staged rows r, and on PostgreSQL their data d,
// which it takes apart once for all columns.
func staged(tx *store.Tx) string {
	if !tx.Postgres() {
		return "import_row AS r"
	}
	columns := []string{"nik text", "nik_index text"}
	for _, c := range stored() {
		kind := map[string]string{"uuid": "uuid", "date": "date"}[c.kind]
		columns = append(columns, c.name+" "+cmp.Or(kind, "text"))
	}
	return "import_row AS r, jsonb_to_record(r.data) AS d (" + strings.Join(columns, ", ") + ")"
}

// from is the value of a column in the data of the row r.
func from(tx *store.Tx, name, kind string) string {
	text := "r.data->>'" + name + "'"
	if tx.Postgres() {
		text = "d." + name
	}
	switch kind {
	case "":
		return "coalesce(" + text + ", '')"
	case "boolean":
		return text + " IS NOT NULL"
	}
	return text
}

// add registers the new rows of b: those that rows does not have are left out. The
// statements take them from what is staged, and send only what Go has made.
func (r *Run) add(ctx context.Context, tx *store.Tx, b batch, rows []Row) error {
	if err := putIdentities(ctx, tx, rows); err != nil {
		return err
	}
	columns := []string{"tenant_id", "id", "identity_id", "version", "active", "nip", "nik", "nik_index"}
	values := []string{"r.tenant_id", "r.employee_id", "r.identity_id", "1", "TRUE", "nullif(r.nip, '')", from(tx, "nik", ""), from(tx, "nik_index", "text")}
	for _, c := range stored() {
		columns, values = append(columns, c.name), append(values, from(tx, c.name, c.kind))
	}
	put := func(into, select_, from string, args ...any) error {
		args = append(args, tx.Tenant, r.ID, b.from, b.to, Fresh)
		_, err := tx.NewRaw("INSERT INTO "+into+" SELECT "+select_+" FROM "+from+" WHERE r.tenant_id = ? AND r.run_id = ? AND r.line > ? AND r.line <= ? AND r.verdict = ?", args...).Exec(ctx)
		return err
	}
	if err := put("employee ("+strings.Join(columns, ", ")+")", strings.Join(values, ", "), staged(tx)); err != nil {
		return err
	}
	if err := r.addWords(ctx, tx, b, rows); err != nil {
		return err
	}
	// The rows that hang on an employee take the ids of the staged row and of the employee:
	// each stands in a table of its own, or under a subject of its own.
	err := put("employee_change (tenant_id, id, employee_id, version, at, actor, act, field, old, new, reason)",
		"r.tenant_id, r.id, r.employee_id, 1, ?, ?, ?, '', '', '', ?", "import_row AS r", tx.Now, bun.NullZero(r.DecidedBy), Registered, importReason)
	if err != nil {
		return err
	}
	if err := put("employed (tenant_id, id, subject, employee_id)", "r.tenant_id, r.id, 'person:' || CAST(r.identity_id AS text), r.employee_id", "import_row AS r"); err != nil {
		return err
	}
	_, err = tx.NewRaw("INSERT INTO employed (tenant_id, id, subject, employee_id) SELECT r.tenant_id, r.employee_id, 'nip:' || r.nip, r.employee_id FROM import_row AS r WHERE r.tenant_id = ? AND r.run_id = ? AND r.line > ? AND r.line <= ? AND r.verdict = ? AND r.nip <> ''",
		tx.Tenant, r.ID, b.from, b.to, Fresh).Exec(ctx)
	return err
}

// alter changes the employees of whom the rows of b tell something else.
func (r *Run) alter(ctx context.Context, tx *store.Tx, b batch, rows []Row) error {
	var sets []string
	for _, c := range stored() {
		value := from(tx, c.name, c.kind)
		if c.name == "unit" { // it may have been renamed meanwhile
			value = "coalesce((SELECT u.name FROM unit AS u WHERE u.tenant_id = ? AND u.id = " + from(tx, "unit_id", "uuid") + "), " + value + ")"
		}
		sets = append(sets, c.name+" = "+value)
	}
	done, err := store.Changed(tx.NewRaw("UPDATE employee SET version = r.version + 1, "+strings.Join(sets, ", ")+
		" FROM "+staged(tx)+" WHERE employee.tenant_id = ? AND r.tenant_id = ? AND r.run_id = ? AND r.line > ? AND r.line <= ? AND r.verdict = ? AND employee.id = r.employee_id AND employee.version = r.version",
		tx.Tenant, tx.Tenant, tx.Tenant, r.ID, b.from, b.to, Differs).Exec(ctx))
	if err == nil && done < len(rows) {
		err = errUnfit
	}
	if err != nil {
		return err
	}
	var history []Change
	var named []Row
	var ids []ID
	for _, row := range rows {
		for _, d := range row.Diff {
			history = append(history, Change{TenantID: tx.Tenant, ID: tx.NewID(), EmployeeID: row.EmployeeID, Version: row.Version + 1,
				At: tx.Now, Actor: r.DecidedBy, Act: Changed, Field: d.Field, Old: d.Old, New: d.New, Reason: importReason})
		}
		if slices.ContainsFunc(row.Diff, func(d Difference) bool { return d.Field == "name" || d.Field == "old_nip" }) {
			named, ids = append(named, row), append(ids, row.EmployeeID)
		}
	}
	if _, err := tx.NewInsert().Model(&history).Exec(ctx); err != nil {
		return err
	}
	if len(named) == 0 {
		return nil
	}
	if _, err := tx.NewDelete().Model((*word)(nil)).Where("tenant_id = ? AND employee_id IN (?)", tx.Tenant, bun.List(ids)).Exec(ctx); err != nil {
		return err
	}
	return putAllWords(ctx, tx, named)
}

// putIdentities writes into the staged rows the identities that were there already.
func putIdentities(ctx context.Context, tx *store.Tx, rows []Row) error {
	var met []Row
	for _, row := range rows {
		if row.met {
			met = append(met, row)
		}
	}
	return resave(ctx, tx, met, "identity_id")
}

// addWords makes the new rows of b be found under their words. PostgreSQL takes these from
// what is staged, so that most of what an import writes does not travel. The ids of the
// words are their employee's but for the last three digits, which count them: in order, and
// of no other employee.
func (r *Run) addWords(ctx context.Context, tx *store.Tx, b batch, rows []Row) error {
	most := 0
	for _, row := range rows {
		most = max(most, strings.Count(row.Words, " ")+1)
	}
	if !tx.Postgres() {
		return putAllWords(ctx, tx, rows)
	}
	var places, ends []string
	for i := range most {
		places, ends = append(places, strconv.Itoa(i+1)), append(ends, fmt.Sprintf("%03x", i))
	}
	_, err := tx.NewRaw("INSERT INTO employee_word (tenant_id, id, word, employee_id) "+
		"SELECT r.tenant_id, CAST(substr(CAST(r.employee_id AS text), 1, 33) || w.ending AS uuid), split_part(r.words, ' ', w.place), r.employee_id "+
		"FROM import_row AS r JOIN (SELECT unnest(?::int[]) AS place, unnest(?::text[]) AS ending) AS w ON split_part(r.words, ' ', w.place) <> '' "+
		"WHERE r.tenant_id = ? AND r.run_id = ? AND r.line > ? AND r.line <= ? AND r.verdict = ?",
		store.Array(places), store.Array(ends), tx.Tenant, r.ID, b.from, b.to, Fresh).Exec(ctx)
	return err
}

// putAllWords makes rows be found under their words.
func putAllWords(ctx context.Context, tx *store.Tx, rows []Row) error {
	var ids, texts, of []string
	for _, row := range rows {
		for text := range strings.FieldsSeq(row.Words) {
			ids, texts, of = append(ids, tx.NewID()), append(texts, text), append(of, string(row.EmployeeID))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if tx.Postgres() {
		_, err := tx.NewRaw("INSERT INTO employee_word (tenant_id, id, word, employee_id) SELECT ?, unnest(?::uuid[]), unnest(?::text[]), unnest(?::uuid[])",
			tx.Tenant, store.Array(ids), store.Array(texts), store.Array(of)).Exec(ctx)
		return err
	}
	all := make([]word, len(ids))
	for i := range ids {
		all[i] = word{TenantID: tx.Tenant, ID: ids[i], Word: texts[i], EmployeeID: ID(of[i])}
	}
	_, err := tx.NewInsert().Model(&all).Exec(ctx)
	return err
}

// putRows stores staged rows of one run. PostgreSQL is given a column at a time.
func putRows(ctx context.Context, tx *store.Tx, rows []Row) (sql.Result, error) {
	if !tx.Postgres() {
		return tx.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	}
	columns := make([][]string, 14)
	for i := range columns {
		columns[i] = make([]string, 0, len(rows))
	}
	for _, r := range rows {
		diff := []byte("[]")
		if len(r.Diff) > 0 {
			var err error
			if diff, err = json.Marshal(r.Diff); err != nil {
				return nil, err
			}
		}
		for i, text := range []string{r.ID, strconv.Itoa(r.Line), string(r.Verdict), r.Field, r.Cause, r.Cure, r.Name, r.NIP, string(r.EmployeeID),
			string(r.IdentityID), strconv.Itoa(r.Version), r.Words, string(r.Data), string(diff)} {
			columns[i] = append(columns[i], text)
		}
	}
	args := []any{tx.Tenant, rows[0].RunID}
	for _, c := range columns {
		args = append(args, store.Array(c))
	}
	return tx.NewRaw(`INSERT INTO import_row (tenant_id, run_id, id, line, verdict, field, cause, cure, name, nip, employee_id, identity_id, version, words, data, diff)
		SELECT ?, ?, unnest(?::uuid[]), unnest(?::int[]), unnest(?::text[]), unnest(?::text[]), unnest(?::text[]), unnest(?::text[]), unnest(?::text[]), unnest(?::text[]),
		unnest(?::uuid[]), unnest(?::uuid[]), unnest(?::int[]), unnest(?::text[]), unnest(?::jsonb[]), unnest(?::jsonb[]) ON CONFLICT DO NOTHING`, args...).Exec(ctx)
}
