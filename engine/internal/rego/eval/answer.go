package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Invariant: an answer is checked: a guard is a boolean, a decision is there where it was asked for, and reasons are few and short.

// Error is a rule that gave no usable answer: an evaluation that failed, an undefined decision, or one of the wrong type.
// It is the rule's own failure; a canceled context is not an Error.
type Error struct{ Message string }

// Error returns the message, without a place: which rule failed is known to the caller.
func (e *Error) Error() string { return e.Message }

func failf(format string, args ...any) error { return &Error{Message: fmt.Sprintf(format, args...)} }

// Result is what a rule says of an input.
type Result struct {
	Guard    bool      // what the guard says; true without one
	Decision ast.Value // nil if the guard is false, or if the decision is optional and undefined
	Reasons  []string  // sorted
}

// guarded reads what the guard says.
func (r *Rule) guarded(value ast.Value) (bool, error) {
	if value == nil {
		return false, undefined(r.decisions.Guard)
	}
	open, ok := value.(ast.Boolean)
	if !ok {
		return false, failf("%s has to be true or false; it is %s", r.decisions.Guard, typeName(value))
	}
	return bool(open), nil
}

// asked returns the entry point of the reasons that are asked for, given what the guard and the decision say: less than 0 if none are.
func (r *Rule) asked(a Result) int {
	switch {
	case !a.Guard:
		return r.outside
	case r.decisions.Reasons == AlwaysReasons, r.decisions.Reasons == FailingReasons && a.Decision == ast.Boolean(false):
		return r.reasons
	}
	return -1
}

// reasonsIn reads the reasons: none if the rule is undefined.
func (r *Rule) reasonsIn(value ast.Value) ([]string, error) {
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
