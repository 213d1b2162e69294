package report

import "strings"

// result is one outcome of a check or a test: what SARIF and JUnit are made from.
type result struct {
	suite   string // what the result belongs to: a package of tests, a kind of file
	name    string // of what was checked, unique within its suite
	rule    string // a phrase for what is wrong, the same for all results of that sort
	state   state
	message string // what is wrong and how to mend it; several lines at most; empty unless state is failed or warned
	at      place
}

// state is what came of a check or a test.
type state string

// The states.
const (
	passed  state = "pass"
	skipped state = "skip"
	warned  state = "warning"
	failed  state = "fail"
)

// place is where something stands in a source, as far as that is known: lines and columns count from 1, and 0 is unknown.
type place struct {
	file               string
	line, column       int
	endLine, endColumn int
}

// ruleID returns the rule as an identifier: "Unknown dataset" as unknown-dataset.
func (r *result) ruleID() string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(r.rule), func(r rune) bool { return r < 'a' || r > 'z' }), "-")
}
