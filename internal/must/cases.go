package must

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Cases returns the lines of a file that don't begin with #, split at their tabs.
func Cases(t testing.TB, path string) [][]string {
	t.Helper()
	var cases [][]string
	for line := range strings.Lines(string(Get(os.ReadFile(path))(t))) {
		if !strings.HasPrefix(line, "#") {
			cases = append(cases, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
		}
	}
	return cases
}

// Text returns the text that literals of Go spell, each with the number of its repetitions or without: 2*`a` + "\n" is "aa\n".
func Text(t testing.TB, spelled string) string {
	t.Helper()
	var text strings.Builder
	rest := term.ReplaceAllStringFunc(spelled, func(one string) string {
		parts := term.FindStringSubmatch(one)
		count := 1
		if parts[1] != "" {
			count = Get(strconv.Atoi(parts[1]))(t)
		}
		text.WriteString(strings.Repeat(Get(strconv.Unquote(parts[2]))(t), count))
		return ""
	})
	if strings.Trim(rest, " +") != "" {
		Do(t, fmt.Errorf("%q is no literal of Go, in %s", rest, spelled))
	}
	return text.String()
}

var term = regexp.MustCompile("(?:([0-9]+)\\*)?(`[^`]*`|\"(?:[^\"\\\\]|\\\\.)*\")")
