package grading

import (
	"context"
	"fmt"
	"strings"

	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants/program"
)

// Words returns a state's name on screen.
func Words(s coursetype.State) string {
	switch s {
	case coursetype.Passed:
		return "Lulus"
	case coursetype.Failed:
		return "Tidak lulus"
	case coursetype.NoResult:
		return "Belum ada hasil"
	}
	return "–"
}

// facts are what of o is said beside its lines.
func (o Outcome) facts(ctx context.Context) (list []ui.Fact) {
	if o.GradeName.ID != "" {
		list = append(list, ui.Fact{Label: ui.T(ctx, "Predikat"), Value: program.Said(ctx, o.GradeName)})
	}
	if len(o.Missing) > 0 {
		names := make([]string, len(o.Missing))
		for i, name := range o.Missing {
			names[i] = program.Said(ctx, name)
		}
		list = append(list, ui.Fact{Label: ui.T(ctx, "Belum ada nilainya"), Value: strings.Join(names, ", ")})
	}
	if o.State == coursetype.Passed && len(o.Hours) == 0 { // computed by the release before
		list = append(list, ui.Fact{Label: ui.T(ctx, "JP diakui"), Value: fmt.Sprint(o.JP)})
	}
	return list
}

// unit is how much of what a line of lesson hours counts: "3 hari".
func unit(ctx context.Context, h coursetype.Hours) string {
	switch h.Unit {
	case coursetype.PerDay:
		return ui.T(ctx, "%d hari", h.Count)
	case coursetype.PerTime:
		return ui.T(ctx, "%d kali", h.Count)
	case coursetype.PerSemester:
		return ui.T(ctx, "%d semester", h.Count)
	case coursetype.PerHour:
	}
	return fmt.Sprintf("%d JP", h.Count)
}
