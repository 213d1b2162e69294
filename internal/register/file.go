package register

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

// ErrChanged is a register that another process changed in the meantime. It was left as it is.
var ErrChanged = errors.New("the register was changed in the meantime")

// RefusedError is a change that would have made a register invalid. It was left as it is.
type RefusedError struct {
	Path     string
	Problems *diag.Problems // of the text that was not written
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s was left as it is, since the change would make it invalid: %v", e.Path, e.Problems)
}

// Unwrap returns the problems.
func (e *RefusedError) Unwrap() error { return e.Problems }

// Open reads a register from a file.
func Open(path string) (*Register, error) {
	text, err := load(path)
	if err != nil {
		return nil, fmt.Errorf("reading the register: %w", err)
	}
	return Read(path, text)
}

// Edit changes the register in a file; a file that is not there counts as an empty one, and is made. Other callers of Edit and
// Undo wait, in this process and in others. What the file held before is kept for [Undo], unless nothing changes.
func Edit(ctx context.Context, path string, change func(*Editor) error) error {
	return locked(ctx, path, func(files paths) error {
		before, err := load(files.register)
		exists := !errors.Is(err, fs.ErrNotExist)
		if err != nil && exists {
			return fmt.Errorf("reading the register: %w", err)
		}
		editor, err := NewEditor(path, before)
		if err != nil {
			return err
		}
		if err := change(editor); err != nil {
			return err
		}
		after := editor.Text()
		if bytes.Equal(before, after) {
			return nil
		}
		if err := check(path, after); err != nil {
			return err
		}
		if err := unchanged(files.register, before, exists); err != nil {
			return err
		}
		if err := files.keep(undo{Before: before, Existed: exists, After: digest(after)}); err != nil {
			return err
		}
		return write(files.register, after)
	})
}

// check refuses a text that is no valid register.
func check(path string, text []byte) error {
	_, err := Read(path, text)
	var problems *diag.Problems
	if errors.As(err, &problems) {
		return &RefusedError{Path: path, Problems: problems}
	}
	return err
}

// unchanged is ErrChanged if a file no longer holds what it held. Editors of text take no lock.
func unchanged(path string, want []byte, existed bool) error {
	text, err := load(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if existed {
			return fmt.Errorf("%s: %w", path, ErrChanged)
		}
		return nil
	case err != nil:
		return fmt.Errorf("reading the register: %w", err)
	case !existed || !bytes.Equal(text, want):
		return fmt.Errorf("%s: %w", path, ErrChanged)
	}
	return nil
}

// places are the files of one register. Those beside it begin with a dot, and are nothing to commit.
type paths struct {
	register, lock, undo string
}

// locked runs a function while no other edits the register.
func locked(ctx context.Context, path string, do func(paths) error) error {
	real, err := filepath.EvalSymlinks(path) // a link is to stay one
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("finding the register %s: %w", path, atomicfile.Bare(err))
		}
		real = path
	}
	beside := filepath.Join(filepath.Dir(real), "."+filepath.Base(real))
	files := paths{register: real, lock: beside + ".lock", undo: beside + ".undo"}
	unlock, err := lock(ctx, files.lock)
	if err != nil {
		return fmt.Errorf("locking the register %s: %w", path, atomicfile.Bare(err))
	}
	defer func() { _ = unlock() }()
	return do(files)
}

// lock waits for the lock, or for the end of the context.
func lock(ctx context.Context, path string) (unlock func() error, err error) {
	const pause = 10 * time.Millisecond // before it is tried again
	// Whoever may write the register may lock it. To open a pipe in its place does not block.
	file := flock.New(path, flock.SetPermissions(0o666), flock.SetFlag(os.O_CREATE|os.O_RDWR))
	if _, err := file.TryLockContext(ctx, pause); err != nil {
		return nil, err
	}
	return file.Unlock, nil
}

// load reads a register. One byte too many is read, for the text to be refused as too large.
func load(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", path)
	}
	return read(path, MaxBytes)
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

// write replaces a file of the register. It names people: see [atomicfile.Create] for its mode.
func write(path string, text []byte) error {
	if err := atomicfile.File(path, text); err != nil {
		return fmt.Errorf("writing the register %s: %w", path, err)
	}
	return nil
}
