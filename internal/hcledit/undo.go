package hcledit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// ErrNothingToUndo is a file whose last change is not kept, or was taken back already.
var ErrNothingToUndo = errors.New("there is nothing to undo")

// undo is what a file was before its last change.
type undo struct {
	Existed bool      `json:"existed"`
	Before  []byte    `json:"before"`
	After   string    `json:"after"` // the digest of what it became
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at,omitzero"`
}

// Undone is a change that was taken back.
type Undone struct {
	Author        Author // of the change; zero if it is not known
	Before, After []byte // the text before the change, which is there again, and after it
}

// Version returns the version of a text: its SHA-256, in hexadecimal digits. A text that is not there has none, which is "".
func Version(text []byte) string {
	if text == nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// keep writes what to go back to.
func (f File) keep(files paths, u undo) error {
	text, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("keeping what to undo: %w", err)
	}
	return f.write(files.undo, text)
}

// Undo takes back the last Edit of the file: one step, and only if the file was not changed since. With a version it takes back only the
// change that led to the text of that version; what it returns otherwise is [ErrChanged].
func (f File) Undo(ctx context.Context, version string) (Undone, error) {
	var done Undone
	err := f.locked(ctx, func(files paths) error {
		u, err := f.kept(files)
		if _, absent := os.Stat(files.file); errors.Is(err, ErrNothingToUndo) && errors.Is(absent, fs.ErrNotExist) {
			return fmt.Errorf("%s %s is not there: %w", f.Noun, f.Path, err)
		}
		if err != nil {
			return err
		}
		if err := f.writable(files.file); err != nil {
			return err
		}
		text, err := f.load(files.file)
		if errors.Is(err, fs.ErrNotExist) || err == nil && (digest(text) != u.After || version != "" && version != Version(text)) {
			return fmt.Errorf("%s: %w", f.Path, ErrChanged)
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", f.Noun, err)
		}
		if u.Existed {
			err = f.write(files.file, u.Before)
		} else {
			err = os.Remove(files.file)
		}
		if err != nil {
			return fmt.Errorf("undoing: %w", err)
		}
		done = Undone{Author: Author{Name: u.By, Time: u.At}, Before: u.Before, After: text}
		return os.Remove(files.undo)
	})
	return done, err
}

// kept reads what to go back to.
func (f File) kept(files paths) (undo, error) {
	var u undo
	most := 2 * f.Most // the text in base64, and more
	text, err := read(files.undo, most)
	if errors.Is(err, fs.ErrNotExist) {
		return u, ErrNothingToUndo
	}
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("it has more than %d bytes", most)
	}
	if err == nil {
		err = json.Unmarshal(text, &u)
	}
	if err == nil && u.Existed {
		err = f.Check(files.undo, u.Before)
	}
	if err != nil {
		return u, fmt.Errorf("reading what to undo from %s: %w", files.undo, err)
	}
	return u, nil
}
