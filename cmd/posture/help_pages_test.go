package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

// longWord is how long a word is that may stand out of a narrow help page: a digest, a URL.
const longWord = 40

// TestHelpFits wants the help of every command to fit the terminals that people have, and to leave out no flag.
func TestHelpFits(t *testing.T) {
	t.Parallel()
	for _, cmd := range tree() {
		for _, width := range []int{60, 80, 100} {
			page := helpPage(cmd, width)
			for line := range strings.Lines(page) {
				if line = strings.TrimSuffix(line, "\n"); width < usualHelp && strings.Contains(cmd.Long, line) {
					continue // a list of the text keeps its lines
				}
				if len([]rune(line)) > width && !slices.ContainsFunc(strings.Fields(line), func(word string) bool { return len(word) > longWord }) {
					t.Errorf("%s --help at %d takes %d columns: %s", cmd.CommandPath(), width, len([]rune(line)), line)
				}
			}
			for _, name := range []string{"--help", "--color", "--wide"} {
				if !strings.Contains(page, name) {
					t.Errorf("%s --help at %d does not tell of %s", cmd.CommandPath(), width, name)
				}
			}
		}
	}
}

func TestExampleLines(t *testing.T) {
	t.Parallel()
	expect.Equal(t, "  posture assess testdata/contoso\n", exampleLines("  posture assess testdata/contoso", 60))
	expect.Equal(t, "  posture assess testdata/contoso \\\n      --report sarif=posture.sarif\n", exampleLines("  posture assess testdata/contoso --report sarif=posture.sarif", 50))
}
