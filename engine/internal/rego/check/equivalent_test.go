package check_test

import (
	"testing"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/expect"
)

func TestSame(t *testing.T) {
	const text = `package policies.a

import data.policies.lib.words

default compliant := false

# A comment.
compliant if words.yes(input.answer)
`
	tests := []struct {
		name  string
		other string
		want  bool
	}{
		{"itself", text, true},
		{"comments and layout", "package policies.a\nimport data.policies.lib.words\n# METADATA\n# description: says yes\ndefault compliant := false\ncompliant if {\n  words.yes(input.answer) # or no\n}\n", true},
		{"another package", "package policies.b\nimport data.policies.lib.words\ndefault compliant := false\ncompliant if words.yes(input.answer)\n", true},
		{"another default", "package policies.a\nimport data.policies.lib.words\ndefault compliant := true\ncompliant if words.yes(input.answer)\n", false},
		{"another field", "package policies.a\nimport data.policies.lib.words\ndefault compliant := false\ncompliant if words.yes(input.reply)\n", false},
		{"another import", "package policies.a\nimport data.policies.lib.deeds as words\ndefault compliant := false\ncompliant if words.yes(input.answer)\n", false},
		{"one rule less", "package policies.a\nimport data.policies.lib.words\ndefault compliant := false\n", false},
		{"a constant", "package policies.a\nimport data.policies.lib.words\ndefault compliant := false\ncompliant if words.yes(1)\n", false},
		{"no Rego", "compliant if", false},
		{"nothing", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, got := range []bool{check.EquivalentSource([]byte(text), []byte(test.other)), check.EquivalentSource([]byte(test.other), []byte(text))} {
				expect.Equal(t, test.want, got)
			}
		})
	}
	if check.EquivalentSource([]byte("no Rego"), []byte("no Rego")) {
		t.Error("what can't be parsed is the same as itself")
	}
}
