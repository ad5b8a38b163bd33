package host

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// errAltered: a file is not the one that the catalogue names, or its entry is not the
// one that the vendor signed. errAbsent: it is not on this node.
var (
	errAltered = errors.New("differs from what the catalogue names")
	errAbsent  = errors.New("file of the guest is missing")
)

// stage copies the files of e into dir and returns its program as a file in memory.
// The bytes that are hashed are those that are written, and the program cannot change
// afterwards: what is run is what was hashed. The files are for their process to read.
func (h *Host) stage(e Entry, dir string) (program *os.File, err error) {
	key, err := hex.DecodeString(e.Key)
	if err != nil || !e.signedBy(key) {
		return nil, errAltered
	}
	folder := filepath.Join(h.config.Folder, e.ID())
	if info, err := os.Lstat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil, errAbsent
	} else if err != nil {
		return nil, err
	} else if !info.IsDir() { // also a symbolic link
		return nil, errAltered
	}
	if program, err = sealed("guest"); err != nil {
		return nil, err
	}
	for name, sum := range e.Files {
		to := program
		if name != e.Program {
			if to, err = os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444); err != nil {
				break
			}
		}
		err = copyVerified(to, filepath.Join(folder, name), sum)
		if to != program {
			err = errors.Join(err, to.Close())
		}
		if err != nil {
			break
		}
	}
	if err == nil {
		err = seal(program)
	}
	if err != nil {
		return nil, errors.Join(err, program.Close())
	}
	return program, nil
}

// copyVerified copies the file at path. Errors: errAltered when it is a link or not of
// that sum; errAbsent.
func copyVerified(to io.Writer, path, want string) error {
	from, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errAbsent
	case errors.Is(err, syscall.ELOOP):
		return errAltered
	case err != nil:
		return err
	}
	defer from.Close() // read only: nothing can be lost
	if info, err := from.Stat(); err != nil || !info.Mode().IsRegular() {
		return errors.Join(errAltered, err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(to, sum), io.LimitReader(from, maxFolder+1))
	if err != nil {
		return err
	}
	if n > maxFolder || hex.EncodeToString(sum.Sum(nil)) != want {
		return errAltered
	}
	return nil
}
