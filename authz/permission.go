package authz

// A Permission is one thing that a role may allow: an act on a kind of object.
type Permission struct{ Object, Act string }

// String returns "nomination:verify".
func (p Permission) String() string { return p.Object + ":" + p.Act }

// Every permission there is. A permission that no role holds, or that a policy
// line names and this list does not, fails a test.
var (
	AccountSignIn       = Permission{"account", "sign-in"}
	AccountCreate       = Permission{"account", "create"}
	AccountGrant        = Permission{"account", "grant"}
	TenantSeed          = Permission{"tenant", "seed"}
	TenantLoad          = Permission{"tenant", "load"}
	EmployeeRead        = Permission{"employee", "read"}
	EmployeeRegister    = Permission{"employee", "register"}
	ProgramOpen         = Permission{"program", "open"}
	BatchPublish        = Permission{"batch", "publish"}
	BatchRead           = Permission{"batch", "read"}
	NominationPropose   = Permission{"nomination", "propose"}
	NominationRead      = Permission{"nomination", "read"}
	NominationVerify    = Permission{"nomination", "verify"}
	SessionSchedule     = Permission{"session", "schedule"}
	SessionRead         = Permission{"session", "read"}
	AttendanceMark      = Permission{"attendance", "mark"}
	AttendanceClose     = Permission{"attendance", "close"}
	OutcomeGrade        = Permission{"outcome", "grade"}
	OutcomeRecommend    = Permission{"outcome", "recommend"}
	OutcomeDecree       = Permission{"outcome", "decree"}
	OutcomeRead         = Permission{"outcome", "read"}
	CertificateGenerate = Permission{"certificate", "generate"}
	CertificateSign     = Permission{"certificate", "sign"}
	CertificateRead     = Permission{"certificate", "read"}
	CreditWrite         = Permission{"credit", "write"}
	CreditRead          = Permission{"credit", "read"}
	OversightRead       = Permission{"oversight", "read"}
)

// Permissions lists them all.
func Permissions() []Permission {
	return []Permission{
		AccountSignIn, AccountCreate, AccountGrant, TenantSeed, TenantLoad, EmployeeRead, EmployeeRegister,
		ProgramOpen, BatchPublish, BatchRead, NominationPropose, NominationRead, NominationVerify,
		SessionSchedule, SessionRead, AttendanceMark, AttendanceClose, OutcomeGrade, OutcomeRecommend,
		OutcomeDecree, OutcomeRead, CertificateGenerate, CertificateSign, CertificateRead, CreditWrite,
		CreditRead, OversightRead,
	}
}

// A Role is a name in policy.csv.
type Role string

const (
	SenderAdmin Role = "sender_admin"
	Organiser   Role = "organiser"
	Head        Role = "head"
	Overseer    Role = "overseer"
	System      Role = "system"
)

// Words returns the role's name on screen.
func (r Role) Words() string {
	switch r {
	case SenderAdmin:
		return "Admin pengembangan kompetensi"
	case Organiser:
		return "Penyelenggara"
	case Head:
		return "Kepala badan"
	case Overseer:
		return "Pengawas"
	}
	return string(r)
}

// Grantable reports whether people can be given r: roles of the machine cannot.
func (r Role) Grantable() bool {
	return r == SenderAdmin || r == Organiser || r == Head || r == Overseer
}
