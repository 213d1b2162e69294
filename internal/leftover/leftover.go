package leftover

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Invariant: whoever makes a file locks it before it writes to it, and takes another name if the file is not there any more then:
// the lock may have been had by a process that was removing what seemed left behind.

// The names of temporary files and folders.
const (
	fileName   = ".%s.posture-%d.tmp" // of the file that it becomes, and a random number
	folderName = "posture-temp-%d"
	lockName   = "lock" // in a folder

	contentName = "files"
)

// File makes a file in a folder, which becomes the file of that name there; it is for its owner alone. It removes those that
// killed processes left in the folder.
func File(dir, name string) (*os.File, error) {
	sweep(dir, ".?*.posture-[0-9]*.tmp", func(path string, info fs.FileInfo) {
		if info.Mode().IsRegular() {
			ifAbandoned(path, func() { _ = os.Remove(path) })
		}
	})
	for {
		path := filepath.Join(dir, fmt.Sprintf(fileName, name, rand.Uint32()))
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if held(file) {
			return file, nil
		}
		_ = file.Close()
	}
}

// Folder makes a folder for temporary files, which is for its owner alone. It removes those that killed processes left behind.
func Folder() (dir string, remove func() error, err error) {
	sweep(os.TempDir(), "posture-temp-[0-9]*", func(path string, info fs.FileInfo) {
		if info.IsDir() && os.Remove(path) != nil { // it is not empty, as one is without a lock
			ifAbandoned(filepath.Join(path, lockName), func() { _ = removeFolder(path) })
		}
	})
	for {
		top := filepath.Join(os.TempDir(), fmt.Sprintf(folderName, rand.Uint32()))
		if err := os.Mkdir(top, 0o700); errors.Is(err, fs.ErrExist) {
			continue
		} else if err != nil {
			return "", nil, err
		}
		lock, err := os.OpenFile(filepath.Join(top, lockName), os.O_RDWR|os.O_CREATE, 0o600)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", nil, errors.Join(err, os.RemoveAll(top))
		}
		if !held(lock) {
			_ = lock.Close()
			continue
		}
		remove = func() error {
			err := os.RemoveAll(filepath.Join(top, contentName))
			return errors.Join(err, lock.Close(), removeFolder(top))
		}
		dir = filepath.Join(top, contentName)
		if err := os.Mkdir(dir, 0o700); err != nil {
			return "", nil, errors.Join(err, remove())
		}
		return dir, remove, nil
	}
}

// removeFolder removes a folder: the lock last, without which nobody would try it again.
func removeFolder(top string) error {
	return errors.Join(os.RemoveAll(filepath.Join(top, contentName)), os.RemoveAll(top))
}

// sweep calls a function with everything in a folder whose name matches a pattern. What can't be seen is left alone.
func sweep(dir, pattern string, remove func(path string, info fs.FileInfo)) {
	folder, err := os.Open(dir)
	if err != nil {
		return
	}
	defer func() { _ = folder.Close() }()
	names, _ := folder.Readdirnames(-1)
	for _, name := range names {
		if match, _ := filepath.Match(pattern, name); !match {
			continue
		}
		path := filepath.Join(dir, name)
		if info, err := os.Lstat(path); err == nil {
			remove(path, info)
		}
	}
}

// held locks a file that was just made, and reports whether it is still there.
func held(file *os.File) bool {
	if lock(file) != nil {
		return true // a file system without locks: nobody can take the file for one that was left behind
	}
	return stillAt(file, file.Name())
}

// stillAt reports whether a path leads to an open file.
func stillAt(file *os.File, path string) bool {
	opened, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(opened, there)
}
