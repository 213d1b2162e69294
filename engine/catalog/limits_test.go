package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
)

// expressions are values of HCL that are fine for a small n, and refused for a large one.
func expressions() map[string]func(n int) string {
	repeat := strings.Repeat
	return map[string]func(n int) string{
		"lists":       func(n int) string { return repeat("[", n) + "1" + repeat("]", n) },
		"objects":     func(n int) string { return repeat("{\na = ", n) + "1" + repeat("\n}", n) },
		"templates":   func(n int) string { return repeat(`"${`, n) + "1" + repeat(`}"`, n) },
		"negations":   func(n int) string { return repeat("!", n) + "true" },
		"conditions":  func(n int) string { return repeat("true ? 1 : ", n) + "1" },
		"sums":        func(n int) string { return repeat("1 + ", n) + "1" },
		"digits":      func(n int) string { return "1" + repeat("0", n) },
		"an exponent": func(n int) string { return "1e" + fmt.Sprint(n) },
		"a heredoc":   func(n int) string { return "<<A\n" + repeat("x\n", n) + "A" },
		"a loop":      func(n int) string { return "[for x in [" + repeat("1, ", n) + "] : \"" + repeat("y", n) + "\"]" },
		"words":       func(n int) string { return "[" + repeat("1, ", 50*n) + "]" },
		"products":    func(n int) string { return "[" + repeat("1e99 * ", min(n, 200)) + "1]" },
	}
}

// TestExpressions hands expressions to everything that reads HCL.
func TestExpressions(t *testing.T) {
	t.Parallel()
	cat := parametric(t)
	for name, expression := range expressions() {
		for _, n := range []int{2, 10_000} {
			refused := func(kind string, err error) {
				if (err != nil) != (n > 2) {
					t.Errorf("%s, %s, %d times: %.300v", kind, name, n, err)
				}
				if len(printed(t, err)) > 10_000 {
					t.Errorf("%s, %s, %d times: a message of %d bytes", kind, name, n, len(printed(t, err)))
				}
			}
			value := expression(n)
			_, err := cat.WithParameters("p.hcl", []byte("control \"A\" {\n  anything = "+value+"\n}\n"))
			refused("parameters", err)
			declared := strings.Replace(settingHCL, "setting {}", "setting {}\n  parameter \"p\" {\n    type = any\n    default = "+value+"\n  }\n", 1)
			_, err = load(t, source(t, "ours", map[string]string{"entra/defaults.hcl": declared, "entra/defaults.rego": settingRego}))
			refused("a control", err)
		}
	}
}

// TestWork says that what expressions return in all is bounded, whatever the length of their text.
func TestWork(t *testing.T) {
	t.Parallel()
	long := `"` + strings.Repeat("x", 60) + `"`
	nested := "replace(" + long + ", \"x\", " + long + ")"
	value := "[" + strings.Repeat(nested+", ", 20_000) + "]"
	declared := strings.Replace(settingHCL, "setting {}", "setting {}\n  parameter \"p\" {\n    type = any\n    default = "+value+"\n  }\n", 1)
	_, err := load(t, source(t, "ours", map[string]string{"entra/defaults.hcl": declared, "entra/defaults.rego": settingRego}))
	if text := printed(t, err); !strings.Contains(text, "all calls of the catalog together") {
		t.Errorf("got %.500s", text)
	}
}

// TestLongLists says that a long list with a mistake is refused, and not compared with itself.
func TestLongLists(t *testing.T) {
	t.Parallel()
	names := strings.Repeat("\"x\", ", 50_000)
	for value, refused := range map[string]bool{names: false, names + "[]": true} {
		_, err := parametric(t).WithParameters("p.hcl", []byte("control \"A\" {\n  names = ["+value+"]\n}\n"))
		if (err != nil) != refused {
			t.Errorf("got %.300v", err)
		}
	}
}

// TestInterrupted says that nothing goes on when the context has ended.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	cat, ours := parametric(t), source(t, "ours", map[string]string{"entra/defaults.hcl": settingHCL, "entra/defaults.rego": settingRego})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, loading := catalog.Load(ctx, registry(t), ours)
	_, checking := catalog.Check(ctx, cat)
	_, formatting := catalog.Format(ctx, ours)
	_, reading := catalog.Datasets(ctx, registry(t), ours)
	for name, err := range map[string]error{"loading": loading, "checking": checking, "formatting": formatting, "reading schemas": reading} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
