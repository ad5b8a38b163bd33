package grading

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// TestExplained: an outcome is kept with the names of what it names, and comes back as
// the course type answered it.
func TestExplained(t *testing.T) {
	text := func(s string) coursetype.Text { return coursetype.Text{ID: s, EN: s + " (en)"} }
	rules := coursetype.RuleSet{
		Phases:     []coursetype.Phase{{Key: "mooc", Name: text("Mandiri")}, {Key: "kelas", Name: text("Klasikal")}},
		Components: []coursetype.Component{{Key: "akademik", Name: text("Akademik")}, {Key: "sikap", Name: text("Sikap")}},
		Grades:     []coursetype.Grade{{Key: "m", Name: text("Memuaskan")}, {Key: "k", Name: text("Kurang")}},
	}
	answered := coursetype.Outcome{
		Ref: "p1", State: coursetype.Passed, Total: 83_90, Grade: "m", JP: 12,
		Lines: []coursetype.Line{{Component: "sikap", Name: text("Sikap"), Weight: 10_00, Input: 85_00, Contribution: 8_500_000, Note: text("Dari 2 kali.")}},
		Hours: []coursetype.Hours{{Name: text("Hari"), Count: 3, Unit: coursetype.PerDay, Rate: 4_00, JP: 12}},
		Gates: []coursetype.Standing{{Phase: "mooc", Reason: text("Ulangi.")}},
	}
	kept := explained(answered, rules)
	if kept.GradeName.ID != "Memuaskan" || len(kept.Gates) != 1 || kept.Gates[0].Name.EN != "Mandiri (en)" {
		t.Errorf("kept %+v", kept)
	}

	// As a database keeps it.
	stored, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	var back Outcome
	if err := json.Unmarshal(stored, &back); err != nil {
		t.Fatal(err)
	}
	back.Decreed = coursetype.Passed
	if diff := cmp.Diff(answered, back.Decided("p1")); diff != "" {
		t.Errorf("a certificate is worded from another outcome: %s", diff)
	}

	lacking := explained(coursetype.Outcome{State: coursetype.NoResult, Missing: []string{"akademik"}}, rules)
	if diff := cmp.Diff([]coursetype.Text{text("Akademik")}, lacking.Missing); diff != "" || lacking.GradeName.ID != "" {
		t.Errorf("missing: %s, grade %q", diff, lacking.GradeName.ID)
	}
}
