package check

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ body, want, problem string }{
		"layout":      {body: "x if{\n  input.a==1 # why\n}", want: "x if {\n\tinput.a == 1 # why\n}"},
		"fixed point": {body: "x if {\n\tinput.a == 1\n}", want: "x if {\n\tinput.a == 1\n}"},
		"order": {
			body:    "x if {\n\tinput.z\n\tinput.a == (input.b > 0)\n}",
			problem: "a.rego:5:2: Not formatted: OPA's formatter would change what it means, as it drops parentheses. Write it in several expressions.",
		},
		"order in every": {
			body:    "x if {\n\tevery y in input.z {\n\t\ty.a == (y.b > 0)\n\t}\n}",
			problem: "a.rego:5:3: Not formatted: ",
		},
		"syntax": {body: "x if {", problem: "a.rego:4:1: Syntax error: "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text, problems := Format(Module{Path: "a.rego", Source: []byte("package policies.a\n\n" + test.body + "\n")})
			if test.problem != "" {
				if len(problems) != 1 || !strings.HasPrefix((&Error{Diagnostics: problems}).Error(), test.problem) {
					t.Errorf("problems are %v, want %s", &Error{Diagnostics: problems}, test.problem)
				}
				return
			}
			if diff := cmp.Diff("package policies.a\n\n"+test.want+"\n", string(text)); diff != "" || problems != nil {
				t.Errorf("%v, text (-want +got):\n%s", problems, diff)
			}
		})
	}
}
