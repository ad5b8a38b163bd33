package coursetype

import (
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/wiyata-id/wiyata/plugins/coursetype/proto"
)

// A Kind classifies an Error.
type Kind string

const (
	UnknownRuleSet Kind = "unknown_rule_set" // the guest has no rule-set of that key
	BadRequest     Kind = "bad_request"      // the question cannot be answered as asked
	Internal       Kind = "internal"         // the guest broke down over a fair question
)

// A Fault tells who has to repair it.
type Fault string

const (
	FaultHost  Fault = "host"  // who asked
	FaultGuest Fault = "guest" // who was asked: the vendor
)

// An Error is what a guest answers instead of an answer.
type Error struct {
	Kind Kind
	Text string // one Indonesian sentence: what is wrong and the cure; no personal data
}

func (e *Error) Error() string { return "course type: " + string(e.Kind) + ": " + e.Text }

// Fault returns whose fault e is.
func (e *Error) Fault() Fault {
	if e.Kind == UnknownRuleSet || e.Kind == BadRequest {
		return FaultHost
	}
	return FaultGuest
}

// Refuse returns an *Error of kind k whose text is formatted like fmt.Sprintf.
func Refuse(k Kind, format string, args ...any) error {
	return &Error{Kind: k, Text: fmt.Sprintf(format, args...)}
}

// toStatus returns err as it crosses the wire. The text of an error that is no
// *Error stays in the guest: it was written for the vendor, not for users.
func toStatus(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Kind: Internal, Text: "Jenis pelatihan gagal menjawab. Hubungi penyedianya."}
	}
	var code codes.Code
	switch e.Kind {
	case UnknownRuleSet:
		code = codes.NotFound
	case BadRequest:
		code = codes.InvalidArgument
	default:
		code = codes.Internal
	}
	st, detailErr := status.New(code, e.Text).WithDetails(&pb.Fault{Kind: string(e.Kind)})
	if detailErr != nil { // only an OK status has no details
		return status.Error(code, e.Text)
	}
	return st.Err()
}

// fromStatus returns the *Error in err, or err itself when the transport made it.
func fromStatus(err error) error {
	if err == nil {
		return nil
	}
	st := status.Convert(err)
	for _, d := range st.Details() {
		f, ok := d.(*pb.Fault)
		if !ok {
			continue
		}
		k := Kind(f.GetKind())
		if k != UnknownRuleSet && k != BadRequest {
			k = Internal // a kind of a later contract, or a lie
		}
		return &Error{Kind: k, Text: st.Message()}
	}
	return err
}
