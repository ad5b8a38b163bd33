package coursetype

import (
	pb "github.com/wiyata-id/wiyata/plugins/coursetype/proto"
)

func checkTo(r CheckRequest) *pb.CheckRequest {
	return &pb.CheckRequest{
		RuleSet: r.RuleSet, Settings: string(r.Settings), Start: r.Start, End: r.End,
		Participants: int64(r.Participants), Sessions: each(r.Sessions, sessionTo),
	}
}

func checkFrom(r *pb.CheckRequest) CheckRequest {
	return CheckRequest{
		RuleSet: r.GetRuleSet(), Settings: Settings(r.GetSettings()), Start: r.GetStart(), End: r.GetEnd(),
		Participants: int(r.GetParticipants()), Sessions: each(r.GetSessions(), sessionFrom),
	}
}

func findingTo(f Finding) *pb.Finding {
	return &pb.Finding{Field: f.Field, Refuse: f.Refuse, Text: textTo(f.Text)}
}

func findingFrom(f *pb.Finding) Finding {
	return Finding{Field: f.GetField(), Refuse: f.GetRefuse(), Text: textFrom(f.GetText())}
}

func eligibleTo(r EligibleRequest) *pb.EligibleRequest {
	return &pb.EligibleRequest{
		RuleSet: r.RuleSet, Settings: string(r.Settings), Start: r.Start, Candidates: each(r.Candidates, candidateTo),
	}
}

func eligibleFrom(r *pb.EligibleRequest) EligibleRequest {
	return EligibleRequest{
		RuleSet: r.GetRuleSet(), Settings: Settings(r.GetSettings()), Start: r.GetStart(),
		Candidates: each(r.GetCandidates(), candidateFrom),
	}
}

func candidateTo(c Candidate) *pb.Candidate {
	return &pb.Candidate{
		Ref: string(c.Ref), Kind: c.Kind, Active: c.Active, Rank: c.Rank, Since: c.Since,
		Past: each(c.Past, func(p Past) *pb.Past { return &pb.Past{State: string(p.State), Ended: p.Ended} }),
	}
}

func candidateFrom(c *pb.Candidate) Candidate {
	return Candidate{
		Ref: Ref(c.GetRef()), Kind: c.GetKind(), Active: c.GetActive(), Rank: c.GetRank(), Since: c.GetSince(),
		Past: each(c.GetPast(), func(p *pb.Past) Past { return Past{State: State(p.GetState()), Ended: p.GetEnded()} }),
	}
}

func eligibilityTo(e Eligibility) *pb.Eligibility {
	return &pb.Eligibility{
		Ref: string(e.Ref), Ok: e.OK, Rule: e.Rule, Reason: textTo(e.Reason),
		Flags: each(e.Flags, func(f Flag) *pb.Flag { return &pb.Flag{Rule: f.Rule, Reason: textTo(f.Reason)} }),
	}
}

func eligibilityFrom(e *pb.Eligibility) Eligibility {
	return Eligibility{
		Ref: Ref(e.GetRef()), OK: e.GetOk(), Rule: e.GetRule(), Reason: textFrom(e.GetReason()),
		Flags: each(e.GetFlags(), func(f *pb.Flag) Flag { return Flag{Rule: f.GetRule(), Reason: textFrom(f.GetReason())} }),
	}
}

func planTo(r PlanRequest) *pb.PlanRequest {
	return &pb.PlanRequest{RuleSet: r.RuleSet, Settings: string(r.Settings), Days: r.Days}
}

func planFrom(r *pb.PlanRequest) PlanRequest {
	return PlanRequest{RuleSet: r.GetRuleSet(), Settings: Settings(r.GetSettings()), Days: r.GetDays()}
}

func planAnswerTo(p Plan) *pb.PlanResponse {
	return &pb.PlanResponse{Spans: each(p.Spans, spanTo), Sessions: each(p.Sessions, sessionTo)}
}

func planAnswerFrom(p *pb.PlanResponse) Plan {
	return Plan{Spans: each(p.GetSpans(), spanFrom), Sessions: each(p.GetSessions(), sessionFrom)}
}

func spanTo(s Span) *pb.Span {
	return &pb.Span{Phase: s.Phase, From: s.From, To: s.To, Days: int64(s.Days)}
}

func spanFrom(s *pb.Span) Span {
	return Span{Phase: s.GetPhase(), From: s.GetFrom(), To: s.GetTo(), Days: int(s.GetDays())}
}

func sessionTo(s Session) *pb.Session {
	return &pb.Session{
		Title: textTo(s.Title), Phase: s.Phase, Subject: s.Subject, Mode: string(s.Mode), Day: s.Day,
		Start: int64(s.Start), Minutes: int64(s.Minutes), Jp: int64(s.JP),
	}
}

func sessionFrom(s *pb.Session) Session {
	return Session{
		Title: textFrom(s.GetTitle()), Phase: s.GetPhase(), Subject: s.GetSubject(), Mode: Mode(s.GetMode()), Day: s.GetDay(),
		Start: int(s.GetStart()), Minutes: int(s.GetMinutes()), JP: int(s.GetJp()),
	}
}

func gradeTo(r GradeRequest) *pb.GradeRequest {
	return &pb.GradeRequest{RuleSet: r.RuleSet, Settings: string(r.Settings), Records: each(r.Records, recordTo)}
}

func gradeFrom(r *pb.GradeRequest) GradeRequest {
	return GradeRequest{RuleSet: r.GetRuleSet(), Settings: Settings(r.GetSettings()), Records: each(r.GetRecords(), recordFrom)}
}

func recordTo(r Record) *pb.Record {
	return &pb.Record{
		Ref: string(r.Ref), Sessions: each(r.Sessions, presenceTo),
		Scores: each(r.Scores, func(s Score) *pb.Score { return &pb.Score{Component: s.Component, Value: int32(s.Value)} }),
	}
}

func recordFrom(r *pb.Record) Record {
	return Record{
		Ref: Ref(r.GetRef()), Sessions: each(r.GetSessions(), presenceFrom),
		Scores: each(r.GetScores(), func(s *pb.Score) Score {
			return Score{Component: s.GetComponent(), Value: Hundredths(s.GetValue())}
		}),
	}
}

func presenceTo(p Presence) *pb.Presence {
	return &pb.Presence{Session: string(p.Session), Phase: p.Phase, Day: p.Day, Jp: int64(p.JP), Present: p.Present}
}

func presenceFrom(p *pb.Presence) Presence {
	return Presence{Session: Ref(p.GetSession()), Phase: p.GetPhase(), Day: p.GetDay(), JP: int(p.GetJp()), Present: p.GetPresent()}
}

func outcomeTo(o Outcome) *pb.Outcome {
	return &pb.Outcome{
		Ref: string(o.Ref), State: string(o.State), Total: int32(o.Total), Grade: o.Grade, Jp: int64(o.JP),
		Lines: each(o.Lines, lineTo), Hours: each(o.Hours, hoursTo), Missing: o.Missing,
		Gates: each(o.Gates, standingTo), Reason: textTo(o.Reason),
	}
}

func outcomeFrom(o *pb.Outcome) Outcome {
	return Outcome{
		Ref: Ref(o.GetRef()), State: State(o.GetState()), Total: Hundredths(o.GetTotal()), Grade: o.GetGrade(), JP: int(o.GetJp()),
		Lines: each(o.GetLines(), lineFrom), Hours: each(o.GetHours(), hoursFrom), Missing: o.GetMissing(),
		Gates: each(o.GetGates(), standingFrom), Reason: textFrom(o.GetReason()),
	}
}

func lineTo(l Line) *pb.Line {
	return &pb.Line{
		Component: l.Component, Name: textTo(l.Name), Weight: int32(l.Weight), Input: int32(l.Input),
		Contribution: int64(l.Contribution), Note: textTo(l.Note),
	}
}

func lineFrom(l *pb.Line) Line {
	return Line{
		Component: l.GetComponent(), Name: textFrom(l.GetName()), Weight: Hundredths(l.GetWeight()),
		Input: Hundredths(l.GetInput()), Contribution: Exact(l.GetContribution()), Note: textFrom(l.GetNote()),
	}
}

func hoursTo(h Hours) *pb.Hours {
	return &pb.Hours{
		Name: textTo(h.Name), Count: int64(h.Count), Unit: string(h.Unit), Rate: int32(h.Rate), Cap: int64(h.Cap),
		Rounding: string(h.Rounding), Jp: int64(h.JP), Note: textTo(h.Note),
	}
}

func hoursFrom(h *pb.Hours) Hours {
	return Hours{
		Name: textFrom(h.GetName()), Count: int(h.GetCount()), Unit: Unit(h.GetUnit()), Rate: Hundredths(h.GetRate()),
		Cap: int(h.GetCap()), Rounding: Rounding(h.GetRounding()), JP: int(h.GetJp()), Note: textFrom(h.GetNote()),
	}
}

func standingTo(s Standing) *pb.Standing {
	return &pb.Standing{Phase: s.Phase, Open: s.Open, Reason: textTo(s.Reason)}
}

func standingFrom(s *pb.Standing) Standing {
	return Standing{Phase: s.GetPhase(), Open: s.GetOpen(), Reason: textFrom(s.GetReason())}
}

func certifyTo(r CertifyRequest) *pb.CertifyRequest {
	return &pb.CertifyRequest{RuleSet: r.RuleSet, Settings: string(r.Settings), Graduates: each(r.Graduates, graduateTo)}
}

func certifyFrom(r *pb.CertifyRequest) CertifyRequest {
	return CertifyRequest{RuleSet: r.GetRuleSet(), Settings: Settings(r.GetSettings()), Graduates: each(r.GetGraduates(), graduateFrom)}
}

func graduateTo(g Graduate) *pb.Graduate {
	return &pb.Graduate{Ref: string(g.Ref), Outcome: outcomeTo(g.Outcome)}
}

func graduateFrom(g *pb.Graduate) Graduate {
	return Graduate{Ref: Ref(g.GetRef()), Outcome: outcomeFrom(g.GetOutcome())}
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
