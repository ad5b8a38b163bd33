package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/coursetype/coursetypetest"
)

// TestMain makes the test binary the guest when it is started as one: rules are tested
// in a process of their own without building anything.
func TestMain(m *testing.M) {
	if os.Getenv(coursetype.Handshake().MagicCookieKey) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program returns the path of bimtek, which is the test binary.
func program(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestContract: bimtek keeps the contract, as each kind of form, in this process and in
// its own.
func TestContract(t *testing.T) {
	settings := []coursetype.Settings{""}
	for _, siasn := range []int{typeLeadership, typeFunctional, typeBimtek, 9, 10, 14, typeElearning, 22} {
		settings = append(settings, coursetype.Settings(fmt.Sprintf(`{"siasn":%d,"topic":"Arsip digital"}`, siasn)))
	}
	settings = append(settings, `{"siasn":8,"abroad":true,"pretest":true,"posttest":true}`, `{"siasn":4,"abroad":true,"mode":"live","jp":21}`,
		`{"siasn":16,"abroad":true,"jp":10,"posttest":true}`, `{"siasn":23,"abroad":true}`, `{"siasn":15,"abroad":true,"pretest":true}`)
	coursetypetest.Run(t, bimtek{}, settings...)
	coursetypetest.RunProgram(t, program(t), "", `{"siasn":16,"topic":"Arsip digital"}`)
}

// TestSource: numbers that are in no decree are told as unconfirmed, and every SIASN
// type of the table is offered once.
func TestSource(t *testing.T) {
	t.Parallel()
	d, err := bimtek{}.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range d.RuleSets {
		if r.Source != coursetype.Unconfirmed || len(r.Forms) != 22 {
			t.Errorf("%s: %s, %d forms", r.Key, r.Source, len(r.Forms))
		}
	}
	if d.RuleSets[0].Key != "bimtek-umum" { // batches rest on it
		t.Errorf("first rule-set is %s", d.RuleSets[0].Key)
	}
	t.Logf("schema of %d bytes", len(d.Schema))
}

// TestTable: the table of lesson hours, written out once more: class, unit, rate in the
// country and abroad, "/3d" at most 3 JP a day, "/2m" at most 2 times a month.
func TestTable(t *testing.T) {
	t.Parallel()
	want := `1 T hour 1,00 -
2 F hour 1,00 1,20
3 T hour 1,00 1,20
4 P day 5,00 7,00
5 T hour 1,00 1,20
6 T hour 1,00 1,20
7 P day 4,00 6,00
8 T hour 1,00 1,20
9 P day 4,00 6,00
10 T time 20,00 24,00
11 T hour 1,00 1,20
12 T hour 1,00 1,20
14 T time 2,00/2m 4,00/2m
15 T time 2,00/2m 4,00/2m
16 T hour 1,00/3d 1,00/4d
17 T hour 1,00 1,20
18 T time 20,00 24,00
19 T hour 1,00 1,20
20 T time 10,00 20,00
21 T time 20,00 24,00
22 T hour 1,00/2d 1,20/2d
23 T hour 1,00/2d 1,20/2d
`
	credit := func(c coursetype.Credit) string {
		s := c.Rate.String()
		if c.DayCap > 0 {
			s += fmt.Sprintf("/%dd", c.DayCap)
		}
		if c.MonthCap > 0 {
			s += fmt.Sprintf("/%dm", c.MonthCap)
		}
		if c == (coursetype.Credit{}) {
			return "-"
		}
		return s
	}
	got := ""
	for _, f := range table() {
		got += fmt.Sprintf("%d %s %s %s %s\n", f.SIASN, f.Class, f.Unit, credit(f.National), credit(f.Abroad))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
