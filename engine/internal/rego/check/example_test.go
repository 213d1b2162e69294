package check_test

import (
	"context"
	"fmt"

	"github.com/posture-score/posture/engine/internal/rego/check"
)

func Example() {
	_, problems := check.Compile(context.Background(), []check.Module{{
		Path:    "entra/mfa.rego",
		Package: "policies.entra.mfa",
		Source: []byte(`package policies.entra.mfa

default compliant := false

compliant if {
	input.isMfaRegisterd == true
	input.userType == "member"
}
`),
		Schema: &check.InputSchema{Input: map[string]any{
			"type": "object",
			"properties": map[string]any{
				"isMfaRegistered": map[string]any{"type": "boolean"},
				"userType":        map[string]any{"type": "string", "enum": []any{"Member", "Guest"}},
			},
		}},
	}})
	for _, p := range problems {
		fmt.Println(p)
	}
	// Output:
	// entra/mfa.rego:6:8: Unknown field "isMfaRegisterd": input has no field "isMfaRegisterd". Did you mean "isMfaRegistered"? Its fields are: "isMfaRegistered", "userType".
	// entra/mfa.rego:7:20: Impossible value "member": input.userType is never "member". Did you mean "Member"? It can be: "Guest", "Member".
}
