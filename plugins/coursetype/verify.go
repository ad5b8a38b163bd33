package coursetype

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// What the contract promises, as checks: the platform makes them of every answer
// before anyone sees it, and a vendor can make them in tests. The errors are
// English, for a log: they name no participant.

const (
	// MaxText is the most bytes of any text in an answer.
	MaxText = 2000
	// MaxSchema is the most bytes of a description's Schema.
	MaxSchema = 16 << 10
	// MaxList is the longest list in an answer.
	MaxList = 1000
)

// Verify reports the first breach of the contract in d.
func (d Description) Verify() error {
	schema := d.Schema
	d.Schema = "" // longer than other texts
	if err := Bounded(d); err != nil {
		return err
	}
	switch {
	case len(schema) > MaxSchema:
		return fmt.Errorf("schema of %d bytes, want at most %d", len(schema), MaxSchema)
	case d.Key == "" || d.Version == "":
		return errors.New("no key or version")
	case d.Name.empty() || d.Summary.empty():
		return errors.New("name or summary is missing in one of the languages")
	case d.SIASN < 0 || d.SIASN > 25:
		return fmt.Errorf("SIASN type %d, want 1..25", d.SIASN)
	case (d.SIASN == 0) == (d.SIASNSetting == ""):
		return errors.New("want either a SIASN type or the setting that says it")
	case d.CertificateClass != "" && !isClass(d.CertificateClass):
		return errors.New("certificate class is none of T, F, P")
	case len(d.Kinds) == 0 || slices.ContainsFunc(d.Kinds, func(k string) bool { return !isKind(k) }):
		return errors.New("participant kinds are none, or unknown")
	case len(d.RuleSets) == 0:
		return errors.New("no rule-set")
	}
	if err := d.verifySchema(schema); err != nil {
		return err
	}
	roles := map[string]bool{}
	for i, r := range d.Roles {
		if r.Key == "" || roles[r.Key] || r.Name.empty() || r.Least < 0 || r.Each < 0 {
			return fmt.Errorf("role %d: key not unique, no name, or a negative number", i)
		}
		roles[r.Key] = true
	}
	asked := map[Field]bool{}
	for i, a := range d.Asks {
		if !slices.Contains([]Field{FieldRank, FieldSince, FieldHistory}, a.Field) || asked[a.Field] || a.Why.empty() {
			return fmt.Errorf("ask %d: field unknown or asked twice, or no reason", i)
		}
		asked[a.Field] = true
	}
	keys := map[string]bool{}
	for i, r := range d.RuleSets {
		if r.Key == "" || keys[r.Key] {
			return fmt.Errorf("rule-set %d: key is empty or not unique", i)
		}
		keys[r.Key] = true
		if err := r.verify(d, roles); err != nil {
			return fmt.Errorf("rule-set %s: %w", r.Key, err)
		}
	}
	return nil
}

// verifySchema reports what of the schema is beyond the subset (see ParseSchema), and a
// setting that is to say the SIASN type and cannot.
func (d Description) verifySchema(schema string) error {
	settings, err := ParseSchema(schema)
	if err != nil || d.SIASNSetting == "" {
		return err
	}
	p, ok := settings.Property(d.SIASNSetting)
	if !ok || p.Shape != ShapeNumber || !p.Required {
		return errors.New("the setting that says the SIASN type is no required integer")
	}
	return nil
}

// RuleSet returns the rule-set of that key.
func (d Description) RuleSet(key string) (RuleSet, bool) {
	i := slices.IndexFunc(d.RuleSets, func(r RuleSet) bool { return r.Key == key })
	if i < 0 {
		return RuleSet{}, false
	}
	return d.RuleSets[i], true
}

func (r RuleSet) verify(d Description, roles map[string]bool) error {
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
	case r.Title.empty():
		return errors.New("title is missing in one of the languages")
	case r.Decree == "":
		return errors.New("no decree")
	case r.Source != Verified && r.Source != Unconfirmed:
		return errors.New("source is unknown")
	case (r.Source == Unconfirmed) == r.Doubt.empty():
		return errors.New("want a doubt where the source is unconfirmed, and none elsewhere")
	case r.MinJP < 0 || r.MaxJP < 0 || r.MaxJP != 0 && r.MaxJP < r.MinJP || r.ClassSize < 0:
		return fmt.Errorf("lesson hours from %d to %d, class of %d", r.MinJP, r.MaxJP, r.ClassSize)
	case !r.Pass.within():
		return fmt.Errorf("pass mark %s", r.Pass.At)
	}
	seen := map[string]bool{}
	if err := verifyTree(r.Components, 1, seen); err != nil {
		return err
	}
	var sum Hundredths
	for _, c := range r.Components {
		sum += c.Weight
	}
	if sum != Full {
		return fmt.Errorf("weights sum to %s, want 100,00", sum)
	}
	return errors.Join(r.verifyPhases(), r.verifyLeaves(roles), r.verifyGrades(), r.verifyForms(d), r.verifyLists())
}

func verifyTree(tree []Component, depth int, seen map[string]bool) error {
	for _, c := range tree {
		switch {
		case depth > 3:
			return errors.New("components deeper than 3 levels")
		case c.Key == "" || seen[c.Key] || c.Name.empty():
			return fmt.Errorf("component %q: key not unique, or no name", c.Key)
		case c.Weight <= 0 || c.Weight > Full:
			return fmt.Errorf("component %s: weight %s", c.Key, c.Weight)
		}
		seen[c.Key] = true
		if len(c.Parts) == 0 {
			continue
		}
		var sum Hundredths
		for _, p := range c.Parts {
			sum += p.Weight
		}
		if sum != c.Weight {
			return fmt.Errorf("component %s: weight %s, its parts sum to %s", c.Key, c.Weight, sum)
		}
		if err := verifyTree(c.Parts, depth+1, seen); err != nil {
			return err
		}
	}
	return nil
}

func (r RuleSet) verifyLeaves(roles map[string]bool) error {
	for _, c := range r.Leaves() {
		_, phase := r.phase(c.Phase)
		switch {
		case c.Input != Scored && c.Input != Imported && c.Input != Attended:
			return fmt.Errorf("component %s: input is unknown", c.Key)
		case c.Phase != "" && !phase:
			return fmt.Errorf("component %s: its phase is none", c.Key)
		case c.Role != "" && !roles[c.Role]:
			return fmt.Errorf("component %s: its role is none", c.Key)
		case c.Attempts < 0 || c.Attempts > 100:
			return fmt.Errorf("component %s: %d attempts", c.Key, c.Attempts)
		case c.Keep != "" && c.Keep != KeepBest && c.Keep != KeepLast:
			return fmt.Errorf("component %s: which attempt counts is unknown", c.Key)
		}
	}
	return nil
}

func (r RuleSet) phase(key string) (Phase, bool) {
	for _, p := range r.Phases {
		if p.Key == key {
			return p, true
		}
	}
	return Phase{}, false
}

func (r RuleSet) verifyPhases() error {
	if len(r.Phases) == 0 {
		return errors.New("no phase")
	}
	phases, subjects := map[string]bool{}, map[string]bool{}
	leaves := map[string]bool{}
	for _, c := range r.Leaves() {
		leaves[c.Key] = true
	}
	for _, p := range r.Phases {
		switch {
		case p.Key == "" || phases[p.Key] || p.Name.empty():
			return fmt.Errorf("phase %q: key not unique, or no name", p.Key)
		case !p.Mode.known():
			return fmt.Errorf("phase %s: mode is unknown", p.Key)
		case p.JP < 0 || p.Days < 0:
			return fmt.Errorf("phase %s: %d JP in %d days", p.Key, p.JP, p.Days)
		case p.Gate.Component != "" && !leaves[p.Gate.Component]:
			return fmt.Errorf("phase %s: its gate asks for no component", p.Key)
		case !p.Gate.Min.within() || !p.Attend.Min.within():
			return fmt.Errorf("phase %s: gate or attendance is not within 0..100", p.Key)
		}
		phases[p.Key] = true
		for _, s := range p.Subjects {
			if s.Key == "" || subjects[s.Key] || s.Name.empty() || s.JP < 0 {
				return fmt.Errorf("subject %q: key not unique, no name, or negative hours", s.Key)
			}
			subjects[s.Key] = true
		}
	}
	return nil
}

func (r RuleSet) verifyGrades() error {
	keys := map[string]bool{}
	for i, g := range r.Grades {
		if g.Key == "" || keys[g.Key] || g.Name.empty() || !g.Min.within() || i > 0 && g.Min.At >= r.Grades[i-1].Min.At {
			return fmt.Errorf("grade %d: key not unique, no name, or not below the one before", i)
		}
		keys[g.Key] = true
	}
	if n := len(r.Grades); n > 0 && r.Grades[n-1].Min != (Bound{0, true}) {
		return errors.New("the last grade does not begin at 0,00")
	}
	return nil
}

func (r RuleSet) verifyForms(d Description) error {
	types := map[int]bool{}
	for _, f := range r.Forms {
		switch {
		case f.SIASN < 1 || f.SIASN > 25 || types[f.SIASN]:
			return fmt.Errorf("form of SIASN type %d: out of 1..25, or there twice", f.SIASN)
		case f.Name.empty() || !isClass(f.Class):
			return fmt.Errorf("form %d: no name, or its certificate class is none of T, F, P", f.SIASN)
		case !slices.Contains([]Unit{PerHour, PerDay, PerTime, PerSemester}, f.Unit):
			return fmt.Errorf("form %d: unit is unknown", f.SIASN)
		case f.Rounding != "" && !slices.Contains([]Rounding{RoundDown, RoundHalf, RoundUp}, f.Rounding):
			return fmt.Errorf("form %d: rounding is unknown", f.SIASN)
		case f.National.Rate <= 0 || !f.National.sane() || !f.Abroad.sane():
			return fmt.Errorf("form %d: rate or cap out of bounds", f.SIASN)
		}
		types[f.SIASN] = true
	}
	if len(types) == 0 || d.SIASN != 0 && !types[d.SIASN] {
		return errors.New("no form for the course type's SIASN type")
	}
	return nil
}

func (c Credit) sane() bool {
	return c.Rate >= 0 && c.Rate <= 1000_00 && c.DayCap >= 0 && c.MonthCap >= 0
}

func (r RuleSet) verifyLists() error {
	keys := map[string]bool{}
	for _, a := range r.Approvals {
		if a.Key == "" || keys["a:"+a.Key] || a.Name.empty() || !slices.Contains([]string{"sender", "host", "province", "LAN"}, a.By) {
			return fmt.Errorf("approval %q: key not unique, no name, or by nobody known", a.Key)
		}
		keys["a:"+a.Key] = true
	}
	for _, d := range r.Documents {
		if d.Key == "" || keys["d:"+d.Key] || d.Name.empty() || !slices.Contains([]string{"candidate", "batch", "closing"}, d.Of) {
			return fmt.Errorf("document %q: key not unique, no name, or of nothing known", d.Key)
		}
		keys["d:"+d.Key] = true
	}
	for _, s := range r.Signers {
		if s.Key == "" || keys["s:"+s.Key] || s.Name.empty() {
			return fmt.Errorf("signer %q: key not unique, or no name", s.Key)
		}
		keys["s:"+s.Key] = true
	}
	return nil
}

func (m Mode) known() bool { return slices.Contains([]Mode{Classroom, Live, SelfPaced, Workplace}, m) }

func (t Text) empty() bool { return t.ID == "" || t.EN == "" }

func (b Bound) within() bool { return b.At >= 0 && b.At <= Full }

func isClass(s string) bool { return s == "T" || s == "F" || s == "P" }

func isKind(s string) bool { return s == "PNS" || s == "CPNS" || s == "PPPK" || s == "NON_ASN" }

// Bounded wants every string in v, however deep, to be at most MaxText bytes of
// valid UTF-8 without NUL (which PostgreSQL refuses), and no list longer than
// MaxList.
func Bounded(v any) error { return bounded(reflect.ValueOf(v)) }

func bounded(v reflect.Value) error {
	switch v.Kind() { //nolint:exhaustive // what else an answer is made of holds no text
	case reflect.String:
		switch s := v.String(); {
		case len(s) > MaxText:
			return fmt.Errorf("text of %d bytes, want at most %d", len(s), MaxText)
		case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
			return errors.New("text is not valid UTF-8, or has a NUL")
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := bounded(v.Field(i)); err != nil {
				return err
			}
		}
	case reflect.Slice:
		if v.Len() > MaxList {
			return fmt.Errorf("list of %d, want at most %d", v.Len(), MaxList)
		}
		for i := range v.Len() {
			if err := bounded(v.Index(i)); err != nil {
				return err
			}
		}
	}
	return nil
}
