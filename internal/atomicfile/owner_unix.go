//go:build unix

package atomicfile

import (
	"io/fs"
	"os"
	"syscall"
)

// Foreign reports whether a file belongs to somebody else, so that it would change its owner if this user replaced it. Root gives it back.
func Foreign(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && foreign(int(stat.Uid), os.Geteuid())
}

func foreign(owner, user int) bool { return owner != user && user != 0 }

// giveBack gives a file the owner and group of the one that it replaces, as root may. Where it can't be done the file is root's.
func giveBack(file *os.File, info fs.FileInfo) {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		_ = file.Chown(int(stat.Uid), int(stat.Gid)) // a container may not let its root do this
	}
}
