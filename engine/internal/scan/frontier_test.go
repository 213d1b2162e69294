package scan

import (
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// TestAppendValue holds that only equal values have equal encodings, in whatever order their members
// are written, and that an encoding is bounded.
func TestAppendValue(t *testing.T) {
	t.Parallel()
	encodings := map[string]string{}
	for _, text := range []string{
		`1`, `1.0`, `"1"`, `""`, `true`, `false`, `null`, `[]`, `{}`, `set()`, `[1]`, `[1.0]`, `[1, 2]`, `[2, 1]`, `{1}`, `{1.0}`, `{1, 2}`,
		`{"a": 1}`, `{"a": 1.0}`, `{"a": [{"b": {1}}]}`, `{"a": [{"b": {1.0}}]}`, `{"b": 1}`, `{1: "a"}`, `{1.0: "a"}`, `{"a": 1, "b": 2}`,
		`["a", "b"]`, `["ab"]`, `["a"]`, `[["a"], "b"]`, `[["a", "b"]]`, `0.25`, `0.5`,
	} {
		encoding := string(appendValue(nil, ast.MustParseTerm(text)))
		if other, taken := encodings[encoding]; taken {
			t.Errorf("%s has the encoding of %s", text, other)
		}
		encodings[encoding] = text
	}
	yes := ast.InternedTerm(true)
	if one, other := appendValue(appendValue(nil, nil), yes), appendValue(appendValue(nil, yes), nil); string(one) == string(other) {
		t.Error("which value is undefined makes no difference")
	}
	if other := appendValue(nil, ast.MustParseTerm(`{"b": 2, "a": 1}`)); encodings[string(other)] != `{"a": 1, "b": 2}` {
		t.Error("the order of members makes a difference")
	}
	for _, long := range []*ast.Term{ast.StringTerm(strings.Repeat("a", 1<<20)), ast.MustParseTerm("[" + strings.Repeat(`"abcdefgh", `, 1000) + "1]")} {
		if n := len(appendValue(nil, long)); n <= maxFrontier || n > 2*maxFrontier {
			t.Errorf("the encoding of a long value has %d bytes", n)
		}
	}
}
