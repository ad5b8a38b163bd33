package main

import (
	"fmt"
	"os"
	"testing"

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

// process returns bimtek in a process of its own.
func process(t *testing.T) coursetype.CourseType {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return coursetypetest.Start(t, path)
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
	coursetypetest.Run(t, process(t), "", `{"siasn":16,"topic":"Arsip digital"}`)
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
