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
	AccountRead         = Permission{"account", "read"}   // who has which role here
	AccountGrant        = Permission{"account", "grant"}  // give and withdraw roles: never more than one holds
	AccountInvite       = Permission{"account", "invite"} // codes with which people activate their account
	AccountReset        = Permission{"account", "reset"}  // of those who take part for this government alone
	AccountSettle       = Permission{"account", "settle"} // of the whole installation: suspend, restore, say whose an account is
	TokenIssue          = Permission{"token", "issue"}    // tokens with which programs ask
	TenantSeed          = Permission{"tenant", "seed"}
	TenantLoad          = Permission{"tenant", "load"}
	TenantManage        = Permission{"tenant", "manage"}   // add, rename, move, suspend
	TenantAppoint       = Permission{"tenant", "appoint"}  // its first administrator and its head
	TenantSet           = Permission{"tenant", "set"}      // its settings, letterhead, offices, holidays
	HolidayDeclare      = Permission{"holiday", "declare"} // days off of the whole nation
	GuestManage         = Permission{"guest", "manage"}    // which course types are installed, and run
	AuditRead           = Permission{"audit", "read"}
	UnitManage          = Permission{"unit", "manage"}
	EmployeeRead        = Permission{"employee", "read"}
	EmployeeRegister    = Permission{"employee", "register"}
	EmployeeImport      = Permission{"employee", "import"}
	EmployeeExport      = Permission{"employee", "export"}
	EmployeeTransfer    = Permission{"employee", "transfer"}
	ProgramOpen         = Permission{"program", "open"}
	RuleDeclare         = Permission{"rule", "declare"} // lay the decree of a rule-set before one's government
	RuleConfirm         = Permission{"rule", "confirm"} // that the two agree: another person
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
	StatFold            = Permission{"stat", "fold"}
	OversightRead       = Permission{"oversight", "read"}
)

// Permissions lists them all.
func Permissions() []Permission {
	return []Permission{
		AccountSignIn, AccountCreate, AccountRead, AccountGrant, AccountInvite, AccountReset, AccountSettle, TokenIssue,
		TenantSeed, TenantLoad, TenantManage, TenantAppoint, TenantSet, HolidayDeclare, GuestManage, AuditRead,
		UnitManage, EmployeeRead, EmployeeRegister, EmployeeImport, EmployeeExport, EmployeeTransfer,
		ProgramOpen, RuleDeclare, RuleConfirm, BatchPublish, BatchRead, NominationPropose, NominationRead, NominationVerify,
		SessionSchedule, SessionRead, AttendanceMark, AttendanceClose, OutcomeGrade, OutcomeRecommend,
		OutcomeDecree, OutcomeRead, CertificateGenerate, CertificateSign, CertificateRead, CreditWrite,
		CreditRead, StatFold, OversightRead,
	}
}
