package textlimit_test

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/textlimit"
)

func TestHCL(t *testing.T) {
	t.Parallel()
	for name, attack := range map[string]func(n int) string{
		"lists":            func(n int) string { return nested("[", "1", "]", n) },
		"objects":          func(n int) string { return nested("{\na = ", "1", "\n}", n) },
		"blocks":           func(n int) string { return "1\n" + nested("b {\n", "", "}\n", n) },
		"templates":        func(n int) string { return nested(`"${`, "1", `}"`, n) },
		"negations":        func(n int) string { return nested("!", "true", "", n) },
		"fields":           func(n int) string { return "a" + nested(".b", "", "", n) },
		"digits":           func(n int) string { return nested("1", "1", "", n) },
		"an exponent":      func(n int) string { return "1e" + nested("9", "", "", min(n, 50)/2) },
		"a name":           func(n int) string { return nested("a", "", "", n) },
		"lines of a text":  func(n int) string { return "<<A\n" + nested("x\n", "", "", n) + "A\n" },
		"words in a text":  func(n int) string { return `"` + nested("x ", "", "", 10*n) + `"` },
		"bytes":            func(n int) string { return `"` + nested("x", "", "", 50*n) + `"` },
		"illegal marks":    func(n int) string { return nested("~", "1", "", n) },
		"no UTF-8":         func(n int) string { return `"` + nested("\xff", "", "", n) + `"` },
		"unclosed heredoc": func(n int) string { return "<<A\n" + nested("x\n", "", "", n) },
	} {
		for _, n := range []int{3, 100_000} {
			if problem := textlimit.HCL([]byte("a = " + attack(n) + "\n")); (problem != nil) != (n > 3) {
				t.Errorf("%s, %d times: %v", name, n, problem)
			}
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for name, attack := range map[string]func(n int) string{
		"lists":   func(n int) string { return nested("[", "1", "]", n) },
		"objects": func(n int) string { return nested(`{"a":`, "1", "}", n) },
		"digits":  func(n int) string { return nested("1", "1", "", n) },
		"a name":  func(n int) string { return `{"` + nested("a", "", "", n) + `" : 1}` },
		"a text":  func(n int) string { return `["` + nested("a", "", "", n) + `"]` },
		"tokens":  func(n int) string { return "[" + nested("1,", "1", "", 2*n) + "]" },
		"bytes":   func(n int) string { return nested(" ", "1", " ", 6*n) },
	} {
		for _, n := range []int{3, 110_000} {
			if problem := textlimit.JSON([]byte(attack(n))); (problem != nil) != (n > 3) {
				t.Errorf("%s, %d times: %v", name, n, problem)
			}
		}
	}
	if problem := textlimit.JSON([]byte(`["` + strings.Repeat(`[\"{`, 1000) + `", "\\", [1]]`)); problem != nil {
		t.Error(problem)
	}
}

func TestPattern(t *testing.T) {
	t.Parallel()
	for pattern, refused := range map[string]bool{
		"":                          false,
		`^[a-z0-9-]{1,63}(\.x)*$`:   false,
		"(a{1000})":                 false,
		"((a{30}){30}){30}":         true,
		"((a{1000}){1000}){1000}":   true,
		"(":                         true,
		strings.Repeat("a", 1001):   true,
		"(((((a|b){9}){9}){9}){9})": true,
	} {
		if _, err := textlimit.Pattern(pattern); (err != nil) != refused {
			t.Errorf("%.40q: %v", pattern, err)
		}
	}
}
