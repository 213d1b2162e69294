package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxWalked bounds how many files are looked at: evidence has hundreds at most.
const maxWalked = 100_000

// walk calls a function with a file or a folder and all that is in it, in the order of names. What can't be read is left out: whoever
// opens it tells.
func walk(path string, function func(name string, info fs.FileInfo)) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	left := maxWalked
	_ = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if left--; left < 0 {
			return filepath.SkipAll
		}
		switch {
		case err != nil:
			return nil //nolint:nilerr // see above
		case name != path && hidden(entry.Name()) && entry.IsDir():
			return fs.SkipDir
		case name != path && hidden(entry.Name()):
			return nil
		}
		if info, err := os.Stat(name); err == nil { // of what a link leads to
			function(name, info)
		}
		return nil
	})
}

// hidden reports whether a file or a folder is no evidence by its name: what programs keep for themselves, as SQLite does beside a store.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "-wal") || strings.HasSuffix(name, "-shm")
}

// tree tells the state of a file, or of all files in a folder, by their names, sizes and times.
func tree(path string) string {
	sum := sha256.New()
	walk(path, func(name string, info fs.FileInfo) { stamp(sum, name, info) })
	return hex.EncodeToString(sum.Sum(nil))
}

// stamp writes what tells whether a file is another one. That a folder changed is told by what is in it.
func stamp(w io.Writer, name string, info fs.FileInfo) {
	if !info.IsDir() {
		fmt.Fprintf(w, "%q %d %d %v\n", name, info.Size(), info.ModTime().UnixNano(), info.Mode())
	}
}

// files tells the state of some files, which need not be there.
func files(paths ...string) string {
	sum := sha256.New()
	for _, path := range paths {
		if path == "" {
			continue
		}
		if info, err := os.Stat(path); err == nil {
			stamp(sum, path, info)
		} else {
			fmt.Fprintf(sum, "%q is not there\n", path)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// parents returns the folder that a file is in, and that of what a link leads to: files are replaced in their folders.
func parents(path string) []string {
	list := []string{filepath.Dir(path)}
	if real, err := filepath.EvalSymlinks(path); err == nil && real != filepath.Clean(path) {
		list = append(list, filepath.Dir(real))
	}
	return list
}

// databaseFiles tells the state of a file of SQLite. What was written last may be in a file beside it.
func databaseFiles(path string) string {
	sum := sha256.New()
	for _, name := range []string{path, path + "-wal"} {
		if info, err := os.Stat(name); err == nil && info.Size() > 0 {
			stamp(sum, name, info)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}
