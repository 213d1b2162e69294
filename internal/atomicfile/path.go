package atomicfile

import (
	"os"
	"path/filepath"
)

// Resolve follows symbolic links to the file that they name, which need not exist.
func Resolve(name string) string {
	const maxLinks = 40 // as in Linux
	for range maxLinks {
		if resolved, err := filepath.EvalSymlinks(name); err == nil {
			return resolved
		}
		next, err := os.Readlink(name)
		if err != nil {
			break
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(name), next)
		}
		name = next
	}
	return name
}

// Same reports whether two names lead to the same file, which need not exist.
func Same(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(infoA, infoB)
	}
	return canonical(a) == canonical(b)
}

// canonical returns one name for all names that lead to a file through links to it or to its folder.
func canonical(name string) string {
	name = Resolve(name)
	dir, err := filepath.EvalSymlinks(filepath.Dir(name))
	if err != nil {
		dir = filepath.Dir(name)
	}
	path := filepath.Join(dir, filepath.Base(name))
	if absolute, err := filepath.Abs(path); err == nil {
		return absolute
	}
	return path
}
