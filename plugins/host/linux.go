package host

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"

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

// nobody is as whom guests run when the host is root, which is for development only.
const nobody = 65534

// credential is as whom guests run; nil is as the host.
func credential() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	return &syscall.Credential{Uid: nobody, Gid: nobody}
}

// sealed returns a file in memory with the given name. After seal nobody can change it.
func sealed(name string) (*os.File, error) {
	const executable = 0x10 // MFD_EXEC: said outright where the kernel knows it
	const flags = unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	fd, err := unix.MemfdCreate(name, flags|executable)
	if errors.Is(err, unix.EINVAL) {
		fd, err = unix.MemfdCreate(name, flags)
	}
	if err != nil {
		return nil, fmt.Errorf("file in memory: %w", err)
	}
	return os.NewFile(uintptr(fd), name), nil
}

func seal(f *os.File) error {
	_, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_WRITE|unix.F_SEAL_GROW|unix.F_SEAL_SHRINK|unix.F_SEAL_SEAL)
	return err
}

// taken returns the resident set of process pid in bytes and its threads; zeros when it
// is gone.
func taken(pid int) (memory int64, threads int) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0
	}
	_, after, _ := bytes.Cut(stat, []byte(") ")) // the name before may hold anything but this
	fields := bytes.Fields(after)                // from the third on, as proc(5) counts
	if len(fields) < 22 {
		return 0, 0
	}
	threads, err1 := strconv.Atoi(string(fields[17]))
	pages, err2 := strconv.ParseInt(string(fields[21]), 10, 64)
	if err1 != nil || err2 != nil {
		return 0, 0
	}
	return pages * int64(os.Getpagesize()), threads
}
