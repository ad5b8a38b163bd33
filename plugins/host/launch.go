package host

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// launchArg is the hidden argument with which a Host starts its own program again, to
// become a guest: see Launch.
const launchArg = "guest-launch"

// programFD is where the launcher finds the guest's program.
const programFD = 3

// Launch turns this process into a guest when a Host has started it for that, and then
// never returns. Every main that makes a Host calls it first.
//
// What the guest cannot do any more, for good and with all that it starts: have more
// than the limits below; come to more than the lowest priority; make processes, signal
// or look into others, open sockets but the one on which it listens, or connect
// anywhere (seccomp.go); see a file but in its own folder and the system's shared
// libraries (where the kernel has landlock).
func Launch() {
	if len(os.Args) != 4 || os.Args[1] != launchArg {
		return
	}
	runtime.LockOSThread() // limits of threads, and the exec, are this one's
	fmt.Fprintln(os.Stderr, "guest-launch:", launch(os.Args[2], os.Args[3]))
	os.Exit(126)
}

// launch becomes the program at programFD with the name argv0. data is the limit of its
// data in bytes, or "" for none. It returns only with an error.
func launch(data, argv0 string) error {
	limits := map[int]uint64{
		unix.RLIMIT_CORE:   0,    // bytes: a core would hold participants' marks
		unix.RLIMIT_NOFILE: 256,  // descriptors
		unix.RLIMIT_FSIZE:  0,    // bytes per file: a guest keeps nothing
		unix.RLIMIT_NPROC:  2048, // threads of this user, the host's too: the watchdog's limit comes first
	}
	bytes, err := strconv.ParseUint(data, 10, 64)
	if err != nil {
		return err
	}
	limits[unix.RLIMIT_DATA] = bytes
	for resource, limit := range limits {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return fmt.Errorf("limit %d: %w", resource, err)
		}
	}
	if err := unix.Setpriority(unix.PRIO_PROCESS, 0, 19); err != nil {
		return fmt.Errorf("priority: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no new privileges: %w", err)
	}
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	if err := enclose(dir); err != nil {
		return fmt.Errorf("landlock: %w", err)
	}
	if err := filter(os.Getpid()); err != nil {
		return fmt.Errorf("seccomp: %w", err)
	}
	unix.CloseOnExec(programFD)
	return syscall.Exec("/proc/self/fd/"+strconv.Itoa(programFD), []string{argv0}, os.Environ()) //nolint:gosec // the host's own descriptor
}

// libraries are what a program that is not static needs to start.
var libraries = []string{"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"}

// enclose leaves this thread, and what it becomes, no file but those in dir and libraries,
// and no TCP. A kernel without landlock is told on stderr and passed over.
func enclose(dir string) error {
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno == unix.ENOSYS || errno == unix.EOPNOTSUPP {
		fmt.Fprintln(os.Stderr, "guest-launch: this kernel has no landlock: the guest sees what its user sees")
		return nil
	} else if errno != 0 {
		return errno
	}
	files := uint64(unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1) // all of the first version
	attr := unix.LandlockRulesetAttr{}
	if abi >= 2 {
		files |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if abi >= 3 {
		files |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if abi >= 4 {
		attr.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if abi >= 5 {
		files |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	if abi >= 6 {
		attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	attr.Handled_access_fs = files
	ruleset, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0) //nolint:gosec // how the kernel is told
	if errno != 0 {
		return errno
	}
	own := files & (unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR | unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
		unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK) // go-plugin makes a file to find a name for its socket
	if err := allow(ruleset, dir, own); err != nil {
		return err
	}
	for _, path := range libraries {
		access := uint64(unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_EXECUTE)
		if err := allow(ruleset, path, access); err != nil && !errors.Is(err, unix.ENOENT) {
			return err
		}
	}
	if _, _, errno = unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0, 0); errno != 0 {
		return errno
	}
	return unix.Close(int(ruleset))
}

// allow adds access to what lies at path and below it.
func allow(ruleset uintptr, path string, access uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}                                                          //nolint:gosec // a descriptor
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, ruleset, unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0) //nolint:gosec // how the kernel is told
	if errno != 0 {
		err = errno
	}
	return errors.Join(err, unix.Close(fd))
}
