package rules

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/posture-score/posture/engine"
)

// Verdict is the result of one rule. A rule about the tenant is in scope once.
type Verdict struct {
	ID      string
	InScope int64
	Failing int64
}

// Verdicts returns those of an assessment, sorted by id. It fails if a control could not be
// decided: what was measured then is not what was meant.
func Verdicts(assessment *engine.Assessment) ([]Verdict, error) {
	var verdicts []Verdict
	for _, action := range assessment.Actions {
		verdict := Verdict{ID: action.ID, InScope: 1}
		switch {
		case !action.Outcome.Assessed():
			return nil, fmt.Errorf("%s was not decided: %s %q, missing %q", action.ID, action.Outcome, action.Reasons, action.Missing)
		case action.Coverage != nil:
			verdict.InScope = action.Coverage.InScope
			verdict.Failing = action.Coverage.InScope - action.Coverage.Compliant
		case action.Outcome != engine.Complete:
			verdict.Failing = 1
		}
		verdicts = append(verdicts, verdict)
	}
	return verdicts, nil
}

// Write prints verdicts, one a line.
func Write(w io.Writer, verdicts []Verdict) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, v := range verdicts {
		fmt.Fprintf(table, "%s\t%d in scope\t%d failing\n", v.ID, v.InScope, v.Failing)
	}
	return table.Flush()
}
