package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/internal/rego/explain"
)

const long = `package policies.long

some_pair if {
	some a in numbers.range(1, 2000)
	some b in numbers.range(1, 2000)
	a + b == 0
}

undefined if input.nothing

wrong if to_number("x") == 1
`

func TestSteps(t *testing.T) {
	t.Parallel()
	env := explain.Environment{Compiler: compile(t, map[string]string{"mfa.rego": rules, "mfa_test.rego": tests, "long.rego": long})}
	steps, err := env.Steps(t.Context(), "data.policies.mfa_test.test_equal")
	if err != nil || !slices.ContainsFunc(steps, func(s string) bool { return strings.Contains(s, `Fail got = expected`) }) {
		t.Errorf("%v, steps:\n%s", err, strings.Join(steps, "\n"))
	}
	// What takes too many steps is ended, and not shown as a whole.
	steps, err = env.Steps(t.Context(), "data.policies.long.some_pair")
	if err == nil || len(steps) != 2001 || !strings.HasPrefix(steps[2000], "... and ") {
		t.Errorf("%v, %d steps", err, len(steps))
	}
	failures, err := env.Failures(t.Context(), "data.policies.long.some_pair")
	if err == nil || len(failures) != 20 {
		t.Errorf("%v, %d failures", err, len(failures))
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	env := explain.Environment{Compiler: compile(t, map[string]string{"mfa.rego": rules, "long.rego": long})}
	if value, err := env.Value(t.Context(), "data.policies.mfa.compliant"); err != nil || value.String() != "false" {
		t.Errorf("%v, %v", value, err)
	}
	if value, err := env.Value(t.Context(), "data.policies.long.undefined"); err != nil || value != nil {
		t.Errorf("%v, %v", value, err)
	}
	const want = `evaluating data.policies.long.wrong: long.rego:11: to_number: strconv.ParseFloat: parsing "x": invalid syntax`
	if _, err := env.Value(t.Context(), "data.policies.long.wrong"); err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}
