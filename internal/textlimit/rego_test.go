package textlimit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/textlimit"
)

// nested returns a text that nests n times.
func nested(open, inner, shut string, n int) string {
	return strings.Repeat(open, n) + inner + strings.Repeat(shut, n)
}

// numbered returns n lines or items with their numbers in them.
func numbered(format string, n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, format, i)
	}
	return text.String()
}

// regoAttacks are texts of Rego that are fine for a small n, and refused for a large one.
func regoAttacks() map[string]func(n int) string {
	return map[string]func(n int) string{
		"lists":               func(n int) string { return "x := " + nested("[", "1", "]", n) },
		"objects":             func(n int) string { return "x := " + nested(`{"a": `, "1", "}", n) },
		"objects over lines":  func(n int) string { return "x := " + nested("{\n\"a\":\n", "1", "\n}", n) },
		"sets":                func(n int) string { return "x := " + nested("{", "1", "}", n) },
		"parentheses":         func(n int) string { return "x := " + nested("(", "1", ")", n) },
		"open braces":         func(n int) string { return "x := " + nested("{", "", "", n) },
		"strings":             func(n int) string { return "x := " + nested(`$"{`, "1", `}"`, n) },
		"raw strings":         func(n int) string { return "x := " + nested("$`{", "1", "}`", n) },
		"comprehensions":      func(n int) string { return "x := " + nested("[y | y := ", "1", "]", n) },
		"heads":               func(n int) string { return "x := " + nested("{", "1", " | true}", n) },
		"object heads":        func(n int) string { return "x := " + nested("{1: ", "1", " | true}", n) },
		"every":               func(n int) string { return "x if { " + nested("every y in [1] { ", "1 == 1", "}", n) + " }" },
		"calls":               func(n int) string { return "x := " + nested("abs(", "1", ")", n) },
		"negations":           func(n int) string { return "x if { " + nested("not ", "true", "", n) + " }" },
		"minus":               func(n int) string { return "x := " + nested("- ", "1", "", n) },
		"sums":                func(n int) string { return "x := " + nested("1 + ", "1", "", n) },
		"sums over lines":     func(n int) string { return "x if {\n" + nested("1\n+ ", "1", "", n) + "\n}" },
		"in":                  func(n int) string { return "x := " + nested("1 in ", "[1]", "", n) },
		"fields":              func(n int) string { return "x := input" + nested(".a", "", "", n) },
		"steps":               func(n int) string { return "x := input" + nested(`["a"]`, "", "", n) },
		"indexes":             func(n int) string { return "x := " + nested("input[", "0", "]", n) },
		"a head over lines":   func(n int) string { return "x" + nested("\n[0]", "", "", n) + " := 1" },
		"else":                func(n int) string { return "x := 1 if input.a" + numbered("\nelse := %d if\ninput.b", n) },
		"else in one line":    func(n int) string { return "x := 1 if input.a" + numbered(" else := %d if input.b", n) },
		"expressions":         func(n int) string { return "x if {\n" + numbered("input.a == %d\n", n) + "}" },
		"semicolons":          func(n int) string { return "x if { " + numbered("input.a == %d; ", n) + "true }" },
		"in a comprehension":  func(n int) string { return "x := [1 |\n" + numbered("input.a == %d\n", n) + "]" },
		"rules":               func(n int) string { return numbered("x%d := 1\n", n) },
		"imports":             func(n int) string { return numbered("import input.a%d\n", n) },
		"some":                func(n int) string { return "x if {\nsome a" + numbered(", a%d", n) + "\ntrue\n}" },
		"arguments":           func(n int) string { return "x := f(1" + numbered(", %d", n) + ")" },
		"elements":            func(n int) string { return "x := [1" + numbered(", %d", n) + "]" },
		"members":             func(n int) string { return "x := {1" + numbered(",\n%d", n) + "}" },
		"pairs":               func(n int) string { return `x := {"a": 1` + numbered(`, "%d": 1`, n) + "}" },
		"parts of a string":   func(n int) string { return `x := $"` + nested("{input.a}", "", "", n) + `"` },
		"digits":              func(n int) string { return "x := 1" + nested("0", "", "", n) },
		"decimals":            func(n int) string { return "x := 0." + nested("0", "1", "", n) },
		"an exponent":         func(n int) string { return "x := 1e" + nested("1", "1", "", n) },
		"a name":              func(n int) string { return nested("a", "", "", n) + " := 1" },
		"null characters":     func(n int) string { return `x := "` + nested("\x00", "", "", n) + `"` },
		"illegal escapes":     func(n int) string { return `x := "` + nested(`\q`, "", "", n) + `"` },
		"no UTF-8":            func(n int) string { return "x := 1 # " + nested("\xff", "", "", n) },
		"metadata":            func(n int) string { return "# METADATA\n# custom:\n#   a: " + nested("[", "1", "]", n) + "\nx := 1" },
		"metadata over lines": func(n int) string { return "# METADATA\n# custom:\n" + numbered("#   a%d: 1\n", n) + "x := 1" },
		"tokens":              func(n int) string { return "x := [1" + numbered(", %d", n) + "]" },
		"bytes":               func(n int) string { return `x := "` + strings.Repeat("a", 10*n) + `"` },
	}
}

func TestRego(t *testing.T) {
	t.Parallel()
	for name, attack := range regoAttacks() {
		for _, n := range []int{5, 150_000} {
			text := "package a\n\n" + attack(n) + "\n"
			if _, problem := textlimit.Rego([]byte(text)); (problem != nil) != (n > 5) {
				t.Errorf("%s, %d times: %v", name, n, problem)
			}
		}
	}
}

// TestRegoHidden says that what stands in strings and comments is no bracket, and that none can hide in them.
func TestRegoHidden(t *testing.T) {
	t.Parallel()
	brackets := strings.Repeat("[", 1000)
	for text, refused := range map[string]bool{
		`x := "` + brackets + `"`:                       false,
		"x := `\n" + brackets + "\n`":                   false,
		"x := 1 # " + brackets:                          false,
		"x := $\"\\{" + brackets + "\"":                 false,
		"x := $`\\{" + brackets + "`":                   false,
		`x := "\"` + brackets + `"`:                     false,
		`x := "\\"` + brackets:                          true,
		"x := `\\`" + brackets:                          true,
		"x := \"#\" + " + brackets:                      true,
		"x := $\"{" + brackets + "}\"":                  true,
		"x := $\"{\"}\"}" + brackets + "\"":             false,
		"x := $\"{1}\" + " + brackets:                   true,
		"x := $\"{`}`}\" + " + brackets:                 true,
		"x := \"a\n" + brackets + `"`:                   true, // a string ends with its line
		"x := \"\\u123\"" + brackets + "\"":             true, // the fourth character of an escape may end it
		"# a\r" + brackets:                              false,
		"\uFEFFx := 1 # " + brackets:                    false,
		"x := $\"{{1: $`{\"`\"}`}[1]}" + brackets + `"`: false,
	} {
		if _, problem := textlimit.Rego([]byte("package a\n" + text)); (problem != nil) != refused {
			t.Errorf("%.60q: %v", text, problem)
		}
	}
}
