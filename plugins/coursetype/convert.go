package coursetype

import (
	pb "github.com/wiyata-id/wiyata/plugins/coursetype/proto"
)

// The only translators between the Go structs and the wire. Each pair is the
// identity on every value but one: an empty list or map comes back nil.

func each[A, B any](as []A, f func(A) B) []B {
	if len(as) == 0 {
		return nil
	}
	bs := make([]B, len(as))
	for i, a := range as {
		bs[i] = f(a)
	}
	return bs
}

func textTo(t Text) *pb.Text { return &pb.Text{Id: t.ID, En: t.EN} }

func textFrom(t *pb.Text) Text { return Text{ID: t.GetId(), EN: t.GetEn()} }

func descriptionTo(d Description) *pb.Description {
	return &pb.Description{
		Key: d.Key, Version: d.Version, Name: textTo(d.Name), Siasn: int64(d.SIASN),
		CertificateClass: d.CertificateClass, RuleSets: each(d.RuleSets, ruleSetTo),
	}
}

func descriptionFrom(d *pb.Description) Description {
	return Description{
		Key: d.GetKey(), Version: d.GetVersion(), Name: textFrom(d.GetName()), SIASN: int(d.GetSiasn()),
		CertificateClass: d.GetCertificateClass(), RuleSets: each(d.GetRuleSets(), ruleSetFrom),
	}
}

func ruleSetTo(r RuleSet) *pb.RuleSet {
	return &pb.RuleSet{
		Key: r.Key, Title: textTo(r.Title), Decree: r.Decree, Article: r.Article, From: r.From, To: r.To,
		Source: string(r.Source), Components: each(r.Components, componentTo), Pass: int32(r.Pass),
		PassInclusive: r.PassInclusive, MinJp: int64(r.MinJP), MaxJp: int64(r.MaxJP),
	}
}

func ruleSetFrom(r *pb.RuleSet) RuleSet {
	return RuleSet{
		Key: r.GetKey(), Title: textFrom(r.GetTitle()), Decree: r.GetDecree(), Article: r.GetArticle(),
		From: r.GetFrom(), To: r.GetTo(), Source: Source(r.GetSource()),
		Components: each(r.GetComponents(), componentFrom), Pass: Hundredths(r.GetPass()),
		PassInclusive: r.GetPassInclusive(), MinJP: int(r.GetMinJp()), MaxJP: int(r.GetMaxJp()),
	}
}

func componentTo(c Component) *pb.Component {
	return &pb.Component{Key: c.Key, Name: textTo(c.Name), Weight: int32(c.Weight)}
}

func componentFrom(c *pb.Component) Component {
	return Component{Key: c.GetKey(), Name: textFrom(c.GetName()), Weight: Hundredths(c.GetWeight())}
}

func eligibleTo(r EligibleRequest) *pb.EligibleRequest {
	return &pb.EligibleRequest{RuleSet: r.RuleSet, Candidates: each(r.Candidates, func(c Candidate) *pb.Candidate {
		return &pb.Candidate{Ref: string(c.Ref), Kind: c.Kind, Active: c.Active}
	})}
}

func eligibleFrom(r *pb.EligibleRequest) EligibleRequest {
	return EligibleRequest{RuleSet: r.GetRuleSet(), Candidates: each(r.GetCandidates(), func(c *pb.Candidate) Candidate {
		return Candidate{Ref: Ref(c.GetRef()), Kind: c.GetKind(), Active: c.GetActive()}
	})}
}

func eligibilityTo(e Eligibility) *pb.Eligibility {
	return &pb.Eligibility{Ref: string(e.Ref), Ok: e.OK, Rule: e.Rule, Reason: textTo(e.Reason)}
}

func eligibilityFrom(e *pb.Eligibility) Eligibility {
	return Eligibility{Ref: Ref(e.GetRef()), OK: e.GetOk(), Rule: e.GetRule(), Reason: textFrom(e.GetReason())}
}

func gradeTo(r GradeRequest) *pb.GradeRequest {
	return &pb.GradeRequest{RuleSet: r.RuleSet, Records: each(r.Records, recordTo)}
}

func gradeFrom(r *pb.GradeRequest) GradeRequest {
	return GradeRequest{RuleSet: r.GetRuleSet(), Records: each(r.GetRecords(), recordFrom)}
}

func recordTo(r Record) *pb.Record {
	scores := make(map[string]int32, len(r.Scores))
	for k, v := range r.Scores {
		scores[k] = int32(v)
	}
	return &pb.Record{Ref: string(r.Ref), Scores: scores, Sessions: each(r.Sessions, func(s Attended) *pb.Attended {
		return &pb.Attended{Session: string(s.Session), Jp: int64(s.JP), Present: s.Present}
	})}
}

func recordFrom(r *pb.Record) Record {
	var scores map[string]Hundredths
	if len(r.GetScores()) > 0 {
		scores = make(map[string]Hundredths, len(r.GetScores()))
	}
	for k, v := range r.GetScores() {
		scores[k] = Hundredths(v)
	}
	return Record{Ref: Ref(r.GetRef()), Scores: scores, Sessions: each(r.GetSessions(), func(s *pb.Attended) Attended {
		return Attended{Session: Ref(s.GetSession()), JP: int(s.GetJp()), Present: s.GetPresent()}
	})}
}

func outcomeTo(o Outcome) *pb.Outcome {
	return &pb.Outcome{
		Ref: string(o.Ref), State: string(o.State), Total: int32(o.Total), Jp: int64(o.JP),
		Lines: each(o.Lines, lineTo), Missing: o.Missing, Reason: textTo(o.Reason),
	}
}

func outcomeFrom(o *pb.Outcome) Outcome {
	return Outcome{
		Ref: Ref(o.GetRef()), State: State(o.GetState()), Total: Hundredths(o.GetTotal()), JP: int(o.GetJp()),
		Lines: each(o.GetLines(), lineFrom), Missing: o.GetMissing(), Reason: textFrom(o.GetReason()),
	}
}

func lineTo(l Line) *pb.Line {
	return &pb.Line{
		Component: l.Component, Name: textTo(l.Name), Weight: int32(l.Weight), Input: int32(l.Input),
		Contribution: int32(l.Contribution), Note: textTo(l.Note),
	}
}

func lineFrom(l *pb.Line) Line {
	return Line{
		Component: l.GetComponent(), Name: textFrom(l.GetName()), Weight: Hundredths(l.GetWeight()),
		Input: Hundredths(l.GetInput()), Contribution: Hundredths(l.GetContribution()), Note: textFrom(l.GetNote()),
	}
}

func certifyTo(r CertifyRequest) *pb.CertifyRequest {
	return &pb.CertifyRequest{RuleSet: r.RuleSet, Graduates: each(r.Graduates, func(g Graduate) *pb.Graduate {
		return &pb.Graduate{Ref: string(g.Ref), Outcome: outcomeTo(g.Outcome)}
	})}
}

func certifyFrom(r *pb.CertifyRequest) CertifyRequest {
	return CertifyRequest{RuleSet: r.GetRuleSet(), Graduates: each(r.GetGraduates(), func(g *pb.Graduate) Graduate {
		return Graduate{Ref: Ref(g.GetRef()), Outcome: outcomeFrom(g.GetOutcome())}
	})}
}

func certificateTo(c Certificate) *pb.Certificate {
	return &pb.Certificate{
		Ref: string(c.Ref), Class: c.Class, Title: textTo(c.Title), Statement: textTo(c.Statement), Jp: int64(c.JP),
	}
}

func certificateFrom(c *pb.Certificate) Certificate {
	return Certificate{
		Ref: Ref(c.GetRef()), Class: c.GetClass(), Title: textFrom(c.GetTitle()),
		Statement: textFrom(c.GetStatement()), JP: int(c.GetJp()),
	}
}
