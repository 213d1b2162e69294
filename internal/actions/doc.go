// Package actions finds, sorts, groups and explains the recommended actions of an assessment.
//
// It reads an assessment and nothing else: no catalog, no evidence, no register. It computes the numbers that it explains once
// more from their parts, so that an assessment that does not add up is found out, and it prints nothing.
package actions
