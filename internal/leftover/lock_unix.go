//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package leftover

import (
	"os"
	"syscall"
)

// lock locks a file until it is closed, and waits for whoever has locked it.
func lock(file *os.File) error { return flock(file, syscall.LOCK_EX) }

func flock(file *os.File, how int) error {
	for {
		if err := syscall.Flock(int(file.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}

// ifAbandoned calls a function while it holds the lock of a file, unless somebody else does.
func ifAbandoned(path string, remove func()) {
	file, err := os.OpenFile(path, os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	if flock(file, syscall.LOCK_EX|syscall.LOCK_NB) == nil && stillAt(file, path) {
		remove()
	}
}
