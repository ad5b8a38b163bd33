package coursetype

// A Candidate is a person proposed for a batch. Rank, Since and Past are sent only
// when the guest asks for them and the tenant has agreed; else they are empty.
type Candidate struct {
	Ref    Ref
	Kind   string // PNS, CPNS, PPPK or NON_ASN
	Active bool   // in service on the first day of the batch
	Rank   string // rank class: "III/a"; PPPK "IX"
	Since  string // first day of the present appointment (TMT), YYYY-MM-DD
	Past   []Past // trainings of the same course type, whoever held them
}

// Past is an earlier training of the same course type.
type Past struct {
	State State  // as decreed; NoResult for one that was left, postponed or is still open
	Ended string // YYYY-MM-DD; "" = still open
}

// An EligibleRequest asks which candidates may attend. At most MaxChunk.
type EligibleRequest struct {
	RuleSet    string
	Settings   Settings
	Start      string // first day of the batch, YYYY-MM-DD
	Candidates []Candidate
}

// An Eligibility says whether a candidate may attend.
type Eligibility struct {
	Ref    Ref
	OK     bool
	Rule   string // key of the rule that failed; "" when OK
	Reason Text   // why not, and the cure; empty when OK
	Flags  []Flag // what is unusual and may be all the same
}

// A Flag marks an eligible candidate red: whoever nominates gives a reason and a
// letter.
type Flag struct {
	Rule   string
	Reason Text
}

// A CheckRequest asks about a batch as it is set up.
type CheckRequest struct {
	RuleSet      string
	Settings     Settings
	Start, End   string // YYYY-MM-DD
	Participants int    // expected, or seated already
	Sessions     []Session
}

// A Finding is something wrong with a batch.
type Finding struct {
	Field  string // property of the settings, or start, end, participants, sessions
	Refuse bool   // the batch cannot begin so; else a warning
	Text   Text   // what is wrong, and the cure
}

// A PlanRequest asks for a timetable.
type PlanRequest struct {
	RuleSet  string
	Settings Settings
	Days     []string // working days from the first day on, in order, YYYY-MM-DD; at most 400
}

// A Plan is a proposed timetable.
type Plan struct {
	Spans    []Span    // one per phase, in order
	Sessions []Session // in order of time
}

// A Span is a phase with its days.
type Span struct {
	Phase    string
	From, To string // YYYY-MM-DD, both of the days asked about
	Days     int    // working days in it
}

// A Session is a slot of a timetable.
type Session struct {
	Title   Text
	Phase   string
	Subject string // "" = none
	Mode    Mode
	Day     string // YYYY-MM-DD
	Start   int    // minutes after midnight, local time
	Minutes int    // without breaks
	JP      int    // at most LessonHours(Minutes), but for self-paced and workplace work
}

// A Presence is a session of the timetable and whether the participant was there.
type Presence struct {
	Session Ref
	Phase   string // "" = the only one
	Day     string // YYYY-MM-DD
	JP      int    // lesson hours of the session, >= 0
	Present bool
}

// A Record is all that is known of a participant when grading.
type Record struct {
	Ref      Ref
	Sessions []Presence // every session of the batch, attended or not
	Scores   []Score    // in the order given; of leaves that are scored or imported
}

// A Score is one attempt at a component.
type Score struct {
	Component string
	Value     Hundredths // 0..100.00
}

// Attempts returns the scores of a component, in the order given.
func (r Record) Attempts(component string) (all []Hundredths) {
	for _, s := range r.Scores {
		if s.Component == component {
			all = append(all, s.Value)
		}
	}
	return all
}

// A GradeRequest asks for outcomes. At most MaxChunk records.
type GradeRequest struct {
	RuleSet  string
	Settings Settings
	Records  []Record
}

// A State is how a participant came out.
type State string

const (
	Passed   State = "passed"
	Failed   State = "failed"
	NoResult State = "no_result" // an input is missing: nothing can be said
)

// An Outcome is a participant's result with its explanation.
type Outcome struct {
	Ref     Ref
	State   State
	Total   Hundredths // Total(Lines); means nothing under NoResult
	Grade   string     // RuleSet.GradeOf(Total); "" under NoResult
	JP      int        // lesson hours to credit: TotalHours(Hours); 0 unless Passed
	Lines   []Line     // one per leaf that has an input
	Hours   []Hours    // empty unless Passed
	Missing []string   // leaves without input: then State is NoResult, never zero points
	Gates   []Standing // one per phase that has a Gate
	Reason  Text
}

// A Standing says whether a participant may go on after a phase with a Gate.
type Standing struct {
	Phase  string
	Open   bool
	Reason Text // why not, and the cure; empty when Open
}

// A CertifyRequest asks for the wording of certificates. At most MaxChunk graduates.
type CertifyRequest struct {
	RuleSet   string
	Settings  Settings
	Graduates []Graduate
}

// A Graduate is a participant with the outcome as decreed.
type Graduate struct {
	Ref     Ref
	Outcome Outcome
}

// A Certificate is what is printed on one, without names and numbers: the
// platform adds those.
type Certificate struct {
	Ref       Ref
	Class     string // T, F or P
	Title     Text   // "Sertifikat"
	Statement Text
	JP        int // lesson hours, at most the outcome's
}
