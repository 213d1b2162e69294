package scan

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/bitset"
)

// Observation is one record as the scan meets it: once without a control, and once for each control
// that matches it. Unmatched keys are records, too.
type Observation struct {
	Control   string // empty for the record itself
	Key       string // as the record holds it, or its position if it has none
	Canonical string // the key in canonical form; empty if the record has none
	Label     string // by which people know the record; empty if it has none

	// The fields below are those of a control.

	Input     *ast.Term // what the rule sees; valid during the call
	Unmatched bool      // only joined datasets have a record of the key
	Excluded  bool      // by a decision of the organization
	Stale     bool      // it is too old to count, and the rule is not evaluated
	InScope   bool
	Compliant bool
	Reasons   []string
	Error     string // of the rule
	Untrusted bool   // it counts as failing without the rule, for these reasons
}

// Population is what a scan found of each key of a population: one that a record has, or only a joined dataset. A record without
// a key has no place in it.
type Population struct {
	Dataset  string
	Keys     []uint64 // HashKey of the keys in canonical form, sorted; different
	Controls []MarkedControl
}

// MarkedControl is what a control found of the keys of its population, which the sets refer to. A key of several records is in a
// set if any of them is.
type MarkedControl struct {
	ID       string
	InScope  bitset.Set // without those that are excluded
	Failing  bitset.Set // of those in scope
	Excluded bitset.Set
}
