// Package coursetype is the contract between the platform and a course type
// (Latsar, PKP, bimtek and whatever a vendor adds): all that a guest imports.
//
// A guest is a program whose main calls Serve with a CourseType. The platform
// runs it as a process of its own, without network, files, database, clock or
// names of people, and asks it pure questions: the same question has the same
// answer, for ever, so the platform may ask again after a crash. Numbers that a
// guest computes are explained line by line, and the platform recomputes the
// total from the lines alone; an answer that does not add up is refused.
//
// The wire is gRPC (proto/coursetype.proto); an author in Go never meets it.
// The contract is v0: it may change until grading and certificates have used it.
package coursetype

import (
	"context"
	"fmt"
)

// MaxChunk is the most candidates, records or graduates in one request. The host
// splits longer lists; a guest refuses them with BadRequest.
const MaxChunk = 500

// Text is one wording in both languages of the platform. At most 2000 bytes each.
type Text struct {
	ID string // Indonesian
	EN string // English
}

// Hundredths is a score, weight or percentage in hundredths: 87.50 is 8750.
type Hundredths int32

// String returns h as written in Indonesian: "87,50".
func (h Hundredths) String() string {
	n, sign := int64(h), ""
	if n < 0 {
		n, sign = -n, "-"
	}
	return fmt.Sprintf("%s%d,%02d", sign, n/100, n%100)
}

// A Ref stands for a participant or a session within one request: opaque,
// unique in the request, never a name or a NIP. Answers carry it back unchanged.
type Ref string

// A Source tells how sure a rule's text is.
type Source string

const (
	Verified    Source = "verified"    // read in the decree itself
	Unconfirmed Source = "unconfirmed" // from practice or a secondary source; shown as such
)

// A CourseType answers pure questions about one kind of training. Its methods are
// called concurrently, each with a deadline (5 s unless told otherwise).
//
// Errors: *Error with UnknownRuleSet or BadRequest when the question is at fault.
// Any other error, and a panic, counts as a failure of the guest.
type CourseType interface {
	// Describe tells what the guest offers. It never changes within a version.
	Describe(context.Context) (Description, error)

	// Eligible answers once per candidate.
	Eligible(context.Context, EligibleRequest) ([]Eligibility, error)

	// Grade answers once per record.
	Grade(context.Context, GradeRequest) ([]Outcome, error)

	// Certify answers once per graduate. Errors: also BadRequest for a graduate
	// whose outcome earns no certificate.
	Certify(context.Context, CertifyRequest) ([]Certificate, error)
}

// A Description is what a guest says of itself.
type Description struct {
	Key              string // as installed: "bimtek"
	Version          string // as installed: "1.0.0"
	Name             Text
	SIASN            int       // activity type of BKN's SIASN, 1..25
	CertificateClass string    // SIASN's: T technical, F functional, P workshop or seminar
	RuleSets         []RuleSet // at least one; keys unique
}

// A RuleSet is one version of a regulation. It is immutable once a batch has
// started under it: a changed regulation is a new key.
type RuleSet struct {
	Key           string
	Title         Text
	Decree        string // "Peraturan LAN 10/2018"
	Article       string // where in the decree; "" when not known
	From          string // first day in force, YYYY-MM-DD
	To            string // last day in force, YYYY-MM-DD; "" = open
	Source        Source
	Components    []Component // at least one; keys unique; weights sum to 100.00
	Pass          Hundredths  // total to reach, 0..100.00
	PassInclusive bool        // a total equal to Pass passes
	MinJP         int         // fewest lesson hours of a batch (1 JP = 45 minutes)
	MaxJP         int         // most lesson hours of a batch; 0 = no limit
}

// A Component is a part of the total.
type Component struct {
	Key    string
	Name   Text
	Weight Hundredths // percent of the total, more than 0
}

// A Candidate is a person proposed for a batch.
type Candidate struct {
	Ref    Ref
	Kind   string // PNS, CPNS, PPPK or NON_ASN
	Active bool   // in service on the first day of the batch
}

// An EligibleRequest asks which candidates may attend. At most MaxChunk.
type EligibleRequest struct {
	RuleSet    string
	Candidates []Candidate
}

// An Eligibility says whether a candidate may attend.
type Eligibility struct {
	Ref    Ref
	OK     bool
	Rule   string // key of the rule that failed; "" when OK
	Reason Text   // why not, and the cure; empty when OK
}

// Attended is a session of the timetable and whether the participant was there.
type Attended struct {
	Session Ref
	JP      int // lesson hours of the session, >= 0
	Present bool
}

// A Record is all that is known of a participant when grading.
type Record struct {
	Ref      Ref
	Sessions []Attended            // every session of the batch, attended or not
	Scores   map[string]Hundredths // by component key, 0..100.00; a missing key is a score not given
}

// A GradeRequest asks for outcomes. At most MaxChunk records.
type GradeRequest struct {
	RuleSet string
	Records []Record
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
	JP      int        // lesson hours to credit, at most those of the record's sessions
	Lines   []Line
	Missing []string // components without input: then State is NoResult, never zero points
	Reason  Text
}

// A Line explains one component's part of the total.
type Line struct {
	Component string
	Name      Text
	Weight    Hundredths // percent
	Input     Hundredths // 0..100.00

	// Contribution is Weight × Input / 100.00, rounded to hundredths: it differs
	// from the exact product by less than 0.01.
	Contribution Hundredths
	Note         Text // how it was rounded, what was counted
}

// Total recomputes a total from its lines alone: the sum of contributions. Sums
// beyond the type are cut to its largest or smallest value.
func Total(lines []Line) Hundredths {
	var sum int64
	for _, l := range lines {
		sum += int64(l.Contribution)
	}
	return Hundredths(max(-1<<31, min(1<<31-1, sum)))
}

// A CertifyRequest asks for the wording of certificates. At most MaxChunk graduates.
type CertifyRequest struct {
	RuleSet   string
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
