package hcledit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/inputfile"
)

// ErrChanged is a file that somebody else changed in the meantime. It was left as it is.
var ErrChanged = errors.New("it was changed in the meantime")

// RefusedError is a change that would have made a file invalid. It was left as it is.
type RefusedError struct {
	Path     string
	Problems *diag.Problems // of the text that was not written
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s was left as it is, since the change would make it invalid: %v", e.Path, e.Problems)
}

// Unwrap returns the problems.
func (e *RefusedError) Unwrap() error { return e.Problems }

// File is a file that people and programs edit.
type File struct {
	Path  string
	Noun  string                               // what errors call it: "the register"
	Most  int64                                // bytes that it may have
	Check func(path string, text []byte) error // an error that is a [*diag.Problems] refuses a text
}

// Load reads the file. One byte too many is read, for the text to be refused as too large.
func (f File) Load() ([]byte, error) {
	text, err := f.load(f.Path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Noun, err)
	}
	return text, nil
}

// Edit changes the text of the file; a file that is not there counts as an empty one, and is made. Other callers of Edit and Undo wait, in
// this process and in others. What the file held before is kept for [File.Undo], with its author, unless nothing changes.
func (f File) Edit(ctx context.Context, change func(before []byte) (after []byte, author Author, err error)) error {
	return f.locked(ctx, func(files paths) error {
		if err := f.writable(files.file); err != nil {
			return err
		}
		before, err := f.load(files.file)
		exists := !errors.Is(err, fs.ErrNotExist)
		if err != nil && exists {
			return fmt.Errorf("reading %s: %w", f.Noun, err)
		}
		after, author, err := change(before)
		if err != nil || bytes.Equal(before, after) {
			return err
		}
		if err := f.check(after); err != nil {
			return err
		}
		if err := f.unchanged(files.file, before, exists); err != nil {
			return err
		}
		if err := f.keep(files, undo{Before: before, Existed: exists, After: digest(after), By: author.Name, At: author.Time.UTC()}); err != nil {
			return err
		}
		return f.write(files.file, after)
	})
}

// check refuses a text that is not valid.
func (f File) check(text []byte) error {
	err := f.Check(f.Path, text)
	var problems *diag.Problems
	if errors.As(err, &problems) {
		return &RefusedError{Path: f.Path, Problems: problems}
	}
	return err
}

// unchanged is ErrChanged if a file no longer holds what it held. Editors of text take no lock.
func (f File) unchanged(path string, want []byte, existed bool) error {
	text, err := f.load(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if existed {
			return fmt.Errorf("%s: %w", f.Path, ErrChanged)
		}
		return nil
	case err != nil:
		return fmt.Errorf("reading %s: %w", f.Noun, err)
	case !existed || !bytes.Equal(text, want):
		return fmt.Errorf("%s: %w", f.Path, ErrChanged)
	}
	return nil
}

// paths are the files that belong together. Those beside the file itself begin with a dot, and are nothing to commit.
type paths struct {
	file, lock, undo string
}

// locked runs a function while no other edits the file.
func (f File) locked(ctx context.Context, do func(paths) error) error {
	real, err := filepath.EvalSymlinks(f.Path) // a link is to stay one
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("finding %s %s: %w", f.Noun, f.Path, atomicfile.Bare(err))
		}
		real = f.Path
	}
	if _, err := os.Stat(filepath.Dir(real)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s %s can't be there: there is no folder %s", f.Noun, f.Path, filepath.Dir(real))
	}
	beside := filepath.Join(filepath.Dir(real), "."+filepath.Base(real))
	files := paths{file: real, lock: beside + ".lock", undo: beside + ".undo"}
	unlock, err := lock(ctx, files.lock)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%s %s can't be changed: its folder can't be written: %w", f.Noun, f.Path, atomicfile.Bare(err))
	}
	if err != nil {
		return fmt.Errorf("locking %s %s: %w", f.Noun, f.Path, atomicfile.Bare(err))
	}
	defer func() { _ = unlock() }()
	return do(files)
}

// writable refuses a file that its user may not write. Replacing it would need no more than a folder that may be written, and would make it
// somebody else's.
func (f File) writable(path string) error {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil //nolint:nilerr // reading it tells more
	}
	switch file, err := os.OpenFile(path, os.O_WRONLY, 0); {
	case err != nil:
		return fmt.Errorf("%s %s can't be written: %w", f.Noun, f.Path, atomicfile.Bare(err))
	case file.Close() != nil || info.Mode().Perm()&0o222 == 0: // root may write those, too
		return fmt.Errorf("%s %s is read-only: make it writable first", f.Noun, f.Path)
	case atomicfile.Foreign(info):
		return fmt.Errorf("%s %s belongs to another user, and would become yours: have its owner change it", f.Noun, f.Path)
	}
	return nil
}

// lock waits for the lock, or for the end of the context.
func lock(ctx context.Context, path string) (unlock func() error, err error) {
	const pause = 10 * time.Millisecond // before it is tried again
	// Whoever may write the file may lock it. To open a pipe in its place does not block.
	file := flock.New(path, flock.SetPermissions(0o666), flock.SetFlag(os.O_CREATE|os.O_RDWR))
	if _, err := file.TryLockContext(ctx, pause); err != nil {
		return nil, err
	}
	return file.Unlock, nil
}

func (f File) load(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", path)
	}
	return read(path, f.Most)
}

// read reads a file, and one byte more than there may be.
func read(path string, most int64) ([]byte, error) {
	file, err := inputfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most+1))
}

// write replaces the file, or what is beside it. They name people: see [atomicfile.Create] for the mode.
func (f File) write(path string, text []byte) error {
	if err := atomicfile.File(path, text); err != nil {
		return fmt.Errorf("writing %s %s: %w", f.Noun, path, err)
	}
	return nil
}
