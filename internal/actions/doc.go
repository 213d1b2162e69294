// Package actions finds, sorts, groups and explains the recommended actions of an assessment.
//
// It reads an assessment and nothing else: no catalog, no evidence, no register. It recomputes the
// numbers that it explains from their parts, so that an assessment that does not add up is an
// error. It prints nothing.
package actions
