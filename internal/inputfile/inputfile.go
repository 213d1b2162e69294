// Package inputfile opens what a user names to be read: files and folders, and nothing that would make a program wait or read without
// end. Named pipes, devices and sockets are refused, also where links lead to them; what the process was given open, such as
// /dev/stdin and the /dev/fd/63 of a shell's <(...), is not. It knows nothing of the content.
package inputfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Open opens a file or a folder.
func Open(path string) (*os.File, error) {
	if Given(path) {
		return os.Open(path)
	}
	return open(path, os.Stat, func() (*os.File, error) { return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) })
}

// Given reports whether a path is one of the descriptors that the process was started with. It may be a pipe, which can be read once.
func Given(path string) bool {
	path = filepath.ToSlash(filepath.Clean(path))
	return path == "/dev/stdin" || strings.HasPrefix(path, "/dev/fd/") || strings.HasPrefix(path, "/proc/self/fd/")
}

// ReadFile reads a file of at most so many bytes.
func ReadFile(path string, most int64) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(text)) > most {
		err = &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it is larger than %d MiB", most>>20)}
	}
	return text, err
}

// In opens a file or a folder below a root.
func In(root *os.Root, name string) (*os.File, error) {
	name = filepath.FromSlash(name)
	return open(name, root.Stat, func() (*os.File, error) { return root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) })
}

// open looks at what a path leads to before it opens it, since to open some devices has an effect, and after it: it may have been
// replaced. Opening does not wait for the other end of a named pipe.
func open(path string, stat func(string) (fs.FileInfo, error), open func() (*os.File, error)) (*os.File, error) {
	info, err := stat(path)
	if err != nil {
		return nil, err
	}
	if err := refuse(path, info.Mode()); err != nil {
		return nil, err
	}
	file, err := open()
	if err != nil {
		return nil, err
	}
	if info, err = file.Stat(); err == nil {
		err = refuse(path, info.Mode())
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// refuse returns an error for what is neither a file nor a folder.
func refuse(path string, mode fs.FileMode) error {
	what := "a special file"
	switch {
	case mode.IsRegular(), mode.IsDir():
		return nil
	case mode&fs.ModeNamedPipe != 0:
		what = "a named pipe"
	case mode&fs.ModeDevice != 0:
		what = "a device"
	case mode&fs.ModeSocket != 0:
		what = "a socket"
	}
	return &fs.PathError{Op: "open", Path: path, Err: errors.New("it is " + what + ", and neither a file nor a folder")}
}

// FS returns the files and folders below a root.
func FS(root *os.Root) fs.FS { return files{root} }

// files is what FS returns.
type files struct{ root *os.Root }

// Open implements [fs.FS].
func (f files) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	file, err := In(f.root, name)
	if err != nil {
		return nil, err
	}
	return file, nil
}

// Stat implements [fs.StatFS]: it tells what else is there, too.
func (f files) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.root.FS(), name) }

// ReadDir implements [fs.ReadDirFS]: entries are sorted.
func (f files) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.root.FS(), name) }
