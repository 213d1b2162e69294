package report

import (
	"strings"

	"github.com/posture-score/posture/internal/score"
)

// result is one outcome of a check or a test: what SARIF and JUnit are made from.
type result struct {
	suite   string // what the result belongs to: a package of tests, a kind of file
	name    string // of what was checked, unique within its suite
	rule    string // a phrase for what is wrong, the same for all results of that sort
	state   state
	message string // what is wrong and how to mend it; several lines at most; empty unless state is failed or warned
	at      place

	// Of an action of an assessment; empty of other results.
	id          string   // of the rule; otherwise it is made from its phrase
	description string   // of the rule
	help        string   // how to comply with the rule
	tags        []string // of the rule, those that matter most first
	severity    string   // of the rule: a number from 0 to 10
	severe      bool
	left        score.Points // that it would earn
	fingerprint string       // the same from run to run
	since       string       // what it was in a baseline: new, updated or unchanged
	suppressed  string       // why it does not count, though it failed
}

// state is what came of a check or a test.
type state string

// The states.
const (
	passed  state = "pass"
	skipped state = "skip"
	warned  state = "warning"
	failed  state = "fail"
	errored state = "error" // it could not be told, since something broke
	noted   state = "note"  // it could not be told, since something is missing
)

// place is where something stands in a source, as far as that is known: lines and columns count from 1, and 0 is unknown.
type place struct {
	file               string
	line, column       int
	endLine, endColumn int
}

// ruleID returns the rule as an identifier: "Unknown dataset" as unknown-dataset.
func (r *result) ruleID() string {
	if r.id != "" {
		return r.id
	}
	return strings.Join(strings.FieldsFunc(strings.ToLower(r.rule), func(r rune) bool { return r < 'a' || r > 'z' }), "-")
}
