package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Writer takes a text that is to stand in the place of a file, however long it is. It is kept in a temporary file beside that one
// until it is committed: nobody ever reads half of it, and nothing is lost if it can't be written. Errors don't name the temporary
// file.
type Writer struct {
	name string
	mode fs.FileMode
	file *os.File
	err  error // the first one of writing
	over bool  // it was committed or discarded
}

// Create begins a text for a file of that name and mode. Whoever calls it sees to it that the text is committed or discarded.
func Create(name string, mode fs.FileMode) (*Writer, error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.tmp")
	if err != nil {
		return nil, Bare(err)
	}
	return &Writer{name: name, mode: mode, file: file}, nil
}

// Write adds to the text.
func (w *Writer) Write(p []byte) (int, error) {
	n, err := w.file.Write(p)
	if w.err == nil {
		w.err = Bare(err)
	}
	return n, Bare(err)
}

// Commit puts the text in the place of the file. A text that could not be written in full is discarded instead.
func (w *Writer) Commit() error {
	if w.over {
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
	w.over = err == nil
	return Bare(err)
}

// Discard gives the text up and leaves the file as it is. After Commit it does nothing, so that it can be deferred.
func (w *Writer) Discard() {
	if w.over {
		return
	}
	w.over = true
	w.file.Close()
	os.Remove(w.file.Name())
}

// File puts a text that is held whole in the place of a file.
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

// Bare takes the path off an error of the file system, where it is that of a file that the user knows nothing of.
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
