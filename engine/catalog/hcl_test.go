package catalog

import (
	"strings"
	"testing"
)

// The parser of HCL is recursive: what nests deeply must not reach it.
func TestParseHCLNesting(t *testing.T) {
	t.Parallel()
	repeat := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	for name, expression := range map[string]func(n int) string{
		"parentheses":  func(n int) string { return repeat("(", "1", ")", n) },
		"lists":        func(n int) string { return repeat("[", "1", "]", n) },
		"objects":      func(n int) string { return repeat("{\na = ", "1", "\n}", n) },
		"templates":    func(n int) string { return repeat(`"${`, "1", `}"`, n) },
		"directives":   func(n int) string { return `"` + repeat("%{ if true }", "a", "%{ endif }", n) + `"` },
		"negations":    func(n int) string { return repeat("!", "true", "", n) },
		"conditionals": func(n int) string { return repeat("true ? 1 : ", "1", "", n) },
		"sums":         func(n int) string { return repeat("1 + ", "1", "", n) },
		"lines":        func(n int) string { return "(" + repeat("!\n", "true", "", n) + ")" },
		"for":          func(n int) string { return "{\nfor x in [1] : x => " + repeat("!\n", "true", "", n) + "}" },
		"indexes":      func(n int) string { return "a" + repeat("[b]", "", "", n) },
	} {
		for _, n := range []int{1, 100_000} {
			_, diags := parseHCL([]byte("a = "+expression(n)+"\n"), "a.hcl")
			refused := diags.HasErrors() && diags[0].Summary == "Nested too deeply"
			if refused != (n > 1) || n == 1 && diags.HasErrors() {
				t.Errorf("%s, %d times: %v", name, n, diags)
			}
		}
	}
	flat := strings.Repeat("a = [1, -1, \"x${!b}\", {\nc = !d\n}]\n", 1000) + "b = [" + strings.Repeat("!a, ", 1000) + "]\n"
	if _, diags := parseHCL([]byte(flat), "a.hcl"); len(diags) > 0 && diags[0].Summary == "Nested too deeply" {
		t.Error(diags)
	}
}
