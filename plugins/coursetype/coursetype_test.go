package coursetype

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"
)

func TestHundredths(t *testing.T) {
	t.Parallel()
	for h, want := range map[Hundredths]string{
		0: "0,00", 5: "0,05", 8750: "87,50", 10000: "100,00", -50: "-0,50", -150: "-1,50",
		math.MinInt32: "-21474836,48",
	} {
		if got := h.String(); got != want {
			t.Errorf("Hundredths(%d) = %s, want %s", int32(h), got, want)
		}
	}
}

func TestTotal(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		contributions []Hundredths
		want          Hundredths
	}{
		{nil, 0},
		{[]Hundredths{25_50, 60_01}, 85_51},
		{[]Hundredths{math.MaxInt32, math.MaxInt32}, math.MaxInt32},
		{[]Hundredths{math.MinInt32, -1}, math.MinInt32},
	} {
		var lines []Line
		for _, c := range tc.contributions {
			lines = append(lines, Line{Contribution: c})
		}
		if got := Total(lines); got != tc.want {
			t.Errorf("Total(%v) = %d, want %d", tc.contributions, got, tc.want)
		}
	}
}

// roundTrip sends any a through the wire's bytes and wants it back.
func roundTrip[A any, M proto.Message](t *testing.T, to func(A) M, from func(M) A) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Make[A]().Draw(t, "value")
		bytes, err := proto.Marshal(to(want))
		if err != nil {
			t.Fatal(err)
		}
		m := to(*new(A))
		proto.Reset(m)
		if err := proto.Unmarshal(bytes, m); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, from(m), cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	roundTrip(t, descriptionTo, descriptionFrom)
	roundTrip(t, eligibleTo, eligibleFrom)
	roundTrip(t, eligibilityTo, eligibilityFrom)
	roundTrip(t, gradeTo, gradeFrom)
	roundTrip(t, outcomeTo, outcomeFrom)
	roundTrip(t, certifyTo, certifyFrom)
	roundTrip(t, certificateTo, certificateFrom)
}

func TestErrorsCrossTheWire(t *testing.T) {
	t.Parallel()
	for _, k := range []Kind{UnknownRuleSet, BadRequest, Internal} {
		var e *Error
		if err := fromStatus(toStatus(Refuse(k, "Nilai %d.", 7))); !errors.As(err, &e) || *e != (Error{k, "Nilai 7."}) {
			t.Errorf("%s came back as %v", k, err)
		}
	}

	var e *Error
	if err := fromStatus(toStatus(errors.New("dial 10.0.0.1: secret"))); !errors.As(err, &e) ||
		e.Kind != Internal || e.Fault() != FaultGuest || e.Text == "dial 10.0.0.1: secret" {
		t.Errorf("an author's own error came back as %v", err)
	}

	// What the transport says is nobody's answer.
	lost := status.Error(codes.Unavailable, "EOF")
	if err := fromStatus(lost); !errors.Is(err, lost) {
		t.Errorf("transport error came back as %v", err)
	}
}
