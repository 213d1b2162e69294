package engine_test

import (
	"fmt"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
)

// failuresOf returns all failures that an assessment reports.
func failuresOf(t *testing.T, rego string, people list, options engine.Options) []string {
	t.Helper()
	catalog := load(t, "coverage \"entra.users\" {\n when_empty = \"full\"\n}", rego)
	var told []string
	a := assess(t, catalog, bundle(t, data{"entra.users": people}), options, engine.AssessOptions{Validate: engine.ValidateOff, Failures: func(f engine.Failure) error {
		told = append(told, fmt.Sprintf("%s %s %s %v", f.Control, f.Dataset, f.Key, f.Reasons))
		return nil
	}})
	if failing := a.Actions[0].Failing; failing != nil && failing.Total != int64(len(told)) {
		t.Errorf("%d failing records are counted, and %d told", failing.Total, len(told))
	}
	return told
}

// TestFailures holds that all failing records are reported in the order of the evidence, whichever worker
// reads them; those without a key by their numbers.
func TestFailures(t *testing.T) {
	t.Parallel()
	var people list
	var want []string
	for i := range 3000 {
		person := object{"id": fmt.Sprintf("u%d", i), "accountEnabled": i%3 != 0}
		switch {
		case i%100 == 7:
			delete(person, "id")
			want = append(want, fmt.Sprintf("C entra.users record %d [the record is not what its schema says, or can't be joined]", i+1))
		case i%3 == 0:
			want = append(want, fmt.Sprintf("C entra.users u%d [disabled]", i))
		}
		people = append(people, person)
	}
	const rego = "default compliant := false\n\ncompliant if input.accountEnabled\n\nreasons contains \"disabled\" if not input.accountEnabled\n"
	for _, options := range []engine.Options{{Workers: 1}, engine.Options{Workers: 2}.WithBlockSize(1 << 12), engine.Options{Workers: 8}.WithBlockSize(1000), engine.Options{Workers: 2, DisableMemo: true}.WithBlockSize(1 << 12)} {
		expect.Equalf(t, want, failuresOf(t, rego, people, options), "%d workers, blocks of %d", options.Workers, options.BlockSize())
	}
}

// TestFailuresUpToAnError holds that of a control whose rule fails exactly the failures before that are
// reported.
func TestFailuresUpToAnError(t *testing.T) {
	t.Parallel()
	var people list
	var want []string
	for i := range 4000 {
		name := "x"
		if i == 2500 || i == 3500 {
			name = "boom"
		}
		people = append(people, object{"id": fmt.Sprintf("u%d", i), "accountEnabled": true, "displayName": name})
		if i < 2500 {
			want = append(want, fmt.Sprintf("C entra.users u%d []", i))
		}
	}
	const rego = "default compliant := false\n\ncompliant := to_number(input.displayName) > 1 if input.displayName == \"boom\"\n"
	for _, options := range []engine.Options{{Workers: 1}, engine.Options{Workers: 2}.WithBlockSize(1 << 12), engine.Options{Workers: 8}.WithBlockSize(1 << 12)} {
		expect.Equalf(t, want, failuresOf(t, rego, people, options), "%d workers, blocks of %d", options.Workers, options.BlockSize())
	}
}
