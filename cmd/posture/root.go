package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/suggest"
)

// run runs one command line and returns the exit code.
func run(ctx context.Context, args []string, t terminal) int {
	if t.logs == nil {
		t.logs = newLogs()
	}
	if t.look == nil {
		t.look = new(look)
	}
	root := newRoot(t)
	root.SetArgs(args)
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		registerCompletions(root)
	}
	root.SetIn(t.in)
	root.SetOut(t.out)
	root.SetErr(t.err)
	err := root.ExecuteContext(ctx)
	t.stage("")
	return t.report(ctx, err)
}

// report prints an error, with the source that it points at, and returns the exit code.
func (t terminal) report(ctx context.Context, err error) int {
	var (
		problems *catalog.Problems
		silent   failure
	)
	switch {
	case err == nil, errors.As(err, &silent):
	case errors.Is(err, context.Canceled):
		t.say("interrupted")
	case errors.As(err, &problems):
		if t.problems(problems) != nil {
			t.fail(err)
		}
	default:
		t.fail(err)
	}
	return exitCode(ctx, err)
}

func newRoot(t terminal) *cobra.Command {
	if t.look == nil {
		t.look = new(look)
	}
	root := &cobra.Command{
		Use:           "posture",
		Short:         "An open, policy-as-code Secure Score",
		Long:          "posture evaluates a catalog of recommended actions over exported configuration, and explains the score to the last point.",
		Example:       "  posture assess testdata/contoso\n  posture policy list",
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version(),
		Args:          noArgs,
		// Without RunE cobra would show the help without checking the arguments.
		RunE: func(cmd *cobra.Command, args []string) error {
			if t.verbose() { // -v alone has always been the version
				fmt.Fprintf(t.out, "posture version %s\n", version())
				return nil
			}
			return showHelp(cmd, args)
		},
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			if err := t.configure(cmd); err != nil {
				return err
			}
			return t.refuseOverlap(cmd, args)
		},
	}
	t.logging().register(root.PersistentFlags())
	t.look.register(root.PersistentFlags())
	root.SetHelpFunc(t.help)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		var invalid *pflag.InvalidValueError
		if errors.As(err, &invalid) {
			if c, ok := invalid.GetFlag().Value.(*choice); ok {
				return oneOf(invalid.GetFlag().Name, invalid.GetValue(), c.words...)
			}
			err = fmt.Errorf("--%s has to be %s; it is %q", invalid.GetFlag().Name, wanted(invalid.GetFlag()), invalid.GetValue())
		}
		var none *pflag.NotExistError
		if errors.As(err, &none) && len(none.GetSpecifiedName()) > 1 {
			if near := suggest.Nearest(none.GetSpecifiedName(), flagNames(cmd)); near != "" {
				return usageError{fmt.Errorf("%w. Did you mean --%s? See '%s --help'", err, near, cmd.CommandPath())}
			}
		}
		return usageError{fmt.Errorf("%w; see '%s --help'", err, cmd.CommandPath())}
	})
	root.AddCommand(newAction(t), newActions(t), newAssess(t), newBenchmark(t), newCompletion(t), newConfig(t), newDiff(t), newEvidence(t), newExplain(t), newExport(t),
		newHistory(t), newMan(), newPlan(t), newPolicy(t), newReconcile(t), newRegister(t), newSchema(t), newServe(t), newSign(t), newTrends(t), newVerify(t), newVersion(t), newWatch(t))
	registerConfig(root)
	return root
}

// flagNames returns the names of the flags that a command shows.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if !flag.Hidden {
			names = append(names, flag.Name)
		}
	})
	return names
}

// group returns a command that only has subcommands. Without one of them it shows its help.
func group(use, short, example string, children ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Example: example, Args: noArgs, RunE: showHelp}
	cmd.AddCommand(children...)
	return cmd
}

func showHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

func newAction(t terminal) *cobra.Command {
	return group("action", "Show one action, or register what the organization decided about it",
		"  posture action show AdminMFAV2 testdata/contoso\n  posture action set AdminMFAV2 --status planned --owner ada@contoso.example --due 2026-12-31\n  posture action undo",
		newActionShow(t), newActionSet(t), newActionUnset(t), newActionNote(t), newActionTag(t), newActionExclude(t), newActionUndo(t))
}

func newPolicy(t terminal) *cobra.Command {
	return group("policy", "Write, try, check, test, prove, list, compare, format, pack and pin controls", "  posture policy list\n  posture policy check ./our-controls",
		newPolicyBundle(t), newPolicyCheck(t), newPolicyLock(t), newPolicyPull(t), newPolicyPush(t), newPolicyTest(t), newPolicyProve(t), newPolicyTry(t), newPolicyList(t), newPolicyShow(t), newPolicyDiff(t), newPolicyFmt(t), newPolicyNew(t))
}

func newRegister(t terminal) *cobra.Command {
	return group("register", "Show and check what the organization decided", "  posture register list\n  posture register owners testdata/contoso",
		newRegisterList(t), newRegisterCheck(t), newRegisterExpiring(t), newRegisterOwners(t), newRegisterUnused(t))
}

func newSchema(t terminal) *cobra.Command {
	return group("schema", "List, show and propose schemas of datasets", "  posture schema list\n  posture schema show entra.users",
		newSchemaList(t), newSchemaShow(t), newSchemaNew(t))
}
