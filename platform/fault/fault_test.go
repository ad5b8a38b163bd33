package fault_test

import (
	"errors"
	"testing"

	"github.com/wiyata-id/wiyata/platform/fault"
)

func do() (err error) {
	defer fault.Wrap(&err, "approve nomination %s", "n1")
	return fault.At("quota", "Kuota penuh.")
}

func TestWrappedFaultKeepsItsKind(t *testing.T) {
	err := do()
	if !errors.Is(err, fault.Invalid) || errors.Is(err, fault.Conflict) {
		t.Errorf("%v is not told apart by its kind", err)
	}
	f := fault.Of(err)
	if f == nil || f.Field != "quota" || f.Text != "Kuota penuh." {
		t.Errorf("Of = %+v", f)
	}
	if want := "approve nomination n1: invalid (quota): Kuota penuh."; err.Error() != want {
		t.Errorf("text %q, want %q", err, want)
	}
	if fault.Of(errors.New("disk")) != nil {
		t.Error("an internal error is taken for a fault")
	}
}
