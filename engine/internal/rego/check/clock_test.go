package check_test

import (
	"testing"

	"github.com/posture-score/posture/engine/internal/rego/check"
)

// TestClock tells which rules may read the declared time: by themselves, or by others.
func TestClock(t *testing.T) {
	set, problems := check.Compile(t.Context(), []check.Module{
		{Path: "policies/lib/moments.rego", Package: "policies.lib.moments", Source: []byte(`package policies.lib.moments

passed(text) if time.parse_rfc3339_ns(text) <= time.now_ns()

later(text) if time.parse_rfc3339_ns(text) > data.now

same(a, b) if a == b
`)},
		{Path: "policies/p.rego", Package: "policies.p", Source: []byte(`package policies.p

import data.policies.lib.moments

calls if moments.passed(input.until)

reads if moments.later(input.until)

_indirect if calls

by_another if _indirect

by_else := 1 if {
	input.x
} else := 2 if {
	calls
}

neither if moments.same(input.now, data.parameters.now)

evidence if data.evidence.entra.now == 1
`)},
	})
	for _, problem := range problems {
		t.Fatal(problem)
	}
	for rule, want := range map[string]bool{
		"calls": true, "reads": true, "by_another": true, "by_else": true, "neither": false, "evidence": false, "unknown": false,
	} {
		if got := set.Clock("policies.p", []string{"unknown", rule}); got != want {
			t.Errorf("%s reads the time: %v, want %v", rule, got, want)
		}
	}
}
