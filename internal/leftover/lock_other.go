//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package leftover

import "os"

// lock does nothing: that a file is open keeps others from removing it.
func lock(*os.File) error { return nil }

// ifAbandoned removes a file and calls a function, unless somebody has the file open.
func ifAbandoned(path string, remove func()) {
	if os.Remove(path) == nil {
		remove()
	}
}
