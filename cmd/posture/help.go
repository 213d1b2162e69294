package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/posture-score/posture/internal/report"
)

// Columns of a help page: those of a terminal up to where lines get hard to read, and elsewhere those of most terminals.
const (
	mostHelp  = 100
	usualHelp = 80
)

// help prints the help page of a command.
func (t terminal) help(cmd *cobra.Command, _ []string) {
	width := min(cmp.Or(t.style().Width, usualHelp), mostHelp)
	_, _ = io.WriteString(t.out, helpPage(cmd, width)) // a page that nobody reads is no failure
}

// helpPage returns the help page of a command, in lines of at most so many columns; words are not broken.
func helpPage(cmd *cobra.Command, width int) string {
	var page strings.Builder
	page.WriteString(report.Paragraphs(cmp.Or(cmd.Long, cmd.Short), width))
	page.WriteString("\nUsage:\n")
	if cmd.Runnable() {
		page.WriteString(report.Hang("  ", cmd.UseLine(), width))
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&page, "  %s [command]\n", cmd.CommandPath())
	}
	if cmd.Example != "" {
		page.WriteString("\nExamples:\n")
		for line := range strings.Lines(cmd.Example) {
			page.WriteString(exampleLines(strings.TrimRight(line, "\n"), width))
		}
	}
	if cmd.HasAvailableSubCommands() {
		page.WriteString("\nCommands:\n")
		for _, child := range cmd.Commands() {
			if child.IsAvailableCommand() || child.Name() == "help" {
				page.WriteString(report.Hang(fmt.Sprintf("  %-*s  ", child.NamePadding(), child.Name()), child.Short, width))
			}
		}
	}
	helpFlags(&page, "Flags", cmd.LocalFlags(), width)
	helpFlags(&page, "Global flags", cmd.InheritedFlags(), width)
	if cmd.HasAvailableSubCommands() {
		page.WriteString("\n" + report.Hang("", fmt.Sprintf("Use \"%s [command] --help\" for more about a command.", cmd.CommandPath()), width))
	}
	return page.String()
}

// leastUsage is how many columns the text about a flag has at least; where a name leaves less, it stands below the name.
const leastUsage = 36

// helpFlags writes what flags do, each name with its text beside it or below it.
func helpFlags(page *strings.Builder, title string, flags *pflag.FlagSet, width int) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(page, "\n%s:\n", title)
	lines := strings.Split(strings.TrimRight(flags.FlagUsages(), "\n"), "\n")
	most := 0
	names, texts := make([]string, len(lines)), make([]string, len(lines))
	for i, line := range lines {
		names[i], texts[i] = flagParts(line)
		if len(names[i]) <= width-leastUsage {
			most = max(most, len(names[i]))
		}
	}
	for i, name := range names {
		if len(name) > most {
			fmt.Fprintf(page, "%s\n", name)
			name = ""
		}
		page.WriteString(report.Hang(fmt.Sprintf("%-*s  ", most, name), texts[i], width))
	}
}

// flagParts returns the name of a flag, with its indentation and the word for its value, and what it does, of a line of
// [pflag.FlagSet.FlagUsages], which has three spaces at least between them.
func flagParts(line string) (name, text string) {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	name, text, _ = strings.Cut(line[indent:], "   ")
	return line[:indent] + name, strings.TrimSpace(text)
}

// exampleLines returns a command line that goes on behind a backslash where it is too long: before an argument, or before a flag with its
// value.
func exampleLines(line string, width int) string {
	const more, margin = " \\\n", "      "
	var parts []string
	for _, word := range strings.Fields(line) {
		if last := len(parts) - 1; last >= 0 && strings.HasPrefix(parts[last], "-") && !strings.Contains(parts[last], " ") && !strings.HasPrefix(word, "-") {
			parts[last] += " " + word
			continue
		}
		parts = append(parts, word)
	}
	text, used := " ", 1
	for i, part := range parts {
		if i > 0 && used+1+len(part)+len(" \\") > width {
			text += more + margin + part
			used = len(margin) + len(part)
			continue
		}
		text += " " + part
		used += 1 + len(part)
	}
	return text + "\n"
}
