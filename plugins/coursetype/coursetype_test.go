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
		contributions []Exact
		want          Hundredths
	}{
		{nil, 0},
		{[]Exact{25_500_000, 60_010_000}, 85_51},
		{[]Exact{4_000, 4_000, 4_000}, 1}, // each alone would vanish
		{[]Exact{4_999}, 0},
		{[]Exact{5_000}, 1},
		{[]Exact{-5_000}, 0}, // half goes up
		{[]Exact{-5_001}, -1},
		{[]Exact{math.MaxInt64, math.MaxInt64}, math.MaxInt32},
		{[]Exact{math.MinInt64, -1}, math.MinInt32},
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

func TestExact(t *testing.T) {
	t.Parallel()
	for e, want := range map[Exact]string{
		0: "0,00", 8_500_000: "8,50", 13_333_500: "13,3335", -1: "-0,000001", 100_000_000: "100,00", 26_406_000: "26,406",
		Hundredths(10_00).Of(85_00): "8,50", Hundredths(33_33).Of(99_99): "33,326667",
	} {
		if got := e.String(); got != want {
			t.Errorf("Exact(%d) = %s, want %s", int64(e), got, want)
		}
	}
}

func TestBound(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		b    Bound
		h    Hundredths
		want bool
	}{
		{Bound{70_00, true}, 70_00, true}, {Bound{70_00, false}, 70_00, false},
		{Bound{70_00, true}, 69_99, false}, {Bound{70_00, false}, 70_01, true}, {Bound{0, true}, 0, true},
	} {
		if got := tc.b.Met(tc.h); got != tc.want {
			t.Errorf("%v.Met(%s) = %v", tc.b, tc.h, got)
		}
	}
}

// Session lengths of a timetable of 2026: what is left of a lesson hour is lost.
func TestLessonHours(t *testing.T) {
	t.Parallel()
	for minutes, want := range map[int]int{90: 2, 135: 3, 225: 5, 315: 7, 120: 2, 44: 0, 45: 1, 0: 0, -45: 0} {
		if got := LessonHours(minutes); got != want {
			t.Errorf("LessonHours(%d) = %d, want %d", minutes, got, want)
		}
	}
}

func TestCredited(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		h    Hours
		want int
	}{
		{Hours{Count: 20, Rate: 1_20}, 24},
		{Hours{Count: 3, Rate: 2_00, Cap: 4}, 4},
		{Hours{Count: 7, Rate: 1_20}, 8}, // 8.40
		{Hours{Count: 7, Rate: 1_20, Rounding: RoundUp}, 9},
		{Hours{Count: 7, Rate: 1_20, Rounding: RoundHalf}, 8},
		{Hours{Count: 3, Rate: 1_20, Rounding: RoundHalf}, 4}, // 3.60
		{Hours{Count: -1, Rate: 1_00}, 0},
		{Hours{Count: 1, Rate: -1}, 0},
	} {
		if got := tc.h.Credited(); got != tc.want {
			t.Errorf("%+v.Credited() = %d, want %d", tc.h, got, tc.want)
		}
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	attempts := []Hundredths{62_00, 74_00, 71_00}
	if best, ok := (Component{}).Kept(attempts); best != 74_00 || !ok {
		t.Errorf("best of %v = %s, %v", attempts, best, ok)
	}
	if last, ok := (Component{Keep: KeepLast}).Kept(attempts); last != 71_00 || !ok {
		t.Errorf("last of %v = %s, %v", attempts, last, ok)
	}
	if _, ok := (Component{}).Kept(nil); ok {
		t.Error("something kept of nothing")
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	var v struct{ N int }
	for s, ok := range map[Settings]bool{"": true, `{"N":3}`: true, `{"N":"x"}`: false, `{"M":1}`: false, `{`: false, `{}x`: false, `{} {}`: false, `null`: false, `[]`: false, " {} ": true} {
		var e *Error
		if err := s.Read(&v); (err == nil) != ok || err != nil && (!errors.As(err, &e) || e.Kind != BadRequest) {
			t.Errorf("Read(%q): %v", s, err)
		}
	}
}

func draw[A any](t *rapid.T) A { return rapid.Make[A]().Draw(t, "value") }

// component draws a tree, of which rapid by itself finds no end.
func component(t *rapid.T, depth int) Component {
	c := Component{
		Key: draw[string](t), Name: draw[Text](t), Weight: draw[Hundredths](t), Input: draw[Input](t),
		Phase: draw[string](t), Role: draw[string](t), Attempts: draw[int](t), Keep: draw[Keep](t),
	}
	for range rapid.IntRange(0, depth).Draw(t, "parts") {
		c.Parts = append(c.Parts, component(t, depth-1))
	}
	return c
}

func ruleSet(t *rapid.T) RuleSet {
	return RuleSet{
		Key: draw[string](t), Title: draw[Text](t), Decree: draw[string](t), Article: draw[string](t),
		From: draw[string](t), To: draw[string](t), Source: draw[Source](t), Doubt: draw[Text](t),
		Phases: draw[[]Phase](t), Components: []Component{component(t, 2)}, Pass: draw[Bound](t),
		Grades: draw[[]Grade](t), Forms: draw[[]Form](t), MinJP: draw[int](t), MaxJP: draw[int](t), ClassSize: draw[int](t),
		OnceOnly: draw[bool](t), Accreditation: draw[bool](t), Approvals: draw[[]Approval](t),
		Documents: draw[[]Document](t), Signers: draw[[]Signer](t),
	}
}

func description(t *rapid.T) Description {
	return Description{
		Key: draw[string](t), Version: draw[string](t), Name: draw[Text](t), Summary: draw[Text](t),
		SIASN: draw[int](t), SIASNSetting: draw[string](t), CertificateClass: draw[string](t), Kinds: draw[[]string](t),
		Roles: draw[[]Role](t), Asks: draw[[]Ask](t), Schema: draw[string](t), RuleSets: []RuleSet{ruleSet(t)},
	}
}

// roundTrip sends any a through the wire's bytes and wants it back.
func roundTrip[A any, M proto.Message](t *testing.T, draw func(*rapid.T) A, to func(A) M, from func(M) A) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		want := draw(t)
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
	roundTrip(t, description, descriptionTo, descriptionFrom)
	roundTrip(t, draw, checkTo, checkFrom)
	roundTrip(t, draw, findingTo, findingFrom)
	roundTrip(t, draw, eligibleTo, eligibleFrom)
	roundTrip(t, draw, eligibilityTo, eligibilityFrom)
	roundTrip(t, draw, planTo, planFrom)
	roundTrip(t, draw, planAnswerTo, planAnswerFrom)
	roundTrip(t, draw, gradeTo, gradeFrom)
	roundTrip(t, draw, outcomeTo, outcomeFrom)
	roundTrip(t, draw, certifyTo, certifyFrom)
	roundTrip(t, draw, certificateTo, certificateFrom)
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
