package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Writer replaces a file with what is written to it, however long that is. The text is kept in a temporary file in the same folder
// until it is committed: no reader sees half of it, and the old file stays if writing fails. Errors do not name the temporary file.
type Writer struct {
	name   string
	mode   fs.FileMode
	file   *os.File
	err    error // the first error of Write
	closed bool  // committed or discarded
}

// Create starts the replacement of a file of that name and mode. The caller must call Commit or Discard.
func Create(name string, mode fs.FileMode) (*Writer, error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.tmp")
	if err != nil {
		return nil, Bare(err)
	}
	return &Writer{name: name, mode: mode, file: file}, nil
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
	if err == nil {
		err = w.file.Chmod(w.mode)
	}
	if err == nil {
		err = w.file.Sync()
	}
	if closeErr := w.file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(w.file.Name(), w.name)
	}
	w.closed = err == nil
	return Bare(err)
}

// Discard drops the text and leaves the file as it is. It does nothing after Commit, so that it can be deferred.
func (w *Writer) Discard() {
	if w.closed {
		return
	}
	w.closed = true
	w.file.Close()
	os.Remove(w.file.Name())
}

// File replaces a file with a text.
func File(name string, text []byte, mode fs.FileMode) error {
	w, err := Create(name, mode)
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
