package coursetype

import "fmt"

// A Rule is what the contract asks of an outcome.
type Rule string

const (
	RuleMissing   Rule = "missing"   // a leaf without input is Missing, the state NoResult, and nothing counts as zero
	RuleExplained Rule = "explained" // the total follows from the lines alone, and they from the rule-set and the scores
	RuleMarked    Rule = "marked"    // state and grade follow from the total, the gates and the attendance
	RuleGated     Rule = "gated"     // each gate of the rule-set has a standing
	RuleCredited  Rule = "credited"  // lesson hours follow from their lines alone, and they from a form and the timetable
	RuleWorded    Rule = "worded"    // texts are there in both languages, and within bounds
)

// A Breach is the error of an outcome that breaks a Rule.
type Breach struct {
	Rule Rule
	What string // English, for a log; names no participant
}

func (b *Breach) Error() string { return b.What }

func broken(r Rule, format string, args ...any) error {
	return &Breach{Rule: r, What: fmt.Sprintf(format, args...)}
}
