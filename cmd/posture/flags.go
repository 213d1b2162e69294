package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/suggest"
)

// noArgs accepts no arguments. A command that has subcommands takes an argument for a misspelt one.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasSubCommands() {
		var names []string
		for _, child := range cmd.Commands() {
			if child.IsAvailableCommand() {
				names = append(names, child.Name())
			}
		}
		return usageError{fmt.Errorf("%q is not a command of %s.%s See '%s --help'", suggest.Clip(args[0]), cmd.CommandPath(), suggest.Hint(args[0], names), cmd.CommandPath())}
	}
	return usageError{fmt.Errorf("%s takes no arguments, and was given %q; see '%s --help'", cmd.CommandPath(), args[0], cmd.CommandPath())}
}

// oneArg requires exactly one argument.
func oneArg(name string) cobra.PositionalArgs { return takes("one "+name, 1, false) }

// twoArgs requires two arguments, or at least two.
func twoArgs(names string, more bool) cobra.PositionalArgs { return takes(names, 2, more) }

// idAndPath requires the id of an action and the path of evidence or of an assessment, in this order.
func idAndPath(cmd *cobra.Command, args []string) error {
	if err := twoArgs("an ID and a PATH", false)(cmd, args); err != nil {
		return err
	}
	if _, err := os.Stat(args[1]); err == nil || args[1] == importer.Stdin {
		return nil
	}
	if _, err := os.Stat(args[0]); err != nil && args[0] != importer.Stdin {
		return nil
	}
	return usageError{fmt.Errorf("the ID comes first: %s %s %s", cmd.CommandPath(), args[1], args[0])}
}

// takes requires so many arguments, or more; names says in a message which ones.
func takes(names string, count int, more bool) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < count || len(args) > count && !more {
			return usageError{fmt.Errorf("%s takes %s, and was given %d; see '%s --help'", cmd.CommandPath(), names, len(args), cmd.CommandPath())}
		}
		return nil
	}
}

// oneOf checks that the value of a flag is one of some words.
func oneOf(flag, value string, words ...string) error {
	if slices.Contains(words, value) {
		return nil
	}
	return usageError{errors.New(suggest.OneOf("--"+flag, value, words))}
}

// plainWords returns words of a type of their own as text.
func plainWords[W ~string](words []W) []string {
	plain := make([]string, len(words))
	for i, word := range words {
		plain[i] = string(word)
	}
	return plain
}

// timeFlag returns the value of a flag that takes a time, or the zero time if it is empty.
func timeFlag(flag, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return time.Time{}, usageError{fmt.Errorf("--%s has to be a time such as 2026-01-31T12:00:00Z; it is %q", flag, value)}
	}
	return at, nil
}

// choice is the value of a flag that takes one of some words.
type choice struct {
	value *string
	usual string // the value without the flag, which need not be one of the words
	words []string
}

func registerChoice(flags *pflag.FlagSet, value *string, name, usual string, words []string, usage string) {
	*value = usual
	flags.Var(&choice{value, usual, words}, name, usage)
}

// Set is part of pflag.Value.
func (c *choice) Set(text string) error {
	if text != c.usual && !isChoice(text, c.words) {
		return errors.New("not one of the words")
	}
	*c.value = text
	return nil
}

// isChoice reports whether a text is one of some words. A word such as template=FILE stands for any text in the place of FILE.
func isChoice(text string, words []string) bool {
	name, value, valued := strings.Cut(text, "=")
	return slices.Contains(words, text) && !valued || valued && value != "" && slices.Contains(words, name+"=FILE")
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

// count is the value of a flag that takes a whole number from 1, or "all", which is negative. Zero means that it was not given.
type count int

// countType is the type of count as pflag knows it.
const countType = "count"

// all is the word for no bound.
const all = "all"

// Set is part of pflag.Value.
func (c *count) Set(text string) error {
	if text == all {
		*c = -1
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return errors.New("not a count")
	}
	*c = count(n)
	return nil
}

// String is part of pflag.Value.
func (c *count) String() string {
	switch {
	case *c == 0:
		return ""
	case *c < 0:
		return all
	}
	return strconv.Itoa(int(*c))
}

// Type is part of pflag.Value.
func (*count) Type() string { return countType }

// most returns the bound, or 0 if the flag was not given.
func (c *count) most() int {
	if *c < 0 {
		return math.MaxInt
	}
	return int(*c)
}

// wanted returns which values a flag takes that does not take every text.
func wanted(flag *pflag.Flag) string {
	switch flag.Value.Type() {
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	case sizeType:
		return "a size such as 512MiB"
	case stepsType:
		return "a whole number from 1"
	case "duration":
		return "a duration such as 30m"
	case reportType:
		return "FORMAT=FILE, where FORMAT is one of " + strings.Join(formatWords(report.Assessment{}), ", ")
	case countType:
		return "a whole number from 1, or all"
	}
	return "a number"
}
