package host

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_AARCH64

// deniedHere are calls that this machine alone has.
var deniedHere = []uint32{unix.SYS_KEXEC_FILE_LOAD}

// foreign has nothing to refuse: this machine has one way to call.
func (p *program) foreign() {}
