package outcome

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/scan"
)

// Decision is what an organization decided about one control.
type Decision struct {
	Status  Status
	Due     *time.Time
	Expires *time.Time
	Exclude []scan.Exclusion
}

// soon is how long before its end a decision is reported to expire.
const soon = 14 * 24 * time.Hour

// expired reports whether a time has come.
func expired(at *time.Time, now time.Time) bool { return at != nil && !at.After(now) }

// applyDecision sets the status and its effect on points. What the evidence decides takes precedence over
// what the organization decided.
func (r *Result) applyDecision(decision *Decision, now time.Time) {
	r.ByEvidence = r.Achieved
	r.Status = ToAddress
	if r.Outcome == Complete {
		r.Status = Completed
	}
	if decision == nil {
		return
	}
	switch status := decision.Status; {
	case status == "" || status == ToAddress:
	case !status.selectable():
		r.addFinding("the status %q has no effect: it is none that an organization chooses", status)
	case r.Outcome == Complete:
		r.addFinding("the status %s has no effect: the evidence shows that the action is completed", status)
	case r.Outcome == NotApplicable:
		r.addFinding("the status %s has no effect: the action does not apply to this tenant", status)
	case r.Control.Exception != "":
		r.addFinding("the status %s has no effect: exceptions in the evidence decide the status of this action", status)
	case expired(decision.Expires, now):
		r.addFinding("the status %s expired on %s: the action is to address again", status, day(*decision.Expires))
	default:
		r.setStatus(status)
		if at := decision.Expires; expired(at, now.Add(soon)) {
			r.addFinding("the status %s expires in %s", status, days(at.Sub(now)))
		}
		if decision.Due != nil && status == Planned && day(*decision.Due) < day(now) {
			r.addFinding("the action was due on %s", day(*decision.Due))
		}
	}
}

// setStatus sets a status and its effect on points.
func (r *Result) setStatus(status Status) {
	r.Status = status
	if status.resolves() {
		r.Achieved = r.Max
	}
}

// checkExclusions adds findings about exclusions that have ended or soon will. The scan finds those that
// no record has.
func (r *Result) checkExclusions(exclude []scan.Exclusion, now time.Time) {
	switch {
	case len(exclude) > 0 && r.Control.Kind != catalog.KindCoverage:
		r.addFinding("its exclusions have no effect: the control counts no records")
		return
	case len(exclude) > 0 && r.Everyone:
		r.addFinding("its exclusions have no effect: the action was decided for everyone, by policy")
	}
	for _, x := range exclude {
		switch {
		case expired(x.Expires, now):
			r.addFinding("the exclusion of %s expired on %s", x.Key, day(*x.Expires))
		case expired(x.Expires, now.Add(soon)):
			r.addFinding("the exclusion of %s expires in %s", x.Key, days(x.Expires.Sub(now)))
		}
	}
}

func day(at time.Time) string { return at.UTC().Format(time.DateOnly) }

func days(left time.Duration) string {
	count := int((left + 24*time.Hour - 1) / (24 * time.Hour))
	if count == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", count)
}

// UnusedDecisions returns findings about decisions on controls that a catalog does not have, or that are
// deprecated.
func UnusedDecisions(cat *catalog.Catalog, decisions map[string]Decision) []string {
	findings := []string{}
	for _, id := range slices.Sorted(maps.Keys(decisions)) {
		switch control, ok := cat.Control(id); {
		case !ok:
			findings = append(findings, fmt.Sprintf("a decision about %q is unused: the catalog has no such control.%s", id, cat.Suggest(id)))
		case control.Stage == catalog.StageDeprecated:
			instead := "."
			if control.ReplacedBy != "" {
				instead = fmt.Sprintf(", and %q replaces it.", control.ReplacedBy)
			}
			findings = append(findings, fmt.Sprintf("a decision about %q is unused: the control is deprecated%s", id, instead))
		}
	}
	return findings
}
