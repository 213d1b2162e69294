package catalog

import "github.com/posture-score/posture/engine/internal/rego/check"

// The Rego half of a catalog, for callers: options and reports of its tests.
type (
	// TestOptions says which Rego tests run, and how.
	TestOptions = check.TestOptions
	// TestReport is the result of the Rego tests.
	TestReport = check.Report
	// TestResult is the result of one Rego test.
	TestResult = check.TestResult
	// TestFailure is an expression of a Rego test, or of a rule that it evaluates, that did not
	// hold.
	TestFailure = check.Failure
	// TestInput is the input with which a Rego test evaluates a rule.
	TestInput = check.Input
	// TestCoverage says which lines of the rules the tests reach.
	TestCoverage = check.Coverage
	// FileCoverage is that of one file.
	FileCoverage = check.FileCoverage
)
