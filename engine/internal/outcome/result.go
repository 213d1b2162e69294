package outcome

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/scan"
	"github.com/posture-score/posture/internal/score"
)

// Outcome is what came out for one control; package engine documents the words.
type Outcome string

// The outcomes.
const (
	Complete      Outcome = "complete"
	Partial       Outcome = "partial"
	NotMet        Outcome = "not_met"
	NotApplicable Outcome = "not_applicable"
	NoEvidence    Outcome = "no_evidence"
	Errored       Outcome = "error"
)

// Status is what an organization decided about a control, or what the evidence decides; package engine
// documents the words.
type Status string

// The statuses.
const (
	ToAddress           Status = "to_address"
	Planned             Status = "planned"
	RiskAccepted        Status = "risk_accepted"
	ThirdParty          Status = "third_party"
	AlternateMitigation Status = "alternate_mitigation"
	Completed           Status = "completed"
)

// resolves reports whether the status earns the full points whatever the evidence shows.
func (s Status) resolves() bool { return s == ThirdParty || s == AlternateMitigation }

// selectable reports whether an organization can choose the status.
func (s Status) selectable() bool {
	return s == ToAddress || s == Planned || s == RiskAccepted || s.resolves()
}

// Prerequisite is what is needed before a control can be implemented, and whether it is there.
type Prerequisite struct {
	License      string   // what the plans are called together, if the catalog names it
	ServicePlans []string // any one of them
	Control      string
	Met          bool // licenses count as met where the evidence holds none
}

// Result is what an assessment finds out about one control.
type Result struct {
	Control  *catalog.Control
	Outcome  Outcome
	Max      score.Points
	Achieved score.Points
	Reasons  []string
	Everyone bool         // a coverage control was decided for every record at once
	Counts   *scan.Counts // of a coverage control that was assessed by its records
	Fraction json.Number  // as the rule of a graded control returned it
	Missing  []string     // datasets that were missing or failed
	Absent   []Absent     // fields that could change the outcome

	Status        Status
	ByEvidence    score.Points // what it achieves without the effect of its status
	Findings      []string     // about decisions, licenses and exclusions
	Prerequisites []Prerequisite
	Rank          int
	Impact        score.Points // on the score, in percent points, of what is left
}

func newResult(control *catalog.Control, outcome Outcome, reasons ...string) *Result {
	return &Result{Control: control, Outcome: outcome, Max: score.Points(control.Counted()), Reasons: reasons}
}

// award sets points and outcome for a fraction from 0 to 1.
func (r *Result) award(fraction *big.Rat) {
	r.Achieved = score.Fraction(r.Max, fraction)
	switch {
	case fraction.Cmp(big.NewRat(1, 1)) == 0:
		r.Outcome = Complete
	case fraction.Sign() == 0:
		r.Outcome = NotMet
	default:
		r.Outcome = Partial
	}
}

func (r *Result) addReason(format string, args ...any) {
	r.Reasons = append(r.Reasons, fmt.Sprintf(format, args...))
}

func (r *Result) addFinding(format string, args ...any) {
	r.Findings = append(r.Findings, fmt.Sprintf(format, args...))
}

// counts reports whether the control is part of the score.
func (r *Result) counts() bool {
	return r.Outcome != NotApplicable && r.Control.Stage != catalog.StagePreview
}

// left returns what the control can still earn.
func (r *Result) left() score.Points {
	if r.Outcome == NotApplicable {
		return 0
	}
	return r.Max - r.Achieved
}
