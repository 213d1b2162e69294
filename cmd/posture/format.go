package main

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/internal/report"
)

// printFlags say in which format a page is printed, and where to.
type printFlags struct {
	format string
	output string // a file; empty for standard output
}

// register adds --format, with the formats that a page of this type has.
func (f *printFlags) register(cmd *cobra.Command, page report.Page) {
	formats := report.Formats(page)
	last := len(formats) - 1
	registerChoice(cmd.Flags(), &f.format, "format", formats[0], formats, "print as `FORMAT`: "+strings.Join(formats[:last], ", ")+" or "+formats[last])
}

func (f *printFlags) registerOutput(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.output, "output", "", "write to a `FILE` instead of standard output")
}

// show prints a page as the flags say.
func (t terminal) show(f printFlags, page report.Page) error {
	formats := report.Formats(page)
	format := cmp.Or(f.format, formats[0])
	// The flag may have been registered for another page, with more formats.
	if err := oneOf("format", format, formats...); err != nil {
		return err
	}
	return t.write(f.output, func(w io.Writer, style report.Style) error { return report.Write(w, page, format, style) })
}

// choice is the value of a flag that takes one of some words, or what it is without the flag.
type choice struct {
	value *string
	usual string
	words []string
}

func registerChoice(flags *pflag.FlagSet, value *string, name, usual string, words []string, usage string) {
	*value = usual
	flags.Var(&choice{value, usual, words}, name, usage)
}

// Set is part of pflag.Value.
func (c *choice) Set(text string) error {
	if text != c.usual && !slices.Contains(c.words, text) {
		return errors.New("not one of the words")
	}
	*c.value = text
	return nil
}

// String is part of pflag.Value.
func (c *choice) String() string {
	if c.value == nil {
		return ""
	}
	return *c.value
}

// Type is part of pflag.Value.
func (*choice) Type() string { return "string" }
