package host

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

const (
	maxText = 2000 // bytes of any text of an answer
	full    = coursetype.Hundredths(100_00)
)

// What is checked here is what the contract (package coursetype) promises. The
// errors are for the log and name no person: Refs stay out.

func checkDescription(e Entry, d coursetype.Description) error {
	if err := checkText(d); err != nil {
		return err
	}
	switch {
	case d.Key != e.Name || d.Version != e.Version:
		return errors.New("describes itself as another course type or version")
	case d.Name.ID == "" || d.Name.EN == "":
		return errors.New("no name")
	case d.SIASN < 1 || d.SIASN > 25:
		return fmt.Errorf("SIASN type %d, want 1..25", d.SIASN)
	case !isClass(d.CertificateClass):
		return errors.New("certificate class is none of T, F, P")
	case len(d.RuleSets) == 0:
		return errors.New("no rule-set")
	}
	seen := map[string]bool{}
	for i, r := range d.RuleSets {
		if r.Key == "" || seen[r.Key] {
			return fmt.Errorf("rule-set %d: key is empty or not unique", i)
		}
		seen[r.Key] = true
		if err := checkRuleSet(r); err != nil {
			return fmt.Errorf("rule-set %d: %w", i, err)
		}
	}
	return nil
}

func checkRuleSet(r coursetype.RuleSet) error {
	from, err := time.Parse(time.DateOnly, r.From)
	if err != nil {
		return errors.New("From is no day")
	}
	if r.To != "" {
		if to, err := time.Parse(time.DateOnly, r.To); err != nil || to.Before(from) {
			return errors.New("To is no day, or before From")
		}
	}
	switch {
	case r.Title.ID == "" || r.Title.EN == "":
		return errors.New("no title")
	case r.Decree == "":
		return errors.New("no decree")
	case r.Source != coursetype.Verified && r.Source != coursetype.Unconfirmed:
		return errors.New("source is unknown")
	case r.Pass < 0 || r.Pass > full:
		return fmt.Errorf("pass mark %s", r.Pass)
	case r.MinJP < 0 || r.MaxJP < 0 || r.MaxJP != 0 && r.MaxJP < r.MinJP:
		return fmt.Errorf("lesson hours from %d to %d", r.MinJP, r.MaxJP)
	}
	var sum int64
	seen := map[string]bool{}
	for i, c := range r.Components {
		if c.Key == "" || seen[c.Key] || c.Name.ID == "" || c.Weight <= 0 {
			return fmt.Errorf("component %d: key not unique, no name, or no weight", i)
		}
		seen[c.Key] = true
		sum += int64(c.Weight)
	}
	if sum != int64(full) {
		return fmt.Errorf("weights sum to %d hundredths, want %d", sum, full)
	}
	return nil
}

func checkEligibility(_ coursetype.Candidate, e coursetype.Eligibility) error {
	if !e.OK && (e.Rule == "" || e.Reason.ID == "") {
		return errors.New("refused without rule or reason")
	}
	return nil
}

func checkOutcome(r coursetype.Record, o coursetype.Outcome) error {
	scheduled := 0
	for _, s := range r.Sessions {
		scheduled += s.JP
	}
	switch {
	case o.State != coursetype.Passed && o.State != coursetype.Failed && o.State != coursetype.NoResult:
		return errors.New("state is unknown")
	case len(o.Missing) > 0 && o.State != coursetype.NoResult:
		return fmt.Errorf("components are missing, and yet %s", o.State)
	case o.State != coursetype.NoResult && len(o.Lines) == 0:
		return fmt.Errorf("%s without a line", o.State)
	case o.Total != coursetype.Total(o.Lines):
		return fmt.Errorf("total %s, its lines sum to %s", o.Total, coursetype.Total(o.Lines))
	case o.Total < 0 || o.Total > full:
		return fmt.Errorf("total %s", o.Total)
	case o.JP < 0 || o.JP > scheduled:
		return fmt.Errorf("credits %d of %d JP", o.JP, scheduled)
	}
	for i, l := range o.Lines {
		if err := checkLine(l); err != nil {
			return fmt.Errorf("line %d: %w", i, err)
		}
	}
	return nil
}

// checkLine allows any way of rounding to hundredths.
func checkLine(l coursetype.Line) error {
	if l.Weight < 0 || l.Weight > full || l.Input < 0 || l.Input > full {
		return fmt.Errorf("weight %s, input %s", l.Weight, l.Input)
	}
	off := int64(l.Contribution)*int64(full) - int64(l.Weight)*int64(l.Input)
	if off <= -int64(full) || off >= int64(full) {
		return fmt.Errorf("contribution %s of weight %s and input %s", l.Contribution, l.Weight, l.Input)
	}
	return nil
}

func checkCertificate(g coursetype.Graduate, c coursetype.Certificate) error {
	switch {
	case !isClass(c.Class):
		return errors.New("certificate class is none of T, F, P")
	case c.Title.ID == "" || c.Statement.ID == "":
		return errors.New("no title or statement")
	case c.JP < 0 || c.JP > g.Outcome.JP:
		return fmt.Errorf("certifies %d of %d JP", c.JP, g.Outcome.JP)
	}
	return nil
}

func isClass(s string) bool { return s == "T" || s == "F" || s == "P" }

// checkText wants every string in v, however deep, to be at most maxText bytes of
// valid UTF-8 without NUL, which PostgreSQL refuses.
func checkText(v any) error { return walk(reflect.ValueOf(v)) }

func walk(v reflect.Value) error {
	switch v.Kind() { //nolint:exhaustive // what else an answer is made of holds no text
	case reflect.String:
		switch s := v.String(); {
		case len(s) > maxText:
			return fmt.Errorf("text of %d bytes, want at most %d", len(s), maxText)
		case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
			return errors.New("text is not valid UTF-8, or has a NUL")
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := walk(v.Field(i)); err != nil {
				return err
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := walk(v.Index(i)); err != nil {
				return err
			}
		}
	}
	return nil
}
