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

// TestChoice holds that a frontier is used unless it takes more than twice the steps of the controls that
// it serves, that one worker chooses for all of them, and that what it did not see decides nothing.
func TestChoice(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		frontier, controls cost
		group              int // controls
		off                bool
	}{
		"nothing known":           {group: 1},
		"no frontier":             {controls: cost{10, 1}, group: 1},
		"no control":              {frontier: cost{10, 1}, group: 1},
		"as much as a control":    {frontier: cost{100, 1}, controls: cost{100, 1}, group: 1},
		"twice as much":           {frontier: cost{2000, 10}, controls: cost{300, 3}, group: 1, off: true},
		"twice as much, for two":  {frontier: cost{2000, 10}, controls: cost{300, 3}, group: 2},
		"once for many records":   {frontier: cost{3, 1}, controls: cost{1_000_000, 1_000_000}, group: 1, off: true},
		"a large one, for a few":  {frontier: cost{1 << 40, 1 << 20}, controls: cost{1 << 21, 2}, group: 4},
		"a large one, for as few": {frontier: cost{1 << 44, 1 << 20}, controls: cost{1 << 21, 2}, group: 4, off: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &ruleGroup{controls: make([]*controlScan, test.group)}
			chooses, other := &frontierMemo{group: g, cost: test.frontier, controls: test.controls}, &frontierMemo{group: g}
			chooses.choose()
			if got := other.group.off.Load(); got != test.off {
				t.Errorf("switched off: %v, want %v", got, test.off)
			}
			if test.off {
				if id := other.lookUp(nil); id != noID {
					t.Errorf("a frontier that is off has the id %d", id)
				}
			}
		})
	}
}
