package attribution

import (
	"fmt"
	"slices"
)

// addNotes says what the parts do not tell.
func (a *Attribution) addNotes() {
	has := func(cause Cause) bool {
		return slices.ContainsFunc(a.Causes, func(p Part) bool { return p.Cause == cause })
	}
	if has(Configuration) || has(Coverage) {
		a.note("who changed a setting is not in the evidence: actor unknown")
	}
	if slices.ContainsFunc(a.Causes, func(p Part) bool { return p.Detail == detailNoKeys }) {
		a.note("coverage: records without a key, or with the same one, can't be followed from one time to the other")
	}
	if a.Method == FromEvidence {
		return
	}
	if a.Method == FromAssessments && (has(Population) || has(Configuration)) && a.covered() {
		a.note("population and configuration are told apart by counts: records that as many others replaced are not seen")
	}
	if has(Coverage) && a.Method == FromAssessments {
		a.note("coverage: records in scope and their verdicts both changed; compare the evidence of both times to tell them apart")
	}
	if has(Incomparable) {
		a.note("incomparable: the control and the evidence both changed; compare the evidence of both times, with --old-catalog, to tell them apart")
	}
	if a.Old.Engine != a.New.Engine {
		a.note("the assessments were made by different versions of the program: %s and %s", a.Old.Engine, a.New.Engine)
	}
}

func (a *Attribution) note(format string, args ...any) {
	a.Notes = append(a.Notes, fmt.Sprintf(format, args...))
}

// covered reports whether an action that counts records changed.
func (a *Attribution) covered() bool {
	return slices.ContainsFunc(a.Actions, func(c Change) bool { return c.After != nil && c.After.Coverage != nil })
}
