package check_test

import (
	"testing"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestInputs(t *testing.T) {
	modules := []check.Module{
		{Path: "a/x.rego", Package: "policies.a.x", Source: []byte("package policies.a.x\n\ndefault compliant := false\n\ncompliant if input.on == true\n")},
		{Path: "a/x_test.rego", Package: "policies.a.x_test", Source: []byte(`package policies.a.x_test

import data.policies.a.x

_user := {"id": "ada", "on": true}

test_on if x.compliant with input as _user

test_off if {
	some value in [false, null]
	not x.compliant with input as object.union(_user, {"on": value})
		with data.evidence as {"a": {"b": []}}
}

test_parts_are_left_out if not x.compliant with input.on as false

test_without if not x.compliant
`)},
	}
	got := must.Get(check.Inputs(t.Context(), modules))(t)
	user := func(on any) map[string]any { return map[string]any{"id": "ada", "on": on} }
	evidence := map[string]any{"a": map[string]any{"b": []any{}}}
	want := []check.Input{
		{Package: "policies.a.x_test", Test: "test_on", Path: "a/x_test.rego", Row: 7, Input: user(true)},
		{Package: "policies.a.x_test", Test: "test_off", Path: "a/x_test.rego", Row: 11, Input: user(nil), Evidence: evidence},
		{Package: "policies.a.x_test", Test: "test_off", Path: "a/x_test.rego", Row: 11, Input: user(false), Evidence: evidence},
	}
	expect.Equalf(t, want, got, "inputs")
}
