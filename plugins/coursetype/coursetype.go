// Package coursetype is the contract between the platform and a course type
// (Latsar, PKP, bimtek and whatever a vendor adds): all that a guest imports.
//
// A guest is a program whose main calls Serve with a CourseType. The platform
// runs it as a process of its own, without network, files, database, clock or
// names of people, and asks it pure questions: the same question has the same
// answer, for ever, so the platform may ask again after a crash. Numbers that a
// guest computes are explained line by line, and the platform recomputes the
// total from the lines alone; an answer that does not add up, or does not follow
// from the rule-set that the guest itself described, is refused.
//
// What the contract consists of: description.go is what a guest offers,
// question.go what it is asked and answers, explain.go how numbers are explained,
// fair.go what no fair question is, and verify.go what no answer may be. Package
// coursetypetest holds any guest against all of it.
//
// The wire is gRPC (proto/coursetype.proto); an author in Go never meets it.
// The contract is v0: it may change until grading and certificates have used it.
// From then on fields are only added.
package coursetype

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxChunk is the most candidates, records or graduates in one request. The host
// splits longer lists; a guest refuses them with BadRequest.
const MaxChunk = 500

// A CourseType answers pure questions about one kind of training. Its methods are
// called concurrently, each with a deadline (5 s unless told otherwise).
//
// Errors: *Error with UnknownRuleSet or BadRequest when the question is at fault.
// Any other error, and a panic, counts as a failure of the guest.
type CourseType interface {
	// Describe tells what the guest offers. It never changes within a version.
	Describe(context.Context) (Description, error)

	// Check tells what is wrong with a batch as it is set up; nothing when all is well.
	Check(context.Context, CheckRequest) ([]Finding, error)

	// Eligible answers once per candidate.
	Eligible(context.Context, EligibleRequest) ([]Eligibility, error)

	// Plan proposes a timetable. Errors: also BadRequest when the days do not suffice.
	Plan(context.Context, PlanRequest) (Plan, error)

	// Grade answers once per record.
	Grade(context.Context, GradeRequest) ([]Outcome, error)

	// Certify answers once per graduate. Errors: also BadRequest for a graduate
	// whose outcome earns no certificate.
	Certify(context.Context, CertifyRequest) ([]Certificate, error)
}

// Text is one wording in both languages of the platform. At most 2000 bytes each.
type Text struct {
	ID string // Indonesian
	EN string // English
}

// Hundredths is a score, weight, rate or percentage in hundredths: 87.50 is 8750.
type Hundredths int32

// Full is 100.00.
const Full Hundredths = 100_00

// String returns h as written in Indonesian: "87,50".
func (h Hundredths) String() string {
	n, sign := int64(h), ""
	if n < 0 {
		n, sign = -n, "-"
	}
	return fmt.Sprintf("%s%d,%02d", sign, n/100, n%100)
}

// A Bound is the lower end of what passes a mark, enters a grade or opens a gate.
type Bound struct {
	At        Hundredths // 0..100.00
	Inclusive bool       // At itself is within
}

// Met reports whether h is within b.
func (b Bound) Met(h Hundredths) bool { return h > b.At || b.Inclusive && h == b.At }

// A Ref stands for a participant or a session within one request: opaque,
// unique in the request, never a name or a NIP. Answers carry it back unchanged.
type Ref string

// Settings are a batch's settings: a JSON object that fits the Schema of the
// description, and "" where the guest has no schema.
type Settings string

// Read reads s into v, a pointer to a struct. Errors: BadRequest when s is no JSON
// object, does not fit v, or has a property of no field.
func (s Settings) Read(v any) error {
	if s == "" {
		s = "{}"
	}
	d := json.NewDecoder(bytes.NewReader([]byte(s)))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if _, more := d.Token(); err != nil || !errors.Is(more, io.EOF) || !strings.HasPrefix(strings.TrimSpace(string(s)), "{") {
		return Refuse(BadRequest, "Pengaturan angkatan tidak dapat dibaca. Buka dan simpan ulang pengaturannya.")
	}
	return nil
}
