//go:build unix

package settings

import (
	"io/fs"
	"os"
	"syscall"
)

// trusted reports whether a file belongs to the user, to the administrator, or to the owner of a folder.
func trusted(file fs.FileInfo, dir string) bool {
	owner, ok := ownerOf(file)
	if !ok || owner == 0 || owner == os.Geteuid() {
		return true
	}
	folder, err := os.Stat(dir)
	if err != nil {
		return false
	}
	other, ok := ownerOf(folder)
	return ok && other == owner
}

func ownerOf(info fs.FileInfo) (int, bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}
