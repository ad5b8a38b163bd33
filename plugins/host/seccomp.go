package host

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// denied are the calls that no guest needs: to look into other processes or change how
// they run, to reach memory or queues that outlive it, to change the system.
var denied = append([]uint32{
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PROCESS_MADVISE, unix.SYS_KCMP,
	unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_GETFD, unix.SYS_PIDFD_SEND_SIGNAL, unix.SYS_TKILL, unix.SYS_RT_SIGQUEUEINFO, unix.SYS_RT_TGSIGQUEUEINFO,
	unix.SYS_SETPRIORITY, unix.SYS_SCHED_SETSCHEDULER, unix.SYS_SCHED_SETPARAM, unix.SYS_SCHED_SETATTR, unix.SYS_SCHED_SETAFFINITY,
	unix.SYS_IOPRIO_SET, unix.SYS_MIGRATE_PAGES, unix.SYS_MOVE_PAGES,
	unix.SYS_CONNECT, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	unix.SYS_SHMGET, unix.SYS_SHMAT, unix.SYS_MSGGET, unix.SYS_SEMGET, unix.SYS_MQ_OPEN,
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL, unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD,
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT,
	unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_FSCONFIG, unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_MOUNT_SETATTR,
	unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_PERSONALITY, unix.SYS_ACCT, unix.SYS_QUOTACTL, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_REBOOT,
	unix.SYS_KEXEC_LOAD, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
	unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME, unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_ADJTIMEX, unix.SYS_CLOCK_ADJTIME,
}, deniedHere...)

// Where things lie in what the kernel hands to the filter (struct seccomp_data). The
// lower half of an argument comes first on both machines.
const (
	nrAt   = 0
	archAt = 4
	arg0At = 16
	arg1At = 24
)

// filter refuses this thread, and what it becomes, the calls of denied; processes of
// its own; signals to other processes than pid, which is its own; limits of others;
// and every socket but a stream within this machine.
func filter(pid int) error {
	self := uint32(pid) //nolint:gosec // process ids are positive
	var p program
	p.load(archAt)
	p.unless(auditArch, unix.SECCOMP_RET_KILL_PROCESS)
	p.load(nrAt)
	p.foreign()
	for _, nr := range denied {
		p.when(nr, refuse(unix.EPERM))
	}
	p.when(unix.SYS_CLONE3, refuse(unix.ENOSYS)) // its flags lie in memory: let them use clone
	p.on(unix.SYS_CLONE, func(p *program) {
		p.load(arg0At)
		p.add(unix.BPF_ALU|unix.BPF_AND|unix.BPF_K, unix.CLONE_THREAD, 0, 0)
		p.when(0, refuse(unix.EPERM))
	})
	for _, nr := range []uint32{unix.SYS_KILL, unix.SYS_TGKILL} {
		p.on(nr, func(p *program) {
			p.load(arg0At)
			p.unless(self, refuse(unix.EPERM))
		})
	}
	p.on(unix.SYS_PRLIMIT64, func(p *program) {
		p.load(arg0At)
		p.when(0, unix.SECCOMP_RET_ALLOW)
		p.unless(self, refuse(unix.EPERM))
	})
	p.on(unix.SYS_SOCKET, func(p *program) {
		p.load(arg0At)
		p.unless(unix.AF_UNIX, refuse(unix.EACCES))
		p.load(arg1At)
		p.add(unix.BPF_ALU|unix.BPF_AND|unix.BPF_K, 0xf, 0, 0) // without its flags
		p.unless(unix.SOCK_STREAM, refuse(unix.EACCES))
	})
	p.ret(unix.SECCOMP_RET_ALLOW)
	prog := unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}                                                     //nolint:gosec // some two hundred
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&prog))) //nolint:gosec // how the kernel is told
	if errno != 0 {
		return errno
	}
	return nil
}

// A program is a filter in the kernel's own small language (BPF).
type program []unix.SockFilter

func (p *program) add(code uint16, k uint32, yes, no uint8) {
	*p = append(*p, unix.SockFilter{Code: code, Jt: yes, Jf: no, K: k})
}

// load takes the word at k into the accumulator.
func (p *program) load(k uint32) { p.add(unix.BPF_LD|unix.BPF_W|unix.BPF_ABS, k, 0, 0) }

func (p *program) ret(action uint32) { p.add(unix.BPF_RET|unix.BPF_K, action, 0, 0) }

// when ends with action if the accumulator is k, unless if it is not.
func (p *program) when(k, action uint32) {
	p.add(unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K, k, 0, 1)
	p.ret(action)
}

func (p *program) unless(k, action uint32) {
	p.add(unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K, k, 1, 0)
	p.ret(action)
}

// on has call nr judged by rule, which allows what it does not refuse.
func (p *program) on(nr uint32, rule func(*program)) {
	var body program
	rule(&body)
	body.ret(unix.SECCOMP_RET_ALLOW)
	p.add(unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K, nr, 0, uint8(len(body))) //nolint:gosec // a few
	*p = append(*p, body...)
}

// refuse has the call fail with errno.
func refuse(errno unix.Errno) uint32 { return unix.SECCOMP_RET_ERRNO | uint32(errno) } //nolint:gosec // small
