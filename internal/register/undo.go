package register

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrNothingToUndo is a register whose last change is not kept, or was taken back already.
var ErrNothingToUndo = errors.New("there is nothing to undo")

// maxUndo bounds what undo is read from: a register in base64, and more.
const maxUndo = 2 * MaxBytes

// undo is what a register was before its last change.
type undo struct {
	Existed bool   `json:"existed"`
	Before  []byte `json:"before"`
	After   string `json:"after"` // the digest of what it became
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// keep writes what to go back to.
func (p paths) keep(u undo) error {
	text, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("keeping what to undo: %w", err)
	}
	return write(p.undo, text)
}

// Undo takes back the last Edit of the register in a file: one step, and only if the file was not changed since.
func Undo(ctx context.Context, path string) error {
	return locked(ctx, path, func(files paths) error {
		u, err := files.kept()
		if err != nil {
			return err
		}
		text, err := load(files.register)
		if errors.Is(err, fs.ErrNotExist) || err == nil && digest(text) != u.After {
			return fmt.Errorf("%s: %w", path, ErrChanged)
		}
		if err != nil {
			return fmt.Errorf("reading the register: %w", err)
		}
		if u.Existed {
			err = write(files.register, u.Before)
		} else {
			err = os.Remove(files.register)
		}
		if err != nil {
			return fmt.Errorf("undoing: %w", err)
		}
		return os.Remove(files.undo)
	})
}

func (p paths) kept() (undo, error) {
	var u undo
	text, err := read(p.undo, maxUndo)
	if errors.Is(err, fs.ErrNotExist) {
		return u, ErrNothingToUndo
	}
	if err == nil && len(text) > maxUndo {
		err = fmt.Errorf("it has more than %d MiB", maxUndo>>20)
	}
	if err == nil {
		err = json.Unmarshal(text, &u)
	}
	if err == nil && u.Existed {
		_, err = Read(p.undo, u.Before)
	}
	if err != nil {
		return u, fmt.Errorf("reading what to undo from %s: %w", p.undo, err)
	}
	return u, nil
}
