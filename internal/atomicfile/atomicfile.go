package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/posture-score/posture/internal/leftover"
)

// Writer replaces a file with what is written to it, however long that is. The text is kept in a temporary file in the same folder
// until it is committed: no reader sees half of it, and the old file stays if writing fails. Errors do not name the temporary file.
type Writer struct {
	name   string
	file   *os.File
	err    error // the first error of Write
	closed bool  // committed or discarded
}

// Create starts the replacement of a file of that name. A file that is there keeps its mode; a new one is for its owner alone, and
// the umask may take more away. The caller must call Commit or Discard. What a killed process left behind is removed by the next
// call for the same folder.
func Create(name string) (*Writer, error) {
	file, err := leftover.File(filepath.Dir(name), filepath.Base(name))
	if err != nil {
		return nil, Bare(err)
	}
	return &Writer{name: name, file: file}, nil
}

// Write appends to the text.
func (w *Writer) Write(p []byte) (int, error) {
	n, err := w.file.Write(p)
	if w.err == nil {
		w.err = Bare(err)
	}
	return n, Bare(err)
}

// Commit replaces the file. If a Write failed, it discards the text and returns that error.
func (w *Writer) Commit() error {
	if w.closed {
		return fs.ErrClosed
	}
	defer w.Discard()
	err := w.err
	if info, there := os.Stat(w.name); err == nil && there == nil && info.Mode().IsRegular() {
		giveBack(w.file, info) // first, since it may take bits of the mode away
		err = w.file.Chmod(info.Mode().Perm())
	}
	if err == nil {
		err = w.file.Sync()
	}
	if err == nil {
		err = w.replace()
	}
	w.closed = err == nil
	return Bare(err)
}

// replace renames the temporary file, and closes it: in this order, since an open one is safe from other processes.
func (w *Writer) replace() error {
	if runtime.GOOS == "windows" { // where open files can't be renamed
		return errors.Join(w.file.Close(), os.Rename(w.file.Name(), w.name))
	}
	if err := os.Rename(w.file.Name(), w.name); err != nil {
		return err
	}
	return w.file.Close()
}

// Discard drops the text and leaves the file as it is. It does nothing after Commit, so that it can be deferred.
func (w *Writer) Discard() {
	if w.closed {
		return
	}
	w.closed = true
	os.Remove(w.file.Name())
	w.file.Close()
	os.Remove(w.file.Name()) // on Windows it had to be closed first
}

// File replaces a file with a text, as Create does.
func File(name string, text []byte) error {
	w, err := Create(name)
	if err != nil {
		return err
	}
	defer w.Discard()
	if _, err := w.Write(text); err != nil {
		return err
	}
	return w.Commit()
}

// Bare returns the cause of an error of the file system without the path, which may be that of a temporary file.
func Bare(err error) error {
	var (
		path *fs.PathError
		link *os.LinkError
	)
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
