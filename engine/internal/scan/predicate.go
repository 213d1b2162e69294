package scan

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/dataflow"
	"github.com/posture-score/posture/engine/internal/rego/eval"
)

// Invariant: a predicate holds for a text if the built-in function of that name is true for it.

// predicate is a test of a text, in one environment.
type predicate struct {
	function string
	to       string // the case that the text is converted to before: "lower", "upper" or ""
	other    []byte
	pattern  *regexp.Regexp // the other text as a regular expression
}

// newPredicate returns a predicate; false if it does not tell any texts apart.
func newPredicate(asked dataflow.Predicate, env *eval.Env) (predicate, bool) {
	var other strings.Builder
	for _, part := range asked.Other {
		text, ok := partIn(part, env)
		if !ok {
			return predicate{}, false
		}
		other.WriteString(text)
	}
	p := predicate{function: asked.Function, to: asked.Case, other: []byte(other.String())}
	if asked.Function == "regex.match" {
		var err error
		if p.pattern, err = regexp.Compile(other.String()); err != nil {
			return predicate{}, false
		}
	}
	return p, true
}

// partIn returns the text of a part in an environment; false if it is none.
func partIn(part dataflow.Part, env *eval.Env) (string, bool) {
	if len(part.Path) == 0 {
		return part.Text, true
	}
	at := ast.Value(env.Data())
	for _, name := range part.Path {
		at = field(at, name)
	}
	text, ok := at.(ast.String)
	return string(text), ok
}

// field returns a field of an object; nil if there is none.
func field(v ast.Value, name string) ast.Value {
	object, ok := v.(ast.Object)
	if !ok {
		return nil
	}
	t := object.Get(ast.StringTerm(name))
	if t == nil {
		return nil
	}
	return t.Value
}

// same reports whether two predicates hold for the same texts.
func (p predicate) same(q predicate) bool {
	return p.function == q.function && p.to == q.to && bytes.Equal(p.other, q.other)
}

// holds reports whether the predicate holds for a text.
func (p *predicate) holds(text []byte, buffer *[]byte) bool {
	if p.to != "" {
		*buffer = appendCase((*buffer)[:0], text, p.to == "upper")
		text = *buffer
	}
	switch p.function {
	case "startswith":
		return bytes.HasPrefix(text, p.other)
	case "endswith":
		return bytes.HasSuffix(text, p.other)
	case "contains":
		return bytes.Contains(text, p.other)
	case "lt":
		return bytes.Compare(text, p.other) < 0
	case "lte":
		return bytes.Compare(text, p.other) <= 0
	case "gt":
		return bytes.Compare(text, p.other) > 0
	case "gte":
		return bytes.Compare(text, p.other) >= 0
	}
	return p.pattern.Match(text)
}

// appendCase appends a text in lower or upper case.
func appendCase(buffer, text []byte, upper bool) []byte {
	first, last := byte('A'), byte('Z')
	if upper {
		first, last = 'a', 'z'
	}
	for i, b := range text {
		switch {
		case b >= utf8.RuneSelf && upper:
			return append(buffer[:len(buffer)-i], bytes.ToUpper(text)...)
		case b >= utf8.RuneSelf:
			return append(buffer[:len(buffer)-i], bytes.ToLower(text)...)
		case first <= b && b <= last:
			b ^= 'a' - 'A'
		}
		buffer = append(buffer, b)
	}
	return buffer
}
