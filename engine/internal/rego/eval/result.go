package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/limit"
)

// Invariant: a result is checked: a guard is a boolean, a decision is there where it is needed, and reasons are few and short.

// Error is the error of a rule: its evaluation failed, or a decision is undefined or of the wrong type. A canceled context is not an Error.
type Error struct{ Message string }

// Error returns the message, which does not name the rule: the caller knows it.
func (e *Error) Error() string { return e.Message }

func failf(format string, args ...any) error { return &Error{Message: fmt.Sprintf(format, args...)} }

// Result is the value of a rule for an input.
type Result struct {
	Guard    bool      // the value of the guard; true without one
	Decision ast.Value // nil if the guard is false, or if the decision is optional and undefined
	Reasons  []string  // sorted
}

// guardOf converts the value of the guard.
func (r *Rule) guardOf(value ast.Value) (bool, error) {
	if value == nil {
		return false, undefined(r.entrypoints.Guard)
	}
	open, ok := value.(ast.Boolean)
	if !ok {
		return false, failf("%s has to be true or false; it is %s", r.entrypoints.Guard, typeName(value))
	}
	return bool(open), nil
}

// reasonsEntry returns the entry point of the reasons that go with a result: negative if none do.
func (r *Rule) reasonsEntry(a Result) int {
	switch {
	case !a.Guard:
		return r.guardReasons
	case r.entrypoints.Reasons == AlwaysReasons, r.entrypoints.Reasons == FailingReasons && a.Decision == ast.Boolean(false):
		return r.reasons
	}
	return -1
}

// reasonsOf converts the value of the reasons: none if it is undefined.
func (r *Rule) reasonsOf(value ast.Value) ([]string, error) {
	if value == nil {
		return nil, nil
	}
	set, ok := value.(ast.Set)
	if !ok {
		return nil, failf("reasons has to be a set of strings; it is %s", typeName(value))
	}
	if set.Len() > r.limits.Reasons {
		return nil, failf("the rule gave %d reasons, more than the limit of %d", set.Len(), r.limits.Reasons)
	}
	reasons := make([]string, 0, set.Len())
	for _, term := range set.Slice() {
		text, ok := term.Value.(ast.String)
		if !ok {
			return nil, failf("reasons has to be a set of strings; it holds %s", typeName(term.Value))
		}
		if len(text) > r.limits.ReasonSize {
			return nil, failf("the rule gave a reason of %d bytes, more than the limit of %d", len(text), r.limits.ReasonSize)
		}
		reasons = append(reasons, string(text))
	}
	slices.Sort(reasons)
	return reasons, nil
}

// exceeded returns the error of an evaluation that exceeds a limit, with the place of the innermost rule.
func (r *Rule) exceeded(e *limit.Error) error { return &Error{Message: e.At(r.compiler())} }

func undefined(name string) error {
	return failf("%s is undefined for this evidence; give it a default", name)
}

func typeName(value ast.Value) string {
	name := ast.ValueName(value)
	if strings.ContainsRune("aeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}
