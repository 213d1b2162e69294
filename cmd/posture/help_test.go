package main

import (
	"bytes"
	stdcmp "cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// commands returns a command and all below it, in the order of its help.
func commands(root *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{root}
	for _, child := range root.Commands() {
		if child.IsAvailableCommand() {
			list = append(list, commands(child)...)
		}
	}
	return list
}

// tree is the commands of a new command line, with the flags that cobra adds on the way to running one.
func tree() []*cobra.Command {
	list := commands(newRoot(terminal{}))
	for _, cmd := range list {
		cmd.InitDefaultHelpFlag()
	}
	return list
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, cmd := range tree() {
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") || strings.Contains(cmd.Short, "\n") {
				t.Errorf("Short is %q; want one line without a full stop", cmd.Short)
			}
			if cmd.Example == "" {
				t.Error("there is no Example")
			}
			for line := range strings.Lines(cmd.Example) {
				for example := range strings.SplitSeq(line, "&&") {
					if err := understood(words(example)); err != nil {
						t.Errorf("example %q: %v", strings.TrimSpace(example), err)
					}
				}
			}
		})
	}
}

// words splits a command line as a shell does, as far as examples go: text in double quotes is one word.
func words(line string) []string {
	var split []string
	for _, word := range regexp.MustCompile(`(?:[^\s"]|"[^"]*")+`).FindAllString(line, -1) {
		split = append(split, strings.ReplaceAll(word, `"`, ""))
	}
	return split
}

// understood says why a command line that a help page shows could not be run.
func understood(words []string) error {
	if len(words) == 0 || words[0] != "posture" {
		return fmt.Errorf("it doesn't run posture")
	}
	cmd, rest, err := newRoot(terminal{}).Find(words[1:])
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}

func TestUnderstood(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"posture assess evidence --format json": true,
		"posture assess evidence --formt json":  false,
		"posture asess evidence":                false,
		"posture policy chek":                   false,
		"posture assess":                        false,
		"posture policy show A B":               false,
		"make test":                             false,
	} {
		if err := understood(strings.Fields(line)); (err == nil) != want {
			t.Errorf("%s: got %v", line, err)
		}
	}
}

// TestDocs holds docs/cli.md to the commands as they are.
func TestDocs(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "docs", "cli.md")
	want := reference(tree())
	if *update {
		must.Do(t, os.WriteFile(path, []byte(want), 0o644))
	}
	got := must.Get(os.ReadFile(path))(t)
	expect.Equalf(t, want, string(got), "docs/cli.md is stale: run make update")
}

// preface is what docs/cli.md says of all commands.
const preface = `# Command line

This page is written by a test from what the commands say of themselves; ` + "`make update`" + ` rewrites it.

Results go to standard output, everything else to standard error. Output is the same bytes for the same input. On a terminal it is
colored, unless the environment variable ` + "`NO_COLOR`" + ` is set, and wrapped to its width; elsewhere it is plain, and wrapped to 120 columns.
What each ` + "`--format`" + ` holds is described in [formats.md](formats.md).

Flags of settings take their values from environment variables (` + "`POSTURE_STORE`" + `) and from the ` + "`posture.hcl`" + ` here or above where they are not
given; every command takes ` + "`--config FILE`" + `, which names another file, or none. See [configuration](configuration.md).

Files that a command writes (` + "`--output`, `--failing-file`" + `, the register) may name people: a new one is for its owner alone, whatever else the
umask allows, and one that was there keeps its mode. They are replaced as a whole or not at all. A file that the same command reads,
or that is in a folder which it reads, is never replaced: that is an error of the command line.

| exit code | meaning |
|---|---|
`

// everyCommand is what docs/cli.md says of the flags that every command has.
const everyCommand = `Every command takes the flags

` + "```text\n%s```" + `

Messages on standard error are for people. ` + "`--log-format json`" + ` writes them for programs, one object a line with ` + "`time`, `level` and `msg`" + `: notes and
progress are INFO, warnings WARN, errors and gates that are not met ERROR, and stages DEBUG, with ` + "`stage`" + ` and its ` + "`duration`" + ` in nanoseconds. Stages are told
with ` + "`--verbose`" + ` alone. ` + "`-v`" + ` is short for that in every command; only ` + "`posture -v`" + `, without a command, prints the version, as ` + "`posture --version`" + ` does.
Standard output is the same with and without them.
`

func reference(list []*cobra.Command) string {
	var page bytes.Buffer
	page.WriteString(preface)
	for _, exit := range exitCodes() {
		fmt.Fprintf(&page, "| %d | %s |\n", exit.code, exit.meaning)
	}
	fmt.Fprintf(&page, "\n"+everyCommand+"\n", list[0].PersistentFlags().FlagUsages())
	for _, cmd := range list {
		name := cmd.CommandPath()
		fmt.Fprintf(&page, "- [%s](#%s): %s\n", name, strings.ReplaceAll(name, " ", "-"), cmd.Short)
	}
	for _, cmd := range list {
		fmt.Fprintf(&page, "\n## %s\n\n%s\n", cmd.CommandPath(), stdcmp.Or(cmd.Long, cmd.Short+"."))
		if cmd.Runnable() && !cmd.HasSubCommands() {
			fmt.Fprintf(&page, "\n    %s\n", cmd.UseLine())
		}
		fmt.Fprintf(&page, "\n```console\n%s\n```\n", dedent(cmd.Example))
		if flags := cmd.LocalFlags().FlagUsages(); !cmd.HasSubCommands() {
			fmt.Fprintf(&page, "\n```text\n%s```\n", flags)
		}
	}
	return page.String()
}

// dedent puts the prompt of a shell in place of the indentation of help pages.
func dedent(example string) string {
	lines := strings.Split(example, "\n")
	for i, line := range lines {
		lines[i] = "$ " + strings.TrimSpace(line)
	}
	return strings.Join(lines, "\n")
}
