package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/report"
)

// output is where a text goes that the user gave the name of. It is there once it is committed; if it is discarded, nothing is,
// as far as that is possible.
type output interface {
	io.Writer
	Commit() error
	Discard()
}

// write gives what the function writes to a file, or to standard output if the name is empty.
func (t terminal) write(name string, write func(io.Writer, report.Style) error) error {
	if name == "" {
		return write(t.out, t.style())
	}
	var text bytes.Buffer
	if err := write(&text, report.Style{}); err != nil {
		return err
	}
	return unwritten(name, t.overwrite(name, text.Bytes()))
}

// unwritten says which file it was that could not be written, if there is an error.
func unwritten(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("writing %s: %w", name, atomicfile.Bare(err))
}

func (t terminal) overwrite(name string, text []byte) error {
	file, err := t.create(name)
	if err != nil {
		return err
	}
	defer file.Discard()
	if _, err := file.Write(text); err != nil {
		return err
	}
	return file.Commit()
}

// create opens a file that gets a text as a whole or not at all; a link to it stays one, and its mode stays as it is. What is no
// file, such as a pipe or a device, is written to as the text comes.
func (t terminal) create(name string) (output, error) {
	mode := fs.FileMode(0o644)
	switch info, err := os.Stat(name); {
	case err != nil:
	case t.own(info) != nil:
		return stream{t.own(info)}, nil
	case info.IsDir():
		return nil, errors.New("it is a folder: name a file")
	case !info.Mode().IsRegular():
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, mode)
		if err != nil {
			return nil, err
		}
		return device{file}, nil
	default:
		mode = info.Mode().Perm()
	}
	file, err := atomicfile.Create(target(name), mode)
	if err != nil {
		return nil, err
	}
	return file, nil
}

// own returns the stream of this run that leads to a file, as /dev/stdout does, or nil. To replace the file would take it away from
// the stream, and whatever else is written there.
func (t terminal) own(info fs.FileInfo) io.Writer {
	for _, w := range []io.Writer{t.out, t.err} {
		if file, ok := w.(*os.File); ok {
			if leads, err := file.Stat(); err == nil && os.SameFile(leads, info) {
				return w
			}
		}
	}
	return nil
}

// stream is an output that is one of this run's streams.
type stream struct{ io.Writer }

// Commit is part of output.
func (stream) Commit() error { return nil }

// Discard is part of output.
func (stream) Discard() {}

// device is an output that is no file.
type device struct{ *os.File }

// Commit is part of output.
func (d device) Commit() error { return d.Close() }

// Discard is part of output.
func (d device) Discard() { d.Close() }

// target follows links to the file that is to be replaced, which may not be there yet.
func target(name string) string {
	const most = 40 // links, as in Linux
	for range most {
		if real, err := filepath.EvalSymlinks(name); err == nil {
			return real
		}
		next, err := os.Readlink(name)
		if err != nil {
			break
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(name), next)
		}
		name = next
	}
	return name
}

// samePlace says whether two names lead to the same file, which may not be there yet.
func samePlace(a, b string) bool {
	one, err := os.Stat(a)
	other, otherErr := os.Stat(b)
	if err == nil && otherErr == nil {
		return os.SameFile(one, other)
	}
	return place(a) == place(b)
}

// place is one name for all those that lead to a file by links to it, or to the folder that it is in.
func place(name string) string {
	name = target(name)
	dir, err := filepath.EvalSymlinks(filepath.Dir(name))
	if err != nil {
		dir = filepath.Dir(name)
	}
	path := filepath.Join(dir, filepath.Base(name))
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}
