package main

import (
	"fmt"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants/batch"
)

// TestExplanationIsKept: lesson hours are stored line by line with the outcome and shown
// beside it, and one that the release before has stored without them still is.
func TestExplanationIsKept(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := idle(t, db)
		organiser := in.as(t, "organiser")
		b, _ := held(t, in, "I", 1, 1)
		check(t, in.grading.Grade(organiser, b.ID))
		_, results, err := in.grading.List(organiser, batch.Ref{Host: b.TenantID, ID: b.ID})
		check(t, err)
		o := results[0].Outcome
		if len(o.Hours) != 1 || coursetype.TotalHours(o.Hours) != o.JP || o.JP == 0 {
			t.Errorf("hours %+v of %d JP", o.Hours, o.JP)
		}
		page, c := "/t/15/angkatan/"+string(b.ID)+"/nilai", in.signIn(t, "organiser")
		c.open(page).want(200).sees("Komponen", "JP per satuan", fmt.Sprintf("%d JP", o.JP), "1,00")

		past(t, db, `UPDATE outcome SET grade_name = '{"ID":"Memuaskan"}', missing = '[{"ID":"Sikap"}]',
			gates = '[{"Phase":"m","Open":false,"Reason":{"ID":"Ulangi MOOC."},"Name":{"ID":"Mandiri"}},{"Phase":"k","Open":true,"Name":{"ID":"Klasikal"}}]'`)
		c.open(page).want(200).sees("Predikat Memuaskan", "Belum ada nilainya Sikap", "Mandiri: belum boleh lanjut. Ulangi MOOC.", "Klasikal: boleh lanjut.")
		past(t, db, "UPDATE outcome SET hours = '[]', grade = '', grade_name = '{}', gates = '[]', missing = '[]'")
		c.open(page).want(200).sees("Komponen", "JP diakui").missing("JP per satuan")
	})
}
