package host

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_X86_64

// deniedHere are calls that this machine alone has: the old ways to make a process.
var deniedHere = []uint32{unix.SYS_FORK, unix.SYS_VFORK, unix.SYS_IOPL, unix.SYS_IOPERM, unix.SYS_KEXEC_FILE_LOAD}

// foreign refuses the calls of the x32 way, which have numbers of their own.
func (p *program) foreign() {
	p.add(unix.BPF_JMP|unix.BPF_JGE|unix.BPF_K, 0x40000000, 0, 1)
	p.ret(refuse(unix.ENOSYS))
}
