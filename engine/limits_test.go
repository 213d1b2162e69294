package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
)

// growing is a rule that makes a value of the one before, many times over.
func growing(first, step string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "default compliant := false\n_0 := %s\n", first)
	for i := range 40 {
		fmt.Fprintf(&b, "_%d := %s\n", i+1, strings.ReplaceAll(step, "x", fmt.Sprintf("_%d", i)))
	}
	return b.String() + "compliant if count(sprintf(\"%v\", [_40])) > 1"
}

// TestHostile holds that a rule which would take minutes or gigabytes is an error, and the same one on the VM and with topdown.
func TestHostile(t *testing.T) {
	t.Parallel()
	const steps, memory = "takes more than 2,000,000 steps", "makes values of more than 4 MiB"
	tests := map[string]struct{ rego, want string }{
		"concat":       {growing(`"abc"`, `concat("", [x, x])`), memory},
		"replace":      {growing(`"aaa"`, `replace(x, "a", "aaaa")`), memory},
		"array.concat": {growing(`[1]`, `array.concat(x, x)`), memory},
		"multiply":     {growing(`123456789`, `x * x`), steps},
		"product":      {"default compliant := false\ncompliant if product(numbers.range(1, 300000)) > 1", ""},
		"range":        {"default compliant := false\ncompliant if count(numbers.range(1, 1000000000)) > 1", ""},
		"loops":        {"default compliant := false\ncompliant if {\n some x in numbers.range(1, 5000)\n some y in numbers.range(1, 5000)\n x + y < 0\n}", steps},
		"set of texts": {"default compliant := false\ncompliant if count({sprintf(`%d-%d`, [x, y]) | some x in numbers.range(1, 5000); some y in numbers.range(1, 5000)}) > 1", ""},
	}
	b := bundle(t, data{"entra.security_defaults": object{"isEnabled": true}})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cat := load(t, settingBlock, test.rego)
			for _, interpreter := range []bool{false, true} {
				a := assess(t, cat, b, engine.Options{MaxSteps: 2_000_000, MaxMemory: 4 << 20, Interpreter: interpreter}, engine.AssessOptions{})
				got := brief(a.Actions[0])
				if !strings.HasPrefix(got, "error 0") || !strings.Contains(got, test.want) || !strings.Contains(got, ", the limit for one evaluation: ") {
					t.Errorf("topdown %v: %s", interpreter, got)
				}
			}
		})
	}
}

// TestProbes holds that a set whose members meet in the same places of its hash table is charged for that, whether a comprehension or a
// union makes it. Topdown does not count it.
func TestProbes(t *testing.T) {
	t.Parallel()
	b := bundle(t, data{"entra.security_defaults": object{"isEnabled": true}})
	for name, rego := range map[string]string{
		"comprehension": "compliant if count({[x, y] | some x in numbers.range(1, 60); some y in numbers.range(1, 60)}) > 1",
		"union": "_n := {[x, y] | some x in numbers.range(1, 30); some y in numbers.range(1, 30)}\n\n" +
			"compliant if count([1 | some x in numbers.range(1, 5); count(_n | {[2, x]}) > 5]) > 4",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cat := load(t, settingBlock, "default compliant := false\n"+rego)
			for limit, want := range map[int64]string{1_000_000: "error 0", 50_000_000: "complete 10"} {
				a := assess(t, cat, b, engine.Options{MaxSteps: limit}, engine.AssessOptions{})
				if got := brief(a.Actions[0]); !strings.HasPrefix(got, want) {
					t.Errorf("within %d steps: %s, want %s", limit, got, want)
				}
			}
		})
	}
}

// TestLimitOfOneRecord holds that a limit is that of a record, whatever is remembered and whoever reads it: a rule that stays below it for
// every record is decided, and the first record beyond it is named by all of them.
func TestLimitOfOneRecord(t *testing.T) {
	t.Parallel()
	limitOfOneRecord(t, `_shared := count([1 | some _ in numbers.range(1, 2000)])

default compliant := false

compliant if {
	some x in numbers.range(1, count(input.id) * 100)
	x + _shared < 0
}`)
}

// TestLimitOfOneText holds that of records which a rule can't tell apart, but for what it takes to find that out.
func TestLimitOfOneText(t *testing.T) {
	t.Parallel()
	limitOfOneRecord(t, `default compliant := false

compliant if {
	some _ in numbers.range(1, 100)
	regex.match("^(long|below|u[0-9])+z$", input.id)
}`)
}

func limitOfOneRecord(t *testing.T, rego string) {
	t.Helper()
	cat := load(t, `coverage "entra.users" {
		when_empty = "full"
	}`, rego)
	ids := make([]string, 1_200)
	for i := range ids {
		ids[i] = fmt.Sprintf("u%04d", i)
	}
	for name, test := range map[string]struct {
		id   string
		want engine.Outcome
	}{
		"below":  {"below", engine.NotMet},
		"beyond": {strings.Repeat("long", 50), engine.Errored},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := bundle(t, data{"entra.users": users(append(ids, test.id)...)})
			var first *engine.Assessment
			for _, workers := range []int{1, 2, 8} {
				for _, memo := range []bool{true, false} {
					a := assess(t, cat, b, engine.Options{MaxSteps: 30_000, Workers: workers, DisableMemo: !memo}, engine.AssessOptions{})
					if first == nil {
						first = a
					}
					if diff := cmp.Diff(first, a); diff != "" || a.Actions[0].Outcome != test.want {
						t.Errorf("%d workers, memo %v: %s\n%s", workers, memo, brief(a.Actions[0]), diff)
					}
				}
			}
		})
	}
}
