package coursetype

import (
	pb "github.com/wiyata-id/wiyata/plugins/coursetype/proto"
)

// The only translators between the Go structs and the wire: here what a guest
// offers, in convert_question.go what it is asked. Each pair is the identity on
// every value but one: an empty list comes back nil.

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

func boundTo(b Bound) *pb.Bound { return &pb.Bound{At: int32(b.At), Inclusive: b.Inclusive} }

func boundFrom(b *pb.Bound) Bound {
	return Bound{At: Hundredths(b.GetAt()), Inclusive: b.GetInclusive()}
}

func descriptionTo(d Description) *pb.Description {
	return &pb.Description{
		Key: d.Key, Version: d.Version, Name: textTo(d.Name), Summary: textTo(d.Summary),
		Siasn: int64(d.SIASN), SiasnSetting: d.SIASNSetting, CertificateClass: d.CertificateClass,
		Kinds: d.Kinds, Roles: each(d.Roles, roleTo), Asks: each(d.Asks, askTo), Schema: d.Schema,
		RuleSets: each(d.RuleSets, ruleSetTo),
	}
}

func descriptionFrom(d *pb.Description) Description {
	return Description{
		Key: d.GetKey(), Version: d.GetVersion(), Name: textFrom(d.GetName()), Summary: textFrom(d.GetSummary()),
		SIASN: int(d.GetSiasn()), SIASNSetting: d.GetSiasnSetting(), CertificateClass: d.GetCertificateClass(),
		Kinds: d.GetKinds(), Roles: each(d.GetRoles(), roleFrom), Asks: each(d.GetAsks(), askFrom), Schema: d.GetSchema(),
		RuleSets: each(d.GetRuleSets(), ruleSetFrom),
	}
}

func roleTo(r Role) *pb.Role {
	return &pb.Role{Key: r.Key, Name: textTo(r.Name), Least: int64(r.Least), Each: int64(r.Each)}
}

func roleFrom(r *pb.Role) Role {
	return Role{Key: r.GetKey(), Name: textFrom(r.GetName()), Least: int(r.GetLeast()), Each: int(r.GetEach())}
}

func askTo(a Ask) *pb.Ask { return &pb.Ask{Field: string(a.Field), Why: textTo(a.Why)} }

func askFrom(a *pb.Ask) Ask { return Ask{Field: Field(a.GetField()), Why: textFrom(a.GetWhy())} }

func ruleSetTo(r RuleSet) *pb.RuleSet {
	return &pb.RuleSet{
		Key: r.Key, Title: textTo(r.Title), Decree: r.Decree, Article: r.Article, From: r.From, To: r.To,
		Source: string(r.Source), Doubt: textTo(r.Doubt),
		Phases: each(r.Phases, phaseTo), Components: each(r.Components, componentTo), Pass: boundTo(r.Pass),
		Grades: each(r.Grades, gradeStepTo), Forms: each(r.Forms, formTo),
		MinJp: int64(r.MinJP), MaxJp: int64(r.MaxJP), ClassSize: int64(r.ClassSize),
		OnceOnly: r.OnceOnly, Accreditation: r.Accreditation, Approvals: each(r.Approvals, approvalTo),
		Documents: each(r.Documents, documentTo), Signers: each(r.Signers, signerTo),
	}
}

func ruleSetFrom(r *pb.RuleSet) RuleSet {
	return RuleSet{
		Key: r.GetKey(), Title: textFrom(r.GetTitle()), Decree: r.GetDecree(), Article: r.GetArticle(),
		From: r.GetFrom(), To: r.GetTo(), Source: Source(r.GetSource()), Doubt: textFrom(r.GetDoubt()),
		Phases: each(r.GetPhases(), phaseFrom), Components: each(r.GetComponents(), componentFrom), Pass: boundFrom(r.GetPass()),
		Grades: each(r.GetGrades(), gradeStepFrom), Forms: each(r.GetForms(), formFrom),
		MinJP: int(r.GetMinJp()), MaxJP: int(r.GetMaxJp()), ClassSize: int(r.GetClassSize()),
		OnceOnly: r.GetOnceOnly(), Accreditation: r.GetAccreditation(), Approvals: each(r.GetApprovals(), approvalFrom),
		Documents: each(r.GetDocuments(), documentFrom), Signers: each(r.GetSigners(), signerFrom),
	}
}

func phaseTo(p Phase) *pb.Phase {
	return &pb.Phase{
		Key: p.Key, Name: textTo(p.Name), Mode: string(p.Mode), Jp: int64(p.JP), Days: int64(p.Days),
		GateComponent: p.Gate.Component, GateMin: boundTo(p.Gate.Min), Attend: boundTo(p.Attend.Min),
		Subjects: each(p.Subjects, subjectTo),
	}
}

func phaseFrom(p *pb.Phase) Phase {
	return Phase{
		Key: p.GetKey(), Name: textFrom(p.GetName()), Mode: Mode(p.GetMode()), JP: int(p.GetJp()), Days: int(p.GetDays()),
		Gate:   Gate{Component: p.GetGateComponent(), Min: boundFrom(p.GetGateMin())},
		Attend: Attendance{Min: boundFrom(p.GetAttend())}, Subjects: each(p.GetSubjects(), subjectFrom),
	}
}

func subjectTo(s Subject) *pb.Subject {
	return &pb.Subject{Key: s.Key, Name: textTo(s.Name), Agenda: textTo(s.Agenda), Jp: int64(s.JP)}
}

func subjectFrom(s *pb.Subject) Subject {
	return Subject{Key: s.GetKey(), Name: textFrom(s.GetName()), Agenda: textFrom(s.GetAgenda()), JP: int(s.GetJp())}
}

func componentTo(c Component) *pb.Component {
	return &pb.Component{
		Key: c.Key, Name: textTo(c.Name), Weight: int32(c.Weight), Parts: each(c.Parts, componentTo),
		Input: string(c.Input), Phase: c.Phase, Role: c.Role, Attempts: int64(c.Attempts), Keep: string(c.Keep),
	}
}

func componentFrom(c *pb.Component) Component {
	return Component{
		Key: c.GetKey(), Name: textFrom(c.GetName()), Weight: Hundredths(c.GetWeight()), Parts: each(c.GetParts(), componentFrom),
		Input: Input(c.GetInput()), Phase: c.GetPhase(), Role: c.GetRole(), Attempts: int(c.GetAttempts()), Keep: Keep(c.GetKeep()),
	}
}

func gradeStepTo(g Grade) *pb.Grade {
	return &pb.Grade{Key: g.Key, Name: textTo(g.Name), Min: boundTo(g.Min)}
}

func gradeStepFrom(g *pb.Grade) Grade {
	return Grade{Key: g.GetKey(), Name: textFrom(g.GetName()), Min: boundFrom(g.GetMin())}
}

func formTo(f Form) *pb.Form {
	return &pb.Form{
		Siasn: int64(f.SIASN), Name: textTo(f.Name), Class: f.Class, Unit: string(f.Unit),
		National: creditTo(f.National), Abroad: creditTo(f.Abroad), Rounding: string(f.Rounding),
	}
}

func formFrom(f *pb.Form) Form {
	return Form{
		SIASN: int(f.GetSiasn()), Name: textFrom(f.GetName()), Class: f.GetClass(), Unit: Unit(f.GetUnit()),
		National: creditFrom(f.GetNational()), Abroad: creditFrom(f.GetAbroad()), Rounding: Rounding(f.GetRounding()),
	}
}

func creditTo(c Credit) *pb.Credit {
	return &pb.Credit{Rate: int32(c.Rate), DayCap: int64(c.DayCap), MonthCap: int64(c.MonthCap)}
}

func creditFrom(c *pb.Credit) Credit {
	return Credit{Rate: Hundredths(c.GetRate()), DayCap: int(c.GetDayCap()), MonthCap: int(c.GetMonthCap())}
}

func approvalTo(a Approval) *pb.Approval {
	return &pb.Approval{Key: a.Key, Name: textTo(a.Name), By: a.By}
}

func approvalFrom(a *pb.Approval) Approval {
	return Approval{Key: a.GetKey(), Name: textFrom(a.GetName()), By: a.GetBy()}
}

func documentTo(d Document) *pb.Document {
	return &pb.Document{Key: d.Key, Name: textTo(d.Name), Of: d.Of, Required: d.Required, Health: d.Health}
}

func documentFrom(d *pb.Document) Document {
	return Document{Key: d.GetKey(), Name: textFrom(d.GetName()), Of: d.GetOf(), Required: d.GetRequired(), Health: d.GetHealth()}
}

func signerTo(s Signer) *pb.Signer { return &pb.Signer{Key: s.Key, Name: textTo(s.Name)} }

func signerFrom(s *pb.Signer) Signer { return Signer{Key: s.GetKey(), Name: textFrom(s.GetName())} }
