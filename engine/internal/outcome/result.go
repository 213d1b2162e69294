package outcome

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"time"

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

// share is a share of points, from 0 to 1.
type share struct {
	part, whole int64
	exact       *big.Rat // instead of part / whole; nil if these are the share
}

func all() share  { return share{part: 1, whole: 1} }
func none() share { return share{part: 0, whole: 1} }

// small bounds the numbers of which products fit into an int64.
const small = 1 << 31

// compare returns -1, 0 or 1, as a share is less than, equal to or greater than another one.
func (s share) compare(other share) int {
	if s.exact == nil && other.exact == nil && max(s.part, s.whole, other.part, other.whole) < small {
		return cmp.Compare(s.part*other.whole, other.part*s.whole)
	}
	return s.rational().Cmp(other.rational())
}

func (s share) rational() *big.Rat {
	if s.exact != nil {
		return s.exact
	}
	return big.NewRat(s.part, s.whole)
}

// of returns what the share earns of some points.
func (s share) of(most score.Points) score.Points {
	if s.exact != nil {
		return score.Fraction(most, s.exact)
	}
	return score.Share(most, s.part, s.whole)
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
	Exception     *Exception   // that sets the status; nil if none does
	Findings      []string     // about decisions, licenses and exclusions
	Prerequisites []Prerequisite
	Rank          int
	Impact        score.Points // on the score, in percent points, of what is left
}

// Exception is why an exception was made, as the evidence has it, by whom and for how long.
type Exception struct {
	Justification string
	Text          string // empty for none
	By            string // empty if it is not known
	Created       *time.Time
	Expires       *time.Time // nil lasts until it is cancelled
}

func newResult(control *catalog.Control, outcome Outcome, reasons ...string) *Result {
	return &Result{Control: control, Outcome: outcome, Max: score.Points(control.Counted()), Reasons: reasons}
}

// award sets points and outcome for a share of the points.
func (r *Result) award(earned share) {
	r.Achieved = earned.of(r.Max)
	switch {
	case earned.compare(all()) == 0:
		r.Outcome = Complete
	case earned.compare(none()) == 0:
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
