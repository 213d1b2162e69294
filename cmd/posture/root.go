package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/report"
)

// Exit codes, as documented in docs/cli.md.
const (
	exitOK        = 0
	exitFailure   = 1
	exitUsage     = 2
	exitThreshold = 3
	exitDiffers   = 4
)

// usageError is a command line that can't be run as it stands.
type usageError struct{ error }

// failure ends the program with a code and nothing more to say: the reason is on the output already.
type failure int

func (f failure) Error() string { return fmt.Sprintf("exit status %d", int(f)) }

// run runs one command line and returns the exit code.
func run(ctx context.Context, args []string, t terminal) int {
	root := newRoot(t)
	root.SetArgs(args)
	root.SetIn(t.in)
	root.SetOut(t.out)
	root.SetErr(t.err)
	return t.report(root.ExecuteContext(ctx))
}

// report prints an error once, with what it points at, and turns it into an exit code.
func (t terminal) report(err error) int {
	var (
		problems *catalog.Problems
		usage    usageError
		code     failure
	)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, context.Canceled):
		t.say("interrupted")
	case errors.As(err, &problems):
		if report.Problems(t.err, problems, style(t.err)) != nil {
			report.Error(t.err, err)
		}
	case errors.As(err, &usage):
		report.Error(t.err, err)
		return exitUsage
	default:
		report.Error(t.err, err)
	}
	return exitFailure
}

func newRoot(t terminal) *cobra.Command {
	root := &cobra.Command{
		Use:           "posture",
		Short:         "An open, policy-as-code Secure Score",
		Long:          "posture evaluates a catalog of recommended actions over exported configuration, and explains the score to the last point.",
		Example:       "  posture assess testdata/contoso\n  posture policy list",
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version(),
		Args:          noArgs,
		// A command that can't be run shows its help and never looks at its arguments.
		RunE: showHelp,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		var invalid *pflag.InvalidValueError
		if errors.As(err, &invalid) {
			if c, ok := invalid.GetFlag().Value.(*choice); ok {
				return oneOf(invalid.GetFlag().Name, invalid.GetValue(), c.words...)
			}
			err = fmt.Errorf("--%s has to be %s; it is %q", invalid.GetFlag().Name, wanted(invalid.GetFlag()), invalid.GetValue())
		}
		return usageError{fmt.Errorf("%w; see '%s --help'", err, cmd.CommandPath())}
	})
	root.AddCommand(newAction(t), newActions(t), newAssess(t), newEvidence(t), newExplain(t), newPlan(t), newPolicy(t), newVersion(t))
	return root
}

// wanted says what values a flag takes, of those that don't take every text.
func wanted(flag *pflag.Flag) string {
	switch flag.Value.Type() {
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	case countType:
		return "a whole number from 1, or all"
	}
	return "a number"
}

// group is a command that only holds others: called without one of them it shows its help.
func group(use, short, example string, children ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Example: example, Args: noArgs, RunE: showHelp}
	cmd.AddCommand(children...)
	return cmd
}

func showHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// noArgs refuses arguments; to a command that has subcommands an argument is a misspelt one.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasSubCommands() {
		hint := ""
		cmd.SuggestionsMinimumDistance = 2 // letters that may differ
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			hint = fmt.Sprintf(" Did you mean %q?", near[0])
		}
		return usageError{fmt.Errorf("%q is not a command of %s.%s See '%s --help'", args[0], cmd.CommandPath(), hint, cmd.CommandPath())}
	}
	return usageError{fmt.Errorf("%s takes no arguments, and was given %q; see '%s --help'", cmd.CommandPath(), args[0], cmd.CommandPath())}
}

// oneArg wants exactly one argument.
func oneArg(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{fmt.Errorf("%s takes one %s, and was given %d; see '%s --help'", cmd.CommandPath(), name, len(args), cmd.CommandPath())}
		}
		return nil
	}
}

// oneOf checks the value of a flag that has a few words to choose from.
func oneOf(flag, value string, words ...string) error {
	for _, word := range words {
		if value == word {
			return nil
		}
	}
	return usageError{fmt.Errorf("--%s has to be one of %s; it is %q", flag, strings.Join(words, ", "), value)}
}
