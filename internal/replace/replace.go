package replace

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// File puts a text in the place of a file, through a temporary one beside it: nobody ever reads half of it, and nothing is lost
// if it can't be written. Errors don't name the temporary file.
func File(name string, text []byte, mode fs.FileMode) error {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.tmp")
	if err != nil {
		return Bare(err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(text)
	if err == nil {
		err = file.Chmod(mode)
	}
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	return Bare(err)
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
