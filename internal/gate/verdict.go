package gate

import (
	"github.com/posture-score/posture/internal/score"
)

// Verdict is what came of one gate.
type Verdict struct {
	Gate     string   `json:"gate"`         // as the flag is called: "fail-under", "fail-on", "max-age", "require-assessed", "baseline-age"
	Of       string   `json:"of,omitempty"` // the part of the score, or the event; empty for the whole score
	Result   Result   `json:"result"`
	Enforced bool     `json:"enforced"` // a failure of it fails the run
	Message  string   `json:"message"`  // one sentence without a full stop
	Actions  []Action `json:"actions"`  // that the verdict is about, sorted by id; never null
}

// Result is what a verdict says.
type Result string

// The results.
const (
	Met          Result = "met"
	NotMet       Result = "not_met"
	Incomparable Result = "incomparable" // what the gate needs is not there, so that it can't be met
	Warning      Result = "warning"      // to be looked at; it fails nothing
)

// Fails reports whether a gate with this result is not passed.
func (r Result) Fails() bool { return r != Met && r != Warning }

// Action is an action that a verdict is about.
type Action struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Result Result      `json:"result"`
	Reason string      `json:"reason"`
	Points score.Delta `json:"points"` // what it lost since the baseline, at most 0; 0 if that is not known
}

// Failed reports whether the run fails by these verdicts.
func Failed(verdicts []Verdict) bool {
	for _, v := range verdicts {
		if v.Enforced && v.Result.Fails() {
			return true
		}
	}
	return false
}

// Name returns the gate with its part, as in "fail-under identity".
func (v Verdict) Name() string {
	if v.Of == "" {
		return v.Gate
	}
	return v.Gate + " " + v.Of
}
