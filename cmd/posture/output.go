package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/report"
)

// printFlags say in which format a page is printed, and where to.
type printFlags struct {
	format string
	output string // a file; empty or - for standard output
}

// register adds --format, with the formats that a page of this type has.
func (f *printFlags) register(cmd *cobra.Command, page report.Page) {
	formats := formatWords(page)
	last := len(formats) - 1
	registerChoice(cmd.Flags(), &f.format, "format", formats[0], formats, "print as `FORMAT`: "+strings.Join(formats[:last], ", ")+" or "+formats[last])
}

func (f *printFlags) registerOutput(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "write to a `FILE` instead of standard output")
}

// name returns the name of the format, without the file of a template.
func (f *printFlags) name() string {
	name, _, _ := strings.Cut(f.format, "=")
	return name
}

// show prints a page as the flags say.
func (t terminal) show(f printFlags, page report.Page) error {
	t.stage("report")
	formats := report.Formats(page)
	format := cmp.Or(f.name(), formats[0])
	// The flag may have been registered for another page, with more formats.
	if err := oneOf("format", format, formats...); err != nil {
		return err
	}
	if report.Binary(format) && standardOutput(f.output) && isTerminal(t.out) {
		return usageError{fmt.Errorf("--format %s is nothing for a terminal: say where to write it with --output", format)}
	}
	if meant := ending(f.output); format == formats[0] && meant != format && slices.Contains(formats, meant) {
		t.warn("warning: %s is written in the format %s: give --format %s for what its name ends in", f.output, format, meant)
	}
	return t.write(f.output, func(w io.Writer, style report.Style) error { return report.Write(w, page, format, style) })
}

// ending returns the format that the ending of a file is named after, if there is one that is called so.
func ending(name string) string {
	if ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(name)), "."); ext != "md" {
		return ext
	}
	return "markdown"
}

// standardOutput reports whether a name of a file stands for standard output.
func standardOutput(name string) bool { return name == "" || name == "-" }

// write writes to a file, or to standard output if the name is empty or -. What is written to a file is not kept in memory.
func (t terminal) write(name string, write func(io.Writer, report.Style) error) error {
	if standardOutput(name) {
		to := &target{w: t.out}
		err := write(to, t.style())
		if to.err != nil {
			return unwritten("-", err)
		}
		return err
	}
	file, err := t.create(name)
	if err != nil {
		return unwritten(name, err)
	}
	defer file.Discard()
	to := &target{w: file}
	if err := write(to, report.Style{}); err != nil {
		if to.err != nil {
			return unwritten(name, err)
		}
		return err
	}
	return unwritten(name, file.Commit())
}

// target remembers an error of a stream, to tell it from one of what is written.
type target struct {
	w   io.Writer
	err error
}

// Write is part of io.Writer.
func (t *target) Write(p []byte) (int, error) {
	n, err := t.w.Write(p)
	if err != nil {
		t.err = err
	}
	return n, err
}

// unwritten adds the name of the file to an error of writing it.
func unwritten(name string, err error) error {
	if err == nil {
		return nil
	}
	if name == "-" {
		name = "standard output"
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

// output is a file, stream or device that a user named. What is written to a file is there once it is committed.
type output interface {
	io.Writer
	Commit() error
	Discard()
}

// create opens an output. A regular file is replaced as a whole or not at all; a link to it stays a link, and its mode stays as it
// is. A new one is for its owner alone, since it may name people. A pipe or a device is written to as the text comes.
func (t terminal) create(name string) (output, error) {
	if name == "-" {
		return stream{t.out}, nil
	}
	switch info, err := os.Stat(name); {
	case err != nil:
	case t.own(info) != nil:
		return stream{t.own(info)}, nil
	case info.IsDir():
		return nil, errors.New("it is a folder: name a file")
	case !info.Mode().IsRegular():
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
		if err != nil {
			return nil, err
		}
		return device{file}, nil
	}
	file, err := atomicfile.Create(atomicfile.Resolve(name))
	if err != nil {
		return nil, err
	}
	return file, nil
}

// own returns the stream of this run that leads to a file, as /dev/stdout does, or nil. Replacing the file would take it away from
// the stream, and from everything else that is written there.
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

// device is an output that is not a regular file.
type device struct{ *os.File }

// Commit is part of output.
func (d device) Commit() error { return d.Close() }

// Discard is part of output.
func (d device) Discard() { d.Close() }
