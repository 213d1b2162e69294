package register

import (
	"context"
	"fmt"

	"github.com/posture-score/posture/internal/hcledit"
)

// ErrChanged is a register that somebody else changed in the meantime. It was left as it is.
var ErrChanged = hcledit.ErrChanged

// ErrNothingToUndo is a register whose last change is not kept, or was taken back already.
var ErrNothingToUndo = hcledit.ErrNothingToUndo

// RefusedError is a change that would have made a register invalid. It was left as it is.
type RefusedError = hcledit.RefusedError

func file(path string) hcledit.File {
	return hcledit.File{Path: path, Noun: "the register", Most: MaxBytes, Check: func(path string, text []byte) error {
		_, err := Read(path, text)
		return err
	}}
}

// Open reads a register from a file.
func Open(path string) (*Register, error) {
	text, err := file(path).Load()
	if err != nil {
		return nil, err
	}
	return Read(path, text)
}

// Edit changes the register in a file; a file that is not there counts as an empty one, and is made. Other callers of Edit and
// Undo wait, in this process and in others. What the file held before is kept for [Undo], unless nothing changes.
func Edit(ctx context.Context, path string, change func(*Editor) error) error {
	return file(path).Edit(ctx, func(before []byte) ([]byte, Author, error) {
		editor, err := NewEditor(path, before)
		if err != nil {
			return nil, Author{}, err
		}
		if err := change(editor); err != nil {
			return nil, Author{}, err
		}
		return editor.Text(), editor.author, nil
	})
}

// Undone says which change was taken back.
type Undone struct {
	Author  Author   // who had made it; zero if that is not known
	Changes []Change // what was done to take it back, by id
}

// Undo takes back the last Edit of the register in a file: one step, and only if the file was not changed since. If a version is given,
// only the edit is taken back that led to the text of that [Version]; it is [ErrChanged] if that is not the last one.
func Undo(ctx context.Context, path, version string) (Undone, error) {
	done, err := file(path).Undo(ctx, version)
	if err != nil {
		return Undone{}, err
	}
	changes, err := Changes(done.After, done.Before)
	if err != nil {
		return Undone{}, fmt.Errorf("reading what was undone: %w", err)
	}
	return Undone{Author: done.Author, Changes: changes}, nil
}
