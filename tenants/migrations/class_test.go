package migrations

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/platform/store"
)

// TestAlso: a table made earlier gains verbs, columns and relations; the list that
// the tests go by gains them too, and no policy is made twice.
func TestAlso(t *testing.T) {
	c := &class{engine: store.Postgres}
	c.own("room", "insert update(seats)", "seats int NOT NULL")
	got, err := c.also("room", "update(name):host,party delete:host")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"GRANT UPDATE (name) ON room TO wiyata_app;",
		"CREATE POLICY room_update_party ON room FOR UPDATE USING (" + relations["party"] + ");",
		"GRANT DELETE ON room TO wiyata_app;",
		"CREATE POLICY room_delete_host ON room FOR DELETE USING (" + relations["host"] + ");",
		"",
	}, "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("also (-want +got):\n%s", diff)
	}
	made := []Table{{"room", "own", "select:host insert:host update(seats):host update(name):host,party delete:host"}}
	if diff := cmp.Diff(made, c.made); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
	if _, err := c.also("hall", "delete:host"); err == nil {
		t.Error("a table that nobody made gained a rule")
	}
	lite := &class{engine: store.SQLite}
	lite.own("room", "insert", "")
	if got, err := lite.also("room", "delete:host"); got != "" || err != nil || lite.made[0].Rules != "select:host insert:host delete:host" {
		t.Errorf("on SQLite: %q, %v, %+v", got, err, lite.made)
	}
}

// TestColumns: one statement per column, with the engine's types, without comments.
func TestColumns(t *testing.T) {
	body := `
		seats int NOT NULL DEFAULT 0, -- people
		opened timestamptz
	`
	for engine, want := range map[store.Engine]string{
		store.Postgres: "ALTER TABLE room ADD COLUMN seats int NOT NULL DEFAULT 0;\nALTER TABLE room ADD COLUMN opened timestamptz;\n",
		store.SQLite:   "ALTER TABLE room ADD COLUMN seats integer NOT NULL DEFAULT 0;\nALTER TABLE room ADD COLUMN opened timestamp;\n",
	} {
		if got := (&class{engine: engine}).columns("room", body); got != want {
			t.Errorf("on %s: %s", engine, got)
		}
	}
}
