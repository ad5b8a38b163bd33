package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// now is the rule-set of most batches; second and third are settings.
const (
	now    = "blended-berakhlak"
	old    = "klasikal-aneka-2013" // the older grade scale
	second = coursetype.Settings(`{"golongan":"II"}`)
	third  = coursetype.Settings(`{"golongan":"III"}`)
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, ct coursetype.CourseType) {
		d, err := ct.Describe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Verify(); err != nil {
			t.Fatal(err)
		}
		again, _ := ct.Describe(t.Context())
		if diff := cmp.Diff(d, again); diff != "" {
			t.Errorf("described twice: %s", diff)
		}
		if d.Key != key || d.Version != version || len(d.RuleSets) != 8 || !cmp.Equal(d.Kinds, []string{"CPNS"}) || len(d.Asks) != 3 {
			t.Errorf("%s %s, %d rule-sets, for %v, asks %d", d.Key, d.Version, len(d.RuleSets), d.Kinds, len(d.Asks))
		}
		var s struct {
			Required   []string
			Properties map[string]any
		}
		if err := json.Unmarshal([]byte(d.Schema), &s); err != nil || !cmp.Equal(s.Required, []string{"golongan"}) || len(s.Properties) != 2 {
			t.Errorf("schema: %v, %+v", err, s)
		}
		for _, r := range d.RuleSets {
			if r.Source != coursetype.Unconfirmed || !r.OnceOnly || !r.Accreditation || r.ClassSize != 40 || len(r.Approvals) != 3 {
				t.Errorf("%s: %s, once %v, accreditation %v, class of %d, %d approvals", r.Key, r.Source, r.OnceOnly, r.Accreditation, r.ClassSize, len(r.Approvals))
			}
			health := 0
			for _, d := range r.Documents {
				if d.Health {
					health++
				}
			}
			if health != 2 {
				t.Errorf("%s: %d documents of health", r.Key, health)
			}
		}
	})
}

// What of the curriculum is known: 647 and 511 JP, of which agenda IV has 363.
func TestHours(t *testing.T) {
	t.Parallel()
	for _, r := range rulings() {
		want := map[method]int{blended: 647, classical: 511, distance: 647}[r.method]
		habituation, values := 0, ""
		for _, p := range r.Phases {
			habituation += hoursOf(p.Subjects)
			for _, s := range p.Subjects {
				if s.Key == "akuntabel" || s.Key == "akuntabilitas" {
					values = s.Key
				}
			}
		}
		days := map[method]int{blended: 74, classical: 51, distance: 74}[r.method]
		if r.Key == old {
			want, days = 0, 0
		} else if habituation != 363 {
			t.Errorf("%s: agenda IV has %d JP", r.Key, habituation)
		}
		if r.MinJP != want || r.MaxJP != want || r.days() != days {
			t.Errorf("%s: %d..%d JP in %d days, want %d in %d", r.Key, r.MinJP, r.MaxJP, r.days(), want, days)
		}
		if wantValues := map[bool]string{true: "akuntabel", false: "akuntabilitas"}[r.From >= berakhlak]; values != wantValues {
			t.Errorf("%s from %s teaches %s", r.Key, r.From, values)
		}
	}
}

// From the first day of its first rule-set on, a method has exactly one every day.
func TestOneRuleSetADay(t *testing.T) {
	t.Parallel()
	first := map[method]string{classical: "2013-01-01", blended: "2021-01-01", distance: "2021-01-01"}
	for day := time.Date(2012, 12, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2031; day = day.AddDate(0, 0, 1) {
		s := day.Format(time.DateOnly)
		n := map[method]int{}
		for _, r := range rulings() {
			if r.covers(s) {
				n[r.method]++
			}
		}
		for m, from := range first {
			if want := map[bool]int{true: 1}[s >= from]; n[m] != want {
				t.Fatalf("%s on %s: %d rule-sets, want %d", m, s, n[m], want)
			}
		}
	}
}

func TestWhichRuleSet(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		method method
		day    string
		want   string
	}{
		{classical, "2012-12-31", ""},
		{classical, "2013-01-01", "klasikal-aneka-2013"},
		{classical, "2017-12-31", "klasikal-aneka-2013"}, // the older scale
		{classical, "2018-01-01", "klasikal-aneka-2018"},
		{classical, "2020-12-31", "klasikal-aneka-2018"},
		{classical, "2021-01-01", "klasikal-aneka-2021"},
		{classical, "2021-09-30", "klasikal-aneka-2021"},
		{classical, "2021-10-01", "klasikal-berakhlak"},
		{blended, "2020-12-31", ""},
		{blended, "2021-01-01", "blended-aneka"},
		{blended, "2021-09-30", "blended-aneka"},
		{blended, "2021-10-01", "blended-berakhlak"},
		{distance, "2021-09-30", "jarak-jauh-aneka"},
		{distance, "2021-10-01", "jarak-jauh-berakhlak"},
	} {
		got := ""
		for _, r := range rulings() {
			if r.method == tc.method && r.covers(tc.day) {
				got += r.Key
			}
		}
		if got != tc.want {
			t.Errorf("%s on %s: %q, want %q", tc.method, tc.day, got, tc.want)
		}
	}
}
