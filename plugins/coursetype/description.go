package coursetype

// A Description is what a guest says of itself.
type Description struct {
	Key     string // as installed: "bimtek"
	Version string // as installed: "1.0.0"
	Name    Text
	Summary Text // one sentence for who chooses among course types

	SIASN            int    // activity type of BKN's SIASN, 1..25; 0 = the property SIASNSetting of the settings
	SIASNSetting     string // "" unless SIASN is 0: an integer property of Schema
	CertificateClass string // SIASN's: T technical, F functional, P workshop or seminar; "" = that of the Form

	Kinds    []string // of participants, at least one: PNS, CPNS, PPPK, NON_ASN
	Roles    []Role   // staff of a batch; keys unique
	Asks     []Ask    // what of a Candidate is sent beyond kind and service; mostly nothing
	Schema   string   // JSON Schema (2020-12) of a batch's settings, in the subset of ParseSchema; "" = none
	RuleSets []RuleSet
}

// A Role is a part that staff play in a batch.
type Role struct {
	Key   string
	Name  Text
	Least int // people in a batch; 0 = may stay empty
	Each  int // participants that one of them may have; 0 = no limit
}

// A Field is a piece of personal data about a candidate.
type Field string

const (
	FieldRank    Field = "rank"    // Candidate.Rank
	FieldSince   Field = "since"   // Candidate.Since
	FieldHistory Field = "history" // Candidate.Past
)

// An Ask is a piece of personal data that the guest wants, and what for. The
// tenant reads it before it enables the guest; without it the data stay behind.
type Ask struct {
	Field Field
	Why   Text
}

// A Source tells how sure a rule's text is.
type Source string

const (
	Verified    Source = "verified"    // read in the decree itself
	Unconfirmed Source = "unconfirmed" // from practice or a secondary source; shown as such
)

// A RuleSet is one version of a regulation. It is immutable once a batch has
// started under it: a changed regulation is a new key.
type RuleSet struct {
	Key     string
	Title   Text
	Decree  string // "Peraturan LAN 10/2018"
	Article string // where in the decree; "" when not known
	From    string // first day on which a batch may begin under it, YYYY-MM-DD
	To      string // last such day, YYYY-MM-DD; "" = open
	Source  Source
	Doubt   Text // what of it is unconfirmed, and from where it is; empty when Verified

	Phases     []Phase     // in order, at least one; keys unique
	Components []Component // at least one; keys unique in the tree; weights sum to 100.00
	Pass       Bound       // total to reach
	Grades     []Grade     // highest first, the last from 0.00 inclusive; empty = none
	Forms      []Form      // how lesson hours are credited; at least one; SIASN types unique
	MinJP      int         // fewest lesson hours of a batch (1 JP = 45 minutes)
	MaxJP      int         // most lesson hours of a batch; 0 = no limit
	ClassSize  int         // participants of a batch beyond which a reason is asked; 0 = no limit

	OnceOnly      bool // who passed or failed never comes again
	Accreditation bool // the host's accreditation for this course type has to be in force
	Approvals     []Approval
	Documents     []Document
	Signers       []Signer // of the certificate, in order
}

// A Mode is how a phase or session is held.
type Mode string

const (
	Classroom Mode = "classroom" // all in one place
	Live      Mode = "live"      // online, at one time
	SelfPaced Mode = "self"      // online, at any time
	Workplace Mode = "workplace" // at work, off campus
)

// A Phase is a stretch of a batch. One follows the other.
type Phase struct {
	Key      string
	Name     Text
	Mode     Mode
	JP       int        // lesson hours; 0 = as scheduled
	Days     int        // working days; 0 = as scheduled
	Gate     Gate       // to enter the phase after this one
	Attend   Attendance // what has to be attended of it
	Subjects []Subject
}

// A Subject is a course unit (mata pelatihan).
type Subject struct {
	Key    string
	Name   Text
	Agenda Text // the group of subjects that it belongs to; may be empty
	JP     int  // lesson hours; 0 = not known or as scheduled
}

// A Gate is closed until a component's kept score is within Min. The zero Gate is open.
type Gate struct {
	Component string
	Min       Bound
}

// Attendance is a bound on the share of lesson hours attended, in percent. The
// zero Attendance asks for nothing.
type Attendance struct {
	Min Bound
}

// An Input is where a component's score comes from.
type Input string

const (
	Scored   Input = "scored"   // people enter it
	Imported Input = "imported" // it comes from another system's list
	Attended Input = "attended" // the guest computes it from the sessions
)

// A Component is a part of the total: a leaf with a score, or a group whose weight
// is the sum of its parts' weights.
type Component struct {
	Key    string
	Name   Text
	Weight Hundredths  // percent of the total, more than 0
	Parts  []Component // a group's; at most 3 levels

	// Of leaves alone:
	Input    Input
	Phase    string // key of the phase in which it arises; "" = any
	Role     string // key of the staff role that enters it; "" = the organiser
	Attempts int    // most scores of one participant; 0 = one, and corrections of it
	Keep     Keep   // which of several attempts counts
}

// Keep tells which of several attempts counts.
type Keep string

const (
	KeepBest Keep = "best" // also when empty
	KeepLast Keep = "last"
)

// Kept returns the attempt that counts. Errors: false when there is none.
func (c Component) Kept(attempts []Hundredths) (Hundredths, bool) {
	if len(attempts) == 0 {
		return 0, false
	}
	kept := attempts[len(attempts)-1]
	if c.Keep != KeepLast {
		for _, a := range attempts {
			kept = max(kept, a)
		}
	}
	return kept, true
}

// Most returns how many attempts c allows.
func (c Component) Most() int { return max(1, c.Attempts) }

// Leaves returns the components of r that carry scores, in the order written.
func (r RuleSet) Leaves() []Component { return leaves(r.Components) }

func leaves(tree []Component) (all []Component) {
	for _, c := range tree {
		if len(c.Parts) == 0 {
			all = append(all, c)
		}
		all = append(all, leaves(c.Parts)...)
	}
	return all
}

// A Grade is a named range of totals: from Min up to that of the grade above.
type Grade struct {
	Key  string
	Name Text
	Min  Bound
}

// GradeOf returns the key of the grade of a total, "" when r has no grades.
func (r RuleSet) GradeOf(total Hundredths) string {
	for _, g := range r.Grades {
		if g.Min.Met(total) {
			return g.Key
		}
	}
	return ""
}

// A Unit is what lesson hours are counted by.
type Unit string

const (
	PerHour     Unit = "hour"     // lesson hours as scheduled
	PerDay      Unit = "day"      // days with a session attended
	PerTime     Unit = "time"     // sessions attended, each once
	PerSemester Unit = "semester" // six months
)

// A Form is how an activity of one SIASN type is credited in lesson hours (JP).
type Form struct {
	SIASN    int // 1..25
	Name     Text
	Class    string // of certificates: T, F or P
	Unit     Unit
	National Credit
	Abroad   Credit // of an international one; the zero Credit = there is none
	Rounding Rounding
}

// A Credit is how much a Unit counts.
type Credit struct {
	Rate     Hundredths // JP per unit: 1.00 as scheduled, 1.20 a fifth more, 4.00 a day
	DayCap   int        // most JP of one day; 0 = no cap
	MonthCap int        // most units of one month; 0 = no cap
}

// Rounding is how a product of units and rate becomes whole lesson hours.
type Rounding string

const (
	RoundDown Rounding = "down" // also when empty
	RoundHalf Rounding = "half" // half up
	RoundUp   Rounding = "up"
)

// An Approval is a step that a batch needs before it begins, in order.
type Approval struct {
	Key  string
	Name Text
	By   string // sender, host, province or LAN
}

// A Document is asked for.
type Document struct {
	Key      string
	Name     Text
	Of       string // candidate, batch (before it begins) or closing
	Required bool
	Health   bool // only the verifier sees it, each view is logged, and it is deleted
}

// A Signer signs certificates.
type Signer struct {
	Key  string
	Name Text
}
