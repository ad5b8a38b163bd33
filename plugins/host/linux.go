package host

import (
	"errors"

	"golang.org/x/sys/unix"
)

// awaitDeath returns when process pid, a child, is dead. It does not reap: the id
// stays taken.
func awaitDeath(pid int) {
	for {
		err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			return // nil, or ECHILD: no such child, which is dead enough
		}
	}
}

// confine lowers what process pid may open and write. A guest needs its socket
// and pipes, and writes no file.
func confine(pid int) {
	for resource, limit := range map[int]uint64{
		unix.RLIMIT_CORE:   0,       // bytes: a core would hold participants' marks
		unix.RLIMIT_NOFILE: 256,     // descriptors
		unix.RLIMIT_FSIZE:  1 << 20, // bytes per file
	} {
		// Errors: ESRCH when it died already. Lowering needs no privilege.
		_ = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: limit, Max: limit}, nil)
	}
}
