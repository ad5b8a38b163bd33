package main

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/store/storetest"
)

// BenchmarkLine tells the line over and over, each time on a fresh database, and
// prints what its steps cost: statements (BEGIN and COMMIT included), and
// milliseconds as median and range. Everything runs in this process but for the
// guest and PostgreSQL.
func BenchmarkLine(b *testing.B) {
	for _, engine := range storetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			var names []string
			took, statements, requests := map[string][]time.Duration{}, map[string]int{}, map[string]int{}
			for b.Loop() {
				in := assemble(b, template.Clone(b, engine), slog.New(slog.DiscardHandler))
				in.start(b)
				l := begin(b, in)
				for _, step := range l.steps() {
					spans.Reset()
					started := time.Now()
					step.do()
					if took[step.name] == nil {
						names = append(names, step.name)
					}
					took[step.name] = append(took[step.name], time.Since(started))
					requests[step.name], statements[step.name] = cost()
				}
			}
			table := fmt.Sprintf("%s, %d tellings\n%-9s %8s %10s %9s %9s %9s\n", engine, b.N, "step", "requests", "statements", "median ms", "min", "max")
			for _, name := range names {
				d := took[name]
				slices.Sort(d)
				ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
				table += fmt.Sprintf("%-9s %8d %10d %9.1f %9.1f %9.1f\n", name, requests[name], statements[name], ms(d[len(d)/2]), ms(d[0]), ms(d[len(d)-1]))
			}
			fmt.Print("\n" + table) // b.Log would cut it
		})
	}
}
