package employee

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
)

// TestParseNIP: the worked numbers of rules R1 and R3.
func TestParseNIP(t *testing.T) {
	for _, tc := range []struct {
		text string
		want NIP // zero when it is refused
	}{
		{"19900315 201503 1 002", NIP{Digits: "199003152015031002", Kind: PNS, Born: civil.Date{Year: 1990, Month: 3, Day: 15}, Since: civil.Date{Year: 2015, Month: 3, Day: 1}, Seq: 2}},
		{"19860926.201505.1.001", NIP{Digits: "198609262015051001", Kind: PNS, Born: civil.Date{Year: 1986, Month: 9, Day: 26}, Since: civil.Date{Year: 2015, Month: 5, Day: 1}, Seq: 1}},
		{"199107082023212005", NIP{Digits: "199107082023212005", Kind: PPPK, Born: civil.Date{Year: 1991, Month: 7, Day: 8}, Since: civil.Date{Year: 2023, Month: 1, Day: 1}, Female: true, Seq: 5, Contract: 21}},
		{"199002302015031001", NIP{}}, // 30 February
		{"199003152015131002", NIP{}}, // month 13
		{"199003152015201002", NIP{}}, // neither month nor agreement
		{"199003152015001002", NIP{}}, // month 0
		{"199003152015033002", NIP{}}, // sex 3
		{"19900315201503100", NIP{}},  // 17 digits
		{"199003152015031000", NIP{}}, // sequence 000
		{"199003151985031002", NIP{}}, // appointed before birth
		{"1.99003E+17", NIP{}},        // what Excel leaves of it
		{"", NIP{}},
	} {
		got, err := ParseNIP(tc.text)
		if refused := tc.want == (NIP{}); refused != errors.Is(err, fault.Invalid) || refused != (err != nil) {
			t.Errorf("ParseNIP(%q) = %v", tc.text, err)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("ParseNIP(%q) (-want +got):\n%s", tc.text, diff)
		}
		if f := fault.Of(err); f != nil && f.Field != "nip" {
			t.Errorf("ParseNIP(%q) blames %q", tc.text, f.Field)
		}
	}
}

// TestNIPRoundTrip: whatever a valid number says, written out again it is the same number.
func TestNIPRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(1940, 2005).Draw(t, "year")
		month := rapid.IntRange(1, 12).Draw(t, "month")
		day := rapid.IntRange(1, 28).Draw(t, "day")
		since := rapid.IntRange(year+17, 2026).Draw(t, "since")
		middle := rapid.OneOf(rapid.IntRange(1, 12), rapid.IntRange(21, 99)).Draw(t, "middle")
		sex := rapid.IntRange(1, 2).Draw(t, "sex")
		seq := rapid.IntRange(1, 999).Draw(t, "seq")
		digits := fmt.Sprintf("%04d%02d%02d%04d%02d%d%03d", year, month, day, since, middle, sex, seq)
		n, err := ParseNIP(digits)
		if err != nil {
			t.Fatal(err)
		}
		if n.Born != (civil.Date{Year: year, Month: n.Born.Month, Day: day}) || int(n.Born.Month) != month || n.Since.Year != since ||
			n.Female != (sex == 2) || n.Seq != seq || (n.Kind == PPPK) != (middle > 12) {
			t.Errorf("%s says %+v", digits, n)
		}
	})
}

func FuzzParseNIP(f *testing.F) {
	f.Add("19900315 201503 1 002")
	f.Add("１９９００３１５")
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := ParseNIP(text); err == nil && len(n.Digits) != 18 {
			t.Errorf("ParseNIP(%q) = %+v", text, n)
		}
	})
}
