package main

import (
	"net/http"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/wiyata-id/wiyata/platform/store"
)

// TestOneTrace: the request that grades a batch is one trace, from the browser's
// own trace id through the Gate and its statements into the guest's process.
func TestOneTrace(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := install(t, db)
		l := begin(t, in)
		for _, step := range l.steps() {
			if step.name == "grade" {
				break
			}
			step.do()
		}
		const id = "4bf92f3577b34da6a3ce929d0e0e4736"
		l.organiser.trace = "00-" + id + "-00f067aa0ba902b7-01"
		spans.Reset()
		l.organiser.send(http.MethodPost, l.host()+"/nilai", "application/x-www-form-urlencoded", l.organiser.csrf(l.host()+"/nilai")).want(http.StatusSeeOther)

		var trace tracetest.SpanStubs
		parent := map[string]string{} // span → the span it stands below
		for _, s := range spans.GetSpans() {
			if s.SpanContext.TraceID().String() == id {
				trace = append(trace, s)
				parent[s.SpanContext.SpanID().String()] = s.Parent.SpanID().String()
			}
		}
		root := find(t, trace, "POST /t/:slug/angkatan/:batch/nilai")
		gate := find(t, trace, "gate write")
		sql := find(t, trace, "sql INSERT outcome")
		guest := find(t, trace, "Grade")
		for name, s := range map[string]tracetest.SpanStub{"gate": gate, "sql": sql, "guest": guest} {
			at := s.SpanContext.SpanID().String()
			for at != root.SpanContext.SpanID().String() && parent[at] != "" {
				at = parent[at]
			}
			if at != root.SpanContext.SpanID().String() {
				t.Errorf("the %s span %q does not stand below the request", name, s.Name)
			}
		}
		inside := ""
		for _, s := range trace {
			for _, a := range s.Attributes {
				if a.Key == "guest.traceparent" {
					inside = a.Value.AsString()
				}
			}
		}
		if !strings.HasPrefix(inside, "00-"+id+"-") {
			t.Errorf("the guest answered from trace %q, want %s", inside, id)
		}
		for _, s := range trace {
			for _, a := range s.Attributes {
				for _, secret := range []string{"Andi", "199003152015031901", "SELECT ", "rapat.example"} {
					if strings.Contains(s.Name+string(a.Key)+a.Value.String(), secret) {
						t.Errorf("span %q tells %q in %s", s.Name, secret, a.Key)
					}
				}
			}
		}
		t.Logf("%d spans in one trace", len(trace))
	})
}

// find returns the first span whose name ends in name.
func find(t *testing.T, spans tracetest.SpanStubs, name string) tracetest.SpanStub {
	t.Helper()
	var names []string
	for _, s := range spans {
		if strings.HasSuffix(s.Name, name) {
			return s
		}
		names = append(names, s.Name)
	}
	t.Fatalf("no span %q among %q", name, names)
	return tracetest.SpanStub{}
}
